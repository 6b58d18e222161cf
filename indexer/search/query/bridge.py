"""Carries words of a query over into the other language by what ships, and by what was imported. Asks no index.

What ships is the lexicon and the glossary, read once and kept for the life of the process. What was imported, and what
was learned from translations of people, comes with the crossing, out of the scope of whoever asks. A word also stands
for its translations, lighter than for itself, and several that are one term for that term and its abbreviation. A name
also stands for its other spellings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Final, TypeVar

from indexer.analysis.folding import cyrillic, latin
from indexer.analysis.tokens import Token, stopword, tokens
from indexer.engine.contract import Leaf, Phrase, Term
from indexer.lexicon.concepts import concepts
from indexer.lexicon.lookup import shipped
from indexer.lexicon.termbase.known import NOTHING_KNOWN, KnownWords
from indexer.memory.learned.words import NOTHING_LEARNED, LearnedWords
from indexer.search import names
from indexer.search.names import name, name_of_several
from indexer.search.query.nearness import Neighbour
from indexer.text import Language

OFF: Final = "across"  # what switches the whole bridge off
LEARNED_OFF: Final = "learned"  # what switches off what was learned
CLOSE, WIDE = 0.5, 0.25  # of a word's weight: for its first senses, and for all of them beside that
FIRST_SENSES: Final = 0.5  # least weight of a translation that is close: the first two senses
BESIDE_KNOWN: Final = 0.4  # most weight of a learned translation of a word that is known anyway
MOST: Final = 12  # translations of one word or term
MOST_PHRASES: Final = 3  # of several words among them
MOST_KEYS: Final = 300  # of one query, that its translations are looked for by; what stands later is not carried over
MOST_WORDS: Final = 6  # of one term
MOST_SHOWN: Final = 8  # texts of one part

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Crossing:
    """What is to be carried over: words of one language alone or of both, but for what is switched off.

    `off`: `across` for all words, `across:p2` for the part with that identifier; `learned` and `learned:p2` for what
    was learned; `names` and `names:p2` for other spellings of names, whatever the language; `p2` takes that part as it
    was typed; `spelling`, `keyboard` and `heaviest_words` let a query be as it is. Others mean nothing.
    `known`: what the words mean by what was imported, as far as whoever asks may know of it; `learned`: the same of
    what was learned.
    """

    language: Language | None = None
    off: frozenset[str] = frozenset()
    known: KnownWords = NOTHING_KNOWN
    learned: LearnedWords = NOTHING_LEARNED


@dataclass(frozen=True, slots=True)
class Carried:
    """What a word or a term also stands for: the leaves that are searched beside it, and the texts to show.

    `close`: keys of the single words among its first senses, or of its other spellings, the weightiest first.
    `learned`: texts beside these that were learned. `spelled`: as a name it is also looked for in other spellings.
    """

    leaves: tuple[Leaf, ...] = ()
    texts: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    spelled: bool = False
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CarriedTerm:
    """Neighbours that are one term, from `first` to before `end`, and what it stands for."""

    first: int
    end: int
    carried: Carried


@dataclass(slots=True)
class Bridge:
    """Carries the words of one query over, as many as may be."""

    crossing: Crossing
    _left: int = field(default=MOST_KEYS)

    def word(self, words: Sequence[Token], typed: str, part_id: str) -> Carried:
        """What a word means in the other language; of one in several parts, what they mean together or one by one."""
        if not self.carries(part_id) or not words or all(map(stopword, words)):
            return Carried()
        return self._within(self._of_word(words, typed, self.carries(part_id, LEARNED_OFF)))

    def spelling(self, words: Sequence[Token], typed: str, part_id: str) -> Carried:
        """What a word is looked for by as a name in any spelling; nothing where it is none."""
        return self._within(_spelled(name(words, typed))) if self.carries(part_id, names.OFF) else Carried()

    def term(self, words: Sequence[Token]) -> Carried:
        """What words are together; nothing where they are no term."""
        return self._within(self._of_term(words)) if 1 < len(words) <= MOST_WORDS else Carried()

    def name(self, words: Sequence[Token]) -> Carried:
        """What words are together as a name in any spelling; nothing where they are no known name."""
        return self._within(_spelled(name_of_several(words))) if len(words) > 1 else Carried()

    def carries(self, part_id: str, what: str = OFF) -> bool:
        """Whether a part may be carried over: it is not switched off, and not everything that may be was."""
        return self._left > 0 and not self.crossing.off & {what, f"{what}:{part_id}"}

    def _within(self, carried: Carried) -> Carried:
        """It, if its keys are still within what one query may be looked for by."""
        keys = sum(map(_keys, carried.leaves))
        if keys > self._left:
            return Carried()
        self._left -= keys
        return carried

    def _languages(self, words: Sequence[Token]) -> Iterator[Language]:
        """The language that words are written in, if it is to be carried over; none of numbers and mixed ones."""
        ways: tuple[tuple[Language, bool], ...] = (
            ("ru", all(cyrillic(word.exact) for word in words)),
            ("en", all(latin(word.exact) for word in words)),
        )
        return (language for language, written in ways if written and self.crossing.language in (None, language))

    def _of_word(self, words: Sequence[Token], typed: str, learns: bool) -> Carried:
        for language in self._languages(words):
            known = _translations(words, language)
            named = concepts().named(words, language) if not known or typed.isupper() else ()
            known = _merged([(text, 1.0) for text in named], known, self.crossing.known.translations(words, language))
            if not known and len(words) > 1:
                known = [pair for word in words for pair in _translations([word], language)]
            learned = self.crossing.learned.translations(words[0], language) if learns and len(words) == 1 else ()
            return _carried(known, learned)
        return Carried()

    def _of_term(self, words: Sequence[Token]) -> Carried:
        for language in self._languages(words):
            named = [(text, 1.0) for text in concepts().named(words, language)]
            shipped_terms = [(each.text, 1.0) for each in shipped().translations(words, language)]
            own = [(text, 1.0) for text, _ in self.crossing.known.translations(words, language)]
            if known := _merged(named, shipped_terms, own):
                return _carried(known)
        return Carried()


def read_ahead() -> None:
    """Read what ships, so that no query waits for it. Raises `LexiconError` when it is damaged."""
    shipped()
    concepts()


def terms(
    together: Callable[[Sequence[Token]], Carried], neighbours: Sequence[Neighbour | None]
) -> Iterator[CarriedTerm]:
    """The terms among neighbours: at each place the longest one, none inside another. `together` tells what one is."""
    at = 0
    while at < len(neighbours):
        carried_term = next(_terms_at(together, neighbours, at), None)
        if carried_term:
            yield carried_term
        at = carried_term.end if carried_term else at + 1


def _terms_at(
    together: Callable[[Sequence[Token]], Carried], neighbours: Sequence[Neighbour | None], at: int
) -> Iterator[CarriedTerm]:
    run = list(takewhile(bool, neighbours[at : at + MOST_WORDS]))
    for end in range(len(run), 1, -1):
        carried = together([word for each in run[:end] if each for word in each.words])
        if carried.leaves:
            yield CarriedTerm(at, at + end, carried)


def _spelled(leaf: Term | None) -> Carried:
    return Carried((leaf,), spelled=True, close=(leaf.stem, *leaf.others)) if leaf else Carried()


def _translations(words: Sequence[Token], language: Language) -> list[tuple[str, float]]:
    """What words mean, the weightiest first; by their other readings too, where they are one word."""
    known: dict[str, float] = {}
    for reading in _readings(words):
        for each in shipped().translations(reading, language):
            known[each.text] = max(known.get(each.text, 0.0), each.weight)
    return sorted(known.items(), key=lambda pair: -pair[1])


def _merged(*of_sources: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Translations of several sources, each once with its greatest weight; of equal weight in the order given."""
    best: dict[str, float] = {}
    for text, weight in (each for source in of_sources for each in source):
        best[text] = max(best.get(text, 0.0), weight)
    return sorted(best.items(), key=lambda pair: -pair[1])


