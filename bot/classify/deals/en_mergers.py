"""The rules for takeovers: who buys, sells or merges with whom."""

from __future__ import annotations

from typing import NamedTuple

from bot.classify.deals.drafts import Said
from bot.classify.deals.en_listings import DEBUTED, GO_PUBLIC, read_listing
from bot.classify.deals.en_prices import PAY, PRICED, behind_stake, read_price, sum_after, take_sum, takeover_status
from bot.classify.deals.en_sales import read_merger, read_planned_sale, read_sale, read_shell
from bot.classify.deals.english import Line
from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_lists import list_before
from bot.classify.deals.english_names import Span, is_name, is_place, run_back
from bot.classify.deals.english_objects import Thing, is_firm, object_after
from bot.classify.deals.english_subjects import subject_before
from bot.classify.deals.english_words import (
    BEFORE_PURCHASE,
    BUY,
    BUY_PARTICLES,
    BUYING_NOUNS,
    CANCELLED,
    DEAL_NOUNS,
    DESCRIPTORS,
    DETERMINERS,
    JUDGES,
    MERGE,
    MODAL_VERBS,
    REPORTING,
    SELL,
    SUFFIXES,
    UNITS,
)
from bot.classify.deals.join import entity_of

_MORE_TRIGGERS = {
    "merger", "megadeal", "ipo", "initial public offering", "go public", "goes public", "going public", "went public", "spac",
    "listing", "offer for", "explores sale", "explores a sale", "exploring a sale", "seek sale", "seeks sale", "seek a sale",
    "weighs sale", "considers sale", "considering a sale", "potential sale", "mulls sale", "sale of", "tie-up", "subsidiary",
    "debut", "takes over", "taken over", "took over", "take over", "bid", "deal", "lists on", "listed on", "nasdaq",
}  # fmt: skip
TRIGGERS = frozenset(
    (BUY - {"take", "takes", "took", "taken", "taking", "swallow", "absorb"})
    | BUYING_NOUNS
    | SELL
    | MERGE
    | _MORE_TRIGGERS
)
"""Words one of which every sentence about a takeover or a listing has."""


_LISTING_WORDS = frozenset(("ipo", "offering", "spac", "sale"))
_WORDS = BUY | BUYING_NOUNS | DEAL_NOUNS | SELL | MERGE | GO_PUBLIC | DEBUTED | _LISTING_WORDS | {"offer", "buy"}
_PRICE_WORDS = PAY | PRICED
_OFFERS = frozenset(
    (
        "withdraws",
        "withdrew",
        "withdrawn",
        "drops",
        "dropped",
        "makes",
        "made",
        "sweetens",
        "sweetened",
        "launches",
        "launched",
        "rejects",
        "rejected",
        "submits",
        "submitted",
        "takeover",
        "raises",
        "raised",
        "its",
        "improved",
        "unsolicited",
    )
)
_PAIR_VERBS = frozenset(
    (
        "join",
        "agree",
        "announce",
        "plan",
        "explore",
        "discuss",
        "complete",
        "consider",
        "weigh",
        "near",
        "sign",
        "reach",
        "seal",
        "scrap",
        "terminate",
        "cancel",
        "end",
        "finalise",
        "finalize",
        "close",
    )
)
_STRIKES = frozenset(
    (
        "clinches",
        "clinched",
        "strikes",
        "struck",
        "nears",
        "seals",
        "sealed",
        "inks",
        "inked",
        "reaches",
        "reached",
        "agrees",
    )
)
_NOT_YET = MODAL_VERBS | {"n't", "not"}
_MERE_DEALS = DEAL_NOUNS - {"merger"}
_NO_OWNERS = MODAL_VERBS | REPORTING | JUDGES


def read(clause: Clause) -> None:
    """Every takeover and listing that the line speaks of."""
    tokens = clause.line.tokens
    for at, token in enumerate(tokens):
        if token.low in _WORDS and token.kind == "w":
            _word(clause, at, token.low)
    if clause.sums:
        for at, token in enumerate(tokens):
            if token.low in _PRICE_WORDS:
                read_price(clause, at)


def _word(clause: Clause, at: int, low: str) -> None:
    """What a word of takeovers or listings says."""
    if low in BUY and not _is_noun(clause.line, at):
        _bought(clause, at)
    elif low == "acquisition" and read_shell(clause, at):
        return
    elif low in BUYING_NOUNS or low in DEAL_NOUNS or low in {"offer", "buy"}:
        _purchase(clause, at)
    elif low in SELL:
        read_sale(clause, at)
    elif low in MERGE:
        read_merger(clause, at)
    elif low == "sale":
        read_planned_sale(clause, at)
    if low in _LISTING_WORDS or low in GO_PUBLIC or low in DEBUTED:
        read_listing(clause, at)


