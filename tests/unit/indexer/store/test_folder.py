"""A folder that cannot be written or read says so, and what a dead process left in it goes after a day."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from indexer.store.contract import StoreError
from indexer.store.folder import FolderStore

NAME = "ab" + "0" * 30
CONTENT = b"%PDF-1.7 " + b"x" * 3_000


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def put(store: FolderStore) -> None:
    with store.arriving(io.BytesIO(CONTENT), len(CONTENT)) as arrival:
        store.keep(arrival, NAME)


def test_it_lies_two_levels_deep_under_its_name(store: FolderStore, tmp_path: Path) -> None:
    put(store)
    assert files(tmp_path) == [tmp_path / "files" / "ab" / f"{NAME}.pdf"]


def test_one_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    store = FolderStore(tmp_path / "files")
    with pytest.raises(StoreError, match="could not be stored"), store.arriving(io.BytesIO(), 1):
        pytest.fail("stored nowhere")
    with pytest.raises(StoreError, match="could not be stored"):
        store.check()


def test_a_place_that_is_taken_by_a_folder_is_an_error(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "files" / "ab" / f"{NAME}.pdf").mkdir(parents=True)
    with pytest.raises(StoreError):
        put(store)
    assert files(tmp_path) == []
    for act in (store.open, store.remove):
        with pytest.raises(StoreError, match=NAME):
            act(NAME)


def test_what_a_dead_process_left_behind_is_deleted_after_a_day(store: FolderStore, tmp_path: Path) -> None:
    with store.arriving(io.BytesIO(CONTENT), len(CONTENT)) as arrival:
        left = arrival.path.with_name("left.pdf")
        left.write_bytes(CONTENT)
        os.utime(left, (0, 0))
        store.tidy()
        assert files(tmp_path) == [arrival.path]
        store.keep(arrival, NAME)
    (place,) = files(tmp_path)
    os.utime(place, (0, 0))
    store.tidy()
    assert files(tmp_path) == [place]
