"""Slack as a chat: a thin shell of calls and connections around pure translations (`slack_*.py` beside it).

Everything that is asked is acknowledged first and then worked on in a task of its own; what Slack sends twice is done once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.chat import slack_blocks, slack_views
from bot.chat.slack_blocks import Block
from bot.chat.slack_listeners import Listeners
from bot.chat.slack_manifest import PATH
from bot.chat.slack_talk import Talk
from bot.chat.slack_wire import GONE, LOST, UNREADABLE, Once, Pace, failure, seconds, signed
from bot.command import Front, Rights
from bot.errors import BadConfig, ChatError, NeverAgain, NotFound, RobowireError, TryAgain
from bot.log import logger
from bot.message import Message
from bot.model import MessageRef, Place

log = logger(__name__)

EVENT_TYPE = "robowire_alert"
"""The metadata type of what we post; its payload carries the nonce."""

_TIMEOUT = 20  # seconds of one call; two and the longest wait for a turn stay below the lease of a delivery
_LONGEST_WAIT = 20.0
_NO_CONNECTION = 5.0
_RETRY, _PING, _WATCHDOG, _GRACE = 0.1, 5.0, 15.0, 5.0
_REFUSED = 300.0
_HISTORY = 200
_RIGHTS_AGE = 300.0
_CACHED = 10_000
_CLOSED = "I cannot post in that channel: write `/invite @Robowire` there first, then say this again."
_ARCHIVED = "That channel is archived: nothing can be posted there."
_NO_UNFURL = {"unfurl_links": False, "unfurl_media": False}
_LOST_CALL = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True)
class Me:
    """Who the token belongs to; `scopes` None if Slack did not say."""

    team: str
    user: str
    bot: str
    scopes: frozenset[str] | None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SlackChat:
    """One workspace of Slack; satisfies the port `Chat` and holds the conversation.

    The id of a MessageRef is `CHANNEL:TS`. Ambiguous posts (a dropped reply, 5xx) raise a plain ChatError, so that they
    are looked up before they are repeated; `find` needs a history scope and answers None without one. `now` answers aware
    times; `sleep` waits for a turn. `ready` is set once people can talk to it; in HTTP mode `port` is then listened on.
    """

    def __init__(
        self,
        front: Front,
        *,
        bot_token: str,
        app_token: str = "",
        signing_secret: str = "",
        api_url: str = "https://slack.com/api/",
        mode: Literal["socket", "http"] = "socket",
        listen: str = "127.0.0.1:3000",
        managers: Sequence[str] = (),
        now: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._front, self._mode, self._listen = front, mode, listen
        self._bot_token, self._app_token, self._secret = bot_token, app_token, signing_secret
        self._now, self._sleep = now, sleep
        self._web = Web(bot_token, api_url, tuple(managers), self._seconds, sleep)
        self._events, self._signatures = Once(5_000), Once(20_000)
        self._jobs: set[asyncio.Task[Any]] = set()
        self.port = 0
        self.ready = asyncio.Event()

    # -- the port ----------------------------------------------------------------------------------------------------

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        """Post one message; the nonce goes into its metadata. A thread of another channel is passed over."""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"nonce": nonce}}
        body = {**slack_blocks.payload(message), "metadata": metadata}
        return MessageRef(place, await self._web.post(place, body, thread.id if thread else ""))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace text and blocks of a posted message; its metadata stays. Raises NotFound if it cannot be changed."""
        await self._web.edit(ref.id, slack_blocks.payload(message))

    async def find(self, place: Place, nonce: str) -> MessageRef | None:
        """The message with this nonce among the latest of its channel; None too where no history scope was granted."""
        for id_, metadata in await self._web.latest(place):
            if (metadata.get("event_payload") or {}).get("nonce") == nonce:
                return MessageRef(place, id_)
        return None

    async def run(self) -> None:
        """Listen until cancelled. Raises BadConfig or NeverAgain if the tokens are missing or refused."""
        if self._mode == "socket" and not self._app_token:
            raise BadConfig(["SLACK_APP_TOKEN is missing; `slack.mode` is socket"])
        if self._mode == "http" and not self._secret:
            raise BadConfig(["SLACK_SIGNING_SECRET is missing; `slack.mode` is http"])
        while True:
            try:
                me = await self._web.me()
                break
            except TryAgain as error:
                log.warning("%s; next try in %.0f s", error, error.after)
                await self._sleep(error.after)
        app = self._bolt(me, Talk(self._front, self._web, me.team))
        log.info("in Slack as %s of %s", me.user, me.team)
        await (self._socket(app) if self._mode == "socket" else self._http(app))

    async def close(self) -> None:
        """Finish what is being answered, for a few seconds; `run` lets go of its connections when it is cancelled."""
        if self._jobs:
            _, late = await asyncio.wait(set(self._jobs), timeout=_GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # -- what comes in -------------------------------------------------------------------------------------------------

    def _bolt(self, me: Me, talk: Talk) -> AsyncApp:
        """The app with its listeners. Signatures are checked before Bolt sees a request; who we are it need not ask."""

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None, team_id=me.team, bot_id=me.bot, bot_user_id=me.user, bot_token=self._bot_token
            )

        quiet = logger(f"{__name__}.bolt")
        quiet.setLevel("ERROR")  # its warnings show whole requests
        app = AsyncApp(
            name="robowire",
            logger=quiet,
            client=self._web.client(None),
            authorize=authorize,
            request_verification_enabled=False,
        )
        listeners, anything = Listeners(talk, self._spawn, self._events), re.compile(".*", re.DOTALL)
        app.command(anything)(listeners.command)
        app.action(anything)(listeners.action)
        app.options(anything)(listeners.suggestion)
        app.view(slack_views.CALLBACK)(listeners.form)
        app.message_shortcut(slack_views.WHY)(listeners.shortcut)
        app.event(anything)(listeners.event)
        return app

    def _spawn(self, work: Awaitable[Any], sorry: Callable[[], Awaitable[None]] | None = None) -> asyncio.Task[Any]:
        """Work in a task of its own, the edge of the job: a bug is logged, and `sorry` says so to who asked."""

        async def guarded() -> Any:
            try:
                return await work
            except Exception:
                log.exception("a request from Slack failed")
            if sorry:
                await sorry()
            return None

        task = asyncio.create_task(guarded())
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        return task

    def _seconds(self) -> float:
        return self._now().timestamp()

    # -- connections -------------------------------------------------------------------------------------------------------

    async def _socket(self, app: AsyncApp) -> None:
        """Socket Mode: the client connects anew by itself; a watchdog gives it a new address where the old one expired."""
        web_client = self._web.client(None)
        handler = AsyncSocketModeHandler(app, self._app_token, logger=log, web_client=web_client, ping_interval=_PING)
        client = handler.client
        client.proxy = None if self._web.direct else client.proxy
        tasks: set[asyncio.Task[None]] = set()
        try:
            await admit(client)
            connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
            watchdog = asyncio.create_task(watch(client, asyncio.sleep))
            tasks = {connecting, watchdog}
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if connecting.done():
                connecting.result()
                self.ready.set()
            await watchdog
        finally:
            for task in tasks:
                task.cancel()
            await handler.close_async()  # type: ignore[no-untyped-call]

    async def _http(self, app: AsyncApp) -> None:
        """HTTP mode: a small server, to be put behind a proxy that speaks TLS."""

        async def handle(request: web.Request) -> web.Response:
            timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
            signature = request.headers.get("X-Slack-Signature", "")
            body = await request.read()
            genuine = signed(self._secret, timestamp, body, signature, self._seconds())
            if not genuine or not self._signatures.first((timestamp, signature)):
                return web.json_response({"error": "invalid request"}, status=401)
            try:
                return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))
            except ValueError:  # not UTF-8, or a `payload` that is no JSON
                return web.json_response({"error": "unreadable request"}, status=400)

        site = web.Application()
        site.router.add_post(PATH, handle)
        runner = web.AppRunner(site, access_log=None, handle_signals=False)
        await runner.setup()
        host, _, port = self._listen.rpartition(":")
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
            self.port = runner.addresses[0][1]
            self.ready.set()
            log.info("listening for Slack on %s:%d%s", host, self.port, PATH)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


