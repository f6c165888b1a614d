"""Dates that know their precision: read, compared, repeated, and put on a person's clock."""
