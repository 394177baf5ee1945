"""What messages say now, so that an edit that changes nothing need not be sent."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

_KNOWN = 5_000


class LastSaid:
    """Remembers the bodies of the latest messages of this process by their ids, as short hashes."""

    def __init__(self, most: int = _KNOWN) -> None:
        self._most = most
        self._known: OrderedDict[str, bytes] = OrderedDict()

    def says(self, message: str, body: Mapping[str, Any]) -> bool:
        """Whether a message is known to say just this."""
        return self._known.get(message) == _digest(body)

    def note(self, message: str, body: Mapping[str, Any]) -> None:
        """It says this from now on."""
        self._known[message] = _digest(body)
        self._known.move_to_end(message)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def forget(self, message: str) -> None:
        """Nobody knows what it says: a change of it is on its way."""
        self._known.pop(message, None)


def _digest(body: Mapping[str, Any]) -> bytes:
    return blake2b(json.dumps(body, sort_keys=True).encode("utf-8", "surrogatepass"), digest_size=12).digest()
