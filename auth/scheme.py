"""The marking scheme: the order, names, colours and banners of the levels, read from a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from auth.errors import ErrorKind, TolmachError

TLP: Final = ("", "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")  # FIRST, Traffic Light Protocol 2.0
DEFAULT = Path(__file__).with_name("scheme.toml")


class SchemeError(TolmachError, ValueError):
    """The scheme file is wrong, or names no such level; the message says what to write instead."""

    kind = ErrorKind.INVALID
    code = "scheme"


@dataclass(frozen=True, slots=True)
class Level:
    """One level. `rank` orders the levels and is what labels hold; `tlp` is the nearest word of TLP 2.0, or ""."""

    code: str
    rank: int
    name_en: str
    name_ru: str
    colour: str
    banner_en: str
    banner_ru: str
    tlp: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """The levels that are switched on, lowest first."""

    levels: tuple[Level, ...]

    def rank(self, name: str) -> int:
        """The rank of a level given by its code or by its name in either language. Raises SchemeError."""
        folded = name.casefold()
        for level in self.levels:
            if folded in (level.code, level.name_en.casefold(), level.name_ru.casefold()):
                return level.rank
        raise SchemeError(
            "There is no level {level!r}. The levels are: {levels}.",
            code="no_level",
            level=name,
            levels=", ".join(x.code for x in self.levels),
        )

    def code(self, rank: int) -> str:
        """The code of a rank; of a rank that no level has, "sealed"."""
        return next((level.code for level in self.levels if level.rank == rank), "sealed")


def load(path: Path = DEFAULT) -> Scheme:
    """Read a scheme file. Raises SchemeError when it is not one."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["level"]
        levels = [_level(row) for row in rows if row.get("enabled", True)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SchemeError(f"The marking scheme {path} cannot be read: {error}") from error
    levels.sort(key=lambda level: level.rank)
    if not levels or len({level.rank for level in levels}) < len(levels) or len({x.code for x in levels}) < len(levels):
        raise SchemeError(f"The marking scheme {path} needs at least one level, and each its own code and rank.")
    wrong = next((level.tlp for level in levels if level.tlp not in TLP), None)
    if wrong is not None:
        raise SchemeError(f"The marking scheme {path} says tlp = {wrong!r}. TLP 2.0 has: {', '.join(TLP[1:])}.")
    return Scheme(tuple(levels))


def _level(row: dict[str, Any]) -> Level:
    return Level(
        code=row["code"],
        rank=row["rank"],
        name_en=row["name_en"],
        name_ru=row["name_ru"],
        colour=row["colour"],
        banner_en=row.get("banner_en", row["name_en"].upper()),
        banner_ru=row.get("banner_ru", row["name_ru"].upper()),
        tlp=row.get("tlp", ""),
    )