async def admit(client: Any) -> None:
    """Give the socket a fresh address, which lives for seconds. Raises NeverAgain for a token that Slack refuses."""
    try:
        client.wss_uri = await client.issue_new_wss_url()
    except SlackApiError as error:
        code = said(error)[0]
        if code in GONE or code in ("missing_scope", "not_allowed_token_type"):
            raise NeverAgain(f"Slack refuses SLACK_APP_TOKEN: {code}") from error
    except _LOST_CALL:
        log.warning("Slack cannot be reached; trying again")


async def watch(client: Any, sleep: Callable[[float], Awaitable[None]]) -> None:
    """Left alone, the client of the SDK repeats a failed connection at the old address, and tries a dead token, for ever."""
    while True:
        await sleep(_WATCHDOG)
        if not await client.is_connected():
            await admit(client)


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
        self.direct = api_url.startswith("http://")  # another server of our own: no proxy stands before it
        self._api_url, self._managers, self._clock, self._sleep = api_url, managers, clock, sleep
        self._posting, self._reading = self.client(token), self.client(token)
        self._posting.retry_handlers = []  # a post whose reply was dropped must not be repeated
        self._reading.retry_handlers = [AsyncConnectionErrorRetryHandler(1, FixedValueRetryIntervalCalculator(_RETRY))]
        self._pace = Pace(clock)
        self._own_channels: dict[str, str] = {}
        self._rights_of: dict[str, tuple[float, Rights]] = {}
        self._me: Me | None = None
        self._asking = asyncio.Lock()

    def client(self, token: str | None) -> AsyncWebClient:
        """A client of the configured server."""
        client = AsyncWebClient(token=token, base_url=self._api_url, timeout=_TIMEOUT)
        client.proxy = None if self.direct else client.proxy
        return client

    async def me(self) -> Me:
        """Who we are here, asked once. Raises TryAgain, NeverAgain."""
        async with self._asking:
            if self._me is None:
                answer = await self._read(self._reading.auth_test())
                header = answer.headers.get("x-oauth-scopes")
                scopes = frozenset(re.split(r"[,\s]+", header)) if header else None
                self._me = Me(answer["team_id"], answer["user_id"], answer.get("bot_id") or "", scopes)
            return self._me

    async def post(self, place: Place, body: Block, thread: str = "") -> str:
        """Post and answer `CHANNEL:TS`. Raises as the port says."""
        channel = await self._channel(place)
        if held := self._pace.held(channel):
            raise TryAgain("Slack asks for patience", held)
        if (wait := self._pace.wait(channel)) > _LONGEST_WAIT:
            raise TryAgain("this channel has its turn later", wait)
        if wait := self._pace.take(channel):
            await self._sleep(wait)
        into, _, ts = thread.rpartition(":")
        under = {"thread_ts": ts} if ts and into == channel else {}
        whole = {"channel": channel, **body, **under, **_NO_UNFURL}
        answer = await self._written(self._posting.chat_postMessage, whole, channel)
        return f"{answer.get('channel') or channel}:{answer['ts']}"

    async def edit(self, message: str, body: Block) -> None:
        """Replace a message `CHANNEL:TS`. Raises as the port says."""
        channel, _, ts = message.rpartition(":")
        await self._written(self._posting.chat_update, {"channel": channel, "ts": ts, **body})

    async def latest(self, place: Place) -> list[tuple[str, Mapping[str, Any]]]:
        """`CHANNEL:TS` and metadata of the latest messages; none where we may not read. Raises ChatError."""
        try:
            me, channel = await self.me(), await self._channel(place)
            if me.scopes is not None and not any(scope.endswith(":history") for scope in me.scopes):
                return []
            answer = await self._reading.conversations_history(
                channel=channel, limit=_HISTORY, include_all_metadata=True
            )
        except SlackApiError as error:
            code, status, _ = said(error)
            if code in GONE or code in ("missing_scope", "not_allowed_token_type"):
                return []
            raise ChatError(f"Slack could not be asked for a message: {code or status}") from error
        except (TryAgain, *_LOST_CALL) as error:  # not TryAgain: that would say that nothing was posted
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
        except (ChatError, *_LOST_CALL):
            return ""
        if found.get("is_archived"):
            return _ARCHIVED
        invited = found.get("is_private") or (scopes is not None and "chat:write.public" not in scopes)
        return _CLOSED if invited and found.get("is_member") is False else ""

    async def opened(self, trigger: str, view: Block) -> bool:
        """Not repeated: a trigger can be used once."""
        try:
            await self._posting.views_open(trigger_id=trigger, view=view)
        except (SlackApiError, *_LOST_CALL) as error:
            log.warning("a form could not be opened: %s", said(error)[0] or type(error).__name__)
            return False
        return True

    async def published(self, user: str, view: Block) -> None:
        """As slack_talk.Calls."""
        try:
            await self._reading.views_publish(user_id=user, view=view)
        except (SlackApiError, *_LOST_CALL) as error:
            log.warning("an App Home could not be shown: %s", said(error)[0] or type(error).__name__)

    async def respond(self, url: str, body: Block) -> None:
        """In simpler words where Slack does not take the first."""
        client = AsyncWebhookClient(url, timeout=_TIMEOUT, retry_handlers=[])
        client.proxy = None if self.direct else client.proxy
        attempts = [body, *slack_blocks.plainer(body)]
        waited = False
        while attempts:
            try:
                answer = await client.send_dict({**attempts[0], **_NO_UNFURL})
            except _LOST_CALL as error:
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

    async def _read(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except (SlackApiError, *_LOST_CALL) as error:
            raise self._failure(error) from error

    async def _written(self, call: Callable[..., Awaitable[Any]], body: Block, channel: str = "") -> Mapping[str, Any]:
        """Post (to a channel) or edit, in simpler words where Slack does not take the first. Raises as the port says."""
        attempts = [body, *slack_blocks.plainer(body)]
        while attempts:
            attempt = attempts.pop(0)
            try:
                answer: Mapping[str, Any] = (await call(**attempt)).data
            except SlackApiError as error:
                code = said(error)[0]
                if code == "thread_not_found" and "thread_ts" in attempt:
                    whole = (attempt, *attempts)
                    attempts = [{key: value for key, value in one.items() if key != "thread_ts"} for one in whole]
                elif code not in UNREADABLE:
                    raise self._failure(error, channel) from error
                log.warning("Slack does not take a message: %s", error.response.get("response_metadata") or code)
            except _LOST_CALL as error:
                raise self._failure(error, channel) from error
            else:
                return answer
        raise TryAgain("Slack does not take the message", _REFUSED)

    def _failure(self, error: Exception, posting: str = "") -> RobowireError:
        """A failed call in our own errors. Only a post (to a channel) can be ambiguous: all else can be repeated."""
        if not isinstance(error, SlackApiError):
            never_sent = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
            if never_sent or not posting:
                return TryAgain("Slack cannot be reached", _NO_CONNECTION)
            return ChatError(f"no answer from Slack ({type(error).__name__}): it may have been posted")
        code, status, after = said(error)
        if code in LOST:
            return NotFound("That message is gone, or may not be changed any more.")
        found = failure(code, status, after)
        if posting and isinstance(found, TryAgain) and status == 429:
            self._pace.hold(posting, found.after)
        ambiguous = not isinstance(found, TryAgain | NeverAgain)
        return TryAgain(str(found), _NO_CONNECTION) if ambiguous and not posting else found


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
