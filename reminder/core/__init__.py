"""Holds the rules: dates, leads, seasons, plans, retries and words.

Pure values and functions: no clock, no I/O, no logging, nothing outside the standard library.
"""
