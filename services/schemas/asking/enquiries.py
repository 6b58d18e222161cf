"""Enquiries, which go from an expert to another agency's registrars, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, StringConstraints

from auth.tables import PersonRow
from indexer.enquiries.enquiries import Enquiry
from services.schemas.fields import Strict, Word
from services.schemas.search import SearchBody

LONGEST_NOTE: Final = 1_000  # characters


def _with_words(search: SearchBody) -> SearchBody:
    if not search.query.strip():
        raise ValueError("an enquiry has words")
    return search


class EnquiryBody(Strict):
    """A search for the registrars of an agency, and what they should know besides: they are shown all of it."""

    agency: Word
    search: Annotated[SearchBody, AfterValidator(_with_words)]
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE, strip_whitespace=True)] = ""

    def kept_search(self) -> dict[str, Any]:
        """What is kept of the search."""
        return self.search.model_dump(mode="json", exclude_defaults=True, exclude={"offset", "limit"})


class EnquirySchema(BaseModel):
    """An enquiry: `search` is what /api/search takes. One without a query does not open any more.

    It does not say what became of it. What was released, a search finds.
    """

    enquiry_id: str
    agency: str
    sent_at: datetime
    over_at: datetime
    search: SearchBody
    note: str

    @staticmethod
    def of(enquiry: Enquiry) -> EnquirySchema:
        """From what is kept."""
        return EnquirySchema(
            enquiry_id=enquiry.enquiry_id,
            agency=enquiry.agency,
            sent_at=enquiry.sent_at,
            over_at=enquiry.over_at,
            search=SearchBody.model_validate(enquiry.asked),
            note=enquiry.note,
        )


class AskerSchema(BaseModel):
    """Who asks, as they are now."""

    username: str
    name: str
    agency: str


class ReceivedEnquiry(BaseModel):
    """An enquiry that waits for the registrars of one's own agency."""

    enquiry: EnquirySchema
    asker: AskerSchema

    @staticmethod
    def of(enquiry: Enquiry, person: PersonRow) -> ReceivedEnquiry:
        """From what is kept, and its asker."""
        asker = AskerSchema(username=person.username, name=person.name, agency=person.agency)
        return ReceivedEnquiry(enquiry=EnquirySchema.of(enquiry), asker=asker)


class ReceivedEnquiries(BaseModel):
    """How many enquiries wait, and some of them, the oldest first."""

    total: int
    enquiries: list[ReceivedEnquiry]


class ClosingBody(Strict):
    """Whether something was found that may be released. The trail keeps it; the asker is not told."""

    answered: bool
