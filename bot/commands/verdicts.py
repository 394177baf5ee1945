"""`verdict`, `learned` and `watch reset`: what people think of alerts, and what a watchlist learns from it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.classify.feedback import Judgement, Learned, effect, judged, learn, lessons, noted, strongest
from bot.classify.match import Matcher
from bot.command import Book, Call, Command, Param, Reply
from bot.commands.alerts import TARGET
from bot.commands.desk import Desk
from bot.commands.subject import Subject, find_subject
from bot.commands.watches import NAME, find
from bot.errors import BadInput
from bot.message import Card, Message, Part, Table, Text, ago, say
from bot.model import Match, StoredItem, Watchlist
from bot.people import Verdict
from bot.ports import Transaction

_GOOD = {"good": True, "bad": False, "👍": True, "👎": False}
_LOOKED, _SHOWN = 500, 3


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    opinion = Param("opinion", "what you think of it", choices=tuple(_GOOD))
    name = Param("name", "one watchlist; without it all of this place", "rest", required=False, complete="watchlist")
    for command, handler in (
        (
            Command(
                ("verdict",),
                "Say whether an alert was good, so that its watchlists learn",
                (opinion, *TARGET),
                "verdict bad 2",
                opinion=True,
            ),
            verdict,
        ),
        (Command(("learned",), "What watchlists have learned from verdicts", (name,), "learned"), learned_),
        (Command(("watch", "reset"), "Forget what a watchlist has learned", (NAME,), changes=True), reset),
    ):
        book.register(command, partial(handler, desk))


# -- verdicts ----------------------------------------------------------------------------------------------------------


async def verdict(desk: Desk, call: Call) -> Reply:
    """Keep the verdict for every watchlist that found the item, and say what follows from it."""
    good, at = _GOOD[call.args["opinion"]], desk.clock.now()
    await desk.catch_up()

    subject, found = await desk.read(lambda tx: _about(tx, desk, call))

    def keep(tx: Transaction) -> None:
        for match, features in found:
            tx.verdicts.add(Verdict(match.watchlist.id, subject.story_id, call.person, good, features, at))

    await desk.change(call, keep)
    taught = await desk.read(lambda tx: [(match.watchlist, _learned(tx, match.watchlist)) for match, _ in found])
    sign = "👍" if good else "👎"
    said = [f"{sign} “{subject.item.title}”", *(_said(one, learned) for one, learned in taught)]
    rows = tuple({**_row(one, learned), "story": subject.story_id, "good": good} for one, learned in taught)
    return Reply(Message("\n".join(said), tuple(map(Text, said)), "good"), rows)


def _about(tx: Transaction, desk: Desk, call: Call) -> tuple[Subject, list[tuple[Match, dict[str, float]]]]:
    """What the verdict is about: the matches, each with what it will be remembered by. Raises BadInput for none."""
    subject = find_subject(tx, call.place, call.args.get("alert", ""))
    alert, only = subject.alert, call.args.get("watch")
    if subject.named and alert and alert.kind in ("summary", "digest"):
        raise BadInput(
            f"That message is a {alert.kind} of {alert.count} stories; `verdict good LINK` is about one of them."
        )
    watchlists = [find(tx, call.place, only)] if only else tx.watches.all(call.place)
    about, matches = Matcher(desk.knowledge, watchlists).read(subject.item)
    found = {match.watchlist.id: match for match in matches}
    told = set(alert.watchlists) if alert and alert.kind == "story" else set()
    for one in watchlists:
        if one.name in told:  # it told the alert, though its query may have changed since
            found.setdefault(one.id, Match(one, ()))
    if not found or not subject.story_id:
        whose = f"`{only}`" if only else "No watchlist here"
        raise BadInput(f"{whose} {'did not find' if only else 'found'} “{subject.item.title}”; `why` says more.")
    return subject, [(match, noted(subject.item, about, match)) for match in found.values()]


def _learned(tx: Transaction, watchlist: Watchlist) -> Learned:
    return learn(lessons(tx.verdicts.of(watchlist.id)))


def _said(watchlist: Watchlist, learned: Learned) -> str:
    return f"`{watchlist.name}`: {effect(learned)}."


# -- what was learned --------------------------------------------------------------------------------------------------


async def learned_(desk: Desk, call: Call) -> Reply:
    """The effect for each watchlist; for one also the features that weigh most and what was held back lately."""
    name = call.args.get("name", "").strip().strip('"')
    if name:
        await desk.catch_up()
        return await _one(desk, call, name)
    taught = await desk.read(lambda tx: [(one, _learned(tx, one)) for one in tx.watches.all(call.place)])
    if not taught:
        return Reply(say("No watchlists here yet."))
    table = Table(("name", "what it learned"), tuple((one.name, effect(learned)) for one, learned in taught))
    text = "\n".join(_said(one, learned) for one, learned in taught)
    return Reply(Message(text, (table,)), tuple(_row(one, learned) for one, learned in taught))


async def _one(desk: Desk, call: Call, name: str) -> Reply:
    def ask(tx: Transaction) -> tuple[Watchlist, Learned, list[tuple[StoredItem, Judgement]], int]:
        watchlist = find(tx, call.place, name)
        learned = _learned(tx, watchlist)
        return watchlist, learned, *_held(desk, watchlist, learned, tx.items.search(limit=_LOOKED))

    watchlist, learned, held, found = await desk.read(ask)
    parts: list[Part] = [Text(_said(watchlist, learned))]
    table = weights_table(learned)
    parts += [table] if table else []
    if learned.ready:
        said = f"Of the last {found} items that its query finds it would hold back {len(held)}."
        parts.append(Text(said))
        now = desk.clock.now()
        parts += [
            Card(
                one.item.title,
                one.item.link,
                meta=f"{one.item.source} · {ago(one.item.published, now)}",
                footer=_because(why),
            )
            for one, why in held[:_SHOWN]
        ]
    text = "\n".join(part.text for part in parts if isinstance(part, Text))
    return Reply(Message(text, tuple(parts)), ({**_row(watchlist, learned), "held": len(held), "found": found},))


def _held(
    desk: Desk, watchlist: Watchlist, learned: Learned, stored: Sequence[StoredItem]
) -> tuple[list[tuple[StoredItem, Judgement]], int]:
    """Those of the items that feedback would hold back now, and how many the query finds."""
    if not learned.ready:
        return [], 0
    matcher, held, found = Matcher(desk.knowledge, [watchlist]), [], 0
    for one in stored:
        about, matches = matcher.read(one.item)
        for match in matches:
            found += 1
            judgement = judged(one.item, about, match, learned)
            if not judgement.passes:
                held.append((one, judgement))
    return held, found


def _because(judgement: Judgement) -> str:
    moved = ", ".join(f"{weight:+.1f} {name}" for name, weight in judgement.moved[:3])
    return f"score {judgement.score:.2f} < {judgement.needs:.2f}: {moved}"


def weights_table(learned: Learned) -> Table | None:
    """The features that raise and lower scores most; None if none does."""
    up, down = strongest(learned)
    rows = tuple((name.replace(":", " ", 1), f"{weight:+.1f}") for name, weight in (*up, *down))
    return Table(("feature", "weight"), rows) if rows else None


# -- forgetting --------------------------------------------------------------------------------------------------------


async def reset(desk: Desk, call: Call) -> Reply:
    """Forget all verdicts on what a watchlist found."""

    def forget(tx: Transaction) -> tuple[Watchlist, int]:
        watchlist = find(tx, call.place, call.args["name"])
        return watchlist, tx.verdicts.reset(watchlist.id)

    watchlist, count = await desk.change(call, forget)
    said = (
        f"Forgot {count} verdict{'s' * (count != 1)} on `{watchlist.name}`; it posts everything that its query finds."
    )
    return Reply(say(said, "good"), ({"watch": watchlist.name, "forgotten": count},))


def _row(watchlist: Watchlist, learned: Learned) -> dict[str, Any]:
    up, down = strongest(learned)
    return {
        "watch": watchlist.name,
        "verdicts": learned.verdicts,
        "against": learned.against,
        "ready": learned.ready,
        "needs": round(learned.needs, 4),
        "effect": effect(learned),
        "up": {name: round(weight, 3) for name, weight in up},
        "down": {name: round(weight, 3) for name, weight in down},
    }
