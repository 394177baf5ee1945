"""One reusable handle of libcurl: what is set on it, what its callbacks allow and keep, and what came of a transfer."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import certifi
import pycurl

from bot.errors import FetchError, Refused
from bot.log import masked

MAX_HEAD: Final = 256 * 1024
"""Octets of headers that one answer may have, interim answers and trailers included."""

_SPARE_BODY: Final = 64 * 1024
"""Octets of a body nobody wants (of an error, a redirect) that are read so that the connection can be used again."""

_KEPT_SECONDS: Final = 60
_OK: Final = 200
_FINAL: Final = 200  # below stand interim answers (RFC 9110 section 15.2)

_TEXTS: Final[Mapping[int, str]] = {
    pycurl.E_UNSUPPORTED_PROTOCOL: "the answer is not HTTP",
    pycurl.E_URL_MALFORMAT: "the address cannot be read",
    pycurl.E_COULDNT_RESOLVE_HOST: "no such host",
    pycurl.E_COULDNT_CONNECT: "no connection",
    pycurl.E_PARTIAL_FILE: "the answer broke off",
    pycurl.E_GOT_NOTHING: "the server closed the connection without an answer",
    pycurl.E_SEND_ERROR: "the connection broke",
    pycurl.E_RECV_ERROR: "the connection broke",
    pycurl.E_SSL_CONNECT_ERROR: "no secure connection",
    pycurl.E_PEER_FAILED_VERIFICATION: "the certificate is not valid for this address",
    pycurl.E_BAD_CONTENT_ENCODING: "the content encoding cannot be read",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: final status, the headers asked for (lower-case names; of a repeated one the last), the body of a 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every transfer. `may_connect` is asked before each connect, from the thread, with address and port.

    `wanted` are the lower-case names of the headers that answers keep; `accept` is the Accept header.
    """

    may_connect: Callable[[str, int], bool]
    user_agent: str
    accept: str
    wanted: frozenset[bytes]
    max_bytes: int
    connections: int
    keep_alive: bool


class _Loan(socket.socket):
    """A socket for libcurl, which works on a duplicate of its descriptor: ours closes as soon as nobody holds it."""

    def __del__(self) -> None:
        self.close()


