"""What one word or phrase of a query is searched by, and what is said of signs in it that are not searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from indexer.analysis.tokens import Token, stopword, tokens
from indexer.engine.contract import Exact, Leaf, Prefix
from indexer.search.query import readings
from indexer.search.query.notes import QueryNote, note

SHORTEST_PREFIX: Final = 2  # letters before *

PartKind = Literal["word", "phrase", "form", "prefix", "near", "filter", "ignored"]

_GAP = re.compile(r"\w[*?]+\w|^[*?]+\w")


@dataclass(frozen=True, slots=True)
class WordMeaning:
    """How one thing was read. `words` are its words in order, common ones too; `kind` and `leaf` as a part."""

    kind: PartKind
    leaf: Leaf | None
    words: tuple[Token, ...] = ()
    note: QueryNote | None = None


def word(text: str) -> WordMeaning:
    """A word as typed, with the signs at its ends."""
    bare, said = _without_weight(text)
    words = tuple(tokens(bare))
    if not words:
        return WordMeaning("ignored", None, (), said)
    if bare.endswith("*") and not _GAP.search(bare):
        return _prefix(bare)
    if _GAP.search(bare):
        said = note("gaps_not_searched", text=text, shortest=SHORTEST_PREFIX)
    if bare.startswith("=") and len(words) == 1:
        return WordMeaning("form", Exact(words[0].exact), (), said)
    return _plain(bare, said)


def phrase(text: str, after: str) -> WordMeaning:
    """A phrase in its quotation marks, and the signs behind it."""
    words = tuple(tokens(text))
    said = note("boost_not_counted", text=text + after) if "^" in after else None
    if len(words) > 1 and "~" in after:
        distance = "".join(c for c in after.split("~", 1)[1].split("^")[0] if c.isdigit()) or "?"
        return WordMeaning("near", of_words(words), words, note("nearness_not_counted", text=text, words=distance))
    if not words:
        return WordMeaning("ignored", None)
    return WordMeaning("phrase" if len(words) > 1 else "word", of_words(words), (), said)


def common(text: str) -> bool:
    """Whether a text is a single word too common to weigh."""
    words = tokens(text)
    return len(words) == 1 and stopword(words[0])


def of_words(words: Sequence[Token]) -> Leaf:
    """What words that belong together are searched by: at least one."""
    return readings.term(words[0]) if len(words) == 1 else readings.phrase(words)


def _plain(text: str, said: QueryNote | None) -> WordMeaning:
    words = tuple(tokens(text))
    if common(text):
        return WordMeaning("ignored", None, words, said)
    return WordMeaning("word" if len(words) == 1 else "phrase", of_words(words), words, said)


def _prefix(text: str) -> WordMeaning:
    words = tokens(text)
    if len(words) == 1 and len(words[0].exact) >= SHORTEST_PREFIX:
        return WordMeaning("prefix", Prefix(words[0].exact))
    return _plain(text, note("prefix_as_words", text=text, shortest=SHORTEST_PREFIX))


def _without_weight(text: str) -> tuple[str, QueryNote | None]:
    """A word without ~2 or ^2 at its end, and what is said of that."""
    at = max(text.rfind("~"), text.rfind("^"))
    rest = text[at + 1 :].replace(".", "")
    if at < 1 or (rest and not (rest.isdecimal() and len(rest) <= 4)) or not text[at - 1].isalnum():
        return text, None
    code = "likeness_not_searched" if text[at] == "~" else "boost_not_counted"
    return text[:at], note(code, text=text)
