"""What Slack shows beside messages: the modal of a command, the App Home; and what its payloads say, read out of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.chat.slack_blocks import LABEL, OPTION_VALUE, SELECT, Block, option, page, plain, web_address
from bot.command import Book, Choice, Command, Param, Reply, Rights, sound
from bot.message import Actions, Button, Message
from bot.text import one_line

CALLBACK = "say"
WHY = "why_link"
WHY_NAME = "Why / follow this link"
HERE = "where"
"""The block in which one chooses where alerts go."""

PLACED = frozenset({("watch", "add")})
"""Commands of which the place can be chosen: what they make is told there from then on."""

_TITLE, _SUBMIT, _HINT, _INPUT, _METADATA = 24, 24, 2_000, 3_000, 3_000
_ERROR = 300
_HELPERS = (
    ("topic", "Topics", "Any of these; they are added to the query"),
    ("entity", "Companies, investors, people", "Any of these; they are added to the query"),
)
_COMPLETES = "complete:"
_TOKEN = re.compile(r'\s*((?:\w+=)?"(?:[^"\\]|\\.)*"|\S+)')
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
_BARE = re.compile(r"https?://[^\s<>|\"]+")
_DEEPEST = 12
_CURLY = str.maketrans("“”„", '"""')


@dataclass(frozen=True, slots=True)
class Form:
    """What a modal must remember from its opening to its submission."""

    path: tuple[str, ...]
    channel: str = ""
    response_url: str = ""


# -- what was typed --------------------------------------------------------------------------------------------------


def typed(text: str) -> str:
    """The text of a slash command as it was typed: Slack escapes `& < >` in it, and phones make quotes curly."""
    plain_links = _LINK.sub(r"\1", text)
    for char, entity in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
        plain_links = plain_links.replace(entity, char)
    return plain_links.translate(_CURLY).strip()


# -- the modal of a command --------------------------------------------------------------------------------------------


def command_of(book: Book, line: str) -> tuple[Command | None, str]:
    """The command that a line begins with, and the rest of the line."""
    words = line.split()
    for size in range(len(words), 0, -1):
        command = book.commands.get(tuple(words[:size]))
        if command:
            rest = line.strip()
            for word in command.path:
                rest = rest[len(word) :].lstrip()
            return command, rest
    return None, line


def lacking(command: Command, rest: str) -> dict[str, str] | None:
    """What is given of a command's required parameters if some are missing, so that a form asks for them; else None."""
    rest, given = sound(rest), dict[str, str]()
    options = {param.name for param in command.params if not param.required and param.kind != "rest"}
    wanted = [param for param in command.params if param.required or param.kind == "rest"]
    while wanted and (token := _TOKEN.match(rest)):
        word = token[1]
        name, _, value = word.partition("=")
        if name in options:
            given[name] = _unquoted(value) or "yes"
        elif wanted[0].kind == "rest":
            given[wanted.pop(0).name] = rest.strip()
            break
        else:
            given[wanted.pop(0).name] = _unquoted(word)
        rest = rest[token.end() :]
    return given if any(param.required for param in wanted) else None


def modal(command: Command, given: Mapping[str, str], form: Form) -> Block:
    """A form made of a command's parameters, with what is given filled in; watchlists ask for their place too."""
    inputs = [_input(param, given.get(param.name, "")) for param in command.params]
    if helped := _helped(command):
        inputs += [_helper(*helper) for helper in _HELPERS]
        for block in inputs:
            block["optional"] = block["optional"] or block["block_id"] == helped
    if command.path in PLACED:
        inputs.append(_where(form.channel))
    help_ = {"type": "context", "elements": [plain(command.help, _HINT)]}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(_capital(command.name), _TITLE),
        "submit": plain(_capital(command.path[-1]), _SUBMIT),
        "close": plain("Cancel", _SUBMIT),
        "private_metadata": _remembered(form),
        "blocks": [help_, *inputs],
    }


