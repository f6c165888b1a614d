"""Reminds people of release dates: days before, and on the day, once, at their own hour."""
