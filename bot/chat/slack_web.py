"""Calls of Slack's Web API and of response_urls, and what their failures mean to the bot."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.chat import slack_blocks, slack_views
from bot.chat.last_said import LastSaid
from bot.chat.slack_blocks import Block
from bot.chat.slack_wire import GONE, NO_THREAD, UNREADABLE, Pace, edit_failure, failure, seconds
from bot.command import Rights
from bot.errors import ChatError, NeverAgain, Revoked, RobowireError, TryAgain
from bot.log import logger
from bot.model import Place

log = logger(__name__)

LOST_CALL = (aiohttp.ClientError, TimeoutError, OSError)
"""What a call raises that got no answer."""

_TIMEOUT = 20  # seconds of one call; two and the longest wait for a turn stay below the lease of a delivery
_LONGEST_WAIT = 20.0
_NO_CONNECTION = 5.0
_RETRY = 0.1
_REFUSED = 300.0
_HISTORY, _REPLIES = 200, 999
_RIGHTS_AGE = 300.0
_CACHED = 10_000
_CLOSED = "I cannot post in that channel: write `/invite @Robowire` there first, then say this again."
_ARCHIVED = "That channel is archived: nothing can be posted there."
_NO_UNFURL = {"unfurl_links": False, "unfurl_media": False}


@dataclass(frozen=True, slots=True)
class Me:
    """Who the token belongs to; `scopes` None if Slack did not say."""

    team: str
    user: str
    bot: str
    scopes: frozenset[str] | None


class Web:
    """Calls of the Web API and of response_urls; satisfies `slack_talk.Calls`.

    `clock` gives seconds. Whatever goes wrong becomes one of our errors, or, in an answer, a line in the log.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        managers: Sequence[str],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._api_url, self._managers, self._clock, self._sleep = api_url, managers, clock, sleep
        self._posting, self._reading = self.client(token), self.client(token)
        self._posting.retry_handlers = []  # a post whose reply was dropped must not be repeated
        self._reading.retry_handlers = [AsyncConnectionErrorRetryHandler(1, FixedValueRetryIntervalCalculator(_RETRY))]
        self._pace, self._edits = Pace(clock), Pace(clock)
        self._said = LastSaid()
        self._own_channels: dict[str, str] = {}
        self._rights_of: dict[str, tuple[float, Rights]] = {}
        self._me: Me | None = None
        self._asking = asyncio.Lock()

    def client(self, token: str | None) -> AsyncWebClient:
        """A client of the configured server."""
        client = AsyncWebClient(token=token, base_url=self._api_url, timeout=_TIMEOUT)
        client.proxy = None  # the SDK takes one from the environment; nothing of ours does
        return client

    async def me(self) -> Me:
        """Who we are here, asked once. Raises TryAgain, Revoked, NeverAgain."""
        async with self._asking:
            if self._me is None:
                answer = await self._read(self._reading.auth_test())
                header = answer.headers.get("x-oauth-scopes")
                scopes = frozenset(re.split(r"[,\s]+", header)) if header else None
                self._me = Me(answer["team_id"], answer["user_id"], answer.get("bot_id") or "", scopes)
            return self._me

    async def post(self, place: Place, body: Block, thread: str = "") -> str:
        """Post and answer `CHANNEL:TS`. Raises as the port says."""
        self._heed("")
        channel = await self._channel(place)
        self._heed(channel)
        if (wait := self._pace.wait(channel)) > _LONGEST_WAIT:
            raise TryAgain("this channel has its turn later", wait)
        if wait := self._pace.take(channel):
            await self._sleep(wait)
            self._heed(channel)
        into, _, ts = thread.rpartition(":")
        under = {"thread_ts": ts} if ts and into == channel else {}
        whole = {"channel": channel, **body, **under, **_NO_UNFURL}
        answer = await self._posted(whole, channel)
        posted = f"{answer.get('channel') or channel}:{answer['ts']}"
        self._said.note(posted, _shown(body))
        return posted

    async def edit(self, message: str, body: Block) -> None:
        """Replace a message `CHANNEL:TS`; nothing is sent if it says just this. Raises as the port says."""
        if self._said.says(message, _shown(body)):
            return
        if held := self._edits.held(""):
            raise TryAgain("Slack asks for patience", held)
        channel, _, ts = message.rpartition(":")
        self._said.forget(message)
        for attempt in (body, *slack_blocks.unpictured(body)):
            try:
                await self._posting.chat_update(channel=channel, ts=ts, **attempt)
                break
            except SlackApiError as error:
                if said(error)[0] not in UNREADABLE:
                    raise self._uneditable(error) from error
                log.warning("Slack does not take an edit: %s", _reason(error))
            except LOST_CALL as error:
                raise TryAgain("Slack cannot be reached", _NO_CONNECTION) from error
        self._said.note(message, _shown(body))

    async def reads(self) -> bool:
        """Whether a history scope was granted, or may have been. Raises ChatError."""
        scopes = (await self.me()).scopes
        return scopes is None or any(scope.endswith(":history") for scope in scopes)

    async def latest(self, place: Place, thread: str = "") -> list[tuple[str, Mapping[str, Any]]]:
        """`CHANNEL:TS` and metadata of the latest messages, or of those in the thread under a message `CHANNEL:TS`.

        None where we may not read, or where there is no such thread. Raises ChatError.
        """
        try:
            channel, (into, _, ts) = await self._channel(place), thread.rpartition(":")
            if not await self.reads() or into not in ("", channel):
                return []
            if ts:
                answer = await self._reading.conversations_replies(
                    channel=channel, ts=ts, limit=_REPLIES, include_all_metadata=True
                )
            else:
                answer = await self._reading.conversations_history(
                    channel=channel, limit=_HISTORY, include_all_metadata=True
                )
        except SlackApiError as error:
            code, status, _ = said(error)
            if code in GONE or code in NO_THREAD or code in ("missing_scope", "not_allowed_token_type"):
                return []
            raise ChatError(f"Slack could not be asked for a message: {code or status}") from error
        except (TryAgain, *LOST_CALL) as error:  # not TryAgain: that would say that nothing was posted
            raise ChatError("Slack could not be asked for a message") from error
        return [(f"{channel}:{one['ts']}", one.get("metadata") or {}) for one in answer.get("messages") or []]

    # -- as slack_talk.Calls ---------------------------------------------------------------------------------------------

    async def rights(self, user: str) -> Rights:
        """Asked for at most every five minutes."""
        if user in self._managers:
            return "manager"
        until, rights = self._rights_of.get(user, (0.0, "guest"))
        if until > self._clock():
            return rights
        try:
            me, answer = await self.me(), await self._read(self._reading.users_info(user=user))
        except ChatError as error:
            log.warning("the rights of %s are not known: %s", user, error)
            return "guest"
        rights = slack_views.rights_of(answer["user"], me.team, self._managers)
        _trim(self._rights_of)
        self._rights_of[user] = (self._clock() + _RIGHTS_AGE, rights)
        return rights

    async def shut(self, channel: str) -> str:
        """Public channels are open to us (`chat:write.public`), private ones once we were invited."""
        try:
            scopes = (await self.me()).scopes
            found = (await self._reading.conversations_info(channel=channel))["channel"] or {}
        except SlackApiError as error:
            return _CLOSED if said(error)[0] == "channel_not_found" else ""
        except (ChatError, *LOST_CALL):
            return ""
        if found.get("is_archived"):
            return _ARCHIVED
        invited = found.get("is_private") or (scopes is not None and "chat:write.public" not in scopes)
        return _CLOSED if invited and found.get("is_member") is False else ""

    async def opened(self, trigger: str, view: Block) -> bool:
        """Not repeated: a trigger can be used once."""
        try:
            await self._posting.views_open(trigger_id=trigger, view=view)
        except (SlackApiError, *LOST_CALL) as error:
            log.warning("a form could not be opened: %s", said(error)[0] or type(error).__name__)
            return False
        return True

    async def published(self, user: str, view: Block) -> None:
        """As slack_talk.Calls."""
        try:
            await self._reading.views_publish(user_id=user, view=view)
        except (SlackApiError, *LOST_CALL) as error:
            log.warning("an App Home could not be shown: %s", said(error)[0] or type(error).__name__)

    async def respond(self, url: str, body: Block) -> None:
        """In simpler words where Slack does not take the first."""
        client = AsyncWebhookClient(url, timeout=_TIMEOUT, retry_handlers=[])
        client.proxy = None
        attempts = [body, *slack_blocks.plainer(body)]
        waited = False
        while attempts:
            try:
                answer = await client.send_dict({**attempts[0], **_NO_UNFURL})
            except LOST_CALL as error:
                log.warning("an answer could not be given: %s", type(error).__name__)
                return
            if answer.status_code == 200:
                return
            if answer.status_code == 429 and not waited:
                waited = True
                await self._sleep(seconds(answer.headers.get("Retry-After")) or 1.0)
                continue
            log.warning("Slack does not take an answer: %d %.100s", answer.status_code, answer.body)
            attempts.pop(0)

    async def send(self, place: Place, body: Block) -> None:
        """As slack_talk.Calls."""
        try:
            await self.post(place, body)
        except RobowireError as error:
            log.warning("nothing could be said at %s: %s", place, error)

    # -- calls and their failures ------------------------------------------------------------------------------------------

    async def _channel(self, place: Place) -> str:
        """The conversation of a place; somebody's direct messages are opened once. Raises TryAgain, NeverAgain."""
        team, _, name = place.removeprefix("slack:").partition("/")
        if not name or team != (await self.me()).team:
            raise NeverAgain(f"{place} is not in this workspace")
        if not name.startswith("@"):
            return name
        if name not in self._own_channels:
            answer = await self._read(self._reading.conversations_open(users=name[1:]))
            _trim(self._own_channels)
            self._own_channels[name] = answer["channel"]["id"]
        return self._own_channels[name]

    def _heed(self, channel: str) -> None:
        """Raises TryAgain while nothing may be posted to a channel, or with no channel given to any."""
        if held := self._pace.held(channel):
            raise TryAgain("Slack asks for patience", held)

    async def _read(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except (SlackApiError, *LOST_CALL) as error:
            raise self._failure(error) from error

    async def _posted(self, body: Block, channel: str) -> Mapping[str, Any]:
        """Post to a channel, in simpler words where Slack does not take the first. Raises as the port says."""
        attempts = [body, *slack_blocks.plainer(body)]
        while attempts:
            attempt = attempts.pop(0)
            try:
                answer: Any = await self._posting.chat_postMessage(**attempt)
            except SlackApiError as error:
                code = said(error)[0]
                if code in NO_THREAD and "thread_ts" in attempt:
                    whole = (attempt, *attempts)
                    attempts = [{key: value for key, value in one.items() if key != "thread_ts"} for one in whole]
                elif code not in UNREADABLE:
                    raise self._failure(error, channel) from error
                log.warning("Slack does not take a message: %s", _reason(error))
            except LOST_CALL as error:
                raise self._failure(error, channel) from error
            else:
                return dict(answer.data)
        raise TryAgain("Slack does not take the message", _REFUSED)

    def _failure(self, error: Exception, posting: str = "") -> RobowireError:
        """A failed call in our own errors. Only a post (to a channel) can be ambiguous: all else can be repeated."""
        if not isinstance(error, SlackApiError):
            never_sent = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
            if never_sent or not posting:
                return TryAgain("Slack cannot be reached", _NO_CONNECTION)
            return ChatError(f"no answer from Slack ({type(error).__name__}): it may have been posted")
        code, status, after = said(error)
        found = failure(code, status, after)
        self._note(found)
        if posting and isinstance(found, TryAgain) and status == 429:
            self._pace.hold(posting, found.after)
        ambiguous = not isinstance(found, TryAgain | NeverAgain)
        return TryAgain(str(found), _NO_CONNECTION) if ambiguous and not posting else found

    def _note(self, found: ChatError) -> None:
        """With a token that is refused nobody need ask anything for a while."""
        if isinstance(found, Revoked):
            log.error("%s; what waits for Slack is kept, and posted with a new token", found)
            self._pace.hold("", found.after)
            self._edits.hold("", found.after)

    def _uneditable(self, error: SlackApiError) -> ChatError:
        """A failed edit in our own errors; patience is asked for with all edits, whatever the channel."""
        code, status, after = said(error)
        found = edit_failure(code, status, after)
        self._note(found)
        if isinstance(found, TryAgain) and status == 429:
            self._edits.hold("", found.after)
        return found


def said(error: BaseException) -> tuple[str, int, float | None]:
    """Slack's error code, the HTTP status and Retry-After; nothing of it for other errors."""
    response = getattr(error, "response", None)
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    return code, status, seconds(headers.get("Retry-After"))


def _trim(cache: dict[str, Any]) -> None:
    """Make room for one more."""
    while len(cache) >= _CACHED:
        del cache[next(iter(cache))]


def _reason(error: SlackApiError) -> object:
    """What Slack says of it, for the log."""
    return error.response.get("response_metadata") or said(error)[0]


def _shown(body: Block) -> Block:
    """What people see of a message, without its metadata."""
    return {key: body.get(key) for key in ("text", "blocks")}
