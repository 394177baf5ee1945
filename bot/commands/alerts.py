"""`why`: for an alert, why it was told; for any other item, why it was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.classify import why as words
from bot.classify.feedback import UNTAUGHT, Judgement, Learned, judged, learn, lessons
from bot.classify.match import Matcher
from bot.classify.query.explain import Explanation, Missing, explain
from bot.classify.query.parse import parse_query
from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.commands.mutes import mute_words, until_words
from bot.commands.subject import LAST, NotShown, Subject, find_subject, story_words, told_words, untold_words
from bot.commands.watches import find
from bot.errors import BadQuery
from bot.message import Actions, Button, Card, Message, Part, Text, ago, say
from bot.model import Classification, Evidence, Match, Place, Watchlist
from bot.muted import silencing, traits
from bot.ports import Transaction

_OTHERS = 5  # watchlists that did not match of which it is said what was missing

ALERT = Param(
    "alert", f"nothing: the last alert here; 1 to {LAST}: the n-th last; a link or words of a title: that item", "rest"
)
WATCH = Param("watch", "only this watchlist", required=False, complete="watchlist")
TARGET = (WATCH, Param(ALERT.name, ALERT.help, ALERT.kind, required=False))


def register(book: Book, desk: Desk) -> None:
    """Put the command into the book."""
    about = "Why an alert was told, or why an item was not"
    book.register(Command(("why",), about, TARGET, "why 2"), partial(why, desk))


@dataclass(frozen=True, slots=True)
class View:
    """What one watchlist makes of an item: a match with its judgement, or what is missing."""

    watchlist: Watchlist
    match: Match | None
    learned: Learned
    judgement: Judgement | None
    missing: tuple[Missing, ...] = ()

    @property
    def held(self) -> bool:
        """Whether feedback holds the match back."""
        return self.judgement is not None and not self.judgement.passes


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is to be said of an item: `told` is empty if this place was not; `untold` is by watchlist id."""

    subject: Subject
    about: Classification
    views: tuple[View, ...]
    story: str
    sources: tuple[str, ...]
    told: str
    untold: Mapping[int, str]


async def why(desk: Desk, call: Call) -> Reply:
    """Explain an alert or any stored item; a link that no feed has shown is explained too."""
    await desk.catch_up()
    try:
        answer = await desk.read(lambda tx: _ask(tx, desk, call))
    except NotShown as unknown:
        return Reply(say(str(unknown)), ({"stored": False, "why": str(unknown)},))
    return Reply(_message(answer, desk), tuple(_row(answer, view) for view in answer.views))


def _ask(tx: Transaction, desk: Desk, call: Call) -> Answer:
    subject = find_subject(tx, call.place, call.args.get("alert", ""))
    only = call.args.get("watch")
    watchlists = [find(tx, call.place, only)] if only else tx.watches.all(call.place)
    about, views = look(tx, desk, subject, watchlists)
    told = told_words(tx, call.place, subject, desk.clock.now())
    matched = [one.match for one in views if one.match]
    untold = {} if told else {one.watchlist.id: _untold(tx, desk, call.place, subject, about, one) for one in matched}
    sources = tx.stories.get(subject.story_id).sources if subject.story_id else ()
    return Answer(subject, about, tuple(views), story_words(tx, subject), sources, told, untold)


def _untold(tx: Transaction, desk: Desk, place: Place, subject: Subject, about: Classification, match: Match) -> str:
    """Why a match was not told: it waits for the digest, it was muted when it came, or something else stood against it."""
    if (subject.story_id, place) in tx.digests.waiting([subject.story_id]):
        return "it waits for the daily digest"
    now = desk.clock.now()
    came = subject.stored.fetched if subject.stored else now
    then = [mute for mute in tx.mutes.of([place], now) if mute.at <= came]
    mine = traits(subject.story_id, subject.item.source, about, desk.knowledge.lineage)
    mute = silencing(then, mine, (match.watchlist.id,))
    if mute is None:
        return untold_words(tx, subject, match)
    return f"not told: {mute_words(mute)} is muted {until_words(mute.until, tx.hours.get(place), desk.zone)}"


def look(
    tx: Transaction, desk: Desk, subject: Subject, watchlists: Sequence[Watchlist]
) -> tuple[Classification, list[View]]:
    """What the item is about, and what each watchlist makes of it: those that match first, then in their order."""
    matcher = Matcher(desk.knowledge, watchlists)
    about, matches = matcher.read(subject.item)
    found = {match.watchlist.id: match for match in matches}
    views = []
    for watchlist in watchlists:
        match = found.get(watchlist.id)
        if match is None:
            missing = _missing(desk, watchlist, subject, about)
            views.append(View(watchlist, None, UNTAUGHT, None, missing))
            continue
        learned = learn(lessons(tx.verdicts.of(watchlist.id)))
        views.append(View(watchlist, match, learned, judged(subject.item, about, match, learned)))
    return about, sorted(views, key=lambda view: view.match is None)


