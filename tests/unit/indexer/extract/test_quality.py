"""What reads like text and what does not: no language, list, table or listing may pass for a broken page."""

import random

import pytest

from indexer.extract.choose import TRUSTED
from indexer.extract.pages import UNMAPPED
from indexer.extract.quality import gibberish, misread, quality, rubbish, strays, suspect, unread

SOUND = {
    "Russian": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом.",
    "English": "All human beings are born free and equal in dignity and rights. They are endowed with reason.",
    "Kazakh": "Барлық адамдар тумысынан азат және қадір-қасиеті мен құқықтары тең болып дүниеге келеді. "
    "Адамдарға ақыл-парасат, ар-ождан берілген, сондықтан олар бір-бірімен туыстық қарым-қатынас жасаулары тиіс.",
    "Kyrgyz": "Бардык адамдар өз беделинде жана укуктарында эркин жана тең укуктуу болуп жаралат. "
    "Алардын аң-сезими менен абийири бар жана бири-бирине бир туугандык мамиле кылууга тийиш.",
    "Tajik": "Тамоми одамон озод ва аз лиҳози шарафу ҳуқуқ ба ҳам баробар ба дунё меоянд. "
    "Онҳо соҳиби ақлу виҷдонанд ва бояд нисбат ба якдигар муносибати бародарона дошта бошанд.",
    "Uzbek": "Барча одамлар эркин, қадр-қиммат ва ҳуқуқларда тенг бўлиб туғиладилар. Улар ақл ва виждон "
    "соҳибидирлар ва бир-бирлари ила биродарларча муомала қилишлари зарур.",
    "Uzbek in Latin": "Barcha odamlar erkin, qadr-qimmat va huquqlarda teng boʻlib tugʻiladilar. Ular aql.",
    "Turkmen": "Hemme adamlar öz mertebesi we hukuklary boýunça deň ýagdaýda dünýä inýärler. Olara aň hem wyždan "
    "berlendir we olar bir-birleri bilen doganlyk ruhundaky garaýyşda bolmalydyrlar.",
    "German": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft begabt.",
    "French": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Où à là, créée.",
    "Greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "names": "Абдуллаев Бахтиёр Рустамович Шарипов Фирдавс Назарович Кенжебаева Айгуль Токтосунова Жылдыз "
    "Мухамедов Улугбек Хакимова Дилноза Турсунзода Сайёра Бердимухамедов Атамурат Ниязалиева Бермет",
    "names in Latin": "Abdullaev Bakhtiyor Sharipov Firdavs Kenzhebaeva Aigul Toktosunova Zhyldyz Mukhamedov Ulugbek",
    "numbers": "2019 1,204 3.5 % 12 771 № 14 2020 1,377 4.1 % 13 802 2021 998 2.2 %",
    "a listing": 'for (int i = 0; i < n; i++) { sum += a[i]; } printf("%d", sum); static void __init kfree(struct '
    "sk_buff *skb) grep -rn xyz /usr/src dpkg-buildpackage -us -uc sbuild qsort strncpy",
    "addresses": "a.petrov@mvd.example +996 312 555 http://www.example.org/xkcd/qwrtp?z=1",
    "bullets": "\uf0b7 первый \uf0b7 второй \uf0b7 третий",
    "a short page": "Приложение 2",
    "nothing": "",
}

