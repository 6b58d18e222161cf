"""A Tolmach of translators and reviewers, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import agency, fresh, person

from services.components import Components


@pytest.fixture
def components(tmp_path: Path, database_url: str) -> Iterator[Components]:
    opened = fresh(tmp_path / "home", **({"database_url": database_url} if "postgresql" in database_url else {}))
    for code in ("A", "B"):
        agency(opened, code)
    for name, role, home in (
        ("tina", "translator", "A"),
        ("toby", "translator", "A"),
        ("rita", "reviewer", "A"),
        ("rolf", "reviewer", "B"),
    ):
        person(opened, name, home, [role])
    person(opened, "both", "A", ["translator", "reviewer"])
    yield opened
    opened.close()
