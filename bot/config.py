"""The configuration: TOML into frozen dataclasses, every fault reported at once, secrets from the environment only."""

from __future__ import annotations

import dataclasses
import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from bot.errors import BadConfig

SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DISCORD_TOKEN", "ASSIST_API_KEY")

POLITE = 300
"""Seconds between two polls of a server that is not one's own, at least."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(r"(\d+)\s*([smhd])")
_SIZE = re.compile(r"(\d+)\s*([KMG]i?B|B)?", re.IGNORECASE)
_SIZES = {"b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


@dataclass(frozen=True, slots=True)
class Log:
    """`[log]`"""

    level: Literal["debug", "info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Fetch:
    """`[fetch]`: how pages are fetched."""

    user_agent: str = "Robowire/0.1 (news alerts; feed reader)"
    timeout: str = "20s"
    max_size: str = "10MiB"
    max_redirects: int = 5
    concurrency: int = 100
    per_host: int = 4
    allow_networks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Poll:
    """`[poll]`: how often."""

    every: str = "15m"
    shortest: str = "5m"
    longest: str = "6h"
    jitter: float = 0.1


@dataclass(frozen=True, slots=True)
class Parse:
    """`[parse]`: the child processes that read documents."""

    workers: int = 2
    timeout: str = "5s"
    max_memory: str = "1GiB"


@dataclass(frozen=True, slots=True)
class Alerts:
    """`[alerts]`: what is posted."""

    per_poll: int = 10
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Assist:
    """`[assist]`: a language model that may fill gaps; off without a url."""

    url: str = ""
    model: str = ""
    timeout: str = "8s"
    per_day: int = 200
    summaries: bool = True


@dataclass(frozen=True, slots=True)
class Terminal:
    """`[terminal]`: the chat without an account."""

    transcript: str = ""


@dataclass(frozen=True, slots=True)
class Slack:
    """`[slack]`: used where SLACK_BOT_TOKEN is set."""

    mode: Literal["socket", "http"] = "socket"
    api_url: str = "https://slack.com/api/"
    listen: str = "127.0.0.1:3000"
    managers: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Discord:
    """`[discord]`: used where DISCORD_TOKEN is set."""

    api_url: str = "https://discord.com/api/v10"
    gateway_url: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """`[limits]`: how much people may ask for and how much a place is told; 0 is no limit."""

    watchlists_per_person: int = 20
    feeds_per_channel: int = 25
    feeds_per_workspace: int = 200
    commands_per_minute: int = 10
    messages_per_hour: int = 60


@dataclass(frozen=True, slots=True)
class Start:
    """`[start]`: what a new database begins with."""

    feeds: str = "seeds"
    watchlists: str = "seeds"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be configured; `config.example.toml` documents each key."""

    database: str = "robowire.db"
    knowledge: str = "seeds"
    log: Log = field(default_factory=Log)
    fetch: Fetch = field(default_factory=Fetch)
    poll: Poll = field(default_factory=Poll)
    parse: Parse = field(default_factory=Parse)
    alerts: Alerts = field(default_factory=Alerts)
    assist: Assist = field(default_factory=Assist)
    terminal: Terminal = field(default_factory=Terminal)
    slack: Slack = field(default_factory=Slack)
    discord: Discord = field(default_factory=Discord)
    limits: Limits = field(default_factory=Limits)
    start: Start = field(default_factory=Start)


