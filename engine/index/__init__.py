"""Canned responses by meaning: which templates are near a draft."""
