"""What people were owed, by those who published it, against what they were told, by what chats show. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.bench.faulty import Log, Platform, Shown
from bot.bench.lives import START, Wish, World
from bot.bench.newsroom import Event, Outlet
from bot.model import Place

Owed = dict[tuple[Place, int], str]
"""For places and first events: a page that tells it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lost` and `duplicates` say what, line by line.

    `repeated` counts what stands there twice and could not be avoided, `unsure` how often that might have been. `strays` are
    tellings of what has no subject or was never published, `old` counts those of what was published before the first poll.
    `hidden` stories were counted in summaries and not named: so many of a place may be among those of which it saw nothing.
    """

    owed: int
    lost: list[str]
    duplicates: list[str]
    repeated: int
    unsure: int
    hidden: int
    strays: list[str]
    old: int


def judge(world: World) -> Verdict:
    """What came of a soak."""
    told_of = {report.url: report.event for outlet in world.outlets for report in outlet.reports}
    due = owed(world.outlets, world.web.logs, world.baselined, world.wishes)
    shown = [message for platform in world.platforms.values() for message in platform.shown.values()]
    told = {(one.place, told_of[url].family) for one in shown for url in one.links if url in told_of}
    hidden = Counter[Place]()
    for one in shown:
        hidden[one.place] += one.hidden
    lost, counted = [], hidden.copy()
    for (place, family), url in due.items():
        if (place, family) not in told:
            counted[place] -= 1
            if counted[place] < 0:
                lost.append(f"{place} was never told of {url}")
    doubled: list[str] = []
    repeated = unsure = 0
    for platform in world.platforms.values():
        more, excused = duplicates(platform, told_of)
        doubled += more
        repeated += excused
        unsure += 0 if platform.searches else sum(platform.unknown(one) for one in platform.shown.values())
    wanted = {one.url: one.at for outlet in world.outlets for one in outlet.reports if one.event.subject}
    strays = [f"{one.place} was told of {url or 'no page'}" for one in shown for url in one.told if url not in wanted]
    old = sum(wanted.get(url, START) < START for one in shown for url in one.told)
    return Verdict(len(due), lost, doubled, repeated, unsure, hidden.total(), strays, old)


def owed(
    outlets: Iterable[Outlet], logs: Mapping[int, Log], baselined: Mapping[int, datetime], wishes: Iterable[Wish]
) -> Owed:
    """What was published after the baseline of its feed, was there to be fetched, and is of a subject waited for."""
    waiting: dict[str, list[Place]] = {}
    for wish in wishes:
        for subject in wish.subjects:
            waiting.setdefault(subject, []).append(wish.place)
    due: Owed = {}
    for outlet in outlets:
        since, shown = baselined.get(outlet.number), logs[outlet.number].shown
        for report in outlet.reports:
            if since is not None and report.at > since and report.url in shown:
                for place in waiting.get(report.event.subject, ()):
                    due.setdefault((place, report.event.family), report.url)
    return due


def duplicates(platform: Platform, told_of: Mapping[str, Event]) -> tuple[list[str], int]:
    """Events that a place was told of in two messages of their own, or twice by one report in a thread.

    And how many messages stand twice that nobody could know to stand there: the platform cannot be searched, and does not honour
    nonces or has forgotten this one.
    """
    first: dict[tuple[Place, str, object], Shown] = {}
    found, excused = [], 0
    for one in platform.shown.values():
        if one.excused and not platform.searches:
            excused += 1
            continue
        for key, url in _tellings(one, told_of):
            if key in first and first[key] is not one:
                found.append(f"{one.place} was told of {url} again, after {', '.join(first[key].told[:3])}")
            first.setdefault(key, one)
    return found, excused


def _tellings(one: Shown, told_of: Mapping[str, Event]) -> Sequence[tuple[tuple[Place, str, object], str]]:
    """What a message tells: events, where it stands in the place itself; in a thread, reports."""
    known = [url for url in dict.fromkeys(one.told) if url in told_of]
    return [((one.place, one.thread, url if one.thread else told_of[url].number), url) for url in known]
