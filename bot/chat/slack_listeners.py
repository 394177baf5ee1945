"""What Slack sends, acknowledged at once and handed to the talk: commands, buttons, suggestions, forms, shortcuts, events."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.chat import slack_views
from bot.chat.slack_talk import SORRY, Asker, Talk
from bot.chat.slack_wire import Once

FORM_ANSWER = 2.0
"""Seconds that a form or a suggestion waits for its answer; Slack waits 3."""

Ack = Callable[..., Awaitable[Any]]


class Listeners:
    """Acknowledges each payload, reads who asks, and hands over; `spawn` gives work a task of its own."""

    def __init__(self, talk: Talk, spawn: Callable[..., asyncio.Task[Any]], events: Once) -> None:
        self._talk, self._spawn, self._events = talk, spawn, events

    async def command(self, ack: Ack, body: dict[str, Any]) -> None:
        """`/wire ...`; alone it shows the help."""
        await ack()
        asker = self._talk.asker(body, str(body.get("user_id", "")), str(body.get("channel_id", "")))
        self._start(asker, self._talk.said(asker, slack_views.typed(str(body.get("text") or "")) or "help"))

    async def action(self, ack: Ack, body: dict[str, Any]) -> None:
        """A button or a menu says what it carries."""
        await ack()
        action: Mapping[str, Any] = next(iter(body.get("actions") or []), {})
        line = str((action.get("selected_option") or action).get("value") or "")
        if line and str(action.get("action_id", "")).startswith("say:"):
            asker = self._talk.asker(body, body["user"]["id"], (body.get("channel") or {}).get("id", ""))
            self._start(asker, self._talk.said(asker, line))

    async def suggestion(self, ack: Ack, body: dict[str, Any]) -> None:
        """Somebody types in an external select."""
        form = slack_views.form_of(body.get("view") or {})
        asker = self._talk.asker(body, body["user"]["id"], form.channel)
        found = self._talk.suggest(str(body.get("action_id", "")), str(body.get("value") or ""), asker, form.path)
        task = self._spawn(found)
        await asyncio.wait({task}, timeout=FORM_ANSWER)
        await ack(options=(task.result() or []) if task.done() else [])

    async def form(self, ack: Ack, body: dict[str, Any]) -> None:
        """Perform what a form says; an error stands below its field, everything else is told when it is known."""
        form = slack_views.form_of(body["view"])
        asker = self._talk.asker({**body, "response_url": form.response_url}, body["user"]["id"], form.channel)
        command = self._talk.command(form.path)
        if command is None:
            await ack()
            return
        args, where = slack_views.submitted(command, body["view"])
        task = self._spawn(self._talk.filled(asker, command, args, where))
        await asyncio.wait({task}, timeout=FORM_ANSWER)
        wrong = slack_views.errors(command, task.result() or SORRY) if task.done() else None
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        await ack()
        self._start(asker, self._talk.finish(asker, task, where))

    async def shortcut(self, ack: Ack, body: dict[str, Any]) -> None:
        """Why the link in a message was told, or not."""
        await ack()
        asker = self._talk.asker(body, body["user"]["id"], (body.get("channel") or {}).get("id", ""))
        self._start(asker, self._talk.why(asker, slack_views.first_link(body.get("message") or {})))

    async def event(self, body: dict[str, Any]) -> None:
        """Slack sends an event again that was not acknowledged in time; each is taken once."""
        if self._events.first(body.get("event_id")):
            self._spawn(self._talk.event(body))

    def _start(self, asker: Asker, work: Awaitable[None]) -> None:
        self._spawn(work, lambda: self._talk.tell(asker, SORRY))
