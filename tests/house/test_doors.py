"""Who may open connections: each way out of the program is listed here with its reason, and there is no other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

DOORS = {
    "feeds/handles.py": "the one door to the web: every connect asks networks.is_open first",
    "feeds/transfers.py": "the thread behind that door, and the pair of sockets that wakes it",
    "assist/endpoint.py": "the language model: to the configured address alone",
    "chat/slack_app.py": "Slack's own servers, and the small server that Slack calls",
    "chat/slack_web.py": "Slack's own servers",
    "chat/discord_client.py": "Discord's own servers",
    "loopback.py": "a server on loopback, for the demo and the benchmarks",
    "feeds/parse.py": "none: its libraries could fetch, so they get octets only",
    "feeds/workers.py": "none: it starts the children that read documents",
}
"""By path under bot/. What is under bench/ measures peers against servers of its own on loopback."""

_NETWORK = frozenset(
    (
        *(
            "socket",
            "socketserver",
            "ssl",
            "pycurl",
            "aiohttp",
            "httpx",
            "httpcore",
            "requests",
            "urllib3",
            "websockets",
        ),
        *("slack_sdk", "slack_bolt", "discord", "openai", "anthropic", "grpc", "paramiko", "h2", "tornado", "twisted"),
        *(
            "http.client",
            "http.server",
            "urllib.request",
            "urllib.robotparser",
            "ftplib",
            "smtplib",
            "poplib",
            "imaplib",
        ),
        *("nntplib", "telnetlib", "xmlrpc", "wsgiref", "webbrowser", "multiprocessing", "subprocess"),
        *("feedparser", "fastfeedparser", "feedfinder2", "reader", "psycopg", "redis"),
    )
)
_CALLS = frozenset(
    (
        *("open_connection", "open_unix_connection", "create_connection", "create_unix_connection", "sock_connect"),
        *("start_server", "start_unix_server", "create_server", "create_datagram_endpoint", "create_unix_server"),
        *("getaddrinfo", "gethostbyname", "urlopen", "urlretrieve", "socketpair"),
        *("create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "popen", "system", "posix_spawn"),
    )
)
_BY_NAME = frozenset({"import_module", "__import__"})


def openers(source: str) -> set[str]:
    """The network libraries that a file imports, by name too, and the calls in it that open connections or start programs."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
            found.update(one.name for one in node.names if one.name in _CALLS)
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found.update({called} & _CALLS)
            if called in _BY_NAME:
                names = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        for name in names:
            parts = name.split(".")
            found.update(way for end in (1, 2) if (way := ".".join(parts[:end])) in _NETWORK)
    return found


def files() -> list[Path]:
    return [path for path in sorted((ROOT / "bot").rglob("*.py")) if "bench" not in path.parts]


def test_only_the_listed_doors_can_open_connections() -> None:
    found = {path.relative_to(ROOT / "bot").as_posix(): openers(path.read_text(encoding="utf-8")) for path in files()}
    strangers = {name: ways for name, ways in found.items() if ways and name not in DOORS}
    assert strangers == {}, "a new way out: let it go through feeds/fetch.py, or list it with its reason"


def test_every_listed_door_is_one() -> None:
    assert {name for name in DOORS if not openers((ROOT / "bot" / name).read_text(encoding="utf-8"))} == set()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import socket", {"socket"}),
        ("from urllib import request", {"urllib.request"}),
        ("from urllib.request import urlopen", {"urllib.request", "urlopen"}),
        ("from urllib.parse import urlsplit", set()),
        ("from http import HTTPStatus", set()),
        ("import importlib\nimportlib.import_module('aiohttp.client')", {"aiohttp"}),
        ("async def f(loop):\n    await loop.create_connection(None, 'x', 1)", {"create_connection"}),
    ],
)
def test_a_new_door_is_noticed(source: str, expected: set[str]) -> None:
    assert openers(source) == expected


def test_the_environment_is_trusted_nowhere() -> None:
    """aiohttp, requests and the SDK of Slack have switches that let http_proxy and the like bend what they send."""
    assert [path.name for path in files() if trusts(path.read_text(encoding="utf-8"))] == []


def trusts(source: str) -> bool:
    """Whether a file lets a library look for proxies in the environment, or gives one to it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in ("trust_env", "trust_env_in_session", "proxy"):
            allowed: object = None if node.arg == "proxy" else False
        elif isinstance(node, ast.Assign) and any(getattr(one, "attr", "") == "proxy" for one in node.targets):
            allowed = None
        else:
            continue
        if not (isinstance(node.value, ast.Constant) and node.value.value is allowed):
            return True
    return False


@pytest.mark.parametrize("source", ["ClientSession(trust_env=True)", "client.proxy = 'x'", "f(proxy=environ['p'])"])
def test_trust_in_the_environment_is_noticed(source: str) -> None:
    assert trusts(source)
