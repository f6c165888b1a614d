"""What falls due and when, what is decided of it, and why not."""
