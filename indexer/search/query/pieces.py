"""Cuts what somebody typed into words, phrases, brackets, signs and fields. Refuses nothing: it notes what is alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from indexer.analysis.compounds import masked
from indexer.analysis.tokens import tokens
from indexer.search.query.fields import DATES, FILTERS, KNOWN, SEARCHED, field_of, span_at
from indexer.search.query.notes import QueryNote, note

PieceKind = Literal["word", "phrase", "field", "open", "close", "and", "or", "not", "plus"]

OPERATORS: Final[dict[str, PieceKind]] = {
    "AND": "and",
    "И": "and",
    "OR": "or",
    "ИЛИ": "or",
    "NOT": "not",
    "НЕ": "not",
}

_SCAN = re.compile(
    r"(?P<space>\s+)|(?P<bracket>[()])|(?P<quote>[\"«»“”„])|(?P<and>&&)|(?P<or>\|\|)"
    r"|(?P<word>(?:[^\s()\"«»“”„&|]|&(?!&)|\|(?!\|))+)"
)
_AFTER_PHRASE = re.compile(r"(?:[~^]\d{0,4}(?:\.\d{1,4})?){1,2}")
_TELEPHONE = re.compile(r"\+\d[\d\s().-]{7,24}")
_SIGNS: Final[dict[str, PieceKind]] = {"+": "plus", "-": "not", "!": "not"}
_CLOSERS: Final = {'"': '"', "“": "”", "„": "“”"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text as typed. Of a field, `text` is its value, `field` its name; `after` stands after a phrase."""

    kind: PieceKind
    text: str
    after: str = ""
    field: str = ""


def cut(text: str) -> tuple[list[Piece], list[QueryNote]]:
    """The pieces of a text in order, and what is to be said of signs that have no partner.

    A number or date is one piece, however many blanks it is written with.
    """
    cutting = _Cutting(masked(text, tokens(text)), text)
    cutting.run()
    return cutting.pieces, cutting.notes


