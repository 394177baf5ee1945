"""A hundred thousand characters each of what would stall a careless expression."""

from __future__ import annotations

SIZE = 100_000


def _much(text: str) -> str:
    return (text * (SIZE // len(text) + 1))[:SIZE]


NASTY = {
    name: _much(text)
    for name, text in {
        "one word": "a",
        "one name": "A",
        "digits": "1",
        "thousands": "1,",
        "decimals": "1.",
        "dollars": "$",
        "sums": "US$1",
        "counts": "1 ",
        "shares": "1 per ",
        "hyphens": "a-",
        "apostrophes": "a'",
        "initials": "A.",
        "partners": "A&",
        "names": "Ab ",
        "quotes": '"',
        "backticks": "`",
        "ends": ". ",
        "spaces": " ",
        "newlines": "\n",
        "months": "jan",
        "days": "may 1",
        "years": "2010",
        "weekdays": "mon",
        "one Han": "中",
        "Chinese words": "融资",
        "Chinese days": "1月",
        "weeks": "week in ",
        "rounds": "round-",
        "downloads": "the downloa",
        "calls": "calls ",
        "meanings": "what it ",
        "emoji": "🤖",
        "marks": "e\u0301\u0301",
        "joiners": "\u200d",
        "overrides": "\u202e",
        "zeros": "\x00",
        "surrogates": "\ud800",
        "full width": "１",
        "foreign digits": "٣",
        "growing": "İ",
        "underscores": "a_",
    }.items()
}
NASTY["a number far from its unit"] = "9" + " " * SIZE + "billion"
