"""What an encoder is given of a text: bounded, in one form (NFKC), without characters that no text should hold."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Final

from indexer.library.documents import PassageText
from indexer.text import Language

LONGEST: Final = 4_000  # characters: a passage has some 1,500
_CONTROL: Final = frozenset({"Cc", "Cs"})  # NUL and its like, lone surrogates


def cleaned(text: str) -> str:
    """A text as an encoder may have it. NFKC may make a text longer: it is cut before and after."""
    kept = "".join(" " if unicodedata.category(each) in _CONTROL else each for each in text[:LONGEST])
    return " ".join(unicodedata.normalize("NFKC", kept)[:LONGEST].split())


def text_of(passage: PassageText) -> str:
    """What of a passage is encoded: its sentences as they were written."""
    return cleaned(" ".join(segment.text for segment in passage.segments))


def language_of(passage: PassageText) -> str:
    """The language of most of a passage."""
    sizes: Counter[str] = Counter()
    for segment in passage.segments:
        sizes[segment.language] += len(segment.text)
    return max(sizes, key=lambda language: (sizes[language], language), default="")


def language_of_query(text: str) -> Language:
    """The language that a question is compared in: by the letters of most of it."""
    cyrillic = sum("Ѐ" <= each <= "ӿ" for each in text)
    return "ru" if 2 * cyrillic > sum(map(str.isalpha, text)) else "en"
