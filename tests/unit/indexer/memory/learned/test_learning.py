"""What people translated teaches words: to whoever may read it, as long as it is there, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from factories import SCHEME, agency, person, principal
from papers import Line, paper
from races import together
from sqlalchemy import select

from auth import policy
from auth.database import now
from auth.expression import ALWAYS
from auth.labels import ALL, Label, ReadingRule
from auth.policy import Action
from indexer.engine.contract import Request
from indexer.handling.relabel import handling_of
from indexer.library.tables import DocumentRow
from indexer.memory import entries
from indexer.memory.learned import learning
from indexer.memory.learned.tables import LearnedSourceRow, LearnedWordRow
from indexer.pairs import corrections, pairs
from indexer.pairs.corrections import Correction
from indexer.pairs.tables import PairRow
from indexer.pipeline import index_sync
from indexer.search.asking import Asking
from indexer.search.query.bridge import Crossing
from services.cli.console import event
from services.components import Components
from services.settings import Settings
from services.setup import set_up

ENGLISH = (
    "The meeting was opened on 12 October 2021 in Almaty.",
    "Each State should name one contact point.",
    "The trankeld was seized at the border.",
    "A trankeld was found in the vehicle.",
    "Women and children return from the camps.",
    "The court refused the evidence about the trankeld.",
    "The secretariat will report in December.",
)
RUSSIAN = (
    "Совещание открылось 12 октября 2021 года в Алматы.",
    "Каждому государству следует назначить одно контактное лицо.",
    "Каюрда была изъята на границе.",
    "Каюрда была найдена в автомобиле.",
    "Женщины и дети возвращаются из лагерей.",
    "Суд отклонил доказательства о каюрде.",
    "Секретариат представит доклад в декабре.",
)
ELSEWHERE = "На складе лежала каюрда."
STRICT, OPEN = ReadingRule(30, ALL, ALWAYS), ReadingRule(10, ALL, ALWAYS)


@pytest.fixture
def components(database_url: str, tmp_path: Path) -> Iterator[Components]:
    settings = Settings(home=tmp_path / "home", database_url=database_url, removal_days=0)
    set_up(settings, SCHEME)
    opened = Components(settings)
    agency(opened, "A")
    person(opened, "high", "A", ["expert"])
    person(opened, "low", "A", ["expert"], clearance="unclassified")
    yield opened
    opened.close()


@pytest.fixture
def both(components: Components) -> tuple[str, str]:
    """Two papers that are each other's translation, and a third one in Russian alone that both people may read."""
    with components.database.session() as session:
        english = paper(session, [[Line(text) for text in ENGLISH]]).id
        russian = paper(session, [[Line(text, language="ru") for text in RUSSIAN]], language="ru").id
        paper(session, [[Line(ELSEWHERE, language="ru")]], language="ru", title_ru="Склад")
    work(components)
    return english, russian


def work(components: Components) -> None:
    """Let workers do what there is for pairs and for what they teach, and the index hold all of it."""
    worker = components.worker()
    while worker.pair():
        pass
    with components.database.reading() as session:
        names = session.scalars(select(DocumentRow.id)).all()
    index_sync.sync_documents(components.database, components.engine, names)


def found(components: Components, username: str, query: str = "trankeld", **crossing: object) -> tuple[list[str], bool]:
    """What learned words a person's query also stands for, and whether it finds the paper that is in Russian alone."""
    who = principal(components, username)
    assert who is not None
    asking = Asking(components.database, components.engine, who, components.place_counts)
    parsed = asking.parsed(query, crossing=Crossing(**crossing))  # type: ignore[arg-type]
    hits = asking.outcome(parsed, Request(parsed.query)).results.hits
    return [text for part in parsed.parts for text in part.learned], "Склад" in {hit.row.title_ru for hit in hits}


def relabel(components: Components, document_id: str, rule: ReadingRule, **times: object) -> None:
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.LABEL)
        old = handling_of(session, session.get_one(DocumentRow, document_id))
    new = replace(old, label=Label(rule, old.label.originators), times=replace(old.times, **times))
    components.relabeller.relabel(scope, None, document_id, new, "because", event("label"))


TAUGHT, UNTAUGHT = (["каюрда"], True), ([], False)


def test_a_word_that_no_lexicon_has_is_found_across_languages_by_whoever_may_read_the_pair(components, both):
    assert found(components, "low") == found(components, "high") == TAUGHT
    assert found(components, "low", "trankelds") == TAUGHT
    assert found(components, "low", "каюрду")[0] == ["trankeld"]
    for document_id in both:
        relabel(components, document_id, STRICT)
    work(components)
    assert found(components, "high") == TAUGHT
    assert found(components, "low") == UNTAUGHT


def test_it_is_switched_off_as_a_whole_and_for_one_part(components, both):
    for switched in ("learned", "learned:p1", "across"):
        assert found(components, "low", off=frozenset({switched})) == UNTAUGHT
    assert found(components, "low", off=frozenset({"learned:p2", "names"})) == TAUGHT
    assert found(components, "low", language="ru") == UNTAUGHT


