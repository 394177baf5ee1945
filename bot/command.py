"""Commands said once: the Book knows every command, reads a line of text into a Call, and prints help and docs.

Slack, the terminal and the shell parse text with it; Discord makes typed options of the same Params.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.errors import BadInput, BadQuery, NotAllowed, RobowireError
from bot.message import Code, Message, Text, say
from bot.model import Person, Place, own_place
from bot.text import clean
from bot.throttle import Throttle

Kind = Literal["text", "rest", "int", "flag"]
"""`text` is one word or a "quoted text"; `rest` is everything to the end of the line as it stands (a query)."""

Complete = Literal["", "watchlist", "entity", "topic", "feed", "zone", "story"]
"""What a chat may suggest while somebody types an argument."""

Rights = Literal["guest", "member", "manager"]
"""What somebody may do at a place: guests only look things up, managers change what the place gets."""

LONGEST_LINE, LONGEST_TEXT, LONGEST_REST = 3_000, 500, 1_500
"""Characters of a whole line, of one argument (an address, a name), and of one that goes on to the end (a query)."""

_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_DIGITS = 15  # of a number
_TOKEN = re.compile(r'\s*(?:(?:\w+=)?"((?:[^"\\]|\\.)*)"|\S+)')


@dataclass(frozen=True, slots=True)
class Param:
    """One argument of a command. Optional text and ints are given as `name=value`, flags as their name."""

    name: str
    help: str
    kind: Kind = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    complete: Complete = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One command that somebody gave, and what they may do where they gave it.

    `said` is what they said after its words, or would have; `shared` is that of the command.
    """

    path: tuple[str, ...]
    args: Mapping[str, Any]
    place: Place
    person: Person
    rights: Rights = "manager"
    said: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One suggestion: what is shown, and what is sent."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer: a message for people and rows for programs (`--json`); `ok` is False if nothing was done.

    `public` says that it concerns everybody at the place; all else is shown to the person alone. `field` is the parameter
    that was wrong, if one was.
    """

    message: Message
    rows: tuple[Mapping[str, Any], ...] = ()
    ok: bool = True
    public: bool = False
    field: str = ""


Handler = Callable[[Call], Awaitable[Reply]]
Completer = Callable[[Complete, str, Place, Person], Awaitable[list[Choice]]]
"""What a parameter of that kind may become, given what was typed: the likeliest first, at most 25."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its help; `example` is a line that works.

    `changes` says that it changes what a place gets: everybody there sees its reply, and shared places need a manager.
    `personal` commands are about the person alone: they act on `own_place(person)` wherever they are given. `shared` says
    that what it changes belongs to all places (feeds, names): that needs a manager in direct messages too. `opinion` keeps
    what a member thinks; `managers` shows what only managers may see. All other commands only look things up, for everybody.
    """

    path: tuple[str, ...]
    help: str
    params: tuple[Param, ...] = ()
    example: str = ""
    changes: bool = False
    personal: bool = False
    shared: bool = False
    opinion: bool = False
    managers: bool = False

    @property
    def looks(self) -> bool:
        """Whether it only looks things up, for everybody."""
        return not (self.changes or self.personal or self.shared or self.opinion or self.managers)

    @property
    def name(self) -> str:
        """Its words: `watch add`."""
        return " ".join(self.path)

    @property
    def usage(self) -> str:
        """Its words and parameters: `watch add NAME QUERY...`."""
        return " ".join([*self.path, *map(_usage, self.params)])


@dataclass(frozen=True, slots=True)
class Book:
    """All commands, with what answers them; `throttle` says how often people may give them."""

    commands: dict[tuple[str, ...], Command] = field(default_factory=dict)
    handlers: dict[tuple[str, ...], Handler] = field(default_factory=dict)
    throttle: Throttle | None = None

    def register(self, command: Command, handler: Handler) -> None:
        """Add a command. Raises ValueError if there is one of that name."""
        if command.path in self.commands:
            raise ValueError(f"two commands are called {command.name}")
        self.commands[command.path] = command
        self.handlers[command.path] = handler

    def read(self, line: str, place: Place, person: Person, rights: Rights = "manager") -> Call:
        """A line of text as a Call. Raises BadInput with the usage and the nearest command."""
        line = sound(line)
        _fits("A command", line, LONGEST_LINE)
        words = line.split()
        command = self._longest(words)
        if command is None:
            raise BadInput(self._unknown(words))
        rest = line.strip()
        for word in command.path:
            rest = rest[len(word) :].lstrip()
        return Call(command.path, _arguments(command, rest), place, person, rights, rest)

    def call(
        self,
        path: tuple[str, ...],
        given: Mapping[str, object],
        place: Place,
        person: Person,
        rights: Rights = "manager",
    ) -> Call:
        """Named arguments (of a form, of typed options) as a Call; empty ones count as not given. Raises BadInput."""
        command = self.commands.get(path)
        if command is None:
            raise BadInput(self._unknown(path))
        args = {
            param.name: bool(value) if param.kind == "flag" else _value(command, param, sound(str(value)).strip())
            for param in command.params
            if (value := given.get(param.name)) not in (None, "", False) and str(value).strip()
        }
        for param in command.params:
            if param.required and param.name not in args:
                raise BadInput(f"{param.name} is missing: {param.help}", field=param.name)
        return Call(path, args, place, person, rights, _said(command, args))

    async def answer(self, line: str, place: Place, person: Person, rights: Rights = "manager") -> Reply:
        """Read a line and carry it out; whatever we raise on purpose becomes a kind reply."""
        try:
            call = self.read(line, place, person, rights)
        except RobowireError as error:
            return self._too_fast(person) or _refused(error)
        return await self.perform(call)

    async def perform(self, call: Call) -> Reply:
        """Carry out a call, if the person may; whatever we raise on purpose becomes a kind reply.

        Every command of every chat passes here, so this is where somebody who gives too many is asked to wait.
        """
        if wait := self._too_fast(call.person):
            return wait
        command = self.commands[call.path]
        try:
            _allow(command, call)
            place = own_place(call.person) if command.personal else call.place
            reply = await self.handlers[call.path](replace(call, place=place, shared=command.shared))
        except RobowireError as error:
            return _refused(error)
        shared = command.changes and not command.personal and reply.ok
        return replace(reply, public=True) if shared else reply

    def _too_fast(self, person: Person) -> Reply | None:
        """What to say to somebody who is to wait."""
        if self.throttle is None or not (seconds := self.throttle.take(person)):
            return None
        most, times = self.throttle.most, "second" if seconds == 1 else "seconds"
        text = (
            f"One person may give {most} command{'s' * (most != 1)} a minute, buttons included. "
            f"Please try again in {seconds} {times}."
        )
        return Reply(say(text, "warning"), ({"wait": seconds},), ok=False)

    def joined(self, argv: Sequence[str]) -> str:
        """Words that a shell has split already as one line: quotes set again where a name needs them."""
        command = self._longest(argv)
        if command is None:
            return " ".join(argv)
        line, places = list(command.path), [p for p in command.params if p.required or p.kind == "rest"]
        options = {p.name for p in command.params if not p.required and p.kind != "rest"}
        for word in argv[len(command.path) :]:
            name, equals, value = word.partition("=")
            if name in options:
                line.append(f"{name}={_quoted(value)}" if equals else name)
            elif places and places[0].kind == "rest":
                line.append(word)
            else:
                places = places[1:]
                line.append(_quoted(word))
        return " ".join(line)

    def complete(self, line: str) -> list[str]:
        """What the word being typed at the end of `line` may become: command words, then flags and choices."""
        words = line.split()
        typed = "" if not words or line.endswith(" ") else words.pop()
        depth = len(words)
        nexts = {path[depth] for path in self.commands if len(path) > depth and list(path[:depth]) == words}
        command = self._longest(words)
        if command is not None:
            nexts |= {f"{p.name}=" for p in command.params if not p.required and p.kind in ("text", "int")}
            nexts |= {p.name for p in command.params if p.kind == "flag"}
        return sorted(word for word in nexts if word.startswith(typed))

    def help(self, about: str = "") -> Message:
        """The list of commands, or one command or group at length."""
        words = tuple(about.split())
        chosen = self.about(words)
        if not chosen:
            return say(self._unknown(list(words)), "error")
        if len(chosen) == 1:
            return _manual(chosen[0])
        wide = max(len(c.usage) for c in chosen)
        lines = [f"{c.usage:<{wide}}  {c.help}" for c in chosen]
        return Message("\n".join(lines), (Code("\n".join(lines)),))

    def about(self, words: Sequence[str]) -> list[Command]:
        """The commands that begin with these words; all of them for none."""
        return [c for c in self.commands.values() if c.path[: len(words)] == tuple(words)]

    def _longest(self, words: Sequence[str]) -> Command | None:
        for size in range(len(words), 0, -1):
            command = self.commands.get(tuple(words[:size]))
            if command is not None:
                return command
        return None

    def _unknown(self, words: Sequence[str]) -> str:
        if not words:
            return "Say a command; `help` lists them."
        group = [c for c in self.commands.values() if c.path[0] == words[0]]
        if group:
            parts = [c.path[1] for c in group if len(c.path) > 1]
            near = difflib.get_close_matches(words[1], parts, 1) if len(words) > 1 else []
            hint = f" Did you mean `{words[0]} {near[0]}`?" if near else ""
            return f"`{words[0]}` needs one of: {', '.join(parts)}.{hint}"
        near = difflib.get_close_matches(" ".join(words[:2]), [c.name for c in self.commands.values()], 1, 0.5)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        return f"There is no command `{words[0]}`.{hint} `help` lists them all."


@dataclass(frozen=True, slots=True)
class Front:
    """Everything that a chat needs of the bot: what can be said, and what is shown and done without being said.

    `home` is the overview of a person's subscriptions. `left` is told that the bot was removed: from a workspace or server
    (`slack:T0`, `discord:G0`), from a place, or by a person (`own_place`); what belonged there is deleted.
    """

    book: Book
    suggest: Completer
    home: Callable[[Person], Awaitable[Message]]
    left: Callable[[str], Awaitable[None]]


def _allow(command: Command, call: Call) -> None:
    """Raises NotAllowed if the person may not give this command here."""
    if command.looks:
        return
    if call.rights == "guest":
        raise NotAllowed(f"Guests can look things up; `{command.name}` is for members.")
    if command.managers and call.rights != "manager":
        raise NotAllowed(f"`{command.name}` is for those who manage me: ask it in a channel that you manage.")
    if command.opinion or command.managers:
        return
    alone = command.personal or call.place == own_place(call.person)
    if command.shared and call.rights != "manager":
        raise NotAllowed(
            f"`{command.name}` changes what all places get: ask somebody who manages me, in a channel that they manage."
        )
    if not alone and call.rights != "manager":
        raise NotAllowed(
            f"`{command.name}` changes what everybody here gets: ask somebody who manages this place. "
            "What you send me in a direct message is yours alone."
        )


def _refused(error: RobowireError) -> Reply:
    pointed = error.pointed() if isinstance(error, BadQuery) else ""
    parts = (Text(str(error)), Code("\n".join(pointed.splitlines()[1:]))) if pointed else (Text(str(error)),)
    return Reply(Message(str(error), parts, "error"), (), ok=False, field=getattr(error, "field", ""))


def _usage(param: Param) -> str:
    if param.kind == "flag":
        return f"[{param.name}]"
    word = param.name.upper() + ("..." if param.kind == "rest" else "")
    if param.required:
        return word
    return f"[{word}]" if param.kind == "rest" else f"[{param.name}={'N' if param.kind == 'int' else word}]"


def _manual(command: Command) -> Message:
    lines = [command.usage, "", command.help]
    wide = max((len(p.name) for p in command.params), default=0)
    lines += [f"  {p.name:<{wide}}  {p.help}{_choices(p)}" for p in command.params]
    if command.example:
        lines += ["", f"For example: {command.example}"]
    return Message("\n".join(lines), (Code("\n".join(lines)),))


def _choices(param: Param) -> str:
    return f" ({', '.join(param.choices)})" if param.choices else ""


def _arguments(command: Command, rest: str) -> dict[str, Any]:
    """The arguments by name. Optional ones may stand anywhere before a `rest`; positional ones come in order."""
    options = {p.name: p for p in command.params if not p.required and p.kind != "rest"}
    positional = [p for p in command.params if p.required or p.kind == "rest"]
    found: dict[str, Any] = {}
    while rest.strip():
        token = _TOKEN.match(rest)
        word = token.group(0).strip() if token else rest.strip()
        name, equals, value = word.partition("=")
        option = options.get(name)
        if option is not None and (option.kind == "flag") == (not equals):
            found[name] = True if option.kind == "flag" else _value(command, option, _unquoted(token, value))
        elif not positional:
            raise BadInput(f"I did not expect `{word}`. Usage: {command.usage}")
        elif positional[0].kind == "rest":
            param = positional.pop(0)
            found[param.name] = _value(command, param, rest.strip())
            break
        else:
            param = positional.pop(0)
            found[param.name] = _value(command, param, _unquoted(token, word))
        rest = rest[token.end() :] if token else ""
    missing = [p.name.upper() for p in positional if p.required]
    if missing:
        raise BadInput(f"{' and '.join(missing)} missing. Usage: {command.usage}")
    return found


def _quoted(word: str) -> str:
    if word and not re.search(r'[\s"]', word):
        return word
    return '"' + re.sub(r'(["\\])', r"\\\1", word) + '"'


def _said(command: Command, args: Mapping[str, Any]) -> str:
    """The arguments as somebody would have typed them."""
    words = []
    for param in sorted(command.params, key=lambda one: one.kind == "rest"):
        value = str(args.get(param.name, ""))
        if param.name not in args:
            continue
        if param.kind == "flag":
            words.append(param.name)
        elif param.kind == "rest":
            words.append(value)
        else:
            words.append(_quoted(value) if param.required else f"{param.name}={_quoted(value)}")
    return " ".join(words)


def _unquoted(token: re.Match[str] | None, word: str) -> str:
    if token and token.group(1) is not None:
        return re.sub(r"\\(.)", r"\1", token.group(1))
    return word


def sound(text: str) -> str:
    """What somebody typed without what nobody can see or store; all that ends a line is a space there."""
    return clean(_BREAKS.sub(" ", text))


def _fits(what: str, text: str, most: int, field: str = "") -> None:
    """Raises BadInput for a text that is longer than anybody needs."""
    if len(text) > most:
        raise BadInput(f"{what} has at most {most:,} characters; this one has {len(text):,}.", field=field)


def _value(command: Command, param: Param, word: str) -> Any:
    _fits(param.name, word, LONGEST_REST if param.kind == "rest" else LONGEST_TEXT, param.name)
    if param.kind == "int":
        if not word.isascii() or not word.isdigit():
            raise BadInput(f"{param.name} must be a number, not `{word}`. Usage: {command.usage}", field=param.name)
        _fits(param.name, word, _DIGITS, param.name)
        return int(word)
    if param.choices and word not in param.choices:
        near = difflib.get_close_matches(word, param.choices, 1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise BadInput(f"{param.name} must be one of {', '.join(param.choices)}, not `{word}`.{hint}", field=param.name)
    return word
