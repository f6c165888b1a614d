"""Runs the service: built from a config, started, ticking, reloaded, drained, watched."""
