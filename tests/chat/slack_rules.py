"""Slack's limits and rules as checks over payloads: `faults(method, payload)` names everything that Slack would refuse,
cut, or take for markup or a mention.

Limits are those of Slack's reference (https://docs.slack.dev/reference/block-kit, .../reference/methods); where it is silent
the source stands beside the number. Besides Web API methods there are names for what goes over other ways: `respond` (a
response_url) and `ack.command`, `ack.submission`, `ack.suggestion`, `ack.event` (the payload of an acknowledgement).

What cannot be seen in one payload (a trigger used twice or after 3 seconds, a response_url used six times or after 30
minutes, a call before Retry-After is over) is kept by tests/fakes/slack_server.py.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from tests.chat.slack_elements import Where, element
from tests.chat.slack_texts import markup, plain, size, text_object, url

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
POSTED, EDITED = 40_000, 4_000
"""Characters of `text`: a longer one is cut in a post, refused in an edit (`msg_too_long`)."""

ALL_BLOCKS = 11_000
"""Characters of all texts in the blocks of one message. The reference does not say; the maintainers speak of 12,000 with a
buffer, and 11,341 were refused (`msg_blocks_too_long`): https://github.com/slackapi/bolt-js/issues/2509 and 2867."""

TRIGGER_SECONDS = 3.0
RESPONSES, RESPONSE_SECONDS = 5, 1800.0
ACK_SECONDS = 3.0

_ENCODED = ("blocks", "attachments", "view", "metadata")
"""Arguments that are JSON inside a form."""

_REQUIRED: dict[str, tuple[str, ...]] = {
    "apps.connections.open": (),
    "auth.test": (),
    "bots.info": ("bot",),
    "chat.delete": ("channel", "ts"),
    "chat.getPermalink": ("channel", "message_ts"),
    "chat.postEphemeral": ("channel", "user", "text"),
    "chat.postMessage": ("channel", "text"),
    "chat.update": ("channel", "ts", "text"),
    "conversations.history": ("channel",),
    "conversations.info": ("channel",),
    "conversations.members": ("channel",),
    "conversations.open": (),
    "conversations.replies": ("channel", "ts"),
    "team.info": (),
    "users.info": ("user",),
    "views.open": ("view",),
    "views.publish": ("user_id", "view"),
    "views.push": ("view",),
    "views.update": ("view",),
    "respond": (),
    "ack.command": (),
    "ack.submission": (),
    "ack.suggestion": (),
    "ack.event": (),
}


def faults(method: str, payload: Mapping[str, Any], mentions: Collection[str] = ()) -> list[str]:
    """Everything that is wrong with one call, in words; [] if nothing is.

    `mentions` are those that somebody asked for, as they stand in the text (`<!here>`, `<@U1>`); all others are faults.
    """
    if method not in _REQUIRED:
        return [f"{method}: not a method that the bot needs; if it does, teach tests/chat/slack_rules.py about it"]
    given = {key: _decoded(key, value) for key, value in payload.items()}
    found = [f"`{key}` is missing" for key in _REQUIRED[method] if given.get(key) in (None, "", [])]
    if "token" in given:
        found.append("`token` stands in the payload; it belongs into the Authorization header")
    found += [fault for check in _CHECKS.get(method, ()) for fault in check(given, mentions)]
    return [f"{method}: {fault}" for fault in found]


def view_faults(view: Mapping[str, Any], mentions: Collection[str] = ()) -> list[str]:
    """What is wrong with a modal or a home tab."""
    return list(_view(view, mentions))


def block_faults(blocks: Any, where: Where = "message", mentions: Collection[str] = ()) -> list[str]:
    """What is wrong with a list of blocks."""
    return list(_blocks(blocks, where, mentions))


# -- methods ------------------------------------------------------------------------------------------------------------


def _message(given: Mapping[str, Any], mentions: Collection[str]) -> Iterator[str]:
    """What all messages have in common, however they are sent."""
    text = given.get("text")
    if text is not None and not isinstance(text, str):
        yield "`text` is not a text"
    elif not text and (given.get("blocks") or given.get("attachments")):
        yield "no `text` beside the blocks: notifications and screen readers would say nothing"
    elif text:
        yield from (f"`text`: {fault}" for fault in markup(text, mentions, verbatim=True))
        yield from size("`text`", text, POSTED)
    if "blocks" in given:
        yield from _blocks(given["blocks"], "message", mentions)
    for number, attachment in enumerate(given.get("attachments") or ()):
        yield from (f"attachment {number}: {fault}" for fault in _attachment(attachment, mentions))
    if given.get("link_names"):
        yield "`link_names` makes mentions of plain words"
    if given.get("parse") not in (None, "none"):
        yield "`parse` makes mentions and links of plain words"
    if given.get("mrkdwn") is False:
        yield "`mrkdwn` is off, so entities of an escaped text are shown as they are"


