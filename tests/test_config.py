"""The configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.config import POLITE, Config, from_table, load, seconds, size, tokens
from bot.errors import BadConfig


def faults(table: dict[str, Any]) -> list[str]:
    with pytest.raises(BadConfig) as caught:
        from_table(table, "c.toml")
    return caught.value.faults


def test_nothing_configured_is_the_default() -> None:
    assert from_table({}) == Config()


def test_all_faults_are_reported_at_once() -> None:
    found = faults({"databse": "x", "fetch": {"timeout": 5, "per_hots": 2}, "log": {"level": "loud"}, "poll": 3})
    assert found == [
        "c.toml: unknown key `databse`; did you mean `database`?",
        "c.toml: `fetch.timeout` must be a text, not 5",
        "c.toml: unknown key `fetch.per_hots`; did you mean `fetch.per_host`?",
        "c.toml: `log.level` must be one of 'debug', 'info', 'warning', 'error', not 'loud'",
        "c.toml: `poll` is a section: write [poll]",
    ]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"fetch": {"timeout": "soon"}}, "90s, 15m, 6h or 1d"),
        ({"fetch": {"max_size": "big"}}, "10MiB"),
        ({"fetch": {"allow_networks": ["localhost"]}}, "127.0.0.1/32"),
        ({"fetch": {"allow_networks": "127.0.0.1/32"}}, "list of texts"),
        ({"fetch": {"concurrency": 0}}, "between 1 and 1000"),
        ({"fetch": {"concurrency": True}}, "whole number"),
        ({"poll": {"jitter": 2}}, "between 0.0 and 0.5"),
        ({"poll": {"every": "1m"}}, "shortest <= every <= longest"),
        ({"poll": {"shortest": "299s"}}, "`poll.shortest` must be at least 5m, not '299s'"),
        ({"limits": {"messages_per_hour": -1}}, "between 0 and 1000000"),
        ({"limits": {"feeds_per_chanel": 1}}, "did you mean `limits.feeds_per_channel`?"),
        ({"alerts": {"timezone": "Mars/Olympus"}}, "Europe/Berlin"),
    ],
)
def test_an_impossible_value_says_what_would_be_possible(table: dict[str, Any], words: str) -> None:
    assert words in "\n".join(faults(table))


def test_only_servers_of_ones_own_may_be_asked_more_often_than_every_five_minutes() -> None:
    hasty = {"poll": {"every": "1s", "shortest": "1s"}, "fetch": {"allow_networks": ["127.0.0.1/32"]}}
    assert seconds(from_table(hasty).poll.shortest) == 1
    assert seconds(Config().poll.shortest) == POLITE == 300


def test_a_missing_file_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"config\.example\.toml"):
        load(tmp_path / "none.toml")


def test_a_broken_file_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("database = \n")
    with pytest.raises(BadConfig, match="line 1"):
        load(path)


def test_config_toml_of_the_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None) == Config()
    (tmp_path / "config.toml").write_text('database = "other.db"\n')
    assert load(None).database == "other.db"


@pytest.mark.parametrize(("text", "expected"), [("90s", 90), ("15m", 900), ("6h", 21_600), ("1d", 86_400)])
def test_times_have_units(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("100", 100), ("1KiB", 1024), ("10 MiB", 10_485_760), ("1GB", 1 << 30)])
def test_sizes_have_units(text: str, expected: int) -> None:
    assert size(text) == expected


def test_only_tokens_that_are_set_are_present() -> None:
    assert tokens({"SLACK_BOT_TOKEN": "x", "DISCORD_TOKEN": "", "OTHER": "y"}) == {"SLACK_BOT_TOKEN"}
