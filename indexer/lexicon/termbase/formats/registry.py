"""Which forms of files there are, for terms and for dictionaries, and what reads or writes each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from indexer.lexicon.termbase.concept_rows import Kind
from indexer.lexicon.termbase.formats import dictd, dsl, kaikki, skos, tbx, tsv
from indexer.lexicon.termbase.formats.reading import Entries, VocabularyFormatError
from indexer.lexicon.termbase.terms import Concept

FormReader = Callable[[BinaryIO], Entries]
FormWriter = Callable[[Iterable[tuple[Concept, str]]], Iterator[str]]

TERMS: Final[Mapping[str, FormReader]] = {"tbx": tbx.read, "tsv": tsv.read_terms, "skos": skos.read}
WRITTEN: Final[Mapping[str, FormWriter]] = {"tbx": tbx.written, "tsv": tsv.written, "skos": skos.written}
DICTIONARY: Final[Mapping[str, FormReader]] = {"dsl": dsl.read, "tsv": tsv.read_dictionary, "kaikki": kaikki.read}
DICTD: Final = "dictd"
_ENDINGS: Final[Mapping[str, str]] = {
    ".tbx": "tbx",
    ".xml": "tbx",
    ".rdf": "skos",
    ".skos": "skos",
    ".tsv": "tsv",
    ".dsl": "dsl",
    ".jsonl": "kaikki",
    ".index": DICTD,
}


def reader(kind: Kind, form: str, path: Path | None = None) -> FormReader:
    """What reads a form; the texts of dictd's index lie beside its file. Raises VocabularyFormatError."""
    if kind == "dictionary" and form == DICTD and path is not None:
        texts = [beside for ending in (".dict.dz", ".dict") if (beside := path.with_suffix(ending)).is_file()]
        if not texts:
            raise VocabularyFormatError("Beside the index there is no .dict or .dict.dz file.", code="dictd_absent")
        return partial(dictd.read, texts=texts[0])
    known = TERMS if kind == "terms" else DICTIONARY
    if form not in known:
        raise VocabularyFormatError("The form is one of {forms}.", code="form", forms=", ".join(forms(kind)))
    return known[form]


def forms(kind: Kind) -> list[str]:
    """The forms that a kind may have."""
    return sorted(TERMS) if kind == "terms" else sorted([*DICTIONARY, DICTD])


def form_of(path: Path) -> str:
    """The form that a file's name speaks for, or ""."""
    return _ENDINGS.get(path.suffix.lower(), "")
