"""Changes to access: made at once, or once a second administrator approves. Refuses what would leave nobody to approve.

What widens anybody's scope or powers waits, unless the operator at the console makes it (`by` is None). A one-time code
is told in two halves, to the proposer and to the approver, so that neither can sign in as somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import people, policy
from auth.changes import access, proposals
from auth.changes.access import Change
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import Database, locking
from auth.people import PeopleError, Principal
from auth.policy import Action
from auth.signin import one_time_codes, vault
from auth.tables import PersonRow, ProposalRow

KIND: Final = "access"
CODED: Final = (access.AddPerson, access.RenewSignIn)  # changes that end in a one-time code
FEWEST: Final = 2  # administrators: with fewer, nothing could be approved any more


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """What became of a change, without its secrets. `code` is a one-time code, or the half that this person is told."""

    change: Change
    waits: bool
    reason: str
    proposal_id: str = ""
    proposed_by: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits for a second administrator, and who proposed it why."""

    row: ProposalRow
    change: Change
    proposed_by: str


def request(session: Session, change: Change, reason: str, by: Principal | None) -> ChangeOutcome:
    """Make a change, or propose it where it needs a second administrator. Raises PeopleError, ProposalError."""
    access.lock(session)
    _forget_what_is_late(session)
    _must_administer(session, by)
    first, second = _halves(change)
    if first:
        change = access.with_code(change, one_time_codes.hashed(f"{first}-{second}"), second)
    without_secrets = access.with_code(change, "", "")
    if by is None or not access.widens(session, change):
        _make(session, change, by)
        return ChangeOutcome(without_secrets, waits=False, reason=reason, code=f"{first}-{second}" if first else "")
    with access.dry_run(session, change):  # what makes no sense is refused now, not when it is approved
        pass
    row = proposals.propose(session, KIND, access.to_json(_sealed(session, change)), reason, by)
    return ChangeOutcome(without_secrets, waits=True, reason=reason, proposal_id=row.id, code=first)


def waiting(session: Session) -> list[Waiting]:
    """The changes that wait, the oldest first."""
    return [_waiting(session, row) for row in proposals.waiting(session, {KIND})]


def find(session: Session, proposal_id: str) -> Waiting:
    """A change that waits, locked until the transaction ends. Raises NoProposalError."""
    row = proposals.find(session, proposal_id, {KIND})
    if row is None:
        raise NoProposalError
    return _waiting(session, row)


def approve(session: Session, proposal_id: str, by: Principal | None) -> ChangeOutcome:
    """Make a change that waited. Raises NoProposalError, ProposalError, PeopleError; then it goes on waiting."""
    access.lock(session)
    proposal = find(session, proposal_id)
    _must_administer(session, by)
    proposer = people.principal(session, proposal.row.proposed_by)
    if proposer is None or not policy.allows(proposer, Action.ADMINISTER):
        raise ProposalError(
            "Whoever proposed this administers no longer. Refuse it, and propose it anew.", code="proposer_gone"
        )
    if by is not None and access.favours(proposal.change) == by.username:
        raise ProposalError("Somebody else must approve what gives you something yourself.", code="own_advantage")
    proposals.decide(proposal.row, by, "approved")
    _make(session, proposal.change, by)
    return _closed(session, proposal)


def refuse(session: Session, proposal_id: str, reason: str, by: Principal | None) -> ChangeOutcome:
    """Close a proposal without making its change: its proposer takes it back so. Raises as `approve` does."""
    access.lock(session)
    proposal = find(session, proposal_id)
    _must_administer(session, by)
    proposals.decide(proposal.row, by, "refused")
    return replace(_closed(session, proposal), reason=reason, code="")


def _halves(change: Change) -> tuple[str, str]:
    """The two halves of a new one-time code, empty where the change needs none."""
    half = one_time_codes.LENGTH // 2
    return (one_time_codes.generated(half), one_time_codes.generated(half)) if access.has_code(change) else ("", "")


def seal_halves(database: Database) -> None:
    """Seal the halves of one-time codes that an earlier version left open. Raises VaultError, DatabaseError."""
    with database.session() as session:
        for row in session.scalars(
            locking(select(ProposalRow).where(ProposalRow.kind == KIND).order_by(ProposalRow.id))
        ):
            change = access.from_json(row.change)
            if isinstance(change, CODED) and change.half and not vault.is_sealed(change.half):
                row.change = access.to_json(_sealed(session, change))


def _sealed(session: Session, change: Change) -> Change:
    """The change with the half of its code sealed, bound to the hash of the whole."""
    if not isinstance(change, CODED):
        return change
    return access.with_code(change, change.code_hash, vault.seal(session, change.half, change.code_hash))


def _waiting(session: Session, row: ProposalRow) -> Waiting:
    proposer = session.get_one(PersonRow, row.proposed_by)
    return Waiting(row, access.from_json(row.change), proposer.username)


def _closed(session: Session, proposal: Waiting) -> ChangeOutcome:
    """The proposal without what is secret in it."""
    coded = proposal.change if isinstance(proposal.change, CODED) else None
    half = vault.unseal(session, coded.half, coded.code_hash) if coded else ""
    change = access.with_code(proposal.change, "", "")
    proposal.row.change = access.to_json(change)
    return ChangeOutcome(change, False, proposal.row.reason, proposal.row.id, proposal.proposed_by, half)


def _forget_what_is_late(session: Session) -> None:
    for row in proposals.expire(session, {KIND}):
        row.change = access.to_json(access.with_code(access.from_json(row.change), "", ""))


def _must_administer(session: Session, by: Principal | None) -> None:
    now = people.principal(session, by.person_id) if by else None
    if by is not None and (now is None or not policy.allows(now, Action.ADMINISTER)):
        raise ProposalError("You no longer hold the role of an administrator.", code="no_administrator")


def _make(session: Session, change: Change, by: Principal | None) -> None:
    """Apply a change. An administrator may not leave fewer than two; the operator may, who can make new ones."""
    before = people.administrators(session)
    change.apply(session)
    session.flush()
    if by is not None and people.administrators(session) < min(before, FEWEST):
        raise PeopleError(
            "This would leave fewer than two administrators, and nothing could be approved any more."
            " Make another administrator first.",
            code="too_few_administrators",
        )
