"""The words of texts that were looked at, with the keys by which each may be found: alike for every query.

A word is looked at once in a process. A query then finds the words that it asks for by its own few keys, however many
words its texts have.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Final

from indexer.analysis.tokens import tokens

MOST: Final = 1 << 15  # words that are kept, a very long one for several: some 30 MB
_LENGTH: Final = 50  # characters of a word that count as one


class WordKeys:
    """Words between spaces, with their keys. Any number of threads may use it; it only grows."""

    def __init__(self, by_form: bool = False) -> None:
        """`by_form`: of texts whose words are found by their forms alone."""
        self._by_form = by_form
        self._keys: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, list[str]] = {}  # that have a key
        self._size = 0

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def full(self) -> bool:
        """Whether to begin anew."""
        return self._size >= MOST

    def learn(self, words: Set[str]) -> None:
        """Look at those of these words that nobody has looked at."""
        for word in [word for word in words if word not in self._keys]:
            keys = dict.fromkeys(
                key for token in tokens(word, self._by_form) for key in (*token.readings, f"={token.exact}")
            )
            for key in keys:
                self._words.setdefault(key, []).append(word)
            self._keys[word] = tuple(keys)  # at last: whoever sees the word finds it by its keys
            self._size += 1 + len(word) // _LENGTH

    def keys(self, word: str) -> tuple[str, ...]:
        """What may be asked for in a word: its readings, and its exact forms after "="; of signs alone nothing."""
        return self._keys.get(word, ())

    def with_any(self, keys: Iterable[str]) -> set[str]:
        """The words that have one of these keys."""
        return {word for key in keys for word in self._words.get(key, ())}


_known = {by_form: WordKeys(by_form) for by_form in (False, True)}


def word_keys(by_form: bool) -> WordKeys:
    """What this process knows of words; anew where it knew too many."""
    if _known[by_form].full:
        _known[by_form] = WordKeys(by_form)
    return _known[by_form]
