"""A query finds what it means however that is written: hyphens, digits in groups, letters that look alike."""

from __future__ import annotations

import pytest

from indexer.engine.contract import positive_leaves
from indexer.search.highlight import Marker
from indexer.search.parse import parse


def marked(query: str, text: str) -> list[str]:
    """What a query lights in a text: all that an engine finds it by."""
    return [text[start:end] for start, end in Marker(positive_leaves(parse(query).query)).spans([text])]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("контртеррористический", "контр-террористического центра", ["контр-террористического"]),
        ("контр-террористический", "контртеррористического центра", ["контртеррористического"]),
        ("cooperation", "technical co-operation", ["co-operation"]),
        ("e-mail", "an email", ["email"]),
        ("email", "two e-mails", ["e-mails"]),
        ("videoconference", "by video\u2011conference", ["video\u2011conference"]),
        (
            '"global counterterrorism strategy"',
            "the Global Counter-Terrorism Strategy",
            ["Global Counter-Terrorism Strategy"],
        ),
        ('"counterterrorism strategy"', "the counter-terrorism strategy", ["counter-terrorism strategy"]),
        ('"anti money laundering"', "anti-money-laundering", ["anti-money-laundering"]),
        ('"counter-terrorism strategy"', "a counterterrorism strategy", ["counterterrorism strategy"]),
        ("UNODC", "the U.N.O.D.C. report", ["U.N.O.D.C."]),
        ("О.Б.С.Е.", "в ОБСЕ", ["ОБСЕ"]),
        ('"доклад ОБСЕ"', "доклад О.Б.С.Е. готов", ["доклад О.Б.С.Е."]),
        ("IED", "IEDs and VBIEDs; phase I", ["IEDs"]),
        ("IEDs", "an IED; phase I, annex I", ["IED"]),
        ("FTFs", "each FTF", ["FTF"]),
        ("FTF", "FTFs", ["FTFs"]),
        ("NGOs", "an NGO", ["NGO"]),
        ("НПО", "НПО, НП", ["НПО"]),
        ("ngos", "an NGO; Ngorongoro", ["NGO"]),
        ("ngo", "NGOs, N.G.O.s", ["NGOs", "N.G.O.s"]),
        ("ftfs", "each FTF", ["FTF"]),
        ("о.б.с.е.", "в ОБСЕ", ["ОБСЕ"]),
        ("UN", "the U.N. and the UN", ["U.N", "UN"]),
        ("U.N.", "the UN Charter", ["UN"]),
        ('"the UN and OSCE"', "the U.N. and OSCE", ["the U.N. and OSCE"]),
        ("counter terrorism", "the counterterrorism unit", ["counterterrorism"]),
        ("кибер атака", "кибератаки", ["кибератаки"]),
        ("policy maker", "policymakers", ["policymakers"]),
        ("anti-money-laundering", "antimoney laundering", ["antimoney laundering"]),
        ("nonrefoulement", "non\u2013refoulement", ["non\u2013refoulement"]),
        ("Бакытуулу", "Нурлан Бакыт уулу", ["Бакыт уулу"]),
        ("Осмон кызы", "Айгуль Осмонкызы", ["Осмонкызы"]),
        ("живой", "живые люди", ["живые"]),
        ("live", "he lives here", ["lives"]),
        ("wound", "three were wounded", ["wounded"]),
        ("forum", "in other fora", ["fora"]),
        ('"encryption1 and mules23"', "on encryption 1 and mules 23 .", ["encryption 1 and mules 23"]),
        ("терро\u200bризм", "терроризм", ["терроризм"]),
        ("2025", "в 2025г. и 2025¹", ["2025г", "2025¹"]),
        ("21", "the XXIst century", ["XXIst"]),
        ("A123BC777", "автомобиль А123ВС777", ["А123ВС777"]),
        ("KZ86125KZT5004100100", "KZ86-125K-ZT50-0410-0100", ["KZ86-125K-ZT50-0410-0100"]),
        ("4506789123", "паспорт 45 06 № 789123", ["45 06 № 789123"]),
        ('"12.05.2023"', "«12» мая 2023 г.", ["12» мая 2023"]),
        ('"12.05.2023"', "12.05.2023г.; 12 мая 2023г.", ["12.05.2023г", "12 мая 2023г"]),
        ('"12.05.2023"', "12-May-2023, 12.05.23, 12-05-2023", ["12-May-2023", "12.05.23", "12-05-2023"]),
        ('"12.05.2023"', "11, 12 and 14 May 2023", ["11, 12 and 14 May 2023"]),
        ('"30.01.2025"', "с 30 января по 2 февраля 2025 года", ["30 января по 2 февраля 2025"]),
        ('"31.12.2024"', "31 December 2024 to 5 January 2025", ["31 December 2024 to 5 January 2025"]),
        ('"2 February 2025"', "January 30 – February 2, 2025", ["January 30 – February 2, 2025"]),
        ("S/RES/1989", "resolutions 1267 (1999) and 1989 (2011)", ["1989"]),
        ("S/RES/1267", "резолюция Совета Безопасности 1267", ["резолюция Совета Безопасности 1267"]),
        ("МИД", "представитель МИДа", ["МИДа"]),
        ("А/75/729", "in A/75/729", ["A/75/729"]),
        ("A/75/729", "в А/75/729", ["А/75/729"]),
        ("A/75/729*", "A/75/729/Rev.1; A/75/728", ["A/75/729"]),
        ("XXI", "в ХХI веке", ["ХХI"]),
        ("21", "XXI век, the 21st century", ["XXI", "21st"]),
        ("Тоджикистон", "Ҷумҳурии Тоҷикистон", ["Тоҷикистон"]),
        ("Точикистон", "Ҷумҳурии Тоҷикистон", ["Тоҷикистон"]),
        ("Кыргыз", "Қырғыз", ["Қырғыз"]),
        ("+77771234567", "тел. 8 (777) 123-45-67.", ["8 (777) 123-45-67"]),
        ('"8 777 123 45 67"', "тел. +7 (777) 1234567", ["7 (777) 1234567"]),
        ("1000000", "USD 1,000,000 and 1 000 000", ["1,000,000", "1 000 000"]),
        ('"1 000 000"', "1000000 долларов", ["1000000"]),
        ("4400430123456789", "card 4400 4301 2345 6789.", ["4400 4301 2345 6789"]),
        ("KZ86125KZT5004100100", "KZ86 125K ZT50 0410 0100", ["KZ86 125K ZT50 0410 0100"]),
        ("AN1234567", "passport AN 1234567", ["AN 1234567"]),
        ('"11.03.2025"', "11–12 марта 2025 г.", ["11–12 марта 2025"]),
        ('"12 марта 2025"', "March 11–12, 2025", ["March 11–12, 2025"]),
        ('"March 11, 2025"', "2025-03-11", ["2025-03-11"]),
        ('"11 марта 2025"', "11 марта 2024", []),
        ("S/RES/2178", "резолюцией 2178 (2014)", ["резолюцией 2178"]),
        ('"резолюция 2178"', "S/RES/2178 (2014)", ["S/RES/2178"]),
        ('"resolution 72/284"', "A/RES/72/284", ["A/RES/72/284"]),
        ("шифрование", "о шифровании1 и", ["шифровании1"]),
    ],
)
def test_what_is_written_otherwise_is_found(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


def test_a_verb_finds_its_partner_and_its_noun_unless_it_is_quoted() -> None:
    text = "задержали, задерживать, при задержании"
    assert marked("задержать", text) == ["задержали", "задерживать", "задержании"]
    assert marked('"задержать"', text) == ["задержали"]
    assert marked("-задержать", text) == []


def test_a_number_in_groups_is_its_parts_as_well() -> None:
    assert marked("11 марта 2025", "в марте 2024, 11 раз") == ["марте", "11"]
    assert marked("8 (777) 123-45-67", "+77771234567") == ["77771234567"]
    assert marked("(777) 123-45-67", "7771234567") == ["7771234567"]
    assert marked("(1 000 000 OR x) AND (2019 2020)", "1000000 2020") == ["1000000", "2020"]
    assert marked("резолюция 2178 (2014)", "2014, 2178") == ["2014", "2178"]


@pytest.mark.parametrize("text", ["31.02.2025", "2019-2020", "1.2.3", "99 мая 2025", "205 206", "- - 1", "XIX-XX"])
def test_what_only_looks_like_a_number_stays_what_it_is(text: str) -> None:
    assert marked(f'"{text}"', f"см. {text}!")
    assert parse(text).parts
