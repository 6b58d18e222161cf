"""TBX, the exchange format of termbases (ISO 30042:2019, and its older form with termEntry): reads, writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from indexer.guarded_xml import XmlElement, entries
from indexer.lexicon.termbase.formats.reading import Entries, RefusedEntry
from indexer.lexicon.termbase.terms import Concept, TermError, TermWord, checked
from indexer.text import LANGUAGES

_STATUS: Final = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "superseded": "supersededTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
}
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
<tbxHeader><fileDesc><sourceDesc><p>Tolmach</p></sourceDesc></fileDesc></tbxHeader>
<text><body>
"""


def read(stream: BinaryIO) -> Entries:
    """The concepts of a file; languages beside English and Russian are left out. Raises XmlError."""
    for number, element in enumerate(entries(stream, "conceptEntry", "termEntry"), 1):
        try:
            yield checked(_concept(element))
        except TermError as error:
            yield RefusedEntry(f"entry {number}", error.code)


def written(concepts: Iterable[tuple[Concept, str]]) -> Iterator[str]:
    """The pieces of a file with these concepts, each with the words of its marking."""
    yield _HEAD
    for number, (concept, marking) in enumerate(concepts, 1):
        yield f'<conceptEntry id="c{number}">\n'
        yield _typed("descrip", "subjectField", concept.domain)
        yield _typed("admin", "source", concept.source)
        yield _typed("admin", "marking", marking)
        yield f"<note>{escape(concept.note)}</note>\n" if concept.note else ""
        for language in LANGUAGES:
            yield f"<langSec xml:lang={quoteattr(language)}>\n"
            yield from (_term(word, concept.part_of_speech) for word in concept.of(language))
            yield "</langSec>\n"
        yield "</conceptEntry>\n"
    yield "</body></text></tbx>\n"


def _term(word: TermWord, part_of_speech: str) -> str:
    status = _typed("termNote", "administrativeStatus", _STATUS[word.status])
    spoken = _typed("termNote", "partOfSpeech", part_of_speech)
    return f"<termSec><term>{escape(word.text)}</term>\n{status}{spoken}</termSec>\n"


def _typed(name: str, kind: str, text: str) -> str:
    return f'<{name} type="{kind}">{escape(text)}</{name}>\n' if text else ""


def _concept(element: XmlElement) -> Concept:
    words = [
        TermWord("ru" if section.language == "ru" else "en", term.text, _status(section_of_term))
        for section in element.all("langSec", "langSet")
        if section.language in LANGUAGES
        for section_of_term in section.all("termSec", "tig", "ntig")
        for term in section_of_term.all("term")
    ]
    return Concept(
        tuple(words),
        _text(element, "descrip", "subjectField"),
        _text(element, "termNote", "partOfSpeech"),
        _text(element, "admin", "source"),
        next((note.text for note in element.all("note")), ""),
    )


def _text(element: XmlElement, name: str, kind: str) -> str:
    """What the first element of a name and a type says, or ""."""
    return next((each.text for each in element.all(name) if each.attributes.get("type") == kind), "")


def _status(element: XmlElement) -> str:
    said = _text(element, "termNote", "administrativeStatus").strip()
    starts = {name.removesuffix("Term-admn-sts"): status for status, name in _STATUS.items()}
    return next((status for start, status in starts.items() if said.startswith(start)), "preferred")
