"""Reads a document's sentences as translators see them: source, machine's text, people's text, its state and history.

Whoever calls has the document by a scope; nothing of another document is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from auth.database import now
from auth.errors import ErrorKind, TolmachError
from auth.tables import PersonRow
from indexer.bitext.review.tables import ActKind, SegmentActRow, SegmentDraftRow, SegmentWorkRow, WorkState
from indexer.library.documents import SegmentText, TranslatedText
from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from indexer.text import OTHER, Language, digest_of

MOST_ACTS: Final = 500  # of a sentence's history that are shown, the latest
_OF_WORK: Final = and_(
    SegmentWorkRow.document == SegmentRow.document,
    SegmentWorkRow.source_digest == SegmentRow.digest,
    SegmentWorkRow.source == SegmentRow.language,
)


class NotTranslatedError(TolmachError):
    """The document is in a language that nothing is translated out of."""

    kind = ErrorKind.CONFLICT
    code = "not_translated"
    sentence = "Only documents in English or in Russian are translated here, and this one is in neither."


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person as others see them. Without a name, somebody who signed no act: the operator."""

    username: str
    name: str


@dataclass(frozen=True, slots=True)
class SegmentWork:
    """How far people have come with a sentence. `text` is theirs, else the machine's, else "".

    `editor` is who has it open now. `machine_changed`: the machine says something else than when that text was saved.
    """

    state: WorkState
    version: int
    text: str
    changed_at: datetime | None
    editor: PersonName | None
    machine_changed: bool


@dataclass(frozen=True, slots=True)
class WorkSegment:
    """A sentence on the workbench: its `translation` is the machine's; `source_digest` names it in what is saved."""

    sentence: SegmentText
    source_digest: str
    work: SegmentWork


@dataclass(frozen=True, slots=True)
class SegmentAct:
    """Something that a person did to a sentence."""

    number: int
    kind: ActKind
    version: int
    text: str
    note: str
    code: str
    about: str
    by: PersonName
    at: datetime


@dataclass(frozen=True, slots=True)
class SegmentDraft:
    """What one was typing when it was last kept, and the version one saw."""

    version: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """Which sentences of a document are shown: of one page or of one state, where given, a stretch in their order."""

    offset: int = 0
    limit: int = 100
    page: int | None = None
    state: WorkState | None = None


def listed(session: Session, row: DocumentRow, window: Window) -> list[WorkSegment]:
    """The sentences of a document inside a window, in order."""
    query = select(SegmentRow).where(*_chosen(row, window)).order_by(SegmentRow.ordinal)
    return on_the_bench(session, row, session.scalars(query.offset(window.offset).limit(window.limit)).all())


def total(session: Session, row: DocumentRow, window: Window) -> int:
    """How many sentences there are, whatever stretch is shown."""
    return session.scalar(select(func.count()).select_from(SegmentRow).where(*_chosen(row, window))) or 0


def counted(session: Session, row: DocumentRow) -> Mapping[WorkState, int]:
    """How many sentences of a document are in each state."""
    state = func.coalesce(SegmentWorkRow.state, WorkState.MACHINE)
    query = select(state, func.count()).select_from(SegmentRow).outerjoin(SegmentWorkRow, _OF_WORK)
    rows = session.execute(query.where(*_translatable(row)).group_by(state))
    counts = {WorkState(found): number for found, number in rows}
    return {each: counts.get(each, 0) for each in WorkState}


def segment_of(session: Session, row: DocumentRow, ordinal: int) -> WorkSegment | None:
    """One sentence of a document, None where there is none to translate."""
    rows = session.scalars(select(SegmentRow).where(*_translatable(row), of_ordinal(ordinal))).all()
    segments = on_the_bench(session, row, rows)
    return segments[0] if segments else None


def of_ordinal(ordinal: int) -> ColumnElement[bool]:
    """Whether a sentence has this number; what no number can be is none."""
    return SegmentRow.ordinal == (ordinal if 0 <= ordinal < 2**31 else -1)


def history(session: Session, row: DocumentRow, segment: WorkSegment) -> list[SegmentAct]:
    """What people did to a sentence, in order; of very much, the latest."""
    of_it = (
        SegmentActRow.document == row.id,
        SegmentActRow.source_digest == segment.source_digest,
        SegmentActRow.source == row.language,
    )
    rows = session.scalars(select(SegmentActRow).where(*of_it).order_by(SegmentActRow.number.desc()).limit(MOST_ACTS))
    acts = rows.all()[::-1]
    names = names_of(session, (act.by for act in acts))
    return [_act(act, names) for act in acts]


