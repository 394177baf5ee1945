"""Languages of items: what feeds declare, in one form, and a guess by script where they declare nothing or nonsense."""

from __future__ import annotations

import re
from functools import lru_cache

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z0-9_-]{1,20}))?")
# ISO 639-2 codes that feeds use instead of two letters.
_TWO_LETTERS = {
    "eng": "en", "zho": "zh", "chi": "zh", "cmn": "zh", "jpn": "ja", "kor": "ko", "deu": "de", "ger": "de",
    "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru",
}  # fmt: skip
_TRADITIONAL = ("tw", "hk", "mo", "hant")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u3400-\u9fff]")
_ENGLISH = frozenset(("the", "and", "with", "from", "its", "after", "how", "why", "what", "this", "that", "are", "has"))


@lru_cache(maxsize=512)
def normal(said: str) -> str:
    """A declared language as "en", "ja", "zh" or "zh-tw"; an empty string for what is no language tag (BCP 47)."""
    match = _TAG.fullmatch(said[:30].strip().lower())
    if match is None:
        return ""
    language = _TWO_LETTERS.get(match[1], match[1])
    if language == "zh" and match[2] and any(region in _TRADITIONAL for region in re.split("[-_]", match[2])):
        return "zh-tw"
    return language


def choose(said: str, title: str) -> str:
    """The language of an item: the declared one, unless there is none or the title's script contradicts it.

    Blog software declares English until somebody tells it otherwise: a title in Han or kana under "en" is not English.
    """
    declared = normal(said) if said else ""
    if declared and (declared != "en" or title.isascii()):
        return declared
    return _by_script(title) or declared or _english(title)


def _by_script(title: str) -> str:
    """Japanese, Korean or Chinese if a good part of the letters are theirs, else an empty string."""
    if title.isascii():
        return ""
    enough = max(2, len(title) // 5)
    if len(_KANA.findall(title)) >= enough // 2 + 1:
        return "ja"
    if len(_HANGUL.findall(title)) >= enough:
        return "ko"
    return "zh" if len(_HAN.findall(title)) >= enough else ""


def _english(title: str) -> str:
    return "en" if title.isascii() and not _ENGLISH.isdisjoint(title.lower().split()) else ""
