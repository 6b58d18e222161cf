"""Files come in labelled and recorded; a bad one is named and the rest goes on; nobody learns what others hold."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from factories import agency, client, fresh, label, pdf, person, principal, submission, take
from sqlalchemy import select

from auth import policy
from auth.audit.entries import TrailError
from auth.labels import Label
from auth.policy import Action, Scope
from indexer.extract.pages import MESSAGES
from indexer.library.description import DescriptionError
from indexer.library.intake import LabelError, Receipt
from indexer.library.tables import DocumentRow
from services.cli.console import event
from services.components import Components

GOOD = pdf("A paper about water.")
LARGEST = 100_000


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    """A small Tolmach with agencies A and B, and limits that tests can pass."""
    opened = fresh(tmp_path / "home", largest_file=LARGEST, most_pages=3)
    agency(opened, "A")
    agency(opened, "B")
    yield opened
    opened.close()


def rows(components: Components) -> list[DocumentRow]:
    with components.database.reading() as session:
        return list(session.scalars(select(DocumentRow).order_by(DocumentRow.taken_at)))


def kept(components: Components) -> set[str]:
    return {path.stem for path in components.home.files.rglob("*") if path.is_file()}


BAD = {
    "empty": b"",
    "not_pdf": b"PK\x03\x04 a word processor's file",
    "truncated": GOOD[: len(GOOD) // 2],
    "too_large": b"%PDF-1.4\n" + b"0" * LARGEST + b"\n%%EOF",
    "encrypted": pdf("Behind a password.", password="open sesame"),
    "damaged": b"%PDF-1.4\n1 0 obj\n<< /Type /Nothing >>\nendobj\nstartxref\n0\n%%EOF\n",
    "no_text": pdf(),
    "too_many_pages": pdf("Page.", pages=4),
}
AT_INTAKE = ("empty", "not_pdf", "truncated", "too_large")


@pytest.fixture
def batch(components: Components) -> dict[str, DocumentRow]:
    """Every bad file and, before and after them, a good one, taken through the pipeline."""
    under = label(components, "A")
    names = ["good before", *BAD, "good after"]
    for name in names:
        take(components, BAD.get(name, pdf(f"This one is {name}.")), under, filename=f"{name}.pdf")
    components.worker().run()
    return {row.filename.removesuffix(".pdf"): row for row in rows(components)}


def test_each_bad_file_has_its_code_and_the_rest_goes_on(batch: dict[str, DocumentRow]) -> None:
    assert {name: row.code for name, row in batch.items() if row.code} == {name: name for name in BAD}
    assert {row.state for name, row in batch.items() if name in BAD} == {"quarantined"}
    assert {batch[name].state for name in ("good before", "good after")} == {"indexed"}
    for name in BAD:
        assert batch[name].stage == ("intake" if name in AT_INTAKE else "received")
        message = "The file is larger than" if name == "too_large" else MESSAGES[name]
        assert batch[name].message.startswith(message)


def test_a_quarantined_document_is_in_no_search_and_stays_in_the_registrars_list(components: Components, batch) -> None:
    person(components, "ann", "A", ["expert", "registrar"])
    api = client(components, "ann")
    assert api.post("/api/search", json={"limit": 100}).json()["total"] == 2
    listed = api.get("/api/documents?state=quarantined").json()
    assert {row["code"] for row in listed} == set(BAD)
    assert components.engine.holdings().keys() == {batch["good before"].id, batch["good after"].id}


def test_a_file_is_recorded_with_all_that_was_said_of_it(components: Components) -> None:
    under = label(components, "A,B", "confidential", "A,B", "x&y")
    about = {"title_en": "Water", "symbol": "A/1", "kind": "report", "countries": "KZ,UZ", "keywords": "water"}
    receipt = take(components, GOOD, under, **about)
    [row] = rows(components)
    assert receipt == Receipt(row.id, "received")
    assert (row.originators, row.rule, row.taken_by, row.size) == ("A,B", under.rule.digest, "operator", len(GOOD))
    assert {name: getattr(row, name) for name in about} == about
    assert kept(components) == {row.id}
    [*_, entry] = components.trail.entries()
    assert (entry.actor, entry.action, entry.object) == ("operator", "intake", row.id)


@pytest.mark.parametrize("about", [{"kind": "rumour"}, {"kind": ""}, {"language": "fr"}, {"language": "EN"}])
def test_an_unknown_kind_or_language_is_refused_and_nothing_kept(components: Components, about: dict[str, str]) -> None:
    with pytest.raises(DescriptionError, match=r"report|en, ru"):
        take(components, GOOD, label(components, "A"), **about)
    assert rows(components) == []


def test_identifiers_are_random(components: Components) -> None:
    first = take(components, GOOD, label(components, "A"))
    components.removals.remove(everything(components), None, first.document_id, "because", event("remove"))
    components.worker().run()
    second = take(components, GOOD, label(components, "A"))
    assert first.document_id != second.document_id
    assert len(second.document_id) == 32


def everything(components: Components) -> Scope:
    with components.database.reading() as session:
        return policy.operator_scope(session, Action.REMOVE)


# -- Labels


@pytest.mark.parametrize(
    ("originators", "to", "says"), [("A", "B", "add A"), ("A,B", "A", "add B"), ("", "ALL", "at least one originator")]
)
def test_a_label_that_shuts_its_originators_out_is_refused(
    components: Components, originators: str, to: str, says: str
) -> None:
    under = label(components, originators or "A", releasable_to=to)
    under = replace(under, originators=frozenset(originators.split(",")) - {""})
    with pytest.raises(LabelError, match=says):
        take(components, GOOD, under)
    assert rows(components) == []
    assert kept(components) == set()


@pytest.mark.parametrize(
    "form",
    [
        {"level": "strictly-confidential"},
        {"need_to_know": "courts"},
        {"originator": "B"},
        {"originator": "B", "releasable_to": "B"},
    ],
)
def test_nobody_gives_a_label_that_they_may_not_read(components: Components, form: dict[str, str]) -> None:
    person(components, "ann", "A", ["registrar"], "confidential", ["finance"])
    sent = {"originator": "A", "level": "confidential", "need_to_know": "finance"} | form
    upload = {"file": ("a.pdf", GOOD, "application/pdf")}
    answer = client(components, "ann").post("/api/documents", data=sent, files=upload)
    assert (answer.status_code, rows(components), kept(components)) == (422, [], set())
    assert [*components.trail.entries()][-1].decision == "refused"


# -- Duplicates


def test_the_same_file_is_recognised_by_those_who_know_it(components: Components) -> None:
    first = take(components, GOOD, label(components, "A"))
    again = take(components, GOOD, label(components, "A"))
    assert again == Receipt(first.document_id, "received", duplicate=True)
    assert (
        take(components, GOOD, label(components, "A", "confidential")).document_id == first.document_id
    )  # known, if elsewhere
    assert len(rows(components)) == 1


def known_to(components: Components, *labels: Label) -> Scope:
    return Scope(Action.INTAKE, frozenset(label.rule.digest for label in labels))


def test_a_file_under_the_very_rule_that_one_gives_is_recognised_even_if_the_rule_is_newer_than_ones_scope(
    components: Components,
) -> None:
    under = label(components, "A")
    first, second = (components.intake.take(submission(GOOD, under), known_to(components)) for _ in range(2))
    assert (second.document_id, second.duplicate) == (first.document_id, True)


def test_a_file_that_lies_under_a_hidden_rule_is_new_to_those_who_may_not_know(components: Components) -> None:
    hidden, open_ = label(components, "B", releasable_to="B"), label(components, "A")
    first = components.intake.take(submission(GOOD, hidden), known_to(components, hidden))
    second = components.intake.take(submission(GOOD, open_), known_to(components, open_))
    assert second == replace(first, document_id=second.document_id)
    assert second.document_id != first.document_id
    assert kept(components) == {first.document_id, second.document_id}


def test_the_answer_to_an_upload_does_not_tell_that_others_hold_the_file(components: Components) -> None:
    person(components, "ann", "A", ["registrar"])
    api = client(components, "ann")
    form = {"originator": "A", "level": "unclassified"}
    fresh = api.post("/api/documents", data=form, files={"file": ("a.pdf", pdf("fresh"), "application/pdf")})
    take(components, GOOD, label(components, "B", releasable_to="B"))
    first_answer = api.post("/api/documents", data=form, files={"file": ("a.pdf", GOOD, "application/pdf")})
    assert fresh.status_code == first_answer.status_code == 202
    assert fresh.headers.raw == first_answer.headers.raw
    assert fresh.json() == first_answer.json() | {"document_id": fresh.json()["document_id"]}
    again = api.post("/api/documents", data=form, files={"file": ("a.pdf", GOOD, "application/pdf")})
    assert again.json() == first_answer.json() | {"duplicate": True}


def test_a_bad_file_is_recognised_too_unless_it_was_never_read_to_its_end(components: Components) -> None:
    under = label(components, "A")
    assert take(components, BAD["not_pdf"], under).duplicate is False
    assert take(components, BAD["not_pdf"], under).duplicate is True
    assert [take(components, BAD["too_large"], under).duplicate for _ in range(2)] == [False, False]


def test_a_removed_file_may_be_brought_again_before_the_worker_has_deleted_it(components: Components) -> None:
    first = take(components, GOOD, label(components, "A"))
    components.removals.remove(everything(components), None, first.document_id, "because", event("remove"))
    second = take(components, GOOD, label(components, "A"))
    assert (second.state, second.duplicate) == ("received", False)
    components.worker().run()
    assert [(row.id, row.state) for row in rows(components)] == [(second.document_id, "indexed")]
    assert kept(components) == {second.document_id}


def at_once(count: int, act) -> list[object]:
    """What `act(number)` gives or raises, all begun together."""
    barrier, outcomes = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        barrier.wait()
        try:
            outcomes[number] = act(number)
        except Exception as error:
            outcomes[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Components]:
    """A Tolmach on each database."""
    opened = fresh(tmp_path / "shared", database_url=database_url)
    agency(opened, "A")
    yield opened
    opened.close()


def test_files_brought_at_once_under_a_rule_that_is_new_all_come_in(shared: Components) -> None:
    under = label(shared, "A", need_to_know="x")
    known, intake = known_to(shared, under), shared.intake
    receipts = at_once(6, lambda number: intake.take(submission(pdf(f"Paper {number}."), under), known))
    assert [getattr(receipt, "state", receipt) for receipt in receipts] == ["received"] * 6
    assert len(rows(shared)) == len(kept(shared)) == 6


def test_one_file_brought_by_several_at_once_comes_in_once(shared: Components) -> None:
    under = label(shared, "A")
    known, intake = known_to(shared, under), shared.intake
    receipts = at_once(4, lambda _: intake.take(submission(GOOD, under), known))
    assert sorted(getattr(receipt, "duplicate", receipt) for receipt in receipts) == [False, True, True, True]
    [row] = rows(shared)
    assert {receipt.document_id for receipt in receipts} == {row.id} == kept(shared)


# -- What cannot be recorded did not happen


def test_a_file_that_the_trail_cannot_record_leaves_nothing(components: Components) -> None:
    under = label(components, "A")
    for file in components.home.path.glob("audit.sqlite*"):
        file.unlink()
    components.home.audit.mkdir()
    with pytest.raises(TrailError):
        take(components, GOOD, under)
    assert rows(components) == []
    assert kept(components) == set()


def test_the_scope_of_a_person_is_what_decides_about_duplicates(components: Components) -> None:
    person(components, "ann", "A", ["registrar"])
    person(components, "bob", "B", ["registrar"])
    take(components, GOOD, label(components, "B", releasable_to="B"))
    with components.database.reading() as session:
        scopes = [policy.scope_for(session, principal(components, name), Action.INTAKE) for name in ("ann", "bob")]
    duplicates = [
        components.intake.take(submission(GOOD, label(components, "A,B")), scope).duplicate
        for scope in reversed(scopes)
    ]
    assert duplicates == [True, False]
