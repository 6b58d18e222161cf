"""Makes leaves of tokens with all that the words may mean: their readings, within a bound. Never narrows a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from indexer.analysis import english
from indexer.analysis.families import relatives
from indexer.analysis.folding import cyrillic_twin, latin, latin_twin
from indexer.analysis.names.keys import MARK
from indexer.analysis.shapes import other_number, without_footnote
from indexer.analysis.tokens import Token, form_key, stopword, tokens
from indexer.engine.contract import Exact, Near, Or, Phrase, Query, Term, runs_of
from indexer.library.about import field_key

MOST_RUNS: Final = 16  # of one phrase; the readings of later words are left out first
_MOST_LIGHT: Final = 4  # of one that counts with a share of its weight
RELATED: Final = 0.25  # of a word's weight, for what is only related to it: more of it cost a little on XQuAD
_MOST_PRODUCTS: Final = 10  # of readings; the rest is for words that a text may write with hyphens
_LEAST_OF_TWO, _LEAST_OF_THREE = 5, 12  # letters of a word that may have one hyphen, two

_FIRST_PARTS: Final = re.compile(  # of words that texts write as one, with a hyphen or as two
    "anti|bio|counter|cyber|data|eco|ethno|extra|geo|infra|inter|intra|law|macro|mega|meta|micro|mid|mini|mono|multi|nano"
    "|narco|neo|non|over|para|poly|policy|post|pre|pro|pseudo|quasi|semi|socio|sub|super|trans|ultra|under|uni|web"
    "|авиа|авто|агро|анти|аудио|био|веб|вело|вице|видео|гео|гидро|гипер|евро|интернет|квази|кибер|контр|кино|макро"
    "|медиа|мега|мета|микро|мини|много|моно|мото|мульти|нано|нарко|нео|онлайн|пресс|псевдо|радио|спец|супер|теле"
    "|транс|турбо|фото|экс|экстра|электро|энерго|этно"
)
_OF_TWO: Final = frozenset({"un", "us", "uk", "eu"})  # acronyms with dots, of fewer letters than analysis takes as one
_KIN: Final = "уулу|уул|кызы|оглы|оглу|углы|угли|улы|заде|зода|uulu|kyzy|ogly|oglu|ugli|qizi|zoda|zade"
_PATRONYMIC: Final = re.compile(rf"([^\W\d_]{{3,20}})({_KIN})")
_KINSHIP: Final = frozenset(_KIN.split("|"))

_Run = tuple[str, ...]


def term(token: Token) -> Term:
    """A word in every reading, and by its form in texts of other languages."""
    return Term(token.stem, (*_own(token), *_by_form(token)))


def words_alone(text: str) -> tuple[Term, ...]:
    """Each word of a text in its own readings, without those of compounds."""
    return tuple(term(own) for token in tokens(text) for own in tokens(text[token.start : token.end]))


def word(token: Token) -> Query:
    """A word in every reading; a Russian verb's partners and noun (задержать, задерживать, задержание) for less."""
    related = relatives(token.exact)
    ways: list[Query] = [term(token), *([Term(related[0], related[1:], RELATED)] if related else [])]
    if latin(token.exact):
        ways += map(Exact, english.other_forms(token.exact))
    if parted := _PATRONYMIC.fullmatch(token.exact):
        ways.append(phrase(tokens(f"{parted[1]} {parted[2]}")))
    if token.exact in _OF_TWO:
        ways.append(Phrase(tuple(token.exact)))
    return Or(tuple(ways)) if len(ways) > 1 else ways[0]


def solid(first: Token, second: Token) -> Term | None:
    """Two words side by side as the one that a text may have (counter terrorism); None where no text has one."""
    begins = _FIRST_PARTS.fullmatch(first.exact) and second.exact.isalpha() and not stopword(second)
    together = begins or (second.exact in _KINSHIP and first.exact.isalpha())
    words = tokens(first.exact + second.exact) if together else []
    return term(words[0]) if len(words) == 1 else None


def phrase(words: Sequence[Token], share: float = 1.0) -> Phrase:
    """Words one after the other, in their readings; a text that is written just so always matches.

    What is written as several words (co-operation, 1 000 000) is also looked for as one, and a word as several; all
    of them by their forms, in texts of other languages.
    """
    parts = list(_parts(words))
    products = [sum(choice, ()) for choice in product(*_within(parts))]
    runs = dict.fromkeys([tuple(word.stem for word in words), *products, *_hyphened(parts)])
    by_form = forms(words) if share == 1 else ()
    first, *others = list(runs)[: MOST_RUNS - len(by_form) if share == 1 else _MOST_LIGHT]
    return Phrase(first, (*others, *by_form), share)


def near(words: Sequence[Token], between: int) -> Near:
    """Words near one another, in their readings; one that is said twice is looked for once."""
    return Near(tuple(dict.fromkeys((each.stem, *_own(each), *_by_form(each)) for each in words)), between)


