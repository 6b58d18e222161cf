"""What a document is described by besides its text, as a search finds it: one passage more, after the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.library.tables import DocumentRow, MeetingRow
from indexer.text import Origin

ORDINAL: Final = (1 << 20) - 1  # of the description among the passages of a document: the last that an index takes

SEARCHED_BY_NAME: Final[Mapping[Origin, str]] = {"original": "title", "human": "symbol"}
"""Which of the texts of a description are searched by themselves, as title:water or symbol:A/75/729."""

TIMES: Final = 3  # that a paper's own symbol is said: papers that refer to it say it once or twice in a passage


_PARTS = re.compile(r"([/\s-])")


def field_key(field: str, key: str) -> str:
    """A key of a word in one field of a description, beside the key that it has in any text."""
    return f"{field}:{key}"


def series_of(symbol: str) -> str:
    """The series of a symbol, in capitals: what stands before its first number, or "".

    S/RES/2178 (2014) is of S/RES, PC.DEC/1117 of PC.DEC.
    """
    parts = _PARTS.split(symbol.upper().strip())
    series = "".join(takewhile(lambda part: not part[:1].isdigit(), parts))
    return series.strip("/- ") if any(map(str.isalpha, series)) else ""


def point_key(kind: str) -> str:
    """A key of the first word of what a paper recommends, concludes or decides: no word of a text has it."""
    return field_key("kind", f"§{kind}")


@dataclass(frozen=True, slots=True)
class About:
    """A document's titles, by language, and its other names; `meeting` has the code of its meeting and the titles."""

    document_id: str
    titles: Mapping[str, str]
    symbol: str
    meeting: tuple[str, ...]
    names: tuple[str, ...]  # body, keywords, name of the file

    def searched(self) -> dict[Origin, str]:
        """What the index holds of it, as three texts: a word weighs more in a short one, and more if it is repeated.

        An index keeps a text by its origin; of a description the origins say no more than which text it is.
        """
        return {
            "original": " ".join(filter(None, self.titles.values())),
            "human": " ".join([self.symbol] * TIMES),
            "machine": " ".join((*self.meeting, *self.names)),
        }


def about(session: Session, row: DocumentRow) -> About:
    """How a document is described that somebody holds already."""
    return about_each(session, [row])[row.id]


def about_each(session: Session, rows: Iterable[DocumentRow]) -> Mapping[str, About]:
    """As `about` of many documents, by identifier."""
    rows = list(rows)
    codes = {row.meeting for row in rows if row.meeting}
    query = select(MeetingRow).where(MeetingRow.code.in_(codes))
    meetings = {meeting.code: meeting for meeting in session.scalars(query)} if codes else {}
    return {row.id: _about(row, meetings.get(row.meeting)) for row in rows}


def _about(row: DocumentRow, meeting: MeetingRow | None) -> About:
    titled = (meeting.title_en, meeting.title_ru) if meeting else ()
    return About(
        document_id=row.id,
        titles={"en": row.title_en, "ru": row.title_ru},
        symbol=row.symbol,
        meeting=tuple(filter(None, (row.meeting, *titled))),
        names=tuple(filter(None, (row.body, row.keywords.replace(",", ", "), row.filename))),
    )
