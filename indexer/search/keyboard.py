"""Reads a word as if it had been typed with the keyboard in its other layout, English or Russian."""

from __future__ import annotations

from typing import Final

_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"
_CYRILLIC: Final = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_SWAPPED: Final = {**dict(zip(_LATIN, _CYRILLIC, strict=True)), **dict(zip(_CYRILLIC, _LATIN, strict=True))}


def in_other_layout(word: str) -> str:
    """The same keys in the other layout; "" where the word has no letter of either."""
    swapped = "".join(_SWAPPED.get(character, character) for character in word)
    return swapped if any(c.isalpha() and c in _SWAPPED for c in word) else ""
