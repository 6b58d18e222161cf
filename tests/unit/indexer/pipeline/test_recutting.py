"""Documents are cut anew by the rules that stand: where it was broken off it goes on, and takes none from a worker."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from factories import agency, fresh, label, pdf, take
from races import together
from sqlalchemy import select
from typer.testing import CliRunner

from auth.database import now
from indexer.library.states import State
from indexer.library.tables import DocumentRow, MeetingRow, SegmentRow, TranslationRow
from indexer.pipeline import lease
from indexer.pipeline.recutting import Recutting
from indexer.segment.rules.kept import SegmentationRules
from indexer.text import digest_of
from services.cli.console import event
from services.cli.library.segmenting import segmentation
from services.components import Components

BREAK = r'<rule break="yes"><beforebreak>{}</beforebreak><afterbreak>\s</afterbreak></rule>'
RULES = (
    '<srx xmlns="http://www.lisa.org/srx20" version="2.0"><header segmentsubflows="yes" cascade="no"/><body>'
    f'<languagerules><languagerule languagerulename="R">{BREAK.format(";")}{BREAK.format(r"[.]")}</languagerule>'
    '</languagerules><maprules><languagemap languagepattern=".*" languagerulename="R"/></maprules></body></srx>'
)


@dataclass
class World:
    """Two documents of a series that new rules cut, one that they do not, and one of no series."""

    components: Components
    cut: list[str]
    whole: str
    other: str

    def sentences(self, document: str) -> list[str]:
        with self.components.database.reading() as session:
            query = select(SegmentRow.text).where(SegmentRow.document == document).order_by(SegmentRow.ordinal)
            return list(session.scalars(query))

    def state(self, document: str) -> State:
        with self.components.database.reading() as session:
            return session.get_one(DocumentRow, document).state

    def recutting(self) -> Recutting:
        return Recutting(self.components.context, self.components.home.recutting)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with made(tmp_path, monkeypatch) as world:
        yield world


@contextmanager
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Iterator[World]:
    components = fresh(tmp_path / "home", **settings)
    monkeypatch.setenv("TOLMACH_HOME", str(tmp_path / "home"))
    agency(components, "A")
    texts = ["We agree. It is one; it is two.", "They left. It is four; it is five.", "He is at home.", "Six; seven."]
    names = [take(components, pdf(text), label(components, "A")).document_id for text in texts]
    with components.database.session() as session:
        session.add(MeetingRow(code="M", series="Borders"))
        for name in names[:3]:
            session.get_one(DocumentRow, name).meeting = "M"
    components.worker().run()
    rules = SegmentationRules(components.database, components.trail)
    rules.take_in("Borders", "own.srx", RULES.encode(), event("import_segmentation"))
    yield World(components, names[:2], names[2], names[3])
    components.close()


def test_a_series_is_cut_anew_by_a_command_and_what_people_translated_stays(world: World) -> None:
    with world.components.database.session() as session:
        text = "We agree."
        session.add(
            TranslationRow(
                document=world.cut[0],
                source_digest=digest_of(text),
                source="en",
                target="ru",
                origin="human",
                text="Да.",
            )
        )
    done = CliRunner().invoke(segmentation, ["recut", "--series", "Borders", "--json"], catch_exceptions=False)
    assert json.loads(done.stdout) == {"changed": 2, "same": 1, "busy": 0, "failed": 0}
    assert world.sentences(world.cut[0]) == ["We agree.", "It is one;", "it is two."]
    assert world.sentences(world.other) == ["Six; seven."]
    assert (world.state(world.cut[0]), world.state(world.whole)) == (State.EXTRACTED, State.INDEXED)
    world.components.worker().run()
    assert world.state(world.cut[0]) is State.INDEXED
    with world.components.database.reading() as session:
        assert session.scalars(select(TranslationRow.text)).all() == ["Да."]
    assert not world.components.home.recutting.exists()
    assert world.recutting().run("Borders", lambda *_: None) == {"same": 3}
    assert world.recutting().run("", lambda *_: None) == {
        "same": 1
    }  # without a series: those without rules of their own
    assert [entry.action for entry in world.components.trail.entries()].count("recut_segmentation") == 1


def test_a_run_that_was_broken_off_goes_on_and_begins_anew_under_other_rules(world: World) -> None:
    def stop(done: int, total: int) -> None:
        assert (done, total) == (1, 3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.recutting().run("Borders", stop)
    assert [len(world.sentences(name)) for name in world.cut] == [3, 2]
    kept = world.components.home.recutting.read_bytes()
    assert world.recutting().run("Borders", lambda *_: None) == {"changed": 1, "same": 1}
    world.components.worker().run()
    world.components.home.recutting.write_bytes(kept)
    rules = SegmentationRules(world.components.database, world.components.trail)
    rules.remove("Borders", event("remove_segmentation"))
    assert world.recutting().run("Borders", lambda *_: None) == {"changed": 2, "same": 1}


def test_what_a_worker_has_is_left_for_the_next_run(world: World) -> None:
    components, first = world.components, world.cut[0]
    with components.database.session() as session:
        lease.take(session.get_one(DocumentRow, first), "another worker")
    assert world.recutting().run("Borders", lambda *_: None) == {"busy": 1, "changed": 1, "same": 1}
    with components.database.session() as session:
        row = session.get_one(DocumentRow, first)
        assert (row.lease_owner, row.lease_until is not None and row.lease_until > now()) == ("another worker", True)
        lease.end(row)
    assert len(world.sentences(first)) == 2
    assert world.recutting().run("Borders", lambda *_: None) == {"changed": 1}
    assert len(world.sentences(first)) == 3


def test_two_runs_and_two_workers_at_once_cut_each_document_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    with made(tmp_path, monkeypatch, database_url=database_url) as world:
        components = world.components
        other = Recutting(components.context, tmp_path / "of-another-host.json")
        runs = [partial(recutting.run, "Borders", lambda *_: None) for recutting in (world.recutting(), other)]
        first, second, *_ = together(*runs, components.worker().run, components.worker().run)
        for recutting in (world.recutting(), other):  # what the others had at that moment
            recutting.run("Borders", lambda *_: None)
        components.worker().run()
        assert isinstance(first, Counter) and isinstance(second, Counter)
        assert [len(world.sentences(name)) for name in (*world.cut, world.whole)] == [3, 3, 1]
        assert {world.state(name) for name in (*world.cut, world.whole, world.other)} == {State.INDEXED}
        with components.database.reading() as session:
            assert not any(row.lease_owner for row in session.query(DocumentRow))


def test_one_whose_file_is_gone_stays_as_it_is(world: World) -> None:
    world.components.store.remove(world.cut[0])
    assert world.recutting().run("Borders", lambda *_: None) == {"failed": 1, "changed": 1, "same": 1}
    assert (world.state(world.cut[0]), len(world.sentences(world.cut[0]))) == (State.INDEXED, 2)
