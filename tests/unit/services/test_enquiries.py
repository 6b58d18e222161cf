"""A question to another agency: its registrars see it; its asker is told the same, whatever became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from factories import agency, client, decider, fresh, label, pdf, person, take
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, update
from statements import statements

from auth.database import new_id, now
from auth.tables import AgencyRow, GrantRow, PersonRow
from indexer.enquiries.enquiries import LASTS, MOST
from indexer.enquiries.tables import EnquiryRow
from services.components import Components
from services.installation.tidying import tidy
from services.proposals import proposal_kinds

SEARCH = {"query": "verysecretword", "filters": {"country": ["KZ"]}, "words": "all", "offset": 20}
LISTED, RECEIVED = "/api/enquiries", "/api/enquiries/received"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    """Agency A asks, B is asked; C has nobody."""
    opened = fresh(tmp_path_factory.mktemp("enquiries") / "home")
    for code in ("A", "B", "C"):
        agency(opened, code)
    for name in ("ann", "amy"):
        person(opened, name, "A", ["expert"])
    person(opened, "abe", "A", ["registrar"])
    for name in ("bob", "ben"):
        person(opened, name, "B", ["registrar", "expert"])
    yield opened
    opened.close()


@pytest.fixture
def components(made: Components) -> Iterator[Components]:
    """The same for every test, without what earlier ones sent."""
    yield made
    with made.database.session() as session:
        session.execute(delete(EnquiryRow))


@pytest.fixture
def ann(components: Components) -> TestClient:
    return client(components, "ann")


@pytest.fixture
def bob(components: Components) -> TestClient:
    return client(components, "bob")


def send(api: TestClient, to: str = "B", search: Any = None, note: str = "") -> Any:
    return api.post(LISTED, json={"agency": to, "search": search or {"query": "border"}, "note": note})


def sent(api: TestClient, **more: Any) -> str:
    answered = send(api, **more)
    assert answered.status_code == 201, answered.text
    return str(answered.json()["enquiry_id"])


def waiting(api: TestClient) -> list[str]:
    told = api.get(RECEIVED).json()
    assert told["total"] == len(told["enquiries"])
    return [each["enquiry"]["enquiry_id"] for each in told["enquiries"]]


def close(api: TestClient, enquiry_id: str, answered: bool = False) -> int:
    return api.post(f"{LISTED}/{enquiry_id}/closure", json={"answered": answered}).status_code


def everything(answer: Any) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    return answer.status_code, [each for each in answer.headers.raw if each[0].lower() != b"date"], answer.content


def test_the_registrars_of_the_agency_asked_see_who_asks_what_and_can_search_for_it(
    ann: TestClient, bob: TestClient
) -> None:
    first, second = sent(ann, search=SEARCH, note=" Before the meeting "), sent(ann)
    assert waiting(bob) == [first, second]  # whoever waits longest comes first
    assert [each["enquiry_id"] for each in ann.get(LISTED).json()] == [second, first]
    told = bob.get(RECEIVED).json()["enquiries"][0]
    assert told["asker"] == {"username": "ann", "name": "ann", "agency": "A"}
    assert told["enquiry"]["note"] == "Before the meeting" and told["enquiry"]["agency"] == "B"
    search = told["enquiry"]["search"]
    assert (search["query"], search["words"], search["filters"]["country"]) == ("verysecretword", "all", ["KZ"])
    assert search["offset"] == 0
    assert bob.post("/api/search", json=search).status_code == 200
    page = bob.get(RECEIVED, params={"offset": 1, "limit": 1}).json()
    assert (page["total"], [each["enquiry"]["enquiry_id"] for each in page["enquiries"]]) == (2, [second])


def test_nobody_else_sees_or_touches_it(components: Components, ann: TestClient, bob: TestClient) -> None:
    enquiry, amy, abe = sent(ann), client(components, "amy"), client(components, "abe")
    assert amy.get(LISTED).json() == [] and waiting(abe) == []
    for answers in (
        [amy.delete(f"{LISTED}/{each}") for each in (enquiry, new_id())],
        [abe.post(f"{LISTED}/{each}/closure", json={"answered": True}) for each in (enquiry, new_id())],
    ):
        assert answers[0].status_code == 404 and everything(answers[0]) == everything(answers[1])
    assert amy.get(RECEIVED).status_code == abe.get(LISTED).status_code == 403
    assert send(abe).status_code == 403
    assert waiting(bob) == [enquiry]


def test_what_became_of_it_is_not_told(components: Components, ann: TestClient, bob: TestClient) -> None:
    """Not looked at, closed with nothing, closed with something: the same bytes, by the same statements."""
    enquiries = [sent(ann) for _ in range(3)]
    with statements(components) as before:
        told = everything(ann.get(LISTED))
    assert close(bob, enquiries[0]) == 204 and close(bob, enquiries[1], answered=True) == 204
    assert waiting(bob) == enquiries[2:]
    with statements(components) as after:
        assert everything(ann.get(LISTED)) == told
    assert [statement for statement, _ in before] == [statement for statement, _ in after]
    taken_back = []
    for enquiry in enquiries:
        with statements(components) as asked:
            taken_back.append((everything(ann.delete(f"{LISTED}/{enquiry}")), [statement for statement, _ in asked]))
    assert taken_back[0][0][0] == 204 and all(each == taken_back[0] for each in taken_back)
    assert ann.get(LISTED).json() == []


def test_whatever_became_of_them_they_count_until_they_are_withdrawn_or_over(
    components: Components, ann: TestClient, bob: TestClient
) -> None:
    enquiries = [sent(ann) for _ in range(MOST)]
    refused = send(ann)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_enquiries")
    assert all(close(bob, enquiry) == 204 for enquiry in enquiries)
    assert everything(send(ann)) == everything(refused)
    assert ann.delete(f"{LISTED}/{enquiries[0]}").status_code == 204
    sent(ann)
    assert send(ann).status_code == 409
    assert send(client(components, "amy")).status_code == 201


def test_one_that_is_over_is_gone_whenever_it_is_cleared_away(
    components: Components, ann: TestClient, bob: TestClient
) -> None:
    over, closed, lasting = sent(ann), sent(ann), sent(ann)
    assert close(bob, closed) == 204
    answer = ann.get(LISTED).json()[0]
    with components.database.session() as session:
        row = session.get_one(EnquiryRow, lasting)
        assert row.over_at - row.sent_at == LASTS and answer["over_at"] > answer["sent_at"]
        session.execute(update(EnquiryRow).where(EnquiryRow.id.in_([over, closed])).values(over_at=now()))

    def told() -> list[Any]:
        asked = [ann.get(LISTED), *(ann.delete(f"{LISTED}/{each}") for each in (over, closed, new_id()))]
        return [everything(each) for each in asked]

    before = told()
    assert {each[0] for each in before[1:]} == {404} and len({repr(each) for each in before[1:]}) == 1
    assert waiting(bob) == [lasting] and close(bob, over) == 404
    tidy(components)
    assert told() == before
    with components.database.reading() as session:
        assert session.scalars(select(EnquiryRow.id)).all() == [lasting]


def test_one_registrar_closes_it_for_all_and_once(components: Components, ann: TestClient, bob: TestClient) -> None:
    enquiry, ben = sent(ann), client(components, "ben")
    assert close(ben, enquiry, answered=True) == 204
    assert waiting(bob) == [] and close(bob, enquiry) == 404
    assert send(ann, search={"query": "border"}).status_code == 201  # the same may be asked again


def test_what_is_withdrawn_is_gone_for_the_registrars_too(ann: TestClient, bob: TestClient) -> None:
    enquiry = sent(ann)
    assert ann.delete(f"{LISTED}/{enquiry}").status_code == 204
    assert waiting(bob) == [] and close(bob, enquiry) == 404
    assert ann.delete(f"{LISTED}/{enquiry}").status_code == 404


@pytest.mark.parametrize("to", ["B", "C"])
def test_whether_anybody_of_an_agency_could_see_it_is_not_told(
    components: Components, ann: TestClient, to: str
) -> None:
    answers = [send(ann, to=to)]
    with components.database.session() as session:
        session.get_one(AgencyRow, to).active = False
    answers.append(send(ann, to=to))
    with components.database.session() as session:
        session.get_one(AgencyRow, to).active = True
    assert [each.status_code for each in answers] == [201, 201]
    assert {frozenset(each.json()) for each in answers} == {frozenset(answers[0].json())}


def test_what_cannot_be_asked_is_refused(components: Components, ann: TestClient) -> None:
    assert (send(ann, to="A").status_code, send(ann, to="A").json()["code"]) == (422, "own_agency")
    assert (send(ann, to="NOBODY").status_code, send(ann, to="NOBODY").json()["code"]) == (404, "no_agency")
    for search in ({"query": " "}, {"filters": {"country": ["KZ"]}}, {"query": "x" * 5_000}, {"colour": "red"}):
        assert send(ann, search=search).status_code == 422
    assert send(ann, note="x" * 1_001).status_code == 422
    full = send(ann, search={"query": "ж" * 4_000, "filters": {"body": ["ж" * 300] * 15}})
    assert (full.status_code, full.json()["code"]) == (422, "too_much_to_record")
    assert ann.get(LISTED).json() == []  # what the trail cannot hold is not sent


def test_whoever_may_not_ask_any_more_is_not_heard(components: Components, ann: TestClient, bob: TestClient) -> None:
    """Nothing is lost by it: where they may again, it waits as before."""
    enquiry = sent(ann)

    def changed(row: type[Any], name: str, value: Any, *where: Any) -> list[str]:
        with components.database.session() as session:
            before = session.scalars(select(getattr(row, name)).where(*where)).one()
            session.execute(update(row).where(*where).values({name: value}))
        left = waiting(bob)
        assert close(bob, enquiry) == 404
        with components.database.session() as session:
            session.execute(update(row).where(*where).values({name: before}))
        return left

    with components.database.reading() as session:
        ann_id = session.scalars(select(PersonRow.id).where(PersonRow.username == "ann")).one()
    of_ann = GrantRow.person == ann_id
    assert changed(PersonRow, "active", False, PersonRow.id == ann_id) == []
    assert changed(AgencyRow, "active", False, AgencyRow.code == "A") == []
    assert changed(GrantRow, "ends", now(), of_ann) == []
    assert changed(GrantRow, "starts", now() + timedelta(days=1), of_ann) == []
    assert changed(GrantRow, "role", "auditor", of_ann) == []


def test_whoever_is_called_otherwise_asks_by_their_new_name(
    components: Components, ann: TestClient, bob: TestClient
) -> None:
    enquiry = sent(ann)
    with components.database.session() as session:
        session.execute(update(PersonRow).where(PersonRow.username == "ann").values(name="Ann Other"))
        session.execute(update(AgencyRow).where(AgencyRow.code == "B").values(name_en="Renamed"))
    told = bob.get(RECEIVED).json()["enquiries"][0]
    assert (told["enquiry"]["enquiry_id"], told["asker"]["name"]) == (enquiry, "Ann Other")
    assert [each["agency"] for each in ann.get(LISTED).json()] == ["B"]


def test_nothing_that_was_asked_stands_open_in_the_database(components: Components, ann: TestClient) -> None:
    sent(ann, search=SEARCH, note="anothersecretword")
    kept = b"".join(each.read_bytes() for each in components.home.path.glob("tolmach.sqlite*"))
    assert b"verysecretword" not in kept and b"anothersecretword" not in kept


def test_one_that_does_not_open_can_be_done_away_with(components: Components, ann: TestClient, bob: TestClient) -> None:
    first, second = sent(ann, search=SEARCH), sent(ann, search=SEARCH)
    with components.database.session() as session:
        session.execute(update(EnquiryRow).values(agency="B", sealed="sealed1.AAAA"))
    assert {each["search"]["query"] for each in ann.get(LISTED).json()} == {""}
    assert waiting(bob) == [first, second]
    assert close(bob, first) == 204 and ann.delete(f"{LISTED}/{second}").status_code == 204


def test_the_trail_has_who_asked_whom_and_none_of_the_words(
    components: Components, ann: TestClient, bob: TestClient
) -> None:
    before = components.trail.head()[0]
    enquiry = sent(ann, search=SEARCH, note="anothersecretword")
    waiting(bob)
    close(bob, enquiry, answered=True)
    close(bob, enquiry)
    ann.delete(f"{LISTED}/{enquiry}")
    written = list(components.trail.entries(before + 1))
    assert [(each.actor, each.action, each.object, each.decision) for each in written] == [
        ("ann", "send_enquiry", enquiry, "allowed"),
        ("bob", "list_received_enquiries", "", "allowed"),
        ("bob", "close_enquiry", enquiry, "allowed"),
        ("bob", "close_enquiry", enquiry, "refused"),
        ("ann", "withdraw_enquiry", enquiry, "allowed"),
    ]
    assert '"agency": "B"' in written[0].detail and '"answered": 1' in written[2].detail
    assert not any("secretword" in repr(each) for each in written)


def test_what_two_registrars_release_the_asker_finds(components: Components, ann: TestClient, bob: TestClient) -> None:
    """The whole way: nothing is found; it is asked, found there, released by two, and found here."""
    own = label(components, "B", releasable_to="B")
    document = take(components, pdf("A paper about seldom seen zeppelins."), own).document_id
    components.worker().run()
    search = {"query": "zeppelins"}
    assert ann.post("/api/search", json=search).json()["total"] == 0
    enquiry = sent(ann, search=search)
    asked = bob.get(RECEIVED).json()["enquiries"][-1]["enquiry"]["search"]
    assert bob.post("/api/search", json=asked).json()["hits"][0]["document_id"] == document
    told = everything(ann.get(LISTED))
    change = {"releasable_to": ["A", "B"], "reason": "They asked"}
    proposed = bob.patch(f"/api/documents/{document}/label", json=change).json()
    assert proposed["state"] == "waiting"
    assert close(bob, enquiry, answered=True) == 204
    assert ann.post("/api/search", json=search).json()["total"] == 0
    proposal_kinds(components).approve(decider(components, "ben"), proposed["proposal_id"])
    assert everything(ann.get(LISTED)) == told
    kept = ann.get(LISTED).json()[0]["search"]
    assert ann.post("/api/search", json=kept).json()["hits"][0]["document_id"] == document


def test_the_statements_of_what_waits_are_few(components: Components, ann: TestClient, bob: TestClient) -> None:
    for api in (ann, client(components, "amy")):
        for _ in range(10):
            sent(api)
    with statements(components) as asked:
        assert len(waiting(bob)) == 20
    assert len(asked) <= 8, "\n".join(statement for statement, _ in asked)
