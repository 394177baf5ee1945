"""`follow`, `unfollow`, `settings`, `forget-me`: what somebody has for themselves, wherever they say it."""

from __future__ import annotations

import asyncio
import difflib
import re
from dataclasses import dataclass, replace
from functools import partial

from bot.classify.query.parse import parse_query
from bot.command import Book, Call, Command, Param, Reply
from bot.commands.desk import Desk
from bot.commands.home import overview
from bot.commands.quotas import watchlist_room
from bot.commands.watches import (
    LONGEST_NAME,
    MODES,
    found_so_far,
    told_when,
    watch_row,
)
from bot.errors import BadInput, NotFound
from bot.message import Actions, Button, Message, Text, say
from bot.model import Mode, Person, Place, Story, Watchlist, own_place, platform
from bot.ports import Transaction
from bot.text import fold, one_line, shorten

MOST_STORIES = 50
"""Stories that one person may follow."""

_NAME = 40  # characters of a query that become a name
_STORY = re.compile(r"story:\s*(\d{1,15})|#(\d{1,15})", re.ASCII | re.IGNORECASE)
_TRAILING = re.compile(r"\s+digest$", re.IGNORECASE)
_LEFT = (("watchlists", "watchlist"), ("stories", "followed story"), ("mutes", "mute"), ("verdicts", "verdict"))

DIGEST = Param("digest", "once a day, all together, instead of at once", "flag", required=False)
WHAT = Param("what", "a topic, a company, any query, or story:NUMBER", "rest", complete="entity")
MINE = Param("name", "the name of a watchlist of yours, what it follows, or story:NUMBER", "rest", complete="watchlist")
YES = Param("yes", "really", "flag", required=False)


def register(book: Book, desk: Desk) -> None:
    """Put the commands into the book."""
    for command, handler in (
        (
            Command(
                ("follow",),
                "Tell me, in direct messages, of a topic, a company, a query or a story",
                (DIGEST, WHAT),
                "follow robotics digest",
                personal=True,
            ),
            follow,
        ),
        (
            Command(("unfollow",), "Tell me of it no more", (MINE,), "unfollow story:12", personal=True),
            unfollow,
        ),
        (Command(("settings",), "What I follow, when I am told, what is muted", personal=True), settings),
        (
            Command(("forget-me",), "Delete everything that is kept about me", (YES,), "forget-me yes", personal=True),
            forget_me,
        ),
    ):
        book.register(command, partial(handler, desk))


# -- following -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to follow, as a watchlist; `hint` names what they may have meant instead."""

    name: str
    query: str
    hint: str = ""


async def follow(desk: Desk, call: Call) -> Reply:
    """Make a watchlist of the person's own, or let one that is there tell as they now say; or follow one story."""
    text, mode = call.args["what"].strip(), "digest" if call.args.get("digest") else "instant"
    if trailing := _TRAILING.search(text):
        text, mode = text[: trailing.start()].strip(), "digest"
    if story := _STORY.fullmatch(text):
        return await _follow_story(desk, call, story)
    wish, at = _wish(desk, text), desk.clock.now()
    canonical = str(parse_query(wish.query, desk.knowledge))

    def make(tx: Transaction) -> tuple[Watchlist, bool]:
        there = _mine(tx, desk, call.place, text)
        if there is not None:
            return tx.watches.switch(there.id, _mode(mode)), False
        watchlist_room(tx, desk, call)
        name = _free(tx, call.place, wish.name)
        return tx.watches.add(call.place, name, wish.query, call.person, at, _mode(mode)), True

    watchlist, new = await desk.change(call, make)
    if not new:
        text = f"You follow `{watchlist.name}` already; it tells {MODES[watchlist.mode]} from now on."
        return Reply(say(text, "good"), (watch_row(watchlist),))
    fired = await found_so_far(desk, wish.query)
    said = f"You follow `{watchlist.name}`{told_when(watchlist)}: {canonical}. {fired}{wish.hint}"
    return Reply(say(said, "good"), (watch_row(watchlist),))


def _mode(mode: str) -> Mode:
    return "digest" if mode == "digest" else "instant"


def _wish(desk: Desk, text: str) -> Wish:
    """A topic, else an entity, else the text as a query, with the nearest topic or entity if it is neither."""
    knowledge, plain = desk.knowledge, text.strip('"“” ')
    if topic := knowledge.find_topic(plain):
        return Wish(topic.name, f"topic:{topic.id}")
    if entity := knowledge.find_entity(plain):
        return Wish(shorten(entity.name, LONGEST_NAME), f"entity:{entity.id}")
    near = knowledge.suggest("topic", plain) or knowledge.suggest("entity", plain)
    return Wish(
        shorten(one_line(text.replace('"', "")), _NAME), text, f" Did you mean `follow {near}`?" if near else ""
    )


def _free(tx: Transaction, place: Place, name: str) -> str:
    """The name, or the first with a number behind it that no watchlist there has."""
    taken = {fold(one.name) for one in tx.watches.all(place)}
    free, number = name, 1
    while fold(free) in taken:
        number += 1
        free = f"{name} {number}"
    return free


