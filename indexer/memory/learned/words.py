"""What the words of a query mean by what was learned, inside a scope. Refuses counts out of any other paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import CompoundSelect, bindparam, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from auth.database import now
from auth.policy import Scope
from indexer.analysis.folding import cyrillic, latin
from indexer.analysis.tokens import Token, tokens
from indexer.library import documents
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.memory.learned.tables import LearnedWordRow
from indexer.text import Language

LEAST: Final = 150  # hundredths of sentences in which two words stand for each other, all papers of the scope together
MOST_TOKENS: Final = 400  # of a query, that are looked up
MOST_MEANINGS: Final = 4  # of one word

_Column = InstrumentedAttribute[str]
Translated = tuple[str, float]  # a word of the other language, and its share of what the word was learned to mean


@dataclass(frozen=True, slots=True)
class LearnedWords:
    """What words of one text mean by what was learned inside one scope: by language and stem."""

    meanings: Mapping[tuple[Language, str], tuple[Translated, ...]] = field(default_factory=dict)

    def translations(self, word: Token, language: Language) -> tuple[Translated, ...]:
        """What a word was learned to mean, in its likeliest reading of which anything is known."""
        readings = (self.meanings.get((language, key)) for key in (word.stem, *word.others))
        return next(filter(None, readings), ()) if self.meanings else ()


NOTHING_LEARNED: Final = LearnedWords()


def learned_words(session: Session, scope: Scope, text: str) -> LearnedWords:
    """What the words of a query mean by what was learned from papers inside the scope."""
    words = tokens(text)[:MOST_TOKENS]
    english, russian = (_stems(word for word in words if written(word.exact)) for written in (latin, cyrillic))
    seen = _seen(session, scope, english, russian)
    return LearnedWords({word: _meanings(found) for word, found in seen.items()}) if seen else NOTHING_LEARNED


def _stems(words: Iterable[Token]) -> list[str]:
    """The readings of words that may be stems of their own, each once."""
    return sorted({key for word in words for key in (word.stem, *word.others) if key.isalpha()})


def _seen(
    session: Session, scope: Scope, english: Sequence[str], russian: Sequence[str]
) -> dict[tuple[Language, str], list[tuple[int, str]]]:
    """How often words of the other language stand for these in papers of the scope, and how they are shown."""
    seen: dict[tuple[Language, str], list[tuple[int, str]]] = defaultdict(list)
    if scope.rules and (english or russian):
        asked = {"english": english, "russian": russian, "rules": list(scope.rules), "at": now()}
        for language, stem, count, text in session.execute(_SEEN, asked):
            seen[language, stem].append((int(count), text))
    return seen


def _query_of_seen() -> CompoundSelect[Language, str, int, str]:
    of, times = LearnedWordRow, func.sum(LearnedWordRow.times)
    ways: tuple[tuple[Language, str, _Column, _Column, _Column], ...] = (
        ("en", "english", of.english, of.russian, of.russian_text),
        ("ru", "russian", of.russian, of.english, of.english_text),
    )
    return union_all(
        *(
            select(literal(language), own, times, func.min(shown))
            .join(DocumentRow, DocumentRow.id == of.document)
            .where(own.in_(bindparam(stems, expanding=True)), DocumentRow.rule.in_(bindparam("rules", expanding=True)))
            .where(DocumentRow.state != State.REMOVING)
            .where(documents.are_published(bindparam("at", type_=DocumentRow.expires_at.type)))
            .group_by(own, other)
            .having(times >= LEAST)
            for language, stems, own, other, shown in ways
        )
    )


_SEEN: Final = _query_of_seen()  # made once: to make it takes longer than to ask it


def _meanings(seen: Sequence[tuple[int, str]]) -> tuple[Translated, ...]:
    """What was seen most, each with its share of that."""
    first = sorted(seen, key=lambda each: (-each[0], each[1]))[:MOST_MEANINGS]
    whole = sum(count for count, _ in first)
    return tuple((text, count / whole) for count, text in first)
