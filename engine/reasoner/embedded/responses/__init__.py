"""Which canned response says a draft, and how well."""
