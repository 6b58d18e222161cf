"""Compares what must come through a translation unchanged in meaning: document symbols and security markings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# -- Symbols: S/RES/2178, TCE/2024/WS.2/REC/3, 12-ФЗ. The numbers beside them are compared as numbers.

_CAPITALS: Final = "A-ZА-ЯЁҚҒҲЎҶӢӮ"
_SYMBOL: Final = re.compile(
    rf"\b[{_CAPITALS}][{_CAPITALS}0-9.]{{0,15}}(?:/[{_CAPITALS}0-9][{_CAPITALS}a-z0-9.-]{{0,30}}){{1,8}}"
    rf"|\b[0-9]{{1,5}}-[{_CAPITALS}]{{2,5}}\b"
)
_DIGIT: Final = re.compile(r"[0-9]")
_LOOK: Final = str.maketrans("АВСЕНКМОРТХУІ", "ABCEHKMOPTXYI")
_SOUNDS: Final = "A B V G D E ZH Z I Y K L M N O P R S T U F KH TS CH SH SHCH Y E YU YA"
_SOUND: Final = str.maketrans(dict(zip("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯ", _SOUNDS.split(), strict=True)))

# -- Markings: what a header says in capitals or in quotation marks, never what a sentence says in passing.

_MARKINGS: Final = (
    ("top", r"top[ -]secret|совершенно секретно|сов\. ?секретно|особой важности"),
    ("strict", r"strictly confidential|строго конфиденциально"),
    ("none", r"unclassified|несекретно|не секретно"),
    ("official", r"(?:for )?official use only|fouo|для служебного пользования|дсп"),
    ("restricted", r"restricted|ограниченного (?:распространения|пользования)|ограниченное распространение"),
    ("confidential", r"confidential|конфиденциально"),
    ("secret", r"secret|секретно"),
    ("embargo", r"embargo(?:ed)?|эмбарго"),
)
_MARKING: Final = re.compile("|".join(rf"(?P<{name}>\b(?:{form})\b)" for name, form in _MARKINGS), re.IGNORECASE)
_OPENS: Final = frozenset("«“\"„([‘'")
_CLOSES: Final = frozenset("»”\"“)]’'")
_SAME: Final = {"official": "restricted"}  # two names of one level


def symbols_differ(source: str, translation: str) -> bool:
    """Whether a symbol of one text is not in the other, look-alike letters and transliteration allowed."""
    ours, theirs = list(_symbols(source)), list(_symbols(translation))
    for symbol in list(ours):
        match = next((other for other in theirs if symbol & other), None)
        if match is None:
            return True
        theirs.remove(match)
    return bool(theirs)


def markings_differ(source: str, translation: str) -> bool:
    """Whether the texts carry different markings."""
    return set(_markings(source)) != set(_markings(translation))


def left_out(text: str) -> str:
    """The text without its symbols and markings."""
    for match in reversed([*_shown(text)]):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return _SYMBOL.sub(" ", text)


def _symbols(text: str) -> Iterator[frozenset[str]]:
    for symbol_text in _SYMBOL.findall(text):
        symbol = symbol_text.rstrip(".-").upper()
        if _DIGIT.search(symbol):
            yield frozenset({symbol, symbol.translate(_LOOK), symbol.translate(_SOUND)})


def _markings(text: str) -> Iterator[str]:
    for match in _shown(text):
        name = str(match.lastgroup)
        yield _SAME.get(name, name)


def _shown(text: str) -> Iterator[re.Match[str]]:
    """Markings in capitals, in quotation marks or brackets, or alone."""
    for match in _MARKING.finditer(text):
        before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
        quoted = before[-1:] in _OPENS and after[:1] in _CLOSES
        alone = not before.strip("*-–—") and not after.strip("*-–—.")
        if match[0].isupper() or alone or quoted:
            yield match


def unmatched_symbols(source: str, translation: str) -> tuple[list[str], list[str]]:
    """The symbols of each text that are not in the other, look-alike letters and transliteration allowed."""
    ours, theirs = list(_symbols(source)), list(_symbols(translation))
    for symbol in list(ours):
        match = next((other for other in theirs if symbol & other), None)
        if match is not None:
            ours.remove(symbol)
            theirs.remove(match)
    first, second = ([min(symbol) for symbol in side] for side in (ours, theirs))
    return first, second


def unmatched_markings(source: str, translation: str) -> tuple[list[str], list[str]]:
    """The markings of each text that the other does not carry, by our names for them."""
    ours, theirs = set(_markings(source)), set(_markings(translation))
    return sorted(ours - theirs), sorted(theirs - ours)
