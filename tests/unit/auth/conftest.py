"""Each test its own Tolmach; and properties are true or false however busy the machine is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import fresh
from hypothesis import settings

from services.components import Components

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    """A Tolmach that was just set up."""
    opened = fresh(tmp_path / "home")
    yield opened
    opened.close()
