"""What the termbase and dictionaries that were imported say of words, inside a scope; and terms in a running text.

The glossary that ships is for everybody; whatever else is told comes from concepts whose label lies in the scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.analysis.folding import cyrillic, latin
from indexer.analysis.tokens import Token, tokens
from indexer.lexicon.glossary import shipped_terms
from indexer.lexicon.termbase.concept_rows import Kind, KnownWord, concepts_of, matcher
from indexer.lexicon.termbase.runs import RunMatch, RunMatcher, by_place, longest, run_of
from indexer.lexicon.termbase.terms import Concept, TermWord, shipped_concept
from indexer.text import LANGUAGES, Language

MOST_TOKENS: Final = 400  # of a query, that are looked up
_TERMS: Final[tuple[Kind, ...]] = ("terms",)
KINDS: Final[tuple[Kind, ...]] = ("terms", "dictionary")

_WRITTEN: Final = {"en": latin, "ru": cyrillic}
Translated = tuple[str, float]  # a word of the other language, and its weight: 1 / the rank of its sense


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What words of one text mean by concepts of one scope: by language and exact forms, joined by spaces."""

    meanings: Mapping[tuple[Language, str], tuple[Translated, ...]] = field(default_factory=dict)

    def translations(self, words: Sequence[Token], language: Language) -> tuple[Translated, ...]:
        """What these words, taken together, also mean, the weightiest first."""
        return self.meanings.get((language, " ".join(word.exact for word in words)), ()) if self.meanings else ()


NOTHING_KNOWN: Final = KnownWords()


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A concept that stands in a text, by which of its words."""

    concept_id: str
    concept: Concept
    word: TermWord


@dataclass(frozen=True, slots=True)
class TermSpan:
    """text[start:end], a term in whichever form, and the concepts that it may mean."""

    start: int
    end: int
    entries: tuple[TermEntry, ...]


def known_words(session: Session, scope: Scope, text: str) -> KnownWords:
    """What the words and terms of a query mean by all that was imported or approved and lies inside the scope."""
    words = tokens(text)[:MOST_TOKENS]
    meanings: dict[tuple[Language, str], tuple[Translated, ...]] = {}
    written = [each for each in LANGUAGES if any(map(_WRITTEN[each], (word.exact for word in words)))]
    meant = list(_meant(matcher(session, scope, words, written, KINDS).matches(words), words, text))
    concepts = concepts_of(session, scope, {match.owner.concept_id for match in meant})
    for language in written:
        places = by_place(match for match in meant if match.owner.word.language == language)
        for (first, end), matches in places.items():
            exact = " ".join(word.exact for word in words[first:end])
            meanings[language, exact] = _meanings(matches, concepts)
    return KnownWords(meanings) if meanings else NOTHING_KNOWN


def terms_in(session: Session, scope: Scope, text: str, language: Language) -> tuple[TermSpan, ...]:
    """The terms in a text of a language, in any inflected form, the longest first, none over another, in order.

    They are those of the glossary that ships and the approved ones of the termbase inside the scope.
    """
    return terms_of(session, scope, [text], language, _TERMS)[0]


def terms_of(
    session: Session, scope: Scope, texts: Sequence[str], language: Language, kinds: Sequence[Kind] = _TERMS
) -> list[tuple[TermSpan, ...]]:
    """The terms in each of some texts, as `terms_in`; of other kinds, entries of imported dictionaries are too."""
    words_of = [tokens(text) for text in texts]
    own = matcher(session, scope, [word for words in words_of for word in words], [language], kinds)
    shipped = _shipped_matcher(language)
    places_of = [
        longest(_meant([*shipped.matches(words, text), *own.matches(words, text)], words, text))
        for words, text in zip(words_of, texts, strict=True)
    ]
    owners = {match.owner.concept_id for places in places_of for matches in places.values() for match in matches}
    concepts = {**shipped_concepts(), **concepts_of(session, scope, owners - shipped_concepts().keys())}
    return [
        tuple(
            TermSpan(words[first].start, words[end - 1].end, tuple(_entries(matches, concepts)))
            for (first, end), matches in places.items()
        )
        for words, places in zip(words_of, places_of, strict=True)
    ]


@cache
def shipped_concepts() -> Mapping[str, Concept]:
    """The concepts of the glossary that ships, by identifiers that last as long as its file stays the same."""
    return {f"shipped-{number}": shipped_concept(term) for number, term in enumerate(shipped_terms(), 1)}


@cache
def _shipped_matcher(language: Language) -> RunMatcher[KnownWord]:
    return RunMatcher(
        (run, KnownWord(concept_id, word))
        for concept_id, concept in shipped_concepts().items()
        for word in concept.of(language)
        if (run := run_of(word.text))
    )


def _meant(matches: Iterable[RunMatch[KnownWord]], words: Sequence[Token], text: str) -> Iterator[RunMatch[KnownWord]]:
    """The matches but for abbreviations that are written in another way: IT is no it, ВО no в."""
    for match in matches:
        abbreviation = match.owner.word.text
        written = text[words[match.first].start : words[match.end - 1].end]
        if not abbreviation.isupper() or (match.exact and written.isupper()):
            yield match


def _entries(matches: Iterable[RunMatch[KnownWord]], concepts: Mapping[str, Concept]) -> Iterator[TermEntry]:
    seen: dict[str, TermEntry] = {}
    for match in matches:
        concept = concepts.get(match.owner.concept_id)
        if concept:
            seen.setdefault(match.owner.concept_id, TermEntry(match.owner.concept_id, concept, match.owner.word))
    yield from seen.values()


def _meanings(matches: Iterable[RunMatch[KnownWord]], concepts: Mapping[str, Concept]) -> tuple[Translated, ...]:
    """What the matched words mean, the weightiest first and of equal weight by their letters."""
    best: dict[str, float] = {}
    for match in matches:
        word, concept = match.owner.word, concepts.get(match.owner.concept_id)
        for other in _others(word, concept) if concept else ():
            best[other.text] = max(best.get(other.text, 0.0), 1 / max(word.sense, other.sense))
    return tuple(sorted(best.items(), key=lambda pair: (-pair[1], pair[0])))


def _others(word: TermWord, concept: Concept) -> Iterator[TermWord]:
    """The concept's words in the other language, and what is short for this one or what it is short for."""
    yield from concept.of("ru" if word.language == "en" else "en")
    yield from (each for each in concept.of(word.language) if each.text.isupper() != word.text.isupper())
