"""Whoever operates a bucket reads nothing in it, and changes or exchanges nothing there without being caught.

Against a real server over TLS, whose files are changed as its operator could.
"""

from __future__ import annotations

import io
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from s3_server import S3Server, keys_of, make_certificates, s3_server

from indexer.store import s3 as s3_module
from indexer.store.contract import BrokenError, GoneError, StoreError
from indexer.store.s3 import Bucket
from indexer.store.sealed_bucket import SealedBucket
from indexer.store.sealed_store import SealedPictures, SealedStore

NAME, OTHER, THIRD = (secrets.token_hex(16) for _ in range(3))
WORDS = b"the words that nobody outside may read "
CONTENT = b"%PDF-1.7 " + WORDS * 60_000  # some 2.3 MB: three pieces
LARGE = b"%PDF-1.7 " + WORDS * 1_000_000  # several parts of an upload
KEY = secrets.token_bytes(32)


def put(store: SealedStore, name: str = NAME, content: bytes = CONTENT) -> None:
    with store.arriving(io.BytesIO(content), len(content)) as arrival:
        store.keep(arrival, name)


def read(store: SealedStore, name: str = NAME) -> bytes:
    with store.open(name) as file:
        return file.read()


@pytest.fixture
def store(s3: S3Server, bucket: str, tmp_path: Path) -> SealedStore:
    return SealedStore(Bucket(s3.access(bucket)), keys_of(tmp_path / "keys", KEY), tmp_path / "incoming")


def original(server: S3Server, bucket: str, name: str) -> Path:
    """The file that holds an original."""
    return server.objects(bucket)[f"tolmach/originals/{name}"]


def test_its_operator_reads_nothing_and_names_say_nothing(s3: S3Server, bucket: str, store: SealedStore) -> None:
    put(store)
    store.pictures.keep(NAME, 12, 1000, WORDS)
    put(store, OTHER, LARGE)
    objects = s3.objects(bucket)
    assert {name.partition("/")[2].split("/")[0] for name in objects} == {"originals", "pictures"}
    for name, path in objects.items():
        assert re.fullmatch(rf"tolmach/(originals|pictures/({NAME}|{OTHER}))/[0-9a-f]{{32}}", name)
        content = path.read_bytes()
        assert not any(secret in content for secret in (WORDS[:20], b"%PDF-1.7", NAME.encode(), KEY))
    sidecar = b"".join(path.read_bytes() for path in (s3.folder / "sidecar" / bucket).rglob("*") if path.is_file())
    assert WORDS[:20] not in sidecar and b"pdf" not in sidecar.lower()


@pytest.mark.parametrize("at", [0, 1, 40, 1_500_000, -1])
def test_a_flipped_byte_is_found_and_the_rest_goes_on(s3: S3Server, bucket: str, store: SealedStore, at: int) -> None:
    put(store)
    put(store, OTHER)
    path = original(s3, bucket, NAME)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(BrokenError, match=NAME):
        store.open(NAME)
    with pytest.raises(BrokenError, match=NAME), store.as_file(NAME):
        pytest.fail("it was changed")
    assert read(store, OTHER) == CONTENT
    assert [*store._waiting.folder.iterdir()] == []


def test_exchanged_originals_and_pictures_do_not_open(s3: S3Server, bucket: str, store: SealedStore) -> None:
    for name in (NAME, OTHER):
        put(store, name)
        store.pictures.keep(name, 1, 100, b"picture")
    for folder in ("originals/{}", "pictures/{}"):
        first, second = (
            path
            for name in (NAME, OTHER)
            for each, path in s3.objects(bucket).items()
            if each.startswith(f"tolmach/{folder.format(name)}")
        )
        ours, theirs = first.read_bytes(), second.read_bytes()
        first.write_bytes(theirs)
        second.write_bytes(ours)
    for name in (NAME, OTHER):
        with pytest.raises(BrokenError, match=name):
            store.open(name)
        assert store.pictures.get(name, 1, 100) is None  # so it is drawn again


@pytest.mark.parametrize("left", [0, 20, 33, 1 << 20])
def test_one_that_was_cut_off_does_not_open(s3: S3Server, bucket: str, store: SealedStore, left: int) -> None:
    put(store)
    path = original(s3, bucket, NAME)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(BrokenError, match=NAME):
        store.open(NAME)


def test_with_another_key_nothing_opens(s3: S3Server, bucket: str, store: SealedStore, tmp_path: Path) -> None:
    put(store)
    store.pictures.keep(NAME, 1, 100, b"picture")
    other = SealedStore(Bucket(s3.access(bucket)), keys_of(tmp_path / "other", secrets.token_bytes(32)), tmp_path)
    with pytest.raises(BrokenError, match="another key"):
        other.open(NAME)
    assert other.pictures.get(NAME, 1, 100) is None
    assert store.check() == store.check()
    with pytest.raises(StoreError, match="another key"):
        other.check()


def test_homes_of_other_prefixes_see_nothing_of_each_other(s3: S3Server, bucket: str, tmp_path: Path) -> None:
    one, two = (
        SealedStore(Bucket(s3.access(bucket, prefix=name)), keys_of(tmp_path / "keys", KEY), tmp_path)
        for name in ("one", "one-more")
    )
    put(one)
    two.remove(NAME)
    assert (one.names(), two.names()) == ({NAME}, set())
    with pytest.raises(GoneError):
        two.open(NAME)


