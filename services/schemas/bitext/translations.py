"""The translators' workbench as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from indexer.bitext.review.findings import CheckedFinding
from indexer.bitext.review.segments import PersonName, SegmentAct, SegmentDraft, WorkSegment
from indexer.bitext.review.tables import ActKind, SegmentWorkRow, WorkState
from indexer.bitext.review.workbench import Seen
from indexer.library.tables import DocumentRow
from indexer.memory.matches import MemoryMatch, TextDifference
from services.schemas.documents import BoxSchema, TranslationSchema, boxes, segment_id, title
from services.schemas.fields import Reason, Strict

LONGEST_TEXT = 20_000  # characters of a translation: as of the longest sentence that is looked at
PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]*$"  # what XML and both databases can keep

PlainText = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, strip_whitespace=True, pattern=PLAIN)
]
DraftText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=PLAIN)]
Remark = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True, pattern=PLAIN)]
OptionalRemark = Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True, pattern=PLAIN)]
Version = Annotated[int, Field(ge=0, lt=2**31)]


class SeenBody(Strict):
    """What one had before one: `source_digest` and `version` as the sentence was given."""

    source_digest: Annotated[str, StringConstraints(max_length=64)]
    version: Version

    @property
    def seen(self) -> Seen:
        """As a value."""
        return Seen(self.source_digest, self.version)


class SaveBody(SeenBody):
    """A text to keep."""

    text: PlainText


class DraftBody(SeenBody):
    """What one is typing; "" drops what was kept."""

    text: DraftText


class RejectBody(SeenBody):
    """Why a text goes back."""

    reason: Reason


class WaiverBody(SeenBody):
    """Why a finding is none: `code` and `about` as it was given."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    about: Annotated[str, StringConstraints(max_length=2_000, pattern=PLAIN)] = ""
    reason: Reason


class CommentBody(Strict):
    """A remark."""

    text: Remark


class RequestBody(Strict):
    """What somebody would like to have translated, and why, where they say so."""

    note: OptionalRemark = ""


class PersonNameSchema(BaseModel):
    """A person."""

    username: str
    name: str

    @staticmethod
    def of(person: PersonName | None) -> PersonNameSchema | None:
        """From a person's name."""
        return None if person is None else PersonNameSchema(username=person.username, name=person.name)


class WorkSegmentSchema(BaseModel):
    """A sentence on the workbench.

    `text` is people's last, else the machine's; `version` 0: no person's. `editing`: who has it open now.
    `machine_changed`: the machine has said something else since the text was saved.
    """

    segment_id: str
    number: int
    page: int
    source_text: str
    source_language: str
    source_digest: str
    boxes: list[BoxSchema]
    furniture: bool
    machine: TranslationSchema | None
    state: WorkState
    version: int
    text: str
    changed_at: datetime | None
    editing: PersonNameSchema | None
    machine_changed: bool

    @staticmethod
    def of(document_id: str, segment: WorkSegment) -> WorkSegmentSchema:
        """From a sentence."""
        sentence, work = segment.sentence, segment.work
        return WorkSegmentSchema(
            segment_id=segment_id(document_id, sentence),
            number=sentence.ordinal,
            page=sentence.page,
            source_text=sentence.text,
            source_language=sentence.language,
            source_digest=segment.source_digest,
            boxes=boxes(sentence.boxes),
            furniture=sentence.furniture,
            machine=TranslationSchema.of(sentence.translation),
            state=work.state,
            version=work.version,
            text=work.text,
            changed_at=work.changed_at,
            editing=PersonNameSchema.of(work.editor),
            machine_changed=work.machine_changed,
        )


class LeftBehindSchema(BaseModel):
    """Work on a sentence that the document does not have any more, since it was read anew."""

    source_text: str
    text: str
    state: WorkState

    @staticmethod
    def of(work: SegmentWorkRow) -> LeftBehindSchema:
        """From the work."""
        return LeftBehindSchema(source_text=work.source_text, text=work.text, state=WorkState(work.state))


class WorkSchema(BaseModel):
    """A document on the workbench: how many of its sentences are in each state, and some of them."""

    document_id: str
    title: dict[str, str]
    source_language: str
    pages: int
    counts: dict[WorkState, int]
    total: int
    segments: list[WorkSegmentSchema]
    left_behind: list[LeftBehindSchema]

    @staticmethod
    def of(
        row: DocumentRow,
        counts: Mapping[WorkState, int],
        total: int,
        segments: Iterable[WorkSegment],
        left_behind: Iterable[SegmentWorkRow],
    ) -> WorkSchema:
        """From its parts."""
        return WorkSchema(
            document_id=row.id,
            title=title(row),
            source_language=row.language,
            pages=row.pages,
            counts=dict(counts),
            total=total,
            segments=[WorkSegmentSchema.of(row.id, segment) for segment in segments],
            left_behind=[LeftBehindSchema.of(work) for work in left_behind],
        )


