"""Two hosts answer and three work, over one database, one index and one store: as one Tolmach does, whatever is killed.

What is changed on one holds on the other at the next request; what a person may not read makes no difference on either.
"""

from __future__ import annotations

import itertools
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from conftest import PROMISED
from elasticsearch_server import Server
from factories import SCHEME
from kills import Outcome
from races import emptied
from several_hosts import APIS, PATIENCE, SAMPLE, WORKERS, Hosts, several_hosts

from auth import policy
from auth.audit.entries import Event, TrailError
from auth.policy import Action
from auth.tables import AgencyRow
from indexer.pipeline import pauses
from services.hosts import agreement, announcing, comparing
from services.hosts.roles import HostError, HostRole

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
    try:
        made.start(*APIS, *WORKERS)
        yield made
    finally:
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
def kept(hosts: Hosts, registrar: str) -> Outcome:
    """What is left of papers that were brought while hosts were killed."""
    return hosts.run_killing(KILLS, 1, registrar, PAPERS)


def total(hosts: Hosts, name: str, token: str) -> int:
    answer = hosts.ask(name, "POST", "/api/search", token, json={"query": "", "limit": 0})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["total"])


def test_nothing_is_lost_or_doubled_when_hosts_are_killed(kept: Outcome) -> None:
    assert kept.kills.total() == KILLS
    assert kept.clean and kept.states.total() == len(PAPERS), kept


def test_one_chain_has_what_all_hosts_did(hosts: Hosts, expert: str, kept: Outcome) -> None:
    with hosts.opened("b") as components:
        assert components.trail.verify() > len(PAPERS)
        actions = Counter(entry.action for entry in components.trail.entries())
    assert actions["sign_in"] >= len(APIS) and actions["intake"] >= len(PAPERS)


def test_a_host_that_keeps_a_trail_of_its_own_does_not_start(hosts: Hosts, kept: Outcome) -> None:
    with hosts.opened("b") as components:
        settings = replace(components.settings, audit="file", host_name="c")
    with pytest.raises((HostError, TrailError)), announcing.announced(settings, [HostRole.API], pytest.fail):
        pass


def test_each_host_has_no_key_but_those_that_it_needs(hosts: Hosts, kept: Outcome) -> None:
    answering, working = ({path.name for path in (hosts.home(name) / "keys").iterdir()} for name in ("b", "w1"))
    assert {"signing.key", "elasticsearch-reader.key"} < answering and "elasticsearch-writer.key" not in answering
    assert "elasticsearch-writer.key" in working and not working & {"signing.key", "elasticsearch-manager.key"}


def test_the_hosts_are_alike(hosts: Hosts, kept: Outcome) -> None:
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


def assert_same(answered: dict[str, tuple[int, bytes]], expected: dict[str, tuple[int, bytes]]) -> None:
    """That two hosts, or one at two moments, answer the same; else what the first difference is."""
    assert answered.keys() == expected.keys()
    for call, (status, content) in expected.items():
        at = next((i for i, pair in enumerate(zip(content, answered[call][1], strict=False)) if len(set(pair)) > 1), 0)
        around = slice(max(0, at - 200), at + 200)
        assert answered[call] == (status, content), f"{call}: {answered[call][1][around]!r}, not {content[around]!r}"


def test_hidden_papers_make_no_difference_on_any_host(hosts: Hosts, registrar: str, expert: str, kept: Outcome) -> None:
    before = answers(hosts, "a", expert)
    assert_same(answers(hosts, "b", expert), before)
    hosts.bring(registrar, HIDDEN, level="confidential")
    while_they_are_worked_on = answers(hosts, "b", expert)
    hosts.await_work()
    assert len(brought(hosts, registrar)) == len(PAPERS + HIDDEN)
    assert_same(while_they_are_worked_on, before)
    for name in APIS:
        assert_same(answers(hosts, name, expert), before)
    with hosts.opened("a") as components:
        everything = operator_scope(components)
        for row in brought(hosts, registrar, "confidential"):
            components.removals.remove(everything, None, row, "because", Event("operator", "console", "remove", row))
            assert hosts.ask("b", "GET", f"/api/documents/{row}", registrar).status_code == 404
    for name in (*APIS, *APIS):  # before a worker has come by, and after
        assert_same(answers(hosts, name, expert), before)
        hosts.await_work()


def operator_scope(components: Any) -> policy.Scope:
    with components.database.reading() as session:
        return policy.operator_scope(session, Action.REMOVE)


def brought(hosts: Hosts, registrar: str, level: str = "") -> list[str]:
    """The papers that were brought, or those of a level."""
    rows = hosts.ask("b", "GET", "/api/documents?limit=100", registrar).json()
    return [row["document_id"] for row in rows if level in ("", row["label"]["level"])]