def test_where_only_one_paper_of_the_pair_may_be_read_nothing_is_known(components, both):
    relabel(components, both[0], STRICT)
    assert found(components, "low") == UNTAUGHT  # at once
    work(components)
    assert found(components, "low") == UNTAUGHT
    assert found(components, "high") == TAUGHT
    relabel(components, both[0], OPEN)
    work(components)
    assert found(components, "low") == TAUGHT


def test_it_goes_with_either_paper_at_once(components, both):
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
    components.removals.remove(scope, None, both[1], "because", event("remove"))
    assert found(components, "high") == UNTAUGHT
    work(components)
    assert found(components, "high") == UNTAUGHT


def test_papers_outside_their_time_teach_nothing(components, both):
    for document_id in both:
        relabel(components, document_id, OPEN, expires_at=now())
    work(components)
    assert found(components, "high") == UNTAUGHT


def test_a_correction_and_its_undoing_are_learned_anew(components, both):
    for kind, place in (("unlink", 3), ("unlink", 2), ("undo", 0), ("undo", 0)):
        with components.database.session() as session:
            pair = pairs.lock(
                session, policy.operator_scope(session, Action.EDIT), session.scalars(select(PairRow)).one().id
            )
            version = corrections.alignment_of(session, pair)[0]
            corrections.correct(session, pair, Correction(version, kind, place), "vera")
        assert found(components, "high") == UNTAUGHT
        work(components)
    assert found(components, "high") == TAUGHT


def test_a_pair_that_is_none_teaches_nothing(components, both):
    with components.database.session() as session:
        pair = session.scalars(select(PairRow)).one()
        pairs.decide(session, policy.operator_scope(session, Action.EDIT), pair.id, "rejected", "vera")
    assert found(components, "high") == UNTAUGHT


def test_what_people_translate_teaches_too_and_what_they_change_is_forgotten(components):
    with components.database.session() as session:
        document_id = paper(session, [[Line(text) for text in ENGLISH]]).id
        paper(session, [[Line(ELSEWHERE, language="ru")]], language="ru", title_ru="Склад")
        for english, russian in zip(ENGLISH, RUSSIAN, strict=True):
            entries.remember(session, document_id, "en", english, russian, "human")
    work(components)
    assert found(components, "low") == TAUGHT
    with components.database.session() as session:
        entries.remember(session, document_id, "en", "A new sentence.", "Новое предложение.", "human")
    assert found(components, "low") == TAUGHT  # what was learned before is true of it still
    with components.database.session() as session:
        for english in ENGLISH[2:4]:
            entries.remember(session, document_id, "en", english, "Иначе.", "human")
    assert found(components, "low") == UNTAUGHT
    work(components)
    assert found(components, "low") == UNTAUGHT


def test_a_pair_is_counted_once_though_both_papers_lend(components, both):
    with components.database.reading() as session:
        words = session.scalars(select(LearnedWordRow).where(LearnedWordRow.english == "trankeld")).all()
        assert [(each.document, each.russian) for each in words] == [(min(both), "каюрд")]
        assert 240 <= words[0].times <= 300


def test_what_changed_while_it_was_read_is_not_kept(components, both, monkeypatch):
    with components.database.session() as session:
        for source in session.scalars(select(LearnedSourceRow)):
            source.learned = ""
    rightly = learning.learned_pairs

    def meanwhile(sentences):
        relabel(components, both[0], STRICT)
        monkeypatch.undo()
        return rightly(sentences)

    monkeypatch.setattr(learning, "learned_pairs", meanwhile)
    assert learning.step(components.database)
    assert found(components, "low") == UNTAUGHT
    work(components)
    assert (found(components, "low"), found(components, "high")) == (UNTAUGHT, TAUGHT)


def test_workers_and_people_meet(components, both):
    def put_anew() -> None:
        with components.database.session() as session:
            entries.remember(session, both[0], "en", ENGLISH[0], RUSSIAN[0], "human")

    for _ in range(5):
        with components.database.session() as session:
            for source in session.scalars(select(LearnedSourceRow)):
                source.learned = ""
        step = lambda: learning.step(components.database)  # noqa: E731
        together(step, step, put_anew)
        work(components)
        assert found(components, "low") == TAUGHT
        with components.database.reading() as session:
            assert not session.scalars(select(LearnedSourceRow).where(LearnedSourceRow.learned == "")).all()


def test_a_fault_of_one_source_holds_up_no_other(components, both, monkeypatch):
    with components.database.session() as session:
        for source in session.scalars(select(LearnedSourceRow)):
            source.learned = ""

    def broken(sentences):
        raise ArithmeticError

    monkeypatch.setattr(learning, "learned_pairs", broken)
    work(components)
    assert found(components, "high") == UNTAUGHT