class Handle:
    """One reusable handle of libcurl with the buffers that its callbacks fill."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._head: list[bytes] = []
        self._body: list[bytes] = []
        self._head_size = self._body_size = 0
        self._keep_body = False
        self._closed = self._unopened = ""
        self._fault = ""
        self.curl: Any = self._handle()

    def _handle(self) -> Any:
        terms, curl = self._terms, pycurl.Curl()
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.FOLLOWLOCATION, 0)
        curl.setopt(pycurl.PROXY, "")  # whatever the environment says
        curl.setopt(pycurl.NOPROXY, "*")
        curl.setopt(pycurl.HTTP09_ALLOWED, 0)
        curl.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)  # or newer
        curl.setopt(pycurl.SSL_VERIFYPEER, 1)
        curl.setopt(pycurl.SSL_VERIFYHOST, 2)
        for option, path in authorities().items():
            curl.setopt(option, path)
        curl.setopt(pycurl.USERAGENT, terms.user_agent.encode())
        curl.setopt(pycurl.ACCEPT_ENCODING, "gzip, deflate")
        curl.setopt(pycurl.MAXFILESIZE_LARGE, terms.max_bytes)
        curl.setopt(pycurl.MAXAGE_CONN, _KEPT_SECONDS)
        if not terms.keep_alive:
            curl.setopt(pycurl.FRESH_CONNECT, 1)
            curl.setopt(pycurl.FORBID_REUSE, 1)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        curl.setopt(pycurl.HEADERFUNCTION, self._take_head)
        curl.setopt(pycurl.WRITEFUNCTION, self._take_body)
        return curl

    def load(self, url: str, headers: Sequence[bytes], seconds: float) -> None:
        """Make ready for one transfer. Raises ValueError or pycurl.error for what libcurl does not take."""
        self.curl.setopt(pycurl.URL, url)
        self.curl.setopt(pycurl.HTTPHEADER, headers)
        self.curl.setopt(pycurl.TIMEOUT_MS, max(int(seconds * 1000), 1))

    def unload(self) -> None:
        """Let go of everything that belongs to the transfer."""
        self._head.clear()
        self._body.clear()
        self._head_size = self._body_size = 0
        self._keep_body = False
        self._closed = self._unopened = self._fault = ""

    # -- callbacks of libcurl: they run in the thread and must not raise

    def _open(self, _purpose: int, address: Any) -> Any:
        """Called before every connect, whatever the address came from: name, literal, redirect, rebinding."""
        host, port = address.addr[:2]
        if not self._terms.may_connect(host, port):
            self._closed = host
            return pycurl.SOCKET_BAD
        try:
            return _Loan(address.family, address.socktype, address.protocol)
        except OSError as error:
            self._unopened = f"no socket: {error.strerror}"
            return pycurl.SOCKET_BAD

    def _take_head(self, line: bytes) -> int | None:
        if line.startswith(b"HTTP/"):
            self._head.clear()  # what came before was an interim answer
        self._head_size += len(line)
        if self._head_size > MAX_HEAD:
            self._fault = f"more than {MAX_HEAD:,} bytes of headers"
            return 0
        self._head.append(line)
        return None

    def _take_body(self, chunk: bytes) -> int | None:
        if not self._body_size:
            self._keep_body = _status(self._head) == _OK
        self._body_size += len(chunk)
        if not self._keep_body:
            return None if self._body_size <= _SPARE_BODY else 0
        if self._body_size > self._terms.max_bytes:
            self._body.clear()
            self._fault = f"larger than {self._terms.max_bytes:,} bytes when unpacked"
            return 0
        self._body.append(chunk)
        return None

    # -- what came of it

    def result(self, code: int, message: str) -> Answer | FetchError:
        """The answer, or why there is none, when libcurl ended with this code (0: well)."""
        if self._fault:
            return FetchError(self._fault)
        status = _status(self._head)
        if code and status in (0, _OK):
            return self._failure(code, message)
        if not status:
            return FetchError("the answer broke off")
        # of any other status the body does not matter, nor how it ended
        return Answer(status, _headers(self._head, self._terms.wanted), b"".join(self._body))

    def _failure(self, code: int, message: str) -> FetchError:
        if self._closed and code == pycurl.E_COULDNT_CONNECT:
            return Refused("the address is in a private network (see fetch.allow_networks)")
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return OutOfTime("no whole answer in time")
        if code == pycurl.E_FILESIZE_EXCEEDED:
            return FetchError(f"larger than {self._terms.max_bytes:,} bytes")
        text = _TEXTS.get(code, "")
        if self._unopened and code == pycurl.E_COULDNT_CONNECT:
            text = self._unopened
        elif code == pycurl.E_COULDNT_CONNECT and (number := self.curl.getinfo(pycurl.OS_ERRNO)):
            text = os.strerror(number).lower()
        elif code in (pycurl.E_SSL_CONNECT_ERROR, pycurl.E_PEER_FAILED_VERIFICATION):
            text = f"{text}: {masked(message)}"
        return FetchError((text or masked(message) or f"libcurl error {code}")[:300])


class OutOfTime(FetchError):
    """The transfer took more time than it had."""


def authorities() -> dict[int, str]:
    """Where the certificates of authorities are: of the system if it has any, else certifi's; by option of libcurl."""
    if "Schannel" in pycurl.version or "SecureTransport" in pycurl.version:
        return {}  # these ask the system themselves
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return {pycurl.CAINFO: paths.cafile}
    if paths.capath and any(name.endswith(".0") for name in os.listdir(paths.capath)):
        return {pycurl.CAPATH: paths.capath}
    return {pycurl.CAINFO: certifi.where()}


def _status(head: Sequence[bytes]) -> int:
    """The status of a final answer whose head is complete, else 0."""
    if b"\r\n" not in head and b"\n" not in head:
        return 0
    words = head[0].split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    return status if status >= _FINAL else 0


def _headers(head: Sequence[bytes], names: frozenset[bytes]) -> dict[str, str]:
    """The headers of these names; trailers, which stand behind the empty line, are left out."""
    found = {}
    for line in head[1:]:
        name, colon, value = line.partition(b":")
        if not colon:
            break
        if (name := name.lower()) in names:
            found[name.decode()] = value.strip().decode("latin-1")
    return found