def seen(hosts: Hosts, name: str, token: str) -> set[str]:
    """The papers that a person finds, those that are shown under their pair among them."""
    hits = hosts.ask(name, "POST", "/api/search", token, json={"query": "", "limit": 100}).json()["hits"]
    return {each for hit in hits for each in (hit["document_id"], (hit.get("pair") or hit)["document_id"])}


def test_what_is_removed_or_labelled_on_one_is_unseen_at_once_on_the_other(
    hosts: Hosts, registrar: str, expert: str, kept: Outcome
) -> None:
    hosts.await_work()
    before = seen(hosts, "a", expert)
    removed, relabelled = brought(hosts, registrar)[:2]
    stricter = {"level": "confidential", "releasable_to": "ALL", "need_to_know": "", "reason": "for the test"}
    answer = hosts.ask("a", "PATCH", f"/api/documents/{relabelled}/label", registrar, json=stricter)
    assert answer.status_code == 200, answer.text
    assert hosts.ask("b", "GET", f"/api/documents/{relabelled}", expert).status_code == 404
    assert relabelled not in seen(hosts, "b", expert)
    with hosts.opened("a") as components:
        event = Event("operator", "console", "remove", removed)
        components.removals.remove(operator_scope(components), None, removed, "because", event)
    assert removed not in seen(hosts, "b", expert)
    assert hosts.ask("b", "GET", f"/api/documents/{removed}", expert).status_code == 404
    hosts.await_work()  # what these two lent others is withdrawn from them, and these are put into the index again
    assert seen(hosts, "a", expert) == seen(hosts, "b", expert) == before - {removed, relabelled}


def test_a_rule_that_is_changed_on_one_holds_on_the_other_at_the_next_request(
    hosts: Hosts, expert: str, kept: Outcome
) -> None:
    with hosts.opened("a") as components, components.database.session() as session:
        session.get_one(AgencyRow, "A").active = False
    assert hosts.ask("b", "POST", "/api/search", expert, json={"query": ""}).status_code in (401, 403)
    with hosts.opened("b") as components, components.database.session() as session:
        session.get_one(AgencyRow, "A").active = True
    assert total(hosts, "a", expert)


def test_keys_that_are_rotated_on_one_hold_on_the_other_at_once(hosts: Hosts, expert: str, kept: Outcome) -> None:
    with hosts.opened("a") as components:
        components.token_keys.rotate(components.database)
    new = hosts.sign_in("a", "expert")
    assert total(hosts, "b", new) == total(hosts, "b", expert) == total(hosts, "a", expert)


def test_a_pause_holds_on_every_host(hosts: Hosts, registrar: str, kept: Outcome) -> None:
    with hosts.opened("a") as components, components.database.session() as session:
        pauses.pause(session, pauses.TRANSLATION)
    with hosts.opened("w2") as components:
        assert components.worker().waiting_by_stage()["translate"] == 0
    with hosts.opened("w3") as components, components.database.session() as session:
        pauses.resume(session, pauses.TRANSLATION)


def test_hosts_are_upgraded_one_after_the_other_and_no_request_fails(hosts: Hosts, expert: str, kept: Outcome) -> None:
    statuses: list[int] = []
    over = threading.Event()

    def ask(order: tuple[str, ...]) -> None:
        clients = {name: httpx.Client(base_url=hosts.address(name), timeout=PATIENCE) for name in order}
        while not over.is_set():
            for name in order:
                try:
                    headers = {"Authorization": f"Bearer {expert}", "Connection": "close"}
                    answer = clients[name].post("/api/search", json={"query": "return"}, headers=headers)
                except httpx.TransportError:  # it takes no calls, or ends before it read this one: the other does
                    continue
                statuses.append(answer.status_code)
                over.wait(0.02)
                break
            else:
                statuses.append(0)

    threads = [threading.Thread(target=ask, args=(order,)) for order in itertools.permutations(APIS)]
    for thread in threads:
        thread.start()
    try:
        for name in (*APIS, WORKERS[0]):
            assert hosts.stop(name) == 0
            hosts.start(name)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert len(statuses) > len(APIS) and set(statuses) == {200}


def test_a_host_with_another_scheme_does_not_start(hosts: Hosts, tmp_path: Path, kept: Outcome) -> None:
    home = hosts.home("c")
    shutil.copytree(hosts.home("b"), home, symlinks=True)
    (home / "scheme.toml").write_text(SCHEME.read_text().replace("rank = 10", "rank = 11"))
    refused = hosts.command("c", "serve", "--port", "0")
    assert refused.returncode == 1
    assert "scheme.toml" in refused.stderr and "tolmach host agree" in refused.stderr
    with hosts.opened("a") as components:
        assert agreement.differing(components) == []