def _attachment(attachment: Any, mentions: Collection[str]) -> Iterator[str]:
    if not isinstance(attachment, Mapping):
        yield "not an object"
        return
    for key in ("text", "pretext", "fallback", "title"):
        if attachment.get(key):
            yield from (f"`{key}`: {fault}" for fault in markup(attachment[key], mentions))
    if "blocks" in attachment:
        yield from _blocks(attachment["blocks"], "message", mentions)
    colour = attachment.get("color", "good")
    named = colour in ("good", "warning", "danger")
    if not named and not (
        len(colour) == 7 and colour[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in colour[1:])
    ):
        yield f"`color` {colour!r} is neither #rrggbb nor good, warning, danger"


def _long_blocks(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    blocks = [
        given.get("blocks"),
        [one.get("blocks") for one in given.get("attachments") or () if isinstance(one, dict)],
    ]
    if (total := sum(map(len, texts_of(blocks)))) > ALL_BLOCKS:
        yield f"{total} characters in all blocks together, more than {ALL_BLOCKS}"


def _unfurl(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    for key in ("unfurl_links", "unfurl_media"):
        if given.get(key) not in (False, "false", "0"):
            yield f"`{key}` is not false: Slack would add a preview of its own"


def _thread(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    if given.get("reply_broadcast") and not given.get("thread_ts"):
        yield "`reply_broadcast` without `thread_ts`"
    if given.get("thread_ts") is not None and not _is_ts(given["thread_ts"]):
        yield f"`thread_ts` {given['thread_ts']!r} is no timestamp of a message"


def _edit(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    yield from size("`text`", str(given.get("text") or ""), EDITED)
    if given.get("ts") and not _is_ts(given["ts"]):
        yield f"`ts` {given['ts']!r} is no timestamp of a message"
    for key in ("unfurl_links", "unfurl_media", "thread_ts"):
        if key in given:
            yield f"`{key}` is no argument of this method"


def _metadata(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    metadata = given.get("metadata")
    if metadata is None:
        return
    if not isinstance(metadata, Mapping) or not isinstance(metadata.get("event_payload"), Mapping):
        yield "`metadata` needs `event_type` and an object `event_payload`"
        return
    kind = metadata.get("event_type")
    if not isinstance(kind, str) or not kind.replace("_", "").replace(".", "").replace("-", "").isalnum():
        yield f"`metadata.event_type` {kind!r} is not letters, digits and underscores"


def _respond(given: Mapping[str, Any], mentions: Collection[str]) -> Iterator[str]:
    kind = given.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        yield f"`response_type` {kind!r} is neither ephemeral nor in_channel"
    if given.get("delete_original") and (given.get("text") or given.get("blocks")):
        yield "`delete_original` with a message"
    elif not given.get("delete_original") and not given.get("text"):
        yield "`text` is missing"
    if kind == "in_channel" and not given.get("replace_original"):
        yield from _unfurl(given, mentions)


def _acked(given: Mapping[str, Any], mentions: Collection[str]) -> Iterator[str]:
    """An acknowledgement of a command may be a message."""
    if given:
        yield from _respond(given, mentions)
        yield from _message(given, mentions)


def _nothing(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    if given:
        yield "an acknowledgement of this kind has no payload"


def _submitted(given: Mapping[str, Any], mentions: Collection[str]) -> Iterator[str]:
    action = given.get("response_action")
    if not given:
        return
    if action not in ("errors", "update", "push", "clear"):
        yield f"`response_action` {action!r} is none of errors, update, push, clear"
    elif action == "errors":
        errors = given.get("errors")
        if not isinstance(errors, Mapping) or not errors:
            yield "`errors` is empty or no object"
            return
        for block, text in errors.items():
            if not isinstance(text, str) or not text.strip():
                yield f"`errors.{block}` says nothing"
    elif action in ("update", "push"):
        yield from _view(given.get("view"), mentions)


def _suggested(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    if ("options" in given) == ("option_groups" in given):
        yield "needs either `options` or `option_groups`"
        return
    yield from element({"type": "static_select", "action_id": "a", **given}, empty=True)


def _viewed(given: Mapping[str, Any], mentions: Collection[str]) -> Iterator[str]:
    yield from _view(given.get("view"), mentions)


def _opened(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    if not given.get("trigger_id") and not given.get("interactivity_pointer"):
        yield "`trigger_id` is missing"
    if (given.get("view") or {}).get("type") == "home":
        yield "a home tab is published, not opened"


def _published(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    if (given.get("view") or {}).get("type") != "home":
        yield "only a home tab can be published"


def _updated(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    if bool(given.get("view_id")) == bool(given.get("external_id")):
        yield "needs either `view_id` or `external_id`"


def _history(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    limit = int(given.get("limit") or 100)
    if not 1 <= limit <= 999:
        yield f"`limit` {limit} is not in 1 to 999"
    if str(given.get("include_all_metadata", "")).lower() not in ("1", "true"):
        yield "`include_all_metadata` is not set, so no metadata would come"


def _direct(given: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    if bool(given.get("users")) == bool(given.get("channel")):
        yield "needs either `users` or `channel`"


Check = Callable[[Mapping[str, Any], Collection[str]], Iterator[str]]
_CHECKS: dict[str, tuple[Check, ...]] = {
    "chat.postMessage": (_message, _long_blocks, _unfurl, _thread, _metadata),
    "chat.postEphemeral": (_message, _long_blocks, _thread),
    "chat.update": (_message, _long_blocks, _edit, _metadata),
    "respond": (_message, _respond),
    "views.open": (_viewed, _opened),
    "views.push": (_viewed, _opened),
    "views.publish": (_viewed, _published),
    "views.update": (_viewed, _updated),
    "conversations.history": (_history,),
    "conversations.replies": (_history,),
    "conversations.open": (_direct,),
    "ack.command": (_acked,),
    "ack.submission": (_submitted,),
    "ack.suggestion": (_suggested,),
    "ack.event": (_nothing,),
}

# -- views and blocks ---------------------------------------------------------------------------------------------------


def _view(view: Any, mentions: Collection[str]) -> Iterator[str]:
    if not isinstance(view, Mapping):
        yield "`view` is no object"
        return
    kind = view.get("type")
    blocks = view.get("blocks")
    if kind == "modal":
        yield from text_object("`title`", view.get("title"), 24, ("plain_text",))
        for key in ("submit", "close"):
            if key in view:
                yield from text_object(f"`{key}`", view[key], 24, ("plain_text",))
        inputs = isinstance(blocks, list) and any(isinstance(b, Mapping) and b.get("type") == "input" for b in blocks)
        if inputs and "submit" not in view:
            yield "a modal with an input needs `submit`"
    elif kind == "home":
        yield from (f"a home tab has no `{key}`" for key in ("title", "submit", "close") if key in view)
    else:
        yield f"a view of type {kind!r}"
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        yield from size(f"`{key}`", str(view.get(key) or ""), most)
    if len(json.dumps(view, ensure_ascii=False).encode()) > 250_000:
        yield "more than 250 kB (`view_too_large`)"
    yield from _blocks(blocks, "home" if kind == "home" else "modal", mentions)
    if str(view).count("'focus_on_load': True") > 1:
        yield "`focus_on_load` more than once"


def _blocks(blocks: Any, where: Where, mentions: Collection[str]) -> Iterator[str]:
    most = MESSAGE_BLOCKS if where == "message" else VIEW_BLOCKS
    if not isinstance(blocks, list):
        yield "`blocks` is no list"
        return
    if len(blocks) > most:
        yield f"{len(blocks)} blocks, more than {most}"
    ids = Counter(block["block_id"] for block in blocks if isinstance(block, Mapping) and block.get("block_id"))
    yield from (f"block_id {name!r} stands there {count} times" for name, count in ids.items() if count > 1)
    for number, block in enumerate(blocks):
        yield from (f"block {number}: {fault}" for fault in _block(block, where, mentions))
    kinds = Counter(block.get("type") for block in blocks if isinstance(block, Mapping))
    if kinds["table"] > 1:
        yield "more than one table"
    prose = sum(len(str(b.get("text", ""))) for b in blocks if isinstance(b, Mapping) and b.get("type") == "markdown")
    yield from size("markdown blocks together", "x" * prose, 12_000)


def _block(block: Any, where: Where, mentions: Collection[str]) -> Iterator[str]:
    if not isinstance(block, Mapping):
        yield "not an object"
        return
    kind = block.get("type")
    check = _BLOCKS.get(str(kind))
    if check is None:
        yield f"there is no block of type {kind!r}"
        return
    yield from size("`block_id`", str(block.get("block_id") or ""), 255)
    yield from (f"{kind}: {fault}" for fault in check(block, mentions))
    if where != "message" and kind in ("markdown", "table", "file"):
        yield f"{kind}: only in messages"


def _section(block: Mapping[str, Any], mentions: Collection[str]) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "needs `text` or `fields`"
    if "text" in block:
        yield from text_object("`text`", block["text"], 3000, mentions=mentions)
    if "fields" in block:
        if not 1 <= len(block["fields"]) <= 10:
            yield f"{len(block['fields'])} fields, not 1 to 10"
        for number, field in enumerate(block["fields"]):
            yield from text_object(f"field {number}", field, 2000, mentions=mentions)
    if "accessory" in block:
        yield from element(block["accessory"], "accessory")


def _header(block: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    yield from text_object("`text`", block.get("text"), 150, ("plain_text",))


def _divider(_: Mapping[str, Any], __: Collection[str]) -> Iterator[str]:
    yield from ()


def _context(block: Mapping[str, Any], mentions: Collection[str]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        yield f"{len(elements)} elements, not 1 to 10"
    for number, one in enumerate(elements):
        if isinstance(one, Mapping) and one.get("type") == "image":
            yield from element(one, "context")
        else:
            yield from text_object(f"element {number}", one, 3000, mentions=mentions)


def _actions(block: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements, not 1 to 25"
    ids = Counter(str(one.get("action_id")) for one in elements if isinstance(one, Mapping))
    yield from (f"action_id {name!r} stands there {count} times" for name, count in ids.items() if count > 1)
    for one in elements:
        yield from element(one, "actions")


def _image(block: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    yield from element({"type": "image", **block}, "context")
    if "title" in block:
        yield from text_object("`title`", block["title"], 2000, ("plain_text",))


def _input(block: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    yield from text_object("`label`", block.get("label"), 2000, ("plain_text",))
    if "hint" in block:
        yield from text_object("`hint`", block["hint"], 2000, ("plain_text",))
    yield from element(block.get("element"), "input")
    if not block.get("block_id"):
        yield "without a `block_id` no error can be shown under it"


def _video(block: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    yield from text_object("`title`", block.get("title"), 199, ("plain_text",))
    yield from (f"`{key}` is missing" for key in ("alt_text", "thumbnail_url", "video_url") if not block.get(key))


def _markdown(block: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    yield from size("`text`", str(block.get("text") or ""), 12_000, least=1)


def _table(block: Mapping[str, Any], _: Collection[str]) -> Iterator[str]:
    rows = block.get("rows") or []
    if not 1 <= len(rows) <= 100 or any(not 1 <= len(row) <= 20 for row in rows):
        yield "not 1 to 100 rows of 1 to 20 cells"


def _rich(block: Mapping[str, Any], mentions: Collection[str]) -> Iterator[str]:
    """Text elements are plain by nature; what mentions somebody has a type of its own."""
    if not block.get("elements"):
        yield "`elements` is empty"
    for one in _walk(block.get("elements")):
        kind = one.get("type")
        if kind in ("user", "usergroup", "broadcast", "channel", "team"):
            name = str(one.get("user_id") or one.get("usergroup_id") or one.get("range") or one.get("channel_id"))
            if not any(name in wanted for wanted in mentions):
                yield f"mentions {kind} {name}, which nobody asked for"
        elif kind == "text" and not one.get("text"):
            yield "a `text` without text"
        elif kind == "link":
            yield from url("`url`", one.get("url"))


_BLOCKS: dict[str, Check] = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich,
    "section": _section,
    "table": _table,
    "video": _video,
}


# -- reading ------------------------------------------------------------------------------------------------------------


def texts_of(part: Any) -> list[str]:
    """Every text in a payload that people see, in order, as they see it: entities read, links as their labels."""
    found: list[str] = []
    if isinstance(part, Mapping):
        if str(part.get("type", "")).startswith("rich_text_") and part["type"] != "rich_text_list":
            return ["".join(texts_of(part.get("elements")))]  # words of one line in their styles
        found = [_shown(part, key) for key in ("text", "alt_text") if isinstance(part.get(key), str)]
        part = list(part.values())
    if isinstance(part, list | tuple):
        found += [text for one in part for text in texts_of(one)]
    return found


def _shown(one: Mapping[str, Any], key: str) -> str:
    text = str(one[key])
    return plain(text) if key == "text" and one.get("type") not in ("plain_text", "text", "link") else text


def _walk(part: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, Mapping):
        yield part
        for value in part.values():
            yield from _walk(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _walk(value)


def _decoded(key: str, value: Any) -> Any:
    if key in _ENCODED and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _is_ts(value: Any) -> bool:
    before, dot, after = str(value).partition(".")
    return bool(dot) and before.isdigit() and after.isdigit() and len(after) == 6
