"""Links: the one address under which an item is shown, and the form in which two links are compared."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from bot.text import key63

_LONGEST = 8_192
_ORDINARY = 250  # shorter than the longest host

# Nothing in such a link can need work: lower-case ASCII host, no port, no escapes, no query, no fragment.
_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)+(?:/[A-Za-z0-9._~!$'()*+,;=:@/-]*)?")
# The same with a query that needs nothing but a look at its parameters; not a redirect of Google's.
_QUERIED = re.compile(
    r"(https?://(?!www\.google\.com/url)[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)+/[A-Za-z0-9._~!$'()*+,;=:@/-]*)\?([A-Za-z0-9._~=&+-]+)"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])\Z")
_UNSAFE = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")
_ESCAPED_AND = re.compile(r"&(?:amp;)+")
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.I)
_EDGES = "".join(map(chr, range(0x21))) + "\u00a0\u3000\ufeff\u200b"
_BREAKS = dict.fromkeys(map(ord, "\t\r\n"))

# Parameters that only say where a click came from, as the ClearURLs rules (https://docs.clearurls.xyz) and real feeds
# have them. Prefixes first, then whole names in lower case.
_TRACKERS = (
    "utm_",
    "mtm_",
    "piwik_",
    "hsa_",
    "at_campaign",
    "at_medium",
    "at_link",
    "at_format",
    "at_bbc_team",
    "guce_",
)
_TRACKING = frozenset(
    (
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "gad_source",
        "srsltid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "li_fat_id",
        "mibextid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "__hssc",
        "__hstc",
        "__hsfp",
        "hsctatracking",
        "_ga",
        "_gl",
        "vero_id",
        "oly_enc_id",
        "oly_anon_id",
        "s_cid",
        "wt_mc",
        "wt.mc_id",
        "rb_clickid",
        "ref_src",
        "ref_url",
        "wickedid",
        "ck_subscriber_id",
        "xtor",
        "spm",
        "scm",
        "guccounter",
        "pk_campaign",
        "pk_kwd",
        "pk_source",
        "pk_medium",
        "pk_content",
    )
)
# Parameters that may matter to the page, unless their value says that the click came from a feed.
_MAYBE = frozenset(
    (
        "ref",
        "source",
        "src",
        "from",
        "partner",
        "emc",
        "mod",
        "cmp",
        "cmpid",
        "ncid",
        "via",
        "medium",
        "campaign",
        "feed",
        "ftag",
        "rss",
    )
)
_ONLY_UTM = re.compile(r"utm_[^&]*+(?:&utm_[^&]*+)*+")
_FEED_VALUES = re.compile(r"(?:rss|atom|feeds?|feedburner|xml)(?:[-_.]?(?:rss|atom|feeds?|\d(?:\.0)?))*", re.I)


def canonical(url: str, base: str = "") -> str:
    """The absolute http(s) URL without tracking parameters, user name and fragment; "" if there is no such URL.

    `base` is where relative links start. A fragment stays if it is a page's address (`#!`). Whatever is not a URL
    character is percent-encoded, so that the result holds no space, quote, angle bracket or control.
    """
    if len(url) <= _ORDINARY and _PLAIN.fullmatch(url):
        return url
    if len(url) <= _ORDINARY and (queried := _QUERIED.fullmatch(url)):
        query = _without_tracking(queried[2])
        return f"{queried[1]}?{query}" if query else queried[1]
    parts = _split(url, base)
    if parts is None:
        return ""
    query = _without_tracking(parts.query) if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return _assemble(parts, query, fragment)


def resolve(url: str, base: str = "") -> str:
    """The absolute http(s) URL with its query as it is: for pictures, whose signatures must stay whole; "" if none."""
    if len(url) <= _ORDINARY and _PLAIN.fullmatch(url):
        return url
    parts = _split(url, base)
    return "" if parts is None else _assemble(parts, parts.query, "")


def identity(link: str) -> str:
    """What two canonical links have in common if they lead to one page.

    Scheme, `www.`, trailing slash, order of parameters and case of escapes do not count. Not for display.
    """
    rest = link.partition("://")[2].removeprefix("www.")
    if "%" in rest:
        rest = _ESCAPE.sub(lambda escape: escape[0].upper(), rest)
    if "?" not in rest:
        return rest.rstrip("/")
    page, _, query = rest.partition("?")
    query, mark, fragment = query.partition("#")
    return f"{page.rstrip('/')}?{'&'.join(sorted(query.split('&')))}{mark}{fragment}"


def link_key(link: str) -> int:
    """The key by which copies of an item that have this link find each other (model.Item)."""
    return page_key(identity(canonical(link)))


def page_key(identity_: str) -> int:
    """The same for the identity of a canonical link."""
    return key63("l", identity_)


def is_home(identity_: str) -> bool:
    """Whether the identity of a link is a whole site's: no path, no query."""
    return not any(mark in identity_ for mark in "/?#")


def readable(link: str, limit: int = 100) -> str:
    """Host and path for a reader: what to call an item that has nothing but a link."""
    return unquote(identity(link).partition("?")[0])[:limit]


def _split(url: str, base: str) -> SplitResult | None:
    """The parts of an http(s) URL made absolute; None for every other kind."""
    url = url.strip(_EDGES).translate(_BREAKS)
    if not url or len(url) > _LONGEST:
        return None
    if "\\" in url:
        url = url.replace("\\", "/")
    if "&amp;" in url:
        url = _ESCAPED_AND.sub("&", url)
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return None
    try:
        if not scheme:
            url = f"https://{url}" if url.startswith("www.") else urljoin(base, url)
        parts = urlsplit(url)
        if parts.netloc.endswith(".google.com") and parts.path == "/url":
            parts = _behind_google(parts)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") else None


def _behind_google(parts: SplitResult) -> SplitResult:
    """Google Alerts wraps every link in a redirect of its own; what it leads to stands in `url` or `q`."""
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        if name in ("url", "q") and value.startswith("http"):
            return urlsplit(unquote(value))
    return parts


def _assemble(parts: SplitResult, query: str, fragment: str) -> str:
    netloc = _netloc(parts)
    if not netloc:
        return ""
    rest = f"{parts.path}?{query}{fragment}" if query else f"{parts.path}{fragment}"
    if rest and not rest.startswith("/"):
        rest = f"/{rest}"
    whole = f"{parts.scheme}://{netloc}{_UNSAFE.sub(_escape, rest)}"
    return whole if len(whole) <= _LONGEST else ""  # a base or escapes may have made it long


def _netloc(parts: SplitResult) -> str:
    """Host in ASCII, with its port unless it is the scheme's own; never a user name. Empty if it is not a host."""
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        host = _ascii_host(host)
    host = host.rstrip(".")
    if len(host) > 253 or not _HOST.match(host):
        return ""
    return host if port in (None, 80 if parts.scheme == "http" else 443) else f"{host}:{port}"


def _ascii_host(host: str) -> str:
    """Punycode, label by label, as browsers write it (https://www.unicode.org/reports/tr46/, non-transitional)."""
    if len(host) > 253:
        return ""
    folded = unicodedata.normalize("NFKC", host.lower()).lower().replace("\u3002", ".")
    labels = (label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in folded.split("."))
    return ".".join(labels)


def _without_tracking(query: str) -> str:
    if _ONLY_UTM.fullmatch(query):
        return ""
    return "&".join(pair for pair in query.split("&") if pair and not _is_tracking(pair))


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if name in _TRACKING or name.startswith(_TRACKERS):
        return True
    return name in _MAYBE and _FEED_VALUES.fullmatch(value) is not None


def _escape(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
