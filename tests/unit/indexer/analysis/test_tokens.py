"""Tokens are the same for indexing, asking and highlighting, whatever the text."""

import json
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis.compounds import MOST_WORDS
from indexer.analysis.tokens import MOST_OTHERS, VERSION, _analysed, exact_forms, stopword, tokens

NASTY = [
    "",
    " \t\n\u00a0\u2003\u2028\ufeff",
    "\x00a\x00b\x1f\x7f\x85",
    "\ud800слово\udfffword",
    "İSTANBUL ﬁnance Straße ẞ ŉ ǰ ΐ",
    "ﷺ ½ 6½ ⑴ ¹² ٣٤ ५६ Ⅻ 𝟙𝟚 ℌello",
    "\u0301\u0301 a\u0301\u0301 \u200d \u00ad\u00ad тер\u00adроризм\u00ad",
    "e\u0301\u00ad'x it's's 's d's l'x l'd'x ·l'x rock'n'roll",
    "\u1160\u3164 ﾞ ｶﾞ हिन्दी ไทย العَرَبِيَّة 中文字",
    "a" * 1000 + " " + "ё" * 1000 + " " + "'a" * 300 + "\u0301" * 300,
    "HАТО нaтo cтатья Вeсь pасa TОКЕN",
    "=слово =word a=b",
    "'a'b' ‘Oʻzbek’ ʻAli` ``",
    "\U000e0041\U000e0001x\ufe0f1\ufe0f\u20e3",
]


def check(text: str) -> None:
    """What holds for the tokens of any text."""
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end
        for word in (token.exact, token.stem):
            assert 0 < len(word) <= 64
            assert all(unicodedata.category(c)[0] in "LNM" for c in word), (text, word)
        assert unicodedata.category(token.exact[0])[0] in "LN"
        assert len(token.others) <= MOST_OTHERS and token.stem not in token.others
        for key in token.others:
            assert 0 < len(key) <= 64 + MOST_WORDS and key[0] != "="
            assert not any(sign in key for sign in ' |"') and not any(unicodedata.category(c)[0] in "CZ" for c in key)
        (alone,) = tokens(text[token.start : token.end])
        assert (alone.exact, alone.stem) == (token.exact, token.stem)
        assert (alone.start, alone.end) == (0, token.end - token.start)
        assert [(t.exact, t.stem) for t in tokens(token.exact)] == [(token.exact, token.stem)]


def exact(text: str) -> list[str]:
    return [token.exact for token in tokens(text)]


def same_stem(one: str, other: str) -> bool:
    return [token.stem for token in tokens(one)] == [token.stem for token in tokens(other)]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts(text: str):
    check(text)


@settings(deadline=None)  # the first word loads a dictionary
@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text(text: str):
    check(text)


@settings(deadline=None)
@given(st.text(alphabet="1230 .-,–/()№+А7AXIзъЁ марта2025\u00a0\u2011", max_size=40))
def test_texts_of_numbers(text: str):
    check(text)


@settings(deadline=None)
@given(
    st.text(
        alphabet="aеЕEсc'’ʼ`dlsDЛ1٣\u0301\u0308\u00ad\u200b\u200d\ufe0f -_=ёйўқİßﬁ½ﷺя\u0345ͺ\u20e3·\u3099ゞ",
        max_size=12,
    )
)
def test_texts_of_awkward_letters(text: str):
    check(text)


def test_naughty_strings(data: Path):
    for text in json.loads((data / "authz" / "blns.json").read_text(encoding="utf-8")):
        check(text)


def test_symbols_hyphens_and_times_give_tokens_in_a_row():
    assert exact("S/RES/2178 (2014)") == ["s", "res", "2178", "2014"]
    assert exact("counter-terrorism at 12:30") == ["counter", "terrorism", "at", "12", "30"]
    assert exact("snake_case 1,000.5") == ["snake", "case", "1", "000", "5"]


