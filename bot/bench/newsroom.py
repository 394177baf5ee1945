"""Invented outlets and what they publish in a day: events, each about one subject in plain words or about none at all.

Whoever publishes knows which report tells which event, and what people who wait for a subject are owed: that is what a soak
compares with what they were told. Names are used for one event only, and all reports of an event give its names and figures.
The same for the same seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import count, cycle
from xml.sax.saxutils import escape

from bot.bench.asked import company, han, sentence, vocabulary
from bot.bench.corpus import name, name_zh

SHOWN = 15
"""Entries of a document."""

RARE = "exoskeleton"
"""A subject of at most `RARE_EVENTS` a day, so that a digest can name every one."""

RARE_EVENTS = 18
SUBJECTS = ("humanoid", "robotaxi", "gripper", "surgical", RARE)
SUBJECTS_ZH = ("人形机器人", "灵巧手")

_THINGS = {
    "humanoid": "humanoid robot",
    "robotaxi": "robotaxi",
    "gripper": "robot gripper",
    "surgical": "surgical robot",
    RARE: "robotic exoskeleton",
}
_A_DAY, _OLD, _ON_TOPIC, _ONCE, _COPIED, _LATER = 5.0, 8, 0.5, 0.7, 0.4, 0.15
_BURST, _BURSTS = 12, 100  # one feed of so many publishes so many at once
_DELAY = timedelta(hours=1)
_COMMON = 500  # words too common to tell one event from others

# What becomes of the words of an event: two kinds of deals, and all else, told by words of its own.
_HEADS = (
    (
        "{c} raises ${m} million Series {r} for its {t}",
        "{f} leads ${m} million Series {r} round in {t} maker {c}",
        "{t} start-up {c} lands ${m} million Series {r} from {f}",
    ),
    (
        "{f} buys {t} maker {c} for ${m} million",
        "{t} maker {c} is sold to {f} for ${m} million",
    ),
    (
        "{c} {v} {w} {x} {t} at {p} with {y} {z}",
        "{t} {w} {x} {c} to {z} {p} after {y} {v}",
        "{p} {x} {v} as {c} {w} {t} for {z} {y}",
    ),
)
_LINES = (
    (
        "{c} has raised ${m} million in a Series {r} led by {f}.",
        "The Series {r} of ${m} million, led by {f}, pays for the next {t} of {c}.",
    ),
    ("{f} has bought {c}, which makes the {t}, for ${m} million.", "For ${m} million {c} goes to {f}."),
    ("{c} {w} {x}, {y} and {z} for its {t} in {p}.", "In {p} the {t} of {c} {v} {w} after {x} {y} {z}."),
)
_LATER_HEADS = ("{c} closes its ${m} million Series {r} led by {f}", "Regulators approve {f} purchase of {c}")
_LATER_LINES = ("{c} has closed its Series {r} of ${m} million, led by {f}.", "{f} may buy {c} for ${m} million.")
_HEADS_ZH = (
    ("{c}完成{m}亿元{r}轮融资，{f}领投，研发{t}", "{f}领投，{t}公司{c}获{m}亿元{r}轮融资"),
    ("{c}{t}{w}{x}，{p}{y}", "{p}{w}{c}{y}，{t}{x}"),
)
_LINES_ZH = ("{c}宣布完成{m}亿元{r}轮融资，由{f}领投，资金用于{t}。", "{c}的{t}在{p}{w}{x}{y}。")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `family` is the event that it is a development of, else its own number."""

    number: int
    family: int
    subject: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one outlet says of an event; its url is its guid as well."""

    event: Event
    at: datetime
    url: str
    title: str
    summary: str


@dataclass(slots=True)
class Outlet:
    """A feed. `reports` are all that it will ever have, the oldest first; some give no validators, some are Atom."""

    number: int
    host: str
    name: str
    chinese: bool
    atom: bool
    validates: bool
    reports: list[Report]

    @property
    def url(self) -> str:
        """Where it is fetched from at first."""
        return f"https://{self.host}/feed"

    def shown(self, now: datetime) -> tuple[int, Sequence[Report]]:
        """How many were published by then, and those that the document shows, the oldest first."""
        low, high = 0, len(self.reports)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.reports[middle].at <= now else (low, middle)
        return low, self.reports[max(low - SHOWN, 0) : low]


@dataclass(frozen=True, slots=True)
class _Story:
    """An event with the words that all who tell it use."""

    event: Event
    kind: int
    words: dict[str, str]
    rest: str


def newsroom(feeds: int, start: datetime, hours: float, seed: int = 5) -> list[Outlet]:
    """So many outlets: what they had before `start`, and what they publish in the hours after it."""
    room = _Room(feeds, start, timedelta(hours=hours), random.Random(seed))
    room.fill()
    for outlet in room.outlets:
        outlet.reports.sort(key=lambda one: one.at)
    return room.outlets


class _Room:
    def __init__(self, feeds: int, start: datetime, span: timedelta, rng: random.Random) -> None:
        self._start, self._span, self._rng = start, span, rng
        self._names, self._numbers, self._urls = count(), count(1), count(1)
        self._sums = cycle(
            rng.sample(range(110, 10_000), 9_000)
        )  # tenths of millions; no two deals of a day are of one sum
        self._rare = 0
        self.outlets = [_outlet(n) for n in range(feeds)]
        self._weights = [rng.expovariate(1.0) + 0.1 for _ in self.outlets]  # some publish all the time, most seldom

    def fill(self) -> None:
        """Let everything happen."""
        rng = self._rng
        for outlet in self.outlets:
            for _ in range(_OLD):
                story = self._story(outlet.chinese, rare=False)
                self._tell(outlet, story, self._start - timedelta(hours=rng.uniform(1, 720)))
        todo = round(_A_DAY * len(self.outlets) * (self._span / timedelta(days=1)))
        while todo > 0:
            todo -= self._happen()
        for outlet in self.outlets[::_BURSTS]:
            at = self._moment()
            for n in range(_BURST):
                self._tell(outlet, self._story(outlet.chinese, rare=False), at + n * timedelta(seconds=1))

    def _happen(self) -> int:
        """One event, told by one outlet or some; answers how many reports that made."""
        rng = self._rng
        first = rng.choices(self.outlets, self._weights)[0]
        story, at = self._story(first.chinese), self._moment()
        others = [one for one in self.outlets if one.chinese == first.chinese and one is not first]
        telling = [] if rng.random() < _ONCE else rng.sample(others, min(rng.randrange(1, 4), len(others)))
        told = self._tell(first, story, at)
        for outlet in telling:
            copied = told if rng.random() < _COPIED else None
            self._tell(outlet, story, at + timedelta(seconds=rng.expovariate(1 / _DELAY.total_seconds())), copied)
        deal = story.event.subject in SUBJECTS and story.kind < len(_LATER_HEADS)
        if deal and rng.random() < _LATER:
            self._follow(first, story, at + timedelta(hours=rng.uniform(3, 8)))
        return 1 + len(telling)

    def _moment(self) -> datetime:
        """A time of the day, twice as likely in its second half: news have their hours."""
        share = self._rng.random()
        return self._start + self._span * (share if self._rng.random() < 2 / 3 else 0.5 + share / 2)

    def _story(self, chinese: bool, rare: bool = True) -> _Story:
        rng = self._rng
        subject = ""
        if rng.random() < _ON_TOPIC:
            subject = rng.choice(SUBJECTS_ZH if chinese else SUBJECTS)
            if subject == RARE:
                subject = RARE if rare and self._rare < RARE_EVENTS else "humanoid"
                self._rare += subject == RARE
        number = next(self._numbers)
        words = self._words_zh(subject) if chinese else self._words(subject)
        rest = "".join(f"{han(rng, 9)}，{han(rng, 8)}。" for _ in range(2)) if chinese else self._said()
        kinds = len(_HEADS_ZH if chinese else _HEADS)
        return _Story(Event(number, number, subject), rng.randrange(kinds), words, rest)

    def _said(self) -> str:
        return " ".join(sentence(self._rng, 14) for _ in range(2))

    def _words(self, subject: str) -> dict[str, str]:
        rng, who, names = self._rng, next(self._names), [name(next(self._names)).title() for _ in "fp"]
        own = dict(zip("vwxyz", rng.sample(vocabulary()[_COMMON:], 5), strict=True))
        deal = {"m": f"{next(self._sums) / 10:g}", "r": rng.choice("ABC"), "f": f"{names[0]} Capital"}
        return {**own, **deal, "c": company(who), "p": names[1], "t": _THINGS.get(subject, "")}

    def _words_zh(self, subject: str) -> dict[str, str]:
        rng = self._rng
        own = {key: name_zh(next(self._names)) for key in "pwxy"}
        deal = {"m": f"{next(self._sums) / 10:g}", "r": rng.choice("ABC"), "f": f"{name_zh(next(self._names))}资本"}
        return {**own, **deal, "c": f"{name_zh(next(self._names))}科技", "t": subject}

    def _tell(self, outlet: Outlet, story: _Story, at: datetime, copied: Report | None = None) -> Report:
        """One more report: in the words of another one, or in its own. What would come after the end never comes."""
        rng, words = self._rng, story.words
        if copied is not None:
            title, summary = copied.title, copied.summary
        elif not story.event.subject:
            title, summary = self._off_topic(words, story.rest, outlet.chinese)
        elif outlet.chinese:
            title = rng.choice(_HEADS_ZH[story.kind]).format_map(words)
            summary = _LINES_ZH[story.kind].format_map(words) + story.rest
        else:
            title = rng.choice(_HEADS[story.kind]).format_map(words)
            summary = f"{rng.choice(_LINES[story.kind]).format_map(words)} {story.rest}"
        return self._print(outlet, Report(story.event, at, self._url(outlet), title[:1].upper() + title[1:], summary))

    def _follow(self, outlet: Outlet, story: _Story, at: datetime) -> None:
        """A later development of a deal."""
        event = Event(next(self._numbers), story.event.number, story.event.subject)
        title = _LATER_HEADS[story.kind].format_map(story.words)
        summary = f"{_LATER_LINES[story.kind].format_map(story.words)} The {story.words['t']} stays what it is."
        self._print(outlet, Report(event, at, self._url(outlet), title, summary))

    def _url(self, outlet: Outlet) -> str:
        return f"https://{outlet.host}/{next(self._urls)}"

    def _print(self, outlet: Outlet, report: Report) -> Report:
        if report.at < self._start + self._span:
            outlet.reports.append(report)
        return report

    def _off_topic(self, words: dict[str, str], rest: str, chinese: bool) -> tuple[str, str]:
        """What nobody waits for."""
        if chinese:
            return f"{words['p']}{han(self._rng, 6)}", f"{words['p']}{rest}"
        return f"{words['p']}: {sentence(self._rng, 8)}", f"{words['v']} {rest}"


def _outlet(n: int) -> Outlet:
    return Outlet(
        number=n,
        host=f"{name(n)}.example",
        name=f"{name(n).title()} Post",
        chinese=n % 4 == 3,
        atom=n % 3 == 1,
        validates=n % 5 != 2,
        reports=[],
    )


# -- documents ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong with a whole document: every guid is another one, every date is moved."""

    guids: str = ""
    dates: timedelta = timedelta()


