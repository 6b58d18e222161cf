"""Takes files in: labelled from the first moment, stored, recorded. Refuses a bad file by name, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import policy
from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.database import ConcurrentChangeError, Database, DatabaseError, locking, new_id
from auth.errors import ErrorKind, TolmachError
from auth.labels import ALL, Label
from auth.policy import Scope
from auth.scheme import Scheme
from indexer.extract.pages import ExtractError, PageText
from indexer.extract.precheck import precheck
from indexer.library import likeness, markings
from indexer.library.description import LONGEST_TITLE, DescriptionError, check_length, country_list, keyword_list, name
from indexer.library.documents import ALWAYS, Times, times_of
from indexer.library.markings import Marking
from indexer.library.states import State
from indexer.library.tables import AttachmentRow, DocumentRow
from indexer.store.contract import Arrival, Store, StoreError
from indexer.text import WRITTEN

LONGEST_FILENAME: Final = 255  # characters, the last of it
KINDS: Final = ("agenda", "statement", "report", "recommendations", "resolution", "other")


class LabelError(TolmachError, ValueError):
    """The label may not be given; the message says why."""

    kind = ErrorKind.INVALID
    code = "label"


@dataclass(frozen=True, slots=True)
class DocumentDescription:
    """What is known of a document besides its text. Lists are separated by commas; anything may be missing."""

    title_en: str = ""
    title_ru: str = ""
    language: str = ""
    date: date | None = None
    kind: str = "other"
    symbol: str = ""
    meeting: str = ""
    body: str = ""
    countries: str = ""
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file. `duplicate`: it was here already, and is known to whoever brought it again."""

    document_id: str
    state: str  # a State; a command has words of its own for what was never taken in
    code: str = ""
    message: str = ""
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside a document, by its number from 1, on its way to be a document of its own."""

    document_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Submission:
    """A file on its way in, from whom, and what it is to become. `event` says who brings it and from where."""

    source: BinaryIO
    filename: str
    label: Label
    description: DocumentDescription
    event: Event
    times: Times = ALWAYS
    alike_reason: str = ""  # why it is taken in though a document of a stricter label has almost the same text
    marking_reason: str = ""  # why it is taken in though the paper itself bears a stronger marking than its label
    attached: Attached | None = None  # the document that it was inside of, whose label it has


class AlikeError(TolmachError, ValueError):
    """Documents in the scope have almost this text and a stricter label: whoever brings it must confirm that."""

    kind = ErrorKind.CONFLICT
    code = "alike"

    def __init__(self, document_ids: list[str]) -> None:
        super().__init__(
            "This is almost the text of {documents}, under a label that is not as strict."
            " If it is right so, say why: alike_reason.",
            documents=", ".join(document_ids),
        )
        self.document_ids = document_ids


class ChangedError(TolmachError):
    """The document that a file was inside of has got another label, or was removed, just now."""

    kind = ErrorKind.CONFLICT
    code = "paper_changed"
    sentence = "The paper that this was inside of was changed just now. Load it again."


class MarkingError(TolmachError, ValueError):
    """The paper itself bears a stronger marking than the label it is given: whoever brings it must confirm that."""

    kind = ErrorKind.CONFLICT
    code = "marking"

    def __init__(self, marking: Marking, level: str) -> None:
        super().__init__(
            "The paper itself bears the marking {marking}, which is more than the label says: {level}."
            " Correct the label. If it is right so, say why: marking_reason.",
            marking=marking.words,
            level=level,
        )
        self.marking = marking


Beginning = Callable[[BinaryIO, int], Sequence[PageText]]
"""Reads the first pages of a file, so many at most."""

New = Callable[[Session, Submission, frozenset[int], dict[str, str | int]], Receipt]
"""Takes a file in that is new here."""


class Intake:
    """Takes files into the database and the store. `largest` is in bytes."""

    def __init__(self, database: Database, store: Store, trail: Trail, scheme: Scheme, largest: int) -> None:
        self._database, self._store, self._trail = database, store, trail
        self._scheme, self._largest = scheme, largest

    def take(self, submission: Submission, scope: Scope, beginning: Beginning | None = None) -> Receipt:
        """Take a file in, unless a document in the scope holds it already.

        With `beginning` its text is compared with those in the scope, and its markings with its label.
        Raises LabelError, DescriptionError, AlikeError, MarkingError, ChangedError or StoreError.
        """
        submission = replace(submission, description=checked(submission.description))
        check_label(submission.label)
        check_times(submission.times)
        with self._store.arriving(submission.source, self._largest) as arrival:
            pages = _first_pages(arrival, beginning)
            known = self._settled(arrival, submission, scope, pages)  # before the store is asked to keep anything
            return known or self._kept(arrival, submission, scope, pages)

    def _kept(self, arrival: Arrival, submission: Submission, scope: Scope, pages: Sequence[PageText]) -> Receipt:
        """Keep a file, then take it in: no transaction waits for the store, and no document is without its file."""
        as_new = self._received(arrival)
        if arrival.whole:
            self._store.keep(arrival, as_new.document_id)
        try:
            receipt = self._settled(arrival, submission, scope, pages, partial(self._new, arrival, as_new)) or as_new
        except DatabaseError:  # which may have taken it in all the same
            raise
        except TolmachError:
            self._discard(as_new.document_id)
            raise
        if receipt.duplicate:  # somebody brought the same file just now
            self._discard(as_new.document_id)
        return receipt

    def _discard(self, document_id: str) -> None:
        """Delete a file that was not taken in; one that stays is of no document, as `tolmach doctor` says."""
        with suppress(StoreError):
            self._store.remove(document_id)

    def _settled(
        self,
        arrival: Arrival,
        submission: Submission,
        scope: Scope,
        pages: Sequence[PageText],
        new: New | None = None,
    ) -> Receipt | None:
        """What is to become of a file; None where it is new and no `new` is given to take it in."""
        try:
            return self._decide(arrival, submission, scope, pages, new)
        except ConcurrentChangeError:  # somebody brought the same file, or a file under the same new rule, just now
            return self._decide(arrival, submission, scope, pages, new)

    def _decide(
        self, arrival: Arrival, submission: Submission, scope: Scope, pages: Sequence[PageText], new: New | None
    ) -> Receipt | None:
        sketch = likeness.sketch_of(line.text for page in pages for line in page.lines)
        marking = markings.borne(pages, self._scheme)
        level = submission.label.rule.level
        with self._database.session() as session:
            _check_paper(session, submission)
            receipt = self._duplicate(session, arrival, submission, scope)
            if receipt is not None:
                _tie(session, submission, receipt)
                return receipt
            alike = likeness.stricter_alike(session, scope, sketch, submission.label)
            if alike and not submission.alike_reason:
                raise AlikeError(alike)
            if marking and marking.rank > level and not submission.marking_reason:
                raise MarkingError(marking, self._scheme.code(level))
            if new is None:
                return None
            reasons: dict[str, str | int] = (
                {"alike": ", ".join(alike), "reason": submission.alike_reason} if alike else {}
            )
            if marking and submission.marking_reason:
                reasons |= {"marking": marking.words, "marking_reason": submission.marking_reason}
            if submission.attached:
                reasons |= {"inside": submission.attached.document_id, "number": submission.attached.number}
            return new(session, submission, sketch, reasons)

    def _duplicate(self, session: Session, arrival: Arrival, submission: Submission, scope: Scope) -> Receipt | None:
        new_rule = submission.label.rule.digest  # whoever may give it may know, even where the scope is older
        same = select(DocumentRow).where(DocumentRow.sha256 == arrival.sha256, DocumentRow.state != State.REMOVING)
        for row in session.scalars(same.order_by(DocumentRow.taken_at)):
            if arrival.whole and (scope.covers(row.rule) or row.rule == new_rule):
                return Receipt(row.id, row.state, row.code, row.message, duplicate=True)
        return None

    def _new(
        self,
        arrival: Arrival,
        receipt: Receipt,
        session: Session,
        submission: Submission,
        sketch: frozenset[int],
        reasons: dict[str, str | int],
    ) -> Receipt:
        session.add(_row(session, arrival, submission, receipt))
        session.flush()
        likeness.keep(session, receipt.document_id, sketch)
        _tie(session, submission, receipt)
        outcome: dict[str, str | int] = {"state": receipt.state, "label": submission.label.rule.as_text()}
        outcome |= {"code": receipt.code} if receipt.code else {}
        outcome |= submission.times.as_words() | reasons
        self._trail.record(
            replace(submission.event, object=receipt.document_id, detail=outcome)
        )  # or it did not happen
        return receipt

    def _received(self, arrival: Arrival) -> Receipt:
        """What is to be said of a new file once it is taken in."""
        problem = self._problem(arrival)
        if problem is not None:
            return Receipt(new_id(), State.QUARANTINED, problem.code, problem.message)
        return Receipt(new_id(), State.RECEIVED)

    def _problem(self, arrival: Arrival) -> ExtractError | None:
        if not arrival.whole:
            megabytes = self._largest // 1_000_000
            return ExtractError("too_large", f"The file is larger than {megabytes} MB. Split it and upload the parts.")
        try:
            with arrival.path.open("rb") as file:
                precheck(file)
        except ExtractError as problem:
            return problem
        return None


def _first_pages(arrival: Arrival, beginning: Beginning | None) -> Sequence[PageText]:
    if beginning is None or not arrival.whole:
        return ()
    with arrival.path.open("rb") as file:
        return beginning(file, likeness.PAGES)


def _check_paper(session: Session, submission: Submission) -> None:
    """Raise ChangedError unless the document that a file was inside of still has the label and times it is given."""
    if submission.attached is None:
        return
    of_it = select(DocumentRow).where(DocumentRow.id == submission.attached.document_id)
    paper = session.scalar(locking(of_it))
    gone = paper is None or paper.state is State.REMOVING or paper.rule != submission.label.rule.digest
    if paper is None or gone or times_of(paper) != submission.times:
        raise ChangedError


def _tie(session: Session, submission: Submission, receipt: Receipt) -> None:
    """Note as which document a file inside another was taken in; the last time counts."""
    attached, taken_as = submission.attached, receipt.document_id
    if attached is not None and taken_as != attached.document_id:
        session.merge(AttachmentRow(document=attached.document_id, number=attached.number, taken_as=taken_as))


def check_label(label: Label) -> None:
    """Raise LabelError unless the label names its originators and releases the document to them."""
    if not label.originators:
        raise LabelError(
            "A label names at least one originator: the agency that the document comes from.", code="no_originator"
        )
    left_out = frozenset() if label.rule.releasable_to == ALL else label.originators - label.rule.releasable_to
    if left_out:
        raise LabelError(
            "A document is always releasable to its originators: add {agencies}.",
            code="originator_left_out",
            agencies=", ".join(sorted(left_out)),
        )


def check_times(times: Times) -> None:
    """Raise LabelError unless a document of these times is published at some time."""
    if times.embargo_until and times.expires_at and times.expires_at <= times.embargo_until:
        raise LabelError("A document must expire after its embargo ends.", code="expires_before_embargo")


def checked(about: DocumentDescription) -> DocumentDescription:
    """The description with its lists as they are kept. Raises DescriptionError."""
    if about.kind not in KINDS:
        raise DescriptionError(
            "There is no kind {kind!r}. The kinds are: {kinds}.",
            code="no_kind",
            kind=about.kind,
            kinds=", ".join(KINDS),
        )
    if about.language not in ("", *WRITTEN):
        raise DescriptionError(
            "There is no language {language!r} here. The languages are: {languages}.",
            code="no_language",
            language=about.language,
            languages=", ".join(WRITTEN),
        )
    for title in (about.title_en, about.title_ru):
        check_length(title, LONGEST_TITLE)
    for text in (about.symbol, about.meeting, about.body):
        name(text)
    return replace(about, countries=country_list(about.countries), keywords=keyword_list(about.keywords))


def _row(session: Session, arrival: Arrival, submission: Submission, receipt: Receipt) -> DocumentRow:
    about = submission.description
    return DocumentRow(
        id=receipt.document_id,
        rule=policy.keep_rule(session, submission.label.rule),
        originators=",".join(sorted(submission.label.originators)),
        embargo_until=submission.times.embargo_until,
        expires_at=submission.times.expires_at,
        review_on=submission.times.review_on,
        state=receipt.state,
        stage="intake" if receipt.code else "",
        code=receipt.code,
        message=receipt.message,
        filename=submission.filename[-LONGEST_FILENAME:],
        sha256=arrival.sha256 if arrival.whole else f"unread {receipt.document_id}",
        size=arrival.size,
        taken_by=submission.event.actor,
        marking_confirmed=bool(submission.marking_reason),
        language=about.language,
        language_by="intake" if about.language else "",
        title_en=about.title_en,
        title_ru=about.title_ru,
        date=about.date,
        kind=about.kind,
        symbol=about.symbol,
        meeting=about.meeting,
        body=about.body,
        countries=about.countries,
        keywords=about.keywords,
    )