def draft_of(session: Session, row: DocumentRow, segment: WorkSegment, person_id: str) -> SegmentDraft | None:
    """What a person was typing, if it was kept and not saved since."""
    draft = session.get(SegmentDraftRow, (row.id, segment.source_digest, row.language, person_id))
    return None if draft is None else SegmentDraft(draft.version, draft.text, draft.at)


def left_behind(session: Session, row: DocumentRow) -> Sequence[SegmentWorkRow]:
    """Work on sentences that the document does not have any more, since it was read anew."""
    query = select(SegmentWorkRow).outerjoin(SegmentRow, _OF_WORK)
    gone = (SegmentWorkRow.document == row.id, SegmentWorkRow.version > 0, SegmentRow.document.is_(None))
    return session.scalars(query.where(*gone).order_by(SegmentWorkRow.changed_at)).all()


def target_of(row: DocumentRow) -> Language:
    """The language that a document is translated into. Raises NotTranslatedError."""
    target = OTHER.get(row.language)
    if target is None:
        raise NotTranslatedError
    return target


def machine_texts(session: Session, row: DocumentRow, digests: Iterable[str]) -> Mapping[str, TranslatedText]:
    """What the machine says of sentences, by digest of the source."""
    of_machine = (TranslationRow.document == row.id, TranslationRow.origin == "machine")
    direction = (TranslationRow.source == row.language, TranslationRow.target == target_of(row))
    query = select(TranslationRow).where(*of_machine, *direction, TranslationRow.source_digest.in_(list(digests)))
    return {
        each.source_digest: TranslatedText(each.text, "machine", each.engine, each.doubt)
        for each in session.scalars(query)
    }


def names_of(session: Session, person_ids: Iterable[str]) -> Mapping[str, PersonName]:
    """The people of these identifiers; of one that is nobody's, nobody."""
    query = select(PersonRow).where(PersonRow.id.in_({*person_ids}))
    return {person.id: PersonName(person.username, person.name) for person in session.scalars(query)}


def _chosen(row: DocumentRow, window: Window) -> tuple[ColumnElement[bool], ...]:
    conditions = [*_translatable(row)]
    if window.page is not None:
        conditions.append(SegmentRow.page == window.page)
    if window.state is WorkState.MACHINE:
        conditions.append(~exists().where(_OF_WORK, SegmentWorkRow.state != WorkState.MACHINE))
    elif window.state is not None:
        conditions.append(exists().where(_OF_WORK, SegmentWorkRow.state == window.state))
    return tuple(conditions)


def _translatable(row: DocumentRow) -> tuple[ColumnElement[bool], ...]:
    return SegmentRow.document == row.id, SegmentRow.language == row.language


def on_the_bench(session: Session, row: DocumentRow, rows: Sequence[SegmentRow]) -> list[WorkSegment]:
    """Sentences of a document with what the machine and people made of them."""
    digests = {each.digest for each in rows}
    of_them = (SegmentWorkRow.document == row.id, SegmentWorkRow.source == row.language)
    query = select(SegmentWorkRow).where(*of_them, SegmentWorkRow.source_digest.in_(digests))
    works = {work.source_digest: work for work in session.scalars(query)}
    machine = machine_texts(session, row, digests)
    names = names_of(session, (work.editor for work in works.values()))
    return [_segment(each, machine.get(each.digest), works.get(each.digest), names) for each in rows]


def _segment(
    row: SegmentRow, machine: TranslatedText | None, work: SegmentWorkRow | None, names: Mapping[str, PersonName]
) -> WorkSegment:
    sentence = SegmentText(row.ordinal, row.page, row.text, row.language, row.boxes, row.furniture, machine)
    return WorkSegment(sentence, row.digest, _work(machine, work, names))


def _work(machine: TranslatedText | None, work: SegmentWorkRow | None, names: Mapping[str, PersonName]) -> SegmentWork:
    text = machine.text if machine else ""
    if work is None:
        return SegmentWork(WorkState.MACHINE, 0, text, None, None, False)
    editor = names.get(work.editor) if work.editor_until and work.editor_until > now() else None
    if not work.version:
        return SegmentWork(WorkState.MACHINE, 0, text, None, editor, False)
    newer = machine is not None and digest_of(machine.text) != work.machine_digest
    return SegmentWork(WorkState(work.state), work.version, work.text, work.changed_at, editor, newer)


def _act(act: SegmentActRow, names: Mapping[str, PersonName]) -> SegmentAct:
    by = names.get(act.by, PersonName(act.by, ""))
    return SegmentAct(act.number, ActKind(act.kind), act.version, act.text, act.note, act.code, act.about, by, act.at)
