"""`python -m bot` and `robowire`."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if "run" in sys.argv[1:]:  # told to stop before it listens: nothing has begun
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        from bot.cli import main as cli  # noqa: PLC0415 - takes a second, in which somebody may change their mind
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(cli())


if __name__ == "__main__":
    main()
