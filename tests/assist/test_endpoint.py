"""The language model's endpoint, against a small server of our own on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.assist.endpoint import Endpoint
from bot.errors import AssistError


@asynccontextmanager
async def served(answer: web.Response | float) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """An endpoint that gives one answer (or none within so many seconds), and what it was asked."""
    asked: list[dict[str, Any]] = []

    async def complete(request: web.Request) -> web.Response:
        asked.append({"key": request.headers.get("Authorization", ""), **await request.json()})
        if isinstance(answer, float):
            await asyncio.Event().wait()
        assert isinstance(answer, web.Response)
        return answer

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    try:
        yield f"http://127.0.0.1:{port}/v1", asked
    finally:
        await runner.cleanup()


def said(text: object) -> web.Response:
    return web.json_response({"choices": [{"message": {"role": "assistant", "content": text}}]})


async def test_an_answer_comes_back_and_the_key_goes_with_the_question() -> None:
    async with served(said('{"deals": []}')) as (url, asked):
        endpoint = Endpoint(url, "small-model", "sesame")
        try:
            assert await endpoint.complete("be brief", "what happened?") == '{"deals": []}'
        finally:
            await endpoint.close()
    assert (asked[0]["model"], asked[0]["key"], asked[0]["temperature"]) == ("small-model", "Bearer sesame", 0)
    assert [one["content"] for one in asked[0]["messages"]] == ["be brief", "what happened?"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (web.Response(status=500, text="sesame"), "HTTP 500"),
        (web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}), "HTTP 302"),
        (web.Response(text="<html>"), "none of a chat endpoint"),
        (web.Response(text=json.dumps({"choices": []})), "none of a chat endpoint"),
        (web.Response(body=b"[" * 100_000), "none of a chat endpoint"),
        (web.Response(body=b" " * 300_000), "256 KiB"),
        (said(None), "without text"),
        (0.2, "no answer"),
    ],
    ids=["500", "redirect", "html", "empty", "deep", "large", "null", "slow"],
)
async def test_every_other_answer_is_one_error_without_the_key(answer: web.Response | float, why: str) -> None:
    async with served(answer) as (url, _):
        endpoint = Endpoint(url, "small-model", "sesame", seconds=answer if isinstance(answer, float) else 5.0)
        try:
            with pytest.raises(AssistError, match=why) as caught:
                await endpoint.complete("", "")
        finally:
            await endpoint.close()
    assert "sesame" not in str(caught.value)


async def test_nobody_listening_is_the_same_error() -> None:
    endpoint = Endpoint("http://127.0.0.1:1/v1", "small-model", "sesame")
    try:
        with pytest.raises(AssistError, match="no answer"):
            await endpoint.complete("", "")
    finally:
        await endpoint.close()