def test_apostrophes():
    assert exact("the agency's, agencies' and AGENCY’S") == ["the", "agency", "agencies", "and", "agency"]
    assert exact("O'Brien Qur'an Al-Qa‘ida") == ["obrien", "quran", "al", "qaida"]
    assert exact("Côte d’Ivoire, Кот-д'Ивуар") == ["cote", "d", "ivoire", "кот", "д", "ивуар"]
    assert exact("Oʻzbekiston O'zbekiston O`zbekiston") == ["ozbekiston"] * 3
    assert [(t.start, t.end) for t in tokens("an agency's")] == [(0, 2), (3, 9)]


def test_offsets_stay_those_of_the_text_given():
    text = "İ ﬁnance, ребе\u0308нок и тер\u00adроризм"
    assert [text[t.start : t.end] for t in tokens(text)] == [
        "İ",
        "ﬁnance",
        "ребе\u0308нок",
        "и",
        "тер\u00adроризм",
    ]
    assert exact(text) == ["i", "finance", "ребенок", "и", "терроризм"]


def test_one_spelling_for_accents_stress_digits_and_widths():
    assert exact("Özbekistan Naïve Łódź") == ["ozbekistan", "naive", "lodz"]
    assert exact("о\u0301рган ЁЛКА и\u0306од ﺣ") == ["орган", "елка", "йод", "ح"]
    assert exact("２０２４ ٢٠٢٤ x²") == ["2024", "2024", "x2"]


def test_letters_that_pose_as_another_script():
    assert exact("cтатья HАТО ребëнок") == ["статья", "нато", "ребенок"]
    assert exact("tоkеn") == ["token"]  # Cyrillic о and е
    assert exact("веб2 SQLнет") == ["веб2", "sqlнет"], "a letter without a double: left as it is"
    assert exact("cтатья") == exact("CТАТЬЯ")


def test_central_asian_letters_are_found_from_a_russian_keyboard_but_stay_apart_when_exact():
    for native, typed in [("Тоҷикистон", "Точикистон"), ("Ўзбекистон", "Узбекистон"), ("Қарағанды", "Караганды")]:
        assert same_stem(native, typed)
        assert exact(native) != exact(typed)
    assert same_stem("Мәжіліс", "Мажилис")


def test_forms_that_need_more_than_an_ending():
    for base, form in [("человек", "людей"), ("ребёнок", "детьми"), ("идти", "шла"), ("статья", "статей")]:
        assert same_stem(base, form)
    for base, form in [("flee", "fled"), ("criterion", "criteria"), ("woman", "women"), ("seek", "sought")]:
        assert same_stem(base, form)
    assert same_stem("организации", "организациями") and same_stem("organisation", "organizations")


def test_words_that_common_stemmers_take_for_one():
    for one, other in [("organ", "organization"), ("author", "authority"), ("custom", "customs"), ("arm", "arms")]:
        assert not same_stem(one, other)
    for one, other in [("правило", "право"), ("место", "месть"), ("Исмаилов", "Исмаил"), ("казнь", "казна")]:
        assert not same_stem(one, other)


def test_stopwords_of_both_languages():
    assert [t.exact for t in tokens("The report of the council; Ещё о решениях") if not stopword(t)] == [
        "report",
        "council",
        "решениях",
    ]


def test_no_stem_looks_like_an_exact_form():
    assert not any(t.stem.startswith("=") for text in NASTY for t in tokens(text))


def test_threads_get_the_same_tokens():
    text = "Организации репатриировали детей из Сирии; agencies prosecuted the traffickers. " * 20
    words = [text + f" слово{i} word{i} Жанибекову{i}" for i in range(64)]
    expected = [tokens(text) for text in words]
    _analysed.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(tokens, words)) == expected


def test_nothing_is_loaded_before_the_first_russian_word():
    program = (
        "import sys; from indexer.analysis.tokens import tokens; tokens('two words');"
        "assert 'pymorphy3' not in sys.modules; tokens('слово'); assert 'pymorphy3' in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


def test_version_is_told():
    assert VERSION == 6


def test_a_word_with_its_stress_marked_is_the_word():
    assert exact_forms("за\u0301мок") == exact_forms("замок") == ["замок"]
    assert [token.stem for token in tokens("за\u0301мок")] == [token.stem for token in tokens("замок")]