def _mine(tx: Transaction, desk: Desk, place: Place, text: str) -> Watchlist | None:
    """The watchlist there that has this name, or asks for just what this text means."""
    named = tx.watches.find(place, text) or tx.watches.find(place, text.strip('"“” '))
    if named is not None:
        return named
    wish = _wish(desk, text)
    return next((one for one in tx.watches.all(place) if one.query == wish.query), None)


async def _follow_story(desk: Desk, call: Call, named: re.Match[str]) -> Reply:
    at = desk.clock.now()

    def change(tx: Transaction) -> Story:
        story = _story(tx, named)
        mine = tx.follows.at(call.place)
        if story.id not in mine and len(mine) >= MOST_STORIES:
            raise BadInput(
                f"You follow {MOST_STORIES} stories, as many as one person may. `unfollow story:NUMBER` makes room; "
                "`settings` lists them."
            )
        tx.follows.add(story.id, call.place, at)
        return story

    story = await desk.change(call, change)
    said = f"You follow story {story.id}, “{story.title}”: further reports come to you."
    button = Actions((Button("Unfollow", f"unfollow story:{story.id}"),))
    return Reply(Message(said, (Text(said), button), "good"), (_story_row(story),))


def _story(tx: Transaction, named: re.Match[str]) -> Story:
    """By its number, or by that of a delivery that told it. Stories are no secret of a place: `news` shows them all."""
    if named[1]:
        return tx.stories.get(int(named[1]))
    alert = tx.outbox.alert(int(named[2]))
    if len({item.story_id for item in alert.items}) > 1:
        raise BadInput("That message tells several stories; `follow story:NUMBER` follows one.")
    return tx.stories.get(alert.items[0].story_id)


async def unfollow(desk: Desk, call: Call) -> Reply:
    """Remove a watchlist of the person's own, or follow a story no more."""
    text = call.args["name"].strip()
    if story := _STORY.fullmatch(text):

        def leave(tx: Transaction) -> Story:
            found = _story(tx, story)
            if found.id not in tx.follows.at(call.place):
                raise NotFound(f"You do not follow story {found.id}.")
            tx.follows.remove(found.id, call.place)
            return found

        left = await desk.change(call, leave)
        return Reply(say(f"You do not follow “{left.title}” any more.", "good"), (_story_row(left),))

    def remove(tx: Transaction) -> Watchlist:
        there = _mine(tx, desk, call.place, text)
        if there is None:
            names = [one.name for one in tx.watches.all(call.place)]
            near = difflib.get_close_matches(text, names, 1)
            hint = f" Did you mean `{near[0]}`?" if near else " `settings` lists what you follow."
            raise NotFound(f"You do not follow `{text}`.{hint}", field="name")
        tx.watches.remove(there.id)
        return there

    watchlist = await desk.change(call, remove)
    return Reply(say(f"You do not follow `{watchlist.name}` any more.", "good"), (watch_row(watchlist),))


# -- all of it -----------------------------------------------------------------------------------------------------------


async def settings(desk: Desk, call: Call) -> Reply:
    """Everything that is set for the person, with what changes it."""
    return await desk.read(lambda tx: overview(tx, desk, call.place))


async def forget_me(desk: Desk, call: Call) -> Reply:
    """Say what would be deleted; with `yes`, delete it."""
    place = own_place(call.person)
    if not call.args.get("yes"):
        counted = await desk.read(lambda tx: tx.departures.count(place))
        said = (
            f"I keep about you: {_counted(counted)}, and when you are told. `forget-me yes` deletes it all, for good. "
            "Watchlists of channels stay, without your name."
        )
        button = Actions((Button("Forget me", "forget-me yes", tone="danger"),))
        return Reply(Message(said, (Text(said), button), "warning"), ({"forgotten": False, **counted},))
    # that it happened is kept, not who it was
    nobody = replace(call, place=Place(_somewhere(place)), person=Person(""))
    counted = await desk.change(nobody, lambda tx: tx.departures.forget(place))
    said = f"Forgotten: {_counted(counted)}, and when you are told. Nothing about you is kept."
    return Reply(say(said, "good"), ({"forgotten": True, **counted},))


async def left(desk: Desk, where: str) -> None:
    """The bot was removed from a workspace, server or place, or by a person: delete what belonged there."""

    def forget() -> None:
        with desk.store.write() as tx:  # nobody's command, so nothing for the audit
            tx.departures.forget(where)

    await asyncio.to_thread(forget)


def _somewhere(own: Place) -> str:
    """The workspace of somebody's own place, or, where there is none, the platform."""
    return own.rpartition("/")[0] or f"{platform(own)}:"


def _counted(counted: dict[str, int]) -> str:
    words = [_plural(counted[key], one) for key, one in _LEFT]
    return f"{', '.join(words)}, {_plural(counted['waiting'], 'message')} that wait{'s' * (counted['waiting'] == 1)}"


def _plural(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else f'{one[:-1]}ies' if one.endswith('y') else f'{one}s'}"


def _story_row(story: Story) -> dict[str, object]:
    return {"story": story.id, "title": story.title, "sources": list(story.sources), "reports": story.items}
