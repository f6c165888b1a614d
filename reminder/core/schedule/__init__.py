"""Plans: which messages fall due and when, what is decided of them, and why some are not sent."""
