"""Says in the database which hosts there are and what they work with, and stops a host that came to differ."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.metadata import version
from typing import Final

from sqlalchemy import delete, text

from auth.database import now, put
from auth.errors import TolmachError
from auth.tables import HostRow
from services.components import Components
from services.hosts import agreement, comparing
from services.hosts.roles import NEXT_STORE_KEY, HostError, HostRole
from services.settings import Settings

EVERY: Final = 5.0  # seconds

_log = logging.getLogger(__name__)


@contextmanager
def announced(settings: Settings, work: Sequence[HostRole], stop: Callable[[], object]) -> Iterator[None]:
    """While the block lasts, others see this host; `stop` is called once it differs from what all must have alike.

    Raises HostError where it differs from the beginning.
    """
    if not agreement.may_have_several(settings):
        yield
        return
    with closing(Components(settings)) as components:
        _look(components, work)
        ended = threading.Event()
        thread = threading.Thread(target=_beat, args=(components, work, ended, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            _leave(components, work)


def _beat(components: Components, work: Sequence[HostRole], ended: threading.Event, stop: Callable[[], object]) -> None:
    while not ended.wait(EVERY):
        try:
            _look(components, work)
        except HostError as error:
            _log.critical("%s", error)
            stop()
            return
        except (TolmachError, OSError) as error:
            _log.error("this host could not be announced: %s", error)


def _look(components: Components, work: Sequence[HostRole]) -> None:
    for role in work:
        agreement.check(components, role)
    _refuse_trail_of_its_own(components)
    facts = {role: json.dumps(facts_of(components, role), sort_keys=True) for role in work}
    with components.database.session() as session:
        for role in work:
            put(session, HostRow(name=components.settings.own_name, role=role, facts=facts[role], seen=now()))


def _refuse_trail_of_its_own(components: Components) -> None:
    """Raise HostError where this host keeps a trail in a file, and there are others: there is one chain."""
    others = {host.name for host in comparing.hosts(components) if not host.is_silent} - {components.settings.own_name}
    if components.settings.audit == "file" and others:
        raise HostError(
            f"The audit trail is a file here, and {', '.join(sorted(others))} work on this database too. All keep "
            "one trail, in PostgreSQL. On the host that has it: tolmach audit move; then TOLMACH_AUDIT=database on all."
        )


def _leave(components: Components, work: Sequence[HostRole]) -> None:
    try:
        with components.database.session() as session:
            ours = HostRow.name == components.settings.own_name
            session.execute(delete(HostRow).where(ours, HostRow.role.in_(work)))
    except TolmachError as error:
        _log.error("this host could not be taken off the list: %s", error)


def facts_of(components: Components, role: HostRole) -> dict[str, str]:
    """What a host works with, each as a short text; no key, fingerprints alone."""
    settings = components.settings
    facts = {
        "version": version("tolmach"),
        "tables": agreement.tables_here(),
        "store": f"{settings.store} {settings.store_bucket} {settings.store_prefix}".strip(),
        "clock": f"{_clock(components):.1f}",
        **agreement.fingerprints(components),
    }
    if following := components.store_keys.following():
        facts[NEXT_STORE_KEY] = following.fingerprint
    if role is not HostRole.OCR:
        facts["search engine"] = f"{settings.engine} {settings.elasticsearch_prefix}"
        facts["encoder"] = components.encoder.name if components.encoder else ""
    if role is not HostRole.API:
        facts["languages of text recognition"] = " ".join(components.recogniser.languages)
    if role is HostRole.WORKER:
        facts["models"] = components.packages.fingerprint() if components.packages.models() else ""
    return facts


def _clock(components: Components) -> float:
    """By how many seconds this host's clock is ahead of the database's."""
    with components.database.reading() as session:
        moment = session.scalar(text("SELECT clock_timestamp()"))
    return (now() - moment).total_seconds() if moment else 0.0
