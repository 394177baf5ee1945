"""`story`: one event from its first report to its last development, and what each outlet says of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial

from bot.command import Book, Call, Command, Param, Reply
from bot.commands.dealings import deal_row
from bot.commands.desk import Desk
from bot.commands.lookups import story_row
from bot.commands.seek import Told, and_more, tell
from bot.commands.subject import find_subject
from bot.daytime import zone_of
from bot.errors import BadInput, NotFound
from bot.message import Actions, Button, Card, Menu, Message, Part, Text, ago
from bot.model import Place, StoredItem, Story, own_place
from bot.ports import Transaction
from bot.stories.facts import Fact, Outlet, told_at
from bot.stories.told import label, shown_conflict
from bot.text import bare
from bot.wording import deal_line, deal_sentence

_REPORTS, _DEVELOPMENTS, _DEALS, _REASONS, _NAMED = 12, 8, 4, 4, 5
_NUMBER = re.compile(r"(?:story\s*[: ]\s*)?(\d{1,15})", re.ASCII | re.IGNORECASE)
_MUTED_FOR = (("This story for 1 day", "1d"), ("This story for 1 week", "1w"))

STORY = Param(
    "story",
    "its number; #NUMBER: what that alert told; a link or words of a title; nothing: the last alert here",
    "rest",
    required=False,
    complete="story",
)


def register(book: Book, desk: Desk) -> None:
    """Put the command into the book."""
    about = "One story: who reported it when, its facts, its follow-ups"
    book.register(Command(("story",), about, (STORY,), "story 12"), partial(story, desk))


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is to be said: the first event, what followed it, the zone of the place, whether the person follows."""

    root: Told
    developments: tuple[Told, ...]
    zone: tzinfo
    followed: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A report in the timeline, with those that say it in the same words."""

    report: StoredItem
    outlet: Outlet | None
    copies: tuple[StoredItem, ...] = ()


async def story(desk: Desk, call: Call) -> Reply:
    """The page of a story; that of a development is the page of what it follows."""
    await desk.catch_up()
    page = await desk.read(lambda tx: _page(tx, desk, call))
    return Reply(_message(page, desk.clock.now()), (_row(page),))


def _page(tx: Transaction, desk: Desk, call: Call) -> Page:
    found = find_story(tx, call.place, call.args.get("story", "").strip())
    root = tx.stories.get(found.follows) if found.follows else found
    told = tell(tx, root.id)
    if told is None:
        raise NotFound(f"No report of story {root.id}, “{root.title}”, is stored any more.", field="story")
    later = tuple(one for one in (tell(tx, each.id) for each in tx.stories.developments(root.id)) if one)
    followed = root.id in tx.follows.at(own_place(call.person))
    return Page(told, later, zone_of(tx.hours.get(call.place), desk.zone), followed)


def find_story(tx: Transaction, place: Place, text: str) -> Story:
    """The story that somebody means: its number, or anything by which `why` finds an alert or an item. Raises NotFound."""
    if number := _NUMBER.fullmatch(text):
        try:
            return tx.stories.get(int(number[1]))
        except NotFound as error:
            raise NotFound(
                f"There is no story {number[1]}. `news` lists the newest with their numbers; `story #{number[1]}` "
                "is what an alert told.",
                field="story",
            ) from error
    subject = find_subject(tx, place, text)
    if subject.alert and subject.named:
        told = dict.fromkeys(one.story_id for one in subject.alert.items)
        if len(told) > 1:
            numbers = ", ".join(f"`story {one}`" for one in list(told)[:_NAMED])
            raise BadInput(f"That message tells {subject.alert.count} stories: {numbers} …", field="story")
    if not subject.story_id:
        raise NotFound(f"“{subject.item.title}” belongs to no story.", field="story")
    return tx.stories.get(subject.story_id)


# -- saying it ---------------------------------------------------------------------------------------------------------


def _message(page: Page, now: datetime) -> Message:
    root = page.root
    parts: list[Part] = [_head(page, now)]
    timeline = _timeline(root)
    lines, rest = timeline[:_REPORTS], timeline[_REPORTS:]
    parts.append(_heading(f"{root.story.items} reports" if root.story.items > 1 else "1 report"))
    parts += [_report_card(one, root, page.zone) for one in lines]
    if rest:
        outlets = _names([one.report.item.source for one in rest])
        parts.append(Text(f"… and {len(rest)} more, by {outlets}."))
    if page.developments:
        parts.append(_heading("Follow-ups"))
        shown = page.developments[-_DEVELOPMENTS:]
        if len(shown) < len(page.developments):
            parts.append(Text(f"{len(page.developments) - len(shown)} earlier ones, and:"))
        parts += [_development_card(one, page.zone) for one in shown]
    if why := _together(page):
        parts.append(Text(why))
    parts.append(_actions(page))
    return Message(_spoken(parts), tuple(parts), "deal" if root.facts.deals else "news")


def _head(page: Page, now: datetime) -> Card:
    """What happened: the facts of the deal that it is about, with who says so; other deals in a line each."""
    root, item = page.root, page.root.head.item
    outlets = f"{len(root.story.sources)} outlet{'s' * (len(root.story.sources) != 1)}"
    own = f"{root.story.independent} in words of their own" if root.story.copied else ""
    latest = max(one.latest for one in (root, *page.developments))
    meta = (f"story {root.story.id}", outlets, own, f"latest {ago(latest, now)}")
    main, others = (root.facts.deals[:1], root.facts.deals[1:]) if root.facts.main else ((), root.facts.deals)
    body = [*map(deal_sentence, main), *(f"Also: {line}" for deal in others[:_DEALS] if (line := deal_line(deal)))]
    body += [f"… and {len(others) - _DEALS} more deals"] if len(others) > _DEALS else []
    facts = tuple((label(one), _fact(one)) for one in filter(_told, root.facts.facts) if main)
    return Card(
        item.title, item.link, meta=" · ".join(filter(None, meta)), body="\n".join(filter(None, body)), facts=facts
    )


def _fact(fact: Fact) -> str:
    """What it is, who says so, and who says otherwise: `$140m; one outlet says CNY 2bn (Reuters and 2 more)`."""
    sources = and_more(fact.sources[0], fact.sources) if fact.sources else ""
    return f"{shown_conflict(fact)} ({sources})" if sources else shown_conflict(fact)


def _told(fact: Fact) -> bool:
    """Whether it belongs on the page: that a deal is announced goes without saying."""
    return fact.deal == 0 and not (fact.kind == "status" and fact.value == "announced" and not fact.others)


def _heading(text: str) -> Text:
    return Text(text, ((0, len(text)),))


def _timeline(told: Told) -> list[_Line]:
    """Reports in the order of their times, each with the copies of it: those with its title, else they are of the first."""
    outlets = {(one.name, one.link): one for one in told.facts.outlets}
    own = [one for one in told.reports if not one.copy] or list(told.reports[:1])
    own.sort(key=told_at)
    titles = {bare(one.item.title): at for at, one in reversed(list(enumerate(own)))}
    copies: dict[int, list[StoredItem]] = {}
    for one in told.reports:
        if one.copy and one is not own[0]:
            copies.setdefault(titles.get(bare(one.item.title), 0), []).append(one)
    return [
        _Line(one, outlets.get((one.item.source, one.item.link)), tuple(copies.get(at, ())))
        for at, one in enumerate(own)
    ]


def _report_card(line: _Line, told: Told, zone: tzinfo) -> Card:
    item, outlet = line.report.item, line.outlet
    first, primary = told.facts.first, told.facts.primary
    many = len(told.reports) > 1
    marks = (
        item.source,
        _when(told_at(line.report), zone),
        "first report" if many and _is(line, first) else "",
        "primary source" if _is(line, primary) and primary.primary else "",
        f"credits {outlet.credits}" if outlet and outlet.credits else "",
        _copies(line.copies),
    )
    return Card(item.title, item.link, meta=" · ".join(filter(None, marks)))


def _is(line: _Line, outlet: Outlet) -> bool:
    return (line.report.item.source, line.report.item.link) == (outlet.name, outlet.link)


def _copies(copies: Sequence[StoredItem]) -> str:
    """`and 3 copies (Yahoo, MSN and 1 more)`."""
    if not copies:
        return ""
    many = f"{len(copies)} copies" if len(copies) > 1 else "a copy"
    return f"and {many} ({_names([one.item.source for one in copies])})"


def _development_card(told: Told, zone: tzinfo) -> Card:
    item = told.head.item
    status = next((deal.status for deal in told.facts.deals if deal.status != "announced"), "")
    first = min(map(told_at, told.reports))
    marks = (status, told.outlets, _when(first, zone), f"story {told.story.id}")
    return Card(item.title, item.link, meta=" · ".join(filter(None, marks)))


def _together(page: Page) -> str:
    """Why its reports were put together, most frequent reason first."""
    later = [one for told in (page.root, *page.developments) for one in told.reports if one.status != "new"]
    reasons = Counter(reason for one in later for reason in dict.fromkeys(one.placed))
    if not reasons:
        return ""
    return f"Put together by: {'; '.join(reason for reason, _ in reasons.most_common(_REASONS))}."


def _actions(page: Page) -> Actions:
    number = page.root.story.id
    follow = (
        ("Unfollow story", f"unfollow story:{number}") if page.followed else ("Follow story", f"follow story:{number}")
    )
    mutes = tuple((label, f"watch mute for={given} story:{number}") for label, given in _MUTED_FOR)
    return Actions((Button(*follow), Menu("Mute…", mutes)))


def _when(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y %H:%M %Z}"


def _names(names: Iterable[str]) -> str:
    """`Reuters, Bloomberg and 3 more`, each once."""
    unique = [name for name in dict.fromkeys(names) if name]
    if len(unique) <= _NAMED:
        return ", ".join(unique)
    return f"{', '.join(unique[: _NAMED - 1])} and {len(unique) - _NAMED + 1} more"


def _spoken(parts: Sequence[Part]) -> str:
    lines = []
    for part in parts:
        if isinstance(part, Text):
            lines.append(part.text)
        elif isinstance(part, Card) and not lines:
            lines.append(f"{part.headline} ({part.meta}) {part.url}".rstrip())
            lines += part.body.splitlines()
            lines += [f"{label}: {value}" for label, value in part.facts]
        elif isinstance(part, Card):
            lines.append(f"- {part.headline} ({part.meta}) {part.url}".rstrip())
    return "\n".join(lines)


# -- for programs --------------------------------------------------------------------------------------------------------


def _row(page: Page) -> dict[str, object]:
    root = page.root
    return {
        **story_row(root),
        "created": root.story.created.isoformat(),
        "independent": root.story.independent,
        "first": root.facts.first.name,
        "primary": root.facts.primary.name if root.facts.primary.primary else None,
        "timeline": [_report_row(one, root) for one in root.reports],
        "facts": [_fact_row(one) for one in root.facts.facts],
        "deals": [deal_row(deal, root) for deal in root.facts.deals],
        "developments": [
            {**story_row(one), "deals": [deal_row(deal, one) for deal in one.facts.deals], "why": _reasons(one)}
            for one in page.developments
        ],
        "why": _reasons(root),
    }


def _reasons(told: Told) -> list[str]:
    return list(dict.fromkeys(reason for one in told.reports if one.status != "new" for reason in one.placed))


def _report_row(one: StoredItem, told: Told) -> dict[str, object]:
    outlet = next(
        (each for each in told.facts.outlets if (each.name, each.link) == (one.item.source, one.item.link)), None
    )
    return {
        "title": one.item.title,
        "link": one.item.link,
        "source": one.item.source,
        "published": one.item.published.isoformat(),
        "lang": one.item.lang,
        "status": one.status,
        "copy": one.copy,
        "credits": outlet.credits or None if outlet else None,
        "why": list(one.placed),
    }


def _fact_row(fact: Fact) -> dict[str, object]:
    return {
        "kind": fact.kind,
        "value": fact.shown,
        "sources": list(fact.sources),
        "deal": fact.deal,
        "others": [{"value": shown, "sources": list(sources)} for shown, sources in fact.others],
    }
