"""Two translators save at random at the same moments, and some of it crashes: nothing that was kept is lost.

With real threads, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from factories import SCHEME, agency, person, principal
from papers import Line, paper
from races import CrashError, CrashingTrail, together
from sqlalchemy import select

from auth import policy
from auth.audit.entries import Event
from auth.policy import Action
from indexer.bitext.review import segments
from indexer.bitext.review.tables import ActKind, SegmentActRow, SegmentWorkRow
from indexer.bitext.review.workbench import Seen, StaleVersionError, Task, Workbench, WorkError
from indexer.library.tables import DocumentRow
from indexer.text import digest_of
from services.components import Components
from services.settings import Settings
from services.setup import set_up

SAVES = 500  # of each of two
SENTENCES = [f"Sentence number {number}." for number in range(4)]


@pytest.fixture
def components(tmp_path: Path, database_url: str) -> Iterator[Components]:
    settings = Settings(home=tmp_path / "home", database_url=database_url)
    set_up(settings, SCHEME)
    opened = Components(settings)
    agency(opened, "A")
    for name in ("tom", "tina", "tara", "tess"):
        person(opened, name, "A", ["translator", "reviewer"])
    yield opened
    opened.close()


@pytest.fixture
def document(components: Components) -> str:
    with components.database.session() as session:
        return paper(session, [[Line(text) for text in SENTENCES]], state="received").id


def task(components: Components, username: str, document: str, ordinal: int, action: Action = Action.EDIT) -> Task:
    who = principal(components, username)
    assert who is not None
    with components.database.reading() as session:
        scope = policy.scope_for(session, who, action)
    return Task(scope, who, document, ordinal, Event(username, "test", action, document))


def seen_by(components: Components, task: Task) -> Seen:
    with components.database.reading() as session:
        row = session.get_one(DocumentRow, task.document_id)
        segment = segments.segment_of(session, row, task.ordinal)
        assert segment is not None
        return Seen(segment.source_digest, segment.work.version)


def test_of_a_thousand_savings_of_two_translators_none_is_lost(components: Components, document: str) -> None:
    bench = Workbench(components.database, components.engine, CrashingTrail())  # type: ignore[arg-type]

    def translate(username: str) -> list[tuple[int, str]]:
        draw, kept = random.Random(username), []
        tasks = [task(components, username, document, ordinal) for ordinal in range(len(SENTENCES))]
        for number in range(SAVES):
            mine, text = draw.choice(tasks), f"{username} {number}"
            try:
                bench.save(mine, seen_by(components, mine), text)
                kept.append((mine.ordinal, text))
            except (StaleVersionError, CrashError):
                pass
        return kept

    answers = together(lambda: translate("tom"), lambda: translate("tina"))
    kept = [each for answer in answers for each in answer]  # type: ignore[attr-defined]
    assert len(kept) > SAVES
    with components.database.reading() as session:
        acts = session.scalars(select(SegmentActRow).order_by(SegmentActRow.number)).all()
        works = session.scalars(select(SegmentWorkRow)).all()
    for ordinal, source in enumerate(SENTENCES):
        of_it = [act for act in acts if act.source_digest == digest_of(source)]
        assert sorted(act.text for act in of_it) == sorted(text for at, text in kept if at == ordinal)
        assert [act.version for act in of_it] == [act.number for act in of_it] == list(range(1, len(of_it) + 1))
        (work,) = (work for work in works if work.source_digest == digest_of(source))
        assert (work.version, work.text) == (len(of_it), of_it[-1].text)


def test_of_two_who_save_over_the_same_version_one_is_told_of_the_other(components: Components, document: str) -> None:
    bench = Workbench(components.database, components.engine, components.trail)
    for number in range(10):
        tasks = [task(components, name, document, 0) for name in ("tom", "tina")]
        seen = seen_by(components, tasks[0])
        texts = [f"{each.by.username} {number}" for each in tasks]
        answers = together(
            *(partial(bench.save, mine, seen, text) for mine, text in zip(tasks, texts, strict=True)),
            refusals=(StaleVersionError,),
        )
        (refusal,) = (answer for answer in answers if answer is not None)
        assert isinstance(refusal, StaleVersionError)
        loser = answers.index(refusal)
        assert refusal.text == texts[1 - loser]
        with components.database.reading() as session:
            row = session.get_one(DocumentRow, document)
            segment = segments.segment_of(session, row, 0)
            assert segment is not None
            draft = segments.draft_of(session, row, segment, tasks[loser].by.person_id)
        assert draft is not None and draft.text == texts[loser]


def test_a_text_is_approved_once_and_never_with_another_saved_meanwhile(components: Components, document: str) -> None:
    bench = Workbench(components.database, components.engine, components.trail)
    writer, other = task(components, "tom", document, 1), task(components, "tina", document, 1)
    judges = [task(components, name, document, 1, Action.APPROVE) for name in ("tara", "tess")]
    for number in range(6):
        bench.save(writer, seen_by(components, writer), f"Предложение {number}.")
        seen = seen_by(components, writer)
        with components.database.session() as session:
            session.scalars(select(SegmentWorkRow)).one().state = "submitted"
        together(
            *(partial(bench.approve, judge, seen) for judge in judges),
            partial(bench.save, other, seen, f"Иное {number}."),
            refusals=(StaleVersionError, WorkError),
        )
    with components.database.reading() as session:
        acts = session.scalars(select(SegmentActRow).order_by(SegmentActRow.number)).all()
    for before, act in pairwise(acts):
        if act.kind == ActKind.APPROVED:
            assert (before.kind, before.version) == (ActKind.SAVED, act.version)
    approved = [act.version for act in acts if act.kind == ActKind.APPROVED]
    assert len(approved) == len(set(approved))


def test_of_two_who_open_a_sentence_at_once_one_has_it(components: Components, document: str) -> None:
    bench = Workbench(components.database, components.engine, components.trail)
    tasks = [task(components, name, document, 2) for name in ("tom", "tina")]
    for _ in range(10):
        answers = together(*(lambda mine=mine: bench.lease(mine) for mine in tasks))
        assert sorted(answers) == [False, True]  # type: ignore[type-var]
        bench.release(tasks[answers.index(True)])
