import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.classify import normal as normal_form
from bot.classify.normal import Places, needle, normal, padded
from bot.hanzi import simplified
from bot.text import fold, is_boundary

# What trips normal forms: ligatures, full-width, marks, expanding letters, several scripts, sentence ends, separators.
TRICKY = st.text(
    alphabet=st.sampled_from(
        "aAbZ9 .,-–—!:;|'’“_+#/ßİéﬁ㎏ＡＩ，。：（…\u0301\u3099\u1100\u1161\uffa1\uffc2机器人ロボは한국नी\n\t\xa0"
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Embodied-AI", "embodied ai"),
        ("embodied  “AI”", "embodied ai"),
        ("宇树G1", "宇树 g1"),
        ("宇树 G1", "宇树 g1"),
        ("近10亿元A+轮", "近 10 亿元 a+ 轮"),
        ("C++ and c# but #robotics and a+b", "c++ and c# but robotics and a b"),
        ("robots.txt", "robots txt"),
        ("by Figure. AI is", "by figure | ai is"),
        ("收购。机器人", "收购 | 机器人"),
        ("Ｒｏｂｏｔ，ﬁne ㎏…", "robot fine kg"),
        ("snake_case", "snake case"),
        ("…", ""),
        ("", ""),
    ],
)
def test_normal_form(text: str, expected: str) -> None:
    assert normal(text) == expected


@given(TRICKY)
@example("ΐ")
def test_a_needle_is_its_own_normal_form(text: str) -> None:
    assert needle(needle(text)) == needle(text)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_the_fast_way_for_ascii_is_the_slow_way(text: str) -> None:
    slow = " ".join(normal_form._TOKEN.findall(normal_form._mark_ends(text.lower())))
    assert normal(text) == slow


@given(TRICKY)
@example("ﬁnd ﬁ")
@example("wait… then ㎏")
def test_every_token_leads_back_to_the_characters_it_came_from(text: str) -> None:
    words = normal(text)
    places = Places(text)
    for token in re.finditer(r"[^ |]+", words):
        start, end = places.span(*token.span())
        assert token.group() in simplified(fold(text[start:end]))


@given(TRICKY, st.randoms(use_true_random=False))
def test_places_are_the_same_in_whatever_order_they_are_asked_for(text: str, rng: random.Random) -> None:
    tokens = [token.span() for token in re.finditer(r"[^ ]+", normal(text))]
    expected = {span: Places(text).span(*span) for span in tokens}
    places = Places(text)
    rng.shuffle(tokens)
    assert {span: places.span(*span) for span in tokens} == expected


def test_places_far_apart_in_a_long_text_are_found_in_one_pass() -> None:
    places = Places("robot, " * 20_000)
    assert [places.span(6 * at, 6 * at + 5) for at in range(20_000)] == [(7 * at, 7 * at + 5) for at in range(20_000)]


def test_the_usual_characters_fold_one_to_one() -> None:
    usual = [char for char in map(chr, range(0x10000)) if normal_form._USUAL.fullmatch(char) and char != "…"]
    assert [char for char in usual if not normal_form._folds_alone(char)] == []
    assert len(usual) > 30_000


@given(st.sampled_from(["robot", "ai", "机器人", "ロボット", "g1机"]), TRICKY, TRICKY)
def test_a_padded_needle_is_found_just_where_words_end(word: str, before: str, after: str) -> None:
    """Against text.is_boundary, but for marks and for + and #, which belong to the word before them."""
    if re.search(r"[+#]", before + after) or not (before + after).isprintable():
        return
    text = fold(before[-1:]) + word + fold(after[:1])
    if fold(text) != text or not re.fullmatch(r"[\w\s]*", text):
        return
    text = text.replace("_", " ")
    at = len(fold(before[-1:]))
    whole = is_boundary(text[:at][-1:], word[0]) and is_boundary(word[-1], text[at + len(word) :][:1])
    assert (padded(normal(word)) in f" {normal(text)} ") == whole


@pytest.mark.parametrize(
    ("one", "other"), [("機器人公司", "机器人公司"), ("自變量機器人", "自变量机器人"), ("宇樹科技", "宇树科技")]
)
def test_traditional_and_simplified_characters_are_one(one: str, other: str) -> None:
    assert normal(one) == normal(other)
    assert Places(one).span(0, 3) == (0, 3)
