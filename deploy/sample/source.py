"""Reads the sources of the sample papers (`texts/*.md`): front matter and a tiny markup. Refuses what it does
not know, naming the file and the line.

A source is TOML between two lines `+++`, then the body. In the body a blank line ends a block, and a block is:

    # Heading                 (## for a lower one)
    - bullet
    12. numbered paragraph    (the number is printed as typed, so that others can quote it)
    > quotation
    | cell | cell |           (a table; its first line is the header)
    ::: columns               (two columns, up to a line `:::`)
    anything else             (a paragraph; *asterisks* make italics)
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auth.errors import ErrorKind, TolmachError

FIELDS = [
    "originator",
    "level",
    "releasable_to",
    "need_to_know",
    "language",
    "title_en",
    "title_ru",
    "date",
    "kind",
    "symbol",
    "meeting",
    "body",
    "countries",
    "keywords",
    "translation_of",
]
MARKS = (
    ("heading", re.compile(r"(#{1,2})\s+(.*)", re.S)),
    ("bullet", re.compile(r"(-)\s+(.*)", re.S)),
    ("numbered", re.compile(r"(\d+\.)\s+(.*)", re.S)),
    ("quotation", re.compile(r"(>)\s+(.*)", re.S)),
)
STARTS = re.compile(r"#{1,2}\s|-\s|\d+\.\s|>\s|\||:::")


class SourceError(TolmachError, ValueError):
    """A source that cannot be read; the message names the file."""

    kind = ErrorKind.INTERNAL
    code = "sample_source"


@dataclass(frozen=True)
class Block:
    """A piece of the body: its kind, its mark (number, `#`) and its text, rows or inner blocks."""

    kind: str
    mark: str = ""
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    inner: tuple["Block", ...] = ()


@dataclass(frozen=True)
class Paper:
    """A source as read: its file name without ending, its front matter and its body."""

    name: str
    facts: dict[str, Any] = field(hash=False)
    blocks: tuple[Block, ...] = ()

    @property
    def language(self) -> str:
        return str(self.facts["language"])

    @property
    def title(self) -> str:
        return str(self.facts[f"title_{self.language}"])

    @property
    def file(self) -> str:
        """Where its PDF lies, relative to the manifest."""
        return f"pdf/{self.name}.pdf"


def read_paper(path: Path) -> Paper:
    """Read one source. Raises SourceError if the front matter is not TOML or its fields are not FIELDS."""
    try:
        _, front, body = path.read_text("utf-8").split("+++\n", 2)
        facts = tomllib.loads(front)
    except ValueError as error:
        raise SourceError(f"{path.name}: no readable front matter between two lines +++: {error}") from error
    if wrong := set(FIELDS) ^ set(facts):
        raise SourceError(f"{path.name}: missing or unknown fields: {', '.join(sorted(wrong))}")
    return Paper(path.stem, facts, tuple(_blocks(_chunks(body.splitlines()), path.name)))


def read_papers(folder: Path) -> list[Paper]:
    """All sources of a folder, in the order of their names."""
    return [read_paper(path) for path in sorted(folder.glob("*.md"))]


def _chunks(lines: list[str]) -> list[list[str]]:
    """Lines grouped into blocks: a blank line or the start of a marked line ends the one before."""
    chunks: list[list[str]] = [[]]
    for line in lines:
        row_follows_row = line.startswith("|") and chunks[-1] and chunks[-1][0].startswith("|")
        if not line.strip() or (STARTS.match(line) and not row_follows_row):
            chunks.append([])
        if line.strip():
            chunks[-1].append(line.strip())
            if line.startswith(":::"):
                chunks.append([])
    return [chunk for chunk in chunks if chunk]


def _blocks(chunks: list[list[str]], name: str) -> list[Block]:
    blocks: list[Block] = []
    outer: list[Block] | None = None
    for chunk in chunks:
        if chunk[0] == "::: columns" and outer is None:
            outer, blocks = blocks, []
        elif chunk[0] == ":::" and outer is not None:
            blocks = [*outer, Block("columns", inner=tuple(blocks))]
            outer = None
        elif chunk[0].startswith(":::"):
            raise SourceError(f"{name}: a fence out of place: {chunk[0]}")
        else:
            blocks.append(_block(chunk, name))
    if outer is not None:
        raise SourceError(f"{name}: columns are not closed by a line :::")
    return blocks


def _block(chunk: list[str], name: str) -> Block:
    if chunk[0].startswith("|"):
        rows = tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in chunk)
        if len({len(row) for row in rows}) > 1:
            raise SourceError(f"{name}: rows of different length in the table that begins {chunk[0]}")
        return Block("table", rows=rows)
    text = " ".join(chunk)
    for kind, pattern in MARKS:
        if match := pattern.fullmatch(text):
            return Block(kind, match[1], match[2])
    return Block("paragraph", text=text)
