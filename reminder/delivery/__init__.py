"""Records, decides, claims and sends: one pass over what is due, once, for one `now`."""
