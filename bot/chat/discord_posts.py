"""Posting and editing on Discord: what is asked of it, in which order, and what its refusals lead to.

Knows Discord's paths and codes and not discord.py: the shell carries the requests (`Ask`).
https://discord.com/developers/docs/resources/message, .../topics/threads
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.chat import discord_rights as means
from bot.chat.discord_buttons import key
from bot.chat.discord_embeds import headline, plain_payload, render
from bot.chat.discord_talk import Talk
from bot.chat.discord_text import cut, unescaped
from bot.chat.last_said import LastSaid
from bot.errors import ChatError, Gone, TryAgain
from bot.log import logger
from bot.message import Message
from bot.model import MessageRef, Place, is_own

log = logger(__name__)

_NONCE, _THREAD_NAME = 25, 100
_TIMEOUT = 60.0  # of one post with all its attempts; shorter than the deliverer's lease
_SOON = 5.0
_KNOWN = 5_000
_REFUSED_TEXT = "Discord did not take the text of a story that was due here; `news` shows the latest."


class Refused(Exception):
    """Discord refused a request: HTTP status, its own code (0: none), seconds of Retry-After if it said so, its words."""

    def __init__(self, status: int, code: int, after: float | None = None, words: str = "") -> None:
        super().__init__(f"{status} (code {code}): {words}")
        self.status, self.code, self.after, self.words = status, code, after, words


class Ask(Protocol):
    """Carries one request. Raises Refused; TryAgain if surely nothing was done; ChatError if that is open."""

    async def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None, **ids: str) -> Any:
        """`path` has the names of `ids` in braces: Discord's rate limits go by them. Answers Discord's JSON."""


@dataclass(frozen=True, slots=True)
class _Saying:
    """What is to be said at a place: the message, its body, and the nonce."""

    place: Place
    message: Message
    payload: dict[str, Any]
    nonce: str


class Posts:
    """The port `Chat` but for `find`. `forum` answers the tag that posts in a forum need ("": none), None for other channels.

    A message is known by `CHANNEL/MESSAGE`: one in a forum, a thread or direct messages is not in its place's own channel.
    """

    def __init__(self, ask: Ask, talk: Talk, forum: Callable[[str], str | None]) -> None:
        self._ask, self._talk, self._forum = ask, talk, forum
        self._directs: OrderedDict[str, str] = OrderedDict()
        self._headlines: OrderedDict[str, str] = OrderedDict()
        self._said = LastSaid()

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None) -> MessageRef:
        """As bot.ports.Chat: a message, or in a forum a post of its own; under another message in a thread begun once."""
        rendered = render(message)
        await self._talk.keep(rendered.kept)
        saying = _Saying(place, message, rendered.payload, nonce if len(nonce) <= _NONCE else key(nonce))
        try:
            async with asyncio.timeout(_TIMEOUT):
                ref = await self._post(saying, thread)
        except Refused as error:
            raise means.refusal(error.status, error.code, error.after) from error
        except TimeoutError as error:
            raise ChatError("Discord's answer was lost") from error
        _note(self._headlines, ref.id, headline(message))
        self._said.note(ref.id, rendered.payload)
        return ref

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """As bot.ports.Chat. A post that was closed for its age is opened for it; nothing is sent if nothing changes."""
        rendered = render(message)
        if self._said.says(ref.id, rendered.payload):
            return
        await self._talk.keep(rendered.kept)
        self._said.forget(ref.id)
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._change(ref, rendered.payload)
        except Refused as error:
            if not means.is_distasteful(error.status, error.code):
                raise self._unchanged(ref, error) from error
            log.warning("Discord does not take an edit, the message stays as it was: %s", error)
        except (TryAgain, Gone):
            raise
        except (ChatError, TimeoutError) as error:
            raise TryAgain("Discord's answer was lost", _SOON) from error
        _note(self._headlines, ref.id, headline(message))
        self._said.note(ref.id, rendered.payload)

    # -- editing -----------------------------------------------------------------------------------------------------

    async def _change(self, ref: MessageRef, payload: Mapping[str, Any]) -> None:
        channel, _, number = ref.id.partition("/")
        path = "/channels/{channel_id}/messages/{message_id}"
        try:
            await self._ask("PATCH", path, payload, channel_id=channel, message_id=number)
        except Refused as error:
            if not means.is_archived(error.code):
                raise
            await self._ask("PATCH", "/channels/{channel_id}", {"archived": False}, channel_id=channel)
            await self._ask("PATCH", path, payload, channel_id=channel, message_id=number)

    def _unchanged(self, ref: MessageRef, error: Refused) -> ChatError:
        """Only where the message is in its place's own channel does a closed channel mean that the place is."""
        elsewhere = ref.id.partition("/")[0] != means.channel_of(ref.place)
        return means.edit_refusal(error.status, error.code, error.after, elsewhere)

    # -- posting -----------------------------------------------------------------------------------------------------

    async def _post(self, saying: _Saying, thread: MessageRef | None) -> MessageRef:
        name = means.channel_of(saying.place)
        home = await self._direct(name) if is_own(saying.place) else name
        if thread is None:
            return await self._post_at_home(saying, home)
        channel, _, number = thread.id.partition("/")
        target, quoted = await self._under(saying, home, channel, number)
        try:
            return await self._send(saying, target, quoted)
        except Refused as error:
            if target == home or not means.is_thread_closed(error.code):
                raise
        return await self._post_at_home(saying, home, number if channel == home else "")

    async def _post_at_home(self, saying: _Saying, home: str, quoted: str = "") -> MessageRef:
        if self._forum(home) is None:
            try:
                return await self._send(saying, home, quoted)
            except Refused as error:
                if not means.is_forum_refusal(error.code):
                    raise
        return await self._begin_post(saying, home)

    async def _under(self, saying: _Saying, home: str, channel: str, number: str) -> tuple[str, str]:
        """Where an answer to a message goes: the channel, and the message that it quotes if that is not clear ("": it is)."""
        if is_own(saying.place) or channel not in (home, number):
            return channel, number  # direct messages and threads have no threads
        if channel == number:
            return channel, ""  # the first message of a post in a forum
        name = self._headlines.get(f"{channel}/{number}") or await self._read_headline(channel, number)
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        named = {"name": cut(name or headline(saying.message), _THREAD_NAME)}
        try:
            await self._ask("POST", path, named, channel_id=channel, message_id=number)
        except Refused as error:
            if means.takes_no_thread(error.code):
                return channel, number
            if not means.has_thread(error.code):
                raise
        return number, ""  # a thread has the id of the message that it began with

    async def _read_headline(self, channel: str, number: str) -> str:
        """That of a message of an earlier life of this process, where we may read it; else ""."""
        path = "/channels/{channel_id}/messages/{message_id}"
        try:
            found = await self._ask("GET", path, channel_id=channel, message_id=number)
        except Refused:
            return ""
        return next((unescaped(str(one.get("title") or "")) for one in found.get("embeds") or ()), "")

    async def _send(self, saying: _Saying, channel: str, quoted: str = "") -> MessageRef:
        def whole(body: dict[str, Any]) -> dict[str, Any]:
            body = body | {"nonce": saying.nonce, "enforce_nonce": True}
            reference = {"message_id": quoted, "fail_if_not_exists": False}
            return body | ({"message_reference": reference} if quoted else {})

        try:
            posted = await self._say("/channels/{channel_id}/messages", channel, saying, whole)
        except Refused as error:
            if not (quoted and means.may_not_quote(error.code)):
                raise
            return await self._send(saying, channel)
        return MessageRef(saying.place, f"{channel}/{posted['id']}")

    async def _begin_post(self, saying: _Saying, forum: str) -> MessageRef:
        head: dict[str, Any] = {"name": cut(headline(saying.message), _THREAD_NAME)}
        if tag := self._forum(forum):
            head["applied_tags"] = [tag]
        path = "/channels/{channel_id}/threads"
        begun = await self._say(path, forum, saying, lambda body: head | {"message": body})
        return MessageRef(saying.place, f"{begun['id']}/{begun['id']}")

    async def _say(
        self, path: str, channel: str, saying: _Saying, whole: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Any:
        """The message as it was made; where Discord does not take it, its plain text; at last, that there was one.

        So one message that moderation or a new rule refuses does not hold up all that wait behind it.
        """
        for body in (saying.payload, plain_payload(saying.message.text)):
            try:
                return await self._ask("POST", path, whole(body), channel_id=channel)
            except Refused as error:
                if not means.is_distasteful(error.status, error.code):
                    raise
                log.warning("Discord refused a message in this form: %s", error)
        return await self._ask("POST", path, whole(plain_payload(_REFUSED_TEXT)), channel_id=channel)

    async def _direct(self, user: str) -> str:
        """The channel of somebody's direct messages."""
        if user not in self._directs:
            opened = await self._ask("POST", "/users/@me/channels", {"recipient_id": user})
            _note(self._directs, user, str(opened["id"]))
        return self._directs[user]


def _note(notes: OrderedDict[str, str], name: str, value: str) -> None:
    """Remember for a while: the oldest goes where there are too many."""
    notes[name] = value
    if len(notes) > _KNOWN:
        notes.popitem(last=False)
