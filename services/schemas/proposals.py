"""Changes that wait for a second person, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from pydantic import BaseModel

from auth.changes.access import Change
from auth.changes.kinds import Proposal
from auth.scheme import Scheme
from indexer.handling.proposals.labels import LabelChange
from indexer.handling.proposals.removals import RemovalChange
from indexer.handling.retention.schedules import ScheduleChange
from indexer.handling.tombstones import ReturnChange
from services.schemas.changes import AnyChange, schema_of
from services.schemas.labels import HandlingSchema

ProposalKindName = Literal["access", "schedule", "relabel", "unseal", "remove", "dispose", "release", "return"]


class RelabelSchema(BaseModel):
    """Another label or other times for a document."""

    kind: Literal["relabel"] = "relabel"
    document_id: str
    old: HandlingSchema
    new: HandlingSchema

    @staticmethod
    def of(change: LabelChange, scheme: Scheme) -> RelabelSchema:
        """From a change."""
        old, new = (HandlingSchema.of(handling, scheme) for handling in (change.old, change.new))
        return RelabelSchema(document_id=change.document_id, old=old, new=new)


class RemovalSchema(BaseModel):
    """The removal of a document, its disposal, its return, or the end of its legal hold."""

    kind: Literal["remove", "dispose", "release", "return"]
    document_id: str


class ScheduleChangeSchema(BaseModel):
    """For how many years papers of a kind and a level are to be kept, and were so far; null: for good."""

    kind: Literal["schedule"] = "schedule"
    papers: str
    level: str
    old_years: int | None
    years: int | None


class ProposalSchema(BaseModel):
    """A change that waits, who proposed it, and why. `change` to access is as a preview takes it.

    `unseal` gives a document a label that was sealed because the database had it weaker than the audit trail.
    """

    proposal_id: str
    kind: ProposalKindName
    change: AnyChange | RelabelSchema | RemovalSchema | ScheduleChangeSchema
    reason: str
    proposed_by: str
    proposed_at: datetime

    @staticmethod
    def of(proposal: Proposal, scheme: Scheme) -> ProposalSchema:
        """From a proposal of any kind."""
        return ProposalSchema(
            proposal_id=proposal.proposal_id,
            kind=cast(ProposalKindName, proposal.kind),
            change=_schema_of(proposal.change, scheme),
            reason=proposal.reason,
            proposed_by=proposal.proposed_by,
            proposed_at=proposal.proposed_at,
        )


def _schema_of(change: object, scheme: Scheme) -> AnyChange | RelabelSchema | RemovalSchema | ScheduleChangeSchema:
    match change:
        case LabelChange():
            return RelabelSchema.of(change, scheme)
        case RemovalChange(kind, document_id):
            return RemovalSchema(
                kind=cast(Literal["remove", "dispose", "release", "return"], kind), document_id=document_id
            )
        case ScheduleChange(old, new):
            level = scheme.code(new.level)
            return ScheduleChangeSchema(papers=new.kind, level=level, old_years=old.years, years=new.years)
        case ReturnChange(document_id):
            return RemovalSchema(kind="return", document_id=document_id)
    return schema_of(cast(Change, change), scheme)


class Approved(BaseModel):
    """The change was made. `code`: the second half of the person's one-time code, shown this once."""

    state: Literal["done"] = "done"
    code: str | None
