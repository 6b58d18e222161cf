"""What a process knows of the words of texts."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.analysis import word_keys as module
from indexer.analysis.tokens import tokens
from indexer.analysis.word_keys import WordKeys, word_keys


def test_a_word_has_its_readings_and_its_form_and_signs_have_nothing():
    known = WordKeys()
    known.learn({"fighters,", "—"})
    (token,) = tokens("fighters,")
    assert set(known.keys("fighters,")) == {*token.readings, "=fighters"}
    assert known.keys("—") == known.keys("never seen") == ()


def test_words_are_there_by_each_of_their_keys():
    known = WordKeys()
    known.learn({"fighter", "Fighters,", "river"})
    assert known.with_any(["fighter"]) == {"fighter", "Fighters,"}
    assert known.with_any(["=fighters", "=river", "absent"]) == {"Fighters,", "river"}


def test_by_form_a_word_is_there_by_its_form_alone():
    known = WordKeys(by_form=True)
    known.learn({"fighters"})
    assert known.with_any(["fighter"]) == set()
    assert known.with_any(["=fighters"]) == {"fighters"}


def test_what_knows_too_much_is_begun_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST", 3)
    monkeypatch.setattr(module, "_known", {False: WordKeys()})
    first = word_keys(False)
    first.learn({"one", "two"})
    assert word_keys(False) is first
    first.learn({"b" * 50})  # counts twice
    assert first.full and len(word_keys(False)) == 0


def test_whoever_sees_a_word_finds_it_by_its_keys_while_others_learn():
    known, missed = WordKeys(), list[str]()
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def learn(thread: int) -> None:
        for at in range(300):
            words = {f"word{at}", f"word{at + thread}", f"only{thread}x{at}"}
            known.learn(words)
            missed.extend(word for word in words if word not in known.with_any([f"={word}"]))

    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(learn, range(4)))
    finally:
        sys.setswitchinterval(switch)
    assert not missed
