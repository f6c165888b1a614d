"""The words of messages, and their escaped forms."""
