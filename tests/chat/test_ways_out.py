"""The chats and the language model go where the configuration says: no proxy of the environment, no redirect with a key."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.assist.endpoint import Endpoint
from bot.chat.slack_web import Web
from bot.errors import AssistError, RobowireError
from bot.loopback import Loopback, Reply
from bot.loopback import Request as Asked
from bot.model import Place
from tests.chat.discord_stub import Stub, serving
from tests.chat.slack_bot import ALERT, C1, World, chat_of
from tests.chat.slack_bot import running as in_slack
from tests.chat.test_discord_client import running as in_discord
from tests.fakes.slack_server import SlackServer


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Loopback]:
    """A server that the environment names as the proxy of everything."""
    async with Loopback() as server:
        for name in ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy"):
            monkeypatch.setenv(name, server.url("/"))
            monkeypatch.setenv(name.upper(), server.url("/"))
        monkeypatch.setenv("no_proxy", "")
        yield server


async def test_slack_is_asked_directly(proxy: Loopback, slack: SlackServer, world: World) -> None:
    chat = chat_of(slack, world)
    async with in_slack(slack, chat):
        await chat.post(C1, ALERT, "n1")
        await slack.command("/wire news", user="U1")
    assert proxy.connections == 0


@pytest.mark.parametrize("api", ["https://127.0.0.1:9/api/", "http://127.0.0.1:9/api/"])
async def test_slack_is_asked_directly_with_and_without_tls(proxy: Loopback, world: World, api: str) -> None:
    """The SDK takes HTTPS_PROXY by itself; where nobody listens, a proxy would still be asked."""
    calls = Web("xoxb-1", api, (), lambda: 0.0, world.sleep)
    with pytest.raises(RobowireError):
        await calls.post(Place("slack:T0/C1"), {"text": "x"})
    await calls.respond("https://127.0.0.1:9/commands/1", {"text": "x"})
    assert proxy.connections == 0


@pytest.mark.usefixtures("discord_as_it_was")
async def test_discord_is_asked_directly(proxy: Loopback) -> None:
    async with serving() as stub:
        await _heard(stub)
    assert proxy.connections == 0


async def _heard(stub: Stub) -> None:
    async with in_discord(stub) as bot:
        await bot.chat.post(Place("discord:@9"), ALERT, "n1")


async def test_the_language_model_is_asked_directly(proxy: Loopback) -> None:
    for url in ("http://127.0.0.1:9/v1", "https://127.0.0.1:9/v1"):
        endpoint = Endpoint(url, "m", "sesame", 2.0)
        with pytest.raises(AssistError):
            await endpoint.complete("a", "b")
        await endpoint.close()
    assert proxy.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_key_of_the_language_model_follows_no_redirect(status: int) -> None:
    heard: list[str] = []

    def canary(asked: Asked) -> Reply:
        heard.append(asked.header(b"authorization"))
        return Reply(b"{}")

    async def move(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": other.url("/v1/chat/completions")})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", move)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with Loopback({"/v1/chat/completions": canary}) as other:
        endpoint = Endpoint(f"http://127.0.0.1:{port}/v1", "m", "sesame", 2.0)
        with pytest.raises(AssistError) as caught:
            await endpoint.complete("a", "b")
        await endpoint.close()
        await runner.cleanup()
        assert (heard, other.connections, str(caught.value)) == ([], 0, f"HTTP {status}")