def _missing(desk: Desk, watchlist: Watchlist, subject: Subject, about: Classification) -> tuple[Missing, ...]:
    try:
        query = parse_query(watchlist.query, desk.knowledge)
    except BadQuery as fault:  # the gazetteer has changed since the watchlist was made
        return (Missing(watchlist.query, f"the query cannot be read any more: {fault}"),)
    return explain(query, subject.item, about, desk.knowledge).missing


# -- saying it ---------------------------------------------------------------------------------------------------------


def _message(answer: Answer, desk: Desk) -> Message:
    """A card of the item with its words marked, who asked for it and why, and, where the summary spoke, the piece of it."""
    item, found = answer.subject.item, [view.match for view in answer.views if view.match]
    evidence = [one for match in found for one in match.evidence]
    meta = " · ".join(part for part in (item.source, ago(item.published, desk.clock.now())) if part)
    card = Card(item.title, item.link, meta=meta, spans=_title_spans(evidence))
    said = _paragraphs(answer)
    parts: list[Part] = [card, *map(Text, said)]
    piece = words.snippet(item, evidence)
    lines = [item.title, *said]
    if piece and piece.field == "summary":
        parts.append(Text(piece.text, piece.spans))
        lines.append(piece.text)
    if buttons := tuple(_buttons(answer.subject, bool(found))):
        parts.append(Actions(buttons))
    return Message("\n".join(lines), tuple(parts))


def _title_spans(evidence: Sequence[Evidence]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({(one.start, one.end) for one in evidence if one.field == "title" and one.start < one.end}))


def _buttons(subject: Subject, found: bool) -> Iterator[Button]:
    which = subject.item.link or subject.item.title
    if found and subject.alert:
        yield Button("Good", f"verdict good {which}", "👍")
        yield Button("Bad", f"verdict bad {which}", "👎")
    if subject.story_id:
        yield Button("Story", f"story {subject.story_id}")


def _paragraphs(answer: Answer) -> list[str]:
    """Who asked for it and by which words; what it is about; what the stories made of it: one, if one watchlist speaks."""
    asked = [view for view in answer.views if view.match]
    others = [] if asked and answer.subject.named else [view for view in answer.views if not view.match]
    said = [_asked(answer, view) for view in asked]
    if not answer.views:
        said.append("There is no watchlist here")
    elif not asked and len(others) > 1:
        said.append("No watchlist here asks for it")
    said += [_not_asked(view) for view in others[:_OTHERS]]
    if len(others) > _OTHERS:
        said.append(f"{len(others) - _OTHERS} other watchlists do not ask for it either")
    rest = [f"{_capital(one)}." for one in (words.gist(answer.about), answer.story, answer.told) if one]
    if len(said) == 1:
        return [" ".join((f"{said[0]}.", *rest))]
    return [*(f"{one}." for one in said), " ".join(rest)]


def _asked(answer: Answer, view: View) -> str:
    shown = words.met(answer.about, view.match.evidence if view.match else ()) or "it asks for everything"
    fed = words.weighed(view.judgement, view.learned) if view.judgement else ""
    untold = "not told: feedback holds it back" if view.held else answer.untold.get(view.watchlist.id, "")
    asks = f"`{view.watchlist.name}` asks for it: {shown}"
    return ". ".join(part for part in (asks, _capital(fed), _capital(untold)) if part)


def _not_asked(view: View) -> str:
    return f"`{view.watchlist.name}` does not: {words.missed(Explanation(False, (), view.missing))}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _row(answer: Answer, view: View) -> dict[str, Any]:
    item, stored, judgement = answer.subject.item, answer.subject.stored, view.judgement
    return {
        "stored": stored is not None,
        "title": item.title,
        "link": item.link,
        "story": answer.subject.story_id,
        "story_why": answer.story,
        "status": stored.status if stored else None,
        "placed": list(stored.placed) if stored else [],
        "copy": stored.copy if stored else False,
        "sources": list(answer.sources),
        "watch": view.watchlist.name,
        "matched": view.match is not None,
        "reasons": [words.row(one) for one in view.match.evidence] if view.match else [],
        "missing": [{"term": one.term, "why": one.why} for one in view.missing],
        "told": answer.told or answer.untold.get(view.watchlist.id, ""),
        "score": round(judgement.score, 4) if judgement else None,
        "needs": round(view.learned.needs, 4) if judgement else None,
        "held": view.held,
        "about": words.gist(answer.about),
    }
