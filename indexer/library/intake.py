"""Takes files in: labelled from the first moment, stored, recorded. Refuses a bad file by name, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import policy
from auth.audit.entries import Event, TrailError
from auth.audit.trail import Trail
from auth.database import ConcurrentChangeError, Database, new_id
from auth.errors import ErrorKind, TolmachError
from auth.labels import ALL, Label
from auth.policy import Scope
from indexer.extract.pages import ExtractError
from indexer.extract.precheck import precheck
from indexer.library import likeness
from indexer.library.description import LONGEST_TITLE, DescriptionError, check_length, country_list, keyword_list, name
from indexer.library.documents import ALWAYS, Times
from indexer.library.files import Arrival, Store
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.text import OTHER

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
class Submission:
    """A file on its way in, from whom, and what it is to become. `event` says who brings it and from where."""

    source: BinaryIO
    filename: str
    label: Label
    description: DocumentDescription
    event: Event
    times: Times = ALWAYS
    alike_reason: str = ""  # why it is taken in though a document of a stricter label has almost the same text


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


class Intake:
    """Takes files into the database and the store. `largest` is in bytes."""

    def __init__(self, database: Database, store: Store, trail: Trail, largest: int) -> None:
        self._database, self._store, self._trail, self._largest = database, store, trail, largest

    def take(
        self, submission: Submission, scope: Scope, beginning: Callable[[BinaryIO, int], list[str]] | None = None
    ) -> Receipt:
        """Take a file in, unless a document in the scope holds it already.

        `beginning` reads the first pages of a file: with it, the text is compared with those in the scope.
        Raises LabelError, DescriptionError, AlikeError or StoreError.
        """
        submission = replace(submission, description=_checked(submission.description))
        check_label(submission.label)
        check_times(submission.times)
        with self._store.arriving(submission.source, self._largest) as arrival:
            sketch = _sketch(arrival, beginning)
            try:
                return self._decide(arrival, submission, scope, sketch)
            except ConcurrentChangeError:  # somebody brought the same file, or a file under the same new rule, just now
                return self._decide(arrival, submission, scope, sketch)

    def _decide(self, arrival: Arrival, submission: Submission, scope: Scope, sketch: frozenset[int]) -> Receipt:
        with self._database.session() as session:
            receipt = self._duplicate(session, arrival, submission, scope)
            if receipt is not None:
                return receipt
            alike = likeness.stricter_alike(session, scope, sketch, submission.label)
            if alike and not submission.alike_reason:
                raise AlikeError(alike)
            return self._new(session, arrival, submission, sketch, alike)

    def _duplicate(self, session: Session, arrival: Arrival, submission: Submission, scope: Scope) -> Receipt | None:
        new_rule = submission.label.rule.digest  # whoever may give it may know, even where the scope is older
        same = select(DocumentRow).where(DocumentRow.sha256 == arrival.sha256, DocumentRow.state != State.REMOVING)
        for row in session.scalars(same.order_by(DocumentRow.taken_at)):
            if arrival.whole and (scope.covers(row.rule) or row.rule == new_rule):
                return Receipt(row.id, row.state, row.code, row.message, duplicate=True)
        return None

    def _new(
        self, session: Session, arrival: Arrival, submission: Submission, sketch: frozenset[int], alike: list[str]
    ) -> Receipt:
        document_id = new_id()
        problem = self._problem(arrival)
        receipt = Receipt(document_id, State.RECEIVED)
        if problem is not None:
            receipt = replace(receipt, state=State.QUARANTINED, code=problem.code, message=problem.message)
        session.add(_row(session, arrival, submission, receipt))
        session.flush()
        likeness.keep(session, document_id, sketch)
        if arrival.whole:
            self._store.keep(arrival, document_id)
        outcome = {"state": receipt.state, "label": submission.label.rule.as_text()} | (
            {"code": problem.code} if problem else {}
        )
        outcome |= submission.times.as_words()
        if alike:
            outcome |= {"alike": ", ".join(alike), "reason": submission.alike_reason}
        try:
            self._trail.record(replace(submission.event, object=document_id, detail=outcome))
        except TrailError:  # then it did not happen
            self._store.remove(document_id)
            raise
        return receipt

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


def _sketch(arrival: Arrival, beginning: Callable[[BinaryIO, int], list[str]] | None) -> frozenset[int]:
    if beginning is None or not arrival.whole:
        return frozenset()
    with arrival.path.open("rb") as file:
        return likeness.sketch_of(beginning(file, likeness.PAGES))


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


def _checked(about: DocumentDescription) -> DocumentDescription:
    """The description with its lists as they are kept. Raises DescriptionError."""
    if about.kind not in KINDS:
        raise DescriptionError(
            "There is no kind {kind!r}. The kinds are: {kinds}.",
            code="no_kind",
            kind=about.kind,
            kinds=", ".join(KINDS),
        )
    if about.language not in ("", *OTHER):
        raise DescriptionError(
            "There is no language {language!r} here. The languages are: {languages}.",
            code="no_language",
            language=about.language,
            languages=", ".join(OTHER),
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
        language=about.language,
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
