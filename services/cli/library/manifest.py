"""What is to be taken in: files, folders, and the lines of a manifest."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import typer

from indexer.library.documents import Times
from indexer.library.intake import DocumentDescription

LABEL: Final = frozenset({"originator", "level", "releasable_to", "need_to_know"})
ABOUT: Final = frozenset(
    {"title_en", "title_ru", "language", "date", "kind", "symbol", "meeting", "body", "countries", "keywords"}
)
TIMES: Final = frozenset({"embargo_until", "expires_at", "review_on"})
PAIRED: Final = "translation_of"  # the file, named as in its own line, that this one translates
EXCESS: Final = "?"  # where the reader puts cells beyond the last column
REASONS: Final = frozenset({"marking_reason"})
COLUMNS: Final = frozenset({"file"}) | REASONS | LABEL | ABOUT | TIMES | {PAIRED}


@dataclass(frozen=True, slots=True)
class Item:
    """A file, and what was said of it, by name of column."""

    path: Path
    columns: Mapping[str, str]
    translation_of: Path | None = None

    def description(self) -> DocumentDescription:
        """What is known of the document. Raises ValueError if its date is none."""
        about = {name: text for name, text in self.columns.items() if name in ABOUT and name != "date"}
        return DocumentDescription(**about, date=day(self.columns.get("date", "")))

    def times(self) -> Times:
        """When the document is published. Raises ValueError if one of its times is none."""
        embargo, expiry = (moment(self.columns.get(name, "")) for name in ("embargo_until", "expires_at"))
        return Times(embargo, expiry, day(self.columns.get("review_on", "")))


def day(text: str) -> date | None:
    """A day written as YYYY-MM-DD; of "", None. Raises ValueError."""
    return date.fromisoformat(text) if text else None


def moment(text: str) -> datetime | None:
    """A moment in ISO 8601, in UTC where it names no zone; a day is its beginning; of "", None. Raises ValueError."""
    read = datetime.fromisoformat(text) if text else None
    return read.replace(tzinfo=read.tzinfo or UTC) if read else None


def from_folders(paths: Sequence[Path], columns: Mapping[str, str]) -> list[Item]:
    """Files as they are; of folders, every PDF at any depth, in order of name."""
    files = [file for path in paths for file in (_pdfs(path) if path.is_dir() else [path])]
    return [Item(file, columns) for file in files]


def _pdfs(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() == ".pdf" and file.is_file())


def from_manifest(manifest: Path, columns: Mapping[str, str]) -> list[Item]:
    """A line a file, its path relative to the manifest; what a line leaves empty is taken from the options."""
    with _text(manifest) as file:
        reader = csv.DictReader(file, restkey=EXCESS)
        unknown = sorted(set(reader.fieldnames or ()) - COLUMNS)
        if unknown or "file" not in (reader.fieldnames or ()):
            expected = ", ".join(sorted(COLUMNS))
            raise typer.BadParameter(
                f"{manifest}: {f'unknown column {unknown[0]!r}' if unknown else 'no column file'}. Columns: {expected}."
            )
        rows = []
        for row in reader:
            if EXCESS in row:
                raise typer.BadParameter(f"{manifest}: line {reader.line_num} has more cells than there are columns.")
            rows.append({name: (text or "").strip() for name, text in row.items()})
    return [_item(manifest.parent, row, columns) for row in rows]


def _item(folder: Path, row: dict[str, str], columns: Mapping[str, str]) -> Item:
    file, other = row.pop("file"), row.pop(PAIRED, "")
    return Item(folder / file, _filled(row, columns), folder / other if other else None)


def _text(manifest: Path) -> io.StringIO:
    try:
        return io.StringIO(manifest.read_text(encoding="utf-8-sig"), newline="")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{manifest} is not written in UTF-8: save it as “CSV UTF-8”.") from error


def _filled(row: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    """A line's own label stands as a whole: a level of its own never takes a release from the options."""
    kept = {name: text for name, text in columns.items() if not (row.get("level") and name in LABEL - {"originator"})}
    return kept | {name: text for name, text in row.items() if text}
