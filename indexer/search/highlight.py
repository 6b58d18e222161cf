"""Finds in texts the words that a query found them by. Marks nothing that the query excludes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeGuard

from indexer.analysis.names.keys import MARK
from indexer.analysis.tokens import Token, may_be_one, tokens
from indexer.analysis.word_keys import word_keys
from indexer.engine.contract import Exact, Leaf, Near, Phrase, Prefix, Term, runs_of
from indexer.search.query.nearness import APART, LIGHT
from indexer.search.query.readings import compound_length

MOST_ASKED: Final = 1 << 12  # words that were asked for whose tokens are remembered: some 4 MB
_WORD = re.compile(r"\S+")
Span = tuple[int, int]  # start, end: characters of the text


@dataclass(frozen=True, slots=True)
class _AskedWord:
    """A word of texts: what is asked for of its keys, and what matches in it by itself."""

    keys: AbstractSet[str]
    spans: AbstractSet[Span]


class Marker:
    """Marks the words that one query matches, in any number of texts.

    Most words are alike in all of them: what is marked in each is found once. Only where a phrase may stand, or words
    near one another, or a number that may be written as several words, the words are looked at one beside the other.
    """

    def __init__(self, leaves: Sequence[Leaf], by_form: bool = False) -> None:
        self._leaves, self._by_form = leaves, by_form
        runs = [run for leaf in leaves if is_marked(leaf) for run in marked_runs(leaf)]
        self._words = {run[0] for run in runs if len(run) == 1}
        self._phrases = [run for run in runs if len(run) > 1]
        self._forms = {leaf.form for leaf in leaves if isinstance(leaf, Exact)}
        self._starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
        self._near = [leaf for leaf in leaves if isinstance(leaf, Near) and leaf.share == 1]
        in_phrases = {key for run in self._phrases for key in run}
        in_phrases |= {key for near in self._near for keys in near.words for key in keys}
        self._keys = {*self._words, *in_phrases, *(f"={form}" for form in self._forms)}
        self._several = any(map(_of_several, (*self._words, *in_phrases)))
        self._known = word_keys(by_form)
        self._seen = -1  # as many of them as `_holding` was made of
        self._holding: set[str] = set()  # the words that have something that is asked for
        self._begun: set[str] = set()  # the words that were looked at for beginnings
        self._asked: dict[str, _AskedWord] = {}  # words of texts in which something matches, or of a phrase

    def spans(self, pieces: Sequence[str], by_form: Sequence[bool] = ()) -> tuple[Span, ...]:
        """What matches in these pieces, joined with single spaces: in order, what overlaps as one.

        `by_form`: which of them have words that are found by their forms alone, where some have.
        """
        if any(by_form):
            return tuple(self._of_each_kind(pieces, by_form))
        if self._known.full:
            self._known, self._seen = word_keys(self._by_form), -1
            self._begun, self._asked = set(), {}
        text = " ".join(pieces)
        asked = self._asked_in(text)
        if not self._looks_beside(text, asked):
            return _merged(sorted(set(self._of_words(text, asked))))
        marked: list[Span] = []
        for start, text in self._stretches(pieces):
            marked += [(start + first, start + last) for first, last in self._marked(text)]
        return _merged(sorted(marked))

    @cached_property
    def _of_forms(self) -> Marker:
        """What marks texts of other languages."""
        return Marker(self._leaves, by_form=True)

    def _of_each_kind(self, pieces: Sequence[str], by_form: Sequence[bool]) -> Iterator[Span]:
        start = 0
        for of_form, run in groupby(zip(by_form, pieces, strict=True), itemgetter(0)):
            texts = [text for _, text in run]
            for first, last in (self._of_forms if of_form else self).spans(texts):
                yield start + first, start + last
            start += sum(map(len, texts)) + len(texts)

    def _asked_in(self, text: str) -> dict[str, _AskedWord]:
        """The words of a text in which something is asked for; from now on all its words are known."""
        words = set(text.split())
        self._known.learn(words)
        if len(self._known) != self._seen:
            self._seen = len(self._known)
            self._holding = self._known.with_any(self._keys)
        if self._starts:
            self._look_for_beginnings(words)
        for word in (words & self._holding) - self._asked.keys():
            self._ask(word)
        return {word: self._asked[word] for word in words & self._asked.keys()}

    def _look_for_beginnings(self, words: AbstractSet[str]) -> None:
        for word in words - self._begun:
            if self._begins(self._known.keys(word)):
                self._ask(word)
        self._begun |= words

    def _ask(self, word: str) -> None:
        spans = self._spans(_kept_tokens(word, self._by_form))
        self._asked[word] = _AskedWord(self._keys.intersection(self._known.keys(word)), frozenset(spans))

    def _looks_beside(self, text: str, asked: Mapping[str, _AskedWord]) -> bool:
        """Whether words of a text may be something together."""
        if self._several and may_be_one(text):
            return True
        together = asked and (self._phrases or self._near)
        return bool(together) and self._may_hold_several({key for word in asked.values() for key in word.keys})

    def _of_words(self, text: str, asked: Mapping[str, _AskedWord]) -> Iterator[Span]:
        """What matches in these words by themselves, wherever they stand in a text."""
        for word, about in asked.items():
            for start in _stands(word, text) if about.spans else ():
                yield from ((start + first, start + last) for first, last in about.spans)

    def _stretches(self, pieces: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Runs of pieces in which something may match, joined, and where each begins."""
        start = 0
        for silent, run in groupby(pieces, self._is_silent):
            some = list(run)
            if not silent:
                yield start, " ".join(some)
            start += sum(map(len, some)) + len(some)

    def _is_silent(self, piece: str) -> bool:
        """Whether nothing matches in a piece, nor goes on through it: signs alone do not end a phrase."""
        if self._near or (self._several and may_be_one(piece)):  # near one another: any word may stand between
            return False
        words = piece.split()
        return self._asked.keys().isdisjoint(words) and any(map(self._known.keys, words))

    def _marked(self, text: str) -> AbstractSet[Span]:
        """What matches in a text: in each word by itself, unless several may be something together."""
        words = [(match.start(), self._asked[match[0]]) for match in _WORD.finditer(text) if match[0] in self._asked]
        keys = {key for _, word in words for key in word.keys}
        if (self._several and may_be_one(text)) or self._may_hold_several(keys):
            return self._spans(self._tokens(text))
        return {(start + first, start + last) for start, word in words for first, last in word.spans}

    def _tokens(self, text: str) -> list[Token]:
        return tokens(text, self._by_form)

    def _may_hold_several(self, keys: set[str]) -> bool:
        """Whether all words of a phrase are among these, or one reading of all that are to stand near one another."""
        near = any(all(not keys.isdisjoint(word) for word in near.words) for near in self._near)
        return near or any(keys.issuperset(run) for run in self._phrases)

    def _begins(self, keys: Iterable[str]) -> bool:
        starts = tuple(f"={start}" for start in self._starts)
        return any(key.startswith(starts) for key in keys)

    def _matches(self, token: Token) -> bool:
        keys, form = token.readings, token.exact
        return not self._words.isdisjoint(keys) or form in self._forms or form.startswith(self._starts)

    def _spans(self, text_tokens: Sequence[Token]) -> set[Span]:
        spans = {
            _reach(text_tokens, at, at, self._words.intersection(token.others))
            for at, token in enumerate(text_tokens)
            if self._matches(token)
        }
        spans.update(_places(text_tokens, self._phrases))
        for near in self._near:
            spans.update(_near_places(text_tokens, near))
        return spans


