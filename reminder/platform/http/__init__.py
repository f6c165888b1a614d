"""Connections over HTTP that stay open, by urllib3's own classes: for messages sent and sources read."""
