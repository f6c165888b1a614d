"""Turns what sources say into the dates that count."""