def _stands(word: str, text: str) -> Iterator[int]:
    """Where a word stands between spaces."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if text[start - 1 : start].strip() == "" == text[end : end + 1].strip():
            yield start
        start = text.find(word, end)


def marked_runs(leaf: Term | Phrase) -> list[tuple[str, ...]]:
    """The runs of keys that are marked for a leaf: what is searched in one field is marked wherever it stands."""
    return [tuple(key.partition(":")[2] or key for key in run) for run in runs_of(leaf)]


def _of_several(key: str) -> bool:
    """Whether words may have this key together alone: a number, a known name."""
    return key.startswith(MARK) or any(map(str.isdigit, key))


@lru_cache(maxsize=MOST_ASKED)
def _kept_tokens(word: str, by_form: bool) -> tuple[Token, ...]:
    return tuple(tokens(word, by_form))


def is_marked(leaf: Leaf) -> TypeGuard[Term | Phrase]:
    """Whether the words of a leaf are marked: not where they stand beside a leaf that is marked for them."""
    return isinstance(leaf, Term | Phrase) and leaf.share not in (APART, LIGHT)


def _places(text_tokens: Sequence[Token], runs: Sequence[tuple[str, ...]]) -> Iterator[Span]:
    """Where the readings of a run follow one another; compared only where its first one stands."""
    beginning: dict[str, list[tuple[str, ...]]] = {}
    for run in runs:
        beginning.setdefault(run[0], []).append(run)
    for at, token in enumerate(text_tokens if runs else ()):
        for run in (run for key in token.readings for run in beginning.get(key, ())):
            words = text_tokens[at : at + len(run)]
            if len(words) == len(run) and all(key in word.readings for key, word in zip(run, words, strict=True)):
                yield _reach(text_tokens, at, at + len(run) - 1, {run[0], run[-1]})


def _near_places(text_tokens: Sequence[Token], near: Near) -> Iterator[Span]:
    """The words of every stretch that is short enough and holds each of them."""
    standing = [(at, words) for at, token in enumerate(text_tokens) if (words := _words_at(token, near))]
    within: Counter[int] = Counter()  # how often each word stands in the stretch
    end = marked = 0  # of what stands there
    for first, (start, words) in enumerate(standing):
        while end < len(standing) and standing[end][0] < start + near.longest:
            within.update(standing[end][1])
            end += 1
        if all(within[word] for word in range(len(near.words))):
            for at, there in standing[max(first, marked) : end]:
                yield _reach(text_tokens, at, at, {key for word in there for key in near.words[word]})
            marked = end
        within.subtract(words)


def _words_at(token: Token, near: Near) -> list[int]:
    """Which of the words stand at a place, by number."""
    return [number for number, keys in enumerate(near.words) if not set(token.readings).isdisjoint(keys)]


def _reach(text_tokens: Sequence[Token], first: int, last: int, keys: AbstractSet[str]) -> Span:
    """Words with what is left of the compounds at their ends that have one of these keys."""
    marked = [other for other in text_tokens[first].others if other.lstrip("+") in keys]
    before = max((other.count("+") for other in marked), default=0)
    length = max((compound_length(text_tokens, last, key) for key in keys), default=1)
    return text_tokens[first - before].start, text_tokens[last + length - 1].end


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
