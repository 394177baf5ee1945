"""One item being read: its normal text, and the way from what is found there to evidence in the item."""

from __future__ import annotations

from bot.classify.normal import Places, normal
from bot.model import Evidence, Field, Item


class Reading:
    """Title and summary as one normal text, a sentence's end between them; hits before `title_end` are in the title."""

    __slots__ = ("_item", "_places", "text", "title_end")

    def __init__(self, item: Item) -> None:
        title = normal(item.title)
        self.text = f" {title} | {normal(item.summary)} "
        self.title_end = len(title) + 2
        self._item = item
        self._places: dict[Field, Places] = {}

    def original(self, field: Field) -> str:
        """The item's own title or summary."""
        return self._item.title if field == "title" else self._item.summary

    def evidence(self, what: str, start: int, end: int, weight: float = 1.0) -> Evidence:
        """What [start, end) of the text, without spaces around it, shows; offsets and words are of the item's field."""
        field: Field = "title" if start < self.title_end else "summary"
        original = self.original(field)
        before = 1 if field == "title" else self.title_end + 2
        if field not in self._places:
            self._places[field] = Places(original)
        first, last = self._places[field].span(start - before, end - before)
        return Evidence(what, original[first:last], field, first, last, weight)
