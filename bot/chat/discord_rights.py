"""Who may do what on Discord, what the bot needs where it posts, and what Discord's refusals mean. Pure.

Bits: https://discord.com/developers/docs/topics/permissions; codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.command import Rights
from bot.errors import ChatError, Gone, NeverAgain, Revoked, TryAgain
from bot.model import Person, Place, is_own

ADMINISTRATOR = 1 << 3
MANAGE_GUILD = 1 << 5
NEEDED = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
}
"""What posting takes, by the names that people see in Discord's settings."""

THREADS = {
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
}
"""What following a story in a thread takes."""

_NO_MESSAGE, _NO_CHANNEL, _NO_GUILD, _NO_USER = 10008, 10003, 10004, 10013
_NOT_OURS = 50005
_MODERATED = frozenset({200000, 200001, 240000})
_NO_THREADS_HERE, _NOT_TEXT, _THREAD_EXISTS = 50024, 50008, 160004
_ARCHIVED, _LOCKED, _NO_QUOTING = 50083, 160005, 160002
_TOO_MANY_EDITS = 30046  # of messages that are older than an hour
# Missing access, cannot message this user, missing permissions, no recipient, thread is locked.
_GONE = frozenset({_NO_CHANNEL, _NO_GUILD, _NO_USER, 50001, 50007, 50013, 50033, _LOCKED})
_NOT_OF_FORM = frozenset({_NOT_TEXT, _NO_THREADS_HERE, _THREAD_EXISTS, _ARCHIVED, _NO_QUOTING, _TOO_MANY_EDITS, *_GONE})
_SOON, _RENEWED = 5.0, 300.0


def person_of(guild: int | None, user: int) -> Person:
    """Who asks. In direct messages there is no server, and the part of it is empty."""
    return Person(f"discord:{guild or ''}/{user}")


def place_of(guild: int, channel: int | str) -> Place:
    """A channel, forum or thread of a server."""
    return Place(f"discord:{guild}/{channel}")


def channel_of(place: Place) -> str:
    """The id of a place's channel, or of the user of somebody's own place."""
    rest = place.partition(":")[2]
    return rest.partition("@")[2] if is_own(place) else rest.rpartition("/")[2]


def rights(permissions: int) -> Rights:
    """Who may manage the server manages what its channels get; there are no guests."""
    return "manager" if permissions & (ADMINISTRATOR | MANAGE_GUILD) else "member"


def sees(permissions: int) -> bool:
    """Whether a channel is shown to somebody with these permissions in it."""
    return bool(permissions & (ADMINISTRATOR | NEEDED["View Channels"]))


def missing(permissions: int, thread: bool) -> list[str]:
    """The permissions that the bot lacks for posting and for threads, by their names in Discord's settings."""
    if permissions & ADMINISTRATOR:
        return []
    needed = {**NEEDED, **THREADS}
    if thread:  # inside a thread it is another permission that lets one speak, and there are no threads in it
        needed = {name: bit for name, bit in needed.items() if name not in ("Send Messages", "Create Public Threads")}
    return [name for name, bit in needed.items() if not permissions & bit]


def lacking(names: Sequence[str]) -> str:
    """What to say where the bot may not post."""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    plural = "s" * (len(names) != 1)
    return (
        f"I may not post there: the permission{plural} {listed} {'are' if plural else 'is'} missing. "
        "Give it to my role in the channel's settings, then try again."
    )


def refusal(status: int, code: int, after: float | None) -> ChatError:
    """What a refused request means: TryAgain if nothing was posted and it may be later, NeverAgain if the place is gone.

    Revoked if it is the token that Discord does not accept any more.
    `code` is Discord's own, 0 for none; `after` is seconds of Retry-After. An answer that leaves open whether something
    was posted is a plain ChatError: Discord refuses the repetition of a nonce, so posting it again is safe.
    """
    told = f"Discord answered {status}" + (f" (code {code})" if code else "")
    if code in _GONE or (status in (403, 404) and code not in (0, _NO_MESSAGE, _NOT_OURS)):
        return NeverAgain(told)
    if status == 401:
        return Revoked("Discord refuses DISCORD_TOKEN", _RENEWED)
    if status >= 500 and status != 503:
        return ChatError(told)
    usual = {429: 60.0, 503: 5.0}.get(status, 300.0)  # 503 says that nothing was done
    return TryAgain(told, usual if after is None else after)


def edit_refusal(status: int, code: int, after: float | None, elsewhere: bool) -> ChatError:
    """The same of an edit, which can always be done again. Gone if the message is, or cannot be changed any more.

    `elsewhere`: it is not in its place's own channel but in a thread, a post of a forum, direct messages; that those are
    closed says nothing of the place.
    """
    if code in (_NO_MESSAGE, _NOT_OURS, _ARCHIVED, _LOCKED) or (elsewhere and code in _GONE):
        return Gone(f"Discord answered {status} (code {code})")
    found = refusal(status, code, after)
    return found if isinstance(found, TryAgain | NeverAgain) else TryAgain(str(found), _SOON)


def is_distasteful(status: int, code: int) -> bool:
    """Whether it was this message that was refused, not the place: its form, or, by moderation, its words or links."""
    return code in _MODERATED or (status == 400 and code not in _NOT_OF_FORM)


def is_thread_closed(code: int) -> bool:
    """Whether the thread that was posted to is deleted or closed, or the bot may not speak in it; its place may be well."""
    return code in (_NO_CHANNEL, _LOCKED, _ARCHIVED, 50001, 50013)


def is_archived(code: int) -> bool:
    """Whether a thread was closed for its age: nothing in it can be changed until it is opened again."""
    return code == _ARCHIVED


def may_not_quote(code: int) -> bool:
    """Whether only the quoting was refused: it takes the permission Read Message History."""
    return code == _NO_QUOTING


def is_forum_refusal(code: int) -> bool:
    """Whether a channel refused a message because it takes posts with titles only."""
    return code == _NOT_TEXT


def has_thread(code: int) -> bool:
    """Whether no thread was made because the message has one."""
    return code == _THREAD_EXISTS


def takes_no_thread(code: int) -> bool:
    """Whether a channel has no threads (it is one itself) or the bot may not make any: a plain answer will do."""
    return code in (_NO_THREADS_HERE, _NO_MESSAGE, 50001, 50013, _LOCKED, 160006)
