"""From what sources say to the dates that count."""
