"""Trails are kept in files and in PostgreSQL, and are the same: what holds of one holds of the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from trails import close_keepers, kept_in


@pytest.fixture(scope="module", params=["file", "postgresql"])
def kept(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the trails of a module's tests are kept: for `pytest.mark.usefixtures`."""
    with kept_in(request.getfixturevalue("postgresql") if request.param == "postgresql" else ""):
        yield request.param


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """No connection outlives its test."""
    yield
    close_keepers()
