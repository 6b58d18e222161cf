"""Leases: a document is one worker's alone for a while. Refuses a change by whoever no longer holds the document."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from auth.database import Database, locking, now
from auth.errors import ErrorKind, TolmachError
from indexer.library.states import State
from indexer.library.tables import LEASED, DocumentRow

Progress = Callable[[int, int], None]  # pages or sentences done, and in all

LENGTH: Final = timedelta(minutes=2)  # renewed while work goes on
RENEWED_AFTER: Final = timedelta(seconds=20)
MOST_BROKEN: Final = 3


@dataclass(frozen=True, slots=True)
class Lease:
    """A document, the state it was found in, and who holds it."""

    document_id: str
    state: State
    holder: str


class LostLeaseError(TolmachError):
    """Somebody else has the document now, or it is gone: what was done for it must be forgotten."""

    kind = ErrorKind.INTERNAL
    code = "lost_lease"


def new_holder() -> str:
    """A name for a worker of this process, by which others on this machine can tell whether it lives."""
    return f"{_machine()} {os.getpid()} {_started(os.getpid())} {secrets.token_hex(4)}"


def take(row: DocumentRow, holder: str) -> Lease:
    """Lease a document that is free."""
    row.lease_until, row.lease_owner = now() + LENGTH, holder
    return Lease(row.id, row.state, holder)


def leased_row(session: Session, lease: Lease) -> DocumentRow:
    """The document of a lease, locked. Raises LostLeaseError if it is another's by now, or no longer as it was."""
    row = session.scalar(locking(select(DocumentRow).where(DocumentRow.id == lease.document_id)))
    if row is None or row.lease_owner != lease.holder or row.state is not lease.state:
        raise LostLeaseError
    return row


def renewing(database: Database, lease: Lease, progress: Progress | None = None) -> Progress:
    """What is told how far the work has come, tells `progress`, and renews the lease; it raises LostLeaseError."""
    renewed = now()

    def renew(done: int, total: int) -> None:
        nonlocal renewed
        if progress is not None:
            progress(done, total)
        if now() - renewed > RENEWED_AFTER:
            with database.session() as session:
                take(leased_row(session, lease), lease.holder)
            renewed = now()

    return renew


def end(row: DocumentRow) -> None:
    """End the lease of a document whose stage was done, or given up."""
    row.lease_until, row.lease_owner, row.broken_leases = None, "", 0


def give_back(session: Session, lease: Lease, broken: int = 0) -> None:
    """Free the document if it is still the holder's; `broken` counts against the document."""
    own = update(DocumentRow).where(DocumentRow.id == lease.document_id, DocumentRow.lease_owner == lease.holder)
    count = DocumentRow.broken_leases + broken
    session.execute(own.values(lease_until=None, lease_owner="", broken_leases=count))


def end_those_of_the_dead(session: Session) -> None:
    """Let leases of processes of this machine that no longer live run out at once."""
    holders = session.scalars(select(DocumentRow.lease_owner).where(LEASED).distinct())
    dead = [holder for holder in holders if _dead(holder)]
    if dead:
        of_the_dead = update(DocumentRow).where(DocumentRow.lease_owner.in_(dead))
        session.execute(of_the_dead.values(lease_until=now() - timedelta(seconds=1)))


def _dead(holder: str) -> bool:
    machine, _, rest = holder.partition(" ")
    if machine != _machine() or len(rest.split()) != 3:
        return False
    pid, started, _ = rest.split()
    return started != "?" and _started(int(pid)) != started


def _machine() -> str:
    """This machine, this boot of it, and this container on it."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{socket.gethostname()}/{boot}/{Path('/proc/self/ns/pid').readlink()}"
    return f"{socket.gethostname()}/{secrets.token_hex(4)}"  # no way to tell: never the same


def _started(pid: int) -> str:
    """When a process began, in ticks since boot; "?" if there is no such process."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return "?"
