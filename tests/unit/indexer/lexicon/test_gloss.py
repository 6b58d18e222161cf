"""Under the words of a sentence stands what they mean: terms, words, names, numbers, negation; nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from factories import fresh

from auth import policy
from auth.policy import Action
from indexer.lexicon import gloss
from indexer.lexicon.gloss import GlossWord, glosses
from indexer.lexicon.transliteration import in_latin
from indexer.text import Language
from services.components import Components


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Components:
    return fresh(tmp_path_factory.mktemp("gloss") / "home")


def told(components: Components, text: str, language: Language) -> dict[str, GlossWord]:
    """The glossed words by how they are written."""
    with components.database.reading() as session:
        (words,) = glosses(session, policy.scope_among([], None, Action.READ), [text], language)  # type: ignore[arg-type]
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert all(before.end <= after.start for before, after in pairwise(words))
    return {text[word.start : word.end]: word for word in words}


def test_a_russian_sentence(components: Components) -> None:
    text = "Суд не вернул 152 паспорта иностранным боевикам-террористам, сказал Уажанов."
    words = told(components, text, "ru")
    assert {written: word.kind for written, word in words.items()} == {
        "Суд": "word",
        "не": "negation",
        "вернул": "word",
        "152": "number",
        "паспорта": "word",
        "иностранным боевикам-террористам": "term",
        "сказал": "word",
        "Уажанов": "name",
    }
    assert words["Суд"].meanings[0] == "court"
    assert "return" in words["вернул"].meanings
    assert words["иностранным боевикам-террористам"].meanings == ("foreign terrorist fighter", "FTF")
    assert words["Уажанов"].meanings == ("Uazhanov",)
    assert words["не"].meanings == ("not",)


def test_an_english_sentence(components: Components) -> None:
    words = told(components, "The officer didn't say that she may have prepared it in Polish or without them.", "en")
    assert words["didn't"].kind == words["without"].kind == "negation"
    assert "мочь" in words["may"].meanings and "май" not in words["may"].meanings
    assert {"готовый", "подготавливать"} <= set(words["prepared"].meanings)
    assert not words.keys() & {"The", "that", "or", "them"}
    assert all(1 <= len(word.meanings) <= gloss.MOST_SENSES for word in words.values())


def test_negation_is_never_lost_in_a_longer_headword(components: Components) -> None:
    assert told(components, "Они и не могут доказать", "ru")["не"].kind == "negation"
    assert told(components, "Нельзя без этого", "ru").keys() >= {"Нельзя", "без"}


def test_what_is_beyond_the_bound_of_a_page_stays_bare(components: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gloss, "MOST_WORDS", 3)
    with components.database.reading() as session:
        scope = policy.scope_among([], None, Action.READ)  # type: ignore[arg-type]
        first, second = glosses(session, scope, ["the court", "the prosecutor"], "en")
    assert first and not second


def test_nothing_is_made_of_nothing(components: Components) -> None:
    assert told(components, "", "en") == told(components, "… — !", "ru") == {}
    assert told(components, "TCE/2024/WS.2/AG/1", "ru") == {}


def test_names_in_latin_letters() -> None:
    assert in_latin("Щербаков Юрий Ёлкин-Хань") == "Shcherbakov Yuriy Elkin-Khan"
    assert in_latin("ХОДЖЕНТ") == "KHODZHENT"
