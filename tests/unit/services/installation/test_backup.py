"""A backup made while people work is whole; whichever part is older than the others, nothing is undone in silence."""

from __future__ import annotations

import json
import shutil
import stat
import threading
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from factories import agency, fresh, label, pdf, person, take
from races import emptied

from auth import policy
from auth.audit.entries import Event, TrailError
from auth.labels import SEALED
from auth.policy import Action
from indexer.handling.relabel import Handling
from indexer.library.documents import Times
from indexer.library.tables import DocumentRow
from services.components import Components
from services.installation import database_copies
from services.installation.backup import BackupError, back_up, restore
from services.installation.database_copies import CopyError
from services.installation.reconciling import FileDifferences, file_differences, reconcile
from services.settings import Settings


def settings_for(home: Path, url: str) -> Settings:
    """Settings of another home: on PostgreSQL over the same database, emptied."""
    return Settings(home=home, database_url=emptied(url) if url.startswith("postgresql") else "")


@pytest.fixture
def url(database_url) -> str:
    return database_url if database_url.startswith("postgresql") else ""


@pytest.fixture
def components(url, tmp_path):
    opened = fresh(tmp_path / "home", database_url=url)
    agency(opened, "KZ")
    person(opened, "kz1", "KZ", ["registrar"])
    yield opened
    opened.close()


def paper(components, word) -> str:
    return take(components, pdf(f"About {word}."), label(components, "KZ", "unclassified", "ALL")).document_id


def scope(components, action):
    with components.database.reading() as session:
        return policy.operator_scope(session, action)


def tighten(components, name) -> None:
    handling = Handling(label(components, "KZ", "confidential", "KZ"), Times())
    event = Event("kz1", "test", Action.LABEL, name)
    components.relabeller.relabel(scope(components, Action.LABEL), None, name, handling, "a name", event)


def remove(components, name) -> None:
    event = Event("kz1", "test", Action.REMOVE, name)
    components.removals.remove(scope(components, Action.REMOVE), None, name, "a mistake", event)


def rules(components) -> dict[str, str]:
    """Every document's rule in the database."""
    with components.database.reading() as session:
        return {row.id: row.rule for row in session.query(DocumentRow)}


@dataclass(frozen=True)
class History:
    """Two backups; between them one paper was tightened, one removed, and one came."""

    older: Path
    newer: Path
    tightened: str
    removed: str
    new: str
    same: str


@pytest.fixture
def history(components, tmp_path) -> History:
    tightened, removed, same = (paper(components, word) for word in ("zeppelins", "kites", "balloons"))
    components.worker().run()
    reconcile(components)
    back_up(components, tmp_path / "older")
    shutil.copy(components.home.index, tmp_path / "older.index")
    tighten(components, tightened)
    remove(components, removed)
    new = paper(components, "gliders")
    components.worker().run()
    back_up(components, tmp_path / "newer")
    components.close()
    shutil.copy(components.home.index, tmp_path / "newer.index")
    return History(tmp_path / "older", tmp_path / "newer", tightened, removed, new, same)


def mixed(history: History, settings: Settings, database: str, trail: str, files: str, index: str) -> Components:
    """A home whose parts are of different moments, as when somebody puts parts back by hand."""
    folders = {"older": history.older, "newer": history.newer}
    shutil.copytree(folders["newer"] / "home", settings.home)
    shutil.copytree(folders[files] / "files", settings.home / "files")
    shutil.copy(folders[trail] / "audit.sqlite", settings.home / "audit.sqlite")
    shutil.copy(history.older.with_name(f"{index}.index"), settings.home / "index.sqlite")
    components = Components(settings)
    database_copies.put_back(components.database, folders[database])
    return components


def test_each_mixture_of_parts(history, url, tmp_path):
    for parts in product(("older", "newer"), repeat=4):
        compare(history, settings_for(tmp_path / "-".join(parts), url), *parts)


def compare(
    history: History,
    settings: Settings,
    database: str,
    trail: str,
    files: str,
    index: str,
) -> None:
    """Start from this mixture, and hold that nothing of it passes in silence."""
    components = mixed(history, settings, database, trail, files, index)
    try:
        reconcile(components)
        present = rules(components)
        if database == "newer":
            assert set(present) == {history.tightened, history.same, history.new}
            assert present[history.tightened] not in (present[history.same], SEALED.rule.digest)
        elif trail == "newer":
            assert present[history.tightened] == present[history.removed] == SEALED.rule.digest
        else:
            assert present[history.tightened] == present[history.removed] == present[history.same]
        assert present[history.same] != SEALED.rule.digest
        holdings = {name: holding.rule for name, holding in components.engine.holdings().items()}
        assert holdings == present
        told = [entry.action for entry in components.trail.entries() if entry.decision == "refused"]
        assert told == (
            ["older_trail"]
            if (database, trail) == ("newer", "older")
            else ["older_database"]
            if (database, trail) == ("older", "newer")
            else []
        )
        differences = file_differences(components)
        gone = {("older", "newer"): {history.removed}, ("newer", "older"): {history.new}}.get((database, files), set())
        assert differences.gone == gone
        removed_is_back = (database, trail, files) == ("newer", "older", "older")
        assert differences.extra == (
            {history.new}
            if (database, files) == ("older", "newer")
            else {history.removed}
            if removed_is_back
            else set()
        )
    finally:
        components.close()


