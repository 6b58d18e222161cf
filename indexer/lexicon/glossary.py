"""The glossary that ships with Tolmach: terms, bodies and offices of our field, and their abbreviations.

It is the first content of a termbase; the lexicon's entries are words, these are names of concepts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from indexer.lexicon.lines import LexiconError, check_domain, read_lines, split

STATUSES: Final = ("preferred", "admitted", "superseded")
"""How a term stands to others for the same concept; what is superseded is found, and not to be written anew."""

_FILE: Final = Path(__file__).with_name("glossary.tsv")
_HEADER: Final = "en\tru\ten_abbreviation\tru_abbreviation\tdomain\tstatus\tnote"
_LONGEST: Final = 240
_CYRILLIC: Final = re.compile("[А-Яа-яЁё]")


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A concept's term in both languages; an abbreviation or the domain may be empty."""

    english: str
    russian: str
    english_abbreviation: str
    russian_abbreviation: str
    domain: str
    status: str
    note: str


@cache
def shipped_terms() -> tuple[GlossaryTerm, ...]:
    """The shipped terms, sorted by the English one; read at the first call. Raises `LexiconError` when damaged."""
    return tuple(read_lines(_FILE, parse_term, header=_HEADER))


def parse_term(line: str) -> GlossaryTerm:
    """The term that a line holds. Raises `LexiconError`, which says what is wrong with it."""
    term = GlossaryTerm(*split(line, _HEADER.count("\t") + 1))
    if not term.english or _CYRILLIC.search(term.english + term.english_abbreviation):
        raise LexiconError(f"no English term: {term.english!r}, {term.english_abbreviation!r}")
    if not _CYRILLIC.search(term.russian):
        raise LexiconError(f"no Russian term: {term.russian!r}")
    if max(len(term.english), len(term.russian)) > _LONGEST:
        raise LexiconError(f"a term of more than {_LONGEST} characters")
    if term.status not in STATUSES:
        raise LexiconError(f"no status: {term.status!r}")
    check_domain(term.domain)
    return term
