"""The nouns of a text that all of the indexer shares: its language, where it comes from, where it stands on a page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final, Literal

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points of the page as it is shown (rotated, cropped); the origin is its top left corner."""

Language = Literal["en", "ru"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "ru")
OTHER: Final[Mapping[str, Language]] = {"en": "ru", "ru": "en"}  # the language to translate into

UNNAMED: Final = "other"
WRITTEN: Final = (*LANGUAGES, "kk", "ky", "tg", "uz", UNNAMED)
"""What a document or a sentence may be written in: beside English and Russian, what is searched by its forms alone."""


def tag_of(language: str) -> str:
    """The tag of a language as HTML and other formats take it (BCP 47): "und" of one that has no name here."""
    return "und" if language in ("", UNNAMED) else language


Origin = Literal["original", "human", "machine"]
"""Where a text comes from, as searches and people are told: it was written so, or translated by whom."""

ORIGINS: Final[tuple[Origin, ...]] = ("original", "human", "machine")  # an index keeps the place in this row

TranslationOrigin = Literal["human", "reviewed", "machine"]
"""Who made a translation; reviewed is a machine's that a person has put right."""

RANK: Final[dict[TranslationOrigin, int]] = {"machine": 0, "reviewed": 1, "human": 2}  # the highest is shown
AS_SEARCHED: Final[dict[TranslationOrigin, Origin]] = {"machine": "machine", "reviewed": "human", "human": "human"}


def digest_of(text: str) -> str:
    """SHA-256 of a sentence: what its translations are known by, wherever it stands."""
    return hashlib.sha256(text.encode()).hexdigest()
