"""Knows the machine: clock, places, locks, logs, systemd."""
