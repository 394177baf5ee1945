"""Synthetic feeds of any number, the same for the same seed, and a server for them in a process of its own.

`python -m bot.bench.corpus '{"feeds": 2000}'` serves until its standard input ends; `start_server` runs just that.
Bodies are sent as they are, never compressed: a benchmark of polling should not become one of zlib.
"""

from __future__ import annotations

import asyncio
import http.client
import importlib.util
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any, Final
from xml.sax.saxutils import escape

from bot.bench.apart import environment
from bot.errors import BadInput
from bot.loopback import Handler, Loopback, Reply, Request

NEWEST: Final = datetime(2025, 10, 8, 8, 0, tzinfo=UTC)
"""No entry is later."""

STATS: Final = "/-/stats"
ADVANCE: Final = "/-/advance"
TEMPLATES: Final = 200
_MOST: Final = 1_000_000  # three syllables of a hundred name so many feeds

# What a template leaves open, filled in for each feed when it is asked for.
_NUMBER: Final = "@N@"
_NAME: Final = "@E@"
_NAME_ZH: Final = "@Z@"
_REVISION: Final = "@R@"
_TOKENS: Final = re.compile(rb"(@[NEZR]@)")

_ONSETS: Final = (*"bdfgklmnprstvz", "ch", "sh", "tr", "br", "fl", "qu")
_SYLLABLES: Final = [onset + vowel for onset in _ONSETS for vowel in "aeiou"]
_HAN: Final = (
    "安百宝北博超辰诚创达大德迪鼎东方飞丰富刚高光广国海瀚豪合和恒弘宏华汇慧嘉坚建杰金锦晶景九巨君凯康科乐力立利联"
    "灵龙隆美明铭能诺鹏普启千强青庆全锐瑞森尚盛世舒思腾天通同威维伟卫文希祥翔新鑫信兴星雄旭轩亚扬"
)
_SUFFIXES: Final = ("Robotics", "Dynamics", "Motion", "Automation", "Intelligence", "Machines")
_FUNDS: Final = ("Capital", "Ventures", "Partners", "Holdings", "Growth Fund")
_THINGS: Final = (
    "warehouse humanoids",
    "robot foundation models",
    "tactile robot hands",
    "driverless forklifts",
    "surgical robot arms",
    "legged inspection robots",
    "simulators for embodied agents",
    "fruit-picking arms",
)
_TITLES: Final = (
    "{c} raises ${m} million Series {r} led by {f} to build {t}",
    "{c} opens second plant as orders for {t} pass {m},000",
    "{f} buys {c}, maker of {t}, for ${m} million",
    "{c} names {p} chief executive and bets on {t}",
    "{c} shows {t} at work for {m} days without operators",
)
_SENTENCES: Final = (
    "{p}, who founded {c} after ten years in industrial control, said the money goes into {t}.",
    "{f} & friends took part in the round; the company had raised ${m} million before.",
    "Customers in logistics and car making have signed for {m} machines, to be delivered over two years.",
    "Analysts call the step bold: margins in {t} are thin, and rivals spend more than {c} earns.",
    "The firm employs {m} people at three sites and says that half of them write software.",
)
_THINGS_ZH: Final = (
    "人形机器人",
    "具身智能大模型",
    "灵巧手与触觉皮肤",
    "无人叉车",
    "手术机械臂",
    "四足巡检机器人",
    "仿真训练平台",
)
_TITLES_ZH: Final = (
    "{c}完成{m}亿元{r}轮融资，{f}领投，资金将用于{t}的研发与量产",
    "{c}第二工厂投产，{t}累计订单突破{m}万台，交付周期缩短一半",
    "{f}拟以{m}亿元收购{c}，补齐{t}业务版图",
    "{c}任命{p}为首席执行官，未来十年押注{t}",
)
_SENTENCES_ZH: Final = (
    "{c}创始人{p}表示，本轮资金将主要用于{t}的研发、量产与海外市场拓展。",
    "{f}等机构参与投资，公司此前累计融资{m}亿元，估值未披露。",
    "目前公司已与物流、汽车制造等行业的{m}家客户签约，预计两年内完成交付。",
    "业内人士认为，{t}的毛利率仍然偏低，竞争对手的投入也在持续加大。",
)


