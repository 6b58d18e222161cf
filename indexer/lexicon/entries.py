"""Reads entries of a lexicon from lines of five fields. Refuses a malformed line, with its file and number."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.lexicon.lines import LexiconError, check_domain, read_lines, split

PARTS_OF_SPEECH: Final = frozenset(["n", "v", "adj", "adv", "prep", "conj", "pron", "num", "det", "intj", "phr"])
_FIELDS: Final = 5
_SENSES: Final = 12
_ENGLISH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’.,/ -]{0,79}")
_RUSSIAN: Final = re.compile(r"[А-ЯЁа-яё][А-ЯЁа-яё -]{0,79}")


@dataclass(frozen=True, slots=True)
class RussianWord:
    """A Russian word or term in dictionary form; of a verb the imperfective, or the only, infinitive."""

    text: str
    perfective: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The word, and its perfective partner if it has one."""
        return (self.text, self.perfective) if self.perfective else (self.text,)


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """An English headword as one part of speech. `senses`: the commonest first, each a row of synonyms."""

    lemma: str
    part_of_speech: str
    senses: tuple[tuple[RussianWord, ...], ...]
    domain: str = ""
    note: str = ""


def read(path: Path) -> Iterator[LexiconEntry]:
    """The entries of a file in its order. Raises `LexiconError` at the first malformed line."""
    return read_lines(path, parse)


def headwords_in(path: Path) -> Iterator[str]:
    """The headwords of a file's entries in its order, without what they mean: that takes far longer to read."""
    return read_lines(path, lambda line: split(line, _FIELDS)[0])


def parse(line: str) -> LexiconEntry:
    """The entry that a line holds. Raises `LexiconError`, which says what is wrong with it."""
    lemma, part, senses, domain, note = split(line, _FIELDS)
    if not _ENGLISH.fullmatch(lemma):
        raise LexiconError(f"no English headword: {lemma!r}")
    if part not in PARTS_OF_SPEECH:
        raise LexiconError(f"no part of speech: {part!r}")
    check_domain(domain)
    return LexiconEntry(lemma, sys.intern(part), _senses(senses), sys.intern(domain), sys.intern(note))


def _senses(field: str) -> tuple[tuple[RussianWord, ...], ...]:
    senses = tuple(tuple(_word(word) for word in sense.split(",")) for sense in field.split(";"))
    if len(senses) > _SENSES:
        raise LexiconError(f"{len(senses)} senses, at most {_SENSES}")
    words = [word for sense in senses for word in sense]
    if len(set(words)) != len(words):
        raise LexiconError(f"a word stands twice: {field!r}")
    return senses


def _word(text: str) -> RussianWord:
    forms = text.split("|")
    if len(forms) > 2 or not all(_RUSSIAN.fullmatch(form) and form == form.strip() for form in forms):
        raise LexiconError(f"no Russian word: {text!r}")
    return RussianWord(*map(sys.intern, forms))
