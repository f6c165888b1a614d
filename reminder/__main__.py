"""`python -m reminder` is the command."""

from reminder.cli.main import main

main()
