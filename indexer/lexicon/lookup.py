"""Looks up what words of a text mean in the other language: the shipped lexicon, read once, in both directions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from indexer.analysis.russian import lemmas
from indexer.analysis.tokens import Token, exact_forms, tokens
from indexer.lexicon.entries import LexiconEntry, headwords_in, read
from indexer.text import Language

_DATA: Final = Path(__file__).with_name("data")
_LETTERS: Final = re.compile(r"[a-zа-яё]{3,}")
_READING: Final = Lock()
_BUCKET: Final = 3  # letters that a Russian word shares with its stem


@dataclass(frozen=True, slots=True)
class Translation:
    """A word or term of the other language in dictionary form; `weight` is 1 / the rank of its sense in the entry."""

    text: str
    weight: float
    entry: LexiconEntry


@dataclass(frozen=True, slots=True)
class Match:
    """A headword that stands in a text: how many tokens it takes, and its translations, the weightiest first."""

    length: int
    translations: tuple[Translation, ...]


@dataclass(frozen=True, slots=True)
class _Use:
    """Where an entry uses a Russian word: the rank of the sense, from 1, and the place among its synonyms."""

    entry: LexiconEntry
    rank: int
    place: int

    def order(self) -> tuple[int, int, int, str]:
        """Of equal uses the word of more senses comes first: it is the commoner one."""
        return self.rank, self.place, -len(self.entry.senses), self.entry.lemma


class Lexicon:
    """Entries by the tokens of their headwords and of their Russian words: by exact forms first, then by stems.

    Keys are what the analysis makes of a text, joined by spaces. Stems of Russian words are made when words that begin
    alike are first asked for, since each costs a morphological analysis.
    """

    def __init__(self, entries: Iterable[LexiconEntry]) -> None:
        """Take the entries in. They are kept, in their order, as `entries`."""
        self.entries = tuple(entries)
        self._english: dict[str, list[LexiconEntry]] = defaultdict(list)
        self._english_stems: dict[str, list[LexiconEntry]] = defaultdict(list)
        self._russian: dict[str, list[_Use]] = defaultdict(list)
        self._add_headwords()
        self._add_russian_words()
        self._buckets = _buckets(self._russian)
        self._stems_of_bucket: dict[str, dict[str, list[_Use]]] = {}
        self._longest = {"en": _longest(self._english), "ru": _longest(self._russian)}

    def starting_at(self, words: Sequence[Token], at: int, language: Language) -> tuple[Match, ...]:
        """The headwords that begin at a token of a text in this language, the longest first.

        `language` is that of the text; the translations are in the other one.
        """
        lengths = range(min(self._longest[language], len(words) - at), 0, -1)
        found = ((length, self.translations(words[at : at + length], language)) for length in lengths)
        return tuple(Match(length, translations) for length, translations in found if translations)

    def translations(self, words: Sequence[Token], language: Language) -> tuple[Translation, ...]:
        """What these tokens, taken together, mean in the other language, the weightiest first; empty if unknown."""
        if not words:
            return ()
        exact, stem = " ".join(word.exact for word in words), " ".join(word.stem for word in words)
        if language == "en":
            return _into_russian(self._english_entries(exact, stem))
        return _into_english(self._russian_uses(exact, stem, (words[0].exact, words[0].stem)))

    def of_verb(self, word: Token) -> tuple[Translation, ...]:
        """What the English verb means that a word may be a form of: prepared is also an adjective."""
        return _into_russian(each for each in self._english_stems.get(word.stem, ()) if each.part_of_speech == "v")

    def _add_headwords(self) -> None:
        """Headwords as written, and without their hyphens where nothing else is written so: counterterrorism."""
        for entry in self.entries:
            self._add_headword(entry.lemma, entry)
        written = frozenset(self._english)
        for entry in self.entries:
            solid = entry.lemma.replace("-", "")
            if solid != entry.lemma and " ".join(exact_forms(solid)) not in written:
                self._add_headword(solid, entry)

    def _add_headword(self, spelling: str, entry: LexiconEntry) -> None:
        words = tokens(spelling)
        self._english[" ".join(word.exact for word in words)].append(entry)
        self._english_stems[" ".join(word.stem for word in words)].append(entry)

    def _add_russian_words(self) -> None:
        for entry in self.entries:
            for rank, sense in enumerate(entry.senses, 1):
                for place, form in ((place, form) for place, word in enumerate(sense) for form in word.forms):
                    self._russian[" ".join(exact_forms(form))].append(_Use(entry, rank, place))

    def _english_entries(self, exact: str, stem: str) -> list[LexiconEntry]:
        """Entries of the headword as written, or else of its stem: training is no train.

        A headword that is also an irregular form of a verb (left, found) means that verb as well.
        """
        by_form = self._english.get(exact) or self._english.get(_without_plural(exact), [])
        by_stem = self._english_stems.get(stem, [])
        verbs = [entry for entry in by_stem if entry.part_of_speech == "v"]
        if not by_form:
            inflected = verbs if exact.endswith(("ed", "ing")) else []
            return inflected or by_stem or self._compared(exact)
        return by_form + [entry for entry in verbs if _irregular(exact, stem) and entry not in by_form]

    def _compared(self, exact: str) -> list[LexiconEntry]:
        """Entries of the adjective or adverb whose comparative or superlative the word is, which no stem joins."""
        bases = (base for base in _bases_compared(exact) if base in self._english)
        return [entry for entry in self._english.get(next(bases, ""), []) if entry.part_of_speech in ("adj", "adv")]

    def _russian_uses(self, exact: str, stem: str, beginnings: Iterable[str]) -> list[_Use]:
        """Uses of the word as written, or else of its stem; of both where it is an irregular form: дети, люди.

        A form whose stem another reading of it hides (бывших) is found by the dictionary forms it may have.
        """
        by_form = self._russian.get(exact, [])
        if by_form and exact[:_BUCKET] == stem[:_BUCKET]:
            return by_form
        by_stem = self._uses_by_stem(stem, beginnings)
        if by_form or by_stem or " " in exact:
            return by_form + by_stem
        return [use for lemma in lemmas(exact) for use in self._russian.get(lemma, ())]

    def _uses_by_stem(self, stem: str, beginnings: Iterable[str]) -> list[_Use]:
        buckets = sorted({beginning[:_BUCKET] for beginning in beginnings})
        return [use for bucket in buckets for use in self._stems(bucket).get(stem, ())]

    def _stems(self, bucket: str) -> dict[str, list[_Use]]:
        """The uses of the Russian words that begin so, by stem. Only beginnings of our own words are kept."""
        if bucket in self._stems_of_bucket or bucket not in self._buckets:
            return self._stems_of_bucket.get(bucket, {})
        stems: dict[str, list[_Use]] = defaultdict(list)
        for exact in self._buckets[bucket]:
            stems[" ".join(word.stem for word in tokens(exact))] += self._russian[exact]
        return self._stems_of_bucket.setdefault(bucket, dict(stems))


def _into_russian(entries: Iterable[LexiconEntry]) -> tuple[Translation, ...]:
    best: dict[str, Translation] = {}
    for entry in entries:
        for rank, sense in enumerate(entry.senses, 1):
            for form in (form for word in sense for form in word.forms):
                if form not in best or best[form].weight < 1 / rank:
                    best[form] = Translation(form, 1 / rank, entry)
    return tuple(sorted(best.values(), key=lambda translation: -translation.weight))


def _into_english(uses: Iterable[_Use]) -> tuple[Translation, ...]:
    best: dict[str, Translation] = {}
    for use in sorted(uses, key=_Use.order):
        best.setdefault(use.entry.lemma, Translation(use.entry.lemma, 1 / use.rank, use.entry))
    return tuple(best.values())


def _without_plural(exact: str) -> str:
    """trainings as training, whose stem is that of train; other plurals are left to their stems."""
    return exact[:-1] if exact.endswith("ings") else exact


def _bases_compared(exact: str) -> Iterator[str]:
    """What may be the base of a comparative or superlative: larger, earliest, bigger."""
    bare = exact.removesuffix("er") if exact.endswith("er") else exact.removesuffix("est")
    if bare != exact and len(bare) > 2:
        yield from (bare, bare + "e", bare[:-1] + "y" if bare.endswith("i") else bare[:-1])


def _irregular(exact: str, stem: str) -> bool:
    """Whether an English form does not begin with its stem."""
    return not exact.replace("y", "i").startswith(stem)


def _longest(keys: Iterable[str]) -> int:
    """Tokens of the longest key."""
    return max((key.count(" ") + 1 for key in keys), default=0)


def _buckets(keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys by the first letters of their first word."""
    buckets: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        buckets[key.split(" ", 1)[0][:_BUCKET]].append(key)
    return dict(buckets)


def shipped() -> Lexicon:
    """The lexicon that ships with Tolmach; read at the first call, once, whoever else calls meanwhile.

    Raises `LexiconError` when its data are damaged.
    """
    with _READING:
        return _read()


def headwords() -> Iterator[str]:
    """The headwords of the lexicon that ships, in its order, without making the lexicon. Raises `LexiconError`."""
    return (headword for path in sorted(_DATA.glob("*.tsv")) for headword in headwords_in(path))


def words_of_both() -> Iterator[str]:
    """The words of the lexicon's lines, English and Russian, in small letters, in their order."""
    for path in sorted(_DATA.glob("*.tsv")):
        yield from _LETTERS.findall(path.read_text(encoding="utf-8").lower())


@cache
def _read() -> Lexicon:
    return Lexicon(entry for path in sorted(_DATA.glob("*.tsv")) for entry in read(path))
