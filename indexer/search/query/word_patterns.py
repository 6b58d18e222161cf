"""Words that stand for others like them: `wor?d`, `wo*d`, `word~`. Chooses what they mean from live forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from indexer.analysis.tokens import exact_forms
from indexer.search.query.spelling import allowed, beginnings, distance

SHORTEST: Final = 2  # letters before the first sign
MOST_FORMS: Final = 12  # that one word stands for
SIGNS_FOR_LETTERS: Final = re.compile(r"\w[*?]|[*?]\w|\w~")
_LETTERS = re.compile(r"[1-9]?|0?\.\d{1,2}")  # of which two at most may differ; or how alike, as others write it
_GAPS = re.compile(r"[^\W\d_]{2,40}(?:[*?]{1,3}[^\W_]{1,40}){1,4}[*?]{0,3}")


@dataclass(frozen=True, slots=True)
class WordPattern:
    """What a word asks for: forms that begin in one of these ways and are like it. `sign` is ~ or ?."""

    text: str
    sign: str
    starts: tuple[str, ...]
    is_like: Callable[[str], bool]

    def chosen(self, forms: Sequence[str]) -> tuple[str, ...]:
        """Of forms, the most frequent first, those that are meant."""
        return tuple(dict.fromkeys(filter(self.is_like, forms)))[:MOST_FORMS]


def word_pattern(text: str) -> WordPattern | None:
    """What a word with such signs asks for; None where it has none or is too short to be looked up."""
    bare, tilde, letters = text.rpartition("~")
    if tilde and bare.isalpha() and _LETTERS.fullmatch(letters):
        return _spelled(text, bare, 1 if letters == "1" else 2)
    if not _GAPS.fullmatch(text):
        return None
    folded = text.casefold().replace("ё", "е")
    start = re.split("[*?]", folded, maxsplit=1)[0]
    return WordPattern(text, "?", (start,), lambda form: fnmatchcase(form, folded))


def _spelled(text: str, bare: str, letters: int) -> WordPattern | None:
    forms = exact_forms(bare)
    most = min(allowed(forms[0]), letters) if forms else 0
    if not most:
        return None
    return WordPattern(text, "~", beginnings(forms[0]), lambda form: distance(forms[0], form, most) <= most)
