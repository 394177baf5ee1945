"""Who leads and who takes part in a financing, in English."""

from __future__ import annotations

from bot.classify.deals.drafts import Said
from bot.classify.deals.en_investments import beneficiary, doers
from bot.classify.deals.en_sums import is_no_funding, path_to_sum, raising_status
from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_lists import list_after, list_before
from bot.classify.deals.english_names import is_name, run_back
from bot.classify.deals.english_objects import object_after
from bot.classify.deals.english_words import (
    BEFORE_SUM,
    DESCRIPTORS,
    FUNDING,
    PEOPLE,
    PRONOUNS,
    ROUND_NOUNS,
)

_INVESTOR_NOUNS = frozenset(("others", "investors", "backers", "investor", "participants", "backer", "shareholders"))


_PART_NOUNS = frozenset(
    ("participation", "support", "contributions", "backing", "co-investment", "investment", "round", "financing")
)
_PART_VERBS = frozenset(
    (
        "participated",
        "participating",
        "participate",
        "participates",
        "joined",
        "joining",
        "joins",
        "join",
        "invested",
        "took",
        "take",
        "taking",
        "takes",
        "among",
        "contributed",
        "contributing",
        "contributes",
        "chipped",
        "chipping",
        "pitched",
        "pitching",
        "investing",
        "put",
    )
)
_CAME_FROM = (("came", "from"), ("comes", "from"), ("provided", "by"), ("made", "by"), ("come", "from"))
_TAKES_PART = (("chip", {"in"}), ("pitch", {"in"}), ("contribut", {"", ",", ";", "to", "and"}), ("t", {"part"}))
"""What must follow the verbs that begin so."""
_MONEY_NOUNS = frozenset(("investment", "funding", "financing", "money", "capital", "cash", "funds", "round", "equity"))

_PART_WORDS = (
    _INVESTOR_NOUNS | _PART_NOUNS | _PART_VERBS | _MONEY_NOUNS | {"backed", "alongside", "included", "includes"}
)
_INCLUDES = frozenset(("include", "included", "including", "such", "are", "were", "like"))
_NEW_CLAUSE = _PART_VERBS | {"also", "were", "all"}
_JOINED = ROUND_NOUNS | {"extension", "syndicate"}
_ROUND_WORDS = ROUND_NOUNS | {
    "put",
    "chipped",
    "contributed",
    "joined",
    "participation",
    "participated",
    "investors",
    "backers",
    "part",
}


def read_lead(clause: Clause, verb: int) -> None:
    """ "led by A and B", "A co-led the round", "the Menlo-led Series A", "A leads $40M round in X"."""
    line = clause.line
    low = line.low(verb)
    if line.low(verb + 1) == "by" or (line.low(verb + 1) in {"jointly", "in"} and line.low(verb + 2) in {"by", "part"}):
        _led_by(clause, verb)
    elif (low.endswith("-led") and low != "co-led") or (low == "led" and line.low(verb - 1) == "-"):
        _hyphen_led(clause, verb)
    elif low == "co-lead" and line.low(verb - 1) in {"with", "and", ",", "new"} and is_name(line, verb + 1):
        names, _ = list_after(line, verb + 1)
        if found := clause.latest("funding", verb):
            found.lead += names
    else:
        _leads(clause, verb)


def _led_by(clause: Clause, verb: int) -> None:
    line = clause.line
    start = verb + 1
    while line.low(start) in {"jointly", "in", "part", "by"}:
        start += 1
    if (
        (line.low(start) in PEOPLE and not is_name(line, start + 1))
        or line.low(start) in {"former", "ex"}
        or not _of_round(clause, verb)
    ):
        return
    names, end = list_after(line, start)
    if line.low(end) in _NEW_CLAUSE:  # "led by A, and B and C joined"
        names = _up_to_clause(clause, names)
    if names:
        found = clause.latest("funding", verb) or clause.add(round_alone(clause, verb))
        found.lead += names


def _up_to_clause(clause: Clause, names: list[Said]) -> list[Said]:
    """The names before the first that ", and" parts from them."""
    text = clause.line.passage.text
    for place, name in enumerate(names[1:], 1):
        between = text[names[place - 1].end : name.start]
        if "," in between and ("and" in between or "while" in between):
            return names[:place]
    return names


def _of_round(clause: Clause, verb: int) -> bool:
    """Whether it is a round, not a company, that somebody led."""
    line = clause.line
    back = verb - 1
    while line.low(back) in {
        "was",
        "were",
        "is",
        "being",
        "been",
        "which",
        "also",
        "co",
        "-",
        ",",
        ")",
        "that",
        "has",
        "had",
    }:
        back -= 1
    low = line.low(back)
    if back < 0:
        return any(line.low(at) in FUNDING or line.kind(at) in {"$", "r"} for at in range(verb, len(line.tokens)))
    if line.kind(back) in {"$", "r"} or low in FUNDING or low in {"investors", "valuation", "deal", "it"}:
        return True
    if low in DESCRIPTORS or low in PEOPLE or low in PRONOUNS:
        return False
    return any(one.type == "funding" and one.at < verb for one in clause.found) and line.low(verb - 1) != ","


