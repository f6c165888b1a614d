"""Record, decide, claim and send: one pass over what is due, once, for one `now`."""
