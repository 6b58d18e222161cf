"""Names the file that a reader takes away, of what that reader sees on the page: symbol or title, level, language."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from auth.labels import Label
from auth.scheme import Scheme
from indexer.library.tables import DocumentRow
from services.schemas.documents import title

LONGEST = 80  # letters of a symbol or title: with level and language under the 255 bytes that file systems allow
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)$")  # devices on Windows


def disposition(row: DocumentRow, label: Label, scheme: Scheme, ending: str = ".pdf") -> str:
    """The Content-Disposition of a document's file: its name, and a plain one for programs that know no RFC 5987."""
    name = filename(row, label, scheme).removesuffix(".pdf") + ending
    return f"attachment; filename=\"{row.id}{ending}\"; filename*=UTF-8''{quote(name, safe='')}"


def filename(row: DocumentRow, label: Label, scheme: Scheme) -> str:
    """`TCE-2024-WS.2-REP-1_restricted_en.pdf`. Holds letters, digits, spaces and `.-_` alone."""
    titles = title(row)
    about = row.symbol or titles.get(row.language) or next(iter(titles.values()))
    parts = (safe(about.removesuffix(".pdf")) or "document", scheme.code(label.rule.level), row.language)
    return "_".join(filter(None, parts)) + ".pdf"


def safe(text: str) -> str:
    """A text without what a file system, a shell or a reader's eye takes for something else."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(character if _is_plain(character) else "-" for character in composed)
    joined = re.sub(r"[\s-]+", lambda run: "-" if "-" in run[0] else " ", kept)
    short = joined[:LONGEST].strip(" .-_")
    return f"{short}-" if RESERVED.match(short.partition(".")[0]) else short


def _is_plain(character: str) -> bool:
    return character in " .-_" or unicodedata.category(character)[0] in "LNM"
