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
_GAIN_OF_KAZAKH = 0.05  # no dictionary knows its words, so right ones score less
_CONVINCING = 0.75  # the score that the changed words must reach
_WORD_BROKEN = 0.7  # what a broken word alone scores less than
_GLYPH_ORDER = 29  # from the usual number of a TrueType font's glyph to the ASCII character: 3 is the space
_FREQUENT = "оеаинт"
_LETTERS = range(ord("А"), ord("я") + 1)
_CODE = ord(UNMAPPED)
_READ_AS_LATIN = ("cp1251", "koi8-r", "mac-cyrillic", "t2a", "kz1048")
_RUSSIAN = (0x401, *range(0x410, 0x450), 0x451)
_RUSSIAN_ORDER = 0x1D6  # from the same font's number of a Russian letter's glyph to the letter
_BYTES_SWAPPED = (*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x400, 0x530), *range(0x2010, 0x2040), 0x2116)
_SYMBOLS = 0xF000  # where fonts for signs have their codes
_RUN = re.compile(r"[^\W\d_]+")
_ODD_SIGN = re.compile(r"[а-яё][*+<>@&#]+(?=\s)|[а-яёА-ЯЁ][¸¨][а-яё]|[а-яё][À-ɏ](?=\s)|[А-Яа-яё][À-ɏ][А-Яа-яё]")
_STOP, _COMMA = re.compile(r"[а-яё]\.\s[А-ЯЁ][а-яё]"), re.compile(r"[а-яё],\s[А-ЯЁ][а-яё]")
_FEW_ODD_SIGNS, _FEW_COMMAS = 4, 2
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


def plausible(text: str) -> bool:
    """Whether signs stand in a text that was put right as they do in prose: no star after a word, no comma for a stop.

    Codes that no file tells are read by the order that most fonts have; one in another order gives other signs.
    """
    odd, stops, commas = len(_ODD_SIGN.findall(text)), len(_STOP.findall(text)), len(_COMMA.findall(text))
    return odd < _FEW_ODD_SIGNS and not (commas > _FEW_COMMAS and commas > 2 * stops)


def _untold(text: str) -> bool:
    return 2 * sum(c >= UNMAPPED for c in text) > len(text)


def mending(text: str, known: Sequence[Mending] = ()) -> Mending | None:
    """The table that makes the best words of what it changes in the text, if these are good enough to trust.

    `known` are tables besides the usual ones: those of other fonts of the document.
    """
    tokens = text.split()
    tokens = [token[:LONGEST_WORD] for token in tokens[:: max(1, len(tokens) // _SAMPLE)]]
    best, best_mending = 0.0, None
    shifts = _shifts(tokens) if score(tokens) < SUSPECT or _untold(text) else ()
    characters = set(map(ord, "".join(tokens)))
    for candidate in (*_code_pages(), *known, *shifts):
        if characters.isdisjoint(candidate.table):
            continue
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
    gain = _GAIN_OF_KAZAKH if candidate.kind == "kz1048" else _GAIN
    return after if after >= max(_CONVINCING, before + gain) else 0.0


def _mixed(run: str) -> bool:
    cyrillic = sum(1 for c in run if "\u0400" <= c <= "\u052f")
    return 0 < cyrillic < len(run)


# --- tables ----------------------------------------------------------------------------------------------------------


@cache
def _code_pages() -> tuple[Mending, ...]:
    """For each code page what its bytes became: characters of Latin-1, CP1252 or CP1251, or codes without a letter."""
    return (
        *(Mending(kind, dict(_read_as_latin(_decoded(kind)))) for kind in _READ_AS_LATIN),
        *(Mending(kind, dict(_read_as_russian(kind))) for kind in ("koi8-r", "mac-cyrillic", "kz1048")),
        Mending("symbol", dict(_read_as_symbols())),
        Mending("bytes swapped", {(code & 255) << 8 | code >> 8: chr(code) for code in _BYTES_SWAPPED}),
        Mending("glyph order", {code - _RUSSIAN_ORDER: chr(code) for code in _RUSSIAN}),
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


def _read_as_symbols() -> Iterator[tuple[int, str]]:
    for code in range(0x20, 0x100):
        if letter := bytes([code]).decode("cp1251", "ignore"):
            yield _SYMBOLS + code, letter


def _read_as_russian(kind: str) -> Iterator[tuple[int, str]]:
    for code in range(0x80, 0x100):
        read = bytes([code]).decode("cp1251", "ignore")
        letter = bytes([code]).decode(kind, "ignore")
        if read != letter and read.strip() and letter.strip():
            yield ord(read), letter


def _shifts(tokens: Sequence[str]) -> Iterator[Mending]:
    """Shifts that make frequent Russian letters of the most frequent codes, and those that make ASCII."""
    counts = Counter(_code(c) for token in tokens for c in token)
    untold = any(c >= UNMAPPED for token in tokens for c in token)
    spaces = {_GLYPH_ORDER}
    if untold and counts and len(tokens) * 12 < sum(counts.values()):  # no word is so long: a code must be the space
        spaces.add(ord(" ") - counts.most_common(1)[0][0])
    frequent = [code for code, _ in counts.most_common(5) if 0 < code < 0x400]
    for order in spaces:
        ascii_letters = _to_ascii(order)
        if untold:
            yield Mending("shift", ascii_letters)
        for shift in {ord(letter) - code for code in frequent for letter in _FREQUENT}:
            yield shifted(shift, ascii_letters)


def shifted(shift: int, ascii_letters: Mapping[int, str]) -> Mending:
    """The table that makes Russian letters of codes so far from them, told or untold, and ASCII of other codes."""
    letters = {code: chr(code + shift) for code in range(max(0x21, _LETTERS[0] - shift), _LETTERS[-1] + 1 - shift)}
    return Mending("shift", {**letters, **ascii_letters, **{_CODE + code: letter for code, letter in letters.items()}})


def _code(character: str) -> int:
    return ord(character) - _CODE if character >= UNMAPPED else ord(character)


@cache
def _to_ascii(order: int = _GLYPH_ORDER) -> dict[int, str]:
    return {_CODE + code: chr(code + order) for code in range(max(1, 0x20 - order), 0x7F - order)}
