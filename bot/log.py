"""Logging: one line an event on stderr, with every secret masked before it can be written."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import TextIO

# To the last @ before the path: a password may hold one too. Without a scheme only what has a colon is a login.
_USERINFO = re.compile(r"(?<=://)[^/\s\"]*@|(?<![\w/.])[^\s/:@\"'`(]{1,200}:[^\s/@\"]{1,200}@")
_TOKENS = re.compile(
    r"\b(?:xox[a-z]-|xapp-)[\w-]+"
    r"|\bsk-[\w-]{16,}"
    r"|\b[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,}"  # a Discord token; its parts are base64
    r"|(?<=Bot )[\w.-]{20,}|(?<=Bearer )[\w.-]+|(?<=Basic )[\w+/=]{4,}"
    r"|(?<=hooks\.slack\.com/)[\w/-]+|(?<=webhooks/)\d+/[\w.-]{20,}|(?<=interactions/)\d+/[\w.-]{20,}"
)
# A name that ends in one of these: `access_token`, `apikey`; not `keyword` or `author`.
_QUERY_SECRET = re.compile(
    r"(?i)([?&;#][\w.\[\]-]*?(?:key|token|secret|auth|passw(?:or)?d|pass|pwd|sig|signature|credentials?|jwt|session)=)[^&;#\s\"]+"
)

# Libraries that show whole requests, or sessions, at lower levels.
_FLOORS = {
    **dict.fromkeys(("apscheduler", "asyncio", "aiohttp", "slack_sdk", "slack_bolt"), logging.WARNING),
    "discord": logging.INFO,
    "discord.gateway": logging.WARNING,
    "robowire.chat.slack_app.socket": logging.INFO,
}

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

_known: set[str] = set()


def guard(secrets: Iterable[str]) -> None:
    """From now on these values are masked wherever they stand; those of less than eight characters are no secrets."""
    _known.update(secret for secret in secrets if len(secret) >= 8)


def masked(text: str) -> str:
    """The text with credentials of addresses, chat tokens and secret-looking query values replaced by `***`."""
    for secret in _known:
        text = text.replace(secret, "***")
    text = _USERINFO.sub("***@", text)
    text = _TOKENS.sub("***", text)
    return _QUERY_SECRET.sub(r"\1***", text)


def without_secrets(address: str) -> str:
    """An address that can be handed out: without its login and secret-looking query values."""
    return _EMPTY_LOGIN.sub("", masked(address)).replace("=***", "=")


_EMPTY_LOGIN = re.compile(r"(?<=://)\*\*\*@")


class _Masking(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # a title or an address with a line break in it must not forge a log line, nor steer a terminal
        return _CONTROLS.sub(" ", masked(super().format(record))).replace("\n", "\n  ")


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
    chosen = logging.getLogger().level
    for noisy, floor in _FLOORS.items():
        logging.getLogger(noisy).setLevel(max(floor, chosen))


def logger(name: str) -> logging.Logger:
    """The logger of one room: `logger(__name__)`."""
    return logging.getLogger(name.replace("bot.", "robowire."))
