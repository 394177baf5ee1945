"""The command line: a stable contract. One JSON object a line with --json; errors on stderr.

Exit codes: 0 done, 1 bad input, 2 usage, 78 bad configuration (EX_CONFIG of sysexits.h).
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from bot import __version__
from bot.app import WallClock, knowledge_of
from bot.bench.run import NAMES, bench
from bot.chat.terminal_cards import to_ansi, to_text
from bot.command import Reply
from bot.config import SECRETS, Config, load
from bot.demo import demo
from bot.errors import BadConfig, BadInput, BadQuery, RobowireError
from bot.evals.run import EVALS, evaluate
from bot.log import guard, masked, setup
from bot.message import Code
from bot.serve import serve
from bot.tools import FACES, backup, chat_command, check, classify, parse, preview, replay, stories

T = TypeVar("T")
EXIT_BAD, EXIT_USAGE, EXIT_CONFIG = 1, 2, 78
CHAT_COMMANDS = (
    *("watch", "follow", "unfollow", "digest", "quiet", "settings", "channel", "forget-me"),
    *("entity", "feed", "audit", "news", "story", "who", "deals", "why", "verdict", "learned", "status", "help"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code."""
    _open_streams()
    try:
        code = _command(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except BadConfig as error:
        print(masked(str(error)), file=sys.stderr)
        return EXIT_CONFIG
    except RobowireError as error:
        print(f"robowire: {masked(error.pointed() if isinstance(error, BadQuery) else str(error))}", file=sys.stderr)
        return EXIT_BAD
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `robowire ... | head` closed our output
        _let_go_of_output()
        return 0
    except OSError as error:  # the output cannot be written: a full disk, say
        print(f"robowire: {error}", file=sys.stderr)
        _let_go_of_output()
        return EXIT_BAD
    return code


def _let_go_of_output() -> None:
    """What is still to be written goes nowhere, so that no later flush fails again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _command(words: list[str]) -> int:
    """Carry out one command line; options may stand before the command too."""
    parser, at = _parser(), _where(words)
    if at is None:
        options = parser.parse_args(words)
        return int(options.act(options))
    word, names = words[at], _names(parser)
    if word in CHAT_COMMANDS:
        return _chat([_sound(one) for one in words])
    if word not in names:
        near = difflib.get_close_matches(word, [*names, *CHAT_COMMANDS], 1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        parser.error(f"there is no command `{_sound(word)}`.{hint} `robowire --help` lists them all.")
    options = parser.parse_args([word, *words[:at], *words[at + 1 :]])
    return int(options.act(options))


def _where(words: Sequence[str]) -> int | None:
    """Where the command stands, after `--config F` and `--json`; None if there is none or another option comes first."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] != "--json" and words[at].partition("=")[0] != "--config":
            return None
        at += 2 if words[at] == "--config" else 1
    return at if at < len(words) else None


def _sound(word: str) -> str:
    """A word of the command line as text; bytes that are no UTF-8 come as lone surrogates, which nothing can store."""
    return word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _open_streams() -> None:
    """Standard streams that can be used: closed ones lead to nowhere, none fails for a letter it does not know."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:  # `robowire ... >&-`; else the next file opened would take its number
            handle = os.open(os.devnull, os.O_RDWR)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="robowire",
        description="News alerts about robotics, physical AI and the investors behind them.",
        epilog=f"Chat commands from the shell: {', '.join(CHAT_COMMANDS)}. `robowire help` explains them.",
    )
    parser.add_argument("--version", action="version", version=f"robowire {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, about: str, act: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.add_argument(
            "--config", metavar="F", type=Path, help="configuration file (default: config.toml if there is one)"
        )
        sub.set_defaults(act=act)
        return sub

    _add_bot(add)
    _add_readers(add)
    _add_measures(add)
    return parser


_Add = Callable[[str, str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


def _add_bot(add: _Add) -> None:
    """The bot, and what keeps it well."""
    sub = add("run", "The bot; with no chat token configured it talks in the terminal.", _run)
    sub.add_argument("--once", action="store_true", help="poll every feed once, post what follows, and end")
    add("demo", "The same bot, offline, over sample feeds: alerts appear, then it answers commands.", _demo)
    sub = add("check", "Check configuration, tokens, database and feeds; all faults at once.", _check)
    sub.add_argument("--json", action="store_true")
    sub = add("backup", "Write a sound copy of the database, while the bot runs or not.", _backup)
    sub.add_argument("file", metavar="FILE", type=Path)


def _add_readers(add: _Add) -> None:
    """What the bot would make of given documents and items."""
    sub = add("parse", "Read one feed document and print its items.", _parse)
    sub.add_argument("source", metavar="FILE|URL|-")
    sub.add_argument("--url", type=_sound, default="", help="the address the document is from, for relative links")
    sub.add_argument("--content-type", type=_sound, default="")
    sub.add_argument("--json", action="store_true")
    sub = add("classify", "What items are about: topics, event, entities, deals, watchlists, and why.", _classify)
    sub.add_argument("file", metavar="FILE|-", nargs="?", default="-")
    sub.add_argument("--json", action="store_true")
    sub = add("stories", "Which items report one event, in the order given; nothing is kept.", _stories)
    sub.add_argument("file", metavar="FILE|-", nargs="?", default="-")
    sub.add_argument("--json", action="store_true")
    sub = add("preview", "The exact payload that an alert for an item would be.", _preview)
    sub.add_argument("file", metavar="FILE|-", nargs="?", default="-")
    sub.add_argument("--chat", choices=tuple(FACES), default="terminal")
    sub.add_argument("--json", action="store_true")
    sub = add("replay", "Run successive polls of one feed through the whole pipeline, in memory.", _replay)
    sub.add_argument("files", metavar="FILE", nargs="+", type=Path)
    sub.add_argument("--watch", metavar="Q", type=_sound, default="*", help="a query; without one every item counts")
    sub.add_argument("--json", action="store_true")


def _add_measures(add: _Add) -> None:
    """How well and how fast it does."""
    sub = add("eval", "Score what is understood against labelled items, and stories against labelled ones.", _eval)
    sub.add_argument("name", metavar="NAME", choices=EVALS, help=f"one of {', '.join(EVALS)}")
    sub.add_argument(
        "--gold",
        metavar="DIR",
        type=Path,
        required=True,
        help="folder of *.jsonl files with labels (stories: of *.json)",
    )
    sub.add_argument("--json", action="store_true")
    sub = add("bench", "Measure, as ratios against a peer or a limit in the same run.", _bench)
    sub.add_argument("name", metavar="NAME", nargs="?", choices=NAMES, help=f"one of {', '.join(NAMES)}; default: all")
    sub.add_argument("--n", type=int, default=0, help="size; default: that of the goal")
    sub.add_argument("--json", action="store_true")


def _names(parser: argparse.ArgumentParser) -> list[str]:
    """The commands that a parser knows."""
    return [
        name for action in parser._actions if isinstance(action, argparse._SubParsersAction) for name in action.choices
    ]


def _run(options: argparse.Namespace) -> int:
    config = _config(options)
    try:
        _await(serve(config, options.once))
    finally:  # who was told to stop once needs no second word
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
    try:
        sys.stdout.flush()
    except OSError:  # nobody can read what was shown; the transcript has it, so nothing failed
        _let_go_of_output()
    return 0


def _demo(options: argparse.Namespace) -> int:
    setup("warning")
    _await(demo())
    return 0


def _check(options: argparse.Namespace) -> int:
    findings = _await(check(_config(options)))
    if options.json:
        _rows({"check": one.check, "ok": one.ok, "detail": one.detail} for one in findings)
    else:
        for one in findings:
            print(f"{'ok  ' if one.ok else 'FAIL'} {one.check:<9} {one.detail}")
    return 0 if all(one.ok for one in findings) else EXIT_BAD


def _parse(options: argparse.Namespace) -> int:
    row = _await(parse(_config(options), options.source, options.url, options.content_type))
    if options.json:
        _rows([row])
    elif row["error"] is None:
        for item in row["items"]:
            print(f"{item['published'][:16]}  {item['title']}\n{'':18}{item['link']}")
    if row["error"] is not None:
        print(f"robowire: {row['error']}", file=sys.stderr)
        return EXIT_BAD
    return 0


def _classify(options: argparse.Namespace) -> int:
    for row in classify(_config(options), _lines(options.file)):
        if options.json:
            _rows([row])
        else:
            topics = ", ".join(f"{topic} {score:.2f}" for topic, score in row["topics"].items())
            names = ", ".join(f"{one['name']} ({one['role']})" for one in row["entities"])
            print(f"{row['id']}  {row['event']}  {topics}" + (f"\n  {names}" if names else ""))
            for deal in row["deals"]:
                print("  " + "  ".join(f"{key}={value}" for key, value in deal.items() if value and key != "spans"))
    return 0


def _stories(options: argparse.Namespace) -> int:
    def progress(count: int) -> None:
        print(f"robowire: {count:,} items read", file=sys.stderr)

    for row in stories(_config(options), _lines(options.file), progress):
        if options.json:
            _rows([row])
        else:
            print(f"{row['story']:>6}  {row['status']:<6}  {row['id']}  {'; '.join(row['why'])}")
    return 0


def _eval(options: argparse.Namespace) -> int:
    config = _config(options)
    for row in evaluate(options.name, knowledge_of(config), options.gold, WallClock().now()):
        if options.json:
            _rows([row])
        else:
            print("  ".join(f"{key}={value}" for key, value in row.items() if key != "eval"))
    return 0


def _preview(options: argparse.Namespace) -> int:
    for row in preview(_config(options), _lines(options.file), options.chat):
        if options.json:
            _rows([row])
        else:
            text = row["payload"]["text"] if options.chat == "terminal" else json.dumps(row["payload"], indent=2)
            print(text, end="\n\n")
    return 0


def _replay(options: argparse.Namespace) -> int:
    failed = False
    for row in _await(replay(_config(options), options.files, options.watch)):
        failed = failed or row["error"] is not None
        if options.json:
            _rows([row])
        else:
            error = f"  {row['error']}" if row["error"] else ""
            print(f"poll {row['poll']}: {row['new']} new, {row['alerts']} alerts, {row['messages']} messages{error}")
    return 0


def _backup(options: argparse.Namespace) -> int:
    backup(_config(options), options.file)
    print(f"{options.file}: {options.file.stat().st_size:,} bytes")
    return 0


def _bench(options: argparse.Namespace) -> int:
    setup("warning")
    for row in bench([options.name] if options.name else list(NAMES), options.n):
        if options.json:
            _rows([row])
        else:
            print("  ".join(f"{key}={value}" for key, value in row.items()), flush=True)
    return 0


def _chat(words: Sequence[str]) -> int:
    """`robowire watch add ...`: a command of the Book on the configured database."""
    parser = argparse.ArgumentParser("robowire", "robowire [--config F] [--json] COMMAND ...", add_help=False)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--help", "-h", action="store_true")
    options, rest = _split(parser, words)
    if options.help:
        rest = ["help", *[word for word in rest if word != "help"]]
    # what can be said depends on no configuration, and asking must leave no database behind
    config = Config(database=":memory:") if rest[:1] == ["help"] else _config(options)
    reply: Reply = _await(chat_command(config, rest))
    if not reply.ok:
        pointed = [part.text for part in reply.message.parts if isinstance(part, Code)]
        print("\n".join([f"robowire: {reply.message.text}", *pointed]), file=sys.stderr)
        return EXIT_BAD
    if options.json:
        _rows(reply.rows)
    else:
        print(_shown(reply), end="")
    return 0


def _shown(reply: Reply) -> str:
    """The reply as a terminal shows it; in a pipe or a file, what is code (OPML) keeps its lines however long."""
    width = min(shutil.get_terminal_size().columns, 120)
    if sys.stdout.isatty():
        return to_ansi(reply.message, width)
    if all(isinstance(part, Code) for part in reply.message.parts):
        return "".join(f"{part.text.rstrip()}\n" for part in reply.message.parts if isinstance(part, Code))
    return to_text(reply.message, width)


def _split(parser: argparse.ArgumentParser, words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Our own options out of the words; a query's `-word` is none of them."""
    ours, rest, left = [], [], list(words)
    while left:
        word = left.pop(0)
        if word in ("--json", "--help", "-h") or word.startswith("--config="):
            ours.append(word)
        elif word == "--config":
            ours += [word, *left[:1]]
            left = left[1:]
        else:
            rest.append(word)
    return parser.parse_args(ours), rest


def _config(options: argparse.Namespace) -> Config:
    config = load(options.config)
    setup(config.log.level)
    guard(os.environ.get(name, "") for name in SECRETS)
    return config


def _lines(source: str) -> Iterable[str]:
    if source == "-":
        return sys.stdin
    try:
        return Path(source).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{source}: {getattr(error, 'strerror', None) or error}") from error


def _rows(rows: Iterable[Any]) -> None:
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    for row in rows:
        print(json.dumps(row, ensure_ascii=ascii_only), flush=True)


def _await(work: Coroutine[Any, Any, T]) -> T:
    """Run on the fastest event loop at hand."""
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)
