"""What several people read comes first among what is doubted; of single readers nothing is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import SCHEME, agency, client, label, person, principal
from papers import Line, paper
from races import together
from sqlalchemy import func, select, update

from auth import policy
from auth.database import now
from indexer.bitext.review.openings import MANY, MOST_WAITING, SEVERAL, Openings
from indexer.bitext.review.tables import OpeningRow
from indexer.library.tables import DocumentRow, PageRow
from services.components import Components
from services.settings import Settings
from services.setup import set_up


@pytest.fixture
def components(tmp_path: Path, database_url: str) -> Iterator[Components]:
    settings = Settings(home=tmp_path / "home", database_url=database_url, trail_entries=1_000_000)
    set_up(settings, SCHEME)
    opened = Components(settings)
    agency(opened, "A")
    agency(opened, "B")
    person(opened, "tom", "A", ["translator"], clearance="restricted")
    for at in range(MANY + 2):
        person(opened, f"a{at}", "A", ["expert"], clearance="unclassified")
        person(opened, f"b{at}", "B", ["expert"], clearance="unclassified")
        person(opened, f"h{at}", "A", ["expert"], clearance="confidential")
    yield opened
    opened.close()


def keep(components: Components, doubt: str = "numbers") -> str:
    with components.database.session() as session:
        rule = policy.keep_rule(session, label(components, "A", "unclassified").rule)
        lines = [Line("It is doubted.", "Сомнительно.", doubt=doubt), Line("It is good.", "Хорошо.")]
        row = paper(session, [lines], state="received")
        row.rule, row.pages = rule, 1
        session.add(PageRow(document=row.id, number=1, width=600, height=800))
        return row.id


def opened_by(components: Components, document: str, *names: str, days: int = 1) -> None:
    """They open a document, so many days ago."""
    for name in names:
        answer = client(components, name).get(f"/api/documents/{document}/pages/1")
        assert answer.status_code == 200
    components.openings.close()
    with components.database.session() as session:
        session.execute(update(OpeningRow).values(day=(now() - timedelta(days=days)).date()))


def queue(components: Components) -> list[tuple[str, str]]:
    answer: Any = client(components, "tom").get("/api/translations/queue").json()
    return [(each["document_id"], each["read"]) for each in answer["segments"]]


def people(letter: str, count: int) -> list[str]:
    return [f"{letter}{at}" for at in range(count)]


def test_what_several_people_read_comes_first_and_what_many_do_before_that(components: Components) -> None:
    documents = [keep(components) for _ in range(3)]
    first, second, third = (document for document, _ in queue(components))
    opened_by(components, third, *people("a", SEVERAL))
    assert queue(components) == [(third, "several"), (first, ""), (second, "")]
    opened_by(components, second, *people("a", MANY + 1))
    assert queue(components) == [(second, "many"), (third, "several"), (first, "")]
    assert {first, second, third} == set(documents)
    with components.database.reading() as session:
        most = session.scalar(select(func.count()).where(OpeningRow.document == second))
    assert most == MANY  # one more would tell nothing


def test_how_doubtful_a_sentence_is_counts_as_many_times_as_it_is_read(components: Components) -> None:
    slight, middle, grave = (keep(components, doubt) for doubt in ("length", "numbers", "copied"))
    opened_by(components, slight, *people("a", MANY))
    assert queue(components) == [(grave, ""), (slight, "many"), (middle, "")]


@pytest.mark.parametrize("readers", [people("a", SEVERAL - 1), people("b", MANY), people("h", MANY)])
def test_few_readers_and_those_whose_rights_reach_further_are_not_told_of(components: Components, readers) -> None:
    document = keep(components)
    opened_by(components, document, *readers, *readers)
    assert queue(components) == [(document, "")]


def test_what_was_read_today_is_told_of_tomorrow(components: Components) -> None:
    document = keep(components)
    opened_by(components, document, *people("a", MANY), days=-1)
    assert queue(components) == [(document, "")]


def test_what_processes_keep_at_once_is_kept_once(components: Components) -> None:
    documents = [keep(components) for _ in range(4)]
    readers = [principal(components, name) for name in people("a", 4)]
    processes = [Openings(components.database) for _ in readers]
    for process in processes:
        for reader in readers:
            process.note(reader, documents)
    together(*(process.close for process in processes))
    with components.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OpeningRow)) == len(readers) * len(documents)


def test_what_waits_is_bounded_and_what_is_gone_is_left_out(components: Components) -> None:
    document = keep(components)
    reader = principal(components, "a0")
    components.openings.note(reader, [document, *(f"{at:032}" for at in range(MOST_WAITING - 1))])
    with components.database.session() as session:
        session.delete(session.get_one(DocumentRow, document))
    other = keep(components)
    components.openings.note(reader, [other])  # more than may wait: what waited is kept, as far as it is there
    components.openings.close()
    with components.database.reading() as session:
        assert session.scalars(select(OpeningRow.document)).all() == [other]
