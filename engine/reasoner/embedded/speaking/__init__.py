"""Drafts: what designers write, put into sentences to the customer."""
