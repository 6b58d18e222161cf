"""Makes the keys by which similar sentences are looked up: pairs of neighbouring stems, as numbers.

Which keys a sentence has depends on nothing but itself, so that what is found depends on no document but those that
may be found. Of all its pairs a long sentence keeps those of the smallest hashes, and so do similar ones, mostly the
same (Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import Final

from indexer.analysis.tokens import tokens

MOST_KEYS: Final = 16  # of one sentence
LONGEST: Final = 20_000  # characters of a sentence that are looked at
_EDGE: Final = "\n"  # no stem


def keys_of(text: str, language: str) -> list[int]:
    """The keys of a sentence, ascending; numbers in it are all alike."""
    stems = ["0" if token.stem.isdecimal() else token.stem for token in tokens(text[:LONGEST])]
    if not stems:
        return []
    pairs = set(pairwise([_EDGE, *stems, _EDGE]))
    return sorted({_key(f"{language}\n{first} {second}") for first, second in pairs})[:MOST_KEYS]


def _key(words: str) -> int:
    """63 bits, as a database keeps them."""
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest()) >> 1
