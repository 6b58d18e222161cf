"""SKOS in RDF/XML, the form in which thesauri such as UNBIS and UNESCO's are given away: reads, writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final
from xml.sax.saxutils import escape

from indexer.guarded_xml import XmlElement, entries
from indexer.lexicon.termbase.formats.reading import Entries, RefusedEntry
from indexer.lexicon.termbase.terms import Concept, TermError, TermWord, checked
from indexer.text import LANGUAGES

_LABELS: Final = {"prefLabel": "preferred", "altLabel": "admitted", "hiddenLabel": "superseded"}
_NAME_OF: Final = {status: name for name, status in _LABELS.items()} | {"forbidden": "hiddenLabel"}
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#" xmlns:dct="http://purl.org/dc/terms/">
"""


def read(stream: BinaryIO) -> Entries:
    """The concepts of a file that have a label in both languages. Raises XmlError."""
    for number, element in enumerate(entries(stream, "Concept", "Description"), 1):
        concept = _concept(element)
        if not concept.words:
            continue  # a scheme, a collection, or a concept in other languages alone
        try:
            yield checked(concept)
        except TermError as error:
            yield RefusedEntry(f"entry {number}", error.code)


def written(concepts: Iterable[tuple[Concept, str]]) -> Iterator[str]:
    """The pieces of a file with these concepts, each with the words of its marking. It knows no forbidden terms."""
    yield _HEAD
    for number, (concept, marking) in enumerate(concepts, 1):
        yield f'<skos:Concept rdf:about="urn:tolmach:concept:{number}">\n'
        preferred: set[str] = set()
        for word in concept.words:
            name = _NAME_OF[word.status]
            if name == "prefLabel" and word.language in preferred:
                name = "altLabel"  # there is one preferred label for each language
            preferred.add(word.language if name == "prefLabel" else "")
            yield f'<skos:{name} xml:lang="{word.language}">{escape(word.text)}</skos:{name}>\n'
        yield _said("skos:scopeNote", concept.note)
        yield _said("dct:subject", concept.domain)
        yield _said("dct:source", concept.source)
        yield _said("dct:accessRights", marking)
        yield "</skos:Concept>\n"
    yield "</rdf:RDF>\n"


def _said(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>\n" if text else ""


def _concept(element: XmlElement) -> Concept:
    words = [
        TermWord("ru" if label.language == "ru" else "en", label.text, _LABELS[label.name])
        for label in element.all(*_LABELS)
        if label.language in LANGUAGES
    ]
    texts = {name: next((each.text for each in element.all(name)), "") for name in ("subject", "source", "scopeNote")}
    return Concept(tuple(words), texts["subject"], source=texts["source"], note=texts["scopeNote"])
