"""Lists ask the database few questions, however many rows they show, and are paged by a key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories import agency, client, fresh, person
from papers import Line, paper
from statements import statements

from auth import policy
from auth.expression import parse
from auth.labels import Label
from services.components import Components

ROWS, MOST = 60, 10


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    """As many papers as rules."""
    opened = fresh(tmp_path_factory.mktemp("lists") / "home")
    agency(opened, "A")
    person(opened, "keeper", "A", ["registrar"], words=["x"])
    person(opened, "adm", "A", ["administrator"])
    with opened.database.session() as session:
        for at in range(ROWS):
            row = paper(session, [[Line("Water flows to the river.")]], title_en=f"Paper {at}")
            label = Label.of(10, "ALL", parse(f"x|w{at}"), "A")
            row.rule = policy.keep_rule(session, label.rule)
    yield opened
    opened.close()


@pytest.mark.parametrize("limit", [1, 50])
def test_the_statements_of_the_intake_are_few(components: Components, limit: int) -> None:
    api = client(components, "keeper")
    with statements(components) as asked:
        rows = api.get("/api/documents", params={"limit": limit}).json()
    assert len({row["label"]["need_to_know"] for row in rows}) == limit
    assert len(asked) <= MOST, "\n".join(statement for statement, _ in asked)


def test_people_and_grants_are_paged_by_key(components: Components) -> None:
    for at in range(5):
        person(components, f"p{at}", "A", ["expert", "registrar"])
    api = client(components, "adm")
    everybody, all_grants = api.get("/api/people").json(), api.get("/api/grants").json()
    assert len(everybody) >= 7 and len(all_grants) >= 12
    for path, listed, key in (("people", everybody, "username"), ("grants", all_grants, "grant_id")):
        paged: list[dict[str, object]] = []
        while some := api.get(f"/api/{path}", params={"limit": 2, "after": paged[-1][key] if paged else ""}).json():
            assert len(some) <= 2
            paged += some
        assert paged == listed
    with statements(components) as asked:
        api.get("/api/people")
    assert len(asked) <= MOST
    assert api.get("/api/grants", params={"after": "none"}).status_code == 404
    assert api.get("/api/people", params={"limit": 1_001}).status_code == 422
