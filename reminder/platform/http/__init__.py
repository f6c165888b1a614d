"""Connections over HTTP that stay open, by urllib3's own classes: for messages that are sent and sources that are read."""
