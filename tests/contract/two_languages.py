"""A query without the keys by which it finds texts of other languages: what it means in English and Russian."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from indexer.analysis.tokens import FORM
from indexer.engine.contract import And, Near, Not, Or, Phrase, Query, Term
from indexer.search.parse import parse


def meaning(text: str, **how: Any) -> Query:
    """What a text that is typed means in texts of our two languages."""
    return without_forms(parse(text, **how).query)


def without_forms(query: Query) -> Query:
    """The query without the keys of words by their forms, and without the light phrase that it is as a title."""
    match query:
        case And(parts):
            return And(tuple(map(without_forms, parts)))
        case Or(parts):
            kept = tuple(without_forms(part) for part in parts if not as_title(part))
            return kept[0] if len(kept) == 1 < len(parts) else Or(kept)
        case Not(part):
            return Not(without_forms(part))
        case Term():
            return replace(query, others=_stems(query.others))
        case Phrase():
            return replace(query, others=tuple(run for run in query.others if _stems(run) == run))
        case Near(words):
            return replace(query, words=tuple(map(_stems, words)))
    return query


def as_title(part: Query) -> bool:
    """Whether this is a query's words as a title beside them."""
    return isinstance(part, Phrase) and part.share < 1 and part.stems[0].startswith("title:")


def _stems(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if not key.rpartition(":")[2].startswith(FORM))
