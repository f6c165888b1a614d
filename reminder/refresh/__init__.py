"""Asks the sources for dates beside the sweeps, and notes what changed."""