def round_alone(clause: Clause, at: int) -> Found:
    """A draft that speaks of "the round" alone; whose it is the others say."""
    line = clause.line
    found = Found("funding", line, at, at, unnamed=True)
    for place in range(max(0, at - 12), at + 20):
        if clause.stage_at(place) and found.stage is None:
            found.stage = clause.stage_at(place)
        if place - at < 6 and place not in clause.used and clause.sum_at(place) and clause.sum_means(place) == "amount":
            found.money = clause.sum_at(place)
            clause.used.add(place)
    found.alone = not (found.money or found.stage)
    return found


def _hyphen_led(clause: Clause, at: int) -> None:
    """The lead of "a Menlo-led round"."""
    line = clause.line
    rest = range(at + 1, at + 6)
    grouped = line.low(at + 1) in {"group", "consortium", "syndicate"} and clause.latest("funding", at)
    if not (grouped or any(line.kind(place) in {"r", "$"} or line.low(place) in ROUND_NOUNS for place in rest)):
        return
    token = line.tokens[at]
    if token.low == "led":
        span = run_back(line, at - 2)
        said = line.said(*span) if span else None
    else:
        span = run_back(line, at - 1) if is_name(line, at - 1) else None
        start = line.tokens[span[0] if span else at].start
        said = Said(line.passage, start, token.end - 4) if token.capital else None
    if said:
        found = clause.latest("funding", at)
        if found is None:
            found = clause.add(_forward_round(clause, at))
        found.lead.append(said)


def _forward_round(clause: Clause, at: int) -> Found:
    """The round that a line speaks of after this token."""
    path = path_to_sum(clause, at + 1)
    found = Found("funding", clause.line, at, at, unnamed=True)
    if path and path[0] is not None:
        found.money, found.stage = clause.sum_at(path[0]), path[1] or clause.stage_in(path[0], path[0] + 5)
        clause.used.add(path[0])
    elif path:
        found.stage = path[1]
    return found


def _leads(clause: Clause, verb: int) -> None:
    """ "A and B co-led a $40M round in X", "A led the round", "A leads X's Series A"."""
    line = clause.line
    owner = object_after(line, verb + 1) if line.low(verb + 1) not in BEFORE_SUM or is_name(line, verb + 1) else None
    start = verb + 1
    if owner and line.low(owner.end) in {"'s", "'"}:
        start = owner.end + 1
    elif owner and line.kind(owner.end) in {"$", "r"}:
        start = owner.end
    else:
        owner = None
    if line.low(start) in {"last", "this"} and line.low(start + 2) == "'s":  # "led last week's round"
        start += 3
    path = path_to_sum(clause, start)
    if path is None or (path[0] is None and not path[1] and not path[2]):
        if line.low(verb) != "leads" and line.low(verb + 1) in {"", ",", ";", "and", "with", "while"}:
            _led_it(clause, verb)
        return
    names = doers(clause, verb)
    if not names:
        return
    money_at, stage, _, end = path
    if money_at is not None and is_no_funding(clause, verb, end, stage):
        return
    existing = clause.latest("funding", verb)
    fresh = money_at is not None and money_at not in clause.used and clause.sum_at(money_at)
    if existing is None or fresh:
        found = Found("funding", line, verb, end, unnamed=True)
        if money_at is not None and fresh and clause.sum_means(money_at) == "amount":
            found.money = clause.sum_at(money_at)
            clause.used.add(money_at)
        found.stage = stage or clause.stage_in(end, end + 5)
        found.target = line.said(*owner.span) if owner else beneficiary(clause, end)
        found.status = raising_status(clause, verb)
        existing = clause.add(found)
    if line.low(verb) == "co-invested":
        existing.investors += names
    else:
        existing.lead += names


def _led_it(clause: Clause, verb: int) -> None:
    """ "A and B co-led", which can only be the round."""
    if names := list_before(clause.line, verb):
        found = clause.latest("funding", verb) or clause.add(round_alone(clause, verb))
        found.lead += names


def read_participants(clause: Clause) -> None:
    """ "with participation from A, B", "joined by A", "investors include A", "A and B also participated"."""
    for at, token in enumerate(clause.line.tokens):
        if token.low not in _PART_WORDS:
            continue
        after = clause.line.low(at + 1)
        names: list[Said] = []
        if token.low not in _PART_VERBS or token.low == "joined":
            names = _taking_part_after(clause, at, after)
        if not names and token.low in _PART_VERBS and _takes_part(clause, at):
            names = list_before(clause.line, at)
        if names and (found := _round_here(clause, at)):
            if token.low == "round" and len(names) > 1:
                found.alone = False  # "a round from A and B" is news without a sum too
            found.investors += [name for name in names if name != found.target]


