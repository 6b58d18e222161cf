"""A trail in PostgreSQL serves as one in a file does, and nobody begins a second trail by mistake."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from factories import agency, bearer, client, fresh, label, pdf, person, take
from races import emptied, together
from sqlalchemy import text

from auth.audit import marks
from auth.audit.entries import Event, TrailError
from auth.audit.proven import prove_on
from auth.database import Database
from auth.errors import TolmachError
from services import doctor
from services.components import Components
from services.installation import disk
from services.installation.backup import BackupError, back_up, restore
from services.installation.reconciling import reconcile
from services.observing.siem import forwarding_of
from services.settings import Settings, SettingsError, load

CLOSE = Event("operator", "console", "audit_archive")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def url(postgresql: str) -> str:
    return emptied(postgresql)


@pytest.fixture
def components(url: str, tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home", database_url=url, audit="database")
    agency(opened, "KZ")
    person(opened, "kz1", "KZ", ["registrar", "expert"])
    person(opened, "auditor", "KZ", ["auditor"])
    yield opened
    opened.close()


def test_it_needs_postgresql() -> None:
    assert load({"TOLMACH_AUDIT": "database", "TOLMACH_DATABASE_URL": "postgresql+psycopg://x/y"}).audit == "database"
    for setting, words in (("database", "needs PostgreSQL"), ("paper", "file or database")):
        with pytest.raises(SettingsError, match=words):
            load({"TOLMACH_AUDIT": setting})


def test_two_hosts_write_one_chain_that_an_auditor_looks_into(components: Components, tmp_path: Path) -> None:
    take(components, pdf("About kites."), label(components, "KZ", "unclassified", "ALL"))
    components.worker().run()
    shutil.copytree(components.home.path, tmp_path / "other home")
    other = Components(replace(components.settings, home=tmp_path / "other home"))
    here, there = client(components, "kz1"), client(other, "kz1")

    def ask(api) -> None:
        for _ in range(10):
            assert api.post("/api/search", json={"query": "kites"}).status_code == 200

    for api in (here, there):  # the first call makes what later ones use
        ask(api)
    before = components.trail.count()
    together(lambda: ask(here), lambda: ask(there))
    assert components.trail.verify() == before + 20
    api = client(other)
    signed_in = bearer(other, "auditor")
    told = api.get("/api/audit?action=search&person=kz1&limit=50", headers=signed_in).json()
    assert len(told["entries"]) == 40
    proof = api.post("/api/audit/proof", json={}, headers=signed_in)
    assert (proof.status_code, proof.json()["entries"]) == (200, other.trail.count())
    assert not components.home.audit.exists() and not other.home.audit.exists()
    other.close()


def test_where_the_database_takes_no_entry_nothing_is_shown(components: Components) -> None:
    take(components, pdf("About kites."), label(components, "KZ", "unclassified", "ALL"))
    components.worker().run()
    api = client(components, "kz1")
    assert api.post("/api/search", json={"query": "kites"}).json()["total"] == 1
    with components.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE tolmach_audit.trail ADD CHECK (number < 0) NOT VALID"))
    refused = api.post("/api/search", json={"query": "kites"})
    assert refused.status_code == 503 and b"kites" not in refused.content


def test_doctor_proof_forwarding_and_forecast_work_as_with_a_file(components: Components, tmp_path: Path) -> None:
    reconcile(components)
    findings = {each.what: each for each in doctor.examine(components)}
    assert [each for each in findings.values() if not each.well and each.what not in ("translation", "modes")] == []
    assert "may change its entries" in findings["role of the trail"].words
    assert prove_on(components.database, components.trail).entries == components.trail.count()
    assert disk.forecast(components).trail_bytes > 0
    collected = Components(replace(components.settings, siem=f"file://{tmp_path / 'collected'}"))
    forwarding = forwarding_of(collected)
    assert forwarding
    assert forwarding.step() == collected.trail.count()
    collected.trail.record(Event("ann", "console", "read"))
    assert (forwarding.step(), forwarding.behind()) == (1, 0)
    collected.close()


def test_a_backup_holds_the_trail_as_a_file_and_a_restore_fills_the_tables(
    components: Components, tmp_path: Path
) -> None:
    take(components, pdf("About kites."), label(components, "KZ", "unclassified", "ALL"))
    components.worker().run()
    with components.owned_trail() as trail:
        trail.archive(CLOSE)
    back_up(components, tmp_path / "backup")
    before = list(components.trail.entries())
    components.close()
    for audit in ("database", "file"):
        settings = replace(components.settings, home=tmp_path / audit, audit=audit)
        emptied(settings.database_url)
        assert restore(settings, tmp_path / "backup").documents == 1
        back = Components(settings)
        entries = list(back.trail.entries())
        assert entries[: len(before)] == before
        assert entries[len(before)].action == "restore"
        assert back.trail.verify() == len(entries)
        assert back.home.audit.exists() == (audit == "file")
        reconcile(back)
        assert not marks.lacking(back.database, back.trail)
        back.close()


def test_a_trail_that_survived_in_the_database_is_gone_on_with(components: Components, tmp_path: Path) -> None:
    take(components, pdf("About kites."), label(components, "KZ", "unclassified", "ALL"))
    back_up(components, tmp_path / "backup")
    take(components, pdf("About balloons."), label(components, "KZ", "unclassified", "ALL"))
    before = list(components.trail.entries())
    with components.database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    components.close()
    settings = replace(components.settings, home=tmp_path / "back")
    assert restore(settings, tmp_path / "backup").lost == 1
    back = Components(settings)
    assert list(back.trail.entries())[: len(before)] == before
    assert back.trail.verify() == back.trail.count()
    back.close()


def test_a_surviving_trail_that_does_not_go_on_from_the_backup_is_refused(
    components: Components, tmp_path: Path
) -> None:
    back_up(components, tmp_path / "older")
    take(components, pdf("About kites."), label(components, "KZ", "unclassified", "ALL"))
    back_up(components, tmp_path / "newer")
    components.close()
    settings = replace(components.settings, home=tmp_path / "back")
    emptied(settings.database_url)
    with pytest.raises(BackupError, match="does not go on"):
        restore(settings, tmp_path / "newer", tmp_path / "older" / "audit.sqlite")


# -- From a file to the database


@pytest.fixture
def in_file(url: str, tmp_path: Path) -> Settings:
    """The settings of a home on PostgreSQL whose trail is a file."""
    opened = fresh(tmp_path / "home", database_url=url)
    agency(opened, "A")
    take(opened, pdf("About kites."), label(opened, "A", "unclassified", "ALL"))
    opened.close()
    return opened.settings


def run_with(settings: Settings, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLMACH_")}
    environment |= {"TOLMACH_HOME": str(settings.home), "TOLMACH_DATABASE_URL": settings.database_url, **more}
    command = [sys.executable, "-m", "services.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_nobody_begins_a_second_trail_and_a_move_takes_the_first_along(in_file: Settings) -> None:
    old = Components(in_file)
    before = list(old.trail.entries())
    moved = Components(replace(in_file, audit="database"))
    with pytest.raises(TrailError, match="Take it along: tolmach audit move"):
        _ = moved.trail
    refused = run_with(in_file, "audit", "move")
    assert refused.returncode == 1 and "Set TOLMACH_AUDIT=database" in refused.stderr
    done = run_with(in_file, "audit", "move", TOLMACH_AUDIT="database")
    assert done.returncode == 0, done.stderr
    assert f"{len(before) + 1} entries, unbroken" in done.stderr
    with pytest.raises(TrailError, match="Set TOLMACH_AUDIT=database"):  # a process that was not told
        old.trail.record(Event("ann", "console", "read"))
    old.close()
    for words, settings in (
        ("only kept as a proof", in_file),
        ("moved to the database", replace(in_file, home=in_file.home.parent / "b")),
    ):
        if not settings.home.exists():
            shutil.copytree(in_file.home, settings.home)
            for path in settings.home.glob("audit.sqlite*"):
                path.unlink()
        with pytest.raises(TrailError, match=words):
            _ = Components(settings).trail
    moved.trail.record(Event("ann", "console", "read"))
    assert list(moved.trail.entries())[: len(before)] == before
    assert moved.trail.verify() == len(before) + 2
    assert not marks.lacking(moved.database, moved.trail)
    again = run_with(in_file, "audit", "move", TOLMACH_AUDIT="database")
    assert again.returncode == 0, again.stderr
    assert json.loads(run_with(in_file, "doctor", "--json", TOLMACH_AUDIT="database").stdout)
    verified = run_with(in_file, "audit", "verify", "--all", TOLMACH_AUDIT="database")
    assert verified.returncode == 0 and f"{len(before) + 2} entries" in verified.stderr
    archived = run_with(in_file, "audit", "archive", TOLMACH_AUDIT="database")
    assert archived.returncode == 0, archived.stderr
    assert moved.trail.verify() == len(before) + 3
    moved.close()


def test_without_a_file_there_is_nothing_to_move_and_without_tables_nothing_to_write(url: str, tmp_path: Path) -> None:
    opened = fresh(tmp_path / "home", database_url=url)
    opened.close()
    for path in opened.home.path.glob("audit.sqlite*"):
        path.unlink()
    done = run_with(opened.settings, "audit", "move", TOLMACH_AUDIT="database")
    assert done.returncode == 1 and "no trail in" in done.stderr
    with pytest.raises(TolmachError, match="Run: tolmach init"):
        _ = Components(replace(opened.settings, audit="database")).trail
    assert run_with(opened.settings, "init", TOLMACH_AUDIT="database").returncode == 0
    again = Components(replace(opened.settings, audit="database"))
    again.trail.record(Event("ann", "console", "read"))
    assert again.trail.verify() == 1
    again.close()
    database = Database(url)
    database.close()
