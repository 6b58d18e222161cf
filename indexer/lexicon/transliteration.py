"""Writes Russian names in Latin letters, as passports of the region and the United Nations commonly do."""

from __future__ import annotations

from typing import Final

_LETTERS: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".replace("_", "-").split(),
        strict=True,
    )
)
_TABLE: Final = str.maketrans(
    {letter: latin.replace("-", "") for letter, latin in _LETTERS.items()}
    | {letter.upper(): latin.replace("-", "").capitalize() for letter, latin in _LETTERS.items()}
)


def in_latin(text: str) -> str:
    """The text with each Russian letter as one or more Latin ones; others stay."""
    latin = text.translate(_TABLE)
    return latin.upper() if len(text) > 1 and text.isupper() else latin
