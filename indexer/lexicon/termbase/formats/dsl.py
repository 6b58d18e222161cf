"""DSL, the source form of Lingvo's dictionaries: headwords at the margin, cards indented and marked up in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from indexer.lexicon.termbase.formats.reading import Entries, RefusedEntry, VocabularyFormatError, entry, lines
from indexer.lexicon.termbase.terms import TermError, checked

LARGEST: Final = 200_000_000  # bytes in UTF-16, which is read whole
_MOST_CARD: Final = 20_000  # characters
_PARTS: Final = re.compile(r"(\[/?(?:trn|ex|com|p|ref|t|s|\*)\])")  # that say what their text is
_COMMENT: Final = re.compile(r"\{\{[^{}]*\}\}")
_TAG: Final = re.compile(r"\[/?[^\[\]]{0,40}\]")
_NUMBER: Final = re.compile(r"^\s*(?:[0-9IVX]{1,4}[.)]|[а-яa-z]\))\s*")


def read(stream: BinaryIO) -> Entries:
    """The entries of a dictionary, in UTF-16 or UTF-8."""
    beginning = stream.read(2)
    stream.seek(0)
    if beginning in (b"\xff\xfe", b"\xfe\xff"):
        return _entries(_utf16(stream))
    return _entries(lines(stream))


def _utf16(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """Lines of a file in UTF-16, whose ends are no bytes of their own."""
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise VocabularyFormatError("The file is too large: save it in UTF-8.", code="dsl_large")
    text = content.decode("utf-16", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        yield number, None if "\ufffd" in line else line


def _entries(numbered: Iterator[tuple[int, str | None]]) -> Entries:
    headwords: list[str] = []
    card: list[str] = []
    start = 0
    for number, line in numbered:
        if line is None:
            yield RefusedEntry(f"line {number}", "line")
        elif line[:1] in (" ", "\t"):
            card.append(line)
        elif line.strip() and not line.startswith("#"):
            if card:
                yield from _card(headwords, card, start)
                headwords, card = [], []
            start = number if not headwords else start
            headwords.append(line)
    yield from _card(headwords, card, start)


def _card(headwords: list[str], card: list[str], start: int) -> Entries:
    senses = _senses("\n".join(card)[:_MOST_CARD])
    for headword in headwords:
        concept = entry(_TAG.sub("", headword.replace("{", "").replace("}", "").replace("\\", "")).strip(), senses)
        try:
            yield checked(concept) if concept else RefusedEntry(f"line {start}", "no_translation")
        except TermError as error:
            yield RefusedEntry(f"line {start}", error.code)


def _senses(card: str) -> list[list[str]]:
    """What the card calls translations, or else its lines without examples, remarks and marks."""
    told, translated = _told(_COMMENT.sub(" ", card.replace("\\[", "(").replace("\\]", ")")))
    bare = (_NUMBER.sub("", _TAG.sub("", each)) for each in (translated or told).split("\n"))
    return [part.split(",") for each in bare for part in each.split(";") if part.strip()]


def _told(card: str) -> tuple[str, str]:
    """A card without what is no translation of a headword; and of that what it calls one."""
    told, translated = "", ""
    left_out, inside = 0, False
    for part in _PARTS.split(card):
        if part in ("[trn]", "[/trn]"):
            inside = part == "[trn]"
            translated += "" if inside else "\n"
        elif _PARTS.fullmatch(part):
            left_out = max(0, left_out + (-1 if part.startswith("[/") else 1))
        elif not left_out:
            told += part
            translated += part if inside else ""
    return told, translated