def _is_noun(line: Line, at: int) -> bool:
    """Whether "purchase", "buyout" or "buy" is a noun here."""
    low = line.low(at)
    if low in BUYING_NOUNS and line.low(at + 1) in {"of", "", "for", ",", "by", "in", "as", "after"}:
        return True
    return _is_noun_buy(line, at) or (low == "purchase" and not _takes_object(line, at))


def _is_noun_buy(line: Line, at: int) -> bool:
    """Whether "buy" is a noun: "closes $6.5 billion Ampere buy"."""
    if (
        line.low(at) != "buy"
        or not is_name(line, at - 1)
        or line.low(at + 1) not in {"", ",", "after", "as", "amid", "in"}
    ):
        return False
    return any(line.kind(back) == "$" for back in range(max(0, at - 5), at))


def _takes_object(line: Line, at: int) -> bool:
    """Whether "purchase" is a verb here: what is bought follows."""
    return is_name(line, at + 1) or line.low(at + 1) in DETERMINERS or line.low(at + 1)[:1].isdigit()


def _bought(clause: Clause, verb: int) -> None:
    """ "X acquires Y for $2B", "Y bought by X", "X takes over Y"."""
    line = clause.line
    after = verb + 1
    if line.low(verb) == "buy" and line.low(verb - 1) in DETERMINERS:
        return  # "the buy should also ..."
    if line.low(verb) in BUY_PARTICLES:
        if line.low(after) != BUY_PARTICLES[line.low(verb)]:
            return
        after += 1
    if line.low(after) == "by" and line.low(verb).endswith(("ed", "ght", "en")):
        _bought_by(clause, verb, after + 1)
    elif line.low(after) not in {"back", "out", "into", "now", "or", "and", "time", "as", "at", "from"}:
        _buys(clause, verb, after)


def _buys(clause: Clause, verb: int, after: int) -> None:
    """A purchase whose object begins with a token."""
    line = clause.line
    stake = behind_stake(clause, after)
    thing = object_after(line, stake or after)
    if thing is None or not is_firm(line, thing):
        return
    money_at, subject = sum_after(clause, thing.end), subject_before(line, verb)
    if line.low(verb - 1) == "to" and line.low(verb - 2) in {"deal", "agreement"} and clause.sum_at(verb - 3):
        at = money_at = verb - 3  # "in $45m deal to acquire"
        while line.low(at - 1) in {"in", "a", "an", "signs", "inks", "strikes", "reaches"}:
            at -= 1
        subject = subject_before(line, at)
    target = line.said(*thing.span)
    vague = subject.kind == "none" and (verb == 0 or not (entity_of(target) or money_at is not None))
    if vague or not (stake or _is_company(clause, verb, thing, money_at)):
        return
    acquirer = line.said(*subject.span) if subject.kind in {"name", "person"} else None
    if acquirer == target:
        return
    found = Found(
        "acquisition", line, verb, thing.end - 1, target, acquirer, unnamed=subject.kind in {"role", "pronoun"}
    )
    take_sum(clause, found, money_at)
    found.status = takeover_status(clause, verb)
    clause.add(found)


def _is_company(clause: Clause, verb: int, thing: Thing, money_at: int | None) -> bool:
    """Whether what is bought is a firm or a part of one: "acquire" says so, "buy" needs more than a name."""
    line = clause.line
    known = any(line.kind(at) == "n" for at in range(thing.span[0], thing.span[1] + 1))
    if thing.unit or thing.described or money_at is not None:
        return True
    if line.low(verb).startswith(("acq", "snap", "gobb", "swal", "reac")):
        return not is_place(line, thing.span)
    return known or _is_told_what(line, thing) or _between_names(line, verb, thing)


def _is_told_what(line: Line, thing: Thing) -> bool:
    """Whether an apposition says that it is a firm: "buys Acme, maker of pumps"."""
    if line.low(thing.end) != ",":
        return False
    at = thing.end + 1
    ahead = [line.low(place) for place in range(at, at + 8)]
    heads = [low for low in ahead if low in DESCRIPTORS or low in UNITS]
    return bool(heads) and (ahead[0] in DETERMINERS or ahead[0] in DESCRIPTORS or ahead[0].endswith(SUFFIXES))


def _between_names(line: Line, verb: int, thing: Thing) -> bool:
    """Whether a headline has but two names around "buys": a firm buys a firm."""
    if line.passage.field != "title" or line.low(verb) not in {"buys", "buy", "bought", "buying"}:
        return False
    subject = subject_before(line, verb)
    if subject.kind != "name" or is_place(line, subject.span) or line.low(verb - 1) in _NOT_YET:
        return False
    after = line.low(thing.end)
    return after in {"", ",", "to", "for", "in", "as", "and", "from", "after", "with", "-"} and not is_place(
        line, thing.span
    )


