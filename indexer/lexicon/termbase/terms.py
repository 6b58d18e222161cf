"""Concepts with their words in both languages. Refuses one that lacks a language, holds too much, or mixes scripts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from auth.errors import ErrorKind, TolmachError
from indexer.lexicon.glossary import STATUSES as _SHIPPED
from indexer.lexicon.glossary import GlossaryTerm
from indexer.text import LANGUAGES, Language

STATUSES: Final = (*_SHIPPED, "forbidden")
"""How a word stands to others for the same concept; what is superseded or forbidden is found, and not to be written."""

LONGEST: Final = 240  # characters of a word, the name of a domain, a source
LONGEST_NOTE: Final = 2_000
MOST_WORDS: Final = 60  # of one concept
MOST_SENSES: Final = 20
_CYRILLIC: Final = re.compile("[А-Яа-яЁё]")
_LATIN: Final = re.compile("[A-Za-z]")


class TermError(TolmachError, ValueError):
    """What was given is no concept; the message says why."""

    kind = ErrorKind.INVALID
    code = "term"


@dataclass(frozen=True, slots=True)
class TermWord:
    """A word or term of one language; `sense` is its rank among the concept's, from 1."""

    language: Language
    text: str
    status: str = "preferred"
    sense: int = 1


@dataclass(frozen=True, slots=True)
class Concept:
    """What is called by these words. Of an entry of a dictionary the first word is its headword."""

    words: tuple[TermWord, ...]
    domain: str = ""
    part_of_speech: str = ""
    source: str = ""
    note: str = ""

    def of(self, language: Language) -> tuple[TermWord, ...]:
        """Its words in one language, in their order."""
        return tuple(word for word in self.words if word.language == language)

    @property
    def heading(self) -> str:
        """What lists are ordered by."""
        first = (self.of("en") or self.words)[0]
        return first.text.casefold()


def checked(concept: Concept) -> Concept:
    """The concept, its texts without needless spaces, each word once. Raises TermError."""
    words: dict[tuple[Language, str], TermWord] = {}
    english = {word.text.strip().casefold() for word in concept.words if word.language == "en"}
    for word in concept.words:
        text = _plain(word.text, LONGEST)
        _check_word(word, text, loan=text.casefold() in english)
        words.setdefault((word.language, text), TermWord(word.language, text, word.status, word.sense))
    if not {"en", "ru"} <= {language for language, _ in words}:
        raise TermError("A term needs at least one English and one Russian word.", code="term_one_language")
    if len(words) > MOST_WORDS:
        raise TermError("A term has at most {most} words.", code="term_words", most=MOST_WORDS)
    return Concept(
        tuple(words.values()),
        _plain(concept.domain, LONGEST),
        _plain(concept.part_of_speech, LONGEST),
        _plain(concept.source, LONGEST),
        _plain(concept.note, LONGEST_NOTE),
    )


def shipped_concept(term: GlossaryTerm) -> Concept:
    """A term of the glossary that ships, as a concept."""
    texts: tuple[tuple[Language, str], ...] = (
        ("en", term.english),
        ("en", term.english_abbreviation),
        ("ru", term.russian),
        ("ru", term.russian_abbreviation),
    )
    words = tuple(TermWord(language, text, term.status) for language, text in texts if text)
    return Concept(words, term.domain, note=term.note, source="Tolmach")


def _check_word(word: TermWord, text: str, loan: bool) -> None:
    """Raise TermError of a word that is none. `loan`: it is written the same in English, as jus cogens is."""
    if word.language not in LANGUAGES:
        raise TermError("A word is English (en) or Russian (ru).", code="term_language")
    if word.status not in STATUSES:
        raise TermError("A status is one of {statuses}.", code="term_status", statuses=", ".join(STATUSES))
    if not 1 <= word.sense <= MOST_SENSES:
        raise TermError("A sense is numbered from 1 to {most}.", code="term_sense", most=MOST_SENSES)
    written = bool(_CYRILLIC.search(text))
    if not text or (word.language == "en" and written):
        raise TermError("An English word holds letters or digits, and no Cyrillic ones.", code="term_english")
    if word.language == "ru" and not (written or loan or text.isupper()) and _LATIN.search(text):
        raise TermError("A Russian word is written in Cyrillic letters.", code="term_russian")


def _plain(text: str, most: int) -> str:
    """The text in NFC, runs of spaces as one. Raises TermError."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if len(plain) > most:
        raise TermError("A text may have at most {most} characters.", code="term_length", most=most)
    if "|" in plain or any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in plain):
        raise TermError("A text holds a character that is not allowed.", code="term_character")
    return plain
