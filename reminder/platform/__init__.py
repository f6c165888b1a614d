"""Everything that knows the machine: clock, places, locks, logs, systemd."""