def form_of(view: Mapping[str, Any]) -> Form:
    """What `modal` put into the view."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
        return Form(tuple(kept["path"]), str(kept.get("channel", "")), str(kept.get("url", "")))
    except (ValueError, KeyError, TypeError):
        return Form(())


def submitted(command: Command, view: Mapping[str, Any]) -> tuple[dict[str, str], str | None]:
    """The arguments that a submitted form gives, and the chosen conversation: "" for none, None if it did not ask."""
    state = view.get("state", {}).get("values", {})
    values: dict[str, Any] = {name: next(iter(block.values()), {}) for name, block in state.items()}
    args = {param.name: _value(values.get(param.name, {})) for param in command.params}
    if helped := _helped(command):
        chosen = {kind: _values(values.get(f"+{kind}", {})) for kind, _, _ in _HELPERS}
        args[helped] = query_of(args[helped], chosen)
    where = str(values.get(HERE, {}).get("selected_conversation") or "") if command.path in PLACED else None
    return {name: value for name, value in args.items() if value}, where


def query_of(query: str, chosen: Mapping[str, Sequence[str]]) -> str:
    """A query with choices added: `robot` and two topics are `robot (topic:a OR topic:b)`."""
    groups = []
    for field, values in chosen.items():
        terms = [f"{field}:{_term(value)}" for value in values]
        if terms:
            groups.append(f"({' OR '.join(terms)})" if len(terms) > 1 else terms[0])
    if groups and " " in query.strip():
        query = f"({query.strip()})"
    return " ".join(part for part in (query.strip(), *groups) if part)


def errors(command: Command, reply: Reply) -> dict[str, str] | None:
    """The reply as an error below its field; None if it is not about one that the form shows."""
    fields = {param.name for param in command.params} | ({HERE} if command.path in PLACED else set())
    if reply.ok or reply.field not in fields:
        return None
    return {reply.field: one_line(reply.message.text, _ERROR) or "This cannot be."}


def options(choices: Sequence[Choice]) -> list[Block]:
    """Suggestions of an external select; a value that it cannot carry is left out."""
    fit = {choice.value: choice.label for choice in choices if 0 < len(choice.value) <= OPTION_VALUE}
    return [option(label or value, value) for value, label in fit.items()][:SELECT]


def free(command: Command | None, kind: str) -> bool:
    """Whether what was typed into a menu of this kind may be taken as it is: a query is more than what can be suggested."""
    return command is not None and any(param.kind == "rest" and param.complete == kind for param in command.params)


def completes(action_id: str) -> str:
    """The kind of suggestion that an external select asks for; "" for another element."""
    return action_id.removeprefix(_COMPLETES) if action_id.startswith(_COMPLETES) else ""


def _input(param: Param, given: str) -> Block:
    block = {
        "type": "input",
        "block_id": param.name,
        "label": plain(_capital(param.name), LABEL),
        "element": _element(param, given),
        "optional": not param.required or param.kind == "flag",
    }
    return {**block, "hint": plain(param.help, _HINT)} if param.help and param.kind != "flag" else block


def _element(param: Param, given: str) -> Block:
    if param.kind == "flag":
        yes = option(param.help or param.name, "yes")
        return {"type": "checkboxes", "action_id": "value", "options": [yes]} | (
            {"initial_options": [yes]} if given else {}
        )
    if param.choices:
        shown = [option(choice, choice) for choice in param.choices if 0 < len(choice) <= OPTION_VALUE][:SELECT]
        chosen = [one for one in shown if one["value"] == given]
        element: Block = {"type": "static_select", "action_id": "value", "options": shown}
        return element | ({"initial_option": chosen[0]} if chosen else {})
    if param.complete:
        element = {"type": "external_select", "action_id": f"{_COMPLETES}{param.complete}", "min_query_length": 0}
        return element | ({"initial_option": option(given, given)} if 0 < len(given) <= OPTION_VALUE else {})
    if param.kind == "int":
        element = {"type": "number_input", "action_id": "value", "is_decimal_allowed": False, "min_value": "0"}
        return element | ({"initial_value": given} if given.isascii() and given.isdigit() else {})
    element = {"type": "plain_text_input", "action_id": "value", "max_length": _INPUT}
    if param.kind == "rest":
        element["multiline"] = True
    return element | ({"initial_value": given[:_INPUT]} if given else {})


def _helped(command: Command) -> str:
    """The name of the parameter that is a watchlist query, if the command has a required one: selects help to write it."""
    found = (p.name for p in command.params if p.name == "query" and p.kind == "rest" and p.required and not p.complete)
    return next(found, "")


def _helper(kind: str, label: str, hint: str) -> Block:
    element = {
        "type": "multi_external_select",
        "action_id": f"{_COMPLETES}{kind}",
        "min_query_length": 0,
        "max_selected_items": 5,
    }
    return {
        "type": "input",
        "block_id": f"+{kind}",
        "label": plain(label, LABEL),
        "hint": plain(hint, _HINT),
        "element": element,
        "optional": True,
    }


def _where(channel: str) -> Block:
    element: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if channel:
        element["initial_conversation"] = channel
    return {
        "type": "input",
        "block_id": HERE,
        "label": plain("Where", LABEL),
        "hint": plain("The channel that gets the alerts. Leave it empty to get them alone, as direct messages.", _HINT),
        "element": element,
        "optional": True,
    }


def _remembered(form: Form) -> str:
    kept = {"path": form.path, "channel": form.channel, "url": form.response_url}
    text = json.dumps(kept)
    return text if len(text) <= _METADATA else json.dumps({**kept, "url": ""})


def _value(element: Mapping[str, Any]) -> str:
    if element.get("selected_option"):
        return str(element["selected_option"].get("value", ""))
    if element.get("type") == "checkboxes":
        return "yes" if element.get("selected_options") else ""
    return str(element.get("value") or "").strip()


def _values(element: Mapping[str, Any]) -> list[str]:
    return [str(chosen["value"]) for chosen in element.get("selected_options") or [] if chosen.get("value")]


def _term(value: str) -> str:
    return value if re.fullmatch(r"[\w-]+", value) else '"' + value.replace('"', "") + '"'


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if len(word) > 1 and word[0] == word[-1] == '"' else word


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# -- the App Home and the message shortcut -------------------------------------------------------------------------------


def home(message: Message, book: Book) -> Block:
    """The App Home: the overview of a person's subscriptions, and buttons to begin with."""
    lines = (("Add a watchlist", "watch add", "➕"), ("Follow", "follow", "⭐"), ("My settings", "settings", "⚙"))
    known = [Button(label, line, emoji) for label, line, emoji in lines if tuple(line.split()) in book.commands]
    buttons = Actions((*known, Button("Help", "help", "❔")))
    return {"type": "home", "blocks": page(Message(message.text, (*message.parts, buttons), message.tone))}


