"""Words of a text are looked up as written, then by stem, in both directions, the longest term first."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from indexer.analysis.tokens import tokens
from indexer.lexicon import lookup
from indexer.lexicon.entries import parse
from indexer.lexicon.lookup import Lexicon, shipped

LINES = """
counter-terrorism	n	борьба с терроризмом;антитеррористический	security
child	n	ребёнок
cross-border	adj	трансграничный	border
find	v	находить|найти;обнаруживать|обнаружить
found	v	основывать|основать
former	adj	бывший;прежний
good	adj	хороший
foreign terrorist fighter	n	иностранный боевик-террорист	security
foreign	adj	иностранный;внешний
large	adj	большой;крупный
law	n	право;закон;правовой	law
on drug cases	phr	о деле о наркотике	law
people	n	люди;народ
return	n	возвращение,возврат;отчёт
return	v	возвращаться|вернуться;возвращать|вернуть
security	n	безопасность;ценная бумага	security
statute	n	закон;устав	law
train	n	поезд
train	v	обучать|обучить;подготовка
training	n	обучение,подготовка;учебный
"""


@pytest.fixture(scope="module")
def lexicon():
    return Lexicon(parse(line + "\t" * (4 - line.count("\t"))) for line in LINES.split("\n") if line)


def weights(lexicon, text, language):
    return {t.text: round(t.weight, 2) for t in lexicon.translations(tokens(text), language)}


def test_a_translation_weighs_by_the_rank_of_its_sense(lexicon):
    assert weights(lexicon, "law", "en") == {"право": 1, "закон": 0.5, "правовой": 0.33}
    assert weights(lexicon, "закон", "ru") == {"statute": 1, "law": 0.5}


def test_parts_of_speech_and_partners_come_together(lexicon):
    assert weights(lexicon, "returns", "en") == {
        "возвращение": 1,
        "возврат": 1,
        "возвращаться": 1,
        "вернуться": 1,
        "отчёт": 0.5,
        "возвращать": 0.5,
        "вернуть": 0.5,
    }
    assert list(weights(lexicon, "вернулись", "ru")) == list(weights(lexicon, "возвращение", "ru")) == ["return"]


def test_the_weightiest_comes_first_and_each_once(lexicon):
    found = lexicon.translations(tokens("return"), "en")
    assert [t.weight for t in found] == sorted((t.weight for t in found), reverse=True)
    assert len({t.text for t in found}) == len(found)
    assert found[0].entry.lemma == "return"


def test_a_word_as_written_comes_before_its_stem(lexicon):
    assert "поезд" not in weights(lexicon, "training", "en")
    assert weights(lexicon, "trains", "en").keys() == {
        "поезд",
        "обучать",
        "обучить",
        "обучение",
        "подготовка",
        "учебный",
    }


def test_the_ending_of_a_verb_means_the_verb(lexicon):
    assert list(weights(lexicon, "trained", "en")) == ["обучать", "обучить", "подготовка"]
    assert list(weights(lexicon, "trainings", "en")) == ["обучение", "подготовка", "учебный"]


def test_a_headword_that_is_an_irregular_form_means_both(lexicon):
    assert weights(lexicon, "found", "en") == {
        "основывать": 1,
        "основать": 1,
        "находить": 1,
        "найти": 1,
        "обнаруживать": 0.5,
        "обнаружить": 0.5,
    }
    assert weights(lexicon, "дети", "ru") == {"child": 1}
    assert weights(lexicon, "людьми", "ru") == {"people": 1}


def test_comparatives_and_participles_are_found(lexicon):
    assert list(weights(lexicon, "larger", "en")) == list(weights(lexicon, "largest", "en")) == ["большой", "крупный"]
    assert weights(lexicon, "бывших", "ru") == {"former": 1}


def test_terms_of_several_words(lexicon):
    assert list(weights(lexicon, "foreign terrorist fighters", "en")) == ["иностранный боевик-террорист"]
    assert weights(lexicon, "иностранных боевиков-террористов", "ru") == {"foreign terrorist fighter": 1}
    assert weights(lexicon, "ценных бумаг", "ru") == {"security": 0.5}
    assert weights(lexicon, "о делах о наркотиках", "ru") == {"on drug cases": 1}


def test_the_longest_term_comes_first(lexicon):
    words = tokens("The foreign terrorist fighters of foreign states")
    assert [m.length for m in lexicon.starting_at(words, 1, "en")] == [3, 1]
    assert [m.length for m in lexicon.starting_at(words, 5, "en")] == [1]
    assert lexicon.starting_at(words, 6, "en") == ()


@pytest.mark.parametrize("text", ["counter-terrorism", "counterterrorism", "Counter Terrorism"])
def test_hyphens_do_not_matter(lexicon, text):
    assert "борьба с терроризмом" in weights(lexicon, text, "en")


def test_yo_and_case_do_not_matter(lexicon):
    assert weights(lexicon, "ОТЧЕТ", "ru") == weights(lexicon, "отчёта", "ru") == {"return": 0.5}


def test_what_is_unknown_has_no_translation(lexicon):
    assert lexicon.translations(tokens("xylophone"), "en") == ()
    assert lexicon.translations(tokens("балалайка"), "ru") == ()
    assert lexicon.translations([], "en") == lexicon.translations([], "ru") == ()
    assert Lexicon([]).starting_at(tokens("law"), 0, "en") == ()


def test_what_it_keeps_of_lookups_is_bounded_by_its_own_words(lexicon):
    before = lexicon._stems_of_bucket.keys() | lexicon._buckets.keys()
    for letter in "абвгдеж":
        lexicon.translations(tokens(f"щъ{letter}ы"), "ru")
    assert lexicon._stems_of_bucket.keys() <= before


def test_the_shipped_lexicon_is_read_once():
    assert shipped() is shipped()


def test_importing_reads_nothing():
    loaded = "import sys, indexer.lexicon.lookup as l; print(l._read.cache_info().misses, 'pymorphy3' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "0 False\n"
    )


def test_the_lexicon_is_read_once_by_however_many_at_once(monkeypatch):
    made, both = [], threading.Barrier(2, timeout=10)

    def reading(entries):
        made.append(1)
        time.sleep(0.05)  # long enough for the other to come
        return Lexicon(())

    monkeypatch.setattr(lookup, "Lexicon", reading)
    monkeypatch.setattr(lookup, "_read", cache(lookup._read.__wrapped__))

    def call(_):
        both.wait()
        return lookup.shipped()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(call, range(2))
    assert one is other and made == [1]


def test_headwords_are_those_of_the_lexicon_that_ships():
    assert list(lookup.headwords()) == [entry.lemma for entry in shipped().entries]
