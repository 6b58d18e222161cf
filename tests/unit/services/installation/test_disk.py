"""How long the disk lasts, from what the last week added."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from factories import agency, label, pdf, take

from auth.audit import trail as audit
from auth.audit.entries import Event
from auth.database import now
from services.components import Components
from services.installation import disk
from services.installation.disk import FILE_AND_INDEX, forecast


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> int:
    """Bytes that are free."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**12))
    return 10**12


def write(components: Components, entries: int, at, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(audit, "now", lambda: at)
        for _ in range(entries):
            components.trail.record(Event("operator", "console", "status"))


def test_a_week_of_entries_is_what_a_week_will_add(components: Components, free: int, monkeypatch) -> None:
    before = components.trail.count()
    write(components, 100 - before, now() - timedelta(days=30), monkeypatch)
    monkeypatch.setattr(disk, "now", lambda: now() + timedelta(days=8))  # what set-up wrote is older than a week then
    write(components, 300, now() + timedelta(days=5), monkeypatch)
    told = forecast(components)
    assert told.trail_bytes == components.home.audit.stat().st_size > 0
    assert told.trail_bytes_a_day == round(told.trail_bytes * 0.75 / 7)
    assert told.documents_bytes_a_day == 0
    assert told.days_left == free // told.trail_bytes_a_day
    assert replace(told, days_left=60).lasts and not replace(told, days_left=59).lasts


def test_documents_count_with_their_index(components: Components, free: int) -> None:
    agency(components, "A")
    content = pdf("A paper.", pages=30)
    take(components, content, label(components, "A"))
    assert forecast(components).documents_bytes_a_day == FILE_AND_INDEX * len(content) // 7


def test_where_nothing_is_added_it_lasts(components: Components, free: int, monkeypatch) -> None:
    monkeypatch.setattr(disk, "now", lambda: now() + timedelta(days=30))
    assert forecast(components).days_left is None and forecast(components).lasts
