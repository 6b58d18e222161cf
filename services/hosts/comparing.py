"""Compares the hosts of one database: which differ in what, which are silent, whose clock is wrong; and what to do."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Final

from sqlalchemy import delete, select

from auth.database import now
from auth.tables import HostRow
from services.components import Components
from services.hosts import agreement
from services.hosts.roles import NEXT_STORE_KEY, HostError, HostRole

SILENT: Final = timedelta(seconds=60)
MOST_AHEAD: Final = 5.0  # seconds
UPGRADE: Final = frozenset({"version", "tables"})
APART: Final = frozenset({"clock", "models"})  # looked at in another way


@dataclass(frozen=True, slots=True)
class Host:
    """A host and what it works with."""

    name: str
    role: HostRole
    facts: dict[str, str]
    seen: datetime

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard of it for a while."""
        return now() - self.seen > SILENT

    @property
    def described(self) -> str:
        """Its name and work."""
        return f"{self.name} ({self.role})"


def hosts(components: Components) -> list[Host]:
    """The hosts that were announced. Raises DatabaseError."""
    with components.database.reading() as session:
        rows = session.scalars(select(HostRow).order_by(HostRow.name, HostRow.role))
        return [Host(row.name, HostRole(row.role), json.loads(row.facts), row.seen) for row in rows]


def lacking_next_store_key(components: Components, fingerprint: str) -> list[str]:
    """Hosts that would not open what is sealed with the next key of the store: they lack it, or say nothing."""
    return sorted(
        {
            host.name + (" (silent)" if host.is_silent else "")
            for host in hosts(components)
            if not _is_here(components, host) and (host.is_silent or host.facts.get(NEXT_STORE_KEY) != fingerprint)
        }
    )


def _is_here(components: Components, host: Host) -> bool:
    """Whether a host has this home, and what works there knows of a next key."""
    return host.name == components.settings.own_name and host.facts.get("version") == version("tolmach")


def forget(components: Components, name: str) -> int:
    """Take a host that is gone off the list; gives the number of its entries. Raises DatabaseError."""
    with components.database.session() as session:
        gone = session.execute(delete(HostRow).where(HostRow.name == name).returning(HostRow.role)).all()
    return len(gone)


def described(components: Components) -> str:
    """In words which hosts there are. Raises HostError, which says what is wrong and what to do."""
    if not agreement.may_have_several(components.settings):
        return "this one alone: the database is a file of it"
    agreement.refuse(agreement.differing(components))
    every = hosts(components)
    problems = list(_problems(components, every))
    if problems:
        raise HostError("; ".join(problems))
    return ", ".join(host.described for host in every) + ": alike" if every else "none is running"


def _problems(components: Components, every: Sequence[Host]) -> Iterator[str]:
    for host in every:
        if host.is_silent:
            moment = host.seen.isoformat(timespec="seconds")
            yield (
                f"{host.described} was heard of last at {moment}: start it, "
                f"or, if it is gone for good: tolmach host forget {host.name}"
            )
    live = [host for host in every if not host.is_silent]
    yield from _differences(live)
    with components.database.reading() as session:
        agreed = agreement.agreed_models(session)
    for host in live:
        ahead = float(host.facts.get("clock", "0"))
        if abs(ahead) > MOST_AHEAD:
            yield f"the clock of {host.name} differs from the database's by {ahead:.0f} seconds: set it (chrony, NTP)"
        if host.role is HostRole.WORKER and host.facts["models"] and agreed not in (None, host.facts["models"]):
            yield (
                f"{host.described} has other translation packages than all are to have, so it does not translate: "
                "install the same there (tolmach models list)"
            )


def _differences(live: Sequence[Host]) -> Iterator[str]:
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for host in live:
        for name, value in host.facts.items():
            if value and name not in APART and host.name not in values[name][value]:
                values[name][value].append(host.name)
    for name, by_value in values.items():
        if len(by_value) > 1:
            each = "; ".join(f"{value} on {', '.join(names)}" for value, names in sorted(by_value.items()))
            upgrade = "upgrade the others too" if name in UPGRADE else "make it the same on all"
            yield f"{name} differs ({each}): {upgrade}"
