"""Enquiries: searches that an expert sends to another agency's registrars. Refuses to tell what became of one.

What the asker is given depends on their own acts and on the clock alone: one that nobody has looked at, one that was
closed and one that was refused are listed, counted, withdrawn and over in the same way. What a registrar releases, the
asker finds by a search.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from auth import people, policy
from auth.database import locking, new_id, now
from auth.errors import ErrorKind, TolmachError
from auth.people import Principal
from auth.policy import Action
from auth.signin import vault
from auth.tables import AgencyRow, GrantRow, PersonRow
from indexer.enquiries.tables import EnquiryRow

MOST: Final = 20  # of one person at a time
LASTS: Final = timedelta(days=90)


class OwnAgencyError(TolmachError, ValueError):
    """An enquiry goes to another agency."""

    kind = ErrorKind.INVALID
    code = "own_agency"
    sentence = "This is your own agency. Ask its registrars yourself."


class TooManyEnquiriesError(TolmachError):
    """The person has as many enquiries as anybody may."""

    kind = ErrorKind.CONFLICT
    code = "too_many_enquiries"

    def __init__(self) -> None:
        super().__init__("You have {most} enquiries already. Withdraw one that you do not need.", most=MOST)


class NoEnquiryError(TolmachError):
    """There is no such enquiry for this person, whoever else has it."""

    kind = ErrorKind.ABSENT
    code = "no_enquiry"
    sentence = "There is no such enquiry, or no longer."


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What somebody asked an agency: `asked` is what a search takes, as JSON has it.

    One that does not open, because the key is another or it was changed, asks nothing: it can only be done away with.
    """

    enquiry_id: str
    agency: str
    sent_at: datetime
    over_at: datetime
    asked: dict[str, Any]
    note: str


def send(session: Session, asker: Principal, agency: str, asked: dict[str, Any], note: str) -> Enquiry:
    """Ask an agency, whether or not anybody of it may see that.

    Raises OwnAgencyError, people.UnknownError, TooManyEnquiriesError, VaultError.
    """
    if agency == asker.agency:
        raise OwnAgencyError
    named = select(AgencyRow.code).where(AgencyRow.code == agency)
    session.execute(locking(named, as_named=True))  # before a person, as whoever changes access locks them
    people.the_agency(session, agency)
    session.scalars(locking(select(PersonRow).where(PersonRow.id == asker.person_id))).one()  # two at once are counted
    if how_many(session, asker.person_id) >= MOST:
        raise TooManyEnquiriesError
    row = EnquiryRow(id=new_id(), person=asker.person_id, agency=agency, sent_at=now())
    row.over_at = row.sent_at + LASTS
    row.sealed = vault.seal(session, json.dumps({"asked": asked, "note": note}, ensure_ascii=False), _about(row))
    session.add(row)
    session.flush()
    return _opened(session, row)


def how_many(session: Session, person_id: str) -> int:
    """How many enquiries a person has, whatever became of them."""
    return session.scalar(select(func.count()).select_from(_own(person_id).subquery())) or 0


def of_person(session: Session, person_id: str) -> list[Enquiry]:
    """A person's own enquiries, the latest first, whatever became of them."""
    rows = session.scalars(_own(person_id).order_by(EnquiryRow.sent_at.desc(), EnquiryRow.id))
    return [_opened(session, row) for row in rows]


def withdraw(session: Session, person_id: str, enquiry_id: str) -> None:
    """Take back an enquiry of this person, whatever became of it. Raises NoEnquiryError."""
    session.delete(_locked(session, _own(person_id), enquiry_id))


def received(session: Session, agency: str, offset: int, limit: int) -> tuple[int, list[tuple[Enquiry, PersonRow]]]:
    """How many enquiries wait for an agency's registrars, and some of them, the oldest first, with their askers."""
    waiting = _waiting(agency)
    total = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    rows = session.scalars(waiting.order_by(EnquiryRow.sent_at, EnquiryRow.id).offset(offset).limit(limit)).all()
    askers = _people(session, {row.person for row in rows})
    return total, [(_opened(session, row), askers[row.person]) for row in rows]


def close(session: Session, agency: str, enquiry_id: str) -> PersonRow:
    """Be done with an enquiry that waits for an agency's registrars; gives its asker. Raises NoEnquiryError."""
    row = _locked(session, _waiting(agency), enquiry_id)
    row.closed_at = now()
    return session.get_one(PersonRow, row.person)


def clear(session: Session, most: int) -> int:
    """Delete enquiries that are over, which nobody is told of any more; gives how many."""
    some = session.scalars(select(EnquiryRow.id).where(EnquiryRow.over_at <= now()).limit(most)).all()
    session.execute(delete(EnquiryRow).where(EnquiryRow.id.in_(some)))
    return len(some)


def _own(person_id: str) -> Select[EnquiryRow]:
    return select(EnquiryRow).where(EnquiryRow.person == person_id, EnquiryRow.over_at > now())


def _waiting(agency: str) -> Select[EnquiryRow]:
    """The enquiries that nobody of an agency has closed, of people who may still ask."""
    at = now()
    asking = (
        select(PersonRow.id)
        .join(AgencyRow, PersonRow.agency == AgencyRow.code)
        .join(GrantRow, GrantRow.person == PersonRow.id)
        .where(PersonRow.active, AgencyRow.active, GrantRow.role.in_(policy.TABLE[Action.ENQUIRE]))
        .where(GrantRow.starts <= at, or_(GrantRow.ends.is_(None), GrantRow.ends > at))
    )
    waiting = select(EnquiryRow).where(EnquiryRow.agency == agency, EnquiryRow.closed_at.is_(None))
    return waiting.where(EnquiryRow.over_at > at, EnquiryRow.person.in_(asking))


def _locked(session: Session, query: Select[EnquiryRow], enquiry_id: str) -> EnquiryRow:
    row = session.scalars(locking(query.where(EnquiryRow.id == enquiry_id))).one_or_none()
    if row is None:
        raise NoEnquiryError
    return row


def _people(session: Session, names: Iterable[str]) -> dict[str, PersonRow]:
    return {row.id: row for row in session.scalars(select(PersonRow).where(PersonRow.id.in_(names)))}


def _opened(session: Session, row: EnquiryRow) -> Enquiry:
    try:
        words = json.loads(vault.unseal(session, row.sealed, _about(row)))
    except vault.VaultError:
        words = {"asked": {}, "note": ""}
    return Enquiry(row.id, row.agency, row.sent_at, row.over_at, words["asked"], words["note"])


def _about(row: EnquiryRow) -> str:
    """What a sealed enquiry is bound to."""
    return f"enquiry {row.id} of {row.person} to {row.agency}"
