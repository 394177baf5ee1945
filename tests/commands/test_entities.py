"""`entity` as people use it."""

from __future__ import annotations

import pytest

from bot.command import Reply
from bot.model import Person, Place
from bot.people import Proposal
from tests.commands.conftest import Typist, new
from tests.contract.makers import NOW, index, stored

HERE = (Place("slack:T0/C1"), Person("slack:T0/U1"))


async def said(typist: Typist, line: str) -> str:
    return (await typist.type(line)).message.text


async def found(typist: Typist, line: str) -> list[str]:
    return [str(row["title"]) for row in (await typist.type(line)).rows]


def suggest(typist: Typist, entity: str = "unitree", alias: str = "Yushu Dynamics") -> None:
    one, two = stored("Unitree raises", story_id=7), stored("Yushu raises", story_id=7)
    with typist.store.write() as tx:
        tx.items.add([one, two, stored("another report", story_id=7)])
        index(tx)
        tx.suggestions.add([Proposal(entity, alias, 7, (one.item.id, two.item.id))], NOW)


async def test_an_added_entity_counts_for_items_from_then_on_and_in_queries(typist: Typist) -> None:
    assert not (await typist.type("watch add nordic company:norrland")).ok
    reply = await typist.type('entity add "Norrland Robotics" names="Norrland, 诺兰机器人，諾蘭" parent=alibaba')
    assert reply.ok
    assert reply.public
    assert reply.rows[0]["id"] == "norrland-robotics"
    typist.holds(new("诺兰机器人 opens a factory"), new("NORRLAND robotics sells robots"), new("A bank opens"))
    assert await found(typist, "news norrland") == ["NORRLAND robotics sells robots", "诺兰机器人 opens a factory"]
    assert await found(typist, "news alibaba") == ["NORRLAND robotics sells robots", "诺兰机器人 opens a factory"]
    assert (await typist.type("watch add nordic company:norrland")).ok


async def test_an_added_spelling_counts_for_items_from_then_on(typist: Typist) -> None:
    typist.holds(new("Yushu Dynamics sells a robot dog"))
    assert await found(typist, "news unitree") == []
    assert "also found as Yushu Dynamics, Yushu" in await said(typist, 'entity alias unitree "Yushu Dynamics", Yushu')
    typist.holds(new("Yushu sells another"))
    assert await found(typist, "news unitree") == ["Yushu sells another"]
    assert "Yushu (terminal:me" in await said(typist, "entity show yushu dynamics")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("entity add unitree", "Unitree"),
        ('entity add Norrland names="阿里巴巴"', "Alibaba"),
        ("entity add Norrland parent=alibabba", "Did you mean `Alibaba`"),
        ("entity add Norrland kind=bank", "kind must be one of company, investor, person, lab"),
        ("entity add ...", "no letter or digit"),
        ("entity add X", "2 to 80 characters"),
        ("entity add " + "x" * 81, "2 to 80 characters"),
        ("entity alias unitree 通义千问", "Qwen"),
        ("entity alias unitree Unitree", "already"),
        ("entity alias unitree ,", "Which spellings of Unitree"),
        ("entity alias unitre Yushu", "Did you mean `Unitree`"),
        ("entity alias zebra Yushu", "I do not know `zebra`"),
        ("entity show unitre", "Did you mean `Unitree`"),
        ("entity show ...", "I do not know"),
        ("entity remove unitree", "came with Robowire"),
        ("entity remove zebra", "I do not know `zebra`"),
        ("entity accept 7", "no suggestion 7"),
        ("entity reject 7", "no suggestion 7"),
        ("entity accept seven", "must be a number"),
    ],
)
async def test_a_fault_is_told_kindly_and_changes_nothing(typist: Typist, line: str, expected: str) -> None:
    reply = await typist.type(line)
    assert not reply.ok
    assert expected in reply.message.text
    assert "Nothing was added here yet" in await said(typist, "entity list")


async def test_what_somebody_else_added_is_taken_too(typist: Typist) -> None:
    await typist.type("entity add Norrland")
    for line in ("entity add NORRLAND", "entity alias unitree norrland", "entity alias norrland norrland"):
        reply = await typist.type(line)
        assert not reply.ok
        assert "Norrland" in reply.message.text


