"""Announcements: the article in a web page, the reading of it, and the second reader."""
