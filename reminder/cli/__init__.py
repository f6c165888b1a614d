"""The command: one file for each group of commands. They parse, call and print; nothing else."""
