"""The frozen values that everything speaks in."""