@dataclass(frozen=True, slots=True)
class Spec:
    """Which feeds: how many, of how many entries, by which seed, and on how many loopback hosts (127.0.0.1, .2, ...).

    Feeds (from 0) are RSS 2.0, Atom or RDF in the ratio 6:3:1, every third is in Chinese. Titles have some 90
    characters (Chinese: 36), summaries 360 of HTML (Chinese: 185). More than one host needs Linux.
    Raises BadInput if impossible.
    """

    feeds: int
    entries: int = 20
    seed: int = 1
    hosts: int = 1

    def __post_init__(self) -> None:
        if not (0 < self.feeds <= _MOST and 0 < self.entries <= 100 and 0 < self.hosts <= 254):
            raise BadInput(f"a corpus has 1 to {_MOST:,} feeds of 1 to 100 entries, on 1 to 254 hosts")

    def path(self, n: int) -> str:
        """Where feed `n` is."""
        return f"/feeds/{n}.xml"

    def etag(self, n: int, revision: int = 0) -> str:
        """Its ETag, with quotes; every fourth is a weak one."""
        return f'{"W/" if n % 4 == 3 else ""}"{self.seed}-{n}-{revision}"'

    def last_modified(self, n: int, revision: int = 0) -> str:
        """Its Last-Modified."""
        return format_datetime(NEWEST + timedelta(minutes=revision, seconds=-n), usegmt=True)


@dataclass(frozen=True, slots=True)
class _Story:
    """One made-up entry of a template."""

    number: str
    title: str
    html: str
    author: str
    when: datetime


class Corpus:
    """The feeds of a Spec. `templates` documents are written once, and each feed fills in its number and its name.

    No two entries of a corpus share a guid, a link or a title.
    """

    def __init__(self, spec: Spec, templates: int = TEMPLATES) -> None:
        self.spec = spec
        self._templates = [_TOKENS.split(_template(spec, t)) for t in range(min(templates, spec.feeds))]

    def body(self, n: int, revision: int = 0) -> bytes:
        """The document of feed `n`; each revision has another first entry."""
        values = {_NUMBER: str(n), _NAME: name(n), _NAME_ZH: name_zh(n), _REVISION: str(revision)}
        filled = {token.encode(): value.encode() for token, value in values.items()}
        pieces = list(self._templates[n % len(self._templates)])
        pieces[1::2] = [filled[token] for token in pieces[1::2]]
        return b"".join(pieces)

    def reply(self, n: int, revision: int = 0) -> Reply:
        """How the server answers for feed `n`."""
        return Reply(
            partial(self.body, n, revision),
            _CONTENT_TYPES[_kind(n % len(self._templates))],
            self.spec.etag(n, revision),
            self.spec.last_modified(n, revision),
        )

    def pages(self, revision: int = 0) -> dict[str, Reply | Handler]:
        """All of them, for a Loopback."""
        return {self.spec.path(n): self.reply(n, revision) for n in range(self.spec.feeds)}


def _digits(n: int) -> tuple[int, int, int]:
    n = n * 7_919 % _MOST  # a bijection, as 7,919 is prime: neighbours get unlike names
    return n // 10_000, n // 100 % 100, n % 100


def name(n: int) -> str:
    """The invented name of feed `n`, lower case; no two are the same."""
    a, b, c = _digits(n)
    return f"{_SYLLABLES[a]}{_SYLLABLES[b]}{_SYLLABLES[c]}"


def name_zh(n: int) -> str:
    """The same in Chinese."""
    a, b, c = _digits(n)
    return f"{_HAN[a]}{_HAN[b]}{_HAN[c]}"


_CONTENT_TYPES: Final = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
}


def _kind(t: int) -> str:
    return "rss" if t % 10 < 6 else "atom" if t % 10 < 9 else "rdf"


def _template(spec: Spec, t: int) -> bytes:
    rng = random.Random(f"{spec.seed}:{t}")
    chinese = t % 3 == 2
    tell = _story_zh if chinese else _story
    when = NEWEST - timedelta(minutes=rng.randrange(240))
    stories = []
    for e in range(spec.entries):
        stories.append(tell(rng, e, f"e{e}-{_REVISION}" if e == 0 else f"e{e}", when))
        when -= timedelta(minutes=rng.randrange(15, 300))
    lang = "zh-CN" if chinese else "en"
    title = f"{_NAME_ZH}科技快讯" if chinese else f"Robot wire {_NAME}"
    write = {"rss": _rss, "atom": _atom, "rdf": _rdf}[_kind(t)]
    return write(title, lang, stories, cdata=t % 2 == 0).encode()