def test_a_backup_restores_what_it_was_made_of(history, url, tmp_path):
    settings = settings_for(tmp_path / "back", url)
    outcome = restore(settings, history.newer)
    assert (outcome.documents, outcome.sealed, outcome.lost) == (3, 0, 0)
    components = Components(settings)
    try:
        assert (
            set(rules(components))
            == set(components.engine.holdings())
            == {history.tightened, history.same, history.new}
        )
        assert file_differences(components) == FileDifferences(frozenset(), frozenset())
        assert components.trail.verify() and [e.action for e in components.trail.entries()].count("restore") == 1
        copied = [path for path in settings.home.rglob("*") if path.is_file() and not path.name.startswith("index")]
        modes = {stat.S_IMODE(path.stat().st_mode) for path in copied}
        assert modes == {0o600} and stat.S_IMODE(settings.home.stat().st_mode) == 0o700
    finally:
        components.close()


def test_with_the_surviving_trail_what_was_undone_is_sealed_and_what_is_lost_is_counted(history, url, tmp_path):
    settings = settings_for(tmp_path / "back", url)
    outcome = restore(settings, history.older, history.newer / "audit.sqlite")
    assert (outcome.documents, outcome.sealed, outcome.lost) == (3, 2, 1)


def test_a_trail_that_does_not_go_on_from_the_backup_is_refused(history, url, tmp_path):
    settings = settings_for(tmp_path / "back", url)
    with pytest.raises(BackupError, match="does not go on"):
        restore(settings, history.newer, history.older / "audit.sqlite")
    assert list(settings.home.iterdir()) == []


@pytest.mark.parametrize("broken", ["files", "home/keys/database.key", "audit.sqlite", "manifest.json"])
def test_a_backup_that_is_not_whole_is_refused(history, url, tmp_path, broken):
    place = history.newer / broken
    if place.is_dir():
        next(place.glob("*/*.pdf")).unlink()
    elif place.name == "manifest.json":
        place.unlink()
    else:
        place.write_bytes(place.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupError, match=r"not whole|not finished"):
        restore(settings_for(tmp_path / "back", url), history.newer)


def test_a_manifest_names_nothing_outside(history, url, tmp_path):
    manifest = json.loads((history.newer / "manifest.json").read_text())
    manifest["files"]["home/../../elsewhere"] = "0" * 64
    (history.newer / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BackupError, match="outside"):
        restore(settings_for(tmp_path / "back", url), history.newer)


def test_nothing_is_overwritten(history, url, tmp_path):
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "something").touch()
    with pytest.raises(BackupError, match="not empty"):
        restore(Settings(home=tmp_path / "back", database_url=url), history.newer)
    if url:
        with pytest.raises(CopyError, match="holds tables"):
            restore(Settings(home=tmp_path / "other", database_url=url), history.newer)
        assert list((tmp_path / "other").iterdir()) == []


def test_a_backup_goes_neither_into_the_home_nor_over_anything(components, tmp_path):
    with pytest.raises(BackupError, match="home itself"):
        back_up(components, components.home.path / "backup")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    with pytest.raises(BackupError, match="not empty"):
        back_up(components, tmp_path / "full")


def test_a_backup_made_while_people_work_is_of_one_moment(components, url, tmp_path):
    """Papers come, are tightened and removed all the time: what is restored lacks no original."""
    stop, errors = threading.Event(), []

    def work() -> None:
        try:
            number = 0
            while not stop.is_set():
                name = paper(components, f"kite {number}")
                tighten(components, name)
                if number % 3 == 0:
                    remove(components, name)
                number += 1
        except Exception as error:  # told below
            errors.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        while len(rules(components)) < 5:
            assert worker.is_alive()
        back_up(components, tmp_path / "backup")
    finally:
        stop.set()
        worker.join()
    assert not errors
    components.close()
    settings = settings_for(tmp_path / "back", url)
    outcome = restore(settings, tmp_path / "backup")
    restored = Components(settings)
    try:
        assert outcome.documents == len(rules(restored)) >= 5
        assert not file_differences(restored).extra and len(file_differences(restored).gone) <= outcome.sealed
        assert restored.trail.verify()
    finally:
        restored.close()


@pytest.mark.parametrize("surviving", [False, True])
def test_archives_of_the_trail_are_backed_up_and_count_at_a_restore(components, url, tmp_path, surviving):
    tightened, same = paper(components, "kites"), paper(components, "balloons")
    components.worker().run()
    archive = Event("operator", "console", "audit_archive")
    components.trail.archive(archive)
    back_up(components, tmp_path / "backup")
    tighten(components, tightened)
    components.trail.archive(archive)
    components.close()
    settings = settings_for(tmp_path / "back", url)
    outcome = restore(settings, tmp_path / "backup", components.home.audit if surviving else None)
    restored = Components(settings)
    try:
        assert outcome.sealed == int(surviving)
        assert restored.trail.verify() == restored.trail.count()
        assert list(restored.trail.archives().values()) == ([True, True] if surviving else [True])
        with restored.database.reading() as session:
            rule = policy.rule_of(session, session.get_one(DocumentRow, tightened).rule)
        assert (rule == SEALED.rule) == surviving
        assert same in rules(restored)
    finally:
        restored.close()


def test_without_the_programs_of_postgresql_it_says_so(components, url, tmp_path, monkeypatch):
    if not url:
        pytest.skip("SQLite needs no program")
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(CopyError, match="pg_dump is not here"):
        back_up(components, tmp_path / "backup")


def test_a_broken_trail_is_not_restored(history, url, tmp_path):
    with pytest.raises((TrailError, BackupError)):
        restore(settings_for(tmp_path / "back", url), history.newer, history.newer / "manifest.json")