def _bought_by(clause: Clause, verb: int, after: int) -> None:
    line = clause.line
    thing = object_after(line, after)
    subject = subject_before(line, verb)
    if thing is None or subject.kind != "name" or not is_firm(line, Thing(subject.span, verb)):
        return
    found = Found("acquisition", line, verb, thing.end - 1, line.said(*subject.span), line.said(*thing.span))
    take_sum(clause, found, sum_after(clause, thing.end))
    found.status = takeover_status(clause, verb)
    clause.add(found)


def _purchase(clause: Clause, noun: int) -> None:
    """ "X's $2B acquisition of Y", "the Y takeover", "merger with Y", "merger of X and Y", "X-Y deal"."""
    line = clause.line
    money_at, back = _before_noun(clause, noun)
    read = _read_noun(clause, noun, back, money_at)
    if read is None or read.acquirer == read.target:
        return
    its = line.low(back) in {"its", "their"}
    money_at = read.money_at if money_at is None else money_at
    if not (read.acquirer or its or money_at is not None or (read.end > noun + 1 and entity_of(read.target))):
        return
    if any(one.type == "acquisition" and one.target == read.target for one in clause.found):
        return
    unnamed = read.acquirer is None and its
    found = Found("acquisition", line, noun, read.end - 1, read.target, read.acquirer, unnamed=unnamed)
    take_sum(clause, found, money_at if money_at is not None else sum_after(clause, read.end))
    found.status = takeover_status(clause, noun)
    clause.add(found)


def _read_noun(clause: Clause, noun: int, back: int, money_at: int | None) -> _Purchase | None:
    """Who buys whom by a noun for it; `back` is the token before it and its sum."""
    line = clause.line
    low, after = line.low(noun), line.low(noun + 1)
    offered = low == "offer" and after == "for" and not _OFFERS.isdisjoint(line.low(at) for at in range(noun - 4, noun))
    struck = low == "deal" and after == "for" and money_at is not None and line.low(back) in _STRIKES
    bid = (low, after) in {("merger", "with"), ("bid", "for")}
    if bid or offered or struck or (low in BUYING_NOUNS and after == "of"):
        read = _purchase_of(clause, noun, back)
    elif low == "merger" and after in {"of", "between"}:
        read = _merger_of(clause, noun)
    elif low in {"bid", "offer"} or (low == "tie-up" and JUDGES.isdisjoint(token.low for token in line.tokens[:noun])):
        return None  # a tie-up is a partnership, unless somebody judges it
    elif low in BUYING_NOUNS or low in {"merger", "deal", "tie-up", "buy"} or money_at is not None:
        read = _named_purchase(clause, noun, back, money_at)
    else:
        return None
    if read is None and low == "merger" and line.passage.field == "title":
        return _announced_pair(clause, noun)
    return read


class _Purchase(NamedTuple):
    """What a noun for a takeover says; `end` is the token after it."""

    target: Said
    acquirer: Said | None
    end: int
    money_at: int | None = None


def _purchase_of(clause: Clause, noun: int, back: int) -> _Purchase | None:
    """ "X's acquisition of Y", "merger with Y"."""
    line = clause.line
    thing = object_after(line, behind_stake(clause, noun + 2) or noun + 2)
    if thing is None or not is_firm(line, thing) or _is_shell(line, thing):
        return None
    acquirer = _possessor(clause, back) or _by(clause, thing.end) or _bare_owner(clause, noun) or _doer(clause, noun)
    return _Purchase(line.said(*thing.span), acquirer, thing.end)


def _is_shell(line: Line, thing: Thing) -> bool:
    """Whether it is a company set up to take another public, which is no takeover."""
    return any(line.low(at) == "acquisition" for at in range(thing.span[0], thing.span[1] + 1))


def _merger_of(clause: Clause, noun: int) -> _Purchase | None:
    """ "the merger of X and Y"."""
    pair = _pair(clause, noun + 2)
    return _Purchase(pair[1], pair[0], noun + 1) if pair else None


def _announced_pair(clause: Clause, noun: int) -> _Purchase | None:
    """Both of "X and Y announce merger", "X, Y agree to all-stock merger"."""
    line = clause.line
    verb = next((at for at in range(noun - 1, max(-1, noun - 9), -1) if line.low(at) in _PAIR_VERBS), -1)
    names = list_before(line, verb) if verb > 0 else []
    return _Purchase(names[1], names[0], noun + 1) if len(names) == 2 else None


