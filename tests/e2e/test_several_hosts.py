"""Two hosts answer and three work, over one database, one index and one store: as one Tolmach does, whatever is killed.

What is changed on one holds on the other at the next request; what a person may not read makes no difference on either.
"""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from conftest import PROMISED
from elasticsearch_server import Server
from factories import SCHEME
from races import emptied
from several_hosts import APIS, SAMPLE, WORKERS, Hosts, Kept, several_hosts

from auth import policy
from auth.audit.entries import Event
from auth.policy import Action
from auth.signin import token_keys
from indexer.pipeline import pauses
from services.hosts import agreement, comparing

KILLS = 6
PAPERS = sorted((SAMPLE / "pdf").glob("2021*.pdf"))
HIDDEN = sorted((SAMPLE / "pdf").glob("2022*.pdf"))


@pytest.fixture(scope="module")
def hosts(
    request: pytest.FixtureRequest, postgresql: str, elasticsearch: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hosts]:
    """The hosts, running."""
    prefix = "test-hosts"
    store: dict[str, Any] = request.getfixturevalue("s3").settings("hosts") if "s3" in PROMISED else {}
    elasticsearch.delete(prefix)
    made = several_hosts(tmp_path_factory.mktemp("hosts"), emptied(postgresql), elasticsearch, prefix, store)
    made.start(*APIS, *WORKERS)
    yield made
    made.close()
    elasticsearch.delete(prefix)


@pytest.fixture(scope="module")
def registrar(hosts: Hosts) -> str:
    """The token of a registrar."""
    return hosts.sign_in("a", "registrar")


@pytest.fixture(scope="module")
def expert(hosts: Hosts) -> str:
    """The token of an expert, which the other host gave."""
    return hosts.sign_in("b", "expert")


@pytest.fixture(scope="module")
def kept(hosts: Hosts, registrar: str) -> Kept:
    """What is left of papers that were brought while hosts were killed."""
    return hosts.run_killing(KILLS, 1, registrar, PAPERS)


def total(hosts: Hosts, name: str, token: str) -> int:
    answer = hosts.ask(name, "POST", "/api/search", token, json={"query": "", "limit": 0})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["total"])


def test_nothing_is_lost_or_doubled_when_hosts_are_killed(kept: Kept) -> None:
    assert kept.kills.total() == KILLS
    assert kept.clean and kept.documents == len(PAPERS), kept


def test_each_host_has_no_key_but_those_that_it_needs(hosts: Hosts, kept: Kept) -> None:
    answering, working = ({path.name for path in (hosts.home(name) / "keys").iterdir()} for name in ("b", "w1"))
    assert {"database.key", "elasticsearch-reader.key"} < answering and "elasticsearch-writer.key" not in answering
    assert "elasticsearch-writer.key" in working and not working & {"database.key", "elasticsearch-manager.key"}
    assert not {"token.key"} & (answering | working)


def test_the_hosts_are_alike(hosts: Hosts, kept: Kept) -> None:
    with hosts.opened("a") as components:
        assert comparing.described(components) == "a (api), b (api), w1 (worker), w2 (worker), w3 (worker): alike"


def answers(hosts: Hosts, name: str, token: str) -> dict[str, tuple[int, bytes]]:
    """What a person is answered by a host, to calls that change nothing."""
    bodies = ("", "return", "возвращение", "meeting -return", "retrun", "финанс*", '"camp assessment"', "kind:report")
    listed = hosts.ask(name, "POST", "/api/search", token, json={"query": "", "sort": "newest", "limit": 100})
    documents = [hit["document_id"] for hit in listed.json()["hits"]]
    calls: list[tuple[str, str, dict[str, Any]]] = [
        *(("POST", "/api/search", {"json": {"query": body, "limit": 100}}) for body in bodies),
        *(("POST", "/api/suggest", {"json": {"prefix": prefix}}) for prefix in ("re", "воз")),
        ("POST", "/api/terms/search", {"json": {"query": "camp"}}),
        ("GET", "/api/me", {}),
        ("GET", "/api/scheme", {}),
        ("GET", f"/api/documents/{'0' * 32}", {}),
    ]
    for each in documents[:3]:
        calls += [
            ("GET", f"/api/documents/{each}", {}),
            ("GET", f"/api/documents/{each}/pages/1", {}),
            ("POST", f"/api/documents/{each}/find", {"json": {"query": "return возвращение"}}),
        ]
    told = {}
    for method, path, more in calls:
        answer = hosts.ask(name, method, path, token, **more)
        told[f"{method} {path} {more}"] = (answer.status_code, answer.content)
    assert len(told) == len(calls)
    return told


def test_hidden_papers_make_no_difference_on_any_host(hosts: Hosts, registrar: str, expert: str, kept: Kept) -> None:
    before = answers(hosts, "a", expert)
    assert answers(hosts, "b", expert) == before
    hosts.bring(registrar, HIDDEN, level="confidential")
    while_they_are_worked_on = answers(hosts, "b", expert)
    hosts.await_work()
    assert total(hosts, "a", registrar) == len(PAPERS + HIDDEN)
    assert while_they_are_worked_on == before
    assert answers(hosts, "a", expert) == answers(hosts, "b", expert) == before
    with hosts.opened("a") as components:
        everything = operator_scope(components)
        for row in hidden_ids(hosts, registrar):
            components.removals.remove(everything, None, row, "because", Event("operator", "console", "remove", row))
            assert hosts.ask("b", "GET", f"/api/documents/{row}", registrar).status_code == 404
    assert answers(hosts, "b", expert) == answers(hosts, "a", expert) == before
    hosts.await_work()
    assert answers(hosts, "a", expert) == answers(hosts, "b", expert) == before


