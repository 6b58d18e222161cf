"""The store keeps whole files under random names, and leaves nothing behind of those that it does not keep."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from indexer.library.files import Store, StoreError

NAME = "ab" + "0" * 30
CONTENT = b"%PDF-1.7 " + b"x" * 3_000_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_a_file_is_kept_as_it_came(store: Store, tmp_path: Path) -> None:
    with store.arriving(io.BytesIO(CONTENT), len(CONTENT)) as arrival:
        assert (arrival.size, arrival.whole) == (len(CONTENT), True)
        assert arrival.sha256 == hashlib.sha256(CONTENT).hexdigest()
        store.keep(arrival, NAME)
    with store.open(NAME) as file:
        assert file.read() == CONTENT
    assert files(tmp_path) == [store.path(NAME)] == [tmp_path / "files" / "ab" / f"{NAME}.pdf"]
    assert store.path(NAME).stat().st_mode & 0o077 == 0


def test_what_is_not_kept_is_forgotten(store: Store, tmp_path: Path) -> None:
    with store.arriving(io.BytesIO(CONTENT), len(CONTENT)):
        assert len(files(tmp_path)) == 1
    assert files(tmp_path) == []


def test_what_fails_on_the_way_is_forgotten(store: Store, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), store.arriving(io.BytesIO(CONTENT), len(CONTENT)):
        raise RuntimeError
    assert files(tmp_path) == []


def test_a_file_that_is_too_large_does_not_arrive_whole(store: Store, tmp_path: Path) -> None:
    with store.arriving(io.BytesIO(CONTENT), len(CONTENT) - 1) as arrival:
        assert (arrival.whole, arrival.sha256) == (False, "")
        assert arrival.path.stat().st_size < len(CONTENT)
    assert files(tmp_path) == []


class Breaking(io.BytesIO):
    """A stream that breaks after its first piece."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_stream_that_breaks_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Input/output error"), store.arriving(Breaking(CONTENT), len(CONTENT)):
        pytest.fail("a broken stream arrived")
    assert files(tmp_path) == []


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(StoreError, match="could not be stored"), Store(tmp_path / "files").arriving(io.BytesIO(), 1):
        pytest.fail("stored nowhere")


def test_a_place_that_is_taken_by_a_folder_is_an_error(store: Store, tmp_path: Path) -> None:
    (tmp_path / "files" / "ab" / f"{NAME}.pdf").mkdir(parents=True)
    with pytest.raises(StoreError), store.arriving(io.BytesIO(CONTENT), len(CONTENT)) as arrival:
        store.keep(arrival, NAME)
    assert files(tmp_path) == []


def test_what_is_gone_is_an_error_to_open_and_nothing_to_remove(store: Store, tmp_path: Path) -> None:
    with store.arriving(io.BytesIO(CONTENT), len(CONTENT)) as arrival:
        store.keep(arrival, NAME)
    store.remove(NAME)
    store.remove(NAME)
    assert files(tmp_path) == []
    for act in (store.open, store.path):
        with pytest.raises(StoreError, match=NAME):
            act(NAME)


def test_what_a_dead_process_left_behind_is_deleted_after_a_day(store: Store, tmp_path: Path) -> None:
    with store.arriving(io.BytesIO(CONTENT), len(CONTENT)) as arrival:
        left = arrival.path.with_name("left.pdf")
        left.write_bytes(CONTENT)
        os.utime(left, (0, 0))
        store.tidy()
        assert files(tmp_path) == [arrival.path]
        store.keep(arrival, NAME)
    os.utime(store.path(NAME), (0, 0))
    store.tidy()
    assert files(tmp_path) == [store.path(NAME)]
