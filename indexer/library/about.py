"""What a document is described by besides its text, as a search finds it: one passage more, after the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from indexer.library.tables import DocumentRow, MeetingRow
from indexer.text import Origin

ORDINAL: Final = (1 << 20) - 1  # of the description among the passages of a document: the last that an index takes

SEARCHED_BY_NAME: Final[Mapping[Origin, str]] = {"original": "title", "human": "symbol"}
"""Which of the texts of a description are searched by themselves, as title:water or symbol:A/75/729."""

TIMES: Final = 3  # that a paper's own symbol is said: papers that refer to it say it once or twice in a passage


def field_key(field: str, key: str) -> str:
    """A key of a word in one field of a description, beside the key that it has in any text."""
    return f"{field}:{key}"


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
    meeting = session.get(MeetingRow, row.meeting) if row.meeting else None
    titled = (meeting.title_en, meeting.title_ru) if meeting else ()
    return About(
        document_id=row.id,
        titles={"en": row.title_en, "ru": row.title_ru},
        symbol=row.symbol,
        meeting=tuple(filter(None, (row.meeting, *titled))),
        names=tuple(filter(None, (row.body, row.keywords.replace(",", ", "), row.filename))),
    )
