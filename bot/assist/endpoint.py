"""An OpenAI-compatible chat endpoint, of this machine or of a provider: one question, one answer."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from bot.errors import AssistError

_MOST_OCTETS = 256 * 1024
_MOST_TOKENS = 600


class Endpoint:
    """`POST {url}/chat/completions`, as https://platform.openai.com/docs/api-reference/chat and many servers have it.

    Goes where the configuration says and nowhere else: no redirects, no proxy of the environment. The key is sent to that
    host only and never shown.
    """

    def __init__(self, url: str, model: str, key: str = "", seconds: float = 8.0) -> None:
        self._url, self._model = url.rstrip("/") + "/chat/completions", model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    async def complete(self, system: str, user: str) -> str:
        """The model's answer to a question. Raises AssistError whatever goes wrong."""
        asked = {
            "model": self._model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "response_format": {"type": "json_object"},
        }
        try:
            async with self._opened().post(
                self._url, json=asked, headers=self._headers, allow_redirects=False
            ) as answer:
                body = await answer.content.read(_MOST_OCTETS + 1)
                while len(body) <= _MOST_OCTETS and (more := await answer.content.read(_MOST_OCTETS)):
                    body += more
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise AssistError(f"no answer: {type(error).__name__}") from error
        if status != 200:
            raise AssistError(f"HTTP {status}")
        if len(body) > _MOST_OCTETS:
            raise AssistError("an answer of more than 256 KiB")
        return _content(body)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:  # needs a running loop
            self._session = aiohttp.ClientSession(timeout=self._timeout, trust_env=False)
        return self._session


def _content(body: bytes) -> str:
    try:
        answer: Any = json.loads(body)
        content = answer["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise AssistError("an answer that is none of a chat endpoint") from error
    if not isinstance(content, str):
        raise AssistError("an answer without text")
    return content
