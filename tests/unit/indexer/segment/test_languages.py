"""What is neither English nor Russian is called by its name, and what is, is left alone."""

from pathlib import Path

import pytest

from indexer.segment.languages import Detected, named, settled
from indexer.segment.segments import language_of
from indexer.text import UNNAMED, WRITTEN

OTHERS = {
    "kk": "Қазақстан Республикасының Үкіметі терроризмге қарсы күрес туралы шешім қабылдап, мәселелерін талқылады.",
    "ky": "Кыргыз Республикасынын Өкмөтү үй-бүлөлөрдү кайтаруу жөнүндө чечим кабыл алды жана аны бүгүн жарыялады.",
    "tg": "Ҳукумати Ҷумҳурии Тоҷикистон дар бораи мубориза бар зидди терроризм қарор қабул намуд ва онро нашр кард.",
    "uz": "Ўзбекистон Республикаси ҳукумати терроризмга қарши кураш тўғрисида қарор қабул қилди ва уни эълон қилди.",
    "uk": "Уряд підготував доповідь про інформацію, яку надали делегації різних країн під час цієї зустрічі.",
    "fr": "Le Conseil de sécurité a adopté la résolution sur les combattants terroristes dans le cadre de la session.",
    "es": "El Consejo de Seguridad aprobó la resolución que los Estados presentaron para el examen de las medidas.",
    "de": "Der Rat hat die Entschließung über die Maßnahmen mit den Stimmen der Mitglieder angenommen.",
}
NEITHER = [
    "Делегация Қазақстан приняла участие в совещании вместе с другими делегациями государств региона.",
    "Астана қаласы",
    "The Conseil de sécurité adopted the text of the resolution on foreign terrorist fighters in 2014.",
    "Abdullah ibn al-Hasan de la Cruz",
    "Wi-Fi 2178",
    "How do I know which version I am running? Do I have a problem?",
    "",
]


@pytest.mark.parametrize("code", OTHERS)
def test_other_languages_are_named(code):
    assert named(OTHERS[code]) == (code if code in WRITTEN else UNNAMED)


def test_latin_uzbek_is_named():
    assert (
        named("Hukumat terrorizmga qarshi kurash bo‘yicha qaror qabul qildi va bu haqida aholi bilan suhbat o‘tkazdi.")
        == "uz"
    )


@pytest.mark.parametrize("text", NEITHER)
def test_a_few_foreign_words_are_not_enough(text):
    assert named(text) == ""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_sentence_of_the_gold_is_taken_for_another(language):
    path = Path(__file__).with_name(f"sentences.{language}.txt")
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert [line for line in lines if named(line)] == []


def languages(*sentences: str, said: str = "") -> str:
    """The languages of the sentences of a document."""
    return " ".join(settled([Detected(each, named(each), language_of(each)) for each in sentences], said))


def test_sentences_follow_what_somebody_says_of_the_document_but_for_what_is_ours_by_its_words():
    russian, english = "Министр сказал, что это важно.", "The minister said that it was so."
    assert (
        languages("Кіріспе", OTHERS["ky"], "Жалпы ережелер", "12", russian, english, said="kk") == "kk kk kk kk ru en"
    )
    assert languages(OTHERS["kk"], "Жалпы ережелер", "Annex", said="ru") == "ru ru en"
    assert languages(OTHERS["kk"], OTHERS["fr"], said="en") == "kk en"
    assert languages("Introduction générale", russian, "12", said="other") == "other ru ru"
    assert languages("12", said="tg") == "tg"


def test_what_cannot_be_told_goes_with_the_rest_of_its_document_unless_its_words_are_ours():
    russian = "Министр сказал, что это важно."
    assert languages("Кіріспе", OTHERS["kk"], "Жалпы ережелер", "12", russian, "UNODC") == "kk kk kk kk ru en"
    assert languages(russian, "Жалпы ережелер", "The end") == "ru ru en"
    assert languages("Introduction générale", OTHERS["fr"], "The end of it", "Москва") == "other other en ru"
    assert languages("12", "13") == "en en" and settled([]) == []
