"""A Tolmach whose originals lie in a bucket works as one with a folder, to the byte; and what fails there is recorded.

With a real server over TLS.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from paired_worlds import A_DAY_IN_2026, Call, Person, World, some_items
from races import CrashError, together
from s3_server import S3Server, s3_server
from sqlalchemy import select

from auth import policy
from auth.audit.entries import Event
from auth.people import Role
from auth.policy import Action
from indexer.library.tables import DocumentRow
from indexer.pipeline.stages.remove import Remove
from indexer.store.contract import StoreError
from indexer.store.folder import FolderStore
from services import doctor, settings
from services.components import Components
from services.installation.backup import back_up, restore
from services.installation.moving import move
from services.installation.reconciling import file_differences, reconcile
from services.settings import Settings, SettingsError

WORDS = frozenset({"returnees", "finance", "courts"})
PEOPLE = [Person(role, "KZ-MIA", role, "strictly-confidential", WORDS) for role in (Role.EXPERT, Role.REGISTRAR)]


@pytest.fixture
def components(s3: S3Server, bucket: str, tmp_path: Path) -> Iterator[Components]:
    """A Tolmach whose originals lie in a bucket."""
    opened = fresh(tmp_path / "home", **s3.settings(bucket))
    agency(opened, "KZ")
    person(opened, "kz1", "KZ", ["registrar"])
    yield opened
    opened.close()


def bring(components: Components, word: str = "kites") -> str:
    return take(components, pdf(f"About {word}."), label(components, "KZ")).document_id


def row_of(components: Components, name: str) -> DocumentRow | None:
    with components.database.reading() as session:
        return session.get(DocumentRow, name)


def gone(components: Components, name: str) -> None:
    """Remove a document for good, as far as that goes before a worker comes."""
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
    components.removals.remove(scope, None, name, "a mistake", Event("operator", "console", Action.REMOVE, name))


def originals(s3: S3Server, bucket: str) -> set[str]:
    return {name.rpartition("/")[2] for name in s3.objects(bucket) if name.startswith("tolmach/originals/")}


# -- It works as a folder does


def calls_of(names: list[str]) -> list[Call]:
    calls: list[Call] = [("GET", "/api/documents", {}), ("POST", "/api/search", {"body": {"query": "return"}})]
    for name in names:
        path = f"/api/documents/{name}"
        calls += [("GET", path + rest, {}) for rest in ("", "/pages/1", "/pages/1/image?width=100", "/intake", "/file")]
        calls += [("GET", f"{path}/pages/1/image?width=100", {})]  # which is kept by now
        calls += [("GET", f"{path}/file", {"headers": {"Range": part}}) for part in ("bytes=0-9", "bytes=9999999-")]
    return calls


def test_every_answer_is_the_same_as_of_a_folder(s3: S3Server, bucket: str, tmp_path: Path) -> None:
    items = some_items()[:2]
    with (
        closing(World(tmp_path / "folder", PEOPLE)) as folder,
        closing(World(tmp_path / "bucket", PEOPLE, lambda _: s3.settings(bucket))) as other,
    ):
        names = [*folder.fill(items).values()]
        assert [*other.fill(items).values()] == names
        for path in s3.objects(bucket).values():
            os.utime(path, (A_DAY_IN_2026, A_DAY_IN_2026))  # as the files of the folder
        assert {200, 206, 416} <= compared(folder, other, calls_of(names))
        for world in (folder, other):
            for name in names:
                world.remove(name)
            world.components.worker().run()
        assert 404 in compared(folder, other, calls_of(names))
        assert s3.objects(bucket) == {}
        assert [*(tmp_path / "bucket" / "files" / "incoming").iterdir()] == []


def compared(folder: World, other: World, calls: list[Call]) -> set[int]:
    """The statuses of all answers, once each is the same in both worlds."""
    statuses = set()
    for who in PEOPLE:
        for method, path, more in calls:
            ours, theirs = (masked(world.ask(who, method, path, **more)) for world in (folder, other))
            assert ours == theirs, (who, method, path)
            statuses.add(ours[0])
    return statuses


def masked(answer: Any) -> Any:
    """An answer without the moment at which a paper came."""
    status, headers, content = answer
    return status, headers, re.sub(rb'"taken_at":"[^"]*"', b"", content)


def test_an_upload_of_the_same_by_two_at_once_leaves_one_original(components: Components, s3, bucket) -> None:
    receipts = together(*[partial(take, components, pdf("Kites."), label(components, "KZ"))] * 3)
    assert {receipt.document_id for receipt in receipts} == originals(s3, bucket)  # type: ignore[attr-defined]
    assert len(originals(s3, bucket)) == 1


# -- What fails


def test_a_broken_original_is_recorded_and_the_rest_goes_on(components: Components, s3, bucket, caplog) -> None:
    broken, other = bring(components), bring(components, "gliders")
    path = s3.objects(bucket)[f"tolmach/originals/{broken}"]
    path.write_bytes(s3.objects(bucket)[f"tolmach/originals/{other}"].read_bytes())
    with caplog.at_level(logging.ERROR):
        components.worker().run()
    row = row_of(components, broken)
    assert row is not None and (row.state, row.code) == ("quarantined", "original_broken")
    assert row_of(components, other).state == "indexed"  # type: ignore[union-attr]
    assert f"The original of document {broken} cannot be trusted" in caplog.text
    answer = client(components, "kz1").get(f"/api/documents/{broken}/file")
    assert (answer.status_code, answer.json()["code"]) == (503, "original_broken")
    told = {finding.what: finding for finding in doctor.examine(components, deep=True)}
    assert told["files"].words == f"1 originals are not what was taken in, {broken} the first"
    assert told["store"].well and "sealed in https://127.0.0.1" in told["store"].words
    assert f"store: {components.settings.store_url}" in doctor.connections(components)


@pytest.fixture
def fragile(s3: S3Server, tmp_path: Path) -> Iterator[tuple[Components, S3Server]]:
    """A Tolmach and a server of its own, which may be killed."""
    with s3_server(may_build=False) as server:
        opened = fresh(tmp_path / "home", **server.settings("bucket"))
        agency(opened, "KZ")
        person(opened, "kz1", "KZ", ["registrar"])
        yield opened, server
        opened.close()


def test_while_the_store_is_down_nothing_is_taken_in_or_lost_and_later_all_goes_on(fragile) -> None:
    components, server = fragile
    first, second = bring(components), bring(components, "gliders")
    components.worker().run()
    gone(components, first)
    entries = components.trail.head()[0]
    server.kill()
    with pytest.raises(StoreError):
        bring(components, "zeppelins")
    with components.database.reading() as session:
        assert set(session.scalars(select(DocumentRow.id))) == {first, second}
    assert components.trail.head()[0] == entries
    answer = client(components, "kz1").get(f"/api/documents/{second}/file")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    with pytest.raises(StoreError):
        components.worker().run()
    assert row_of(components, first).state == "removing"
    reconcile(components)  # raises nothing: the index is compared all the same
    told = {finding.what: finding for finding in doctor.examine(components)}
    assert not told["store"].well and not told["files"].well and told["search index"].well
    server.start()
    components.worker().run()
    assert row_of(components, first) is None
    assert originals(server, "bucket") == {second}
    components.trail.verify()


def test_a_crash_between_store_and_database_leaves_what_doctor_names(components: Components, s3, bucket, monkeypatch):
    monkeypatch.setattr(components.trail, "record", crash)
    with pytest.raises(CrashError):
        bring(components)
    (left,) = originals(s3, bucket)
    assert file_differences(components).extra == {left}
    assert row_of(components, left) is None


def crash(*_: object) -> None:
    raise CrashError


def test_a_removal_that_died_after_the_store_is_finished(components: Components, s3, bucket, monkeypatch) -> None:
    name = bring(components)
    components.worker().run()
    components.store.pictures.keep(name, 1, 100, b"picture")
    gone(components, name)
    with monkeypatch.context() as patch:
        patch.setattr(Remove, "_forget", crash)
        with pytest.raises(CrashError):
            components.worker().run()
    assert s3.objects(bucket) == {} and row_of(components, name) is not None
    with components.database.session() as session:  # its worker is dead
        session.get_one(DocumentRow, name).lease_until = None
    components.worker().run()
    assert row_of(components, name) is None


def test_an_object_of_a_removed_document_that_is_put_back_is_deleted(components: Components, s3, bucket) -> None:
    name, other = bring(components), bring(components, "gliders")
    components.worker().run()
    path = s3.objects(bucket)[f"tolmach/originals/{name}"]
    content = path.read_bytes()
    gone(components, name)
    components.worker().run()
    path.write_bytes(content)
    for each in (name, other):
        components.store.pictures.keep(each, 1, 100, b"picture")
    reconcile(components)
    assert originals(s3, bucket) == {other} == components.store.pictures.documents()


# -- Backup, and moving


@pytest.mark.parametrize("into", ["bucket", "folder"])
def test_a_backup_has_the_originals_and_goes_back_into_any_store(
    components: Components, s3, bucket, tmp_path, into
) -> None:
    name, broken = bring(components), bring(components, "gliders")
    components.worker().run()
    s3.objects(bucket)[f"tolmach/originals/{broken}"].write_bytes(b"nothing that was sealed")
    made = back_up(components, tmp_path / "backup")
    assert (made.documents, made.broken) == (2, {broken})
    assert (tmp_path / "backup" / "files" / name[:2] / f"{name}.pdf").read_bytes() == pdf("About kites.")
    configured = s3.settings(f"{bucket}-new") if into == "bucket" else {}
    restore(Settings(home=tmp_path / "restored", **configured), tmp_path / "backup")
    with closing(Components(Settings(home=tmp_path / "restored", **configured))) as restored:
        assert restored.store.names() == {name}
        assert file_differences(restored).gone == {broken}
        with restored.store.open(name) as file:
            assert file.read() == pdf("About kites.")


def test_a_backup_without_the_store_is_none(fragile, tmp_path: Path) -> None:
    components, server = fragile
    bring(components)
    server.kill()
    with pytest.raises(StoreError):
        back_up(components, tmp_path / "backup")
    assert not (tmp_path / "backup" / "manifest.json").exists()


def test_a_move_goes_on_where_it_was_broken_off_and_comes_back(tmp_path: Path, s3, bucket, monkeypatch) -> None:
    with closing(fresh(tmp_path / "home")) as before:
        agency(before, "KZ")
        names = sorted(bring(before, word) for word in ("kites", "gliders", "zeppelins", "balloons"))
        damaged = names[1]
        (tmp_path / "home" / "files" / damaged[:2] / f"{damaged}.pdf").write_bytes(b"%PDF-1.4 another")
    with closing(Components(Settings(home=tmp_path / "home", **s3.settings(bucket)))) as components:
        folder = FolderStore(components.home.files)
        assert "tolmach store move" in {each.what: each.words for each in doctor.examine(components)}["files"]

        def dying(done: int, total: int) -> None:
            if done == 3:
                raise CrashError

        with pytest.raises(CrashError):
            move(components.database, folder, components.store, True, dying)
        assert folder.names() == {damaged, names[3]}
        assert move(components.database, folder, components.store, False, print).documents == 1
        assert folder.names() == {damaged, names[3]}
        moved = move(components.database, folder, components.store, True, print)
        assert (moved.documents, moved.broken) == (1, (damaged,))
        assert (folder.names(), components.store.names()) == ({damaged}, {*names} - {damaged})
        move(components.database, components.store, folder, True, print)
        assert (folder.names(), components.store.names()) == ({*names}, set())


def test_the_command_moves_and_says_so(tmp_path: Path, s3: S3Server, bucket: str) -> None:
    with closing(fresh(tmp_path / "home")) as before:
        agency(before, "KZ")
        name = bring(before)
    configured = {f"TOLMACH_{key.upper()}": value for key, value in s3.settings(bucket).items()}
    environment = {**os.environ, **configured, "TOLMACH_HOME": str(tmp_path / "home")}
    for variable in ("TOLMACH_PROMISED", "TOLMACH_TEST_DATA"):
        environment.pop(variable, None)
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "store", "move"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "1 originals are in https://127.0.0.1" in done.stderr
    assert originals(s3, bucket) == {name}


# -- Settings

WHOLE = {
    "TOLMACH_STORE": "s3",
    "TOLMACH_STORE_URL": "https://host:9000",
    "TOLMACH_STORE_BUCKET": "papers",
    "TOLMACH_STORE_ACCESS_KEY_FILE": "/run/secrets/access",
    "TOLMACH_STORE_SECRET_KEY_FILE": "/run/secrets/secret",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"STORE": "ftp"},
        {"STORE_URL": ""},
        {"STORE_URL": "http://host:9000"},
        {"STORE_URL": "https://user:password@host"},
        {"STORE_URL": "https://host/path"},
        {"STORE_BUCKET": ""},
        {"STORE_BUCKET": "../other"},
        {"STORE_PREFIX": "a/../b"},
        {"STORE_ACCESS_KEY_FILE": ""},
        {"STORE_SECRET_KEY_FILE": ""},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, str]) -> None:
    assert settings.load(WHOLE).store_url == "https://host:9000"
    with pytest.raises(SettingsError, match="TOLMACH_STORE"):
        settings.load(WHOLE | {f"TOLMACH_{name}": value for name, value in wrong.items()})


def test_a_credential_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, s3: S3Server, bucket: str) -> None:
    configured = s3.settings(bucket) | {"store_secret_key_file": str(tmp_path / "absent")}
    with closing(fresh(tmp_path / "home", **configured)) as components, pytest.raises(StoreError, match="absent"):
        components.store  # noqa: B018
    (tmp_path / "absent").write_text("\n")
    with closing(Components(components.settings)) as again, pytest.raises(StoreError, match="is empty"):
        again.store  # noqa: B018
