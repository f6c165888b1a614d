"""Applies the user's own words, in the Jinja that they are allowed."""
