"""What of a report tells its event from others: small enough to keep those of a whole window in memory."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sys import intern

from bot.model import Classification, Deal, EventType, Item, Role, StoredItem
from bot.stories import words
from bot.stories.bridge import chinese_words, romanised, spelled
from bot.stories.copies import sketch
from bot.stories.develop import reaction, state
from bot.text import UNSPACED

_LEAD = 1200
"""So much of a text is looked at: what happened stands at its beginning."""

_LEAD_ZH = 400
_NUMBERS_IN = 600
_PEOPLE, _PEOPLE_ZH = 400, 100
_TITLE_COUNTS = 2  # a word of the title counts as if it were said twice more
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")
_HAN = re.compile(f"[{UNSPACED}]")
_BOILERPLATE = re.compile(
    r"https?://\S+|\b(?:Article URL|Comments URL|Points):(?: ?\d+\b)?|# Comments: ?\d*"
    r"|\bThe post [^.]{1,200}? appeared first on [^.]{1,80}\.?"
    r"|^[^，。]{1,30}?(?:日电|日讯|日消息)(?:[（(][^）)]{1,40}[）)])?[，,]?|^(?:36氪获悉|据悉)[，,]"
)
"""What an outlet puts into every text: links and counts of an aggregator, who sent it from where and when."""

_ROUNDUP = re.compile(
    r"\b(?:round-?up|newsletter|morning brief(?:ing)?|daily brief(?:ing)?|the download|week in review|this week in|top stories|"
    r"weekly (?:digest|recap|review)|daily (?:digest|recap)|links? of the (?:day|week)|what we(?:'re| are) reading)\b"
    r"|(?:^|[^\u4e00-\u9fff])(?:早报|晚报|日报|周报|早餐|晨报|早知道)(?=$|[^\u4e00-\u9fff])"
    r"|(?:科技|机器人|智能|行业|融资|投融资|创投|财经|氪星|每日|AI)(?:早报|晚报|日报|周报|晨报|早餐)"
    r"|快讯汇总|一周(?:要闻|大事|融资|回顾|热点)|新闻汇总|8点1氪|要闻一览|融资(?:汇总|一览)|热门融资事件|共\d+家[^，。]{0,8}获(?:得)?(?:新)?融资",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A report as the clusterer sees it.

    `at` is None where nobody said when it was published. `words` are its words, each once, and `said` what saying each so
    often is worth; `title` and `names` (capitalised in English) are among them. `chinese` are the Chinese words of
    which the English may be known, those of the title first; `people` whom it may name, in pinyin. `sketch` finds copies.
    A `roundup` is about many events.
    `reaction` and `state` are words of the headline that announce a later development.
    """

    item_id: str
    source: str
    at: datetime | None
    link_key: int | None
    title_key: int | None
    event: EventType
    entities: Mapping[str, Role]
    deals: tuple[Deal, ...]
    han: bool
    words: tuple[str, ...]
    said: array[float]
    title: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    chinese: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    sketch: array[int] = field(default_factory=lambda: array("I"))
    roundup: bool = False
    reaction: str = ""
    state: str = ""


def sign(item: Item, about: Classification, timed: bool = True) -> Signature:
    """The signature of an item; `timed` says that its time of publication is known."""
    roles = {mention.entity: mention.role for mention in about.mentions}
    return _sign(item, roles, about.event, about.deals, item.published if timed else None)


def sign_stored(stored: StoredItem) -> Signature:
    """The signature of an item as the store has it."""
    roles: dict[str, Role] = {entity: "subject" if entity in stored.actors else "mention" for entity in stored.entities}
    return _sign(stored.item, roles, stored.event, stored.deals, stored.item.published)


def brief(item: Item) -> Signature:
    """The signature of an item that is too old to be compared with news: its link and title alone."""
    nothing = array("f")
    return Signature(
        item.id,
        item.source,
        item.published,
        item.link_key,
        item.title_key,
        "other",
        {},
        (),
        False,
        (),
        nothing,
        (),
        (),
        (),
        (),
    )


def is_roundup(title: str) -> bool:
    """Whether the headline is of a newsletter or a round-up, which tells many events."""
    return _ROUNDUP.search(title) is not None


def _sign(
    item: Item, roles: Mapping[str, Role], event: EventType, deals: tuple[Deal, ...], at: datetime | None
) -> Signature:
    title, lead = headed(item)
    text = f"{title}. {lead}"
    han = len(_HAN.findall(text[:300])) * 5 > len(text[:300])
    lead = lead[: _LEAD_ZH if han else _LEAD]
    head = Counter(words.words(title))
    said = Counter(words.words(lead))
    said.update({word: _TITLE_COUNTS * count for word, count in head.items()})
    names = words.names(title) | words.names(lead)
    return Signature(
        item_id=item.id,
        source=intern(item.source),
        at=at,
        link_key=item.link_key,
        title_key=item.title_key,
        event=event,
        entities=roles,
        deals=deals,
        han=han,
        words=tuple(said),
        said=array("f", map(words.damped, said.values())),
        title=tuple(head),
        names=tuple(word for word in said if word in names),
        numbers=tuple(sorted(words.numbers(f"{title} . {lead[:_NUMBERS_IN]}"))),
        dates=tuple(sorted(words.dates(f"{title} {lead[:_NUMBERS_IN]}"))),
        chinese=tuple(dict.fromkeys((*chinese_words(title), *chinese_words(lead[:200])))) if han else (),
        people=tuple(
            sorted(spelled(f"{title}。{lead[:_PEOPLE_ZH]}") if han else romanised(f"{title}. {lead[:_PEOPLE]}"))
        ),
        sketch=sketch(lead),
        roundup=is_roundup(title),
        reaction=reaction(title),
        state=state(title),
    )


def headed(item: Item) -> tuple[str, str]:
    """Title and text; of an item whose title is but the beginning of its text, the first sentence and the rest."""
    title, text = item.title, _BOILERPLATE.sub(" ", item.summary).strip()
    stem = title.rstrip("… ")
    if stem and text.startswith(stem):
        if title.endswith("…"):
            first = _SENTENCE.split(text, maxsplit=1)
            return first[0], first[1] if len(first) > 1 else ""
        text = text[len(stem) :]
    return title, text
