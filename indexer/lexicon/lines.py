"""Reads the lines of a lexicon's file one by one. Whatever is wrong with a line is told with its file and number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from auth.errors import TolmachError

DOMAINS: Final = frozenset(
    ["law", "crime", "security", "military", "border", "finance", "un", "diplomacy", "medicine", "technical"]
) | {"religion", "geography"}
"""What a word or term may belong to; one that belongs to no domain has the empty string."""

Value = TypeVar("Value")


class LexiconError(TolmachError):
    """A line of a lexicon is malformed."""


def read_lines(path: Path, parse: Callable[[str], Value], *, header: str = "") -> Iterator[Value]:
    """What `parse` makes of each line, in order; a file with a header begins with just that line.

    Raises `LexiconError` at the first line that `parse` refuses by one.
    """
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                if header and number == 1:
                    _check_header(line.removesuffix("\n"), header)
                else:
                    yield parse(line.removesuffix("\n"))
            except LexiconError as error:
                raise LexiconError(f"{path.name}:{number}: {error}") from None


def split(line: str, fields: int) -> list[str]:
    """The fields of a line, each without spaces around it. Raises `LexiconError` unless there are just so many."""
    parts = line.split("\t")
    if len(parts) != fields:
        raise LexiconError(f"{len(parts)} fields, not {fields}")
    if any(part != part.strip() for part in parts):
        raise LexiconError("a field begins or ends with a space")
    return parts


def check_domain(domain: str) -> None:
    """Raise `LexiconError` unless it is a domain or empty."""
    if domain and domain not in DOMAINS:
        raise LexiconError(f"no domain: {domain!r}")


def _check_header(line: str, header: str) -> None:
    if line != header:
        raise LexiconError(f"no header: {line!r}, not {header!r}")