def _readings(words: Sequence[Token]) -> Iterator[Sequence[Token]]:
    yield words
    if len(words) == 1:
        yield from ([replace(words[0], stem=key)] for key in words[0].others if key.isalpha())


def _carried(known: Sequence[tuple[str, float]], learned: Sequence[tuple[str, float]] = ()) -> Carried:
    """The translations as leaves: those of the first senses, and all of them. Learned ones find room there."""
    texts = {text for text, _ in known}
    more = [(text, min(weight, BESIDE_KNOWN) if known else weight) for text, weight in learned if text not in texts]
    meant = [*known[:MOST_SHOWN], *more, *known[MOST_SHOWN:]]
    close, close_terms = _runs(text for text, weight in meant if weight >= FIRST_SENSES)
    every, every_terms = _runs(text for text, _ in meant)
    leaves: list[Leaf] = [Term(stems[0], tuple(stems[1:]), share) for stems, share in _shares(close, every)]
    leaves += [Phrase(terms[0], tuple(terms[1:]), share) for terms, share in _shares(close_terms, every_terms)]
    shown = tuple(text for text, _ in known[:MOST_SHOWN])
    return Carried(tuple(leaves), shown, tuple(text for text, _ in more), close=close)


def _runs(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Texts as they are searched, each once and as many as may be: the single words, and the terms."""
    runs: dict[tuple[str, ...], None] = {}
    for text in texts:
        words = tokens(text)
        if words and not all(map(stopword, words)):
            runs[tuple(word.stem for word in words)] = None
    stems = [run[0] for run in runs if len(run) == 1]
    return tuple(stems[:MOST]), tuple([run for run in runs if 1 < len(run) <= MOST_WORDS][:MOST_PHRASES])


def _shares(close: Sequence[T], every: Sequence[T]) -> Iterator[tuple[Sequence[T], float]]:
    """What is searched as one leaf, which counts the passages that hold any of it, and with which share."""
    shares = [(every, CLOSE + WIDE)] if close == every else [(close, CLOSE), (every, WIDE)]
    return ((each, share) for each, share in shares if each)


def _keys(leaf: Leaf) -> int:
    if isinstance(leaf, Term):
        return 1 + len(leaf.others)
    return sum(map(len, (leaf.stems, *leaf.others))) if isinstance(leaf, Phrase) else 1
