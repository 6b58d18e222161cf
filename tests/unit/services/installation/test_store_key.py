"""The store's key is changed while people work: nothing is lost, nothing stays under the key before, whoever is killed.

With a real bucket; on SQLite, and with several hosts on PostgreSQL.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from factories import agency, fresh, label, pdf, person, take
from races import emptied, together
from s3_server import S3Server
from sqlalchemy import delete
from typer.testing import CliRunner

from auth import policy
from auth.audit.entries import Event
from auth.database import now
from auth.policy import Action
from auth.tables import HostRow
from indexer.library.tables import DocumentRow
from indexer.store.contract import BrokenError, StoreError
from indexer.store.sealed_store import SealedStore
from indexer.store.sealed_streams import HEAD, SealedStreams
from indexer.store.store_keys import KEY, NEXT
from services import doctor
from services.cli import app
from services.components import Components
from services.hosts import agreement, announcing, comparing, roles
from services.hosts.roles import HostError, HostRole
from services.installation import store_key
from services.installation.backup import back_up, restore
from services.installation.store_key import BEGIN, END, KeyChange
from services.settings import Settings

ROOT = Path(__file__).resolve().parents[4]
ACTS = tuple(Event("operator", "console", action) for action in (BEGIN, END))
WORDS = ("kites", "gliders", "zeppelins")


@pytest.fixture
def components(s3: S3Server, bucket: str, tmp_path: Path) -> Iterator[Components]:
    """A Tolmach of one host, whose originals lie in a bucket."""
    opened = fresh(tmp_path / "home", **s3.settings(bucket))
    agency(opened, "KZ")
    yield opened
    opened.close()


def bring(components: Components, word: str) -> str:
    return take(components, pdf(f"About {word}."), label(components, "KZ")).document_id


def steps(components: Components) -> Iterator[object]:
    assert isinstance(components.store, SealedStore)
    return KeyChange(components, components.store).steps(*ACTS)


def change(components: Components) -> None:
    for _ in steps(components):
        pass


def keys_in(home: Path) -> dict[str, str]:
    return {name: path.read_text() for name in (KEY, NEXT) if (path := home / "keys" / name).exists()}


def under(s3: S3Server, bucket: str, key: str) -> set[str]:
    """The objects that a key has sealed."""
    streams = SealedStreams(bytes.fromhex(key))
    return {name for name, path in s3.objects(bucket).items() if streams.has_sealed(path.read_bytes()[:HEAD])}


def originals(components: Components) -> dict[str, bytes]:
    told = {}
    for name in components.store.names():
        with components.store.open(name) as file:
            told[name] = file.read()
    return told


def acts(components: Components) -> list[tuple[str, str]]:
    return [(e.action, e.decision) for e in components.trail.entries() if e.action in (BEGIN, END)]


def test_everything_is_under_the_new_key_and_the_one_before_is_forgotten(components: Components, s3, bucket) -> None:
    for word in WORDS:
        bring(components, word)
    (name,) = [bring(components, "balloons")]
    components.store.pictures.keep(name, 1, 100, b"picture")
    components.store.check()
    before, earlier = originals(components), keys_in(components.home.path)
    change(components)
    (key,) = keys_in(components.home.path).values()
    assert key != earlier[KEY]
    assert originals(components) == before
    assert components.store.pictures.get(name, 1, 100) is None
    components.store.pictures.keep(name, 1, 100, b"picture")
    assert components.store.pictures.get(name, 1, 100) == b"picture"
    assert under(s3, bucket, key) == set(s3.objects(bucket))
    assert acts(components) == [(BEGIN, "allowed"), (END, "allowed")]
    assert "rotate-key" not in components.store.check()
    change(components)  # and once more
    assert originals(components) == before


def test_objects_of_earlier_versions_have_no_mark_and_are_sealed_anew(components: Components, s3, bucket, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(SealedStreams, "_mark", lambda _self, _salt: b"12345678")
        name = bring(components, "kites")
    (earlier,) = keys_in(components.home.path).values()
    assert under(s3, bucket, earlier) == set()
    before = originals(components)
    change(components)
    (key,) = keys_in(components.home.path).values()
    assert under(s3, bucket, key) == set(s3.objects(bucket)) and originals(components) == before == {name: before[name]}


DYING = """
import os, signal, sys
from itertools import islice
from auth.audit.entries import Event
from services import settings
from services.components import Components
from services.installation.store_key import BEGIN, END, KeyChange

components = Components(settings.load())
acts = [Event("operator", "console", action) for action in (BEGIN, END)]
for _ in islice(KeyChange(components, components.store).steps(*acts), int(sys.argv[1])):
    pass
