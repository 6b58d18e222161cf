"""Carries out what administrators and the operator ask for: the same for the API and the commands, with its trail.

The trail is written before the transaction ends, so that no change is made that it does not tell of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from auth import passwords, people
from auth.audit.entries import Event
from auth.changes import access, approvals
from auth.changes.access import AddPerson, Change, LinkPerson
from auth.changes.approvals import ChangeOutcome
from auth.changes.proposals import NoProposalError, ProposalError
from auth.explain import Explanation, explain, standing
from auth.labels import Label
from auth.people import PeopleError, Principal
from auth.policy import Action, Scope
from auth.scheme import Scheme
from indexer.handling import access_preview
from indexer.handling.access_preview import Effect
from indexer.handling.explanation import of_document
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from services.components import Components
from services.schemas.changes import trail_detail

Detail = Mapping[str, str | int]
Scopes = Callable[[Session], Iterable[Scope]]


@dataclass(frozen=True, slots=True)
class Administration:
    """Whoever changes access, None for the operator, and how the trail speaks of what they do.

    `event` takes an action, an object, a decision and a detail.
    """

    components: Components
    by: Principal | None
    event: Callable[[str, str, str, Detail], Event]

    @property
    def scheme(self) -> Scheme:
        """The levels."""
        return self.components.scheme

    def note(self, action: str, total: int) -> None:
        """Write to the trail that a list was shown. Raises TrailError."""
        self.components.trail.record(self.event(action, "", "allowed", {"total": total}))

    def request(self, change: Change, reason: str) -> ChangeOutcome:
        """Make a change, or propose it. Raises PeopleError, ProposalError, DatabaseError, TrailError."""
        with self._session(change.kind, named(change)) as session:
            outcome = approvals.request(session, change, reason, self.by)
            self._record(session, outcome, "proposed" if outcome.waits else "allowed")
        return outcome

    def add_with_password(self, change: AddPerson, reason: str, password: str) -> None:
        """As the operator, add a person who signs in with this password. Raises WeakPasswordError, PeopleError."""
        hashed = passwords.hashed(password, change.username)
        with self._session(change.kind, change.username) as session:
            outcome = approvals.request(session, change, reason, None)
            person = people.the_person(session, change.username)
            person.password, person.code_until = hashed, None
            self._record(session, outcome, "allowed")

    def link(self, username: str, subject: str) -> LinkPerson:
        """The change that lets a subject of the configured issuer sign in as a person. Raises PeopleError."""
        issuer = self.components.settings.oidc_issuer
        if not issuer:
            with self._session(LinkPerson.kind, username):
                raise PeopleError("There is no single sign-on here. Set TOLMACH_OIDC_ISSUER first.", code="no_issuer")
        return LinkPerson(username, issuer, subject)

    def approve(self, proposal_id: str) -> ChangeOutcome:
        """Make a change that waited. Raises NoProposalError besides what `request` raises."""
        with self._session("approve_proposal", proposal_id) as session:
            outcome = approvals.approve(session, proposal_id, self.by)
            self._record(session, outcome, "allowed")
        return outcome

    def refuse(self, proposal_id: str, reason: str) -> ChangeOutcome:
        """Close a proposal without making its change. Raises as `approve` does."""
        with self._session("refuse_proposal", proposal_id) as session:
            outcome = approvals.refuse(session, proposal_id, reason, self.by)
            self._record(session, outcome, "refused")
        return outcome

    def preview(self, change: Change) -> Effect:
        """What a change would do to whom; nothing is kept. Raises PeopleError."""
        with self.components.database.session() as session:
            effect = access_preview.preview(session, change)
            about = {"change": change.kind, **trail_detail(change, self.scheme)}
            self.components.trail.record(self.event(Action.PREVIEW, named(change), "allowed", about))
        return effect

    def explain(self, username: str, action: Action, of: Label | str, scopes: Scopes) -> Explanation:
        """Why a person may do something under a label, or to a document inside these scopes of whoever asks.

        Raises UnknownError, and AbsentError for a document outside them.
        """
        about: dict[str, str | int] = {"username": username, "action": action}
        object_id = of if isinstance(of, str) else ""
        with self.components.database.reading() as session:
            who = standing(session, username)
            try:
                if isinstance(of, Label):
                    about["label"] = of.rule.as_text()
                    explanation = explain(who, action, of, self.scheme)
                else:
                    explanation = of_document(session, scopes(session), of, who, action, self.scheme)
            except AbsentError:
                about |= documents.why_refused(session, object_id)
                self.components.trail.record(self.event(Action.EXPLAIN, object_id[:64], "refused", about))
                raise
            about["answer"] = int(explanation.allowed)
            self.components.trail.record(self.event(Action.EXPLAIN, object_id, "allowed", about))
        return explanation

    @contextmanager
    def _session(self, action: str, object_id: str) -> Iterator[Session]:
        """A transaction; if this person may not do this, or it makes no sense, the trail says so after it."""
        try:
            with self.components.database.session() as session:
                yield session
        except (ProposalError, NoProposalError, PeopleError) as error:
            rule = {ProposalError: "proposal", NoProposalError: "absent"}.get(type(error), "sense")
            self.components.trail.record(self.event(action, object_id[:64], "refused", {"rule": rule}))
            raise

    def _record(self, session: Session, outcome: ChangeOutcome, decision: str) -> None:
        about = trail_detail(outcome.change, self.scheme) | {"reason": outcome.reason}
        if isinstance(outcome.change, access.EndGrant):
            about["role"] = people.the_grant(session, outcome.change.grant_id).role
        references = {"proposal": outcome.proposal_id, "proposed_by": outcome.proposed_by}
        about |= {name: text for name, text in references.items() if text}
        subject = access.subject(session, outcome.change)
        self.components.trail.record(self.event(outcome.change.kind, subject, decision, about))


def named(change: Change) -> str:
    """Whom or what a change names, whether it is there or not."""
    return str(getattr(change, "username", "") or getattr(change, "code", "") or getattr(change, "grant_id", ""))
