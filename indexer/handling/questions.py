"""What a registrar is asked of a paper: of text that it hides, and of its own marking. Refuses to answer for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.audit.trail import Trail
from auth.database import Database
from auth.errors import ErrorKind, TolmachError
from auth.policy import Scope
from indexer.handling import lifecycle
from indexer.library import documents, hidden
from indexer.library.states import State
from indexer.library.tables import DocumentRow, PageRow

QuestionCode = Literal["hidden", "marking"]
ANSWERS: Final[Mapping[QuestionCode, tuple[str, ...]]] = {"hidden": hidden.CHOICES, "marking": ("confirm",)}
MOST_TOLD: Final = 200  # documents
MOST_PAGES: Final = 200  # that are named


class QuestionError(TolmachError, ValueError):
    """Nobody asked this of the document, or it is no answer to that; the message says what would be."""

    kind = ErrorKind.CONFLICT
    code = "no_question"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a document, and what was answered so far; until then hidden text is kept out.

    `hidden`: so many `places` on these `pages` hold text that the page does not show. `marking`: the paper bears this
    one, which is more than its label says.
    """

    code: QuestionCode
    answer: str
    places: int = 0
    pages: tuple[int, ...] = ()
    marking: str = ""

    @property
    def answers(self) -> tuple[str, ...]:
        """What may be answered."""
        return ANSWERS[self.code]

    @property
    def sentence(self) -> str:
        """The question in words."""
        if self.code == "marking":
            return f"The paper itself bears {self.marking}, which is more than its label says. Is the label right?"
        named = ", ".join(map(str, self.pages))
        places = "1 place" if self.places == 1 else f"{self.places} places"
        return f"{places} on pages {named} hold text that the page hides: was it meant to be redacted?"


def asked_of(session: Session, rows: Sequence[DocumentRow]) -> Mapping[str, list[Question]]:
    """The questions of documents that somebody holds already, by identifier."""
    questions: dict[str, list[Question]] = defaultdict(list)
    for row in rows:
        if row.state is State.QUARANTINED and row.code == "marking":
            questions[row.id].append(Question("marking", "", marking=row.marking))
    hiding: dict[str, dict[int, int]] = defaultdict(dict)
    of_them = select(PageRow).where(PageRow.document.in_([row.id for row in rows]), PageRow.hidden > 0)
    for page in session.scalars(of_them.order_by(PageRow.document, PageRow.number)):
        hiding[page.document][page.number] = page.hidden
    for row in rows:
        if pages := hiding.get(row.id):
            named = tuple(pages)[:MOST_PAGES]
            questions[row.id].append(Question("hidden", row.hidden_choice, sum(pages.values()), named))
    return questions


def unanswered(session: Session) -> Mapping[str, list[Question]]:
    """What is asked of all documents and not answered yet, by identifier; of so many documents at most."""
    hides = select(PageRow.document).where(PageRow.hidden > 0)
    marked = and_(DocumentRow.state == State.QUARANTINED, DocumentRow.code == "marking")
    waiting = or_(marked, and_(DocumentRow.hidden_choice == "", DocumentRow.id.in_(hides)))
    rows = session.scalars(select(DocumentRow).where(waiting).order_by(DocumentRow.id).limit(MOST_TOLD)).all()
    return asked_of(session, rows)


def answer(
    database: Database, trail: Trail, scope: Scope, document_id: str, code: str, answered: str, event: Event
) -> None:
    """Answer a question of a document; where that changes what is read of it, it is read again before it is found.

    Raises AbsentError or QuestionError.
    """
    with database.session() as session:
        row = lifecycle.inside(session, scope, document_id)
        question = next((one for one in asked_of(session, [row])[row.id] if one.code == code), None)
        if question is None:
            raise QuestionError("This is not asked of this document.")
        if answered not in question.answers:
            known = ", ".join(question.answers)
            raise QuestionError("The answers to this are: {answers}.", code="no_answer", answers=known)
        label = documents.label_of(session, row).rule.as_text()
        told = {**event.detail, "question": code, "answer": answered, "label": label}
        trail.record(replace(event, detail=told))
        if question.code == "marking":
            row.marking_confirmed = True
            lifecycle.read_again(row)
        elif row.hidden_choice != answered:
            same = {row.hidden_choice, answered} <= {"", hidden.KEEP_OUT}
            row.hidden_choice = answered
            if not same:
                lifecycle.read_again(row)
