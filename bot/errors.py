"""Every error that Robowire raises on purpose.

    RobowireError
    ├── BadInput            somebody typed or configured something wrong; the text says what to do
    │   ├── BadConfig       the configuration file has faults; carries them all
    │   ├── BadQuery        a watchlist query cannot be read; carries the place
    │   └── NotFound        there is no such feed, watchlist, story...
    ├── NotAllowed          the person may not do this here
    ├── Conflict            it exists already
    ├── FetchError          a page could not be fetched; carries status and Retry-After where there were any
    │   └── Refused         the address is one that we never fetch (scheme, private network)
    ├── ParseError          a page is not a feed that we can read; says whether it killed its reader
    ├── AssistError         the language model gave no usable answer; nothing depends on it
    ├── StoreError          the database cannot do what was asked
    │   ├── Locked          another process runs on this database
    │   └── Unwritable      it cannot be written now, whatever is written: a full disk, say
    └── ChatError           a chat did not take a message
        ├── TryAgain        not now; carries the seconds to wait
        │   └── Revoked     the bot's token is refused, everywhere on this platform
        ├── NeverAgain      the place is gone for good: deleted, forbidden, revoked
        └── Gone            one message is gone, or cannot be changed any more; its place may be well

Errors of libraries are turned into these where the library is used; bugs raise as they are.
"""

from __future__ import annotations


class RobowireError(Exception):
    """The root; its text is fit to be shown to a person."""


class BadInput(RobowireError):
    """Input that a person can mend; the text says how. `field` is the parameter that is wrong, if it is one."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class BadConfig(BadInput):
    """The configuration has faults: `faults` lists every one, a line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class BadQuery(BadInput):
    """A query that cannot be read: `at` is the character (from 0) where reading stopped, in `query`."""

    def __init__(self, text: str, query: str = "", at: int = 0) -> None:
        super().__init__(text, "query")
        self.query = query
        self.at = at

    def pointed(self) -> str:
        """The message with the query below it and a caret under the place."""
        return f"{self}\n  {self.query}\n  {' ' * self.at}^"


class NotFound(BadInput):
    """No such thing; the text names the nearest that exists where there is one."""


class NotAllowed(RobowireError):
    """The person may not do this here; the text says who may."""


class Conflict(RobowireError):
    """The thing exists already."""


class FetchError(RobowireError):
    """A page could not be had: `status` is the HTTP status if there was one, `retry_after` seconds if the server said so."""

    def __init__(self, text: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.retry_after = retry_after


class Refused(FetchError):
    """An address that Robowire never fetches: not http(s), a private network, too many redirects to one."""


class ParseError(RobowireError):
    """The page is not a feed that we can read; `killed` says that the child which tried had to be killed, or broke down."""

    def __init__(self, text: str, killed: bool = False) -> None:
        super().__init__(text)
        self.killed = killed


class AssistError(RobowireError):
    """The language model gave no usable answer; the text says what went wrong, without the key."""


class StoreError(RobowireError):
    """The database cannot do what was asked: disk full, newer than this program, not a database."""


class Locked(StoreError):
    """Another process runs on this database."""


class Unwritable(StoreError):
    """The database cannot be written now, whatever is written: disk full, I/O error, held by another program, read only.

    `passing` says that this may end without anybody changing how Robowire is set up.
    """

    def __init__(self, text: str, passing: bool = True) -> None:
        super().__init__(text)
        self.passing = passing


class ChatError(RobowireError):
    """A chat did not take a message."""


class TryAgain(ChatError):
    """Not now: post again after `after` seconds."""

    def __init__(self, text: str, after: float = 1.0) -> None:
        super().__init__(text)
        self.after = after


class Revoked(TryAgain):
    """The bot's token is refused: nothing was posted, nothing can be on the whole platform until there is another token.

    What waits is kept: whoever runs the bot may renew the token.
    """


class NeverAgain(ChatError):
    """The place is gone for good; posting there again is useless."""


class Gone(ChatError):
    """A posted message was deleted, or cannot be changed any more: editing it again is useless, its place may be well."""
