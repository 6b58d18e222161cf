"""Translators save, reviewers let pass: no text is lost, none passes by its author, searches find what passed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from factories import agency, client, fresh, label, pdf, person, take
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from auth.database import now
from indexer.bitext.review import segments, workbench
from indexer.bitext.review.tables import SegmentActRow, SegmentWorkRow
from indexer.library.tables import DocumentRow, SegmentRow, TranslationRow
from indexer.text import digest_of
from services.components import Components

WATER, SHORT = "A paper about water.", "It was short in 2019."
ВОДА, МАШИНА = "Документ о воде.", "Бумага про воду."


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    for name in ("tom", "tina"):
        person(opened, name, "A", ["translator"])
    person(opened, "rob", "A", ["reviewer"])
    person(opened, "both", "A", ["translator", "reviewer"])
    person(opened, "eve", "A", ["expert"])
    person(opened, "low", "A", ["translator", "reviewer"], clearance="unclassified")
    yield opened
    opened.close()


@pytest.fixture
def document(components: Components) -> str:
    identifier = take(components, pdf(WATER, SHORT), label(components, "A", "restricted")).document_id
    components.worker().run()
    return identifier


def machine(components: Components, document: str, source: str = WATER, text: str = МАШИНА) -> None:
    """Let a machine have translated a sentence."""
    with components.database.session() as session:
        about = {"source": "en", "target": "ru", "origin": "machine", "engine": "e", "model": "m"}
        session.merge(TranslationRow(document=document, source_digest=digest_of(source), version=1, text=text, **about))


class Desk:
    """A person at one sentence of a document."""

    def __init__(self, components: Components, username: str, document: str, number: int = 0) -> None:
        self.api: TestClient = client(components, username)
        self.path = f"/api/translations/{document}/segments/{number}"

    def see(self) -> dict[str, Any]:
        return self.api.get(self.path).json()

    def seen(self, version: int | None = None) -> dict[str, Any]:
        segment = self.see()["segment"]
        return {
            "source_digest": segment["source_digest"],
            "version": segment["version"] if version is None else version,
        }

    def save(self, text: str, version: int | None = None) -> Any:
        return self.api.put(self.path, json={**self.seen(version), "text": text})

    def do(self, act: str, version: int | None = None, **more: Any) -> Any:
        return self.api.post(f"{self.path}/{act}", json={**self.seen(version), **more})


def test_a_text_goes_from_the_machine_to_readers_through_two_people(components: Components, document: str) -> None:
    machine(components, document)
    tom, rob = Desk(components, "tom", document), Desk(components, "rob", document)
    before = tom.see()["segment"]
    assert (before["state"], before["version"], before["text"]) == ("machine", 0, МАШИНА)
    assert tom.save(ВОДА).json()["segment"]["state"] == "edited"
    assert tom.do("submission").json()["segment"]["state"] == "submitted"
    assert rob.see()["may_approve"]
    approved = rob.do("approval").json()
    assert (approved["segment"]["state"], approved["segment"]["version"]) == ("approved", 1)
    assert [act["kind"] for act in approved["history"]] == ["saved", "submitted", "approved"]
    assert [act["by"]["username"] for act in approved["history"]] == ["tom", "tom", "rob"]
    page = client(components, "eve").get(f"/api/documents/{document}/pages/1").json()
    assert page["segments"][0]["translation"]["text"] == ВОДА
    assert page["segments"][0]["translation"]["origin"] == "reviewed"


def test_what_was_approved_is_found_at_once_and_the_machines_is_not(components: Components, document: str) -> None:
    machine(components, document)
    api = client(components, "eve")

    def total(query: str) -> int:
        return api.post("/api/search", json={"query": query, "switch_off": ["across"]}).json()["total"]

    tom, rob = Desk(components, "tom", document), Desk(components, "rob", document)
    tom.save(ВОДА)
    assert total("документ") == 0
    tom.do("submission")
    rob.do("approval")
    assert (total("документ"), total("бумага")) == (1, 0)
    with components.database.reading() as session:
        assert session.get_one(DocumentRow, document).due_at is None


def test_a_text_without_a_machines_before_it_is_a_persons_own(components: Components, document: str) -> None:
    tom, rob = Desk(components, "tom", document), Desk(components, "rob", document)
    tom.save(ВОДА)
    tom.do("submission")
    rob.do("approval")
    page = client(components, "eve").get(f"/api/documents/{document}/pages/1").json()
    assert page["segments"][0]["translation"]["origin"] == "human"


@pytest.mark.parametrize("act", ["approval", "rejection"])
def test_nobody_judges_what_they_wrote_nor_what_became_of_it(components: Components, document: str, act: str) -> None:
    both, tom, rob = (Desk(components, name, document) for name in ("both", "tom", "rob"))
    more = {"reason": "too long"} if act == "rejection" else {}
    both.save("Документ про воду.")
    tom.save(ВОДА)
    tom.do("submission")
    assert not both.see()["may_approve"]
    answer = both.do(act, **more)
    assert (answer.status_code, answer.json()["code"]) == (409, "own_translation")
    assert rob.do(act, **more).status_code == 200


def test_a_text_that_comes_too_late_is_told_of_the_other_and_kept(components: Components, document: str) -> None:
    tom, tina = Desk(components, "tom", document), Desk(components, "tina", document)
    tom.save(ВОДА)
    answer = tina.save("Бумага о воде.", version=0)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
    assert answer.json()["current"] == {"version": 1, "text": ВОДА}
    assert tina.see()["draft"]["text"] == "Бумага о воде."
    assert tom.see()["draft"] is None
    assert tina.save("Бумага о воде.").status_code == 200
    assert tina.see()["draft"] is None
    assert [act["text"] for act in tina.see()["history"]] == [ВОДА, "Бумага о воде."]


def test_a_saving_whose_answer_was_lost_can_be_repeated(components: Components, document: str) -> None:
    tom = Desk(components, "tom", document)
    assert [tom.save(ВОДА, version=0).status_code for _ in range(2)] == [200, 200]
    assert len(tom.see()["history"]) == 1


def test_a_text_that_waits_and_is_changed_is_not_judged_unseen(components: Components, document: str) -> None:
    tom, rob = Desk(components, "tom", document), Desk(components, "rob", document)
    tom.save(ВОДА)
    tom.do("submission")
    seen = rob.seen()
    tom.save("Доклад о воде.")
    answer = rob.api.post(f"{rob.path}/approval", json=seen)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
    assert rob.do("approval").json()["code"] == "not_submitted"


def test_a_rejected_text_goes_back_with_its_reason_and_may_be_submitted_again(
    components: Components, document: str
) -> None:
    tom, rob = Desk(components, "tom", document), Desk(components, "rob", document)
    tom.save(ВОДА)
    tom.do("submission")
    rejected = rob.do("rejection", reason="Which paper?").json()
    assert rejected["segment"]["state"] == "edited"
    assert rejected["history"][-1]["note"] == "Which paper?"
    assert tom.do("submission").status_code == 200


def test_an_approved_text_stays_shown_while_a_better_one_is_made(components: Components, document: str) -> None:
    tom, rob = Desk(components, "tom", document), Desk(components, "rob", document)
    for text in (ВОДА, "Доклад о воде."):
        tom.save(text)
        page = client(components, "eve").get(f"/api/documents/{document}/pages/1").json()
        shown = page["segments"][0]["translation"]
        assert (shown and shown["text"]) == (None if text == ВОДА else ВОДА)
        tom.do("submission")
        rob.do("approval")
    page = client(components, "eve").get(f"/api/documents/{document}/pages/1").json()
    assert page["segments"][0]["translation"]["text"] == "Доклад о воде."


def test_what_the_checks_name_is_put_right_or_waived_before_it_is_submitted(
    components: Components, document: str
) -> None:
    tom = Desk(components, "tom", document, 1)
    tom.save("Он был коротким в 2018 году.")
    (finding,) = tom.see()["checks"]
    assert (finding["code"], finding["waiver"]) == ("numbers", None)
    assert tom.do("submission").json()["code"] == "checks_open"
    waived = tom.do("waivers", code="numbers", about=finding["about"], reason="the original errs").json()
    assert waived["checks"][0]["waiver"]["reason"] == "the original errs"
    assert tom.do("submission").status_code == 200


def test_a_newer_text_of_the_machine_marks_what_was_made_from_the_old(components: Components, document: str) -> None:
    machine(components, document)
    tom = Desk(components, "tom", document)
    tom.save(ВОДА)
    assert not tom.see()["segment"]["machine_changed"]
    machine(components, document, text="Бумага о воде.")
    after = tom.see()["segment"]
    assert (after["machine_changed"], after["text"], after["machine"]["text"]) == (True, ВОДА, "Бумага о воде.")


def test_a_document_read_anew_refuses_a_text_for_another_sentence_and_shows_what_was_left(
    components: Components, document: str
) -> None:
    tom = Desk(components, "tom", document)
    tom.save(ВОДА)
    seen = tom.seen()
    with components.database.session() as session:
        changed = {"text": "A paper about wine.", "digest": digest_of("A paper about wine.")}
        session.execute(update(SegmentRow).where(SegmentRow.ordinal == 0).values(**changed))
    answer = tom.api.put(tom.path, json={**seen, "text": "Документ о вине."})
    assert (answer.status_code, answer.json()["code"]) == (409, "other_source")
    assert tom.see()["segment"]["state"] == "machine"
    (left,) = tom.api.get(f"/api/translations/{document}").json()["left_behind"]
    assert (left["source_text"], left["text"]) == (WATER, ВОДА)


def test_a_sentence_that_somebody_has_open_says_so_and_takes_what_others_suggest(
    components: Components, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom, tina = Desk(components, "tom", document), Desk(components, "tina", document)
    assert tom.api.put(f"{tom.path}/lease").json()["mine"]
    other = tina.api.put(f"{tina.path}/lease").json()
    assert (other["mine"], other["editing"]["username"]) == (False, "tom")
    assert tina.save(ВОДА).status_code == 200
    assert tina.see()["segment"]["editing"]["username"] == "tom"
    later = now() + workbench.LEASE
    monkeypatch.setattr(workbench, "now", lambda: later)
    monkeypatch.setattr(segments, "now", lambda: later)
    assert tina.see()["segment"]["editing"] is None
    assert tina.api.put(f"{tina.path}/lease").json()["mine"]
    assert tina.api.delete(f"{tina.path}/lease").status_code == 204
    assert tina.see()["segment"]["editing"] is None


def test_a_draft_is_kept_for_its_writer_alone_and_dropped_when_it_is_empty(
    components: Components, document: str
) -> None:
    tom, tina = Desk(components, "tom", document), Desk(components, "tina", document)
    for text in ("Док", "Докум", ""):
        assert tom.api.put(f"{tom.path}/draft", json={**tom.seen(), "text": text}).status_code == 204
        assert (tom.see()["draft"] or {"text": ""})["text"] == text
        assert tina.see()["draft"] is None


def test_comments_are_part_of_the_history(components: Components, document: str) -> None:
    rob = Desk(components, "rob", document)
    answer = rob.api.post(f"{rob.path}/comments", json={"text": "Which paper is meant?"}).json()
    assert [(act["kind"], act["note"]) for act in answer["history"]] == [("commented", "Which paper is meant?")]


def test_the_list_is_narrowed_by_page_and_state_and_counts_every_state(components: Components, document: str) -> None:
    tom = Desk(components, "tom", document)
    tom.save(ВОДА)
    path = f"/api/translations/{document}"
    work = tom.api.get(path).json()
    assert work["counts"] == {"machine": 1, "edited": 1, "submitted": 0, "approved": 0}
    for query, texts in (
        ("?state=edited", [WATER]),
        ("?state=machine", [SHORT]),
        ("?page=1", [WATER, SHORT]),
        ("?page=2", []),
        ("?offset=1", [SHORT]),
        ("?limit=1", [WATER]),
    ):
        assert [each["source_text"] for each in tom.api.get(path + query).json()["segments"]] == texts


@pytest.mark.parametrize("text", ["", " \n ", "x" * 20_001, "\x00", "a\x0bb", "\x1b[31m"])
def test_a_text_that_cannot_be_kept_everywhere_is_refused(components: Components, document: str, text: str) -> None:
    assert Desk(components, "tom", document).save(text).status_code == 422


def test_who_may_not_read_a_document_finds_no_work_on_it(components: Components, document: str) -> None:
    tom, low = Desk(components, "tom", document), Desk(components, "low", document)
    tom.save(ВОДА)
    seen = tom.seen()
    for answer in (
        low.api.get(low.path),
        low.api.put(low.path, json={**seen, "text": ВОДА}),
        low.api.post(f"{low.path}/approval", json=seen),
        low.api.put(f"{low.path}/lease"),
    ):
        assert answer.status_code == 404
        assert answer.content == low.api.get("/api/documents/" + "0" * 32).content
    assert client(components, "eve").get(f"/api/translations/{document}").status_code == 403


def test_the_trail_has_every_act_and_no_word_of_a_text(components: Components, document: str) -> None:
    tom, rob = Desk(components, "tom", document), Desk(components, "rob", document)
    tom.save(ВОДА)
    tom.do("submission")
    rob.do("approval")
    entries = [each for each in components.trail.entries() if each.actor in ("tom", "rob")]
    acts = [(each.actor, each.action) for each in entries if not each.action.startswith("see_")]
    assert acts == [("tom", "edit"), ("tom", "edit"), ("rob", "approve")]
    assert "воде" not in "".join(each.detail for each in entries)


def test_a_crash_while_the_trail_is_written_leaves_nothing_half_done(
    components: Components, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = Desk(components, "tom", document)
    tom.save(ВОДА)
    seen = tom.seen()
    with monkeypatch.context() as patch:
        patch.setattr(type(components.trail), "record", _crash)
        answer = tom.api.put(tom.path, json={**seen, "text": "Другое."})
        assert answer.status_code == 500
    with components.database.reading() as session:
        assert session.scalars(select(SegmentActRow.text)).all() == [ВОДА]
        assert session.scalars(select(SegmentWorkRow.text)).one() == ВОДА


def _crash(*_: object) -> None:
    raise RuntimeError("crash")


def test_removal_takes_all_work_along(components: Components, document: str) -> None:
    Desk(components, "tom", document).save(ВОДА)
    with components.database.session() as session:
        session.delete(session.get_one(DocumentRow, document))
    with components.database.reading() as session:
        assert session.scalars(select(SegmentActRow)).all() == session.scalars(select(SegmentWorkRow)).all() == []