def load(path: Path | None) -> Config:
    """Read a configuration file; without one, `config.toml` of this folder, or the defaults. Raises BadConfig."""
    if path is None:
        path = Path("config.toml")
        if not path.exists():
            return Config()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConfig([f"{path}: {error.strerror or error}. Copy config.example.toml to begin with."]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig([f"{path}: not TOML: {error}"]) from error
    return from_table(table, str(path))


def from_table(table: Mapping[str, Any], name: str = "config") -> Config:
    """Build a Config from parsed TOML. Raises BadConfig with every fault: unknown keys, types, impossible values.

    `name` stands before each fault.
    """
    faults: list[str] = []
    config: Config = _build(Config, table, "", faults)
    if not faults:
        faults += _impossible(config)
    if faults:
        raise BadConfig([f"{name}: {fault}" for fault in faults])
    return config


def seconds(text: str) -> int:
    """`90s`, `15m`, `6h` or `1d` as seconds. Raises ValueError."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a time like 90s, 15m, 6h or 1d")
    return int(found.group(1)) * _UNITS[found.group(2)]


def size(text: str) -> int:
    """`512KiB`, `10MiB`, `1GiB` as bytes. Raises ValueError."""
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a size like 512KiB, 10MiB or 1GiB")
    return int(found.group(1)) * _SIZES[(found.group(2) or "b")[0].lower()]


def tokens(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The names of the secrets that are present; their values stay in the environment."""
    return frozenset(name for name in SECRETS if environ.get(name))


def keys(of: type = Config, prefix: str = "") -> list[str]:
    """Every key with its section, as `fetch.timeout`."""
    found: list[str] = []
    for name, kind in get_type_hints(of).items():
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            found += keys(kind, f"{prefix}{name}.")
        else:
            found.append(prefix + name)
    return found


def _build(of: type, table: Mapping[str, Any], prefix: str, faults: list[str]) -> Any:
    hints = get_type_hints(of)
    given: dict[str, Any] = {}
    for key, value in table.items():
        where = prefix + key
        if key not in hints:
            near = difflib.get_close_matches(key, hints, 1)
            faults.append(f"unknown key `{where}`" + (f"; did you mean `{prefix}{near[0]}`?" if near else ""))
        elif dataclasses.is_dataclass(hints[key]):
            if isinstance(value, Mapping):
                given[key] = _build(hints[key], value, f"{where}.", faults)
            else:
                faults.append(f"`{where}` is a section: write [{where}]")
        elif wrong := _wrong(hints[key], value):
            faults.append(f"`{where}` must be {wrong}, not {value!r}")
        else:
            given[key] = float(value) if hints[key] is float else value
    return of(**given)


def _wrong(hint: Any, value: Any) -> str:
    """What the value should have been, or nothing if it is right."""
    if get_origin(hint) is Literal:
        return "" if value in get_args(hint) else "one of " + ", ".join(map(repr, get_args(hint)))
    if get_origin(hint) is list:
        good = isinstance(value, list) and all(isinstance(part, str) for part in value)
        return "" if good else "a list of texts"
    if hint is bool:
        return "" if isinstance(value, bool) else "true or false"
    if hint is float:
        return "" if isinstance(value, int | float) and not isinstance(value, bool) else "a number"
    if hint is int:
        return "" if isinstance(value, int) and not isinstance(value, bool) else "a whole number"
    return "" if isinstance(value, str) else "a text"


def _impossible(config: Config) -> list[str]:
    """Values of the right type that cannot be meant."""
    faults = []
    for where, reader, value in (
        ("fetch.timeout", seconds, config.fetch.timeout),
        ("fetch.max_size", size, config.fetch.max_size),
        ("poll.every", seconds, config.poll.every),
        ("poll.shortest", seconds, config.poll.shortest),
        ("poll.longest", seconds, config.poll.longest),
        ("parse.timeout", seconds, config.parse.timeout),
        ("parse.max_memory", size, config.parse.max_memory),
        ("alerts.timezone", _zone, config.alerts.timezone),
        ("assist.url", _endpoint, config.assist.url),
        ("slack.api_url", _address, config.slack.api_url),
        ("slack.listen", _listen, config.slack.listen),
        ("discord.api_url", _address, config.discord.api_url),
        ("discord.gateway_url", _gateway, config.discord.gateway_url),
        ("assist.timeout", seconds, config.assist.timeout),
        *(("fetch.allow_networks", _network, network) for network in config.fetch.allow_networks),
    ):
        try:
            reader(value)
        except ValueError as error:
            faults.append(f"`{where}`: {error}")
    for where, number, least, most in (
        ("fetch.max_redirects", config.fetch.max_redirects, 0, 20),
        ("fetch.concurrency", config.fetch.concurrency, 1, 1000),
        ("fetch.per_host", config.fetch.per_host, 1, 1000),
        ("parse.workers", config.parse.workers, 1, 32),
        ("alerts.per_poll", config.alerts.per_poll, 1, 100),
        ("poll.jitter", config.poll.jitter, 0.0, 0.5),
        ("assist.per_day", config.assist.per_day, 0, 1_000_000),
        *((f"limits.{one.name}", getattr(config.limits, one.name), 0, 1_000_000) for one in dataclasses.fields(Limits)),
    ):
        if not least <= number <= most:
            faults.append(f"`{where}` must be between {least} and {most}, not {number}")
    if config.assist.url and not config.assist.model:
        faults.append("`assist.model`: the name of the model is missing; `assist.url` is set")
    if not faults and seconds(config.poll.shortest) < POLITE and not config.fetch.allow_networks:
        faults.append(
            f"`poll.shortest` must be at least {POLITE // 60}m, not {config.poll.shortest!r}: servers of others are not to be "
            "asked more often. Only a bot that reads servers of your own (`fetch.allow_networks`) may"
        )
    if not faults and not seconds(config.poll.shortest) <= seconds(config.poll.every) <= seconds(config.poll.longest):
        faults.append("`poll`: shortest <= every <= longest does not hold")
    return faults


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(f"no time zone {name!r}; write one like Europe/Berlin") from error


def _address(url: str) -> str:
    if not re.match(r"https?://[^\s/@]+(/\S*)?$", url):
        raise ValueError(f"{url!r} is no address like https://slack.com/api/")
    return url


def _gateway(url: str) -> str:
    if url and not re.match(r"wss?://[^\s/@]+(/\S*)?$", url):
        raise ValueError(f"{url!r} is no address like wss://gateway.discord.gg/")
    return url


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{text!r} is not a host and port like 127.0.0.1:3000")
    return host, int(port)


def _endpoint(url: str) -> str:
    if url and not re.match(r"https?://[^\s/@]+(/\S*)?$", url):
        raise ValueError(f"{url!r} is no address like http://127.0.0.1:11434/v1; the key goes into ASSIST_API_KEY")
    return url


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a network like 127.0.0.1/32") from error
