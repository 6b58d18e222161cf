"""Reads XML of strangers piece by piece. Refuses entities, declarations of a document type, and what is too large.

Nothing outside the file is ever read: there is no entity to expand, and no address is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final, NoReturn
from xml.parsers import expat

from auth.errors import ErrorKind, TolmachError

DEEPEST: Final = 64  # elements inside one another
LARGEST_ENTRY: Final = 1_000_000  # characters and attributes of one entry
_CHUNK: Final = 1 << 16


class XmlError(TolmachError, ValueError):
    """The file is no XML, or not safe to read; the message says why."""

    kind = ErrorKind.INVALID
    code = "xml"


@dataclass(slots=True)
class XmlElement:
    """An element: its name and attributes without their namespaces, its text, and what stands in it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list[XmlElement] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language that it says it is of, in lower case, or ""."""
        return self.attributes.get("lang", "").lower().partition("-")[0]

    def all(self, *names: str) -> Iterator[XmlElement]:
        """The elements of these names in it, at any depth, in order."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.all(*names)


def entries(stream: BinaryIO, *names: str) -> Iterator[XmlElement]:
    """The outermost elements of these names, each when it ends. Raises XmlError."""
    reader = _EntryReader(names)
    while chunk := stream.read(_CHUNK):
        yield from reader.fed(chunk)
    yield from reader.fed(b"", last=True)


class _EntryReader:
    """What expat tells becomes elements; only those of entries are kept."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._depth = self._size = 0
        self._open: list[XmlElement] = []
        self._whole: list[XmlElement] = []
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._refuse_entity
        parser.ExternalEntityRefHandler = self._refuse_entity
        parser.SkippedEntityHandler = self._refuse_entity

    def fed(self, chunk: bytes, last: bool = False) -> Iterator[XmlElement]:
        """The entries that end in this piece of the file."""
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise XmlError(
                "The file is no XML: look at line {line}.", code="xml_malformed", line=error.lineno
            ) from None
        whole, self._whole = self._whole, []
        yield from whole

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise XmlError("Its elements stand too deep in one another.", code="xml_too_deep")
        bare = _bare(name)
        if self._open or bare in self._names:
            self._grow(sum(len(key) + len(value) + 1 for key, value in attributes.items()) + 1)
            element = XmlElement(bare, {_bare(key): value for key, value in attributes.items()})
            if self._open:
                self._open[-1].children.append(element)
            self._open.append(element)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._whole.append(element)
                self._size = 0

    def _characters(self, text: str) -> None:
        if self._open:
            self._grow(len(text))
            self._open[-1].text += text

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > LARGEST_ENTRY:
            raise XmlError("One of its entries is too large.", code="xml_too_large")

    def _doctype(self, name: str, system: str | None, public: str | None, has_subset: int) -> None:
        """A document type that is only named is not fetched; one that declares anything is refused."""
        if has_subset:
            self._refuse_entity()

    def _refuse_entity(self, *_: object) -> NoReturn:
        raise XmlError("The file declares entities or a document type. Save it without them.", code="xml_entities")


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]