os.kill(os.getpid(), signal.SIGKILL)
"""
STORE = ("url", "bucket", "prefix", "region", "ca", "access_key_file", "secret_key_file")


def environment(current: Settings) -> dict[str, str]:
    """How a command is told of a Tolmach."""
    names = ("home", "store", *(f"store_{each}" for each in STORE))
    return {f"TOLMACH_{name.upper()}": str(getattr(current, name)) for name in names}


def die_after(count: int, told: dict[str, str]) -> None:
    """Change the key in a new process, which dies after so many steps; one that is forked has no way to the bucket."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("TOLMACH_")}
    line = [sys.executable, "-c", DYING, str(count)]
    done = subprocess.run(line, env=plain | told, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("after", range(1, 15))
def test_whoever_is_killed_after_any_step_loses_nothing_and_the_next_goes_on(
    components: Components, s3, bucket, after: int
) -> None:
    for word in WORDS:
        bring(components, word)
    components.store.pictures.keep(next(iter(components.store.names())), 1, 100, b"picture")
    components.store.check()
    before, (earlier,) = originals(components), keys_in(components.home.path).values()
    current = components.settings
    components.close()
    die_after(after, environment(current))
    with closing(Components(current)) as again:
        assert originals(again) == before
        left = under(s3, bucket, earlier)
        if left:
            assert earlier in keys_in(current.home).values()
        going = NEXT in keys_in(current.home)
        assert ("rotate-key" in next(each.words for each in doctor.examine(again) if each.what == "store")) == going
        late = bring(again, "balloons")  # work goes on
        if going:
            change(again)
        assert originals(again) == before | {late: pdf("About balloons.")}
        (key,) = keys_in(current.home).values()
        assert key != earlier and under(s3, bucket, key) == set(s3.objects(bucket))
        assert {act for act, _ in acts(again)} == {BEGIN, END}


def test_a_kill_between_the_trails_word_and_the_file_forgets_nothing_that_is_used(
    components: Components, s3, bucket, monkeypatch
) -> None:
    bring(components, "kites")
    with monkeypatch.context() as patch:
        patch.setattr(type(components.store_keys), "forget_earlier", lambda _: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            change(components)
    assert set(keys_in(components.home.path)) == {KEY, NEXT}
    change(components)
    assert set(keys_in(components.home.path)) == {KEY}


def test_an_upload_that_began_under_the_key_before_ends_under_the_new_one(
    components: Components, s3, bucket, monkeypatch
) -> None:
    """Its object comes to be there when the whole change is over."""
    bucket_type = type(components.store._bucket.bucket)  # type: ignore[attr-defined]
    put, sent = bucket_type.put, []

    def slow(self, name, pieces):
        sealed = list(pieces)
        if not sent:
            sent.append(name)
            change(components)
        return put(self, name, iter(sealed))

    monkeypatch.setattr(bucket_type, "put", slow)
    name = bring(components, "kites")
    assert sent == [f"originals/{name}"]
    (key,) = keys_in(components.home.path).values()
    assert under(s3, bucket, key) == set(s3.objects(bucket)) == {f"tolmach/originals/{name}"}
    assert originals(components) == {name: pdf("About kites.")}


def test_a_picture_that_is_kept_meanwhile_is_kept_under_the_new_key_alone(
    components: Components, s3, bucket, monkeypatch
) -> None:
    name = bring(components, "kites")
    kept = components.store.keys.sealing  # type: ignore[attr-defined]
    asked: list[int] = []

    def sealing():
        asked.append(1)
        if len(asked) == 2:  # it is there, under the key before
            monkeypatch.undo()
            change(components)
        return kept()

    monkeypatch.setattr(components.store.keys, "sealing", sealing)  # type: ignore[attr-defined]
    components.store.pictures.keep(name, 1, 100, b"picture")
    (key,) = keys_in(components.home.path).values()
    assert under(s3, bucket, key) == set(s3.objects(bucket)) and len(s3.objects(bucket)) == 2
    assert components.store.pictures.get(name, 1, 100) == b"picture"


def test_readers_and_writers_meet_the_change(components: Components, s3, bucket) -> None:
    before = {bring(components, word): pdf(f"About {word}.") for word in WORDS}
    over, more = threading.Event(), []

    def read() -> None:
        while not over.is_set():
            assert {name: content for name, content in originals(components).items() if name in before} == before

    def write() -> None:
        number = 0
        while not over.is_set():
            more.append(bring(components, f"paper {number}"))
            number += 1

    def go() -> None:
        try:
            for _ in range(3):
                change(components)
        finally:
            over.set()

    together(read, write, go)
    (key,) = keys_in(components.home.path).values()
    assert under(s3, bucket, key) == set(s3.objects(bucket))
    assert set(originals(components)) == {*before, *more}


@pytest.mark.parametrize("gone", [True, False], ids=["gone from the database", "about to be"])
def test_what_is_removed_for_good_meanwhile_does_not_come_back(
    components: Components, s3, bucket, monkeypatch, gone: bool
) -> None:
    name = bring(components, "kites")
    components.worker().run()
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
    components.removals.remove(scope, None, name, "because", Event("operator", "console", "remove", name), at_once=True)
    bucket_type = type(components.store._bucket.bucket)  # type: ignore[attr-defined]
    put = bucket_type.put

    def late(self, at, pieces):  # the worker comes between what is read and what is put there
        if at == f"originals/{name}":
            components.worker().run() if gone else components.store.remove(name)
        return put(self, at, pieces)

    monkeypatch.setattr(bucket_type, "put", late)
    change(components)
    assert s3.objects(bucket) == {}


def test_what_can_still_be_brought_back_is_sealed_anew_too(components: Components, s3, bucket) -> None:
    name = bring(components, "kites")
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
    event = Event("operator", "console", "remove", name)
    replace(components.removals, kept_for=timedelta(days=1)).remove(scope, None, name, "because", event)
    change(components)
    components.returns.bring_back(scope, None, name, "needed", event)
    assert originals(components) == {name: pdf("About kites.")}


def test_while_anything_does_not_open_the_key_before_is_kept(components: Components, s3, bucket) -> None:
    broken, other = bring(components, "kites"), bring(components, "gliders")
    path = s3.objects(bucket)[f"tolmach/originals/{broken}"]
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(StoreError, match=f"1 objects open with neither key, originals/{broken} the first"):
        change(components)
    assert set(keys_in(components.home.path)) == {KEY, NEXT}
    with pytest.raises(BrokenError):
        components.store.open(broken)
    path.write_bytes(whole)
    change(components)
    assert set(originals(components)) == {broken, other} and set(keys_in(components.home.path)) == {KEY}


def test_two_who_change_it_at_once_change_it_together(components: Components, s3, bucket) -> None:
    before = {bring(components, word): pdf(f"About {word}.") for word in WORDS}
    together(partial(change, components), partial(change, components), refusals=(HostError,))
    assert originals(components) == before
    (key,) = keys_in(components.home.path).values()
    assert under(s3, bucket, key) == set(s3.objects(bucket))


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_backup_of_the_middle_is_restored_and_the_change_goes_on(
    components: Components, s3, bucket, tmp_path: Path, after: int
) -> None:
    before = {bring(components, word): pdf(f"About {word}.") for word in WORDS}
    going = steps(components)
    for _ in range(after):
        next(going)
    back_up(components, tmp_path / "backup")
    current = replace(components.settings, home=tmp_path / "restored", store_bucket=f"{bucket}-new")
    s3.access(f"{bucket}-new")
    restore(current, tmp_path / "backup")
    with closing(Components(current)) as restored:
        assert originals(restored) == before
        late = bring(restored, "balloons")
        change(restored)
        assert originals(restored) == before | {late: pdf("About balloons.")}


def test_a_backup_has_a_key_that_came_after_the_others_were_copied(
    components: Components, s3, bucket, tmp_path: Path, monkeypatch
) -> None:
    bring(components, "kites")
    from services.installation import database_copies

    copy = database_copies.copy

    def late(database, folder):
        going = steps(components)
        next(going), next(going)
        return copy(database, folder)

    monkeypatch.setattr(database_copies, "copy", late)
    back_up(components, tmp_path / "backup")
    assert (tmp_path / "backup" / "home" / "keys" / NEXT).exists()


def test_the_command_says_what_is_to_be_done(components: Components, monkeypatch) -> None:
    bring(components, "kites")
    for name, value in environment(components.settings).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, ["store", "rotate-key"])
    assert done.exit_code == 0 and "Make a backup now" in done.output
    monkeypatch.setenv("TOLMACH_STORE", "folder")
    refused = CliRunner().invoke(app, ["store", "rotate-key"])
    assert refused.exit_code == 1 and "TOLMACH_STORE=s3" in refused.output


# -- Several hosts


@pytest.fixture
def hosts(s3: S3Server, bucket: str, postgresql: str, tmp_path: Path) -> Iterator[list[Components]]:
    """Two hosts of one database, the second with the home that the first gave it."""
    given = {"database_url": emptied(postgresql), "audit": "database", **s3.settings(bucket)}
    first = fresh(tmp_path / "first", host_name="first", **given)
    agency(first, "KZ")
    person(first, "kz1", "KZ", ["registrar"])
    roles.export(first, HostRole.WORKER, tmp_path / "second")
    second = Components(replace(first.settings, home=tmp_path / "second", host_name="second"))
    yield [first, second]
    for each in (first, second):
        each.close()


def test_where_a_host_lacks_the_next_key_it_is_refused_until_it_has_it(hosts: list[Components], s3, bucket) -> None:
    first, second = hosts
    before = {bring(first, word): pdf(f"About {word}.") for word in WORDS}
    (earlier,) = keys_in(first.home.path).values()
    with (
        announcing.announced(first.settings, [HostRole.API], pytest.fail),
        announcing.announced(second.settings, [HostRole.WORKER], pytest.fail),
    ):
        with pytest.raises(HostError, match=r"Not every host has the next key: second\. Copy keys/store-next\.key"):
            change(first)
        assert acts(first) == [(BEGIN, "refused")]
        bring(second, "balloons")
        assert under(s3, bucket, earlier) == set(s3.objects(bucket))
        shutil.copy(first.home.keys / NEXT, second.home.keys / NEXT)
    with (
        announcing.announced(first.settings, [HostRole.API], pytest.fail),
        announcing.announced(second.settings, [HostRole.WORKER], pytest.fail),
    ):
        going = steps(first)
        next(going), next(going)
        late = bring(second, "airships")  # from now on under the new one there too
        (key,) = {*keys_in(first.home.path).values()} - {earlier}
        assert under(s3, bucket, key) == {f"tolmach/originals/{late}"}
        for _ in going:
            pass
        assert under(s3, bucket, key) == set(s3.objects(bucket))
        assert set(keys_in(second.home.path)) == {KEY, NEXT}  # it has not heard yet
        assert originals(second).items() > before.items()
        agreement.check(second, HostRole.WORKER)
        assert keys_in(second.home.path) == keys_in(first.home.path) == {KEY: key}
        assert comparing.described(first).endswith(": alike")
    assert acts(first) == [(BEGIN, "refused"), (BEGIN, "allowed"), (END, "allowed")]


def test_a_host_that_lacks_the_key_that_seals_stops_and_calls_nothing_broken(hosts: list[Components]) -> None:
    first, second = hosts
    name = bring(first, "kites")
    going = steps(first)
    next(going), next(going), next(going)
    with pytest.raises(HostError, match=r"keys/store-next\.key"):
        agreement.check(second, HostRole.WORKER)
    for refused in (partial(second.store.open, name), partial(bring, second, "gliders")):
        with pytest.raises(StoreError, match="from a host that works") as error:
            refused()
        assert not isinstance(error.value, BrokenError)
    with pytest.raises(StoreError):
        second.worker().run()
    with second.database.reading() as session:
        assert session.get_one(DocumentRow, name).state != "quarantined"
    roles.export(first, HostRole.WORKER, second.home.path.parent / "third")
    assert set(keys_in(second.home.path.parent / "third")) == {KEY, NEXT}
    for _ in going:
        pass
    with pytest.raises(HostError, match=r"keys/store\.key of this home is not what the hosts"):
        agreement.check(second, HostRole.WORKER)


def test_a_silent_host_is_in_the_way_until_it_is_forgotten(hosts: list[Components]) -> None:
    first, _ = hosts
    with first.database.session() as session:
        session.add(HostRow(name="gone", role=HostRole.WORKER, facts=json.dumps({}), seen=now() - timedelta(minutes=2)))
    with pytest.raises(HostError, match=r"gone \(silent\).*tolmach host forget"):
        change(first)
    with first.database.session() as session:
        session.execute(delete(HostRow))
    change(first)
    assert set(keys_in(first.home.path)) == {KEY}


def test_two_hosts_that_make_a_key_each_do_not_both_seal_with_theirs(hosts: list[Components]) -> None:
    first, second = hosts
    bring(first, "kites")
    going = steps(first)
    next(going), next(going)
    with pytest.raises(HostError, match="Another host changes the key already"):
        change(second)
    for _ in going:
        pass
    assert acts(first) == [(BEGIN, "allowed"), (BEGIN, "refused"), (END, "allowed")]


def test_what_a_run_that_is_over_left_does_not_end_the_next(components: Components) -> None:
    bring(components, "kites")
    late = steps(components)
    next(late), next(late)
    change(components)
    change(components)
    with pytest.raises(HostError, match="Another run has ended"):
        list(late)
    assert store_key.SEALS and set(keys_in(components.home.path)) == {KEY}
