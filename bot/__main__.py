"""`python -m bot` and the console script `banso`."""

from __future__ import annotations

import signal


def main() -> None:
    """Import what there is and do what was typed. Ctrl-C during the imports, some seconds on a slow machine, just ends the
    process: there is nothing yet to close, and a traceback would tell nobody anything."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # not when we run in the background of a shell, which ignores it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bot import cli

    signal.signal(signal.SIGINT, usual)
    cli.main()


if __name__ == "__main__":
    main()
