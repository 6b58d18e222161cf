"""A rehearsed restore says what would come back and what would be lost, and leaves everything as it was."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import agency, fresh, label, pdf, person, take
from sqlalchemy import create_engine, inspect, make_url, text

from auth import policy
from auth.audit.entries import Event
from auth.database import Database
from auth.errors import TolmachError
from auth.policy import Action
from indexer.handling.relabel import Handling
from indexer.library.documents import Times
from services.components import Components
from services.doctor import troubles
from services.installation import drill
from services.installation.backup import BackupError, Restored, back_up
from services.installation.database_copies import CopyError
from services.installation.drill import ACTION, rehearse
from services.settings import Settings


@pytest.fixture
def components(database_url: str, another_database: str, tmp_path: Path) -> Iterator[Components]:
    url = database_url if database_url.startswith("postgresql") else ""
    opened = fresh(tmp_path / "home", database_url=url, drill_database_url=another_database if url else "")
    agency(opened, "KZ")
    person(opened, "kz1", "KZ", ["registrar"])
    yield opened
    opened.close()


@pytest.fixture
def another_database(database_url: str) -> Iterator[str]:
    """A second database of the same server, empty; "" where there is none."""
    if not database_url.startswith("postgresql"):
        yield ""
        return
    name = f"drill_{secrets.token_hex(6)}"
    server = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(database_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()


def paper(components: Components, word: str) -> str:
    return take(components, pdf(f"About {word}."), label(components, "KZ", "unclassified", "ALL")).document_id


def tighten(components: Components, name: str) -> None:
    event = Event("kz1", "test", Action.LABEL, name)
    handling = Handling(label(components, "KZ", "confidential", "KZ"), Times())
    with components.database.reading() as session:
        everything = policy.operator_scope(session, Action.LABEL)
    components.relabeller.relabel(everything, None, name, handling, "a name", event)


def told(components: Components) -> list[tuple[str, dict[str, str | int]]]:
    """What the trail tells of drills."""
    entries = [each for each in components.trail.entries() if each.action == ACTION]
    return [(each.decision, json.loads(each.detail)) for each in entries]


def tables(url: str) -> list[str]:
    database = Database(url)
    names = inspect(database.engine).get_table_names()
    database.close()
    return names


def test_a_drill_tells_what_would_be_lost_and_changes_nothing(components: Components, tmp_path: Path) -> None:
    kept = paper(components, "kites")
    back_up(components, tmp_path / "backup")
    later = paper(components, "boats")
    tighten(components, kept)
    entries = components.trail.count()
    outcome = rehearse(components, tmp_path / "backup", tmp_path / "place", troubles)
    restored = outcome.restored
    assert (restored.documents, restored.lost, restored.sealed) == (1, 1, 1)
    assert outcome.troubles == () and outcome.seconds > 0
    assert outcome.entries == entries - restored.entry > 0
    assert not (tmp_path / "place").exists()
    assert components.store.names() == {kept, later} and components.trail.verify() == entries + 1
    assert told(components) == [("allowed", {"documents": 1, "lost": 1, "broken": 0})]
    if url := components.settings.drill_database_url:
        assert tables(url) == [] != tables(components.settings.database_url)
    assert (
        rehearse(components, tmp_path / "backup", tmp_path / "place", troubles).restored == restored
    )  # as often as one likes


def test_a_backup_that_cannot_be_restored_is_told_and_recorded(components: Components, tmp_path: Path) -> None:
    name = paper(components, "kites")
    back_up(components, tmp_path / "backup")
    (tmp_path / "backup" / "files" / name[:2] / f"{name}.pdf").write_bytes(b"%PDF-spoilt")
    with pytest.raises(BackupError, match="not whole"):
        rehearse(components, tmp_path / "backup", tmp_path / "place", troubles)
    assert not (tmp_path / "place").exists()
    assert told(components) == [("refused", {"rule": "backup"})]


def test_a_backup_of_another_installation_is_told(components: Components, tmp_path: Path) -> None:
    other = fresh(tmp_path / "other")
    back_up(other, tmp_path / "backup")
    other.close()
    with pytest.raises(TolmachError):
        rehearse(components, tmp_path / "backup", tmp_path / "place", troubles)
    assert not (tmp_path / "place").exists() and told(components)[0][0] == "refused"


def test_what_lies_in_the_place_is_not_touched(components: Components, tmp_path: Path) -> None:
    back_up(components, tmp_path / "backup")
    place = tmp_path / "place"
    place.mkdir()
    (place / "letter").write_text("dear")
    with pytest.raises(BackupError, match="not empty"):
        rehearse(components, tmp_path / "backup", place, troubles)
    with pytest.raises(BackupError, match="home itself"):
        rehearse(components, tmp_path / "backup", components.home.path / "place", troubles)
    assert (place / "letter").read_text() == "dear" and components.store.check()


def test_a_second_drill_in_the_same_place_leaves_the_first_alone(components: Components, tmp_path: Path) -> None:
    paper(components, "kites")
    back_up(components, tmp_path / "backup")
    place, refused = tmp_path / "place", list[str]()

    def beside(of: Components) -> list[str]:
        (place / "letter").write_text("dear")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(drill, "must_be_apart", lambda *_: None)  # it has looked before the first began
            patch.setattr(drill.database_copies, "must_be_empty", lambda _: None)
            with pytest.raises(BackupError, match="Another drill") as problem:
                rehearse(components, tmp_path / "backup", place, troubles)
        refused.append(problem.value.code)
        return troubles(of)

    outcome = rehearse(components, tmp_path / "backup", place, beside)
    assert refused == ["backup"] and outcome.troubles == () and outcome.restored.documents == 1
    assert [path.name for path in place.iterdir()] == ["letter"]


def test_a_database_that_holds_something_is_not_touched(components: Components, tmp_path: Path) -> None:
    url = components.settings.drill_database_url
    back_up(components, tmp_path / "backup")
    if not url:  # SQLite is restored into a file of the place
        assert rehearse(components, tmp_path / "backup", tmp_path / "place", troubles).troubles == ()
        return
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE dear (letter text)"))
    with pytest.raises(CopyError, match="TOLMACH_DRILL_DATABASE_URL"):
        rehearse(components, tmp_path / "backup", tmp_path / "place", troubles)
    assert tables(url) == ["dear"] and not (tmp_path / "place").exists()
    database.close()


def test_what_comes_back_damaged_is_named(components: Components, tmp_path: Path, monkeypatch) -> None:
    name = paper(components, "kites")
    back_up(components, tmp_path / "backup")
    real = drill.restore

    def spoiling(settings: Settings, *given: Path) -> Restored:
        outcome = real(settings, *given)
        (settings.home / "files" / name[:2] / f"{name}.pdf").write_bytes(b"%PDF-spoilt")
        return outcome

    monkeypatch.setattr(drill, "restore", spoiling)
    outcome = rehearse(components, tmp_path / "backup", tmp_path / "place", troubles)
    assert "files: 1 originals are not what was taken in" in outcome.troubles[0]
    assert told(components)[0][1]["broken"] == 1
