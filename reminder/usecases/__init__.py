"""Does what a person can ask for, given a transaction, who and now: values in, values out."""
