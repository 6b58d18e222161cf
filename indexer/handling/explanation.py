"""Explains access to one document: its label's rules and its times. Refuses one that the asker may not know of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from auth import policy
from auth.database import now
from auth.explain import AccessStanding, Explanation, Step, explain
from auth.policy import Action, Scope
from auth.scheme import Scheme
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.library.documents import Times


def of_document(
    session: Session, scopes: Iterable[Scope], document_id: str, who: AccessStanding, action: Action, scheme: Scheme
) -> Explanation:
    """Why a person may do this to a document inside one of these scopes of the asker. Raises AbsentError for others."""
    rows = (documents.get(session, scope, document_id) for scope in scopes)
    row = next((row for row in rows if row is not None), None)
    if row is None:
        raise AbsentError(document_id)
    times = [] if action in policy.UNPUBLISHED else [publication(documents.times_of(row), now())]
    return explain(who, action, documents.label_of(session, row), scheme, times)


def publication(times: Times, at: datetime) -> Step:
    """Whether the document is inside its time."""
    if times.embargo_until is not None and at < times.embargo_until:
        until = f"{times.embargo_until:%Y-%m-%d %H:%M} UTC"
        return Step("publication", False, f"It is under embargo until {until}.", f"Документ под запретом до {until}.")
    if not times.published(at):
        since = f"{times.expires_at:%Y-%m-%d %H:%M} UTC"
        return Step("publication", False, f"It expired on {since}.", f"Срок действия документа истёк {since}.")
    return Step("publication", True, "It is published.", "Документ опубликован.")
