"""Nobody can tell whether documents exist that they may not read, existed, or what others did with them.

In every world the same calls of the same person are answered with the same bytes.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from elasticsearch_server import Server
from matrix import OFFICES, PairedWorlds, Profile, Worlds, profile
from paired_worlds import Call, EngineSettings, embedded
from route_calls import SEARCH, SUGGEST, Route
from route_table import DISCLOSING, ROUTES, masked
from scenarios import SCENARIOS, Scenario

SEED = "20264"
PROFILES = [profile(number, SEED) for number in range(2)]
EVERYBODY = [*PROFILES, OFFICES]
ON_ELASTIC = (
    "they exist",
    "relabelled upward",
    "removed",
    "expired just now",
    "due and left",
    "an older state put back",
    "held under another rule",
)
FIRST = 5  # differences that are told


@pytest.fixture(scope="module", params=["embedded", "elastic"])
def engine(request: pytest.FixtureRequest) -> Iterator[EngineSettings]:
    """Gives every home an engine of its own."""
    if request.param == "embedded":
        yield embedded
        return
    running: Server = request.getfixturevalue("elasticsearch")
    prefixes: dict[Path, str] = {}

    def settings(home: Path) -> dict[str, Any]:
        if home not in prefixes:
            prefixes[home] = f"test-{secrets.token_hex(6)}"
            running.engine(prefixes[home]).close()
        return running.settings(home, prefixes[home])

    yield settings
    for prefix in prefixes.values():
        running.delete(prefix)


@pytest.fixture(scope="module")
def worlds(engine: EngineSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    with closing(Worlds(tmp_path_factory.mktemp("worlds"), EVERYBODY, engine)) as made:
        yield made


@pytest.fixture(scope="module")
def paired_worlds(worlds: Worlds) -> Iterator[dict[Profile, PairedWorlds]]:
    made = {people: PairedWorlds(worlds, people) for people in (EVERYBODY if worlds.embedded else EVERYBODY[:1])}
    yield made
    for each in made.values():
        each.close()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_whatever_became_of_hidden_documents_every_answer_is_the_same(
    worlds: Worlds, paired_worlds: dict[Profile, PairedWorlds], scenario: Scenario
) -> None:
    """One group of readers asks after each fate, and those who may read nothing; `make bench-interference` asks all."""
    if not worlds.embedded and scenario.name not in ON_ELASTIC:
        pytest.skip("asked on the embedded engine alone")
    in_turn = PROFILES[SCENARIOS.index(scenario) % len(PROFILES)] if worlds.embedded else PROFILES[0]
    for people, each in paired_worlds.items():
        if people in (in_turn, OFFICES):
            assert list(islice(each.differences_by(scenario, SEED), FIRST)) == []


def test_every_route_was_asked_and_each_was_answered_to_somebody(
    worlds: Worlds, paired_worlds: dict[Profile, PairedWorlds], request: pytest.FixtureRequest
) -> None:
    """Comparing refusals alone would say little. Routes that change things are left to those who may only try."""
    every_scenario = sum(each.worlds_compared for each in paired_worlds.values()) >= len(SCENARIOS)
    if not worlds.embedded or request.session.testsfailed or not every_scenario:
        pytest.skip("asked on the embedded engine alone, after every fate")
    statuses: dict[Route, Counter[int]] = {route: Counter() for route in ROUTES}
    for each in paired_worlds.values():
        for route, counted in each.statuses.items():
            statuses[route] += counted
    offered = {(method.upper(), path) for path, item in worlds.fresh.app.openapi()["paths"].items() for method in item}
    assert set(ROUTES) == offered
    assert all(statuses.values()), [route for route, counted in statuses.items() if not counted]
    unanswered = {route for route, counted in statuses.items() if not any(status < 300 for status in counted)}
    assert unanswered <= UNANSWERED, unanswered - UNANSWERED


UNANSWERED = {  # never with success here
    ("POST", "/api/searches"),  # an act of one's own, which depends on no document
    ("DELETE", "/api/searches/{search_id}"),  # of a search that nobody keeps
    ("POST", "/api/searches/{search_id}/look"),
    ("PUT", "/api/dossier/kept"),  # over a version that nobody keeps
    ("POST", "/api/enquiries"),  # by those who have as many as anybody may
    ("DELETE", "/api/enquiries/{enquiry_id}"),  # of one that nobody sent
    ("POST", "/api/enquiries/{enquiry_id}/closure"),
    ("POST", "/api/proposals/{proposal_id}/approval"),  # of what others propose about hidden documents
    ("POST", "/api/proposals/{proposal_id}/refusal"),
    ("POST", "/api/documents/{document_id}/answer"),  # of papers that hide nothing and bear no stronger marking
    ("POST", "/api/documents/{document_id}/attachments/{number}"),  # of papers with none
    ("POST", "/api/documents/{document_id}/retry"),  # of papers that were read, or whose file was refused
    ("POST", "/api/removed/{document_id}/return"),  # of documents that one may not read
    ("POST", "/api/retention/due/{document_id}/disposal"),
    ("PUT", "/api/retention/schedules"),  # of a kind that there is not
    ("POST", "/api/pairs"),  # of papers and pairs that one may not read
    ("POST", "/api/pairs/{pair_id}/confirmation"),
    ("POST", "/api/pairs/{pair_id}/rejection"),
    ("POST", "/api/pairs/{pair_id}/corrections"),
    ("PUT", "/api/pairs/{pair_id}/lending"),
    ("POST", "/api/people/{username}/renewal"),  # of people who are not there
    ("POST", "/api/grants"),
    ("POST", "/api/grants/{grant_id}/end"),
    ("PUT", "/api/translations/{document_id}/segments/{number}"),  # of sentences that are not as one saw them
    ("DELETE", "/api/translations/{document_id}/segments/{number}/lease"),  # of documents that one may not read
    *(("PUT", f"/api/translations/{{document_id}}/segments/{{number}}/{act}") for act in ("draft", "lease")),
    *(
        ("POST", f"/api/translations/{{document_id}}/segments/{{number}}/{act}")
        for act in ("submission", "approval", "rejection", "waivers", "comments", "requests")
    ),
    ("POST", "/api/translations/{document_id}/import"),
    ("PUT", "/api/translations/{document_id}/assignment"),
    ("POST", "/api/terms/{term_id}/approval"),  # of hidden terms
    ("POST", "/api/terms/{term_id}/rejection"),
    ("POST", "/api/terms/{term_id}/withdrawal"),
    ("POST", "/api/terms/import"),  # by reviewers: nobody is one here
    ("PUT", "/api/me/password"),  # with a wrong password
    ("PUT", "/api/me/otp"),
    ("POST", "/api/me/passkeys"),  # with what no device made, and a wrong password
    ("POST", "/api/me/passkeys/offer"),
    ("POST", "/api/me/passkeys/{passkey_id}/removal"),
    ("POST", "/api/session"),
    ("POST", "/api/session/oidc/start"),  # there is no issuer here
    ("POST", "/api/session/oidc"),
    ("POST", "/api/session/oidc/logout"),
    ("POST", "/api/people/{username}/link"),
    ("POST", "/api/people/{username}/unlink"),  # of people who are not there
    *DISCLOSING,  # by those to whom nothing may be disclosed
}


@pytest.mark.parametrize("call", [(*SEARCH, {"body": {"limit": 0}}), (*SUGGEST, {"body": {"prefix": "re"}})], ids=str)
def test_a_wrong_index_tells_nothing_even_before_it_is_put_right(
    worlds: Worlds, paired_worlds: dict[Profile, PairedWorlds], call: Call
) -> None:
    each = paired_worlds[PROFILES[0]]
    method, path, more = call
    with each.befallen(next(scenario for scenario in SCENARIOS if scenario.name == "held under another rule")) as other:
        assert other.ask(each.people[0], method, path, **more) == each.alone.ask(each.people[0], method, path, **more)


def test_the_comparison_can_fail(worlds: Worlds) -> None:
    """Two people of different clearance are answered differently, so equal answers mean something."""
    lowest, highest = sorted((people[0] for people in PROFILES), key=lambda one: len(worlds.full.readable(one)))
    assert 0 < len(worlds.full.readable(lowest)) < len(worlds.full.readable(highest)) < len(worlds.items)
    assert worlds.full.translated() & worlds.full.readable(lowest)
    first, second = (worlds.full.ask(one, "POST", "/api/search", {"query": ""}) for one in (lowest, highest))
    assert first != second


def test_the_masks_hide_no_more_than_they_name() -> None:
    why = [why for example in ROUTES.values() for why in example.masks.values()]
    assert len(set(why)) == 13 and all(why)
    body = b'{"proposal_id":"0f","state":"waiting"}'
    answer = (200, ((b"a", b"b"),), body)
    assert masked("POST", "/api/agencies", answer)[2] == b'{"proposal_id":"*","state":"waiting"}'
    assert masked("POST", "/api/search", answer) == masked("POST", "/api/agencies/x", answer) == answer
