"""Slack as a chat: a thin shell of calls and connections around pure translations (`slack_*.py` beside it).

Everything that is asked is acknowledged first and then worked on in a task of its own; what Slack sends twice is done once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.chat import slack_blocks, slack_views
from bot.chat.slack_listeners import Listeners
from bot.chat.slack_manifest import PATH
from bot.chat.slack_talk import Talk
from bot.chat.slack_web import LOST_CALL, Me, Web, said
from bot.chat.slack_wire import GONE, REVOKED, Once, readable, signed
from bot.command import Front
from bot.errors import BadConfig, ChatError, NeverAgain, Revoked, TryAgain
from bot.log import logger
from bot.message import Message
from bot.model import MessageRef, Place

log = logger(__name__)

EVENT_TYPE = "robowire_alert"
"""The metadata type of what we post; its payload carries the nonce."""

_PING, _WATCHDOG, _GRACE = 5.0, 15.0, 5.0
_LOOKS = (0.5, 2.0, 5.0)  # seconds before each look for a message whose answer was lost: it may arrive late
_LOOKING = 20.0  # of all of them: with two calls and the longest wait for a turn this stays below a delivery's lease


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SlackChat:
    """One workspace of Slack; satisfies the port `Chat` and holds the conversation.

    The id of a MessageRef is `CHANNEL:TS`. Posts that stay ambiguous (a dropped reply, 5xx) raise a plain ChatError, so that
    they are looked up before they are repeated; `find` needs a history scope and answers None without one. `now` answers aware
    times, `seconds` measures how long (by default with `now`, which somebody may set back); `sleep` waits for a turn. `ready`
    is set once people can talk to it; in HTTP mode `port` is then listened on.
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
        seconds: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._front, self._mode, self._listen = front, mode, listen
        self._bot_token, self._app_token, self._secret = bot_token, app_token, signing_secret
        self._now, self._sleep = now, sleep
        self._web = Web(bot_token, api_url, tuple(managers), seconds or self._seconds, sleep)
        self._events, self._signatures = Once(5_000), Once(20_000)
        self._jobs: set[asyncio.Task[Any]] = set()
        self.port = 0
        self.ready = asyncio.Event()

    # -- the port ----------------------------------------------------------------------------------------------------

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        """Post one message; the nonce goes into its metadata. A thread of another channel is passed over.

        If the answer is lost, the message is looked for at once, a few times, where a history scope is granted.
        """
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"nonce": nonce}}
        body = {**slack_blocks.payload(message), "metadata": metadata}
        try:
            return MessageRef(place, await self._web.post(place, body, thread.id if thread else ""))
        except (TryAgain, NeverAgain):
            raise
        except ChatError:
            found = await self._sought(place, nonce, thread)
            if found is None:
                raise
            log.info("an answer of Slack was lost; the message stands there")
            return found

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace text and blocks of a posted message; its metadata and its thread stay."""
        await self._web.edit(ref.id, slack_blocks.payload(message))

    async def find(self, place: Place, nonce: str, thread: MessageRef | None = None) -> MessageRef | None:
        """The message with this nonce among the latest of its channel or thread; None too without a history scope."""
        for into in dict.fromkeys((thread.id if thread else "", "")):  # without its thread it was posted in the channel
            for id_, metadata in await self._web.latest(place, into):
                if (metadata.get("event_payload") or {}).get("nonce") == nonce:
                    return MessageRef(place, id_)
        return None

    async def _sought(self, place: Place, nonce: str, thread: MessageRef | None) -> MessageRef | None:
        """A message whose answer was lost, if it stands there. That it does not yet says nothing for certain."""
        with suppress(ChatError, TimeoutError):
            async with asyncio.timeout(_LOOKING):
                for pause in _LOOKS if await self._web.reads() else ():
                    await self._sleep(pause)
                    if found := await self.find(place, nonce, thread):
                        return found
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
            except Revoked as error:
                raise NeverAgain(str(error)) from error
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
            name=quiet.name,  # Bolt gives the logger of this name its own level: "robowire" would silence us all
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
        quiet = logger(f"{__name__}.socket")  # log.setup keeps it from showing whole messages
        handler = AsyncSocketModeHandler(app, self._app_token, logger=quiet, web_client=web_client, ping_interval=_PING)
        client = handler.client
        client.proxy = None
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
            if not readable(request.headers.get("Content-Type", ""), body):
                return web.json_response({"error": "unreadable request"}, status=400)
            return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

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
        if code in GONE | REVOKED or code in ("missing_scope", "not_allowed_token_type"):
            raise NeverAgain(f"Slack refuses SLACK_APP_TOKEN: {code}") from error
    except LOST_CALL:
        log.warning("Slack cannot be reached; trying again")


async def watch(client: Any, sleep: Callable[[float], Awaitable[None]]) -> None:
    """Left alone, the client of the SDK repeats a failed connection at the old address, and tries a dead token, for ever."""
    while True:
        await sleep(_WATCHDOG)
        if not await client.is_connected():
            await admit(client)
