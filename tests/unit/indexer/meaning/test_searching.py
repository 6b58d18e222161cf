"""Searching by meaning: vectors are made after indexing and go with their text; both legs are joined once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from factories import agency, client, fresh, label, pdf, person, principal, take
from sqlalchemy import delete, func, select

from auth import policy
from auth.policy import Action
from indexer.engine.contract import Request
from indexer.library.states import State
from indexer.library.tables import DocumentRow, PassageRow, SegmentRow
from indexer.meaning import fusion, sentence_encoder
from indexer.meaning.nearest import NearestPassages
from indexer.meaning.sentence_encoder import SentenceEncoder
from indexer.meaning.tables import PassageVectorRow
from indexer.pipeline.stages import encode
from indexer.search.asking import Asking, Outcome
from indexer.search.parse import parse
from indexer.search.places import PlaceCounts
from indexer.search.query.bridge import Crossing
from services import doctor
from services.cli.console import event
from services.components import Components

PAPERS = {
    "doctors": "Doctors treat sick people in hospitals and give them medicine.",
    "ships": "Ships carry grain across the sea and unload it in the harbour.",
    "judges": "Judges sentence thieves to prison after a fair trial in court.",
    "teachers": "Teachers explain mathematics to pupils in the village school.",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    """Bob of B may not read of the judges."""
    opened = fresh(tmp_path_factory.mktemp("meaning") / "home", meaning="yes")
    for code, username in (("A", "ann"), ("B", "bob")):
        agency(opened, code)
        person(opened, username, code, ["expert", "registrar"] if code == "A" else ["expert"])
    for name, text in PAPERS.items():
        own = label(opened, "A", releasable_to="A" if name == "judges" else "A,B")
        take(opened, pdf(text), own, filename=f"{name}.pdf", kind="report" if name == "ships" else "other")
    opened.worker().run()
    yield opened
    opened.close()


def outcome(
    archive: Components,
    text: str,
    username: str = "bob",
    off: frozenset[str] = frozenset(),
    every: bool = False,
    **asked,
) -> Outcome:
    somebody = principal(archive, username)
    assert somebody
    asking = Asking(archive.database, archive.engine, somebody, PlaceCounts(), archive.meaning)
    parsed = parse(text, every, crossing=Crossing(off=off))
    return asking.outcome(parsed, Request(parsed.query, **asked))


def names(asked: Outcome) -> list[str]:
    return [hit.row.filename.removesuffix(".pdf") for hit in asked.results.hits]


def test_a_worker_makes_a_vector_of_each_passage(archive: Components):
    with archive.database.reading() as session:
        passages = session.execute(select(PassageRow.document, PassageRow.ordinal)).all()
        vectors = session.execute(select(PassageVectorRow.document, PassageVectorRow.ordinal)).all()
        assert len(passages) == 4
        assert sorted(vectors) == sorted(passages)
        assert set(session.scalars(select(DocumentRow.encoded))) == {SentenceEncoder().name}
        assert archive.encoder
        assert encode.waiting(session, archive.encoder) == 0


def test_administrators_see_how_many_documents_wait_for_vectors(archive: Components, components: Components) -> None:
    for opened, waiting in ((archive, 0), (components, None)):
        agency(opened, "C")
        person(opened, "adm", "C", ["administrator"])
        assert client(opened, "adm").get("/api/status").json()["vectors_wait"] == waiting
    with archive.database.session() as session:
        row = session.scalars(select(DocumentRow)).first()
        assert row
        row.encoded = ""
    assert client(archive, "adm").get("/api/status").json()["vectors_wait"] == 1
    archive.worker().run()
    assert client(archive, "adm").get("/api/status").json()["vectors_wait"] == 0


@pytest.mark.parametrize(
    ("text", "first"),
    [("physician clinic", "doctors"), ("врач лечит больных", "doctors"), ("vessels freight ocean", "ships")],
)
def test_what_means_the_same_is_found_without_its_words(archive: Components, text: str, first: str):
    asked = outcome(archive, text)
    assert names(asked)[0] == first
    assert [said.code for said in asked.parsed.notes] == ["meaning"]
    assert asked.results.hits[0].passages[0].sides["en"].text == PAPERS[first]


def test_a_switch_says_that_words_alone_are_meant(archive: Components):
    assert names(outcome(archive, "physician clinic", off=frozenset({"meaning"}))) == []


@pytest.mark.parametrize(
    "text", ['"physician"', "+physician", "physician -nurse", "=physician", "physicia*", "physician AND clinic"]
)
def test_what_is_no_loose_word_means_what_it_says(archive: Components, text: str):
    asked = outcome(archive, text)
    assert asked.results.answer.by_meaning is None
    assert names(asked) == []


def test_what_is_demanded_or_sorted_by_day_means_what_it_says(archive: Components):
    assert outcome(archive, "physician clinic", every=True).results.answer.by_meaning is None
    assert outcome(archive, "physician clinic", sort="newest").results.answer.by_meaning is None


def test_nothing_of_what_one_may_not_read_is_near(archive: Components):
    assert "judges" in names(outcome(archive, "criminals punished jail", "ann"))
    assert "judges" not in names(outcome(archive, "criminals punished jail"))


def test_words_and_meaning_are_counted_once_and_pages_are_parts_of_one_list(
    archive: Components, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fusion, "LEAST", -1.0)
    whole = outcome(archive, "ships harbour", "ann")
    assert whole.results.answer.total == 4
    assert whole.results.answer.by_meaning == 3
    assert dict(whole.results.answer.facets["kind"]) == {"report": 1, "other": 3}
    assert names(whole)[0] == "ships"
    for leg in (1, 2, 200):
        monkeypatch.setattr(fusion, "OF_A_LEG", leg)
        listed = names(outcome(archive, "ships harbour doctors", "ann"))
        paged = [
            name
            for at in range(5)
            for name in names(outcome(archive, "ships harbour doctors", "ann", offset=at, limit=1))
        ]
        assert paged == listed
        assert len(set(listed)) == len(listed) == outcome(archive, "ships harbour doctors", "ann").results.answer.total


def test_filters_hold_for_both_legs(archive: Components, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fusion, "LEAST", -1.0)
    asked = outcome(archive, "physician", "ann", filters={"kind": frozenset({"other"})})
    assert sorted(names(asked)) == ["doctors", "judges", "teachers"]
    monkeypatch.setattr(fusion, "OF_A_LEG", 1)
    assert names(outcome(archive, "physician", "ann", filters={"kind": frozenset({"report"})})) == ["ships"]


def test_a_mistyped_word_is_mended_all_the_same(archive: Components):
    asked = outcome(archive, "hospitls")
    assert {said.code for said in asked.parsed.notes} == {"spelling", "meaning"}
    assert names(asked)[0] == "doctors"


def test_the_api_says_so_and_without_the_setting_all_is_as_before(archive: Components, tmp_path):
    body = {"query": "physician clinic"}
    answer = client(archive, "bob").post("/api/search", json=body).json()
    assert answer["interpretation"][-1]["code"] == answer["interpretation"][-1]["part_id"] == "meaning"
    again = client(archive, "bob").post("/api/search", json={**body, "switch_off": ["meaning"]}).json()
    assert again["total"] == 0


def test_vectors_go_with_their_text_and_are_made_anew(archive: Components, monkeypatch: pytest.MonkeyPatch):
    with archive.database.session() as session:
        row = session.scalars(select(DocumentRow).where(DocumentRow.filename == "teachers.pdf")).one()
        before, name = row.vectors, row.id
        row.state, row.indexed_rule = "received", row.indexed_rule
    count = select(func.count()).where(PassageVectorRow.document == name)
    monkeypatch.setattr(encode.Encode, "queues", lambda stage: ())
    archive.worker().run()
    with archive.database.reading() as session:
        assert session.scalar(count) == 0
        assert session.get_one(DocumentRow, name).encoded == ""
    assert "teachers" not in names(outcome(archive, "arithmetic lessons children"))
    monkeypatch.undo()
    archive.worker().run()
    with archive.database.reading() as session:
        assert session.scalar(count) == 1
        assert session.get_one(DocumentRow, name).vectors not in (0, before)
    assert names(outcome(archive, "arithmetic lessons children"))[0] == "teachers"


def test_vectors_of_a_text_that_changed_meanwhile_are_not_kept(archive: Components, monkeypatch: pytest.MonkeyPatch):
    """Somebody has the paper read anew while a worker encodes it: the worker forgets what it made."""
    of_paper = DocumentRow.filename == "teachers.pdf"
    with archive.database.session() as session:
        row = session.scalars(select(DocumentRow).where(of_paper)).one()
        session.execute(delete(PassageVectorRow).where(PassageVectorRow.document == row.id))
        row.encoded, row.vectors, name = "", 0, row.id
    encoded = SentenceEncoder.encode

    def overtaken(encoder: SentenceEncoder, text: str):
        def read_anew() -> None:
            with archive.database.session() as session:
                session.get_one(DocumentRow, name).state = State.RECEIVED

        other = threading.Thread(target=read_anew)
        other.start()
        other.join()
        return encoded(encoder, text)

    monkeypatch.setattr(SentenceEncoder, "encode", overtaken)
    assert archive.worker().step()
    with archive.database.reading() as session:
        assert session.scalar(select(func.count()).where(PassageVectorRow.document == name)) == 0
        assert session.get_one(DocumentRow, name).encoded == ""
    monkeypatch.undo()
    archive.worker().run()
    assert names(outcome(archive, "arithmetic lessons children"))[0] == "teachers"


def test_a_worker_takes_few_passages_at_a_time_and_goes_on(archive: Components, monkeypatch: pytest.MonkeyPatch):
    of_paper = DocumentRow.filename == "teachers.pdf"
    with archive.database.session() as session:
        row = session.scalars(select(DocumentRow).where(of_paper)).one()
        name, last = row.id, session.scalar(select(func.max(SegmentRow.ordinal)).where(SegmentRow.document == row.id))
        session.add_all(PassageRow(document=name, ordinal=at, page=1, first=0, last=last) for at in (1, 2))
        row.encoded = ""
    monkeypatch.setattr(encode, "AT_ONCE", 1)
    done = []
    assert archive.worker().step(lambda *progress: done.append(progress))
    with archive.database.reading() as session:
        assert session.scalar(select(func.count()).where(PassageVectorRow.document == name)) == 2
        assert session.get_one(DocumentRow, name).encoded == ""
    archive.worker().run(lambda *progress: done.append(progress))
    assert done == [(1, 3), (2, 3)]
    with archive.database.session() as session:
        assert session.get_one(DocumentRow, name).encoded == SentenceEncoder().name
        session.execute(delete(PassageRow).where(PassageRow.document == name, PassageRow.ordinal > 0))
        assert session.scalar(select(func.count()).where(PassageVectorRow.document == name)) == 1


def test_memory_is_bounded_and_holds_each_scope_once(archive: Components):
    with archive.database.reading() as session:
        ann, bob = (policy.scope_for(session, principal(archive, name), Action.SEARCH) for name in ("ann", "bob"))
        assert archive.encoder
        memory = NearestPassages(archive.encoder.name)
        first = memory.inside(session, ann, frozenset())
        assert first
        assert memory.inside(session, ann, frozenset()) is first
        assert memory.size == first.size
        other = memory.inside(session, bob, frozenset())
        assert other
        assert set(other.documents) < set(first.documents)
        narrow = NearestPassages(archive.encoder.name, most=first.size)
        for scope in (ann, bob, ann):
            narrow.inside(session, scope, frozenset())
            assert 0 < narrow.size <= first.size


def test_the_doctor_says_whether_meaning_is_searched(archive: Components, monkeypatch: pytest.MonkeyPatch):
    assert doctor._meaning(archive).words == f"{SentenceEncoder().name}; 0 documents wait for their vectors"
    monkeypatch.setattr(sentence_encoder, "is_here", lambda: False)
    elsewhere = Components(archive.settings)
    assert not doctor._meaning(elsewhere).well
    assert elsewhere.meaning is None
    off = Components(replace(archive.settings, meaning="no"))
    assert (doctor._meaning(off).well, off.meaning, off.encoder) == (True, None, None)


def test_vectors_of_another_encoder_are_not_compared_but_made_anew(
    archive: Components, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(SentenceEncoder, "name", "another")
    other = fusion.Meaning(archive.database, SentenceEncoder())
    somebody = principal(archive, "bob")
    assert somebody
    parsed = parse("physician clinic")
    asking = Asking(archive.database, archive.engine, somebody, PlaceCounts(), other)
    assert asking.outcome(parsed, Request(parsed.query)).results.answer.by_meaning is None
    with archive.database.reading() as session:
        assert encode.waiting(session, SentenceEncoder()) == 4


def test_a_removed_document_leaves_no_vector(archive: Components):
    with archive.database.reading() as session:
        scope = policy.operator_scope(session, Action.REMOVE)
        name = session.scalars(select(DocumentRow.id).where(DocumentRow.filename == "ships.pdf")).one()
    archive.removals.remove(scope, None, name, "because", event("remove"))
    assert "ships" not in names(outcome(archive, "vessels freight ocean"))
    archive.worker().run()
    with archive.database.reading() as session:
        assert session.scalar(select(func.count()).where(PassageVectorRow.document == name)) == 0