class ActSchema(BaseModel):
    """Something that was done to a sentence. `note`: why, or what was remarked; `code`, `about`: what was waived."""

    number: int
    kind: ActKind
    version: int
    text: str
    note: str
    code: str
    about: str
    by: PersonNameSchema
    at: datetime

    @staticmethod
    def of(act: SegmentAct) -> ActSchema:
        """From an act."""
        by = PersonNameSchema(username=act.by.username, name=act.by.name)
        words = {"text": act.text, "note": act.note, "code": act.code, "about": act.about}
        return ActSchema(number=act.number, kind=act.kind, version=act.version, by=by, at=act.at, **words)


class WaiverSchema(BaseModel):
    """Why a finding is none."""

    reason: str
    by: PersonNameSchema
    at: datetime


class FindingSchema(BaseModel):
    """Something that may be wrong with the text. `source`, `target`: the characters of each that it is about."""

    code: str
    about: str
    source: list[tuple[int, int]]
    target: list[tuple[int, int]]
    waiver: WaiverSchema | None

    @staticmethod
    def of(checked: CheckedFinding) -> FindingSchema:
        """From a finding."""
        finding, waiver = checked.finding, checked.waiver
        return FindingSchema(
            code=finding.code,
            about=finding.about,
            source=list(finding.source),
            target=list(finding.target),
            waiver=None
            if waiver is None
            else WaiverSchema(
                reason=waiver.reason,
                by=PersonNameSchema(username=waiver.by.username, name=waiver.by.name),
                at=waiver.at,
            ),
        )


class TextDifferenceSchema(BaseModel):
    """A stretch of the sentence in the memory and what stands in its place here, in characters."""

    kind: Literal["equal", "insert", "delete", "replace"]
    theirs: tuple[int, int]
    ours: tuple[int, int]

    @staticmethod
    def of(difference: TextDifference) -> TextDifferenceSchema:
        """From a difference."""
        return TextDifferenceSchema(kind=difference.kind, theirs=difference.theirs, ours=difference.ours)


class MatchSchema(BaseModel):
    """What people made of an equal (`exact`, `context`: between equal neighbours) or similar sentence (`fuzzy`).

    `preferred`: people prefer the pair that it is of.
    `reversed`: it was translated in the other direction. `times`: how many documents say the same.
    """

    kind: Literal["context", "exact", "fuzzy"]
    percent: int
    source_text: str
    target_text: str
    difference: list[TextDifferenceSchema]
    document_id: str
    title: dict[str, str]
    origin: str
    preferred: bool
    reversed: bool
    times: int

    @staticmethod
    def of(match: MemoryMatch, lender: DocumentRow) -> MatchSchema:
        """From a match and the document that lends it."""
        return MatchSchema(
            kind=match.kind,
            percent=match.percent,
            source_text=match.source_text,
            target_text=match.target_text,
            difference=[TextDifferenceSchema.of(each) for each in match.difference],
            document_id=match.document_id,
            title=title(lender),
            origin=match.origin,
            preferred=match.preferred,
            reversed=match.reversed,
            times=match.times,
        )


class DraftSchema(BaseModel):
    """What one was typing, and the version that one saw."""

    version: int
    text: str
    at: datetime

    @staticmethod
    def of(draft: SegmentDraft | None) -> DraftSchema | None:
        """From a draft."""
        return None if draft is None else DraftSchema(version=draft.version, text=draft.text, at=draft.at)


class OneSegmentSchema(BaseModel):
    """One sentence, with all that helps to translate and to judge it.

    `history` holds comments too, the first first. `may_approve`: whether the text waits for somebody like oneself.
    """

    segment: WorkSegmentSchema
    before: str
    after: str
    history: list[ActSchema]
    checks: list[FindingSchema]
    matches: list[MatchSchema]
    draft: DraftSchema | None
    may_approve: bool

    @staticmethod
    def of(
        document_id: str,
        segment: WorkSegment,
        beside: tuple[str, str],
        history: Sequence[SegmentAct],
        checks: Iterable[CheckedFinding],
        matches: Iterable[tuple[MemoryMatch, DocumentRow]],
        draft: SegmentDraft | None,
        may_approve: bool,
    ) -> OneSegmentSchema:
        """From its parts."""
        return OneSegmentSchema(
            segment=WorkSegmentSchema.of(document_id, segment),
            before=beside[0],
            after=beside[1],
            history=[ActSchema.of(act) for act in history],
            checks=[FindingSchema.of(each) for each in checks],
            matches=[MatchSchema.of(match, lender) for match, lender in matches],
            draft=DraftSchema.of(draft),
            may_approve=may_approve,
        )


class LeaseSchema(BaseModel):
    """Whether the sentence is one's own to work on now; else `editing` says who has it. It never stops a saving."""

    mine: bool
    editing: PersonNameSchema | None
