"""Reads, compares and repeats dates that know their precision, and puts them on a person's clock."""
