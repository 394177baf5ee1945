from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from bot.chat.terminal_wrap import breaks, clip, clusters, wrap


def _lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in breaks(text, width)]


def test_words_break_at_spaces() -> None:
    assert _lines("one two three", 7) == ["one two", "three"]


def test_chinese_breaks_between_any_two_characters() -> None:
    assert _lines("DeepTech 机器人与具身智能", 14) == ["DeepTech 机器", "人与具身智能"]


def test_no_line_starts_with_closing_or_ends_with_opening_punctuation() -> None:
    assert _lines("机器人，通义", 6) == ["机器", "人，通", "义"]
    assert _lines("机器（人）", 6) == ["机器", "（人）"]


def test_amounts_stay_whole() -> None:
    assert _lines("融资 US$140,000,000 美元", 16) == ["融资", "US$140,000,000", "美元"]


def test_a_long_url_is_cut_after_a_slash() -> None:
    assert _lines("https://a.example/feeds/robots.rss", 20) == ["https://a.example/", "feeds/robots.rss"]


def test_a_long_word_without_any_place_to_cut_is_cut_at_the_edge() -> None:
    assert _lines("a" * 10, 4) == ["aaaa", "aaaa", "aa"]


def test_joined_emoji_flags_and_marks_stay_whole() -> None:
    family, flag, accented = "👨\u200d👩\u200d👧", "🇨🇳", "e\u0301"
    text = family + flag + flag + accented
    assert [text[a:b] for a, b in clusters(text)] == [family, flag, flag, accented]


def test_empty_text_is_one_empty_line() -> None:
    assert _lines("", 10) == [""]


def test_styles_survive_the_breaks() -> None:
    text = Text("one two")
    text.stylize("bold", 4, 7)
    assert [(line.plain, [str(span.style) for span in line.spans]) for line in wrap(text, 4)] == [
        ("one", []),
        ("two", ["bold"]),
    ]


def test_newlines_and_empty_lines_are_kept() -> None:
    assert [line.plain for line in wrap(Text("a\n\nb"), 10)] == ["a", "", "b"]


def test_clip_counts_cells_and_shows_that_it_cut() -> None:
    assert clip("机器人", 6) == "机器人"
    assert clip("机器人们", 6) == "机器…"


@given(
    # controls and odd spaces are cleaned away before lines are broken
    st.text(st.sampled_from("ab，。（）机器🤖\u0301\u200d /-$1") | st.characters(exclude_categories=("C", "Z"))),
    st.integers(2, 40),
)
def test_every_line_fits_and_only_spaces_are_lost(text: str, width: int) -> None:
    lines = _lines(text, width)
    assert max(map(cell_len, lines)) <= width
    assert "".join("".join(lines).split(" ")) == "".join(text.rstrip().split(" "))
