"""What Slack's answers mean, whose requests are Slack's own, how fast we may post: all without a connection."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from urllib.parse import parse_qs

from bot.errors import ChatError, Gone, NeverAgain, Revoked, TryAgain

GONE = frozenset(
    (
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "no_permission",
        "access_denied",
        "team_not_found",
        "team_access_not_granted",
        "enterprise_is_restricted",
        "ekm_access_denied",
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "users_not_found",
        "cannot_dm_bot",
        "messages_tab_disabled",
    )
)
"""Errors after which posting there again is useless. https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

REVOKED = frozenset({"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"})
"""Errors of the token, not of a place: all is well again with a new one, or once the app is installed again."""

UNSURE = frozenset({"internal_error", "fatal_error"})
"""Slack says of these that part of the operation may have succeeded."""

UNREADABLE = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
"""Slack does not take the message as it is, a picture that it cannot fetch for one; in simpler words it may."""

LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
"""The message to be edited is gone, or may not be changed any more.
https://docs.slack.dev/reference/methods/chat.update#errors"""

NO_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message"})
"""There is nothing to answer under; it can be said in the channel."""

_PASSING = frozenset(
    {"service_unavailable", "request_timeout", "team_added_to_org", "org_login_required", "accesslimited"}
)

_PATIENCE, _LATER, _SOON, _AGE = 30.0, 60.0, 5.0, 300
_RENEWED = 300.0  # seconds after which it is worth a call to see whether a refused token is taken again
_WORKSPACE = 15.0  # seconds of a Retry-After that is not about a channel
_LONGEST_TIMESTAMP = 12
_FORMS = frozenset({"payload", "command", "ssl_check"})
_OBJECTS = ("event",)  # of an envelope, what is an object if it is there


def failure(code: str, status: int, after: float | None) -> ChatError:
    """What an answer means that is not "ok": the error of Slack, the HTTP status, the seconds of Retry-After.

    TryAgain if it was surely not posted (Revoked if the token was refused), NeverAgain if the place is gone; a plain
    ChatError if it may have been posted.
    """
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return TryAgain("Slack asks for patience", _PATIENCE if after is None else after)
    if code in REVOKED:
        return Revoked(f"Slack refuses SLACK_BOT_TOKEN: {code}", _RENEWED)
    if code in GONE:
        return NeverAgain(f"Slack says {code}")
    if status == 503 and after is not None:
        return TryAgain("Slack is away for a moment", after)
    if code in UNSURE or status >= 500 or (not code and status < 300):
        return ChatError(f"Slack answers {code or status}: it may have been posted")
    return TryAgain(f"Slack says {code or status}", _LATER)


def edit_failure(code: str, status: int, after: float | None) -> ChatError:
    """The same of an edit, which is never ambiguous: it can be done again. Gone if it never will be possible."""
    if code in LOST:
        return Gone(f"Slack says {code}")
    found = failure(code, status, after)
    if isinstance(found, NeverAgain | Revoked):
        return found
    if not isinstance(found, TryAgain):
        return TryAgain(str(found), _SOON)
    final = code and status < 300 and code not in _PASSING and code not in ("ratelimited", "rate_limited")
    return Gone(str(found)) if final else found


def seconds(text: str | None) -> float | None:
    """A Retry-After in seconds; None if there is none that can be read."""
    try:
        return max(float(text), 0.0) if text else None
    except ValueError:
        return None


def signed(secret: str, timestamp: str, body: bytes, signature: str, now: float) -> bool:
    """Whether a request is Slack's own, and of the last five minutes.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    if not secret or abs(now - int(timestamp)) > _AGE:
        return False
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={digest}".encode(), signature.encode("utf-8", "replace"))


def readable(content_type: str, body: bytes) -> bool:
    """Whether a request is one of the two kinds that Slack sends: an event in JSON, or a form, perhaps with JSON in `payload`.

    https://docs.slack.dev/apis/events-api/using-http-request-urls
    """
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            said = json.loads(body)
            return isinstance(said, dict) and all(isinstance(said.get(name, {}), dict) for name in _OBJECTS)
        if kind != "application/x-www-form-urlencoded":
            return False
        form = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=100)
        payloads = form.get("payload", ())
        return all(isinstance(json.loads(one), dict) for one in payloads) and not _FORMS.isdisjoint(form)
    except (ValueError, RecursionError):
        return False


class Pace:
    """How fast we may post: one message a second to each channel, and nothing while Slack asks for patience.

    Slack has a limit for each channel, which is over in seconds, and one for the whole workspace, and does not say which one
    it means: a short Retry-After holds its channel alone, so that no other waits for it; a long one, or a second channel
    that is held, holds them all. `clock` gives seconds. https://docs.slack.dev/apis/web-api/rate-limits
    """

    def __init__(self, clock: Callable[[], float], gap: float = 1.0) -> None:
        self._clock, self._gap = clock, gap
        self._next: OrderedDict[str, float] = OrderedDict()
        self._held: dict[str, float] = {}
        self._all_held = 0.0

    def hold(self, channel: str, seconds: float) -> None:
        """Post nothing to this channel, or to any, for so long."""
        now = self._clock()
        self._held = {name: until for name, until in self._held.items() if until > now}
        if seconds >= _WORKSPACE or any(name != channel for name in self._held):
            self._all_held = max(self._all_held, now + seconds)
        self._held[channel] = max(self._held.get(channel, 0.0), now + seconds)

    def held(self, channel: str) -> float:
        """The seconds for which nothing may be posted to this channel."""
        return max(self._all_held - self._clock(), self._held.get(channel, 0.0) - self._clock(), 0.0)

    def wait(self, channel: str) -> float:
        """The seconds to wait before posting to this channel."""
        return max(self._next.get(channel, 0.0) - self._clock(), 0.0)

    def take(self, channel: str) -> float:
        """Take the next turn in this channel; answers the seconds until then."""
        wait = self.wait(channel)
        self._next[channel] = self._clock() + wait + self._gap
        self._next.move_to_end(channel)
        while self._next and next(iter(self._next.values())) <= self._clock():
            self._next.popitem(last=False)
        return wait


class Once:
    """Remembers the last `size` keys, to do a thing once that is asked for again."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._keys: OrderedDict[Hashable, None] = OrderedDict()

    def first(self, key: Hashable) -> bool:
        """Whether the key was not seen before; an empty one never was."""
        if not key:
            return True
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > self._size:
            self._keys.popitem(last=False)
        return True