async def test_names_in_other_scripts_get_ids_of_their_own(typist: Typist) -> None:
    ids = [str((await typist.type(f"entity add {name}")).rows[0]["id"]) for name in ("诺兰", "山岳")]
    assert len(set(ids)) == 2
    assert all(one.startswith("own-") and one.isascii() for one in ids)
    assert (await typist.type("entity add Qwen-2 kind=lab")).rows[0]["id"] == "qwen-2"
    assert [(await typist.type(f"entity show {one}")).rows[0]["name"] for one in ids] == ["诺兰", "山岳"]


async def test_show_tells_names_family_and_country(typist: Typist) -> None:
    reply = await typist.type("entity show 阿里巴巴")
    assert reply.rows[0]["name"] == "Alibaba"
    assert "Also called: 阿里巴巴" in reply.message.text
    assert "Has: Qwen" in reply.message.text
    assert "Belongs to: Alibaba" in await said(typist, "entity show qwen")


async def test_list_shows_what_was_added_and_nothing_else(typist: Typist) -> None:
    await typist.type('entity add Norrland kind=investor names="Nordland"')
    await typist.type("entity alias unitree Yushu")
    rows = (await typist.type("entity list")).rows
    assert [(row["id"], row["kind"], row["own"], row["names"]) for row in rows] == [
        ("norrland", "investor", True, ["Nordland"]),
        ("unitree", "company", False, ["Yushu"]),
    ]
    assert "3 companies, investors, people and labs came with Robowire" in await said(typist, "entity list")


async def test_what_was_added_can_be_taken_back(typist: Typist) -> None:
    await typist.type('entity add Norrland names="Nordland, 诺兰"')
    await typist.type("entity alias unitree Yushu")
    assert "Yushu is no name of Unitree any more" in await said(typist, "entity remove yushu")
    assert "Nordland is no name of Norrland any more" in await said(typist, "entity remove Nordland")
    assert "with all its spellings" in await said(typist, "entity remove norrland")
    assert not (await typist.type("entity show 诺兰")).ok
    assert "Nothing was added here yet" in await said(typist, "entity list")


async def test_a_suggestion_counts_only_once_somebody_accepts_it(typist: Typist) -> None:
    assert "No suggestions" in await said(typist, "entity suggestions")
    suggest(typist)
    (row,) = (await typist.type("entity suggestions")).rows
    assert (row["alias"], row["name"]) == ("Yushu Dynamics", "Unitree")
    assert row["reports"] == ["Unitree raises (Example)", "Yushu raises (Example)"]
    assert not (await typist.type("entity show yushu dynamics")).ok
    assert "Unitree is also found as Yushu Dynamics" in await said(typist, f"entity accept {row['number']}")
    assert (await typist.type("entity show yushu dynamics")).rows[0]["id"] == "unitree"
    assert "No suggestions" in await said(typist, "entity suggestions")
    assert "was accepted already, by terminal:me" in await said(typist, f"entity reject {row['number']}")


async def test_a_rejected_suggestion_does_not_come_back(typist: Typist) -> None:
    suggest(typist)
    number = (await typist.type("entity suggestions")).rows[0]["number"]
    assert "will not be suggested" in await said(typist, f"entity reject {number}")
    with typist.store.write() as tx:
        tx.suggestions.add([Proposal("unitree", "Yushu Dynamics", 8, ("x",))], NOW)
    assert "No suggestions" in await said(typist, "entity suggestions")
    assert "was rejected already" in await said(typist, f"entity accept {number}")


@pytest.mark.parametrize(("entity", "alias"), [("unitree", "Qwen"), ("gone", "Yushu")])
async def test_a_suggestion_that_cannot_be_true_any_more_is_not_accepted(
    typist: Typist, entity: str, alias: str
) -> None:
    suggest(typist, entity, alias)
    number = (await typist.type("entity suggestions")).rows[0]["number"]
    reply = await typist.type(f"entity accept {number}")
    assert not reply.ok
    assert len((await typist.type("entity suggestions")).rows) == 1


async def test_only_those_who_may_change_the_place_change_names(typist: Typist) -> None:
    for line in (
        "entity add Norrland",
        "entity alias unitree Yushu",
        "entity remove x",
        "entity accept 1",
        "entity reject 1",
    ):
        assert typist.book.commands[typist.book.read(line, *HERE).path].changes
    reply: Reply = await typist.book.answer("entity add Norrland", *HERE, "member")
    assert not reply.ok
    assert "entity list" not in reply.message.text
    assert "Nothing was added here yet" in await said(typist, "entity list")
