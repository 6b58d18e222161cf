"""Pictures that were drawn once: found by document, page and width alone, gone with their document, bounded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.store.folder import FolderStore
from indexer.store.pictures import FolderPictures

NAME, OTHER = "ab" * 16, "ab" + "cd" * 15


@pytest.fixture
def pictures(tmp_path: Path) -> FolderPictures:
    return FolderPictures(tmp_path / "pictures", most=1000)


def test_a_picture_is_found_by_document_page_and_width_and_by_nothing_else(pictures: FolderPictures) -> None:
    pictures.keep(NAME, 1, 100, b"picture")
    assert pictures.get(NAME, 1, 100) == b"picture"
    assert pictures.get(NAME, 1, 101) is pictures.get(NAME, 2, 100) is pictures.get(OTHER, 1, 100) is None


def test_pictures_go_with_their_document(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for name in (NAME, OTHER):
        store.pictures.keep(name, 1, 100, b"picture")
    store.remove(NAME)
    assert store.pictures.get(NAME, 1, 100) is None
    assert store.pictures.get(OTHER, 1, 100) == b"picture"
    store.remove(NAME)


def test_nobody_else_can_read_them_on_the_disk(pictures: FolderPictures, tmp_path: Path) -> None:
    pictures.keep(NAME, 1, 100, b"picture")
    (file,) = (path for path in (tmp_path / "pictures").rglob("*") if path.is_file())
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_what_was_not_looked_at_for_longest_goes_first(pictures: FolderPictures, tmp_path: Path) -> None:
    for page in range(1, 13):
        pictures.keep(NAME, page, 100, b"x" * 100)
        os.utime(tmp_path / "pictures" / NAME[:2] / NAME / f"{page}-100.png", (page, page))
    assert pictures.get(NAME, 1, 100)
    pictures.tidy()
    kept = [page for page in range(1, 13) if pictures.get(NAME, page, 100)]
    assert kept == [1, 6, 7, 8, 9, 10, 11, 12]


def test_a_disk_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    pictures = FolderPictures(tmp_path / "in the way")
    pictures.keep(NAME, 1, 100, b"picture")
    assert pictures.get(NAME, 1, 100) is None
