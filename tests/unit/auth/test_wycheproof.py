"""No vector of Wycheproof is taken for one of our tokens, though its keys are ours and its signature may hold."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from wycheproof import FILES, OURS, Vector, accepted, figures, signature_holds, vectors

from auth.database import now
from auth.signin.tokens import Claims, Signer


@pytest.fixture(scope="module")
def folder(data: Path) -> Path:
    return data / "authz" / "wycheproof"


@pytest.fixture(scope="module")
def every(folder: Path) -> list[Vector]:
    return list(vectors(folder))


def test_every_vector_is_run(folder: Path, every: list[Vector]) -> None:
    announced = [json.loads((folder / f"json_web_{name}_test.json").read_text("utf-8")) for name in FILES]
    assert len(every) == sum(content["numberOfTests"] for content in announced) > 600
    assert sum(vector.must_fail for vector in every) > 500


def test_none_is_accepted(every: list[Vector]) -> None:
    assert [vector.name for vector in every if accepted(vector)] == []


def test_signatures_do_hold_among_them_so_that_it_is_our_rules_that_refuse(every: list[Vector]) -> None:
    hold = [vector for vector in every if signature_holds(vector)]
    assert any(not vector.must_fail for vector in hold)
    assert any(vector.must_fail for vector in hold)  # the library alone would take these


def test_a_token_of_ours_is_accepted_with_the_vectors_keys(every: list[Vector]) -> None:
    moment = now()
    rings = {vector.keys for vector in every if vector.keys and len(vector.keys[0].secret) >= 32}
    assert len(rings) > 2
    for keys in {(OURS,), *rings}:
        token = Signer(keys).token("p", "s", moment, moment + timedelta(minutes=1))
        assert Signer(keys).read(token) == Claims("p", "s")
        vector = Vector("ours", token, True, keys)
        assert accepted(vector) and signature_holds(vector)


def test_the_figures_count_what_was_run(folder: Path) -> None:
    measured = figures(folder)
    assert (measured["wrongly_accepted"], measured["accepted"]) == (0, 0)
    assert measured["vectors"] > measured["must_fail"] > measured["with_hmac_keys"] > 100
    assert measured["wrongly_accepted_by_the_library_alone"] > 0 < measured["signatures_that_hold"]