def _story(rng: random.Random, e: int, number: str, when: datetime) -> _Story:
    words = {
        "c": f"{_SYLLABLES[(e * 7 + 3) % 100].title()}{_NAME} {rng.choice(_SUFFIXES)}",
        "f": f"{_invented(rng)} {rng.choice(_FUNDS)}",
        "p": f"{_invented(rng)} {_invented(rng)}",
        "t": rng.choice(_THINGS),
        "m": str(rng.randrange(11, 390)),
        "r": rng.choice("ABCDE"),
    }
    title = rng.choice(_TITLES).format_map(words)
    said = [sentence.format_map(words) for sentence in rng.sample(_SENTENCES, 3)]
    return _Story(number, _first(f"Update {_REVISION}: ", e) + title, _html(rng, said), words["p"], when)


def _story_zh(rng: random.Random, e: int, number: str, when: datetime) -> _Story:
    words = {
        "c": f"{_HAN[(e * 7 + 3) % 100]}{_NAME_ZH}机器人",
        "f": "".join(rng.sample(_HAN, 2)) + rng.choice(("资本", "创投", "基金", "控股")),
        "p": "".join(rng.sample(_HAN, 3)),
        "t": rng.choice(_THINGS_ZH),
        "m": str(rng.randrange(2, 90)),
        "r": rng.choice(("天使", "A", "A+", "B", "C", "Pre-IPO ")),
    }
    title = rng.choice(_TITLES_ZH).format_map(words)
    said = [sentence.format_map(words) for sentence in rng.sample(_SENTENCES_ZH, 4)]
    return _Story(number, _first(f"最新{_REVISION}：", e) + title, _html(rng, said), words["p"], when)


def _first(prefix: str, e: int) -> str:
    return prefix if e == 0 else ""


def _invented(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 3)))).title()


def _html(rng: random.Random, sentences: list[str]) -> str:
    lead, *rest = map(escape, sentences)
    image = f'<img src="https://img.example/{rng.randrange(1 << 32):08x}.jpg" alt="">' if rng.random() < 0.3 else ""
    return f"<p>{image}<b>{lead}</b></p><p>{' '.join(rest)}</p>"


def _site() -> str:
    return f"https://wire-{_NUMBER}.example"


def _link(story: _Story) -> str:
    return f"{_site()}/{story.when:%Y/%m/%d}/{story.number}?utm_source=rss&utm_medium=feed&utm_campaign=wire"


def _rss(title: str, lang: str, stories: list[_Story], cdata: bool) -> str:
    items = "".join(
        f"<item><title>{escape(s.title)}</title><link>{escape(_link(s))}</link>"
        f'<guid isPermaLink="false">wire-{_NUMBER}-{s.number}</guid><pubDate>{format_datetime(s.when)}</pubDate>'
        f"<dc:creator>{s.author}</dc:creator><category>{lang[:2]}</category>"
        f"<description>{f'<![CDATA[{s.html}]]>' if cdata else escape(s.html)}</description></item>\n"
        for s in stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>\n'
        f"<title>{title}</title><link>{_site()}/</link><description>{title}</description><language>{lang}</language>"
        f"<lastBuildDate>{format_datetime(NEWEST)}</lastBuildDate><ttl>30</ttl>\n{items}</channel></rss>\n"
    )


def _atom(title: str, lang: str, stories: list[_Story], cdata: bool) -> str:
    items = "".join(
        f"<entry><title>{escape(s.title)}</title><link rel='alternate' href='{escape(_link(s))}'/>"
        f"<id>tag:wire-{_NUMBER}.example,2025:{s.number}</id><published>{s.when.isoformat()}</published>"
        f"<updated>{s.when:%Y-%m-%dT%H:%M:%SZ}</updated><author><name>{s.author}</name></author>"
        f"<summary type='html'>{f'<![CDATA[{s.html}]]>' if cdata else escape(s.html)}</summary></entry>\n"
        for s in stories
    )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{lang}'>\n"
        f"<title>{title}</title><id>tag:wire-{_NUMBER}.example,2025:feed</id><link href='{_site()}/'/>"
        f"<updated>{NEWEST:%Y-%m-%dT%H:%M:%SZ}</updated>\n{items}</feed>\n"
    )


