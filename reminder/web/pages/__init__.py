"""The pages, each in a file that bears its name."""
