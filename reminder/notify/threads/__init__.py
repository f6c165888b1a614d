"""Threads that send, and the watchdog that ends what hangs."""
