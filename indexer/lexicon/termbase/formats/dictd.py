"""The databases of dictd, as FreeDict and Mueller are given away: an index of headwords, and beside it the texts."""

from __future__ import annotations

import gzip
import re
import string
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from indexer.lexicon.termbase.formats.reading import Entries, RefusedEntry, VocabularyFormatError, entry, lines
from indexer.lexicon.termbase.terms import TermError, checked

LARGEST: Final = 500_000_000  # bytes of all texts
_MOST_TEXT: Final = 20_000  # bytes of one text
_DIGITS: Final = {
    digit: value for value, digit in enumerate(string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/")
}
_NUMBER: Final = re.compile(r"(?:^|\s)(?:[0-9]{1,3}[.)>]|[а-яa-z]\)|_[IVX]{1,4}\b|[◦•])\s*")
_SOUND: Final = re.compile(r"\[[^\[\]]{0,80}\]|/[^/\n]{1,80}/|_[A-Za-zА-Яа-я]+\.[:;]?")


def read(stream: BinaryIO, texts: Path) -> Entries:
    """The entries of an index, whose texts lie in a .dict or .dict.dz file. Raises VocabularyFormatError."""
    content = _content(texts)
    for number, line in lines(stream):
        headword, *place = (line or "").split("\t")
        start, length = (_number(each) for each in place) if len(place) == 2 else (None, None)
        if start is None or length is None or start + length > len(content):
            yield RefusedEntry(f"line {number}", "line")
            continue
        if headword.startswith("00-database") or headword.startswith("00database"):
            continue
        text = content[start : start + min(length, _MOST_TEXT)].decode("utf-8", errors="ignore")
        concept = entry(headword, _senses(headword, text))
        try:
            yield checked(concept) if concept else RefusedEntry(f"line {number}", "no_translation")
        except TermError as error:
            yield RefusedEntry(f"line {number}", error.code)


def _content(texts: Path) -> bytes:
    try:
        with gzip.open(texts) if texts.suffix == ".dz" else texts.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise VocabularyFormatError("The texts beside the index cannot be read.", code="dictd_texts") from error
    if len(content) > LARGEST:
        raise VocabularyFormatError("The texts beside the index are too large.", code="dictd_large")
    return content


def _number(text: str) -> int | None:
    """A number in dictd's base 64; None where it is none."""
    if not 0 < len(text) <= 8 or any(digit not in _DIGITS for digit in text):
        return None
    value = 0
    for digit in text:
        value = value * 64 + _DIGITS[digit]
    return value


def _senses(headword: str, text: str) -> list[list[str]]:
    """The text without its headword, sounds and numbers; a number or a semicolon begins another sense."""
    bare = _SOUND.sub(" ", text.removeprefix(headword))
    return [part.split(",") for each in _NUMBER.split(bare) for part in re.split("[;\n]", each) if part.strip()]
