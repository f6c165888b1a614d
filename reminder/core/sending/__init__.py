"""When a failure is tried again, when a channel is broken, and when not to send."""