BROKEN = {
    "CP1251 as Latin-1": SOUND["Russian"].encode("cp1251").decode("latin-1"),
    "KOI8-R as CP1251": SOUND["Russian"].encode("koi8-r").decode("cp1251"),
    "UTF-8 as Latin-1": SOUND["Russian"].encode().decode("latin-1"),
    "shifted": "Lj_[h\\Zgby h aZsbl_ bgnhjfZpbb kh^_j`Zs_cky \\ ]hkm^Zjkl\\_gguo bgnhjfZpbhgguo kbkl_fZo",
    "untold": "".join(chr(ord(UNMAPPED) + ord(c)) if c != " " else c for c in SOUND["English"]),
    "without mapping": " ".join(["\ufffd\ufffd\ufffd"] * 20),
    "bad recognition": "ТНЕ СВЕАТ ЕМСТ1$Н РОСОМЕМТ Е15т${ Нет мВ зоте еп 1$В {ехё Ге те зрееК ВеагЕ сарНа!| оЁ СгеаЕ",
    "control characters": " ".join(f"wo\x01r{c}d" for c in "abcdefgh"),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_text_is_not_suspected(name):
    mark = quality([SOUND[name]])
    assert not suspect([SOUND[name]], mark), mark


@pytest.mark.parametrize("name", BROKEN)
def test_broken_text_is_suspected(name):
    mark = quality([BROKEN[name]])
    assert suspect([BROKEN[name]], mark), mark


def test_a_few_broken_words_on_a_sound_page_are_noticed():
    lines = [SOUND["English"]] * 20 + ["Ïðåäèñëîâèå ðåäàêòîðà"]
    assert quality(lines) > 0.9
    assert suspect(lines, quality(lines))


def test_tajik_typed_on_a_russian_keyboard_is_doubted_but_stays_above_what_is_trusted():
    text = SOUND["Tajik"].translate(str.maketrans("ҳқҷӣӯғ", "хкчиуг"))
    assert TRUSTED < quality([text]) < 1


def test_one_odd_word_proves_nothing():
    assert quality(["Xzqj"]) >= TRUSTED
    assert quality(["Xzqj wvkq"]) < quality(["Xzqj"])


def test_looks_at_all_parts_of_a_long_page():
    sound, broken = quality([SOUND["English"]] * 80), quality([BROKEN["shifted"]] * 80)
    assert broken + 0.2 < quality([SOUND["English"]] * 40 + [BROKEN["shifted"]] * 40) < sound - 0.2


RUBBISH = [
    "|{or~wmqzqro{p{~{ormzu",
    "~ruzp t} tur~s~ ~rup}x",
    "ɩɪɨɬɨɤɨɥ ɫɨɜɟɳɚɧɢɹ",
    "⌄䜄〄䄄䈄㴄㠄㨄㠄 䄄㸄㈄㔄",
    "\ufffd\ufffd\ufffd и \ufffd\ufffd",
]
RUBBISH += ["\uf0d3\uf0f7\uf0e0\uf0f1 \uf0ee\uf0e2", "¤¦¬ ¡«©©¬¬ ©¨¢¢~ «¦"]
NO_RUBBISH = [
    "dpkg -l",
    "\\begin{tabular}{|lr|}",
    "x = {a|b};",
    "• qnx4",
    "\uf0b7",
    "1.2.3 — § 5",
    "Ω = 5",
    "→ см. с. 7",
    "НИИ «Восход»",
]
NO_RUBBISH += [
    "Universität",
    "а.б@в.example",
    "№ 12/3-ФЗ",
    "* * *",
    "----------",
    "© 2014 ®™",
    "5 °C ± 2 ¢",
    "北京"[:1],
]


@pytest.mark.parametrize("text", RUBBISH)
def test_a_line_that_is_none_is_seen(text):
    assert rubbish(text)


@pytest.mark.parametrize("text", [*NO_RUBBISH, *SOUND.values()])
def test_no_sound_line_is_called_rubbish(text):
    assert not rubbish(text)


def noisy(text, share, alphabet):
    chance = random.Random(5)
    return "".join(chance.choice(alphabet) if c.isalpha() and chance.random() < share else c for c in text)


def test_misread_pages_are_seen():
    assert misread(
        ["YuacTHUuku coBelaHud O6cyquIM MepbI 10 MpoTuBODeCcTBUIO (buHaHCupoBaHuIO Teppopu3Ma UH FOTOBOpuIMCch"]
    )
    english = (
        "Participants discussed measures against the financing of terrorism, which will be taken with that report. " * 3
    )
    assert misread([noisy(english, 0.35, "iltfrcnuhbo")])
    assert not misread([english])
    assert not any(misread([text]) for text in SOUND.values())


def test_a_table_that_names_letters_of_another_alphabet_is_seen():
    greek = "".join(chr(0x3B1 + ord(c) % 24) if c.isalpha() else c for c in RUSSIAN)
    assert quality([greek]) < 0.7
    assert strays(["имуβество", "возвраβение похиβенных", "Ofшcers", "LaTeXа"]) == 4
    assert not any(strays([text]) for text in SOUND.values())


@pytest.mark.parametrize("word", ["oжr", "Oжr", "вid", "(вid", "словαм", "αслово", "словաм", "աслово"])
def test_a_letter_of_another_alphabet_is_seen_wherever_it_stands(word):
    assert strays(["Об этом слове", f"говорит {word}, и не более"]) == 1
    assert strays([word, word]) == 2


@pytest.mark.parametrize("word", ["жr", "xжY", "словid", "Вid", "1вid", "αСлово", "α-слово"])
def test_a_letter_of_another_alphabet_at_an_edge_is_none_inside(word):
    assert strays(["Об этом слове", word]) == 0


RUSSIAN = (
    "Представители прокуратуры рассказали о расследовании хищений и о том, как изъятое имущество передаётся школам. "
    "Министерство юстиции предложило упростить обмен запросами между ведомствами, чтобы они не ждали ответа месяцами. "
    "Были рассмотрены новые дела, выводы которых эксперты опубликуют весной, и вопросы о том, кому выданы деньги."
)


@pytest.mark.parametrize(
    "text",
    [
        noisy(RUSSIAN, 0.25, "абвгдеиклмнопрсту"),
        RUSSIAN.replace("т", " "),
        "тне ѕетіпаг оп тне гесочегу ог ѕтоіеп аѕѕетѕ орепес іп тне тогпіпд. оггісегѕ ггот тне ргоѕеситіоп ѕегчісе "
        "сеѕсгіьес гіче іпчеѕтідатіопѕ апс тне сіггісиіту ог гіпсіпд еггісіепт шауѕ то гііе а гечиеѕт аьгоас.",
    ],
)
def test_cyrillic_that_is_no_language_is_misread(text):
    assert misread([text])
    assert not misread([RUSSIAN])


def test_signs_and_letters_apart_are_no_words():
    assert quality(["∹≍≔≐≕≈≘ ≗≖≊≖≏ ≊≘≈≡≍≕≐≦ ≗≖≝≐≡≍≕≕≣≝"] * 4) < 0.5
    assert quality([" ".join(RUSSIAN.replace(" ", ""))]) < 0.5
    assert quality(["12.5 % ........ 14 – 15 (3) 1 250 $ 70"] * 9) > 0.9


def test_words_of_one_font_may_be_none_in_any_language():
    assert gibberish(["Xqzvrt", "kjwpfg", "qxd"])
    assert not gibberish(["Kyrgyzstan", "Respublikasi", "SQLI", "XSSJ"])
    assert not gibberish(["zxqv"])


@pytest.mark.parametrize(
    "words",
    [
        "buojpwsa pjgenaia",
        "BUOJPWSA PJGENAIA",
        "ЬХБЦКСЩУ КЦЗЛОУГУ",
        "vkAb2=?+ 2bU)`+'+=",
        "x7kq2w 9tz4vb",
        "πγλκχω σδζτ",
    ],
)
def test_letters_in_no_order_are_none_in_any_language(words):
    assert gibberish(words.split())


@pytest.mark.parametrize(
    "words",
    [
        "O‘zbekiston Respublikasi Adliya vazirligi",
        "Zhumabekov Nurlan, Abdykadyrov Tokhtakhun",
        "Gazprom Neft, Hewlett-Packard LaserJet, JPMorgan",
        "Le ministère de la justice a proposé des échanges",
        "Ministerstwo Sprawiedliwości zaproponowało uproszczenie",
        "Министрлік жаңа заң жобасын әзірлеп",
        "Міністерство підготувало звіт",
        "Кылмыш жаза кодексинин долбоору",
        "http://www.example.org/xkqz pkgs/xzvw_tqr.cfg /dev/sdb1",
        "Το πρόγραμμα του υπουργείου",
        "UNRCCA CARICC OSCE PC.DEL/417",
    ],
)
def test_names_and_words_of_other_languages_are_not_taken_for_letters_in_no_order(words):
    assert not gibberish(words.split())


def test_scripts_that_are_not_read_are_never_good():
    chinese = "所有人生而自由 在尊严和权利上一律平等 他们赋有理性和良心"
    assert quality([chinese]) < 0.5
    assert unread(chinese) == 3
    assert unread(SOUND["Greek"] + SOUND["Tajik"] + SOUND["Turkmen"]) == 0
    assert unread("Left Alt-F2¹⁰ or ½ of x₁₂, step ⑩") == 0
