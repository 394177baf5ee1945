"""What a watchlist's cards show: read, kept, put together."""

from __future__ import annotations

import pytest

from bot.errors import BadInput
from bot.model import TERMINAL, Place
from bot.templates import FIELDS, Template, load, read_fields, read_mention, union

SLACK, DISCORD = Place("slack:T0/C1"), Place("discord:500000000000000005/7")
ROLE = "600000000000000006"


@pytest.mark.parametrize(
    "template", [Template(), Template(("why", "deal")), Template(mention="S0123ABCD"), Template(("deal",), f"{ROLE} 7")]
)
def test_what_is_kept_is_read_again(template: Template) -> None:
    assert load(str(template)) == template


def test_the_usual_card_is_kept_as_nothing() -> None:
    assert str(Template()) == ""
    assert load("fields=deal,horoscope,why").fields == ("deal", "why")


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("event,deal", ("event", "deal")),
        ("Why; TIME  why", ("why", "time")),
        ("default", FIELDS),
        ("all", FIELDS),
    ],
)
def test_fields_as_people_type_them(typed: str, fields: tuple[str, ...]) -> None:
    assert read_fields(typed) == fields


@pytest.mark.parametrize(("typed", "near"), [("sumary", "`summary`"), ("pictures", "`picture`"), (",", "Say which")])
def test_a_field_that_there_is_not_has_a_nearest_word(typed: str, near: str) -> None:
    with pytest.raises(BadInput, match=near) as caught:
        read_fields(typed)
    assert caught.value.field == "fields"


@pytest.mark.parametrize(
    ("typed", "place", "id_"),
    [
        ("S0123ABCD", SLACK, "S0123ABCD"),
        ("<!subteam^S0123ABCD>", SLACK, "S0123ABCD"),
        ("<!subteam^S0123ABCD|@robotics>", SLACK, "S0123ABCD"),
        (f"<@&{ROLE}>", DISCORD, ROLE),
        (ROLE, DISCORD, ROLE),
        ("none", TERMINAL, ""),
    ],
)
def test_a_mention_is_one_group_or_role(typed: str, place: Place, id_: str) -> None:
    assert read_mention(typed, place) == id_


@pytest.mark.parametrize(
    ("typed", "place", "said"),
    [
        ("@here", SLACK, "Everybody at once"),
        ("<!channel>", SLACK, "Everybody at once"),
        ("<!here|here>", SLACK, "Everybody at once"),
        ("@everyone", DISCORD, "Everybody at once"),
        ("500000000000000005", DISCORD, "Everybody at once"),
        ("@robotics", SLACK, "is not a user group"),
        ("<@U0123ABCD>", SLACK, "is not a user group"),
        ("S0123ABCD><!channel", SLACK, "is not a user group"),
        ("S0123ABCD", DISCORD, "is not a role"),
        ("<@600000000000000006>", DISCORD, "is not a role"),
        ("S0123ABCD", Place("slack:T0/@U1"), "Nobody can be mentioned"),
        ("S0123ABCD", TERMINAL, "Nobody can be mentioned"),
    ],
)
def test_nobody_else_is_mentioned_and_never_everybody(typed: str, place: Place, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        read_mention(typed, place)
    assert caught.value.field == "mention"


def test_several_watchlists_show_what_any_of_them_shows_and_call_whom_any_of_them_calls() -> None:
    assert union(["fields=why,deal mention=S1", "fields=deal,time mention=S2 S1"]) == Template(
        ("why", "deal", "time"), "S1 S2"
    )
    assert union(["fields=why", ""]).fields == ("why", *(field for field in FIELDS if field != "why"))
    assert union([]) == Template()