def _rdf(title: str, lang: str, stories: list[_Story], cdata: bool) -> str:
    about = [f"{_site()}/id/{s.number}" for s in stories]
    items = "".join(
        f'<item rdf:about="{url}"><title>{escape(s.title)}</title><link>{escape(_link(s))}</link>'
        f"<dc:date>{s.when.isoformat()}</dc:date><dc:creator>{s.author}</dc:creator>"
        f"<description>{f'<![CDATA[{s.html}]]>' if cdata else escape(s.html)}</description></item>\n"
        for url, s in zip(about, stories, strict=True)
    )
    contents = "".join(f'<rdf:li rdf:resource="{url}"/>' for url in about)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{_site()}/"><title>{title}</title><link>{_site()}/</link>'
        f"<description>{title}</description><dc:language>{lang}</dc:language>"
        f"<items><rdf:Seq>{contents}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


# -- the server --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stats:
    """What a feed server has done: requests and connections taken, answers by status, its own CPU seconds."""

    requests: int
    connections: int
    statuses: dict[int, int]
    cpu_seconds: float


class Site:
    """A running feed server, seen from the process that started it."""

    def __init__(self, spec: Spec, port: int) -> None:
        self.spec = spec
        self.port = port
        self.base = f"http://127.0.0.1:{port}"

    def url(self, n: int) -> str:
        """The address of feed `n`; feeds take turns on the hosts."""
        return f"http://{_hosts(self.spec)[n % self.spec.hosts]}:{self.port}{self.spec.path(n)}"

    def urls(self) -> list[str]:
        """The addresses of all feeds."""
        return [self.url(n) for n in range(self.spec.feeds)]

    def stats(self) -> Stats:
        """What it has done so far, without the calls of `stats` and `advance`. Raises OSError if it is gone."""
        said = self._get(STATS)
        statuses = {int(status): count for status, count in said["statuses"].items()}
        return Stats(said["requests"], said["connections"], statuses, said["cpu_seconds"])

    def advance(self) -> int:
        """Publish: every feed gets a new first entry, ETag and Last-Modified. Answers the revision."""
        return int(self._get(ADVANCE)["revision"])

    def _get(self, target: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", target)
            said: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return said


@contextmanager
def start_server(feeds: int, entries: int = 20, seed: int = 1, hosts: int = 1) -> Iterator[Site]:
    """Serve a corpus from a child process, stopped at the end (and when this process dies).

    Raises BadInput if the spec is impossible or the child does not come up.
    """
    spec = Spec(feeds, entries, seed, hosts)
    child = subprocess.Popen(
        [sys.executable, "-m", "bot.bench.corpus", json.dumps(asdict(spec))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    )
    with child:
        try:
            assert child.stdout is not None
            port = child.stdout.readline()
            if not port:
                raise BadInput("the feed server did not start; what it said is above")
            yield Site(spec, int(port))
        finally:
            child.kill()


def open_files() -> None:
    """Allow this process as many open files as the system lets it: a connection is one."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  (Windows has none)

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _hosts(spec: Spec) -> list[str]:
    return [f"127.0.0.{1 + h}" for h in range(spec.hosts)]


def _control(server: Loopback, corpus: Corpus) -> dict[str, Reply | Handler]:
    """The pages by which the starting process asks and tells."""
    revision = asked = 0

    def stats(_: Request) -> Reply:
        nonlocal asked
        statuses = server.statuses | {200: server.statuses.get(200, 0) - asked}
        asked += 1  # each over a connection of its own
        said = {
            "requests": sum(statuses.values()),
            "connections": server.connections - asked,
            "statuses": statuses,
            "cpu_seconds": time.process_time(),
        }
        return Reply(json.dumps(said).encode(), "application/json")

    def advance(_: Request) -> Reply:
        nonlocal revision, asked
        revision += 1
        asked += 1
        server.pages.update(corpus.pages(revision))
        return Reply(json.dumps({"revision": revision}).encode(), "application/json")

    return {STATS: stats, ADVANCE: advance}


async def _serve(spec: Spec) -> None:
    corpus = Corpus(spec)
    async with Loopback(corpus.pages(), hosts=_hosts(spec), record=False) as server:
        server.pages.update(_control(server, corpus))
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)  # ends with the process that started us


def main() -> None:
    """Serve the Spec that the first argument is in JSON, until standard input ends."""
    open_files()
    spec = Spec(**json.loads(sys.argv[1]))
    if importlib.util.find_spec("uvloop"):
        import uvloop  # noqa: PLC0415  (Windows has none)

        uvloop.run(_serve(spec))
    else:
        asyncio.run(_serve(spec))


if __name__ == "__main__":
    main()
