"""What reads and draws PDFs in the cage, shared by the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from indexer.extract.drawing import PageDrawer
from indexer.extract.reader import Reader


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """A reader with its usual limits."""
    with Reader() as shared:
        yield shared


@pytest.fixture(scope="module")
def drawer() -> Iterator[PageDrawer]:
    """What draws pages."""
    with closing(PageDrawer()) as shared:
        yield shared
