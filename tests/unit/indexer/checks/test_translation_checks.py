"""What is wrong with a translation is doubted for the right reason, and what people write is not doubted."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.checks import translation_checks
from indexer.checks.translation_checks import GRAVITY, issues

GOOD = [
    ("Abu Bakr al-Baghdadi and Umar bin Laden", "Abu Bakr al-Baghdadi и Umar bin Laden"),
    ("J. van der Berg, Abu Umar al Shishani", "J. van der Berg, Abu Umar al Shishani"),
    ("ZHASULAN ABDIROV; JASULAN ABDYROV", "ZHASULAN ABDIROV; JASULAN ABDYROV"),
    (
        "You have a right to know of it, as you have a right to know of us.",
        "Вы имеете право знать об этом, как имеете право знать о нас.",
    ),
    ("The meeting was held on 12–14 October.", "Совещание состоялось 12–14 октября."),
    ("The rate fell to 3.5 per cent.", "Показатель снизился до 3,5 процента."),
    ("It cost $1,000,000.50.", "Это стоило 1 000 000,50 долл."),
    ("It cost 1.5 million dollars.", "Это стоило 1,5 млн долларов."),
    ("It cost 1.5 million dollars.", "Это стоило 1 500 000 долларов."),
    ("It is 5 m high and cost $5m.", "Высота 5 м, а стоимость — 5 млн долл."),
    ("Some 12,345 people came.", "Пришло около 12 345 человек."),
    ("Some 12,345 people came.", "Пришло около 12345 человек."),
    ("The 20th session opened.", "Открылась 20-я сессия."),
    ("It happened in the 20th century.", "Это случилось в XX веке."),
    ("Article IV of the Treaty", "Статья IV Договора"),
    ("Two of the 15 members abstained.", "Двое из 15 членов воздержались."),
    ("The Security Council has 5 permanent members.", "В Совете Безопасности пять постоянных членов."),
    ("The session opens at 3 p.m.", "Заседание открывается в 15:00."),
    ("The session opens at 10:30 a.m.", "Заседание открывается в 10.30."),
    ("In the 1990s trade grew.", "В 90-е годы торговля выросла."),
    ("Nobody knew how many had left.", "Никто не знал, сколько человек уехало."),
    ("See resolution S/RES/2178 (2014).", "См. резолюцию S/RES/2178 (2014)."),
    ("See A/RES/75/1.", "См. А/RES/75/1."),  # the first letter is Cyrillic
    ("TCE/2024/WS.2/REC/3", "TCE/2024/WS.2/REC/3"),
    ("Federal Law No. 12-FZ of 3 May 2010", "Федеральный закон № 12-ФЗ от 3 мая 2010 г."),
    ("RESTRICTED", "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ"),
    ("FOR OFFICIAL USE ONLY", "ДСП"),
    ("STRICTLY CONFIDENTIAL: draft", "СТРОГО КОНФИДЕНЦИАЛЬНО: проект"),
    ("UNCLASSIFIED", "UNCLASSIFIED"),
    ("The paper was marked “Secret”.", "Документ имел гриф «Секретно»."),
    ("The talks were secret.", "Переговоры были тайными."),
    ("Confidential", "Конфиденциально"),
    ("Install Debian GNU/Linux and OpenSSL 3.5 first.", "Сначала установите Debian GNU/Linux и OpenSSL 3.5."),
    ("Microsoft Windows Server", "Microsoft Windows Server"),
    ("Write to Anna at anna@example.org now.", "Напишите Анне: anna@example.org."),
    ("No, no, no, that will not do.", "Нет, нет, нет, так не пойдет."),
    ("Agenda", "Повестка дня"),
    ("", ""),
    ("12.5", "12,5"),
]

BAD = [
    ("The meeting opened.", "", "empty"),
    ("The meeting opened.", "  \n", "empty"),
    ("The meeting opened on time.", "The meeting opened on time.", "copied"),
    ("The judge asked Umar bin Laden", "The judge asked Umar bin Laden", "copied"),
    ("REPORT OF THE WORKING GROUP ON DETENTION", "REPORT OF THE WORKING GROUP ON DETENTION", "copied"),
    ("The meeting of the experts opened.", "the meeting of the experts opened", "copied"),
    ("The meeting opened.", "Die Sitzung wurde eröffnet.", "wrong_script"),
    ("The meeting.", "会议开幕了。Meeting.", "wrong_script"),
    ("The opening", "the opening", "wrong_script"),
    ("The meeting opened.", "Совещание Совещание Совещание Совещание", "repeated"),
    ("The meeting opened.", "Совещание открыыыыыыыыыыыыы", "repeated"),
    (
        "The Council adopted the resolution.",
        "Совет принял эту резолюцию, Совет принял эту резолюцию, Совет принял эту резолюцию.",
        "repeated",
    ),
    ("The meeting was held on 12–14 October.", "Совещание состоялось 12–15 октября.", "numbers"),
    ("The rate fell to 3.5 per cent.", "Показатель снизился до 35 процентов.", "numbers"),
    ("The rate fell to 3.5 per cent.", "Показатель снизился до 3,6 процента.", "numbers"),
    ("It cost 1.5 million dollars.", "Это стоило 1,5 млрд долларов.", "numbers"),
    ("It cost 1,000 dollars.", "Это стоило 100 долларов.", "numbers"),
    ("There were 7 of them.", "Их было много там.", "numbers"),
    ("There were many of them.", "Их там было 7.", "numbers"),
    ("See paragraphs 2, 2 and 3.", "См. пункты 2 и 3 ниже.", "numbers"),
    ("It happened in the 20th century.", "Это случилось в XXI веке.", "numbers"),
    ("See resolution S/RES/2178 (2014).", "См. резолюцию S/RES/2178 (2015).", "numbers"),
    ("See resolution S/RES/2178.", "См. резолюцию С/РЕЗ/2178.", "symbols"),
    ("See resolution S/RES/2178.", "См. резолюцию 2178 Совета.", "symbols"),
    ("See TCE/2024/WS.2/REC/3.", "См. TCE/2024/WS.2/RES/3.", "symbols"),
    ("Federal Law No. 12-FZ", "Федеральный закон № 12", "symbols"),
    ("RESTRICTED", "КОНФИДЕНЦИАЛЬНО", "markings"),
    ("TOP SECRET: the plan", "СЕКРЕТНО: план", "markings"),
    ("The paper was marked “Secret”.", "Документ был отмечен там.", "markings"),
    ("The plan is attached here.", "СЕКРЕТНО. План прилагается.", "markings"),
    (
        "States shall cooperate in border control, and exchange all information about it without delay.",
        "Государства сотрудничают.",
        "length",
    ),
    ("Agenda", "Повестка дня совещания экспертов по вопросам семей", "length"),
]


@pytest.mark.parametrize(("english", "russian"), GOOD)
def test_what_people_write_is_not_doubted(english, russian):
    assert issues(english, russian, "en", "ru") is None
    assert issues(russian, english, "ru", "en") is None


@pytest.mark.parametrize(("source", "translation", "reason"), BAD)
def test_what_is_wrong_is_doubted(source, translation, reason):
    assert issues(source, translation, "en", "ru") == reason


@pytest.mark.parametrize(
    ("source", "translation", "reason"),
    [
        ("Совещание открылось.", "", "empty"),
        ("Совещание открылось вовремя вчера.", "Совещание открылось вовремя вчера.", "copied"),
        ("Совещание открылось.", "The Совещание.", "wrong_script"),
        ("№ 12-ФЗ", "No. 12", "symbols"),
        ("Гриф «ДСП» снят.", "The marking is lifted.", "markings"),
        ("ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ", "CONFIDENTIAL: OFFICIAL", "markings"),
        ("Пришло 1,5 млн человек.", "Some 15 million people came.", "numbers"),
    ],
)
def test_the_other_direction_is_doubted_too(source, translation, reason):
    assert issues(source, translation, "ru", "en") == reason


def test_every_doubt_has_its_gravity_and_the_graver_come_first():
    codes = ["empty", "copied", "wrong_script", *translation_checks._COMPARED, "length"]
    assert list(GRAVITY) == codes == sorted(codes, key=lambda code: -GRAVITY[code])


def test_the_first_doubt_that_fits_is_given():
    assert issues("Pay 5 to S/RES/2178.", "Заплатите 6 за S/RES/2179.", "en", "ru") == "numbers"


@pytest.mark.parametrize(
    "text", ["1 234 " * 3_000, "a" * 30_000, "ab" * 9_000, "A/B" * 9_000, "1" * 30_000, "SECRET " * 3_000]
)
def test_odd_text_takes_no_long_time(text):
    reasons = {None, "copied", "wrong_script", "repeated", "numbers", "symbols", "markings", "length"}
    assert issues(text, text + "!", "en", "ru") in reasons  # a pattern that tries everything would not end


@pytest.fixture(scope="module")
def news(data: Path) -> list[tuple[str, str]]:
    """A thousand sentences and their human translations."""
    folder = data / "mt" / "ntrex"
    names = ("newstest2019-src.eng.txt", "newstest2019-ref.rus.txt")
    texts = [(folder / name).read_text(encoding="utf-8").splitlines()[:1_000] for name in names]
    return list(zip(*texts, strict=True))


@pytest.mark.parametrize("backwards", [False, True])
def test_few_human_translations_are_doubted(news, backwards):
    pairs = [(b, a) for a, b in news] if backwards else news
    counts = Counter(issues(a, b, *(("ru", "en") if backwards else ("en", "ru"))) for a, b in pairs)
    assert counts["numbers"] <= 40, counts  # miles as kilometres, Fahrenheit as Celsius, what is said less exactly
    assert counts.total() - counts[None] - counts["numbers"] <= 20, counts


def other_digit(text: str, draw: random.Random) -> str:
    digit = draw.choice(list(re.finditer("[0-9]", text)))
    return text[: digit.start()] + draw.choice(sorted(set("0123456789") - {digit[0]})) + text[digit.end() :]


def said_twice(text: str, draw: random.Random) -> str:
    words = text.split()
    at = draw.randrange(len(words) - 5)
    return " ".join([*words[: at + 5], *words[at : at + 5], *words[at + 5 :]])


def half(text: str, draw: random.Random) -> str:
    return " ".join(text.split()[: len(text.split()) // 2])


@pytest.mark.parametrize(
    ("spoil", "fits", "least"),
    [
        (other_digit, lambda text: bool(re.search("[0-9]", text)), 0.97),
        (said_twice, lambda text: len(text.split()) > 6, 0.99),
        (half, lambda text: len(text.split()) > 9, 0.85),
    ],
)
def test_spoiled_translations_are_doubted(
    news, spoil: Callable[[str, random.Random], str], fits: Callable[[str], bool], least: float
):
    draw = random.Random(1)
    whole = [(a, b) for a, b in news if fits(b) and issues(a, b, "en", "ru") is None]
    caught = sum(issues(a, spoil(b, draw), "en", "ru") is not None for a, b in whole)
    assert caught >= least * len(whole), (caught, len(whole))
