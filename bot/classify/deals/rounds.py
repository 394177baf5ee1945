"""Which financing rounds a text names, in English and Chinese, by one canonical name each."""

from __future__ import annotations

import re

from bot.classify.deals.drafts import Stage
from bot.classify.passages import Passage
from bot.text import level

# -- words ---------------------------------------------------------------------------------------------------------------

_KIND = r"(?:[Rr]ounds?|[Ff]unding|[Ff]inancings?|[Ii]nvestments?)"
_AFTER = rf"(?:[- ](?:{_KIND}|raise|extension|capital|stage[- ]{_KIND}))"
_MONEY = r"(?:(?<=[\d][KMB]\s)|(?<=[\d][kmb]\s)|(?<=[mb]n\s)|(?<=illion\s)|(?<=uro\s)|(?<=uros\s)|(?<=ollars\s))"
_MONEY_SEED = _MONEY.replace(r"\s)", r"\s.{4})")
_LETTER = r"[A-K](?:-?[1-9])?\+{0,5}"
_NEXT = rf"\s?(?:,|/|&|and|plus)\s?(?:and\s)?(?:(?:[Ss]eries|SERIES)[- ])?{_LETTER}(?![\w+'])(?!\.\d)"
# What stands before "Series A" or after it where it is no round: "TV Series A Man Called ...", "Nova Series B phones".
_NO_SERIES_BEFORE = re.compile(
    r"(?:TV|[Tt]elevision|[Dd]rama|[Ff]ilm|[Bb]ook|[Gg]ame|[Ww]eb|[Aa]nime|[Cc]omic|[Vv]ideo|[Ll]imited|[Pp]roduct|World|Netflix"
    r"|HBO|[Dd]ocumentary|[Tt]est|Nova|Galaxy|Note|Xbox|Time|[Ss]kill|[Pp]odcast|[Cc]omedy|[Rr]eality|[Mm]ini)[- ]$"
)
_NO_SERIES_AFTER = re.compile(
    r"\s(?:[Pp]hones?|[Ss]martphones?|[Rr]obots?|GPUs?|[Pp]rocessors?|[Cc]hips?|[Cc]ars?|[Tt]rucks?|[Dd]rones?|[Ll]aptops?|TVs?"
    r"|[Mm]odels?|[Ww]atch(?:es)?|[Tt]ablets?|[Ss]ervers?|[Ee]pisodes?|[Ff]ixtures?|[Tt]itle|[Mm]atch(?:es)?|[Mm]an|[Ww]oman)\b"
)

