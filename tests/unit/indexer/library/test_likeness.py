"""A paper that comes again with a byte changed, under a weaker label, is told to those who may read the first alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import agency, client, label, pdf, person, take
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from indexer.library import likeness
from indexer.library.tables import DocumentRow, ShingleRow
from services.components import Components

PAPER = " ".join(f"Sentence number {at} speaks of returnees and of courts in plain words." for at in range(30))
OTHER = " ".join(f"Another report, item {at}, is about rivers, dams and their water." for at in range(30))
WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]), max_size=80)


@pytest.fixture
def registrars(components: Components) -> Components:
    for code in ("KZ", "KG"):
        agency(components, code)
    person(components, "kz1", "KZ", ["registrar"])
    person(components, "kg1", "KG", ["registrar"])
    return components


def paper(text: str) -> bytes:
    """A PDF with a line for each sentence: what reaches over the edge of a page is not read."""
    return pdf(*text.replace(". ", ".\n").splitlines())


def bring(components: Components, by: str, text: str, level: str = "unclassified", **more: str):
    data = {"originator": by[:2].upper(), "level": level, "releasable_to": "ALL", **more}
    files = {"file": ("paper.pdf", paper(text), "application/pdf")}
    return client(components, by).post("/api/documents", data=data, files=files)


@pytest.fixture
def strict(registrars: Components) -> str:
    """A confidential paper of KZ that only KZ may read."""
    taken = take(registrars, paper(PAPER), label(registrars, "KZ", "confidential", "KZ"))
    registrars.worker().run()
    return taken.document_id


def intakes(components: Components) -> list[tuple[str, dict[str, str]]]:
    entries = [entry for entry in components.trail.entries() if entry.action == "intake"]
    return [(entry.decision, json.loads(entry.detail)) for entry in entries]


def count(components: Components) -> int:
    with components.database.reading() as session:
        return session.scalar(select(func.count()).select_from(DocumentRow)) or 0


def test_whoever_may_read_the_first_is_told_and_confirms_with_a_reason(registrars: Components, strict: str) -> None:
    answer = bring(registrars, "kz1", PAPER + " ")
    changed = bring(registrars, "kz1", PAPER.replace("number 7 ", "number 77 "))
    assert [answer.status_code, changed.status_code] == [202 if answer.json().get("duplicate") else 409, 409]
    assert changed.json()["code"] == "alike" and strict in changed.json()["detail"]
    assert count(registrars) == 1
    decision, detail = intakes(registrars)[-1]
    assert (decision, detail["rule"], detail["alike"]) == ("refused", "alike", strict)
    confirmed = bring(registrars, "kz1", PAPER.replace("number 7 ", "number 77 "), alike_reason="The open version")
    assert confirmed.status_code == 202
    decision, detail = intakes(registrars)[-1]
    assert (decision, detail["alike"], detail["reason"]) == ("allowed", strict, "The open version")


def test_whoever_may_not_read_it_is_told_nothing(registrars: Components, strict: str) -> None:
    changed = PAPER.replace("number 7 ", "number 77 ")
    assert bring(registrars, "kg1", changed).status_code == 202
    assert "alike" not in intakes(registrars)[-1][1]


def test_what_is_as_strict_or_another_text_is_not_asked_about(registrars: Components, strict: str) -> None:
    changed = PAPER.replace("number 7 ", "number 77 ")
    assert bring(registrars, "kz1", changed, "confidential", releasable_to="KZ").status_code == 202
    assert bring(registrars, "kz1", OTHER).status_code == 202
    assert bring(registrars, "kz1", "A short note.").status_code == 202


def test_a_removed_paper_is_not_compared(registrars: Components, strict: str) -> None:
    with registrars.database.session() as session:
        session.get_one(DocumentRow, strict).state = "removing"
    assert bring(registrars, "kz1", PAPER.replace("number 7 ", "number 77 ")).status_code == 202


def test_it_is_known_before_a_worker_has_read_it_and_after(registrars: Components) -> None:
    assert bring(registrars, "kz1", PAPER, "confidential").status_code == 202
    changed = PAPER.replace("number 7 ", "number 77 ")
    assert bring(registrars, "kz1", changed).status_code == 409
    registrars.worker().run()
    assert bring(registrars, "kz1", changed).status_code == 409
    with registrars.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ShingleRow)) == likeness.SIZE


def test_what_cannot_be_read_is_taken_in_as_before(registrars: Components, tmp_path: Path) -> None:
    files = {"file": ("paper.pdf", b"%PDF-1.4 broken", "application/pdf")}
    data = {"originator": "KZ", "level": "unclassified"}
    answer = client(registrars, "kz1").post("/api/documents", data=data, files=files)
    assert (answer.status_code, answer.json()["state"]) == (202, "quarantined")


def test_only_the_first_pages_are_read(registrars: Components, strict: str) -> None:
    with registrars.store.open(strict) as file:
        assert registrars.reader.beginning(file, 1)
    with registrars.store.open(strict) as file:
        assert registrars.reader.beginning(file, 1) == registrars.reader.beginning(file, 20)


@given(WORDS, WORDS)
def test_likeness_is_mutual_and_a_text_is_like_itself(first: list[str], second: list[str]) -> None:
    one, two = (likeness.sketch_of([" ".join(words)]) for words in (first, second))
    assert likeness.alike(one, two) == likeness.alike(two, one)
    assert not one or likeness.alike(one, one)
    assert all(0 <= number < 2**63 for number in one) and len(one) <= likeness.SIZE


def test_a_sketch_knows_no_capitals_nor_line_ends_and_has_bounds() -> None:
    assert likeness.sketch_of([PAPER]) == likeness.sketch_of([PAPER.upper()]) == likeness.sketch_of(PAPER.split(" "))
    assert not likeness.alike(likeness.sketch_of([PAPER]), likeness.sketch_of([OTHER]))
    assert likeness.sketch_of(["too short"]) == frozenset()
    assert len(likeness.sketch_of(["x " * 5_000_000])) == 0
