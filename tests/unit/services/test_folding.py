"""A paper and its translation are one hit to whoever may read both, and no page of hits loses or repeats a paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from factories import agency, client, fresh, person
from papers import Line, paper

from auth import policy
from auth.audit.entries import shown
from auth.expression import ALWAYS
from auth.labels import ALL, ReadingRule
from auth.policy import Action
from indexer.library.tables import DocumentRow
from indexer.pairs import pairs
from indexer.pipeline.reindex import reindex
from services.components import Components

OTHERS = 5  # papers without a translation


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("folding") / "home")
    agency(opened, "A")
    person(opened, "reader", "A", ["expert"])
    person(opened, "lower", "A", ["expert"], clearance="unclassified")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def papers(components: Components) -> dict[str, str]:
    """An English paper; its Russian translation, which is confidential, and a second one; some others."""
    names: dict[str, str] = {}
    with components.database.session() as session:
        open_rule, strict = (policy.keep_rule(session, ReadingRule(level, ALL, ALWAYS)) for level in (10, 30))
        names["english"] = _paper(session, "Water is shared between the States.", "en", open_rule, "On water")
        names["russian"] = _paper(session, "Вода распределяется между государствами.", "ru", strict, "О воде")
        names["again"] = _paper(session, "Вода распределена между странами.", "ru", open_rule, "О водах")
        for at in range(OTHERS):
            names[f"other {at}"] = _paper(session, f"Water paper {at}.", "en", open_rule, f"Other {at}")
        scope = policy.operator_scope(session, Action.EDIT)
        pairs.make(session, scope, names["english"], names["again"], "")
        pairs.make(session, scope, names["english"], names["russian"], "vera")
    reindex(components.database, components.engine, lambda done, total: None)
    return names


def _paper(session: Any, text: str, language: str, rule: str, title: str) -> str:
    row = paper(session, [[Line(text, language=language)]], language=language, **{f"title_{language}": title})
    session.get_one(DocumentRow, row.id).rule = rule
    return row.id


def asked(components: Components, name: str = "reader", query: str = "water вода", **more: Any) -> dict[str, Any]:
    answer = client(components, name).post("/api/search", json={"query": query, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def in_hits(hits: list[dict[str, Any]]) -> list[str]:
    """Every paper that hits hold."""
    folded = [hit["pair"]["document_id"] for hit in hits if hit["pair"] and hit["pair"]["title"]]
    return sorted([*(hit["document_id"] for hit in hits), *folded])


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_a_paper_and_its_translation_are_one_hit_that_names_both(components, papers, sort):
    found = asked(components, sort=sort, limit=100)
    assert found["total"] == len(papers) == sum(each["count"] for each in found["facets"]["language"])
    both = {papers["english"], papers["russian"]}
    (hit,) = [hit for hit in found["hits"] if hit["document_id"] in both]
    assert {hit["document_id"], hit["pair"]["document_id"]} == both
    assert {**hit["title"], **hit["pair"]["title"]} == {"en": "On water", "ru": "О воде"}
    assert (hit["pair"]["page"], hit["pair"]["places"], hit["places"]) == (1, 1, 1)
    assert in_hits(found["hits"]) == sorted(papers.values())
    (other,) = [hit for hit in found["hits"] if hit["document_id"] == papers["again"]]
    assert (other["pair"]["document_id"], other["pair"]["title"]) == (papers["english"], None)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_over_the_pages_each_paper_is_in_one_hit(components, papers, size):
    pages = [asked(components, offset=at, limit=size)["hits"] for at in range(0, len(papers), size)]
    assert sorted(name for page in pages for name in in_hits(page)) == sorted(papers.values())
    assert all(pages)


def test_to_whoever_may_read_one_half_there_is_nothing_to_fold(components, papers):
    """The other translation then is that of the paper: of two, a person's word counts only where it may be known."""
    found = asked(components, "lower", limit=100)
    assert found["total"] == len(papers) - 1
    (hit,) = [hit for hit in found["hits"] if hit["document_id"] in (papers["english"], papers["again"])]
    assert {hit["document_id"], hit["pair"]["document_id"]} == {papers["english"], papers["again"]}
    assert papers["russian"] not in json.dumps(found)


def test_what_a_filter_leaves_out_is_in_no_hit(components, papers):
    found = asked(components, filters={"language": ["en"]}, limit=100)
    assert in_hits(found["hits"]) == sorted(n for name, n in papers.items() if name not in ("russian", "again"))


def test_the_trail_has_both_papers(components, papers):
    asked(components, limit=100)
    entry = list(components.trail.entries())[-1]
    assert {papers["english"], papers["russian"]} <= set(shown(entry))


def test_what_is_like_a_passage_folds_too(components, papers):
    passage = asked(components, query="water", limit=1)["hits"][0]["evidence"][0]["passage_id"]
    answer = client(components, "reader").post("/api/search/similar", json={"passage_id": passage, "limit": 100}).json()
    assert len(in_hits(answer["hits"])) == len(set(in_hits(answer["hits"]))) == answer["total"]
