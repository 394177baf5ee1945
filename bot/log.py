"""Logging: one line an event on stderr, with every secret masked before it can be written."""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")
_TOKENS = re.compile(r"\b(xox[a-z]-|xapp-)[\w-]+|(?<=Bot )[\w.-]{20,}|(?<=Bearer )[\w.-]+")
_QUERY_SECRET = re.compile(r"(?i)([?&](?:key|token|secret|auth|api_?key|password|sig|signature)=)[^&\s]+")


def masked(text: str) -> str:
    """The text with credentials of addresses, chat tokens and secret-looking query values replaced by `***`."""
    text = _USERINFO.sub("***@", text)
    text = _TOKENS.sub("***", text)
    return _QUERY_SECRET.sub(r"\1***", text)


class _Masking(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # a title or an address with a line break in it must not forge a log line
        return masked(super().format(record)).replace("\r", " ").replace("\n", "\n  ")


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what sys.stderr is at the moment: a prompt puts itself in its place, so that lines appear above it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def setup(level: str = "info") -> None:
    """Log to stderr from `level` (debug, info, warning, error) on."""
    handler = _Stderr()
    handler.setFormatter(_Masking("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("apscheduler", "asyncio", "aiohttp"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def logger(name: str) -> logging.Logger:
    """The logger of one room: `logger(__name__)`."""
    return logging.getLogger(name.replace("bot.", "robowire."))