def followable(reply: Reply, book: Book) -> Reply:
    """The answer about a link with a button to follow its story, if there is one (`story` of a row) and that can be said."""
    story = next((row["story"] for row in reply.rows if row.get("story")), 0)
    if not story or ("follow",) not in book.commands:
        return reply
    parts = (*reply.message.parts, Actions((Button("Follow story", f"follow story:{story}", "⭐"),)))
    return Reply(Message(reply.message.text, parts, reply.message.tone), reply.rows)


def first_link(message: Mapping[str, Any]) -> str:
    """The first web address of a message that somebody or something wrote: in its blocks, its text, its attachments."""
    text = str(message.get("text") or "")
    written = [unescape(found) for found in _LINK.findall(text) + _BARE.findall(text)]
    pasted = [*_links(message.get("blocks"), 0), *written, *_links(message.get("attachments"), 0)]
    return next((url for url in map(web_address, pasted) if url), "")


def _links(node: Any, depth: int) -> Iterator[str]:
    """Addresses in blocks and attachments: of links, of links in mrkdwn, of what was unfurled."""
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for one in node:
            yield from _links(one, depth + 1)
    elif isinstance(node, Mapping):
        if node.get("type") == "link" and isinstance(node.get("url"), str):
            yield node["url"]
        elif node.get("type") == "mrkdwn":
            yield from map(unescape, _LINK.findall(str(node.get("text", ""))))
        for key in ("from_url", "title_link"):
            if isinstance(node.get(key), str):
                yield node[key]
        for key in ("elements", "text", "fields", "blocks"):
            yield from _links(node.get(key), depth + 1)


# -- who may do what -----------------------------------------------------------------------------------------------------


def rights_of(user: Mapping[str, Any], team: str, managers: Sequence[str]) -> Rights:
    """What the `user` of users.info may do: admins, owners and the listed manage, guests, external people and bots look up."""
    if user.get("id") in managers:
        return "manager"
    teams = [user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", [])]
    external = user.get("is_stranger") or user.get("is_bot") or (any(teams) and team not in teams)
    if external or user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("deleted"):
        return "guest"
    manages = user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")
    return "manager" if manages else "member"
