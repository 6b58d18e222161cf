"""Tables of terms and of a dictionary: columns separated by tabs, several words in one cell by a bar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import BinaryIO, Final

from indexer.lexicon.termbase.formats.reading import Entries, RefusedEntry, VocabularyFormatError, entry, lines
from indexer.lexicon.termbase.terms import Concept, TermError, TermWord, checked
from indexer.text import LANGUAGES

COLUMNS: Final = ("en", "ru", "en_status", "ru_status", "domain", "part_of_speech", "source", "note", "marking")
_ALSO: Final = ("en_abbreviation", "ru_abbreviation", "status", "id")  # that other tables have
_BETWEEN: Final = "|"


def read_terms(stream: BinaryIO) -> Entries:
    """The terms of a table whose first line names its columns, en and ru among them. Raises VocabularyFormatError."""
    rows = lines(stream)
    _, head = next(rows, (0, None))
    columns = [name.strip() for name in (head or "").split("\t")]
    if not {"en", "ru"} <= set(columns) or not set(columns) <= {*COLUMNS, *_ALSO}:
        raise VocabularyFormatError(
            "The first line must name the columns: en, ru, and any of {others}.",
            code="table_columns",
            others=", ".join([*COLUMNS[2:-1], *_ALSO]),
        )
    for number, line in rows:
        cells = (line or "").split("\t")
        if line == "":
            continue
        if line is None or len(cells) > len(columns):
            yield RefusedEntry(f"line {number}", "line")
            continue
        try:
            yield checked(_concept(dict(zip_longest(columns, cells, fillvalue=""))))
        except TermError as error:
            yield RefusedEntry(f"line {number}", error.code)


def read_dictionary(stream: BinaryIO) -> Entries:
    """A dictionary: a headword and its senses, or headword, part of speech, senses and more columns.

    Senses are separated by semicolons, synonyms by commas, the two aspects of a verb by a bar.
    """
    for number, line in lines(stream):
        cells = (line or "").split("\t")
        senses = cells[2 if len(cells) > 2 else 1] if len(cells) > 1 else ""
        concept = entry(cells[0].strip(), _senses(senses), cells[1].strip() if len(cells) > 2 else "")
        try:
            if line != "":
                yield checked(concept) if concept else RefusedEntry(f"line {number}", "no_translation")
        except TermError as error:
            yield RefusedEntry(f"line {number}", error.code)


def written(concepts: Iterable[tuple[Concept, str]]) -> Iterator[str]:
    """The lines of a table of these concepts, each with the words of its marking."""
    yield "\t".join(COLUMNS) + "\n"
    for concept, marking in concepts:
        words = [_BETWEEN.join(word.text for word in concept.of(language)) for language in LANGUAGES]
        statuses = [_BETWEEN.join(word.status for word in concept.of(language)) for language in LANGUAGES]
        about = (concept.domain, concept.part_of_speech, concept.source, concept.note, marking)
        yield "\t".join((*words, *statuses, *about)) + "\n"


def _senses(cell: str) -> list[list[str]]:
    return [sense.replace("|", ",").split(",") for sense in cell.split(";")]


def _concept(cells: Mapping[str, str]) -> Concept:
    words: list[TermWord] = []
    for language in LANGUAGES:
        statuses = _parts(cells.get(f"{language}_status", "")) or [cells.get("status", "").strip() or "preferred"]
        texts = [*_parts(cells[language]), *_parts(cells.get(f"{language}_abbreviation", ""))]
        of_texts: Sequence[str] = statuses + statuses[-1:] * len(texts)
        words += [TermWord(language, text, status) for text, status in zip(texts, of_texts, strict=False)]
    about = (cells.get(name, "") for name in ("domain", "part_of_speech", "source", "note"))
    return Concept(tuple(words), *about)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(_BETWEEN) if part.strip()]
