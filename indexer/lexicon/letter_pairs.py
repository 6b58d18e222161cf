"""Tells letters in no order from words of any language, by how often letters follow each other in the lexicon.

A font whose table names other letters than it draws gives such: «buojpwsa pjgenaia». Words of most languages, and
names, have more of the usual pairs than letters drawn by lot. Refuses to judge short texts and addresses.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import log2
from typing import Final

from indexer.lexicon.lookup import words_of_both

_ALPHABETS: Final = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюяё")
_LENIENT: Final = (0.0, 0.8)  # for the languages of the region, whose pairs are not those of Russian
_LEAST: Final = -3.0  # what a pair weighs at least
_SIGN: Final = -2.5  # a letter beside a sign or a digit, inside a word
_NO_ORDER: Final = -0.5  # the mean of sound words is more
_FEWEST_WORDS, _FEWEST_PAIRS, _FEWEST_OF_CAPITALS = 2, 9, 12
_SHORTEST, _SHORTEST_OF_CAPITALS = 5, 6
_KNOWN_FROM: Final = 4  # letters of a word that proves a text sound if it is known
_EDGES: Final = "().,;:!?\"'«»“”‘’[]–—-…*"
_ADDRESS = re.compile(r"^[\w.+-]+@[\w-]+\.[\w.-]+$|://|^www\.|^/?[\w-]+(?:[./:\\_=-]+[\w-]+)+$")
_RUN = re.compile(r"[^\W\d_]+")
_OTHER = re.compile(r"[^\W\d_a-zа-яё]")
_WITHIN: Final = frozenset("-'’‘./–—ʻʼ")


def in_no_order(words: Sequence[str], is_word: Callable[[str], bool]) -> bool:
    """Whether none of these words `is_word`, and their letters follow each other as if drawn by lot."""
    weights: list[float] = []
    judged, capitals = 0, True
    for word in dict.fromkeys(words):
        bare = word.strip(_EDGES)
        runs = _RUN.findall(bare)
        if any(len(run) >= _KNOWN_FROM and is_word(run) for run in runs):
            return False
        shortest = _SHORTEST_OF_CAPITALS if bare.isupper() else _SHORTEST
        if len(bare) < shortest or not any(len(run) > 1 for run in runs) or _ADDRESS.search(bare):
            continue
        judged += 1
        capitals = capitals and bare.isupper()
        weights.extend(_weights(bare.lower()))
    if judged < _FEWEST_WORDS or len(weights) < (_FEWEST_OF_CAPITALS if capitals else _FEWEST_PAIRS):
        return False
    return sum(weights) < _NO_ORDER * len(weights)


def _weights(word: str) -> Iterator[float]:
    """What the pairs of a word weigh; those with letters of other alphabets, and pairs of digits, say nothing."""
    table = _table()
    for a, b in pairwise(word):
        if (a, b) in table:
            yield table[a, b]
        elif not (_OTHER.match(a) or _OTHER.match(b) or _WITHIN & {a, b}) and not (a.isdigit() and b.isdigit()):
            yield _SIGN


@cache
def _table() -> dict[tuple[str, str], float]:
    """For each pair of letters of one alphabet, how much more often than by lot the second follows the first: log 2."""
    pairs: Counter[tuple[str, str]] = Counter()
    for word in words_of_both():
        pairs.update(pairwise(word))
    return {
        (a, b): max(_LEAST, log2((pairs[a, b] + 1) * len(letters) / (firsts + len(letters))) + lenient)
        for letters, lenient in zip(_ALPHABETS, _LENIENT, strict=True)
        for a in letters
        for firsts in [sum(pairs[a, other] for other in letters)]
        for b in letters
    }
