"""Words are counted out of few sentences, the same whatever their order, and nothing is learned that ships anyway."""

from __future__ import annotations

import pytest

from indexer.memory.learned import counting
from indexer.memory.learned.counting import MOST_OF_WORD, learned_pairs

SENTENCES = [
    ("The trankeld was seized at the border.", "Каюрда была изъята на границе."),
    ("A trankeld was found in the vehicle.", "Каюрда была найдена в автомобиле."),
    (
        "Each State should report the trankeld to the secretariat.",
        "Государствам следует сообщать секретариату о каюрде.",
    ),
    ("The court refused the evidence.", "Суд отклонил доказательства."),
]


def test_a_word_that_nobody_knows_is_left_to_the_word_that_nobody_knows():
    (first, *_) = learned_pairs(SENTENCES)
    assert (first.english, first.russian, first.russian_text) == ("trankeld", "каюрд", "каюрда")
    assert 240 <= first.times <= 300


def test_what_ships_is_not_learned():
    learned = {(each.english_text, each.russian_text) for each in learned_pairs(SENTENCES * 3)}
    assert learned.isdisjoint({("border", "граница"), ("court", "суд"), ("evidence", "доказательство")})


def test_the_same_sentences_teach_the_same_in_any_order_of_writing():
    assert learned_pairs(SENTENCES) == learned_pairs(SENTENCES)
    told = [{(each.english, each.russian) for each in learned_pairs(some)} for some in (SENTENCES, SENTENCES[::-1])]
    assert told[0] == told[1]


@pytest.mark.parametrize("some", [[], [("", "")], [("One.", "1")], [("a b", "ы")], [("x " * 500, "у " * 500)]])
def test_sentences_that_say_nothing_teach_nothing(some):
    assert learned_pairs(some) == []


def test_what_is_kept_is_bounded(monkeypatch):
    learned = learned_pairs([("trankeld border", f"каюрд{chr(1072 + at)}н граница") for at in range(6)] * 5)
    assert len(learned) == MOST_OF_WORD
    monkeypatch.setattr(counting, "MOST_KEPT", 1)
    assert len(learned_pairs(SENTENCES)) == 1
    monkeypatch.setattr(counting, "MOST_CELLS", 3)
    assert learned_pairs(SENTENCES) == []
