"""What nobody can use any more is cleared away, and nothing else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from factories import agency, client, fresh, person, principal
from papers import Line, paper
from sqlalchemy import select, update

from auth import people, policy, sessions
from auth.database import now
from auth.expression import parse
from auth.labels import SEALED, Label
from auth.tables import RuleRow, SessionRow
from indexer.bitext.review.tables import OpeningRow
from indexer.enquiries import enquiries
from indexer.enquiries.tables import EnquiryRow
from indexer.library.tables import DocumentRow, TranslationRow
from services.installation import tidying
from services.installation.tidying import tidy


@pytest.fixture
def components(tmp_path):
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    person(opened, "ann", "A", ["expert"])
    yield opened
    opened.close()


def keep(components, word: str) -> str:
    with components.database.session() as session:
        return policy.keep_rule(session, Label.of(10, "ALL", parse(word), "A").rule)


def known(components) -> set[str]:
    with components.database.reading() as session:
        return set(session.scalars(select(RuleRow.digest)))


def test_sessions_that_are_over_for_a_day_go_and_others_stay(components):
    lasting, idle, over = (client(components, "ann") for _ in range(3))
    with components.database.session() as session:
        rows = session.scalars(select(SessionRow)).all()
        assert len(rows) == 3
        rows[1].seen = now() - sessions.IDLE - tidying.KEPT
        rows[2].expires = now() - tidying.KEPT - timedelta(seconds=1)
        kept = rows[0].id
    assert tidy(components) == 2
    with components.database.reading() as session:
        assert session.scalars(select(SessionRow.id)).all() == [kept]
    answers = [each.get("/api/me").status_code for each in (lasting, idle, over)]
    assert sorted(answers) == [200, 401, 401]


@pytest.mark.parametrize("column", [DocumentRow.rule, DocumentRow.indexed_rule, DocumentRow.planned_rule])
def test_a_rule_that_something_names_stays(components, column):
    dead, named = keep(components, "dead"), keep(components, "named")
    with components.database.session() as session:
        paper(session, [[Line("Water.", "Вода.")]])
        session.execute(update(DocumentRow).values({column: named}))
    assert dead in known(components)
    assert tidy(components) >= 1
    assert named in known(components) and dead not in known(components)


def test_the_rule_of_whoever_lent_a_translation_stays(components):
    lender = keep(components, "lender")
    with components.database.session() as session:
        paper(session, [[Line("Water.", "Вода.")]])
        session.execute(update(TranslationRow).values(lender_rule=lender))
    tidy(components)
    assert lender in known(components)


def test_enquiries_that_are_over_go_in_small_steps_and_others_stay(components, monkeypatch):
    monkeypatch.setattr(tidying, "ENQUIRIES", 2)
    agency(components, "B")
    with components.database.session() as session:
        ann = people.principal(session, people.the_person(session, "ann").id)
        sent = [enquiries.send(session, ann, "B", {"query": "border"}, "").enquiry_id for _ in range(5)]
        session.execute(update(EnquiryRow).where(EnquiryRow.id.in_(sent[:3])).values(over_at=now()))
        session.execute(update(EnquiryRow).where(EnquiryRow.id == sent[3]).values(closed_at=now()))
    assert [tidy(components) for _ in range(3)] == [2, 1, 0]
    with components.database.reading() as session:
        assert {*session.scalars(select(EnquiryRow.id))} == {*sent[3:]}


def test_a_rule_that_is_named_while_dead_ones_go_stays(database_url, tmp_path):
    """A registrar takes papers in under a rule that nothing names, while a worker clears such rules away."""
    opened = fresh(tmp_path / "two", database_url=database_url)
    rule, failures, done = Label.of(10, "ALL", parse("w"), "A").rule, [], threading.Event()

    def clear_away() -> None:
        try:
            while not done.is_set():
                tidy(opened)
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=clear_away)
    thread.start()
    try:
        for at in range(60):
            with opened.database.session() as session:
                digest = policy.keep_rule(session, rule)
                row = paper(session, [[Line(f"Water {at}.")]])
                row.rule = digest
            with opened.database.session() as session:
                assert session.get(RuleRow, digest) is not None
                session.execute(update(DocumentRow).values(rule=policy.keep_rule(session, SEALED.rule)))
    finally:
        done.set()
        thread.join()
        opened.close()
    assert failures == []


def test_many_dead_rules_go_in_small_steps(components, monkeypatch):
    monkeypatch.setattr(tidying, "RULES", 2)
    for at in range(5):
        keep(components, f"w{at}")
    while tidy(components):
        pass
    assert known(components) == set()


def test_openings_of_long_ago_go_and_others_stay(components):
    with components.database.session() as session:
        names = [paper(session, [[Line("Water.", "Вода.")]]).id for _ in range(2)]
    reader = principal(components, "ann")
    for name, age in zip(names, (tidying.OPENINGS_KEPT, tidying.OPENINGS_KEPT + timedelta(days=2)), strict=True):
        components.openings.note(reader, [name], (now() - age).date())
    components.openings.close()
    assert tidy(components) >= 1
    with components.database.reading() as session:
        assert session.scalars(select(OpeningRow.document)).all() == names[:1]
