"""Puts right text whose letters were read by the wrong table. Refuses to change what does not become words by it.

Russian in an eight-bit code page read as Latin-1, and fonts whose codes are the letters' numbers shifted by a constant.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.extract.pages import LONGEST_WORD, SOFT_HYPHEN, UNMAPPED
from indexer.extract.quality import SUSPECT, marks, score

_SAMPLE = 400  # tokens to try a table on
_FEWEST = 3  # different words that a table must change
_FEWEST_BY_SHIFT = 6  # the same for one of many shifts: among few words chance would find some
_GAIN = 0.2  # by which it must raise their score
_CONVINCING = 0.75  # the score that the changed words must reach
_WORD_BROKEN = 0.7  # what a broken word alone scores less than
_GLYPH_ORDER = 29  # from the usual number of a TrueType font's glyph to the ASCII character: 3 is the space
_FREQUENT = "оеаинт"
_LETTERS = range(ord("А"), ord("я") + 1)
_CODE = ord(UNMAPPED)
_RUN = re.compile(r"[^\W\d_]+")
_T2A_SIGNS = {
    **dict(zip(range(0x10, 0x18), "“”\u2018\u2019–—\u200c‰", strict=True)),
    **dict(zip(range(0x1B, 0x20), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    **dict(zip((0x7F, 0x9C, 0x9D, 0x9F, 0xBC, 0xBD, 0xBE, 0xBF), (SOFT_HYPHEN, *"Ё№§ё„«»"), strict=True)),
}
"""What TeX's Cyrillic fonts have beside the letters, which stand as in CP1251."""


@dataclass(frozen=True)
class Mending:
    """How to put a text right: the table, for `str.translate`, and its name."""

    kind: str
    table: Mapping[int, str]


def repair(text: str) -> tuple[str, str] | None:
    """The text put right, and by which table; None if no table makes words of it.

    The number of words stays, but where codes without a letter turn out to be spaces.
    """
    by = mending(text)
    if by is None:
        return None
    return re.sub(r"\S+", lambda match: mended(match.group(), by), text), by.kind


def mended(token: str, by: Mending) -> str:
    """The token put right, unless that would mix two alphabets: then it was right, as Universität is."""
    changed = token.translate(by.table)
    return token if any(_mixed(run) for run in _RUN.findall(changed)) else changed


def mending(text: str) -> Mending | None:
    """The table that makes the best words of what it changes in the text, if these are good enough to trust."""
    tokens = text.split()
    tokens = [token[:LONGEST_WORD] for token in tokens[:: max(1, len(tokens) // _SAMPLE)]]
    best, best_mending = 0.0, None
    shifts = _shifts(tokens) if score(tokens) < SUSPECT else ()
    for candidate in (*_code_pages(), *shifts):
        mark = _promise(tokens, candidate)
        if mark > best:
            best, best_mending = mark, candidate
    return best_mending


def _promise(tokens: Sequence[str], candidate: Mending) -> float:
    """How many of the changed words, and of those still broken, are words now; 0 if few, or no more than before."""
    pairs = [(token, mended(token, candidate)) for token in tokens]
    changed = [part for before, after in pairs if before != after for part in after.split()]
    if len(set(changed)) < (_FEWEST_BY_SHIFT if candidate.kind == "shift" else _FEWEST):
        return 0.0
    broken = [before for before, after in pairs if before == after and score([before]) < _WORD_BROKEN]
    telling = sum(len(part) > 2 and any(map(str.isalpha, part)) for part in changed) + len(broken)
    after = sum(marks([*changed, *broken])) / max(1, telling)
    before = score([before for before, after in pairs if before != after])
    return after if after >= max(_CONVINCING, before + _GAIN) else 0.0


def _mixed(run: str) -> bool:
    cyrillic = sum(1 for c in run if "\u0400" <= c <= "\u052f")
    return 0 < cyrillic < len(run)


# --- tables ----------------------------------------------------------------------------------------------------------


@cache
def _code_pages() -> tuple[Mending, ...]:
    """For each code page what its bytes became: characters of Latin-1, CP1252 or CP1251, or codes without a letter."""
    return (
        *(Mending(kind, dict(_read_as_latin(_decoded(kind)))) for kind in ("cp1251", "koi8-r", "mac-cyrillic", "t2a")),
        *(Mending(kind, dict(_read_as_russian(kind))) for kind in ("koi8-r", "mac-cyrillic")),
    )


def _decoded(kind: str) -> Mapping[int, str]:
    codec = "cp1251" if kind == "t2a" else kind
    letters = {code: bytes([code]).decode(codec, "ignore") for code in range(0x20, 0x100)}
    return letters | _T2A_SIGNS if kind == "t2a" else letters


def _read_as_latin(letters: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    for code, letter in letters.items():
        if not letter:
            continue
        yield _CODE + code, letter
        if code >= 0x80 and not letter.isspace():
            yield code, letter
            yield from ((ord(c), letter) for c in bytes([code]).decode("cp1252", "ignore"))


def _read_as_russian(kind: str) -> Iterator[tuple[int, str]]:
    for code in range(0x80, 0x100):
        read = bytes([code]).decode("cp1251", "ignore")
        letter = bytes([code]).decode(kind, "ignore")
        if read != letter and read.strip() and letter.strip():
            yield ord(read), letter


def _shifts(tokens: Sequence[str]) -> Iterator[Mending]:
    """Shifts that make frequent Russian letters of the most frequent codes, and the one that makes ASCII."""
    counts = Counter(_code(c) for token in tokens for c in token)
    if any(c >= UNMAPPED for token in tokens for c in token):
        yield Mending("shift", _to_ascii())
    frequent = [code for code, _ in counts.most_common(4) if 0 < code < 0x400]
    for shift in {ord(letter) - code for code in frequent for letter in _FREQUENT}:
        letters = {code: chr(code + shift) for code in range(max(0x21, _LETTERS[0] - shift), _LETTERS[-1] + 1 - shift)}
        yield Mending("shift", letters | _to_ascii() | {_CODE + code: letter for code, letter in letters.items()})


def _code(character: str) -> int:
    return ord(character) - _CODE if character >= UNMAPPED else ord(character)


@cache
def _to_ascii() -> dict[int, str]:
    return {_CODE + code: chr(code + _GLYPH_ORDER) for code in range(3, 0x7F - _GLYPH_ORDER)}