def _taking_part_after(clause: Clause, at: int, after: str) -> list[Said]:
    """The names after a word that introduces investors."""
    low = clause.line.low(at)
    start = at + 2
    if low in _INVESTOR_NOUNS:
        if after == "in" and clause.line.low(at + 2) == "it":
            after, start = clause.line.low(at + 3), at + 4
        elif after == "in" and clause.line.low(at + 3) in ROUND_NOUNS:  # "investors in the round include"
            after, start = clause.line.low(at + 4), at + 5
        begins = after in _INCLUDES
        if not begins and clause.line.low(at - 1) in {"existing", "returning", "new"} and is_name(clause.line, at + 1):
            joined = clause.line.low(at - 2) in {"joined", "joins", "joining", "join"}
            begins, start = (
                joined or _after_round(clause, at) or any(one.investors or one.lead for one in clause.found),
                at + 1,
            )
    elif low in {"included", "includes"}:
        begins, start = _which(clause, at), at + 1
    elif (after, clause.line.low(at + 2)) in _CAME_FROM:
        begins, start = low in _MONEY_NOUNS, at + 3
    elif low in {"round", "financing"}:
        begins = after in {"includes", "included", "including", "attracted", "drew"}
    elif low == "backed":
        begins = after == "by" and _after_round(clause, at)
    elif low == "alongside":
        begins, start = (_after_round(clause, at) or _after_lead(clause, at)) and not _in_aside(clause, at), at + 1
    elif low == "joined":
        begins = after == "by"
    else:
        begins = low in _PART_NOUNS and (
            after == "from" or (after in {"by", "of"} and low in {"participation", "contributions"})
        )
    return list_after(clause.line, start)[0] if begins else []


def _which(clause: Clause, at: int) -> bool:
    """Whether "included" is said of a round: "led the financing, which also included A"."""
    line = clause.line
    back = at - 2 if line.low(at - 1) == "also" else at - 1
    if line.low(back) in {"which", "that"}:
        back -= 2 if line.low(back - 1) == "," else 1
    return line.low(back) in ROUND_NOUNS or line.kind(back) == "r"


def _takes_part(clause: Clause, at: int) -> bool:
    """Whether a verb says that those before it are in the round."""
    line = clause.line
    low, after = line.low(at), line.low(at + 1)
    if low.startswith("join"):
        return after != "by" and _joins_round(clause, at)
    if low.startswith("invest"):
        return line.low(at - 1) == "also" or (after in {"", ","} and _after_lead(clause, at))
    if low == "among":
        return not _INVESTOR_NOUNS.isdisjoint(line.low(at + ahead) for ahead in (1, 2, 3))
    if low == "put":
        return "money" in {after, line.low(at + 2)}
    wanted = next((words for start, words in _TAKES_PART if low.startswith(start)), None)
    return after != "by" if wanted is None else after in wanted


def _joins_round(clause: Clause, at: int) -> bool:
    line = clause.line
    ahead = [line.low(place) for place in range(at + 1, at + 5)]
    return (
        (ahead[0] in {"existing", "fellow", "returning", "previous"} and ahead[1] in _INVESTOR_NOUNS)
        or bool(_JOINED.intersection(ahead))
        or "<round>" in ahead
        or (ahead[0] == "as" and not _INVESTOR_NOUNS.isdisjoint(ahead[1:4]))
        or (ahead[0] == "" and len(list_before(line, at)) > 2)
        or (
            ahead[0] in {"", ",", "in", "as"}
            and any(one.lead for one in clause.found)
            and line.low(at - 1) not in {"has", "have"}
        )
    )


def _after_round(clause: Clause, at: int) -> bool:
    line = clause.line
    return any(line.kind(place) in {"$", "r"} or line.low(place) in ROUND_NOUNS for place in range(max(0, at - 3), at))


def _after_lead(clause: Clause, at: int) -> bool:
    return any(one.lead and one.at < at for one in clause.found)


def _in_aside(clause: Clause, at: int) -> bool:
    """Whether a word stands in a relative clause about something else: "its fund, which was set up alongside X"."""
    return any(clause.line.low(place) in {"which", "that", "who"} for place in range(max(0, at - 7), at))


def _round_here(clause: Clause, at: int) -> Found | None:
    """The financing that investors at a token belong to; a draft of its own if the line has none."""
    if found := clause.latest("funding", at):
        return None if found.total and not (found.money or found.stage) and not found.main else found
    line = clause.line
    words = {token.low for token in line.tokens}
    if words & _ROUND_WORDS or any(token.kind == "r" for token in line.tokens):
        return clause.add(round_alone(clause, at))
    return None
