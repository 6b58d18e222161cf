"""Vectors are made, papers tightened and removed, and searches asked at one moment: nothing closed is shown or left.

With real threads, on SQLite with the embedded engine and on PostgreSQL with Elasticsearch.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from factories import SCHEME, agency, label, pdf, person, principal, take
from races import emptied, together
from sqlalchemy import func, select

from auth import policy
from auth.policy import Action
from indexer.engine.contract import Request
from indexer.handling.relabel import Handling
from indexer.library.documents import ALWAYS
from indexer.library.tables import DocumentRow, PassageRow
from indexer.meaning.tables import PassageVectorRow
from indexer.search.asking import Asking, Outcome
from indexer.search.parse import parse
from services.cli.console import event
from services.components import Components
from services.settings import Settings
from services.setup import set_up

ROUNDS = 5
PAPERS = {
    "doctors": "Doctors treat sick people in hospitals and give them medicine.",
    "ships": "Ships carry grain across the sea and unload it in the harbour.",
    "teachers": "Teachers explain mathematics to pupils in the village school.",
}
MEANT = "physician clinic"  # no word of which stands in any paper
BOTH = "physician clinic village"  # the last one stands in that of the teachers


@pytest.fixture(params=["sqlite-embedded", "postgresql-elastic"])
def components(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Components]:
    """Papers of KZ that a foreigner may read, with vectors."""
    home = tmp_path / "home"
    settings = Settings(home=home, removal_days=0, meaning="yes")
    if request.param == "postgresql-elastic":
        server, prefix = (request.getfixturevalue(name) for name in ("elasticsearch", "elastic_prefix"))
        server.engine(prefix).close()
        url = emptied(request.getfixturevalue("postgresql"))
        own = server.settings(home, prefix)
        settings = Settings(home=home, database_url=url, removal_days=0, meaning="yes", **own)
    set_up(settings, SCHEME)
    opened = Components(settings)
    for code in ("KZ", "UN"):
        agency(opened, code)
    person(opened, "foreigner", "UN", ["expert"])
    for name, text in PAPERS.items():
        take(opened, pdf(text), label(opened, "KZ"), filename=name)
    opened.worker().run()
    yield opened
    opened.close()


def outcome(components: Components, text: str = MEANT, **asked) -> Outcome:
    """What the foreigner is told."""
    who = principal(components, "foreigner")
    asking = Asking(components.database, components.engine, who, components.place_counts, components.meaning)
    parsed = parse(text)
    return asking.outcome(parsed, Request(parsed.query, **asked))


def names(components: Components, text: str = MEANT, **asked) -> list[str]:
    return [hit.row.filename for hit in outcome(components, text, **asked).results.hits]


def relabel(components: Components, name: str, releasable_to: str) -> None:
    under = label(components, "KZ", releasable_to=releasable_to)
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.LABEL)
        document = session.scalars(select(DocumentRow.id).where(DocumentRow.filename == name)).one()
    handling = Handling(under, ALWAYS)
    components.relabeller.relabel(scope, None, document, handling, "because", event("label"))


def encode_anew(components: Components) -> None:
    """Let a worker make all vectors once more."""
    with components.database.session() as session:
        for row in session.query(PassageVectorRow):
            session.delete(row)
        for row in session.query(DocumentRow):
            row.encoded, row.vectors = "", 0
    components.worker().run()


def test_each_engine_joins_both_legs_alike(components: Components) -> None:
    assert names(components)[0] == "doctors"
    asked = outcome(components, BOTH, limit=1)
    answer = asked.results.answer
    every = names(components, BOTH)
    assert (answer.total, answer.by_meaning) == (len(every), len(every) - 1)
    assert set(every[:2]) == {"doctors", "teachers"}
    paged = [names(components, BOTH, limit=1, offset=at) for at in range(len(every))]
    assert [name for page in paged for name in page] == every


def test_what_was_closed_is_not_near_any_more_whoever_encodes_meanwhile(components: Components) -> None:
    for _ in range(ROUNDS):
        relabel(components, "doctors", "ALL")
        together(
            partial(relabel, components, "doctors", "KZ"),
            partial(encode_anew, components),
            *[partial(names, components)] * 2,
        )
        assert "doctors" not in names(components)
        assert components.meaning
        known = [name for each in components.meaning._nearest._remembered.values() for name in each.documents]
        assert len(known) == len(PAPERS) - 1


def test_a_removal_and_a_worker_leave_no_vector_of_what_is_gone(components: Components) -> None:
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
        document = session.scalars(select(DocumentRow.id).where(DocumentRow.filename == "doctors")).one()
    together(
        partial(components.removals.remove, scope, None, document, "because", event("remove")),
        partial(encode_anew, components),
        components.worker().run,
    )
    assert "doctors" not in names(components)
    components.worker().run()
    with components.database.reading() as session:
        vectors, passages = (
            session.scalar(select(func.count()).select_from(row)) for row in (PassageVectorRow, PassageRow)
        )
        assert (vectors, passages) == (2, 2)
        assert session.get(DocumentRow, document) is None
