"""How work grows with papers, people and entries of the trail: each figure is a ratio to the smallest size of the run.

`ARGS="1000 10000"` measures other sizes. Both databases where PostgreSQL's programs are here. Times are the median of
several; a ratio of 1 means that ten times as much takes as long.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

from corpus import USERNAME, Corpus
from factories import client, fresh, person
from figures import record
from servers import private_postgresql
from sqlalchemy import select, update
from statements import statements

from auth import policy
from auth.audit.entries import Event
from auth.audit.proven import prove_all, prove_on
from auth.audit.query import AuditQuery
from auth.changes.access import AddGrant, Terms
from auth.database import now
from auth.people import Role
from auth.policy import Action
from indexer.handling.access_preview import preview
from indexer.library.tables import DocumentRow
from indexer.pipeline import index_sync
from services.components import Components

SIZES = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 50_000]
RULES, PEOPLE, DUE, TIMES = 500, 500, 1_000, 9
WARM = 100  # documents and searches
ENTRIES = 10  # of the trail, for each document
SHOWN = 10  # entries of the trail: even the smallest has as many of each kind

Seconds = dict[str, float]


def main() -> None:
    figures: dict[str, float] = {}
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    with tempfile.TemporaryDirectory() as folder:
        warm(fresh(Path(folder) / "warm"))
        of_database(figures, "sqlite", Path(folder), None)
        if programs:
            of_database(figures, "postgresql", Path(folder), programs[0])
    record("scale", "make bench-scale", figures)


def warm(components: Components) -> None:
    """Let this process search before anything is measured: what it loads then does not grow."""
    corpus = Corpus(components)
    corpus.make(WARM, [5])
    corpus.spread(5)
    api = client(components, USERNAME)
    for word in corpus.words[50 : 50 + WARM]:
        _ask(api, word)
    components.close()


def of_database(figures: dict[str, float], name: str, folder: Path, programs: Path | None) -> None:
    """Every figure of one database: seconds at the smallest size, and what a larger one takes to that."""
    smallest: Seconds = {}
    for size in SIZES:
        home = folder / f"{name}-{size}"
        if programs:
            with private_postgresql(programs) as url:
                seconds = measured(fresh(home, database_url=url), size)
        else:
            seconds = measured(fresh(home), size)
        for what, value in seconds.items():
            if what.endswith(".statements"):
                figures[f"{name}.{size}.{what}"] = value
            elif size == SIZES[0]:
                figures[f"{name}.{size}.{what}.ms"] = round(1_000 * value, 1)
            else:
                figures[f"{name}.{size}.{what}.ratio"] = round(value / smallest[what], 2)
        smallest = smallest or seconds


def measured(components: Components, size: int) -> Seconds:
    """Seconds that each piece of work takes, and how many statements some of them make."""
    corpus = Corpus(components)
    corpus.make(size, [RULES])
    corpus.spread(RULES)
    for at in range(PEOPLE):
        person(components, f"p{at}", "AG0", ["expert"])
    person(components, "keeper", "AG0", ["registrar"])
    for number in range(0, ENTRIES * size, 1_000):
        _fill(components, number)
    seconds = {**of_reading(components, corpus), **of_trail(components), **of_due(components)}
    components.close()
    return seconds


def _fill(components: Components, first: int) -> None:
    """A thousand entries in one transaction, as the trail itself adds them."""
    with components.trail._keeper.transaction() as connection:
        for number in range(first, first + 1_000):
            about = Event(f"p{number % PEOPLE}", "192.0.2.1", ("search", "read")[number % 2], str(number % 997))
            components.trail._add(connection, about)


def of_reading(components: Components, corpus: Corpus) -> Seconds:
    """Searches, the first of a process apart, the registrar's list, and a preview of one grant."""
    words = corpus.words
    again = Components(components.settings)
    first = client(again, USERNAME)
    seconds: Seconds = {"first_search": _once(lambda: _ask(first, words[100]))}
    again.close()
    api, keeper = client(components, USERNAME), client(components, "keeper")
    _ask(api, words[99])
    at = iter(range(101, 10_000))
    seconds["search_1"] = _usual(lambda: _ask(api, words[next(at)]))
    seconds["search_5"] = _usual(lambda: _ask(api, " ".join(words[next(at)] for _ in range(5))))
    seconds["intake"] = _usual(lambda: keeper.get("/api/documents", params={"limit": 50}).raise_for_status())
    with statements(components) as asked:
        _ask(api, words[50])
    seconds["search.statements"] = len(asked)
    with statements(components) as asked:
        keeper.get("/api/documents", params={"limit": 50}).raise_for_status()
    seconds["intake.statements"] = len(asked)

    def look() -> None:
        with components.database.session() as session:
            preview(session, AddGrant("keeper", Terms(Role.EXPERT, 40)))

    seconds["preview"] = _usual(look)
    with components.database.reading() as session:
        everything = policy.operator_scope(session, Action.REMOVE)
        leaving = iter(session.scalars(select(DocumentRow.id).limit(TIMES)).all())
    why = Event("operator", "console", Action.REMOVE)
    seconds["removal"] = _usual(lambda: components.removals.remove(everything, None, next(leaving), "measured", why))
    return seconds


def of_trail(components: Components) -> Seconds:
    """The trail's filters, its proof as a whole, and again from where that ended."""
    trail = components.trail
    seconds = {"prove_all": _once(lambda: prove_all(components.database, trail))}
    trail.record(Event("operator", "console", "x"))
    seconds["prove_on"] = _usual(lambda: prove_on(components.database, trail))
    seconds["trail_newest"] = _usual(lambda: trail.find(AuditQuery(), SHOWN))
    seconds["trail_person"] = _usual(lambda: trail.find(AuditQuery(person="p7"), SHOWN))
    seconds["trail_object"] = _usual(lambda: trail.find(AuditQuery(object="7"), SHOWN))
    since = now() - timedelta(seconds=1)
    seconds["trail_since"] = _usual(lambda: trail.find(AuditQuery(since=since), SHOWN))
    return seconds


def of_due(components: Components) -> Seconds:
    """The next search after so many embargoes ended together, and a worker's time to make all of them."""
    api = client(components, USERNAME)
    with components.database.reading() as session:
        due = list(session.scalars(select(DocumentRow.id).order_by(DocumentRow.id).limit(DUE)))
    with components.database.session() as session:
        session.execute(
            update(DocumentRow)
            .where(DocumentRow.id.in_(due))
            .values(due_at=now(), embargo_until=now(), planned_rule="", version=DocumentRow.version + 1)
        )
    seconds = {"search_while_due": _once(lambda: _ask(api, "x"))}
    seconds["all_due"] = _once(lambda: index_sync.apply_due_index_changes(components.database, components.engine))
    return seconds


def _ask(api: object, query: str) -> None:
    api.post("/api/search", json={"query": query}).raise_for_status()  # type: ignore[attr-defined]


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _usual(work: Callable[[], object]) -> float:
    return median(_once(work) for _ in range(TIMES))


if __name__ == "__main__":
    main()