def forms(words: Sequence[Token]) -> tuple[_Run, ...]:
    """Words one after the other as texts of other languages have them; none where they are numbers alone."""
    run = tuple(next(_by_form(word), word.stem) for word in words)
    return (run,) if run != tuple(word.stem for word in words) else ()


def compound_length(words: Sequence[Token], at: int, key: str) -> int:
    """How many words from this one on have a key together; 1 where it is the word's own."""
    length = 1
    while at + length < len(words) and "+" * length + key in words[at + length].others:
        length += 1
    return length


def in_field(field: str, leaf: Term | Phrase) -> Term | Phrase:
    """The same words, in one field of the description of a document alone."""
    if isinstance(leaf, Term):
        return Term(field_key(field, leaf.stem), tuple(field_key(field, key) for key in leaf.others))
    first, *others = (tuple(field_key(field, key) for key in run) for run in runs_of(leaf))
    return Phrase(first, tuple(others))


def _compound(words: Sequence[Token], at: int) -> tuple[int, list[str]]:
    """How many words the longest compound that begins at a word has, and its keys; 1 and none where none does."""
    lengths = {key: compound_length(words, at, key) for key in _own(words[at])}
    longest = max(lengths.values(), default=1)
    return longest, [key for key in lengths if lengths[key] == longest > 1]


def also(token: Token) -> Iterator[str]:
    """What a query means by a word beside its readings in a text, which knows how it is written there."""
    if stopword(token):
        return
    if token.exact.isalpha():
        other = other_number(token.exact) if token.stem == token.exact else ""
        yield from filter(None, [other, english.other_stem(token.exact)])
    elif any(map(str.isalpha, token.exact)) and (twin := latin_twin(token.exact) or cyrillic_twin(token.exact)):
        yield from (each.stem for each in tokens(twin))


def _own(token: Token) -> Iterator[str]:
    """Its other readings, but for those of a compound that begins before it and those that it has as a name."""
    own = (key for key in token.others if not key.startswith(("+", MARK)))
    return iter(dict.fromkeys([*own, *also(token)]))


def _by_form(token: Token) -> Iterator[str]:
    """Its key in a text of another language; none of a number, which has its own there."""
    if token.exact.isalpha():
        yield form_key(token.exact)


def _parts(words: Sequence[Token]) -> Iterator[list[_Run]]:
    """What each word or compound may be: the runs that stand for it, as it is written first."""
    at = 0
    while at < len(words):
        length, keys = _compound(words, at)
        if length > 1:
            parted = [word.exact for word in words[at : at + length]]
            written = tuple(word.stem for word in words[at : at + length])
            yield [written, *((key,) for key in keys), *_half_solid(parted)]
        elif (both := "".join(each.exact for each in words[at : at + 2])) in _OF_TWO and len(words[at].exact) == 1:
            length = 2
            yield [tuple(both), (both,)]
        elif words[at].exact in _OF_TWO:
            yield [(words[at].stem,), tuple(words[at].exact)]
        else:
            yield [(words[at].stem,), *((key,) for key in _own(words[at])), *_with_footnote(words[at])]
        at += length


def _with_footnote(token: Token) -> Iterator[_Run]:
    """A word to which the number of a footnote clings as texts have them: a small raised number is its own word."""
    if bare := without_footnote(token.exact):
        yield (*(each.stem for each in tokens(bare)), token.exact.removeprefix(bare))


def _half_solid(parts: Sequence[str]) -> Iterator[_Run]:
    """A word with two hyphens as a text may have it with one of them gone: antimoney laundering."""
    if len(parts) == 3 and all(map(str.isalpha, parts)):
        first, middle, last = parts
        for written in ((first + middle, last), (first, middle + last)):
            yield tuple(token.stem for word in written for token in tokens(word))


def _within(parts: Sequence[list[_Run]]) -> list[list[_Run]]:
    """The first runs of each part, as many as make no more products than there may be."""
    kept = [part[:1] for part in parts]
    products = 1
    for depth in range(1, max(map(len, parts), default=0)):
        for part, some in zip(parts, kept, strict=True):
            more = products // len(some) * (len(some) + 1)
            if len(some) == depth < len(part) and more <= _MOST_PRODUCTS:
                some.append(part[depth])
                products = more
    return kept


def _hyphened(parts: Sequence[list[_Run]]) -> Iterator[_Run]:
    """The phrase with a word in its middle written as two or three; the longest word first.

    The first and last words need none of it: a compound has its key at both of its ends.
    """
    plain = [part[0] for part in parts]
    middle = [at for at in range(1, len(plain) - 1) if len(plain[at]) == 1]
    for at in sorted(middle, key=lambda at: -len(plain[at][0])):
        (stem,) = plain[at]
        for least, marks in ((_LEAST_OF_TWO, ("", "+")), (_LEAST_OF_THREE, ("", "+", "++"))):
            if len(stem) >= least:
                written = tuple(mark + stem for mark in marks)
                yield sum((*plain[:at], written, *plain[at + 1 :]), ())
