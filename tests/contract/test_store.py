"""Every store keeps whole files under random names, gives back what was put in or nothing, and forgets for good.

A store joins by a way to make one, and one to see what it holds.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from races import together
from s3_server import S3Server, keys_of

from indexer.store.contract import Arrival, GoneError, Store, StoreError
from indexer.store.folder import FolderStore
from indexer.store.s3 import Bucket
from indexer.store.sealed_store import SealedStore
from indexer.store.sealed_streams import PIECE

NAME, OTHER = "ab" * 16, "ab" + "cd" * 15
CONTENT = b"%PDF-1.7 " + b"x" * 3_000_000
KEY = secrets.token_bytes(32)


@dataclass
class Kept:
    """A store, all that it keeps, and the folder of this machine for what is on its way."""

    store: Store
    held: Callable[[], list[Path]]
    waiting: Path

    def left(self) -> list[Path]:
        """Files on their way."""
        return [path for path in self.waiting.glob("*") if path.is_file()]


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """A store of each kind."""
    waiting = tmp_path / "files" / "incoming"
    if request.param == "folder":
        folder = FolderStore(tmp_path / "files")

        def of_folder() -> list[Path]:
            files = (path for path in (tmp_path / "files").rglob("*") if path.is_file())
            return sorted(path for path in files if path.parent != waiting)

        return Kept(folder, of_folder, waiting)
    server: S3Server = request.getfixturevalue("s3")
    bucket: str = request.getfixturevalue("bucket")
    sealed = SealedStore(Bucket(server.access(bucket)), keys_of(tmp_path / "keys", KEY), waiting)
    return Kept(sealed, lambda: sorted(server.objects(bucket).values()), waiting)


@pytest.fixture
def store(kept: Kept) -> Store:
    return kept.store


def put(store: Store, name: str = NAME, content: bytes = CONTENT) -> Arrival:
    """Keep a file."""
    with store.arriving(io.BytesIO(content), len(content)) as arrival:
        store.keep(arrival, name)
    return arrival


def read(store: Store, name: str = NAME) -> bytes:
    """What is kept under a name."""
    with store.open(name) as file:
        return file.read()


SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 8 * PIECE, 17 * PIECE + 5)


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_given_back_as_it_came(kept: Kept, size: int) -> None:
    content = secrets.token_bytes(size)
    arrival = put(kept.store, content=content)
    assert (arrival.size, arrival.whole, arrival.sha256) == (size, True, hashlib.sha256(content).hexdigest())
    with kept.store.open(NAME) as file:
        assert file.tell() == 0 and file.fileno() > 0  # what reads PDFs in a cage is given the file itself
        assert file.read() == content
    with kept.store.as_file(NAME) as path:
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o077 == 0
    assert kept.left() == []


def test_what_is_not_kept_is_forgotten(kept: Kept) -> None:
    with kept.store.arriving(io.BytesIO(CONTENT), len(CONTENT)) as arrival:
        assert kept.left() == [arrival.path]
    with pytest.raises(RuntimeError), kept.store.arriving(io.BytesIO(CONTENT), len(CONTENT)):
        raise RuntimeError
    assert kept.left() == kept.held() == []


def test_a_file_that_is_too_large_does_not_arrive_whole(kept: Kept) -> None:
    with kept.store.arriving(io.BytesIO(CONTENT), len(CONTENT) - 1) as arrival:
        assert (arrival.whole, arrival.sha256) == (False, "")
        assert arrival.path.stat().st_size < len(CONTENT)
    assert kept.left() == kept.held() == []


class Breaking(io.BytesIO):
    """A stream that breaks after its first piece."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_stream_that_breaks_leaves_nothing(kept: Kept) -> None:
    with pytest.raises(StoreError, match="Input/output error"), kept.store.arriving(Breaking(CONTENT), len(CONTENT)):
        pytest.fail("a broken stream arrived")
    assert kept.left() == kept.held() == []


def test_a_second_file_of_the_name_takes_the_place_of_the_first(store: Store) -> None:
    put(store)
    put(store, content=b"another")
    assert read(store) == b"another"
    assert store.names() == {NAME}


def test_what_is_gone_is_an_error_to_open_and_nothing_to_remove(kept: Kept) -> None:
    put(kept.store)
    kept.store.pictures.keep(NAME, 1, 100, b"picture")
    kept.store.remove(NAME)
    kept.store.remove(NAME)
    assert kept.held() == []
    assert kept.store.names() == kept.store.pictures.documents() == set()
    with pytest.raises(GoneError, match=NAME):
        kept.store.open(NAME)
    with pytest.raises(GoneError, match=NAME), kept.store.as_file(NAME):
        pytest.fail("it is gone")


def test_names_of_originals_are_told_and_of_nothing_else(store: Store) -> None:
    for name in (NAME, OTHER):
        put(store, name)
    store.pictures.keep(NAME, 1, 100, b"picture")
    assert store.names() == {NAME, OTHER}


def test_a_removal_while_somebody_reads_takes_nothing_from_them(store: Store) -> None:
    put(store)
    with store.open(NAME) as file:
        beginning = file.read(100)
        store.remove(NAME)
        assert beginning + file.read() == CONTENT
    assert store.names() == set()


def test_several_at_once_keep_read_and_remove_without_touching_each_other(store: Store) -> None:
    names = [secrets.token_hex(16) for _ in range(6)]

    def act(number: int) -> bytes:
        content = f"paper {number} ".encode() * 200_000
        put(store, names[number], content)
        same = read(store, names[number]) == content
        if number % 2:
            store.remove(names[number])
        return b"same" if same else b"other"

    assert together(*(partial(act, number) for number in range(len(names)))) == [b"same"] * len(names)
    assert store.names() == set(names[::2])


def test_two_who_keep_the_same_name_at_once_leave_one_of_the_two_whole(store: Store) -> None:
    contents = [bytes([number]) * (2 * PIECE) for number in (1, 2)]
    together(*(partial(put, store, content=content) for content in contents))
    assert read(store) in contents


def test_pictures_are_found_by_document_page_and_width_and_by_nothing_else(store: Store) -> None:
    pictures = store.pictures
    pictures.keep(NAME, 1, 100, b"picture")
    pictures.keep(OTHER, 1, 100, b"of another")
    assert pictures.get(NAME, 1, 100) == b"picture"
    assert pictures.get(NAME, 1, 101) is pictures.get(NAME, 2, 100) is None
    assert pictures.get(NAME, 11, 0) is pictures.get(NAME, 1, 10) is None
    assert pictures.documents() == {NAME, OTHER}
    store.remove(NAME)
    assert pictures.get(NAME, 1, 100) is None
    assert pictures.get(OTHER, 1, 100) == b"of another"


def test_it_says_that_it_takes_gives_and_deletes_and_leaves_nothing_of_that(kept: Kept) -> None:
    assert kept.store.check()
    assert {path.name for path in kept.held()} <= {"key"}  # by which it is known that this is the right bucket
    assert kept.left() == []
    assert kept.store.names() == set()


def test_as_old_as_it_was_put_there_however_often_it_is_asked_for(store: Store) -> None:
    put(store)
    times = []
    for _ in range(2):
        with store.as_file(NAME) as path:
            times.append(path.stat().st_mtime)
    assert times[0] == times[1]