def operator_scope(components: Any) -> policy.Scope:
    with components.database.reading() as session:
        return policy.operator_scope(session, Action.REMOVE)


def hidden_ids(hosts: Hosts, registrar: str) -> list[str]:
    body = {"query": "", "limit": 100, "filters": {"level": ["confidential"]}}
    hits = hosts.ask("b", "POST", "/api/search", registrar, json=body).json()["hits"]
    assert len(hits) == len(HIDDEN)
    return [hit["document_id"] for hit in hits]


def test_what_is_removed_or_labelled_on_one_is_unseen_at_once_on_the_other(
    hosts: Hosts, registrar: str, expert: str, kept: Kept
) -> None:
    listed = hosts.ask("a", "POST", "/api/search", expert, json={"query": "", "limit": 100}).json()["hits"]
    left = len(listed)
    removed, relabelled = listed[0]["document_id"], listed[1]["document_id"]
    stricter = {"level": "confidential", "releasable_to": "ALL", "need_to_know": "", "reason": "for the test"}
    answer = hosts.ask("a", "PATCH", f"/api/documents/{relabelled}/label", registrar, json=stricter)
    assert answer.status_code == 200, answer.text
    assert hosts.ask("b", "GET", f"/api/documents/{relabelled}", expert).status_code == 404
    assert total(hosts, "b", expert) == left - 1
    with hosts.opened("a") as components:
        event = Event("operator", "console", "remove", removed)
        components.removals.remove(operator_scope(components), None, removed, "because", event)
    assert total(hosts, "b", expert) == left - 2
    assert hosts.ask("b", "GET", f"/api/documents/{removed}", expert).status_code == 404


def test_a_rule_that_is_changed_on_one_holds_on_the_other_at_the_next_request(
    hosts: Hosts, expert: str, kept: Kept
) -> None:
    with hosts.opened("a") as components, components.database.session() as session:
        from auth.tables import AgencyRow

        session.get_one(AgencyRow, "A").active = False
    assert hosts.ask("b", "POST", "/api/search", expert, json={"query": ""}).status_code in (401, 403)
    with hosts.opened("b") as components, components.database.session() as session:
        session.get_one(AgencyRow, "A").active = True
    assert total(hosts, "a", expert)


def test_keys_that_are_rotated_on_one_hold_on_the_other_at_once(hosts: Hosts, expert: str, kept: Kept) -> None:
    with hosts.opened("a") as components:
        token_keys.rotate(components.database)
    new = hosts.sign_in("a", "expert")
    assert total(hosts, "b", new) == total(hosts, "b", expert) == total(hosts, "a", expert)


def test_a_pause_holds_on_every_host(hosts: Hosts, registrar: str, kept: Kept) -> None:
    with hosts.opened("a") as components, components.database.session() as session:
        pauses.pause(session, pauses.TRANSLATION)
    with hosts.opened("w2") as components:
        assert components.worker().waiting_by_stage()["translate"] == 0
    with hosts.opened("w3") as components, components.database.session() as session:
        pauses.resume(session, pauses.TRANSLATION)


def test_hosts_are_upgraded_one_after_the_other_and_no_request_fails(hosts: Hosts, expert: str, kept: Kept) -> None:
    statuses: list[int] = []
    over = threading.Event()

    def ask(order: tuple[str, ...]) -> None:
        clients = {name: httpx.Client(base_url=hosts.address(name)) for name in order}
        while not over.is_set():
            for name in order:
                try:
                    headers = {"Authorization": f"Bearer {expert}", "Connection": "close"}
                    answer = clients[name].post("/api/search", json={"query": "return"}, headers=headers)
                except httpx.ConnectError:  # it takes no calls: the other does
                    continue
                statuses.append(answer.status_code)
                break
            else:
                statuses.append(0)

    threads = [threading.Thread(target=ask, args=(order,)) for order in itertools.permutations(APIS)]
    for thread in threads:
        thread.start()
    try:
        for name in (*APIS, *WORKERS):
            assert hosts.stop(name) == 0
            hosts.start(name)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert len(statuses) > len(APIS) and set(statuses) == {200}


def test_a_host_with_another_scheme_does_not_start(hosts: Hosts, tmp_path: Path, kept: Kept) -> None:
    home = hosts.home("c")
    shutil.copytree(hosts.home("b"), home, symlinks=True)
    (home / "scheme.toml").write_text(SCHEME.read_text().replace("rank = 10", "rank = 11"))
    refused = hosts.command("c", "serve", "--port", "0")
    assert refused.returncode == 1
    assert "scheme.toml" in refused.stderr and "tolmach host agree" in refused.stderr
    with hosts.opened("a") as components:
        assert agreement.differing(components) == []
