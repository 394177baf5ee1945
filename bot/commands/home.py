"""What somebody, or a place, has set: for `settings`, and for the home that Slack shows of it."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo

from bot.command import Reply
from bot.commands.desk import Desk
from bot.commands.mutes import mute_name, mute_words, until_words
from bot.commands.watches import MODES, watch_row
from bot.message import Actions, Button, Card, Message, Part, Table, Text
from bot.model import Person, Place, Story, Watchlist, is_own, own_place, platform
from bot.people import Hours, Mute
from bot.ports import Transaction

_STORIES, _MUTES = 10, 10
_HOW = (
    "`follow robotics` follows a topic, `follow unitree digest` a company once a day, `follow humanoid -toy` any query; "
    "`digest at=07:30 zone=Europe/Berlin` and `quiet from=22:00 to=07:00` say when."
)
_HOW_HERE = (
    "`watch add NAME QUERY` watches for more; `channel digest at=09:00` and `channel quiet from=20:00 to=08:00` say when "
    "things are posted here."
)


async def home(desk: Desk, person: Person) -> Message:
    """Somebody's subscriptions with buttons, when they are told, what is muted, and how to add more."""
    return (await desk.read(lambda tx: overview(tx, desk, own_place(person)))).message


def overview(tx: Transaction, desk: Desk, place: Place) -> Reply:
    """What is set for a place, with what changes it; a row for each watchlist, story and mute, the first for the hours."""
    now = desk.clock.now()
    hours, watchlists = tx.hours.get(place), tx.watches.all(place)
    stories = [tx.stories.get(number) for number in tx.follows.at(place)]
    mutes = tx.mutes.of([place], now)
    parts: list[Part] = [Text(_head(place, watchlists, stories))]
    parts += _table(watchlists) if platform(place) == "terminal" else _cards(watchlists, mutes, is_own(place))
    parts += _stories(stories)
    daily = sum(one.mode == "digest" for one in watchlists)
    parts += [Text(digest_words(hours, desk.zone, daily)), Text(quiet_words(hours, desk.zone))]
    parts += _muted(mutes, hours, desk.zone)
    parts.append(Text(_HOW if is_own(place) or platform(place) == "terminal" else _HOW_HERE))
    return Reply(Message(_spoken(parts), tuple(parts)), tuple(_rows(hours, desk.zone, watchlists, stories, mutes)))


def _head(place: Place, watchlists: list[Watchlist], stories: list[Story]) -> str:
    who = "You follow" if is_own(place) or platform(place) == "terminal" else "Here are"
    many = f"{len(watchlists)} watchlist{'s' * (len(watchlists) != 1)}"
    more = f" and {len(stories)} stor{'y' if len(stories) == 1 else 'ies'}" if stories else ""
    return f"{who} {many}{more}." if watchlists or stories else f"{who} nothing yet."


def _table(watchlists: list[Watchlist]) -> list[Part]:
    """In a terminal, where every button would be a line."""
    rows = tuple((one.name, MODES[one.mode], one.query) for one in watchlists)
    return [Table(("name", "told", "query"), rows)] if rows else []


def _cards(watchlists: list[Watchlist], mutes: list[Mute], own: bool) -> list[Part]:
    silent = {mute.what for mute in mutes if mute.kind == "watchlist"}
    parts: list[Part] = []
    for one in watchlists:
        muted = str(one.id) in silent
        other = "instant" if one.mode == "digest" else "digest"
        remove = f"unfollow {one.name}" if own else f'watch remove "{_escaped(one.name)}"'
        state = f"{MODES[one.mode]}{' · muted' if muted else ''}"
        parts.append(Card(one.name, meta=state, body=one.query if one.query != one.name else ""))
        parts.append(
            Actions(
                (
                    Button("Daily" if other == "digest" else "At once", f'watch mode "{_escaped(one.name)}" {other}'),
                    Button("Unmute", f"watch unmute watch:{one.name}")
                    if muted
                    else Button("Mute for a week", f"watch mute for=1w watch:{one.name}"),
                    Button("Remove", remove, tone="danger"),
                )
            )
        )
    return parts


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _stories(stories: list[Story]) -> list[Part]:
    parts: list[Part] = []
    for one in stories[-_STORIES:]:
        parts.append(Text(f"Story {one.id}: {one.title}"))
        parts.append(Actions((Button("Unfollow", f"unfollow story:{one.id}"),)))
    rest = len(stories) - _STORIES
    return [*parts, Text(f"… and {rest} older stories.")] if rest > 0 else parts


def _muted(mutes: list[Mute], hours: Hours, usual: tzinfo) -> list[Part]:
    parts: list[Part] = []
    for mute in mutes[-_MUTES:]:
        parts.append(Text(f"Muted: {mute_words(mute)}, {until_words(mute.until, hours, usual)}."))
        parts.append(Actions((Button("Unmute", f"watch unmute {mute_name(mute)}"),)))
    rest = len(mutes) - _MUTES
    return [*parts, Text(f"… and {rest} older mutes.")] if rest > 0 else parts


def _spoken(parts: list[Part]) -> str:
    lines = []
    for part in parts:
        if isinstance(part, Text):
            lines.append(part.text)
        elif isinstance(part, Card):
            lines.append(f"{part.headline} ({part.meta}): {part.body}".removesuffix(": "))
        elif isinstance(part, Table):
            lines += [f"{name} ({told}): {query}" for name, told, query in part.rows]
    return "\n".join(lines)


# -- hours in words ------------------------------------------------------------------------------------------------------


def digest_words(hours: Hours, usual: ZoneInfo, watchlists: int) -> str:
    """When the digest comes, and what is in it."""
    zone = zone_words(hours, usual)
    if not hours.digesting:
        return f"The daily digest is off (time zone {zone}). What digest watchlists find waits for it, up to 30 days."
    many = f"{watchlists} watchlist{'s' * (watchlists != 1)}"
    none = "" if watchlists else " None is in it yet: `follow robotics digest` makes one."
    return f"The daily digest of {many} comes at {hours.digest:%H:%M} ({zone}).{none}"


def quiet_words(hours: Hours, usual: ZoneInfo) -> str:
    """When nothing is told."""
    if hours.quiet_from is None or hours.quiet_to is None:
        return "There are no quiet hours."
    zone = zone_words(hours, usual)
    return (
        f"Quiet hours are from {hours.quiet_from:%H:%M} to {hours.quiet_to:%H:%M} ({zone}). Alerts wait until they end; a "
        "digest comes at its time."
    )


def zone_words(hours: Hours, usual: ZoneInfo) -> str:
    """The time zone by its name."""
    return hours.zone or str(usual)


def hours_row(hours: Hours, usual: ZoneInfo) -> dict[str, object]:
    """Hours for programs."""
    ends = hours.quiet_from, hours.quiet_to
    return {
        "place": hours.place,
        "zone": zone_words(hours, usual),
        "digest": f"{hours.digest:%H:%M}" if hours.digesting else None,
        "quiet": [f"{end:%H:%M}" for end in ends if end is not None] or None,
    }


def _rows(
    hours: Hours, usual: ZoneInfo, watchlists: list[Watchlist], stories: list[Story], mutes: list[Mute]
) -> list[dict[str, object]]:
    rows = [hours_row(hours, usual), *map(watch_row, watchlists)]
    rows += [{"story": one.id, "title": one.title} for one in stories]
    rows += [{"muted": mute_name(mute), "until": mute.until and mute.until.isoformat()} for mute in mutes]
    return rows
