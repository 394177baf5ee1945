"""`python -m bot` and `robowire`."""

from __future__ import annotations

import os
import sys

from bot.cli import main as cli


def main() -> None:
    """Run the command line and exit with its code."""
    _open_standard_streams()
    sys.exit(cli())


def _open_standard_streams() -> None:
    """Put /dev/null where a standard stream was closed: the next file opened would be taken for it (uvloop aborts)."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


if __name__ == "__main__":
    main()