def _named_purchase(clause: Clause, noun: int, back: int, money_at: int | None) -> _Purchase | None:
    """ "the Y takeover", "X's $2B Y deal", "X-Y merger"."""
    line = clause.line
    if pair := _joined_by_hyphen(clause, noun, back):
        return _Purchase(pair[1], pair[0], noun + 1)
    span = run_back(line, back)
    if span is None or line.low(back + 1) in {"'s", "'"}:
        return None
    first = span[0]
    deal = line.low(noun) in _MERE_DEALS
    if deal and line.kind(first - 1) != "$" and not (money_at is not None and line.low(first - 1) in {"'s", "'"}):
        return None
    before = _sum_at(clause, first - 1)
    acquirer = _possessor(clause, first - 2 if before is not None else first - 1)
    acquirer = acquirer or _by(clause, noun + 1) or _doer(clause, first)
    if acquirer is None and line.low(noun) in DEAL_NOUNS:
        return None
    return _Purchase(line.said(*span), acquirer, noun + 1, before)


def _joined_by_hyphen(clause: Clause, noun: int, back: int) -> tuple[Said, Said] | None:
    """Both of "X-Y merger" or "X-Y robotics deal", as one word or as known names."""
    line = clause.line
    span = _joined_pair(clause, back) or run_back(line, back)
    if span is None:
        if pair := _hyphened(clause, (back - 1, back - 1)):
            return pair[0], Said(line.passage, pair[1].start, line.tokens[back].end)
        return None
    if line.low(span[0] - 1) == "-" and (other := run_back(line, span[0] - 2)):
        return line.said(*other), line.said(*span)
    return _hyphened(clause, span) if line.low(noun) != "deal" else None


def _joined_pair(clause: Clause, back: int) -> Span | None:
    """ABB of "SoftBank-ABB robotics deal"."""
    line = clause.line
    at = back
    while at > 0 and back - at < 3 and line.kind(at) == "w" and not line.tokens[at].capital:
        at -= 1
    if at != back and is_name(line, at) and line.low(at - 1) == "-" and is_name(line, at - 2):
        return at, back
    return None


def _bare_owner(clause: Clause, noun: int) -> Said | None:
    """X of "approves X takeover of Y"."""
    line = clause.line
    span = run_back(line, noun - 1)
    if span is None or is_place(line, span) or line.low(span[1]) in _NO_OWNERS:
        return None
    return line.said(*span)


def _hyphened(clause: Clause, span: Span) -> tuple[Said, Said] | None:
    """Both of "JetBlue-Spirit", which is one word."""
    line = clause.line
    if span[1] < 0:
        return None
    token = line.tokens[span[1]]
    words = line.passage.text[token.start : token.end].split("-")
    if token.kind != "w" or len(words) != 2 or not all(word[:1].isupper() for word in words):
        return None
    middle = token.start + len(words[0])
    return Said(line.passage, line.tokens[span[0]].start, middle), Said(line.passage, middle + 1, token.end)


def _sum_at(clause: Clause, at: int) -> int | None:
    return at if clause.sum_at(at) else None


def _before_noun(clause: Clause, noun: int) -> tuple[int | None, int]:
    """The sum before "acquisition", if there is one, and the token before both."""
    line = clause.line
    money_at, back = None, noun - 1
    while line.low(back) in BEFORE_PURCHASE or line.kind(back) == "$":
        if clause.sum_at(back):
            money_at = back
        back -= 1
    return money_at, back


def _possessor(clause: Clause, at: int) -> Said | None:
    """X of "X's acquisition", where the possessive mark is at this token."""
    line = clause.line
    if line.low(at) not in {"'s", "'"}:
        return None
    span = run_back(line, at - 1)
    return line.said(*span) if span and not is_place(line, span) else None


def _by(clause: Clause, at: int) -> Said | None:
    """X of "the acquisition of Y by X"."""
    if clause.line.low(at) != "by":
        return None
    thing = object_after(clause.line, at + 1)
    return clause.line.said(*thing.span) if thing else None


def _doer(clause: Clause, noun: int) -> Said | None:
    """Who "completes" or "calls off" an acquisition; not who blocks or approves it."""
    line = clause.line
    for verb in range(noun - 1, max(-1, noun - 8), -1):
        low = line.low(verb)
        if low in JUDGES and low not in {"halts", "halt", "halted"}:
            return None
        verbal = low.endswith(("s", "ed", "ing")) or low in {"to", "off", "close"} or low in CANCELLED
        capital = line.tokens[verb].capital and not line.shouts
        if line.kind(verb) == "w" and verbal and not capital and low not in DETERMINERS:
            subject = subject_before(line, verb)
            if subject.kind == "name" and not is_place(line, subject.span):
                return line.said(*subject.span)
            if subject.kind != "none":
                return None
    return None


def _pair(clause: Clause, at: int) -> tuple[Said, Said] | None:
    """Both of "X and Y"."""
    line = clause.line
    one = object_after(line, at)
    if one is None or line.low(one.end) not in {"and", "&", "with"}:
        return None
    two = object_after(line, one.end + 1)
    if two is None or not (is_firm(line, one) and is_firm(line, two)):
        return None
    return line.said(*one.span), line.said(*two.span)
