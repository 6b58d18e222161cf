"""Reads XML that strangers wrote. Refuses entities, types of documents that declare anything, and what is too large.

Nothing is ever fetched: expat reads no external file unless it is told how, and it is told nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from indexer.bitext.exchange.units import ExchangeError

MOST_BYTES: Final = 100_000_000
MOST_ELEMENTS: Final = 2_000_000
DEEPEST: Final = 50
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0, even as a reference


@dataclass(slots=True)
class Element:
    """An element: its name and those of its attributes as `namespace name`, its text pieces and children in order."""

    name: str
    attributes: dict[str, str]
    content: list[Element | str] = field(default_factory=list)

    @property
    def local_name(self) -> str:
        """Its name without its namespace."""
        return self.name.rpartition(" ")[2]

    def children(self, local_name: str) -> Iterator[Element]:
        """Its children of a name, in whatever namespace."""
        return (each for each in self.content if isinstance(each, Element) and each.local_name == local_name)

    def descendants(self, local_name: str) -> Iterator[Element]:
        """Everything of a name below it, in order."""
        for each in self.content:
            if isinstance(each, Element):
                if each.local_name == local_name:
                    yield each
                yield from each.descendants(local_name)

    def text(self) -> str:
        """All text below it. XLIFF's `cp` stands for a character that XML cannot hold."""
        return "".join(each if isinstance(each, str) else _shown(each) for each in self.content)


def _shown(element: Element) -> str:
    if element.local_name == "cp":
        digits = element.attributes.get("hex", "")
        return chr(int(digits, 16)) if re.fullmatch("[0-9A-Fa-f]{4}", digits) else ""
    return element.text()


def read(content: bytes) -> Element:
    """The root of an XML document. Raises ExchangeError."""
    if len(content) > MOST_BYTES:
        raise ExchangeError("The file is larger than any bitext that is taken in.", code="exchange_file_too_large")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    builder = _Builder()
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = _refuse_subset
    parser.EntityDeclHandler = _refuse_entity
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last: an encoding that nobody knows
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError("The file is not well-formed XML.") from error
    return builder.root


class _Builder:
    """Makes elements of what the parser reads."""

    def __init__(self) -> None:
        self._above = [Element("", {})]
        self._elements = 0

    @property
    def root(self) -> Element:
        """The element that holds all others. Raises ExchangeError where there is none."""
        for each in self._above[0].content:
            if isinstance(each, Element):
                return each
        raise ExchangeError("The file holds no element.")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._above) > DEEPEST:
            raise ExchangeError("The file holds more elements, or deeper ones, than any bitext that is taken in.")
        element = Element(name, attributes)
        self._above[-1].content.append(element)
        self._above.append(element)

    def end(self, name: str) -> None:
        """An element ends."""
        self._above.pop()

    def characters(self, text: str) -> None:
        """A piece of text."""
        self._above[-1].content.append(text)


def _refuse_subset(name: str, system_id: str | None, public_id: str | None, has_internal_subset: bool) -> None:
    """TMX files name their type of document, which is never fetched; one that declares something is refused."""
    if has_internal_subset:
        raise ExchangeError(
            "The file declares entities or a type of its own, which is not taken in.", code="hostile_xml"
        )


def _refuse_entity(*_: object) -> None:
    raise ExchangeError("The file declares entities or a type of its own, which is not taken in.", code="hostile_xml")


def written(text: str, cp: bool = False) -> str:
    """A text as XML holds it; characters that it cannot hold as XLIFF's `cp`, or left out."""

    def replaced(match: re.Match[str]) -> str:
        return f'<cp hex="{ord(match[0]):04X}"/>' if cp else ""

    return _ILLEGAL.sub(replaced, escape(text, {"\r": "&#13;"}))


def attribute(text: str) -> str:
    """A text as the value of an attribute, in its quotation marks."""
    kept = _ILLEGAL.sub("", text)
    return f'"{escape(kept, {chr(34): "&quot;", chr(10): "&#10;", chr(13): "&#13;", chr(9): "&#9;"})}"'
