"""Discord as a chat: a thin shell around discord.py. What is said, and how it looks, is decided in the pure files beside it.

Bodies of requests are made by `discord_embeds` and go out as they are, through discord.py's own rate limits. Discord
lets this process know of servers and channels only (the intent `guilds`); it reads no messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, Self

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.chat import discord_buttons as buttons
from bot.chat import discord_commands as commands
from bot.chat import discord_rights as means
from bot.chat.discord_posts import Posts, Refused
from bot.chat.discord_talk import Heard, Remember, Talk
from bot.command import Front
from bot.errors import BadConfig, ChatError, NeverAgain, Revoked, RobowireError, TryAgain
from bot.log import logger
from bot.message import Message
from bot.model import MessageRef, Place, own_place

log = logger(__name__)

Interaction = discord.Interaction[Any]
Kind = Literal["command", "message", "typing", "form", "press", "again"]

_SYNCED = "discord.commands"
_LONGEST_WAIT = 30.0  # inside discord.py, its least; longer ones the deliverer waits for
_LOGIN_TIMEOUT, _SOON = 15.0, 5.0
_WAITS = (5.0, 15.0, 60.0, 300.0)
_RENEWED = 300.0
_BAD_TOKEN = "DISCORD_TOKEN: Discord does not accept it; copy a fresh one from the bot's page in the developer portal"
_KINDS: dict[discord.InteractionType, Kind] = {
    discord.InteractionType.application_command: "command",
    discord.InteractionType.autocomplete: "typing",
    discord.InteractionType.modal_submit: "form",
}


class DiscordChat:
    """Posts to channels, forums, threads and direct messages, and answers interactions; satisfies the port `Chat`.

    A message is known by `CHANNEL/MESSAGE`: one in a forum, a thread or direct messages is not in its place's own channel.
    `remember` keeps which commands Discord was told, and what long buttons say. `pause` waits between attempts to connect.
    """

    def __init__(
        self,
        front: Front,
        *,
        token: str,
        remember: Remember,
        api_url: str = "https://discord.com/api/v10",
        gateway_url: str = "",
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._front, self._token, self._pause = front, token, pause
        self._get, self._set = remember
        self._talk = Talk(front, remember)
        self._commands = commands.payload(front.book)
        self._gateway = yarl.URL(gateway_url) if gateway_url else None
        self._client: _Client | None = None
        self.ready = asyncio.Event()
        self._accepted = self._revoked = False
        self._webhooks = AsyncWebhookAdapter()  # type: ignore[no-untyped-call]
        self._posts = Posts(self._ask, self._talk, self._forum)
        Route.BASE = api_url.rstrip("/")
        if self._gateway:
            DiscordWebSocket.DEFAULT_GATEWAY = self._gateway
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

    # -- running -----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Log in, tell Discord the commands if they changed, and listen until cancelled or closed.

        Tries again for as long as Discord cannot be reached. Raises BadConfig if it does not accept the token, NeverAgain if
        it did before.
        """
        failures = 0
        while True:
            self._client = _Client(self, self._gateway)
            try:
                async with self._client as client:
                    await client.login(self._token)
                    failures = 0
                    await client.connect()
                    return
            except discord.LoginFailure as error:
                raise self._refused() from error
            except discord.ConnectionClosed as error:
                if error.code == 4004:
                    raise self._refused() from error
                reason = f"the connection was closed ({error.code})"
            except (OSError, aiohttp.ClientError, discord.DiscordException) as error:
                reason = f"{type(error).__name__}: {error}"
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                # discord.py gives up on an event that it cannot read: a change at Discord must not end the bot
                log.exception("discord.py could not read what Discord sent")
                reason = f"{type(error).__name__}: {error}"
            finally:
                self.ready.clear()
            wait = _WAITS[min(failures, len(_WAITS) - 1)]
            failures += 1
            log.warning("Discord: %s; next try in %.0f s", reason, wait)
            await self._pause(wait)

    def _refused(self) -> RobowireError:
        """Why `run` ends: a mistake in the configuration ends the bot; a token that is revoked later ends this chat alone."""
        self._revoked = True
        return NeverAgain(_BAD_TOKEN) if self._accepted else BadConfig([_BAD_TOKEN])

    async def close(self) -> None:
        """Leave; `run` returns."""
        if self._client is not None and not self._client.is_closed():
            await self._client.close()

    async def logged_in(self, client: _Client) -> None:
        """Tell Discord the commands, if they are not what it was told last, and let posts begin."""
        mark = f"{client.application_id}:{commands.fingerprint(self._commands)}"
        if await self._get(_SYNCED) != mark:
            route = Route("PUT", "/applications/{application_id}/commands", application_id=client.application_id)
            await client.http.request(route, json=self._commands)
            await self._set(_SYNCED, mark)
            log.info("Discord was told the commands: they are new or have changed")
        self._accepted = True
        self.ready.set()

    # -- the port ----------------------------------------------------------------------------------------------------

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        """Post a message, or in a forum a post of its own; under another message in a thread that is begun there once.

        Discord refuses the repetition of a nonce for some minutes, but for posts in forums, which have none.
        """
        return await self._posts.post(place, message, nonce, thread)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace all of a posted message."""
        await self._posts.edit(ref, message)

    async def find(self, place: Place, nonce: str, thread: MessageRef | None = None) -> MessageRef | None:
        """None: a bot that may not read messages cannot look. Posting again with the same nonce makes no second message."""

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, **ids: str) -> Any:
        """A request through discord.py and its rate limits; satisfies `discord_posts.Ask`."""
        if self._revoked:
            raise Revoked("Discord refuses DISCORD_TOKEN", _RENEWED)
        try:
            async with asyncio.timeout(_LOGIN_TIMEOUT):
                await self.ready.wait()
        except TimeoutError as error:
            raise TryAgain("Discord is not connected yet", _SOON) from error
        if self._client is None or self._client.is_closed():
            raise TryAgain("Discord is not connected", _SOON)
        sent: dict[str, Any] = {} if body is None else {"json": body}
        with _refusals():
            return await self._client.http.request(Route(method, path, **ids), **sent)

    def _forum(self, channel: str) -> str | None:
        """The tag that a post needs, if the channel is known to be a forum (or a media channel, which is one)."""
        known = self._client.get_channel(int(channel)) if self._client and channel.isdigit() else None
        if not isinstance(known, discord.ForumChannel):
            return None
        return str(known.available_tags[0].id) if known.flags.require_tag and known.available_tags else ""

    # -- what people say ---------------------------------------------------------------------------------------------

    async def hear(self, interaction: Interaction, heard: Heard) -> None:
        """Answer an interaction; what fails unexpectedly is logged."""
        try:
            await self._talk.hear(heard, _Answers(interaction, self._webhooks))
        except Exception:
            log.exception("an interaction failed")

    async def left(self, where: str) -> None:
        """The bot was removed from a server, or a channel was deleted."""
        await self._front.left(where)


class _Answers:
    """Carries the answers to one interaction; satisfies `discord_talk.Wire`."""

    def __init__(self, interaction: Interaction, webhooks: AsyncWebhookAdapter) -> None:
        self._interaction, self._webhooks = interaction, webhooks

    async def respond(self, kind: int, data: Mapping[str, Any]) -> bool:
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=self._interaction.id,
            webhook_token=self._interaction.token,
        )
        return await self._send(route, {"type": kind, "data": dict(data)}, {"with_response": "1"})

    async def replace(self, body: Mapping[str, Any]) -> bool:
        return await self._send(self._webhook("PATCH", "/messages/@original"), dict(body))

    async def add(self, body: Mapping[str, Any]) -> bool:
        return await self._send(self._webhook("POST", ""), dict(body))

    async def withdraw(self) -> bool:
        return await self._send(self._webhook("DELETE", "/messages/@original"), None)

    def permissions(self, channel: str) -> tuple[int, bool] | None:
        known = self._interaction.client.get_channel(int(channel)) if channel.isdigit() else None
        if not isinstance(known, discord.abc.GuildChannel | discord.Thread) or known.guild.me is None:
            return None
        return known.permissions_for(known.guild.me).value, isinstance(known, discord.Thread)

    def _webhook(self, method: str, tail: str) -> Route:
        return Route(
            method,
            "/webhooks/{webhook_id}/{webhook_token}" + tail,
            webhook_id=self._interaction.application_id,
            webhook_token=self._interaction.token,
        )

    async def _send(self, route: Route, body: dict[str, Any] | None, query: dict[str, Any] | None = None) -> bool:
        """Send an answer; False if Discord refused its form, so that another may be tried.

        Not through the client: answers are free of the bot's own rate limit and must not wait for it.
        """
        try:
            await self._webhooks.request(route, self._interaction._session, payload=body, params=query)
        except discord.HTTPException as error:
            log.warning("Discord did not take an answer: %s (code %d): %s", error.status, error.code, error.text)
            return not means.is_distasteful(error.status, error.code)
        except (OSError, aiohttp.ClientError) as error:
            log.warning("an answer did not reach Discord: %s", error)
        return True


class _Client(discord.AutoShardedClient):
    """Hands over what happens; the intent `guilds` alone, no members and no messages kept, nobody ever mentioned."""

    def __init__(self, chat: DiscordChat, gateway: yarl.URL | None) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=_LONGEST_WAIT,
        )
        self.chat, self._configured = chat, gateway
        self.add_dynamic_items(_Press, _Pick, _Again)

    async def setup_hook(self) -> None:
        await self.chat.logged_in(self)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """To the configured gateway, else where this server says, for new connections later too."""
        DiscordWebSocket.DEFAULT_GATEWAY = self._configured or gateway
        await super().launch_shard(self._configured or gateway, shard_id, initial=initial)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Components do not come this way: they find their item below."""
        kind = _KINDS.get(interaction.type)
        data: Any = interaction.data or {}
        if kind == "command" and data.get("target_id"):
            kind = "message"
        if kind:
            await self.chat.hear(interaction, _heard(interaction, kind))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Not called for an outage of the server."""
        await self.chat.left(f"discord:{guild.id}")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.chat.left(means.place_of(channel.guild.id, channel.id))

    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        await self.chat.left(means.place_of(thread.guild_id, thread.thread_id))


class _Press(discord.ui.DynamicItem[discord.ui.Button[Any]], template=buttons.BUTTON):
    """Any button of any message of ours, however old."""

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: Any, /) -> Self:
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        said = self.template.fullmatch(self.custom_id)
        if said is not None:
            await interaction.client.chat.hear(interaction, _heard(interaction, "press", said["said"]))


class _Pick(discord.ui.DynamicItem[discord.ui.Select[Any]], template=buttons.MENU):
    """Any menu of any message of ours."""

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: Any, /) -> Self:
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        data: Any = interaction.data
        await interaction.client.chat.hear(interaction, _heard(interaction, "press", data["values"][0]))


class _Again(discord.ui.DynamicItem[discord.ui.Button[Any]], template=buttons.AGAIN):
    """The button under a refused form."""

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: Any, /) -> Self:
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        said = self.custom_id.partition(":")[2]
        await interaction.client.chat.hear(interaction, _heard(interaction, "again", said))


# -- helpers ---------------------------------------------------------------------------------------------------------


def _heard(interaction: Interaction, kind: Kind, said: str = "") -> Heard:
    """An interaction in our terms. What is said in a thread that the bot began is about the channel that it is in."""
    person = means.person_of(interaction.guild_id, interaction.user.id)
    data: Any = interaction.data or {}
    message = interaction.message
    links = buttons.links_of([embed.to_dict() for embed in message.embeds]) if message else []
    if interaction.guild_id is None:
        # nobody manages anything there: what is theirs alone anybody may set, what all places share takes a server
        return Heard(kind, data, own_place(person), person, "member", links=links, said=said)
    here, number = interaction.channel, interaction.channel_id or 0
    thread = isinstance(here, discord.Thread)
    if isinstance(here, discord.Thread) and here.owner_id == interaction.client.user.id:
        number = here.parent_id
    return Heard(
        kind,
        data,
        means.place_of(interaction.guild_id, number),
        person,
        means.rights(interaction.permissions.value),
        interaction.guild_id,
        interaction.app_permissions.value,
        thread,
        interaction.is_user_integration() and not interaction.is_guild_integration(),
        links,
        said,
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """Errors of discord.py and the network as `discord_posts.Ask` has them."""
    try:
        yield
    except discord.RateLimited as error:
        raise TryAgain("Discord asks for patience", error.retry_after) from error
    except discord.HTTPException as error:
        raise Refused(error.status, error.code, _after(error), error.text) from error
    except aiohttp.ClientConnectorError as error:
        raise TryAgain(f"Discord cannot be reached: {error.strerror or error}", _SOON) from error
    except (OSError, aiohttp.ClientError, TimeoutError) as error:
        raise ChatError(f"Discord's answer was lost ({type(error).__name__})") from error


def _after(error: discord.HTTPException) -> float | None:
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None
