"""Enquiries to other agencies: an expert sends a search, their registrars see it. Tells no asker what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Query
from sqlalchemy.orm import Session

from auth.people import UnknownError
from auth.policy import Action
from indexer.enquiries import enquiries
from indexer.enquiries.enquiries import NoEnquiryError, OwnAgencyError, TooManyEnquiriesError
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.routes.search import sealed_words
from services.schemas.asking.enquiries import (
    ClosingBody,
    EnquiryBody,
    EnquirySchema,
    ReceivedEnquiries,
    ReceivedEnquiry,
)

router = guarded_router()

MOST_LISTED: Final = 200
DEEPEST: Final = 1_000_000


@router.post("/enquiries", status_code=201)
def send_enquiry(body: EnquiryBody, caller: CurrentUser) -> EnquirySchema:
    """Ask another agency's registrars what they hold on a search. What they release, one's own search finds.

    The answer is the same whether or not there is a registrar, and whatever the agency holds.
    """
    caller.require(Action.ENQUIRE)
    try:
        with caller.components.database.session() as session:
            enquiry = enquiries.send(session, caller.principal, body.agency, body.kept_search(), body.note)
            event = caller.event("send_enquiry", enquiry.enquiry_id, detail={"agency": enquiry.agency})
            words = "\n".join(filter(None, (sealed_words(body.search.query, body.search), body.note)))
            caller.components.trail.record(replace(event, secret=words))
    except (OwnAgencyError, TooManyEnquiriesError, UnknownError) as error:
        caller.record("send_enquiry", "", "refused", {"rule": error.code})
        raise
    return EnquirySchema.of(enquiry)


@router.get("/enquiries")
def own_enquiries(caller: CurrentUser) -> list[EnquirySchema]:
    """One's own enquiries, the latest first, until they are withdrawn or over, whatever became of them."""
    caller.require(Action.ENQUIRE)
    with caller.components.database.reading() as session:
        listed = enquiries.of_person(session, caller.principal.person_id)
        caller.record("list_enquiries", detail={"total": len(listed)})
    return [EnquirySchema.of(each) for each in listed]


@router.delete("/enquiries/{enquiry_id}", status_code=204)
def withdraw_enquiry(enquiry_id: str, caller: CurrentUser) -> None:
    """Take back an enquiry of one's own."""
    caller.require(Action.ENQUIRE)
    with _on_one(caller, "withdraw_enquiry", enquiry_id) as session:
        enquiries.withdraw(session, caller.principal.person_id, enquiry_id)
        caller.record("withdraw_enquiry", enquiry_id)


@router.get("/enquiries/received")
def received_enquiries(
    caller: CurrentUser,
    offset: Annotated[int, Query(ge=0, le=DEEPEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 50,
) -> ReceivedEnquiries:
    """What other agencies' experts ask one's own, and no registrar has closed, the oldest first."""
    caller.require(Action.RECEIVE)
    with caller.components.database.reading() as session:
        total, listed = enquiries.received(session, caller.principal.agency, offset, limit)
        caller.record("list_received_enquiries", detail={"total": total, "offset": offset, "listed": len(listed)})
    return ReceivedEnquiries(total=total, enquiries=[ReceivedEnquiry.of(*each) for each in listed])


@router.post("/enquiries/{enquiry_id}/closure", status_code=204)
def close_enquiry(enquiry_id: str, body: ClosingBody, caller: CurrentUser) -> None:
    """Be done with an enquiry to one's own agency, for all its registrars. Releases nothing, tells the asker nothing.

    To release a document, relabel it: a second registrar decides.
    """
    caller.require(Action.RECEIVE)
    with _on_one(caller, "close_enquiry", enquiry_id) as session:
        asker = enquiries.close(session, caller.principal.agency, enquiry_id)
        about: dict[str, str | int] = {"answered": int(body.answered), "username": asker.username}
        caller.record("close_enquiry", enquiry_id, detail=about)


@contextmanager
def _on_one(caller: Caller, act: str, enquiry_id: str) -> Iterator[Session]:
    """A transaction about one enquiry; if there is none such, the trail says so after it."""
    try:
        with caller.components.database.session() as session:
            yield session
    except NoEnquiryError:
        caller.record(act, enquiry_id[:64], "refused", {"rule": "absent"})
        raise