def document(outlet: Outlet, reports: Sequence[Report], slip: Slip = Slip()) -> bytes:
    """The feed with these reports, the newest first."""
    write, head, tail = (_atom, _ATOM, "</feed>") if outlet.atom else (_rss, _RSS, "</channel></rss>")
    lang = "zh-CN" if outlet.chinese else "en"
    start = head.format(name=escape(outlet.name), host=outlet.host, lang=lang)
    return "".join([start, *write(reversed(reports), slip), tail]).encode()


_RSS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{name}</title><link>https://{host}/</link>'
    "<description>{name}</description><language>{lang}</language>\n"
)
_ATOM = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">'
    '<title>{name}</title><id>https://{host}/</id><link href="https://{host}/"/>\n'
)


def _rss(reports: Iterator[Report], slip: Slip) -> Iterator[str]:
    for one in reports:
        yield (
            f"<item><title>{escape(one.title)}</title><link>{one.url}</link>"
            f"<description>{escape(f'<p>{one.summary}</p>')}</description>"
            f"<pubDate>{format_datetime(one.at + slip.dates)}</pubDate>"
            f'<guid isPermaLink="false">{one.url}{slip.guids}</guid></item>\n'
        )


def _atom(reports: Iterator[Report], slip: Slip) -> Iterator[str]:
    for one in reports:
        yield (
            f"<entry><title>{escape(one.title)}</title><id>{one.url}{slip.guids}</id>"
            f'<link rel="alternate" href="{one.url}"/><updated>{(one.at + slip.dates).isoformat()}</updated>'
            f'<summary type="html">{escape(f"<p>{one.summary}</p>")}</summary></entry>\n'
        )
