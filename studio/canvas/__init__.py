"""Journeys as drawings made of characters: pure layout, a drawing as a value, painted rows."""