# Word starts first: nothing else is tried at most places.
_ENGLISH = re.compile(
    rf"""(?=[A-KPSVabcdgpsv])(?<![A-Za-z0-9])(?:
      (?P<pre>[Pp][Rr][Ee][- ]{{0,3}}+)?+(?:[Ss]eries|SERIES)[- ]
        (?:(?P<series>{_LETTER}(?:{_NEXT}){{0,3}})(?![\w+']|\.\d|-\d)
          |(?P<low>[a-h]\+{{0,2}})(?=[- ](?:round|funding|financ|invest|extension|raise|led|from|[a-z]{{2}}))
          |(?P<seeded>[Ss]eed|SEED)\b)
    | (?P<bare>[Pp][Rr][Ee][- ]?[A-H]\+{{0,3}}+(?![\w+])
        |(?<![\w.&/'-])(?:[A-H](?:[1-9]|\+{{1,3}}+)(?![- ]Investments)(?=[- ]{_KIND})|[B-H](?=[- ][Rr]ound))
        |(?:(?<=\b[Aa]n\s)|(?<=\bits\s)|(?<=\bthe\s)|{_MONEY})A(?=[- ][Rr]ound))
    | (?P<preseed>[Pp]re[- ]?[Ss]eed\b)
    | (?P<seed>(?:[Ss]eed|SEED)(?:(?:\+|[- ][Pp]lus)?(?={_AFTER})|(?=\s(?:and|\+|&)\s[Ss]eries\b)
        |(?:{_MONEY_SEED}|(?<=\b[Ii]n\s.{{4}}))\b(?!\s[Ff]unds?\b)))
    | (?P<angel>[Aa]ngel\+?(?=[- ]{_KIND}\b|\+\s?[Rr]ound))
    | (?P<strategic>[Ss]trategic(?=[- ](?:[Ee]quity\s)?{_KIND}\b))
    | (?P<growth>[Gg]rowth(?=[- ](?:[Ee]quity\s)?(?:[Rr]ound|[Ff]unding|[Ff]inancing)))
    | (?P<bridge>[Bb]ridge(?=[- ](?:[Rr]ound|[Ff]unding|[Ff]inancing|[Ll]oan)))
    | (?P<preipo>[Pp]re-?IPO(?=[- ](?:[Rr]ound|[Ff]unding|[Ff]inancing|[Pp]lacement|[Rr]aise)))
    | (?P<convertible>[Cc]onvertible(?=[- ](?:[Nn]ote|[Ll]oan|[Bb]ond|[Dd]ebt)))
    | (?P<debt>[Vv]enture\s[Dd]ebt\b|[Cc]redit(?=\s[Ff]acility)
        |(?<!quity\sand\s)[Dd]ebt(?=[- ](?:[Ff]inancing|[Ff]unding|[Rr]ound|[Ff]acility|[Rr]aise))
        |(?:{_MONEY}|(?<=\b[Ii]n\s))[Dd]ebt\b)
    | (?P<grant>[Gg]rants?(?=\s(?:[Ff]unding|[Ff]rom|[Oo]f\s[$€£¥\d]))|(?:{_MONEY}|(?<=\b[Ii]n\s))[Gg]rants?\b)
    )""",
    re.VERBOSE,
)
_ZH_ONE = r"(?:[Pp][Rr][Ee]\s?-?\s?)?[A-K](?:-?[1-9])?\s?\+{0,5}|天使\s?\+{0,5}|种子\s?\+{0,5}"
_ZH_ROUND = r"\s?[\"'」”]?\s?轮(?![廓胎椅毂番流渡船换回岗值班次])"
_CHINESE = re.compile(
    rf"""(?=[PpA-K天种战过桥成可债])(?:
      (?P<chain>(?<![A-Za-z0-9.&/+-])(?:(?:{_ZH_ONE})\s?轮?\s?(?:以及|及|和|与|、|/|&|\+)\s?(?:系列)?){{0,3}}(?:{_ZH_ONE})
        (?:{_ZH_ROUND}|\s?系列(?=轮|融资|投资)|(?<=[使子+])(?=融资)|(?<=[A-K\d+])(?=\s?(?:系列)?融资)))
    | (?P<strategic>战略(?=轮|融资|性融资|投资(?![者人方部基机公合集布伙总委与和]))|战投轮)
    | (?P<preipo>[Pp]re\s?-?\s?IPO(?=\s?(?:轮|融资)))
    | (?P<bridge>过桥(?=轮|融资)|桥接轮)
    | (?P<growth>成长轮)
    | (?P<convertible>可转债(?=融资)|可转换债券)
    | (?P<debt>债权融资|债务融资))
    """,
    re.VERBOSE,
)
_HINT = re.compile("eries|ERIES|eed|EED|ound|unding|inancing|nvestment|otes?|ebt|oan|rant|redit|[Pp]re-|PRE-|IPO")
_HAN_HINT = re.compile("轮|融资|投资|战投|债")
_PART = re.compile(
    r"([Pp][Rr][Ee])?[- ]{0,3}(?:[Ss]eries[- ]|SERIES[- ])?(?:([A-K])(?:-?([1-9]))?|(天使|种子))\s?(\+{0,5})(?![a-z])"
)
_JOINED = re.compile(r"\s{0,2}(?:轮|融资|[Rr]ounds?\s)?(?:,|/|&|\+|and|plus|及|以及|和|与|、)\s{0,2}")
_NAMES = {
    "preseed": "Pre-Seed",
    "strategic": "Strategic",
    "growth": "Growth",
    "bridge": "Bridge",
    "preipo": "Pre-IPO",
    "convertible": "Convertible",
    "debt": "Debt",
    "grant": "Grant",
    "seeded": "Seed",
}
_PAIRED = frozenset((*"ABCDEFGHIJK", "Seed", "Angel"))


