"""Takes a file inside a document in as a document of its own, under the same label. Refuses what is no PDF.

That they belong together is told of those alone that are inside a scope with one another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from auth.policy import Scope
from indexer.extract.pages import ExtractError
from indexer.extract.precheck import precheck
from indexer.extract.reader import Reader
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.library.intake import Attached, DocumentDescription, Intake, Receipt, Submission
from indexer.library.states import State
from indexer.library.tables import AttachmentRow, DocumentRow
from indexer.store.contract import Store


class AttachmentError(TolmachError, ValueError):
    """This file inside a document is not taken in; the message says why."""

    kind = ErrorKind.CONFLICT
    code = "attachment"
    sentence = "This attachment cannot be read. Open the paper, save the attachment and upload that."


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Why an attachment is right under its label, where that is asked: see Submission."""

    alike_reason: str = ""
    marking_reason: str = ""


@dataclass(frozen=True, slots=True)
class Attaching:
    """Takes files inside documents in; none of more than `largest` bytes."""

    database: Database
    store: Store
    reader: Reader
    intake: Intake
    largest: int

    def take(self, scope: Scope, attached: Attached, confirmed: Confirmed, event: Event) -> Receipt:
        """Take a file inside a document in the scope in, under its label and times; safe to repeat.

        Raises AbsentError, AttachmentError, and what `Intake.take` raises.
        """
        with self.database.reading() as session:
            row = documents.get(session, scope, attached.document_id)
            if row is None:
                raise AbsentError(attached.document_id)
            name, label, times = _named(row, attached.number), documents.label_of(session, row), documents.times_of(row)
        with TemporaryFile() as target:
            self._write(attached, target)
            submission = Submission(
                target,
                name,
                label,
                DocumentDescription(),
                event,
                times,
                confirmed.alike_reason,
                confirmed.marking_reason,
                attached,
            )
            return self.intake.take(submission, scope, self.reader.beginning)

    def _write(self, attached: Attached, target: BinaryIO) -> None:
        """The file inside, for which a child of the reader looks. Raises AttachmentError."""
        try:
            with self.store.open(attached.document_id) as file:
                self.reader.attachment(file, attached.number, self.largest, target)
        except ExtractError as problem:
            if problem.code == "no_attachment":
                raise _none() from problem
            raise AttachmentError from problem
        try:
            precheck(target)
        except ExtractError as problem:
            if problem.code in ("empty", "not_pdf"):
                raise AttachmentError(
                    "Only PDFs are taken in, and this attachment is none.", code="attachment_no_pdf"
                ) from problem


def _named(row: DocumentRow, number: int) -> str:
    """The name of a file inside a document. Raises AttachmentError."""
    names = json.loads(row.attachments or "[]")
    if not 1 <= number <= len(names):
        raise _none()
    if row.state is State.QUARANTINED and row.code == "marking":
        raise AttachmentError(
            "The label of this paper is in question: answer first what is asked of it.", code="label_in_question"
        )
    return str(names[number - 1])


def _none() -> AttachmentError:
    return AttachmentError("This document has no attachment of that number.", code="attachment_absent")


def tied(
    session: Session, scopes: Iterable[Scope], document_id: str
) -> tuple[dict[int, DocumentRow], dict[str, DocumentRow]]:
    """The documents that files inside a document were taken in as, by number, and those that it was inside of.

    Each is in one of the scopes together with the document.
    """
    inside, around = dict[int, DocumentRow](), dict[str, DocumentRow]()
    for scope in scopes:
        if documents.get(session, scope, document_id) is not None:
            inside |= _inside(session, scope, document_id)
            around |= _around(session, scope, document_id)
    return inside, around


def _inside(session: Session, scope: Scope, document_id: str) -> dict[int, DocumentRow]:
    query = select(AttachmentRow).where(AttachmentRow.document == document_id).order_by(AttachmentRow.number)
    rows = session.scalars(query).all()
    readable = documents.get_all(session, scope, {row.taken_as for row in rows}) if rows else {}
    return {row.number: readable[row.taken_as][0] for row in rows if row.taken_as in readable}


def _around(session: Session, scope: Scope, document_id: str) -> dict[str, DocumentRow]:
    query = select(AttachmentRow.document).where(AttachmentRow.taken_as == document_id).distinct()
    papers = session.scalars(query).all()
    readable = documents.get_all(session, scope, papers) if papers else {}
    return {name: row for name, (row, _) in sorted(readable.items())}
