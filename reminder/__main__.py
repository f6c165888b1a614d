"""`python -m reminder` is the command."""

import gc
import signal
import sys


def start() -> None:
    """Load the program and run it. Ctrl-C while it loads ends it without a word."""
    # What is loaded stays, and to look it over for garbage takes a tenth of the time of a look. The registry begins
    # collecting again once it has loaded the command.
    gc.disable()
    if "--quick" in sys.argv[1:]:
        from reminder.cli.quick_health import asked_quickly

        status = asked_quickly(sys.argv[1:])
        if status is not None:
            raise SystemExit(status)
    if "run" in sys.argv[1:] and "--once" not in sys.argv[1:]:
        # Whoever asks for the config to be read again while the daemon loads is heard once it listens.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # else it is ignored, as in the background of a script
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from reminder.cli.main import main

    signal.signal(signal.SIGINT, usual)
    main()


if __name__ == "__main__":
    start()
