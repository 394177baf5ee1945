"""Why, in words: terms with their places, deals, feedback; and snippets that mark exactly the words that counted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classify import why
from bot.classify.feedback import UNTAUGHT, Judgement, Learned
from bot.classify.match import Matcher
from bot.classify.query.explain import Explanation, Missing
from bot.model import Classification, Deal, Evidence, Item, Match, Mention, Party
from tests.classify.samples import KNOWLEDGE, item, watchlist


def found(query: str, title: str, summary: str = "") -> tuple[Item, Classification, Match]:
    one = item(title, summary)
    about, (match,) = Matcher(KNOWLEDGE, [watchlist(query)]).read(one)
    return one, about, match


def marked(snippet: why.Snippet | None) -> list[str]:
    assert snippet is not None
    return [snippet.text[start:end] for start, end in snippet.spans]


# -- snippets ----------------------------------------------------------------------------------------------------------

PADDING = "The quick brown fox jumps over the lazy dog near the river bank. " * 12


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("robot", "A Robot walks", ["Robot"]),
        ("机器人", "宇树机器人发布会", ["机器人"]),
        ("机器人", "宇樹機器人發佈會", ["機器人"]),
        ("company:unitree", "宇樹科技 raises money", ["宇樹科技"]),
        ("robot", "Ａ Ｒｏｂｏｔ ｗａｌｋｓ", ["Ｒｏｂｏｔ"]),
        ("robot", "ﬁne Robot №1 … ㍿ walks", ["Robot"]),
        ('"embodied ai"', "An Embodied\u00a0AI\u2019s day", ["Embodied\u00a0AI"]),
        ("walks robot", "Robot that walks", ["Robot", "walks"]),
        ("straße", "Auf der STRASSE", ["STRASSE"]),
        ("café", "A Cafe\u0301 for robots", ["Cafe\u0301"]),
        ("g1", "宇树Ｇ１機器人", ["Ｇ１"]),
    ],
)
def test_the_words_marked_are_those_of_the_item(query: str, title: str, expected: list[str]) -> None:
    for one, _, match in (found(query, title), found(query, "", f"{PADDING}{title}. {PADDING}")):
        assert marked(why.snippet(one, match.evidence)) == expected


def test_a_long_text_is_cut_to_the_piece_that_counts() -> None:
    one, _, match = found("humanoid", "Nothing here", f"{PADDING}A humanoid opens doors. {PADDING}")
    snippet = why.snippet(one, match.evidence)
    assert snippet is not None
    assert snippet.field == "summary"
    assert (snippet.text[:2], snippet.text[-2:]) == ("… ", " …")
    assert len(snippet.text) < 240
    assert "A humanoid opens doors." in snippet.text
    assert snippet.text[2:-2] in one.summary


def test_a_long_chinese_text_is_cut_between_characters() -> None:
    one, _, match = found("机器人", "新闻", "今天天气很好。" * 60 + "这家机器人公司完成融资。" + "明天也是晴天。" * 60)
    snippet = why.snippet(one, match.evidence)
    assert snippet is not None
    assert "这家机器人公司完成融资" in snippet.text
    assert len(snippet.text) < 240


def test_the_strongest_piece_is_taken_and_the_title_first_among_equals() -> None:
    one = item("A robot", f"{PADDING}One robot meets a humanoid robot. ")
    at = len(PADDING)
    weak = Evidence("word:robot", "robot", "title", 2, 7, 0.3)
    strong = Evidence("word:robot", "robot", "summary", at + 4, at + 9, 0.9)
    equal = Evidence("word:robot", "robot", "title", 2, 7, 0.9)
    fields = [shown.field for shown in (why.snippet(one, [weak, strong]), why.snippet(one, [strong, equal])) if shown]
    assert fields == ["summary", "title"]


def test_no_evidence_in_the_text_shows_nothing() -> None:
    assert why.snippet(item("A robot"), []) is None
    assert why.snippet(item("A robot", lang="en"), [Evidence("lang:en", "en", "lang", 0, 2)]) is None


def test_overlapping_words_are_marked_once() -> None:
    one = item("humanoid robot")
    evidence = [Evidence("a", "humanoid robot", "title", 0, 14), Evidence("b", "robot", "title", 9, 14)]
    assert marked(why.snippet(one, evidence)) == ["humanoid robot"]


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("a é宇樹機ﬁ１.\u0301\u200d🤖👍🏽 \n,ｱﾞ"), max_size=400),
    st.data(),
    st.integers(20, 300),
)
def test_every_word_marked_stands_in_the_item(text: str, data: st.DataObject, width: int) -> None:
    places = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(text)), st.integers(1, 30)).map(lambda p: (p[0], p[0] + p[1])), max_size=6
        )
    )
    evidence = [Evidence("w", text[a:b], "summary", a, b) for a, b in places if b <= len(text)]
    snippet = why.snippet(item("", text), evidence, width)
    assert (snippet is None) == (not evidence)
    if snippet is not None:
        body = snippet.text.removeprefix("… ").removesuffix(" …")
        assert body in text
        assert snippet.spans
        starts = {snippet.text[start:end] for start, end in snippet.spans}
        assert all(any(one.words in word or word in text for one in evidence) for word in starts)
        assert any(one.words in word for one in evidence for word in starts)


# -- words -------------------------------------------------------------------------------------------------------------


def test_terms_are_told_with_their_words_and_places() -> None:
    _, about, match = found("topic:robotics walks", "A robot walks", "Unitree made it.")
    assert why.met(about, match.evidence) == (
        "topic:robotics (0.80) by “robot” in the title and “Unitree” in the summary; word:walks by “walks” in the title"
    )


def test_many_terms_and_words_are_counted() -> None:
    evidence = [Evidence(f"word:w{n}", f"w{n}", "title", n, n + 1) for n in range(7)]
    evidence += [Evidence("word:w0", f"x{n}", "summary", n, n + 1) for n in range(4)]
    said = why.met(Classification(), evidence)
    assert said.startswith("word:w0 by “w0” in the title and “x0”, “x1” in the summary and 2 more; ")
    assert said.endswith(" and 2 more")
    assert "w6" not in said


def test_what_was_missing_is_told_term_by_term() -> None:
    missing = tuple(Missing(f"term{n}", "it is not there") for n in range(6))
    said = why.missed(Explanation(False, (), missing))
    assert said.startswith("term0: it is not there; term1: ")
    assert said.endswith(" and 2 more")
    assert why.missed(Explanation(False)) == "the query does not hold"


ROUND = Deal(
    "funding",
    Party("X Square Robot"),
    amount=140_000_000,
    currency="USD",
    amount_usd=140_000_000,
    round="A+",
    investors=(Party("Alibaba Cloud"), Party("Guoke")),
    lead=(Party("Alibaba Cloud"),),
    total_raised=280_000_000,
    total_currency="USD",
)


@pytest.mark.parametrize(
    ("deal", "expected"),
    [
        (ROUND, "a funding round: X Square Robot, $140m A+, lead Alibaba Cloud, with Guoke, $280m in total"),
        (
            Deal("acquisition", Party("ABB Robotics"), Party("SoftBank"), 5_400_000_000, "USD", status="approved"),
            "an acquisition: ABB Robotics, $5.4bn, by SoftBank, approved",
        ),
        (
            Deal("ipo", Party("宇树科技"), valuation=7_000_000_000, valuation_currency="USD"),
            "a listing: 宇树科技, valued at $7bn",
        ),
        (Deal("funding"), "a funding round"),
    ],
)
def test_deals_are_told_in_words(deal: Deal, expected: str) -> None:
    assert why.deal_words(deal) == expected


def test_the_gist_has_event_deals_and_roles() -> None:
    where = Evidence("entity:x", "x", "title", 0, 1)
    mentions = (Mention("x", "Alibaba Cloud", "investor", where, "lead"), Mention("n", "Nvidia", "company", where))
    about = Classification({}, mentions, (), "funding", (Deal("funding", Party("X Square Robot")),))
    assert why.gist(about) == (
        "the event is funding; a funding round: X Square Robot; it names Alibaba Cloud (lead), Nvidia"
    )
    assert why.gist(Classification()) == ""


def test_feedback_is_told_with_its_strongest_reasons() -> None:
    learned = Learned({"event:launch": -1.2}, 9, 5, 0.62, True)
    held = Judgement(0.41, 0.62, False, moved=(("event:launch", -1.2), ("lang:en", 0.01)))
    assert why.weighed(held, learned) == (
        "feedback: score 0.41 < 0.62 (-1.2 for event:launch); now needs 0.62; learned from 9 verdicts"
    )
    assert why.weighed(Judgement(0.41, 0.62, True, exact=True), learned).startswith("feedback cannot hold back")
    assert why.weighed(Judgement(0.7, 0.4, True), UNTAUGHT) == ""
    assert "posts everything so far" in why.weighed(Judgement(0.7, 0.4, True), Learned({}, 2, 1))
