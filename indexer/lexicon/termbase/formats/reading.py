"""What readers of formats give: concepts, and entries that were not taken, with their place and the reason.

A file that is none of the format, or asks for more than it may, is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from auth.errors import ErrorKind, TolmachError
from indexer.lexicon.termbase.terms import LONGEST, Concept, TermWord
from indexer.text import Language

LONGEST_LINE: Final = 4_000_000  # bytes
MOST_TRANSLATIONS: Final = 24  # of a headword, that are kept
_MOST_SENSES: Final = 12
_CYRILLIC: Final = re.compile("[А-Яа-яЁё]")
_LATIN: Final = re.compile("[A-Za-z]")
_ASIDE: Final = re.compile(r"\([^()]{0,400}\)|\[[^\[\]]{0,400}\]|<[^<>]{0,400}>")


class VocabularyFormatError(TolmachError, ValueError):
    """The file is none of the format that was named, or is not safe to read; the message says why."""

    kind = ErrorKind.INVALID
    code = "vocabulary_format"


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """An entry that was not taken: where it stands in the file, and the code of the reason; none of its text."""

    place: str
    reason: str


Entries = Iterator[Concept | RefusedEntry]


def lines(stream: BinaryIO, encoding: str = "utf-8") -> Iterator[tuple[int, str | None]]:
    """The lines of a file with their numbers, without their ends; None for one that cannot be read or is too long."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        whole = len(raw) <= LONGEST_LINE
        while not whole and raw and not raw.endswith(b"\n"):
            raw = stream.readline(LONGEST_LINE + 1)
        try:
            text = raw.decode(encoding).removeprefix("\ufeff").rstrip("\r\n") if whole else None
        except UnicodeDecodeError:
            text = None
        yield number, text


def language_of(text: str) -> Language | None:
    """The language that a headword is written in, by its letters."""
    if _CYRILLIC.search(text):
        return None if _LATIN.search(text) else "ru"
    return "en" if _LATIN.search(text) else None


def entry(headword: str, senses: Iterable[Iterable[str]], part_of_speech: str = "") -> Concept | None:
    """An entry of a dictionary: a headword, and by sense its translations; None without any in the other language."""
    language = language_of(headword)
    if language is None:
        return None
    words = [TermWord(language, headword)]
    number = 0
    for sense in senses:
        texts = [text for each in sense if language_of(text := plain(each)) not in (None, language)]
        number += bool(texts)
        other: Language = "ru" if language == "en" else "en"
        words += [
            TermWord(other, text, sense=number) for text in texts if number <= _MOST_SENSES and len(text) <= LONGEST
        ]
    return Concept(tuple(words[: MOST_TRANSLATIONS + 1]), part_of_speech=part_of_speech) if len(words) > 1 else None


def plain(text: str) -> str:
    """A translation without what stands in brackets beside it, stress marks and the article or particle before it."""
    bare = _ASIDE.sub(" ", text).replace("\u0301", "").strip(' .,;:—–-\t"«»“”')
    return re.sub(r"^(?:to|a|an|the) (?=\w)", "", " ".join(bare.split()))
