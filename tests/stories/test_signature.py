"""What of a report is kept to tell its event."""

from __future__ import annotations

from dataclasses import replace
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Classification, StoredItem
from bot.stories.signature import headed, is_roundup, sign, sign_stored
from tests.stories.nasty import NASTY
from tests.stories.signatures import (
    APPROVED,
    FIRE,
    FIRE_ANSWER,
    FIRE_ZH,
    ROUND_EN,
    ROUND_ZH,
    ROUNDUP,
    ROUNDUP_ZH,
    SALE,
    START,
    Words,
    about,
    item,
    report,
)


def test_a_report_is_known_by_its_words_names_numbers_and_who_acts() -> None:
    found = report(FIRE)
    assert {"tarn", "fjord", "recal", "oslo"} <= {*found.words}
    assert {"oslo", "fjord", "norwegian"} <= {*found.names} <= {*found.words}
    assert {"recal", "oslo"} <= {*found.title} <= {*found.words}
    assert "n:4.2e+03" in found.numbers
    assert found.entities["tarn"] != "mention"
    assert (found.at, found.source, found.han, found.roundup) == (START, "Wire A", False, False)


def test_words_are_there_once_each_with_what_they_are_worth() -> None:
    found = report(FIRE)
    assert len(found.words) == len(set(found.words)) == len(found.said)
    said = dict(zip(found.words, found.said, strict=True))
    assert said["robot"] > said["norwegian"]


def test_a_word_of_the_title_is_worth_more_than_one_of_the_text() -> None:
    found = report(Words("Fjord stops", "The herring stays where it was."))
    said = dict(zip(found.words, found.said, strict=True))
    assert said["fjord"] > said["her" if "her" in said else "herring"]


def test_chinese_reports_bring_the_words_that_can_be_translated_the_title_s_first() -> None:
    found = report(FIRE_ZH)
    assert found.han
    assert {"召回", "机器人", "电池"} <= {*found.chinese}
    assert found.chinese.index("召回") < found.chinese.index("警告")
    assert report(FIRE).chinese == ()


def test_a_report_without_a_time_has_none() -> None:
    assert report(FIRE, timed=False).at is None


def test_the_end_of_a_long_text_tells_nothing() -> None:
    long = FIRE._replace(summary=FIRE.summary + " Nothing else." * 400 + " Zanzibar sends 7,777 penguins in 1999.")
    found = report(long)
    assert "zanzibar" not in found.words
    assert "n:7.78e+03" not in found.numbers
    assert "1999" not in found.dates


def test_developments_are_known_by_their_headlines() -> None:
    assert report(FIRE_ANSWER).reaction == "responds"
    assert report(APPROVED).state == "approves"
    assert (report(SALE).reaction, report(SALE).state) == ("", "")


@pytest.mark.parametrize(
    "title",
    [
        "Robotics round-up: five deals of note",
        "The Friday Roundup",
        "This Week in Robots",
        "Morning briefing: Corvid, Lumen and more",
        "Our newsletter of 3 March",
        "机器人早报：三家公司获融资",
        "具身智能一周融资回顾",
        "8点1氪：特斯拉发布新品",
    ],
)
def test_round_ups_and_newsletters_are_known_by_their_titles(title: str) -> None:
    assert is_roundup(title)
    assert report(Words(title)).roundup


@pytest.mark.parametrize(
    "title",
    ["", "🤖", "Lumen Robotics raises a round", "Up and around", "A week in the life of a welder"],
)
def test_other_titles_are_of_one_event(title: str) -> None:
    assert not is_roundup(title)


@pytest.mark.parametrize(
    "title", ["华尔街日报：子午线汽车洽谈收购渡鸦机器人", "人民日报社记者参观机器人工厂", "机器人为酒店客人做早餐"]
)
def test_a_newspaper_s_name_and_a_breakfast_are_no_round_up(title: str) -> None:
    assert not is_roundup(title)


def test_both_languages_have_round_ups() -> None:
    assert (report(ROUNDUP).roundup, report(ROUNDUP_ZH).roundup) == (True, True)


def test_a_title_that_is_cut_from_its_text_is_the_first_sentence() -> None:
    cut = replace(item(FIRE), title="Robots burn in…", summary="Robots burn in the north. Nobody was hurt.")
    assert headed(cut) == ("Robots burn in the north.", "Nobody was hurt.")


def test_a_title_that_the_text_repeats_counts_once() -> None:
    told = replace(item(FIRE), title="Robots burn", summary="Robots burn in the north.")
    assert headed(told) == ("Robots burn", " in the north.")
    assert headed(item(FIRE)) == (FIRE.title, FIRE.summary)


def test_the_store_gives_the_signature_back() -> None:
    one = item(ROUND_EN)
    read = about(one)
    acting = tuple(mention.entity for mention in read.mentions if mention.role != "mention")
    stored = StoredItem(
        one,
        1,
        1,
        START,
        entities=tuple(mention.entity for mention in read.mentions),
        event=read.event,
        deals=read.deals,
        actors=acting,
    )
    fresh, again = sign(one, read), sign_stored(stored)
    assert replace(again, entities={}) == replace(fresh, entities={})
    assert {*again.entities} == {*fresh.entities}
    assert {entity for entity, role in again.entities.items() if role != "mention"} == {*acting}


def test_the_same_report_has_the_same_signature() -> None:
    assert report(ROUND_ZH) == report(ROUND_ZH)


@pytest.mark.parametrize("title", ["", " ", "🤖🚀", "…", "…" * 50, "\x00"])
@pytest.mark.parametrize("summary", ["", "🤖🚀", "...", "\x00"])
def test_a_report_that_says_nothing_has_a_signature(title: str, summary: str) -> None:
    found = sign(replace(item(FIRE), title=title, summary=summary), Classification())
    assert found.words == found.numbers == found.dates == found.chinese == ()
    assert len(found.sketch) == 0


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nasty_reports_are_signed_in_no_time(text: str) -> None:
    report(ROUND_ZH)  # the dictionary is read once
    nasty = replace(item(FIRE), title=text, summary=f"{text} {text}")
    for one in (nasty, replace(nasty, title=text[:80] + "…")):
        began = thread_time()
        sign(one, Classification())
        assert thread_time() - began < 1.0


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_report_has_a_signature(title: str, summary: str) -> None:
    found = sign(replace(item(FIRE), title=title, summary=summary), Classification())
    assert {*found.title} | {*found.names} <= {*found.words}
    assert len(found.said) == len(found.words)
    assert found.numbers == tuple(sorted({*found.numbers}))
