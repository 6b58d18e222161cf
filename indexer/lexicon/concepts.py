"""Finds the terms and abbreviations of the shipped glossary among words, and what else each is called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from indexer.analysis.tokens import Token, exact_forms, tokens
from indexer.lexicon.glossary import GlossaryTerm, shipped_terms
from indexer.text import Language


class Concepts:
    """Terms by the stems of their long forms and by their abbreviations as written, in both languages."""

    def __init__(self, terms: Iterable[GlossaryTerm]) -> None:
        """Take the terms in."""
        self._names: dict[tuple[Language, str], dict[str, None]] = defaultdict(dict)
        for term in terms:
            for language, other in _BOTH:
                self._add(language, _names(term, language), _names(term, other))

    def named(self, words: Sequence[Token], language: Language) -> tuple[str, ...]:
        """What else these words, taken together, are called: in the other language, and in full what is short."""
        exact, stems = " ".join(word.exact for word in words), " ".join(word.stem for word in words)
        names = {**self._names.get((language, exact), {}), **self._names.get((language, stems), {})}
        return tuple(names)

    def _add(self, language: Language, own: tuple[str, str], other: tuple[str, str]) -> None:
        name, abbreviation = own
        self._names[language, " ".join(word.stem for word in tokens(name))].update(_present(*other, abbreviation))
        if abbreviation:
            self._names[language, " ".join(exact_forms(abbreviation))].update(_present(*other, name))


_BOTH: Final[tuple[tuple[Language, Language], ...]] = (("en", "ru"), ("ru", "en"))


def _present(*names: str) -> dict[str, None]:
    return dict.fromkeys(filter(None, names))


def _names(term: GlossaryTerm, language: Language) -> tuple[str, str]:
    """The term and its abbreviation, "" if it has none."""
    if language == "en":
        return term.english, term.english_abbreviation
    return term.russian, term.russian_abbreviation


@cache
def concepts() -> Concepts:
    """Those that ship with Tolmach; read at the first call. Raises `LexiconError` when the glossary is damaged."""
    return Concepts(shipped_terms())