class _Cutting:
    """Goes through the text once."""

    def __init__(self, text: str, typed: str) -> None:
        self.pieces: list[Piece] = []
        self.notes: list[QueryNote] = []
        self._text = text  # as long as what was typed
        self._typed = typed
        self._depth = 0  # parentheses that are open
        self._group = ("", 0)  # the field that a parenthesis belongs to, and how deep that is
        self._guillemets = _partners(text)
        self._last = {mark: max(text.rfind(closer) for closer in closers) for mark, closers in _CLOSERS.items()}

    def run(self) -> None:
        """Cut the whole text."""
        at = 0
        while at < len(self._text):
            match = _SCAN.match(self._text, at)
            at = self._take(match) if match else at + 1

    def _take(self, match: re.Match[str]) -> int:
        """Take what was matched; gives where to go on."""
        kind, text, start = match.lastgroup, match.group(), match.start()
        if kind == "bracket":
            self._bracket(text)
        elif kind == "and" or kind == "or":
            self._add("and" if kind == "and" else "or", text)
        elif kind == "quote":
            return self._quoted(start)
        elif kind == "word":
            return self._word(text, start)
        return match.end()

    def _add(self, kind: PieceKind, text: str, after: str = "", field: str = "") -> None:
        group, _ = self._group
        if group and kind in ("word", "phrase") and text not in OPERATORS:
            if self.pieces[-1].kind in ("field", "close"):
                self.pieces.append(Piece("or", "||"))
            kind, field = "field", group
        self.pieces.append(Piece(kind, text, after, field))

    def _bracket(self, text: str) -> None:
        self._depth += 1 if text == "(" else -1
        self._add("open" if text == "(" else "close", text)
        if self._group[0] and self._depth <= self._group[1]:
            self._group = ("", 0)

    def _quoted(self, start: int, field: str = "") -> int:
        """A phrase, or a mark without a partner, which is left out."""
        end = self._closing(start)
        if end < 0:
            self.notes.append(note("sign_alone", sign=self._text[start]))
            return start + 1
        signs = _AFTER_PHRASE.match(self._text, end + 1)
        kind: PieceKind = "field" if field else "phrase"
        self._add(kind, self._typed[start : end + 1], signs.group() if signs else "", field)
        return signs.end() if signs else end + 1

    def _closing(self, start: int) -> int:
        """Where the phrase ends that begins here; -1 if none does."""
        mark = self._text[start]
        if mark == "«":
            return self._guillemets.get(start, -1)
        if self._last.get(mark, -1) <= start or (mark == '"' and start and self._text[start - 1].isalnum()):
            return -1
        return min(at for at in (self._text.find(c, start + 1) for c in _CLOSERS[mark]) if at > 0)

    def _word(self, text: str, start: int) -> int:
        """The signs before a word, then the word or field."""
        end = start + len(text)
        while (kind := _SIGNS.get(self._text[start])) and self._binds(start):
            self._add(kind, self._text[start])
            start += 1
            if start == end:
                return end
        word = self._typed[start:end]
        field, value = field_of(word)
        following = self._text[end : end + 1]
        if field.casefold() in DATES and (closed := span_at(self._typed, end - len(value))) > end:
            self._add("field", self._typed[end - len(value) : closed], field=field)
            return closed
        if field and (value or following in _QUOTES):
            return self._field(word, field, value, end)
        if field and following == "(":
            return self._field_of_group(word, field, end)
        if field.casefold() in KNOWN and following.isspace():
            self.notes.append(note("field_apart", field=field))
        if self._text[start - 1 : start] == ")" and _AFTER_PHRASE.fullmatch(word):
            self.notes.append(note("boost_not_counted" if "^" in word else "likeness_not_searched", text=f"(…){word}"))
            return end
        if word == "=" and following in _QUOTES and self._closing(end) > 0:
            return self._form(end)
        self._add("word", word)
        return end

    def _field_of_group(self, word: str, field: str, end: int) -> int:
        """A field with a parenthesis behind it: what it holds is searched in that field, or is its values."""
        close = self._text.find(")", end)
        if close > 0 and field.casefold() in FILTERS:
            self._add("field", self._typed[end : close + 1], field=field)
            return close + 1
        if close > 0 and field.casefold() in SEARCHED and not self._group[0]:
            self._add("plus", "+")
            self._add("open", "(")
            self._group, self._depth = (field, self._depth), self._depth + 1
            return end + 1
        self.notes.append(note("field_unknown", field=field, text=word))
        return end

    def _form(self, start: int) -> int:
        """What stands in quotation marks behind a =: of one word its form, of several the phrase."""
        end = self._closing(start)
        words = tokens(self._typed[start : end + 1])
        if len(words) != 1:
            self.notes.append(note("sign_as_punctuation", text="="))
            return start
        self._add("word", "=" + self._typed[words[0].start + start : words[0].end + start])
        return end + 1

    def _binds(self, at: int) -> bool:
        """Whether a sign belongs to what follows it, and is no dash, no exclamation and no telephone's plus."""
        following = self._text[at + 1 : at + 2]
        if not following or following.isspace() or following in ")!+-»”":
            return False
        return not _TELEPHONE.match(self._typed, at)

    def _field(self, word: str, field: str, value: str, end: int) -> int:
        if not value and self._closing(end) >= 0:
            return self._quoted(end, field)
        self._add("field" if value else "word", value or word, field=field if value else "")
        return end


_QUOTES: Final = ('"', "«", "“", "„")


def _partners(text: str) -> dict[int, int]:
    """Where each « has its »: they may stand inside one another."""
    waiting: list[int] = []
    partners = {}
    for match in re.finditer("[«»]", text):
        if match.group() == "«":
            waiting.append(match.start())
        elif waiting:
            partners[waiting.pop()] = match.start()
    return partners
