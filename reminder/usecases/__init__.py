"""What a person can do, given a transaction, who and now: values in, values out."""
