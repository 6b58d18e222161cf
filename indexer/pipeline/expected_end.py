"""Tells what waits to be translated, and when it is likely to be done: at the measured speed of the models here.

The speed is that of `tolmach models measure`, on this machine and with one worker. Refuses to guess: where
documents have yet to be read, or a model that is needed was not measured, no end is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from indexer.library.states import State
from indexer.library.tables import DocumentRow, SegmentRow
from indexer.text import LANGUAGES, OTHER
from indexer.translate import quality
from indexer.translate.contract import Model
from indexer.translate.packages import Packages

Expected = Literal["done", "hour", "day", "week", "later", "paused", "unknown"]
"""How far the end is, in steps: what is told where exact numbers would tell of papers that one may not read."""

_STEPS: Final[tuple[tuple[Expected, int], ...]] = (("hour", 3_600), ("day", 86_400), ("week", 604_800))
_BEFORE: Final = (State.EXTRACTED, State.INDEXED)  # what is read and has yet to be translated
_SENTENCES: Final = (  # the last one of each paper, by its key: to count them all takes long
    select(func.max(SegmentRow.ordinal) + 1)
    .where(SegmentRow.document == DocumentRow.id)
    .correlate(DocumentRow)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class TranslationForecast:
    """What waits. `unread` documents have yet to be read: `sentences` and `seconds` are those of the others.

    `seconds` is None where no end is known.
    `unmeasured` are the models that are needed and whose speed nobody measured.
    """

    documents: int
    sentences: int
    unread: int
    paused: bool
    seconds: float | None
    unmeasured: tuple[str, ...]

    @property
    def expected(self) -> Expected:
        """How far the end is."""
        if not self.documents and not self.unread:
            return "done"
        if self.paused:
            return "paused"
        if self.seconds is None or self.unread:
            return "unknown"
        seconds = self.seconds
        return next((step for step, most in _STEPS if seconds <= most), "later")


def forecast(session: Session, packages: Packages, measured: Path, paused: bool) -> TranslationForecast:
    """What waits for the models that are installed. `measured` is the folder where their measurements lie."""
    models, fingerprint = packages.models(), packages.fingerprint()
    shares = [
        (model, *_counted(session, DocumentRow.language == language, DocumentRow.models_tried != fingerprint, which))
        for language in LANGUAGES
        for model, which in _shares(packages, models, language)
    ]
    needed = [(model, sentences, _speed(measured, model)) for model, documents, sentences in shares if documents]
    unmeasured = tuple(model.name for model, _, speed in needed if not speed)
    unread = session.scalar(select(func.count()).where(DocumentRow.state == State.RECEIVED)) if models else 0
    return TranslationForecast(
        documents=sum(documents for _, documents, _ in shares),
        sentences=sum(sentences for _, _, sentences in shares),
        unread=unread or 0,
        paused=paused,
        seconds=None if unmeasured else sum(sentences / speed for _, sentences, speed in needed),
        unmeasured=unmeasured,
    )


def _speed(measured: Path, model: Model) -> float:
    """Sentences a second, 0 where nobody measured it."""
    result = quality.read(measured, model)
    return result.sentences_per_second if result else 0.0


def _shares(packages: Packages, models: list[Model], language: str) -> list[tuple[Model, ColumnElement[bool]]]:
    """The models that documents of a language wait for, and which documents: as `Packages.for_document` chooses."""
    of_language = [model for model in models if (model.source, model.target) == (language, OTHER[language])]
    bound = {name for model in of_language for name in model.bound_to or ()}
    shares: list[tuple[Model, ColumnElement[bool]]] = [
        (model, DocumentRow.sha256.in_(model.bound_to)) for model in of_language if model.bound_to
    ]
    free = packages.for_document(language, OTHER[language], "")
    if free:
        shares.append((free, DocumentRow.sha256.not_in(bound)))
    return shares


def _counted(session: Session, *which: ColumnElement[bool]) -> tuple[int, int]:
    """How many documents, and sentences in them."""
    query = select(func.count(), func.sum(_SENTENCES)).select_from(DocumentRow)
    documents, sentences = session.execute(query.where(DocumentRow.state.in_(_BEFORE), *which)).one()
    return int(documents), int(sentences or 0)
