"""Passwords are hashed slowly, checked with the same work for known and unknown names, and never too short."""

from __future__ import annotations

import pytest

from auth import passwords
from auth.passwords import LONGEST, SHORTEST, WeakPasswordError, generated, hashed, matches

GOOD = "correct horse battery"


@pytest.fixture(scope="module")
def known() -> str:
    return hashed(GOOD)


def test_the_right_password_matches_and_others_do_not(known: str) -> None:
    assert matches(GOOD, known)
    for other in ("", GOOD[:-1], GOOD + " ", GOOD.upper(), "x" * 100_000):
        assert not matches(other, known)


def test_the_hash_is_argon2id_and_salted(known: str) -> None:
    assert known.startswith("$argon2id$")
    assert hashed(GOOD) != known
    assert GOOD not in known


def test_nobody_has_no_password_not_even_the_stand_in_for_nobody() -> None:
    assert not matches(GOOD, None)
    assert not matches("", None)
    assert not matches(GOOD, "")


@pytest.mark.parametrize("broken", ["plain text", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", GOOD])
def test_a_hash_that_is_none_matches_nothing(broken: str) -> None:
    assert not matches(GOOD, broken)


def test_an_unknown_name_costs_one_hashing_as_a_known_one_does(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = passwords._hasher()
    worked = []

    class Counting:
        def verify(self, digest, password):
            worked.append(digest.split("$")[3])
            return hasher.verify(digest, password)

    passwords._hash_of_nobody()
    monkeypatch.setattr(passwords, "_hasher", Counting)
    matches("wrong", known)
    matches("wrong", None)
    assert len(worked) == 2
    assert worked[0] == worked[1]  # the same parameters


@pytest.mark.parametrize("password", ["", "short", "x" * (SHORTEST - 1), "x" * (LONGEST + 1)])
def test_a_password_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError, match=f"{SHORTEST} to {LONGEST}"):
        hashed(password)


@pytest.mark.parametrize("password", ["x" * SHORTEST, "ё" * LONGEST])
def test_the_shortest_and_the_longest_can_be_used(password: str) -> None:
    assert matches(password, hashed(password))


def test_a_longer_password_with_the_same_beginning_does_not_match() -> None:
    assert not matches("ё" * LONGEST + "!", hashed("ё" * LONGEST))


def test_generated_passwords_are_long_and_never_the_same() -> None:
    made = {generated() for _ in range(200)}
    assert len(made) == 200
    assert {len(password) for password in made} == {20}
