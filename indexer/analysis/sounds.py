"""Spells words of both scripts by their sound, roughly, so that a name or a cognate looks alike in both."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from indexer.analysis.folding import cyrillic

_LATIN: Final = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфхыэ", "abvgdeeziiklmnoprstufhie", strict=True))
    | {"ж": "j", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ъ": "", "ь": "", "ю": "u", "я": "a"}
)
_ALIKE: Final = (("ph", "f"), ("th", "t"), ("ch", "h"), ("sh", "s"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("w", "v"))
_SOUNDS: Final = (("y", "i"), ("c", "k"), ("j", "z"))
_DOUBLED: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 16)
def sound_of(word: str) -> str:
    """A word of either script in letters that cognates share; of a number, nothing."""
    if not word.isalpha():
        return ""
    text = word.translate(_LATIN) if cyrillic(word) else word
    for spelling, sound in (*_ALIKE, *_SOUNDS):
        text = text.replace(spelling, sound)
    return _DOUBLED.sub(r"\1", text)
