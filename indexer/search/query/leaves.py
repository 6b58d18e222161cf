"""What one word or phrase of a query is searched by, and what is said of signs in it that are not searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from indexer.analysis.tokens import Token, stopword, tokens
from indexer.engine.contract import Exact, Leaf, Near, Phrase, Prefix, Term
from indexer.search.query import readings
from indexer.search.query.notes import QueryNote, note

SHORTEST_PREFIX: Final = 2  # letters before *

PartKind = Literal["word", "phrase", "form", "prefix", "near", "like", "field", "filter", "ignored", "off"]

_SMALL_ACRONYM = re.compile(r"(?:[a-zа-яё]\.){2,11}[a-zа-яё]\.?")  # о.б.с.е.
_GAP = re.compile(r"\w[*?]+\w|^[*?]+\w")
_DISTANCE = re.compile(r"~(\d+)")
_SIGN_FIRST = re.compile(r"[&|^~@]\w|[-+!]{2,4}\w")  # other search engines take it for an operator


@dataclass(frozen=True, slots=True)
class WordMeaning:
    """How one thing was read: `kind` and `leaf` as a part; its words where they are neighbours, common ones too.

    `forms`: what a word with signs for letters stands for.
    """

    kind: PartKind
    leaf: Leaf | None
    words: tuple[Token, ...] = ()
    note: QueryNote | None = None
    forms: tuple[Exact, ...] = ()


def of_words(words: Sequence[Token]) -> Term | Phrase:
    """What words one after the other are searched by; there is at least one."""
    return readings.term(words[0]) if len(words) == 1 else readings.phrase(words)


def as_typed(words: Sequence[Token]) -> Exact | Phrase:
    """What words one after the other are searched by in this form alone; there is at least one."""
    if len(words) == 1:
        return Exact(words[0].exact)
    return Phrase(tuple(each.stem for each in words), readings.forms(words))


def length(leaf: Leaf | None) -> int:
    """How many words a leaf is, of what may be searched."""
    match leaf:
        case Phrase(words) | Near(words):
            return len(words)
        case _:
            return int(leaf is not None)


def word(text: str) -> WordMeaning:
    """A word as typed, with the signs at its ends."""
    bare, said = _without_weight(text)
    words = tokens(bare.upper() if _SMALL_ACRONYM.fullmatch(bare) else bare)
    if not words:
        return WordMeaning("ignored", None, (), note("sign_as_punctuation", text=text) if text in ("&", "|") else said)
    if bare.endswith("*") and not bare.endswith("\\*") and not _GAP.search(bare):
        return _prefix(bare)
    if "*" in bare or _GAP.search(bare):
        said = note("gaps_not_searched", text=text, shortest=SHORTEST_PREFIX)
    if _SIGN_FIRST.match(bare):
        said = note("sign_as_punctuation", text=text)
    if bare.startswith("=") and len(words) == 1:
        return WordMeaning("form", Exact(words[0].exact), (), said)
    return _plain(words, said)


def like(text: str, forms: Sequence[str]) -> WordMeaning:
    """A word with signs for letters, and the live forms that it stands for."""
    said = note("like_searched", text=text, forms=", ".join(forms)) if forms else note("like_nothing", text=text)
    return WordMeaning("like", None, (), said, tuple(map(Exact, forms)))


def phrase(text: str, after: str) -> WordMeaning:
    """A phrase in its quotation marks, and the signs behind it."""
    words = tuple(tokens(text))
    said = _said_of_phrase(text, after, len(words) > 1)
    if len(words) > 1 and (distance := _DISTANCE.search(after)):
        return WordMeaning("near", readings.near(words, int(distance[1])), words, said)
    if len(words) > 1:
        return WordMeaning("phrase", of_words(words), (), said)
    return WordMeaning("word", of_words(words), (), said) if words else WordMeaning("ignored", None)


def _said_of_phrase(text: str, after: str, several: bool) -> QueryNote | None:
    """What is said of signs in and after a phrase, of several words or of one, that are not searched."""
    if "^" in after:
        return note("boost_not_counted", text=text + after)
    if "~" in after and not several:
        return note("likeness_not_searched", text=text + after)
    if "~" in after and not _DISTANCE.search(after):
        return note("nearness_without_number", text=text)
    if "*" in text or _GAP.search(text):
        return note("gaps_not_searched", text=text, shortest=SHORTEST_PREFIX)
    return None


def common(words: Sequence[Token]) -> bool:
    """Whether this is a single word too common to weigh."""
    return len(words) == 1 and stopword(words[0])


def _plain(words: Sequence[Token], said: QueryNote | None) -> WordMeaning:
    if common(words):
        return WordMeaning("ignored", None, tuple(words), said)
    return WordMeaning("word" if len(words) == 1 else "phrase", of_words(words), tuple(words), said)


def _prefix(text: str) -> WordMeaning:
    words = tokens(text)
    if len(words) == 1 and len(words[0].exact) >= SHORTEST_PREFIX:
        return WordMeaning("prefix", Prefix(words[0].exact))
    return _plain(words, note("prefix_as_words", text=text, shortest=SHORTEST_PREFIX))


def _without_weight(text: str) -> tuple[str, QueryNote | None]:
    """A word without ~2 or ^2 at its end, and what is said of that."""
    at = max(text.rfind("~"), text.rfind("^"))
    rest = text[at + 1 :].replace(".", "")
    if at < 1 or (rest and not (rest.isdecimal() and len(rest) <= 4)) or not text[at - 1].isalnum():
        return text, None
    code = "likeness_not_searched" if text[at] == "~" else "boost_not_counted"
    return text[:at], note(code, text=text)
