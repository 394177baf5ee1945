"""Feed bytes made safe to parse: UTF-8 that says so, no forbidden characters, no reference that trips a parser.

Every repair is for a fault after which lxml silently loses text: it stops reading an element at an undeclared entity,
drops what follows a bare ampersand, and ends or garbles the document at a byte that is not of the declared charset.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""^\s{0,64}<\?xml[^>]{0,200}?\bencoding\s{0,8}=\s{0,8}["']([\w.:-]{1,40})["']""", re.I)
_HEADER = re.compile(r"""charset\s{0,8}=\s{0,8}["']?([\w.:-]{1,40})""", re.I)

# What servers call an older charset is often its later superset; https://encoding.spec.whatwg.org/#names-and-labels
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Only charsets that real feeds use: Python's other codecs (punycode, unicode_escape, utf-7) are traps for a reader.
_CHARSETS = re.compile(
    r"utf-8|iso8859-\d+|cp\d+|koi8-[rut]|gb18030|big5(?:hkscs)?|euc_jp|iso2022_(?:jp|kr)|mac-[a-z]+|tis-620"
)

# C0 controls but for tab and newlines are not allowed in XML, and parsers end a text at them.
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")

_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_DTD_BYTES = 16_384
_ENTITY = re.compile(rb"""<!ENTITY\s{1,8}([\w.-]{1,40})\s{1,8}(?:"([^"&<%]{0,200})"|'([^'&<%]{0,200})')\s{0,8}>""")
# An ampersand that does not begin a reference XML defines. Numbers below 32 and from 55000 on are looked at.
_ODD = re.compile(
    rb"&(?!(?:lt|gt|amp|quot|apos|#(?:9|10|13|3[2-9]|[4-9]\d|[1-9]\d{2,3}|[1-4]\d{4}|5[0-4]\d{3})"
    rb"|#[xX](?:[9aAdD]|[2-9a-fA-F][\da-fA-F]|[1-9a-fA-F][\da-fA-F]{2}|[1-9a-cA-C][\da-fA-F]{3}));)"
    rb"(?:(#\d{1,8}|#[xX][\da-fA-F]{1,8}|[A-Za-z][\w.-]{0,39});)?"
)


def repair(body: bytes, content_type: str = "") -> bytes:
    """The same document as clean UTF-8, without space before it; what is well-formed changes in nothing else."""
    body = _utf8(body, content_type).translate(None, _CONTROLS).lstrip()
    if _ODD.search(body) is None or body[:1] in (b"{", b"["):
        return body
    return _mend_references(body)


def _utf8(body: bytes, content_type: str) -> bytes:
    """Transcode to UTF-8 by what the bytes themselves show, then by what the server and the document say."""
    for bom, charset in _BOMS:
        if body.startswith(bom):
            return _declare_utf8(body[len(bom) :].decode(charset, "replace").encode())
    if body[:4].count(0) >= 2 and b"<" in body[:4]:
        return _declare_utf8(body.decode("utf-16-le" if body[0] else "utf-16-be", "replace").encode())
    declared = _declared(body)
    if body.isascii() and not declared.startswith("iso2022"):
        return _declare_utf8(body)
    if not declared.startswith("iso2022"):
        try:
            body.decode()
        except UnicodeDecodeError:
            pass
        else:
            return _declare_utf8(body)
    return _declare_utf8(_decode_foreign(body, (_header(content_type), declared)).encode())


def _decode_foreign(body: bytes, charsets: tuple[str, str]) -> str:
    """Decode bytes that are not UTF-8 by the first charset that fits.

    Where UTF-8 was meant, single bad bytes among good ones (a summary cut in mid-character) become U+FFFD; bad bytes
    alone are Windows-1252, the web's usual mistake: https://encoding.spec.whatwg.org/#names-and-labels
    """
    for charset in charsets:
        if charset and charset != "utf-8":
            try:
                return body.decode(charset)
            except UnicodeDecodeError:
                continue
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - bad if bad else 0
    if good > bad:
        return text
    charset = next((charset for charset in charsets if charset and charset != "utf-8"), "cp1252")
    return body.decode(charset, "replace")


def _declared(body: bytes) -> str:
    match = _DECLARED.match(body[:320])
    return _charset(match[1].decode("ascii", "replace")) if match else ""


def _header(content_type: str) -> str:
    match = _HEADER.search(content_type[:400])
    return _charset(match[1]) if match else ""


def _charset(name: str) -> str:
    """Python's name of a charset that feeds may use, else an empty string."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    known = _SUPERSETS.get(known, known)
    return known if _CHARSETS.fullmatch(known) else ""


def _declare_utf8(body: bytes) -> bytes:
    """Let the XML declaration, where there is one that names another charset, say UTF-8."""
    match = _DECLARED.match(body[:320])
    if match is None or match[1].lower() == b"utf-8":
        return body
    return body[: match.start(1)] + b"utf-8" + body[match.end(1) :]


def _mend_references(body: bytes) -> bytes:
    """Rewrite references and bare ampersands outside CDATA sections, where they are not markup."""
    declared = {match[1]: match[2] or match[3] or b"" for match in _ENTITY.finditer(body[:_DTD_BYTES])}

    def mend(match: re.Match[bytes]) -> bytes:
        return _mend(match[1], declared)

    pieces: list[bytes] = []
    at = 0
    while True:
        start = body.find(_CDATA, at)
        pieces.append(_ODD.sub(mend, body[at : start if start >= 0 else len(body)]))
        if start < 0:
            return b"".join(pieces)
        end = body.find(_CDATA_END, start)
        at = end + len(_CDATA_END) if end >= 0 else len(body)
        pieces.append(body[start:at])


def _mend(name: bytes | None, declared: dict[bytes, bytes]) -> bytes:
    """What to write for `&name;`: its character by number, what the document declares for it, or the text itself."""
    if name is None:
        return b"&amp;"
    if name in declared:
        return declared[name]
    if name.startswith(b"#"):
        code = int(name[2:], 16) if name[1:2] in b"xX" else int(name[1:])
        allowed = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
        return b"&#%d;" % code if allowed else b"&#65533;"
    chars = html5.get(name.decode("ascii", "replace") + ";")
    if chars is None:
        return b"&amp;" + name + b";"
    return b"".join(b"&#%d;" % ord(char) for char in chars)