def test_the_oldest_pictures_go_where_there_are_too_many(s3: S3Server, bucket: str, tmp_path: Path) -> None:
    pictures = SealedPictures(SealedBucket(Bucket(s3.access(bucket)), keys_of(tmp_path, KEY)), most=10 * 149)
    for page in range(1, 13):
        pictures.keep(NAME, page, 100, b"x" * 100)  # of 149 bytes once it is sealed
    for age, path in enumerate(sorted(s3.objects(bucket).values(), key=lambda path: path.stat().st_mtime_ns)):
        os.utime(path, (age, age))
    pictures.tidy()
    assert [page for page in range(1, 13) if pictures.get(NAME, page, 100)] == [*range(5, 13)]


# -- A server that does not do what it should


@pytest.fixture
def own_server(s3: S3Server) -> Iterator[S3Server]:
    """A gateway to kill."""
    with s3_server(may_build=False) as running:
        yield running


def test_a_server_that_is_killed_is_an_error_until_it_is_back(own_server: S3Server, tmp_path: Path) -> None:
    store = SealedStore(Bucket(own_server.access("bucket")), keys_of(tmp_path / "keys", KEY), tmp_path / "incoming")
    put(store)
    own_server.kill()
    for act in (lambda: store.open(NAME), lambda: put(store, OTHER), lambda: store.remove(NAME), store.names):
        with pytest.raises(StoreError) as caught:
            act()
        assert not isinstance(caught.value, GoneError | BrokenError)
        assert own_server.secret not in str(caught.value) and own_server.key not in str(caught.value)
    store.pictures.keep(NAME, 1, 100, b"picture")
    assert store.pictures.get(NAME, 1, 100) is None
    own_server.start()
    assert store.names() == {NAME}
    assert read(store) == CONTENT
    assert [*(tmp_path / "incoming").iterdir()] == []


def test_a_server_killed_in_the_middle_of_an_upload_keeps_nothing_of_it(own_server: S3Server, tmp_path: Path) -> None:
    bucket = Bucket(own_server.access("bucket"))
    store = SealedStore(bucket, keys_of(tmp_path / "keys", KEY), tmp_path)

    def dying() -> Iterator[bytes]:
        for number, piece in enumerate(store.keys.sealing().seal(io.BytesIO(LARGE), f"originals/{NAME}")):
            if number == 25:
                own_server.kill()
            yield piece

    with pytest.raises(StoreError):
        bucket.put(f"originals/{NAME}", dying())
    own_server.start()
    assert store.names() == set()
    put(store, content=LARGE)
    assert read(store) == LARGE


def test_a_server_killed_in_the_middle_of_a_download_gives_nothing(own_server: S3Server, tmp_path: Path) -> None:
    bucket = Bucket(own_server.access("bucket"))
    store = SealedStore(bucket, keys_of(tmp_path / "keys", KEY), tmp_path)
    put(store, content=LARGE)
    with pytest.raises(StoreError), bucket.get(f"originals/{NAME}") as (pieces, _):
        for _ in pieces:
            if own_server.process and own_server.process.poll() is None:
                own_server.kill()


def test_one_of_another_authority_is_told_nothing(s3: S3Server, bucket: str, tmp_path: Path) -> None:
    make_certificates(tmp_path)
    access = s3.access(bucket, authority=(tmp_path / "authority.crt").read_text())
    with pytest.raises(StoreError):
        put(SealedStore(Bucket(access), keys_of(tmp_path / "keys", KEY), tmp_path / "incoming"))
    assert s3.objects(bucket) == {}


@pytest.mark.parametrize("different", [{"secret": "0" * 40}, {"key": "0" * 20}, {"bucket": "absent"}], ids=str)
def test_what_the_server_refuses_is_an_error(
    s3: S3Server, bucket: str, tmp_path: Path, different: dict[str, str]
) -> None:
    access = s3.access(bucket, **{name: value for name, value in different.items() if name != "bucket"})
    if "bucket" in different:
        (s3.folder / "data" / bucket).rmdir()
    store = SealedStore(Bucket(access), keys_of(tmp_path / "keys", KEY), tmp_path)
    for act in (lambda: put(store), store.names, store.check):
        with pytest.raises(StoreError):
            act()


def test_it_connects_where_it_is_told_whatever_the_environment_says(
    s3: S3Server, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = "http://127.0.0.1:9"
    for name in (
        "AWS_ENDPOINT",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_S3",
        "AWS_PROXY_URL",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ):
        monkeypatch.setenv(name, elsewhere)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "another",
        "AWS_SECRET_ACCESS_KEY": "another",
        "AWS_SESSION_TOKEN": "token",
        "AWS_REGION": "nowhere",
        "AWS_DEFAULT_REGION": "nowhere",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
        "AWS_S3_EXPRESS": "true",
        "AWS_ALLOW_HTTP": "true",
        "AWS_BUCKET": "another",
    }.items():
        monkeypatch.setenv(name, value)
    store = SealedStore(Bucket(s3.access(bucket)), keys_of(tmp_path / "keys", KEY), tmp_path)
    put(store)
    assert read(store) == CONTENT


def test_a_bucket_that_keeps_versions_is_said_to(s3: S3Server, tmp_path: Path) -> None:
    with s3_server(may_build=False, versions=True) as server:
        store = SealedStore(Bucket(server.access("bucket")), keys_of(tmp_path / "keys", KEY), tmp_path)
        assert store.check()
        about = server.folder / "sidecar" / "bucket" / "meta"  # as its own command would write it
        about.mkdir(parents=True, exist_ok=True)
        (about / "versioning").write_bytes(b"\x01")
        with pytest.raises(StoreError, match="keeps versions"):
            store.check()


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, s3: S3Server) -> None:
    monkeypatch.setattr(s3_module, "find_spec", lambda name: None)
    with pytest.raises(StoreError, match=r"requirements/s3\.txt"):
        Bucket(s3.access("bucket"))
