"""The user's own words, and the Jinja that they are allowed."""
