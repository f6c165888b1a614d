"""`python -m reminder` is the command."""

import gc
import signal


def start() -> None:
    """Load the program and run it. Ctrl-C while it loads ends it without a word."""
    # What is loaded stays, and to look it over for garbage takes a tenth of the time of a look. The registry begins
    # collecting again once it has loaded the command.
    gc.disable()
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # else it is ignored, as in the background of a script
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from reminder.cli.main import main

    signal.signal(signal.SIGINT, usual)
    main()


if __name__ == "__main__":
    start()
