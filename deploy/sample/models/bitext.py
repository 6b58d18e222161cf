"""Reads the bitexts that the miniature packages learn, and says which documents those are. Refuses untidy lines."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PDFS = HERE.parent / "pdf"
DIRECTIONS = (("en", "ru"), ("ru", "en"))
NAMES = {"en": "English", "ru": "Russian"}
DOCUMENTS = (
    "2022-ws1-agenda-ru.pdf",
    "2022-ws1-statement-unodc-en.pdf",
    "2023-em2-agenda-en.pdf",
    "2023-em2-technical-note-en.pdf",
    "2024-ws2-land-returns-en.pdf",
    "2024-ws2-watchlist-review-ru.pdf",
    "2025-em3-recruitment-report-ru.pdf",
    "2025-em3-statement-tj-ru.pdf",
)
HEAD = "source\ttarget\tdocument"


@dataclass(frozen=True)
class Row:
    """A segment, its translation, and the name of the first document that holds it."""

    source: str
    target: str
    document: str


def bitext_file(source: str, target: str) -> Path:
    """Where the bitext of a direction lies."""
    return HERE / f"bitext.{source}-{target}.tsv"


def package_file(source: str, target: str) -> Path:
    """Where the package of a direction lies."""
    return HERE / f"translate-{source}_{target}-sample.argosmodel"


def read_bitext(source: str, target: str) -> list[Row]:
    """The rows of a direction. Raises ValueError, naming file and line, for one that is not three tidy cells."""
    path = bitext_file(source, target)
    head, *lines = path.read_text("utf-8").splitlines()
    if head != HEAD:
        raise ValueError(f"{path.name}:1: the columns are source, target, document")
    rows: dict[str, Row] = {}
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != 3 or any(cell != " ".join(cell.split()) or not cell for cell in cells):
            raise ValueError(f"{path.name}:{number}: three cells, none empty, with single spaces")
        if cells[0] in rows:
            raise ValueError(f"{path.name}:{number}: this source stands there twice")
        if f"{cells[2]}.pdf" not in DOCUMENTS:
            raise ValueError(f"{path.name}:{number}: no bound document is named {cells[2]}")
        rows[cells[0]] = Row(*cells)
    return list(rows.values())


def bound_documents() -> dict[str, str]:
    """The documents that the packages may translate: SHA-256 of the PDF and its file name."""
    return {hashlib.sha256((PDFS / name).read_bytes()).hexdigest(): name for name in DOCUMENTS}
