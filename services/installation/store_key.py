"""Changes the key that a bucket is sealed with, while people work. Refuses to forget one that anything is sealed with.

First the next key is made, beside the other. Once all hosts have it, they seal with it from the same moment, and both
open. Then everything is brought under it, object by object, until a whole walk finds nothing else; and only then is the
key before forgotten, on this host at once, and on others when they hear of it. Whoever is stopped runs it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.database import locked, now
from auth.tables import SharedRow
from indexer.library.states import State
from indexer.library.tables import DocumentRow, RemovedDocumentRow
from indexer.store.contract import StoreError
from indexer.store.sealed_store import SealedStore
from indexer.store.sealed_streams import SealedStreams
from services.components import Components
from services.hosts import agreement, comparing
from services.hosts.roles import NEXT_STORE_KEY, HostError
from services.opening.stores import SEALS

BEGIN: Final = "change_store_key"  # what the trail calls it
END: Final = "forget_store_key"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A change of the key."""

    components: Components
    store: SealedStore

    def steps(self, begin: Event, end: Event) -> Iterator[tuple[int, int]]:
        """Change the key; tells after each step how many objects were looked at, and of how many.

        Raises HostError, StoreError and others.
        """
        agreement.follow_store_key(self.components)
        self.store.keys.make_following()
        yield 0, 0
        key = self._seal_from_now_on(begin)
        yield 0, 0
        anew = 1
        while anew:
            self._check_still(key)
            resealing = self.store.resealing(key, self._is_over)
            yield from resealing.steps()
            anew = resealing.anew
        if resealing.broken:
            raise StoreError(
                f"{len(resealing.broken)} objects open with neither key, {resealing.broken[0]} the first, so the key "
                "before is kept. Put them back from a backup, or remove their documents; then run this again."
            )
        self._forget(key, end)
        yield 1, 1

    def _seal_from_now_on(self, event: Event) -> SealedStreams:
        """Let all hosts seal with the next key. Raises HostError where one of them would not open that."""
        key = self.store.keys.following()
        if key is None:
            raise HostError("Somebody else has changed the key at this moment.")
        with self.components.database.session() as session:
            row = _sealing(session)
            problem = "" if row.value == key.fingerprint else self._problem(row.value, key.fingerprint)
            if row.value != key.fingerprint:
                self.components.trail.record(replace(event, decision="refused") if problem else event)
            if not problem:
                row.value = key.fingerprint
        if problem:
            raise HostError(problem)
        return key

    def _problem(self, sealing: str, following: str) -> str:
        """What is against sealing with the next key; "" if nothing is."""
        if sealing not in ("", self.store.keys.current().fingerprint):
            return f"Another host changes the key already. Go on there, and delete {NEXT_STORE_KEY} of this home."
        if lacking := comparing.lacking_next_store_key(self.components, following):
            return (
                f"Not every host has the next key: {', '.join(lacking)}. Copy {NEXT_STORE_KEY} of this home into "
                "theirs, and run this again ten seconds later; one that is gone for good: tolmach host forget NAME"
            )
        return ""

    def _is_over(self, document_id: str) -> bool:
        """Whether a document was removed for good, or nobody can bring it back any more."""
        with self.components.database.reading() as session:
            row = session.get(DocumentRow, document_id)
            if row is None:  # removed; or its original is here before it is, as it comes in
                return session.get(RemovedDocumentRow, document_id) is not None
            over = row.deletes_at is not None and row.deletes_at <= now() and not row.legal_hold
            return row.state is State.REMOVING and over

    def _forget(self, key: SealedStreams, event: Event) -> None:
        """Let all hosts forget the key before."""
        with self.components.database.session() as session:
            _sealing(session)  # locked
            self._check_still(key)
            if agreement.may_have_several(self.components.settings):
                agreement.agree_on_store_key(session, key.fingerprint)
            self.components.trail.record(event)
        if self.store.keys.following() == key:
            self.store.keys.forget_earlier()

    def _check_still(self, key: SealedStreams) -> None:
        """Raise HostError where the key was changed once more."""
        if self.store.keys.sealing() != key:
            raise HostError("Another run has ended this change, and a next one has begun. See: tolmach doctor")


def _sealing(session: Session) -> SharedRow:
    """Which key seals, locked."""
    return locked(session, select(SharedRow).where(SharedRow.name == SEALS), SharedRow(name=SEALS, value=""))