# -- finding -------------------------------------------------------------------------------------------------------------


def find_rounds(passage: Passage) -> list[Stage]:
    """The rounds named, in the order of the text; those raised together ("Series A and A+", "A及A+轮") are one, "A/A+"."""
    text = passage.text
    found: list[Stage] = []
    if _HINT.search(text):
        matches = _ENGLISH.finditer(text)
        found = [Stage(passage, match.start(), match.end(), name) for match in matches if (name := _english(match))]
    if _HAN_HINT.search(text):
        found += [Stage(passage, match.start(), match.end(), _chinese(match)) for match in _CHINESE.finditer(text)]
        found = _apart(found)
    return _together(text, found) if len(found) > 1 else found


def canonical_round(text: str) -> str | None:
    """The canonical name of a round as somebody types it ("series b", "B轮", "pre-a", "Seed"); None if it is none."""
    plain = level(text).strip()
    found = find_rounds(Passage("title", plain, plain))
    if found:
        return found[0].round
    bare = plain.lower().replace(" ", "-")
    for name in (*_NAMES.values(), "Angel"):
        if bare in {name.lower(), name.lower().replace("-", "")}:
            return name
    for again in (
        f"Series {plain.removeprefix('series').removeprefix('Series').strip().upper()}",
        f"{plain}轮",
        f"{plain} round",
    ):
        if found := find_rounds(Passage("title", again, again)):
            return found[0].round
    return None


def _english(match: re.Match[str]) -> str:
    kind = str(match.lastgroup)
    if kind in {"series", "low", "pre"}:
        return _series(match)
    if kind == "bare":
        return _parts(match[0])
    if kind in {"seed", "angel"}:
        return kind.capitalize() + ("+" if match[0].endswith("+") else "")
    return _NAMES[kind]


def _series(match: re.Match[str]) -> str:
    """A match of "Series X"; empty where it is a television series or a product line."""
    before, after = (
        match.string[max(0, match.start() - 16) : match.start()],
        match.string[match.end() : match.end() + 16],
    )
    if _NO_SERIES_BEFORE.search(before) or _NO_SERIES_AFTER.match(after):
        return ""
    letters = (match["series"] or match["low"]).upper() if match["low"] else match["series"]
    return _parts(("Pre-" if match["pre"] else "") + letters)


def _chinese(match: re.Match[str]) -> str:
    return _parts(match[0]) if match.lastgroup == "chain" else _NAMES[str(match.lastgroup)]


def _parts(words: str) -> str:
    """The canonical name of "Pre-A+", "A及A+", "天使+" and their like."""
    names = []
    for pre, letter, number, chinese, plus in _PART.findall(words):
        name = {"天使": "Angel", "种子": "Seed"}.get(chinese, letter + number)
        names.append(f"{'Pre-' if pre else ''}{name}{plus}")
    return "/".join(dict.fromkeys(names))


def _apart(found: list[Stage]) -> list[Stage]:
    """In the order of the text; of two that overlap the longer."""
    kept: list[Stage] = []
    for one in sorted(found, key=lambda one: one.start):
        if not kept or kept[-1].end <= one.start:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return kept


def _together(text: str, found: list[Stage]) -> list[Stage]:
    """Rounds with only "and" between them are one."""
    joined = [found[0]]
    for one in found[1:]:
        last = joined[-1]
        if all(map(_equity, (*last.round.split("/"), one.round.split("/")[0]))) and _JOINED.fullmatch(
            text, last.end, one.start
        ):
            names = dict.fromkeys((*last.round.split("/"), *one.round.split("/")))
            joined[-1] = Stage(last.passage, last.start, one.end, "/".join(names))
        else:
            joined.append(one)
    return joined


def _equity(name: str) -> bool:
    """Whether it is a lettered, seed or angel round: others ("debt", "strategic") are not raised as a pair."""
    return name.removeprefix("Pre-").rstrip("+123456789") in _PAIRED
