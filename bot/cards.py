"""Alerts as messages: a card for a story, made to be read in three lines on a phone; lists for summaries and digests."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from bot.message import Actions, Button, Card, Line, Menu, Message, Part, Text, Tone, ago, say
from bot.model import Alert, AlertItem, Deal, EventType, platform
from bot.templates import FIELDS, CardField, Template, union
from bot.text import fold, shorten
from bot.wording import deal_facts, deal_line, deal_sentence, untold_facts

_SHOWN = 5  # stories that a summary names
_WORDS = 6  # matched words in the last line
_BODY = 280
_ABOUT = 80  # of the headline that an update goes under

DIGEST_STORIES = 20
"""Stories that a digest shows; the others are counted."""

_LONGEST_COMMAND = 100
"""What a choice of a menu may say: a custom_id and a select option of Discord have at most 100 characters
(https://discord.com/developers/docs/components/reference)."""

_LINES: dict[CardField, Line] = {
    "time": "meta",
    "sources": "meta",
    "summary": "body",
    "deal": "facts",
    "why": "footer",
}
_MUTED_FOR = (("1d", "1 day"), ("1w", "1 week"))

_EMOJI: dict[EventType, str] = {
    "funding": "💰",
    "acquisition": "🤝",
    "ipo": "📈",
    "partnership": "🔗",
    "launch": "🚀",
    "team": "👥",
    "leadership": "👤",
    "research": "🔬",
    "regulation": "📜",
    "results": "📊",
    "layoffs": "✂",
}


def compose(alert: Alert, now: datetime, zone: tzinfo, delivery_id: int = 0) -> Message:
    """The message of an alert: a card for a story, a list with its count for a summary. Times are shown in `zone`.

    What the card of a story shows is what any template of the alert's watchlists asks for; those mention whom they name.
    With the id of its delivery a story has buttons, but in the terminal, where they would be one more line to read.
    """
    if alert.kind == "notice":
        return say(alert.about, "warning")
    template = union(alert.templates)
    if alert.kind == "summary":
        return replace(_summary(alert), mention=template.mention)
    if alert.kind == "digest":
        return _digest(alert, now, zone)
    actions = _actions(alert, delivery_id) if delivery_id and platform(alert.place) != "terminal" else ()
    if alert.kind == "report":
        message = _report(alert, now, zone)
    elif alert.kind == "update":
        message = _update(alert, now, zone)
    else:
        message = _story(alert, now, zone, template)
    return replace(message, parts=(*message.parts, *actions))


def _story(alert: Alert, now: datetime, zone: tzinfo, template: Template) -> Message:
    item, shows, wanted = alert.items[0], set(template.fields), ", ".join(alert.watchlists)
    body = _happened(item) if "summary" in shows else ""
    because = ", ".join(item.words[:_WORDS])
    why = f"{wanted} — {because}" if because else wanted
    card = Card(
        headline=item.title,
        url=item.link,
        emoji=_emoji(item) if "event" in shows else "",
        meta=_meta(item, now, zone, shows),
        body=body,
        facts=_facts(item, body) if "deal" in shows else (),
        footer=why if "why" in shows else "",
        image=item.image if "picture" in shows else "",
        spans=item.spans,
        order=_order(template.fields),
        links=item.outlets if "sources" in shows else (),
    )
    text = " · ".join(filter(None, (item.title, *_deal_words(item), _outlets(item), f"[{wanted}]", item.link)))
    return Message(text, (card,), _tone(item) if "event" in shows else "news", template.mention)


def _update(alert: Alert, now: datetime, zone: tzinfo) -> Message:
    """What goes under the message that told a story: a later development of it, or what further reports add."""
    item = alert.items[0]
    if alert.news:  # the outlet that brought it; all of them stand in the message above
        item = replace(item, sources=(), outlets=())
    head = f"New in “{shorten(alert.about, _ABOUT)}”" if alert.about else "New in this story"
    body = "\n".join(alert.news) or _happened(item)
    card = Card(
        headline=item.title,
        url=item.link,
        emoji=_emoji(item),
        meta=_meta(item, now, zone),
        body=body,
        facts=() if alert.news else _facts(item, body),
        footer=head,
        links=item.outlets,
    )
    said = ["; ".join(alert.news)] if alert.news else _deal_words(item)
    text = " · ".join(filter(None, (f"{head}: {item.title}", *said, _outlets(item), item.link)))
    return Message(text, (card,), _tone(item))


def _happened(item: AlertItem) -> str:
    """What somebody wrote of it; else a sentence about its deal; else what the feed says beside the headline."""
    told = _main_deal(item)
    summary = shorten(item.summary, _BODY) if item.summary != item.title else ""
    return "\n".join(item.brief) or (deal_sentence(told) if told else "") or summary


def _facts(item: AlertItem, body: str) -> tuple[tuple[str, str], ...]:
    """The facts of its deal that the line of what happened leaves to say: all of them, where that is not our own sentence."""
    told = _main_deal(item)
    if told is None:
        return ()
    return untold_facts(told, item.disputed) if body == deal_sentence(told) else deal_facts(told, item.disputed)


def _deal_words(item: AlertItem) -> list[str]:
    """All that is known of its deal, for who hears the message and does not see it."""
    told = _main_deal(item)
    if told is None:
        return []
    return [deal_sentence(told), "; ".join(f"{label}: {value}" for label, value in untold_facts(told, item.disputed))]


def _order(fields: Sequence[CardField]) -> tuple[Line, ...]:
    """The lines below the headline: those of the fields in their order, then the others, which are empty."""
    return tuple(dict.fromkeys((*(_LINES[field] for field in fields if field in _LINES), *_LINES.values())))


def _actions(alert: Alert, delivery_id: int) -> tuple[Actions, ...]:
    """What can be done with a story; pressing one says its command."""
    item, which = alert.items[0], f"#{delivery_id}"
    if alert.kind == "report":
        stories = dict.fromkeys(one.root for one in alert.items)
        return (Actions((Button("Unfollow story", f"unfollow story:{item.root}"),)),) if len(stories) == 1 else ()
    if alert.kind == "update":  # the message above has the rest
        return (Actions((Button("Why", f"why {which}"), Button("Story", f"story {item.root}"), _menu(alert))),)
    row = (
        Button("Why", f"why {which}"),
        Button("Good", f"verdict good {which}", "👍"),
        Button("Bad", f"verdict bad {which}", "👎"),
        _menu(alert),
        Button("Follow story", f"follow story:{item.root}"),
    )
    return (Actions(row),)


def _menu(alert: Alert) -> Menu:
    """What has no room in the row: the page of the story, and what can be muted."""
    return Menu("More…", (("The whole story", f"story {alert.items[0].root}"), *_mutes(alert)))


def _mutes(alert: Alert) -> Iterator[tuple[str, str]]:
    """Label and command of each choice; what is too long to be carried by one is left out."""
    item = alert.items[0]
    watchlist = next(iter(alert.watchlists), "")
    for label, what in (
        ("this story", f"story:{item.root}"),
        (item.company[1], f"company:{item.company[0]}" if item.company[0] else ""),
        (item.source, f"source:{item.source}" if item.source else ""),
        (f"watchlist {watchlist}", f"watch:{watchlist}" if watchlist else ""),
    ):
        for given, said in _MUTED_FOR:
            command = f"watch mute for={given} {what}"
            if what and len(command) <= _LONGEST_COMMAND:
                yield f"Mute {shorten(label, 50)} for {said}", command


def _report(alert: Alert, now: datetime, zone: tzinfo) -> Message:
    """Further reports of a story that somebody follows."""
    head = "You follow this story" if alert.count == 1 else f"{alert.count} more reports of stories that you follow"
    shown = alert.items[:_SHOWN]
    cards = [Card(item.title, item.link, _emoji(item), _meta(item, now, zone)) for item in shown]
    rest = alert.count - len(shown)
    tail = (Text(f"… and {rest} others."),) if rest else ()
    lines = [f"- {item.title} · {item.source} {item.link}".rstrip() for item in shown]
    text = "\n".join([f"{head}:", *lines, *(part.text for part in tail)])
    if alert.count == 1:
        body = shorten(shown[0].summary, _BODY) if shown[0].summary != shown[0].title else ""
        return Message(text, (replace(cards[0], body=body, footer=head),), _tone(shown[0]))
    return Message(text, (Text(head), *cards, *tail), "news")


def _digest(alert: Alert, now: datetime, zone: tzinfo) -> Message:
    """The stories of a day, newest first, those of each watchlist together."""
    local, groups = now.astimezone(zone), _grouped(alert.items[:DIGEST_STORIES])
    stories = "1 story" if alert.count == 1 else f"{alert.count:,} stories"
    head = f"Your digest of {local:%A}, {local.day} {local:%B}: {stories}"
    rest = alert.count - sum(map(len, groups.values()))
    tail = f"… and {rest:,} more; `news` lists them." if rest else ""
    parts: list[Part] = [Text(head, ((0, len(head)),))]
    lines = [head]
    for name, items in groups.items():
        if len(groups) > 1:
            parts.append(Text(name, ((0, len(name)),)))
            lines.append(f"{name}:")
        for item in items:
            emoji = _emoji(item)
            told = _main_deal(item)
            parts.append(Card(item.title, item.link, emoji, _meta(item, now, zone), deal_line(told) if told else ""))
            lines.append(f"- {item.title} · {item.source} {item.link}".rstrip())
    if tail:
        parts.append(Text(tail))
        lines.append(tail)
    return Message("\n".join(lines), tuple(parts), "news")


def _grouped(items: Sequence[AlertItem]) -> dict[str, list[AlertItem]]:
    """Each item once, under the first watchlist that asked for it; the watchlist with the newest item first."""
    groups: dict[str, list[AlertItem]] = {}
    for item in items:
        groups.setdefault(next(iter(item.watchlists), ""), []).append(item)
    return groups


def _main_deal(item: AlertItem) -> Deal | None:
    """The deal that the card shows: the first of its kind, where the item is about one; deals in the background are not
    its news."""
    if item.event not in ("funding", "acquisition", "ipo"):
        return None
    return next((deal for deal in item.deals if deal.type == item.event), next(iter(item.deals), None))


def _meta(item: AlertItem, now: datetime, zone: tzinfo, shows: Container[CardField] = FIELDS) -> str:
    """Outlets, local time, reading time, as far as the template shows them."""
    outlets = _outlets(item) if "sources" in shows else item.source
    if "time" not in shows:
        return outlets if "sources" in shows else ""
    local = item.published.astimezone(zone)
    clock = local.strftime("%H:%M %Z") if now - item.published < timedelta(hours=20) else local.strftime("%d %b %Y")
    reading = f"{item.minutes} min read" if item.minutes else ""
    return " · ".join(part for part in (outlets, clock, ago(item.published, now), reading) if part)


def _outlets(item: AlertItem) -> str:
    """The outlet, and how many others report the same: `IEEE Spectrum and 4 more`."""
    more = len({fold(one) for one in item.sources if one} - {fold(item.source)})
    return f"{item.source} and {more} more" if more and item.source else item.source


def _tone(item: AlertItem) -> Tone:
    return "deal" if item.event in ("funding", "acquisition", "ipo") else "news"


def _emoji(item: AlertItem) -> str:
    topic = "🤖" if "robotics" in item.topics else "🦾" if "physical-ai" in item.topics else "📰"
    return _EMOJI.get(item.event, topic)


def _summary(alert: Alert) -> Message:
    source = f" from {alert.feed}" if alert.feed else ""
    many = f"{alert.count} more alerts" if alert.about else f"{alert.count} more stories{source}"
    head = f"{many} for {', '.join(alert.watchlists)}" if alert.watchlists else many
    most = DIGEST_STORIES if alert.about else _SHOWN
    shown = [Card(item.title, item.link, meta=item.source, body="\n".join(item.brief)) for item in alert.items[:most]]
    about = (Text(alert.about),) if alert.about else ()
    rest = alert.count - len(shown)
    tail = (Text(f"… and {rest} others; `news` lists them."),) if rest else ()
    lines = [
        head,
        *(part.text for part in about),
        *("; ".join((f"- {item.title} {item.link}".rstrip(), *item.brief)) for item in alert.items[:most]),
        *(part.text for part in tail),
    ]
    return Message("\n".join(lines), (Text(head), *about, *shown, *tail), "news")
