"""Texts of every kind of reading are found alike on both engines; the widest query that may be asked is answered."""

from __future__ import annotations

from collections.abc import Iterator

import oracle
import pytest
from test_engine import ENGINES
from worlds import RULES

from auth.policy import Action, Scope
from indexer.analysis.tokens import tokens
from indexer.engine.contract import Engine, PassageTokens, Record, Request, positive_leaves, runs_of
from indexer.search.parse import MOST_PARTS, parse
from indexer.search.query.bridge import Crossing

EVERYTHING = Scope(Action.SEARCH, frozenset(RULES))
TEXTS = [
    "Токаев и Сергеев прибыли; стали известны три вида стали.",
    "О Токаеве доложили. Контр-террористический комитет, U.N.O.D.C. и О.Б.С.Е.",
    "The counterterrorism committee sent an e-mail on co-operation to an NGO.",
    "IEDs, FTFs and NGOs; 1 000 000 USD on 11–12 March 2025, S/RES/2178 (2014).",
    "Резолюция 2178, XXI век, А/75/729, 8 (777) 123-45-67, шифровании1, Тоҷикистон.",
    "The U.N. heard of a wounded man; he lives. Бакыт уулу, «12» мая 2023г., resolutions 1267 (1999) and 1989 (2011).",
]
KAZAKH = "Тұра 2178 қарары туралы БҰҰ мен Қазақстан шешімі"
QUERIES = [
    *("Токаева", "сталь", '"вид стали"', "контртеррористический", '"комитет UNODC"', "ОБСЕ", "email", "NGO", "IED"),
    *('"counter-terrorism committee"', "1,000,000", '"11.03.2025"', "2178", '"резолюция 2178"', "A/75/729*", "21"),
    *("+77771234567", "Тоджикистон", "шифрование -Сергеева", "прибывать", '"cooperation to an NGO"'),
    *("UN", '"the UN heard"', "Бакытуулу", "live", "wound", '"12.05.2023"', "S/RES/1989", "ngos", "counter terrorism"),
    *('"комитет U.N.O.D.C. Токаев"~9', '"НПО email"~12 NGO', '"2178 March"~9'),
]


def records() -> list[Record]:
    words = [*map(tokens, TEXTS), tokens(KAZAKH, by_form=True)]
    passages = [PassageTokens(0, {"original": each}) for each in words]
    return [
        Record(f"{at:032x}", 1, at, RULES[at % 3], "2024-01-01", {}, [passage]) for at, passage in enumerate(passages)
    ]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    opened = ENGINES[request.param](request)()
    yield opened
    opened.close()


def test_what_is_written_otherwise_is_found_as_the_oracle_finds_it(engine: Engine) -> None:
    papers = records()
    engine.put(papers)
    for query in QUERIES:
        request = Request(parse(query).query)
        answer = engine.search(EVERYTHING, request)
        assert answer == oracle.search(papers, EVERYTHING, request), query
        assert answer.total, query


def test_names_and_translations_are_found_as_the_oracle_finds_them(engine: Engine) -> None:
    papers = records()
    engine.put(papers)
    for query in ("Tokayev", "Sergeyev +Tokaev", "комитет FTF", "Dzhumabaev Таджикистан", "united kingdom"):
        request = Request(parse(query, crossing=Crossing()).query)
        assert engine.search(EVERYTHING, request) == oracle.search(papers, EVERYTHING, request), query
    request = Request(parse("Tokayev", crossing=Crossing()).query)
    assert engine.search(EVERYTHING, request).total == 2


def test_texts_in_other_languages_are_found_by_their_forms_names_and_numbers_alone(engine: Engine) -> None:
    papers = records()
    engine.put(papers)
    queries = {
        "тұра": 1,
        "тура": 1,
        "тур": 0,
        "туралы": 1,
        "шешім": 0,
        "шешімі": 1,
        '"2178 қарары туралы"': 1,
        "БҰҰ": 1,
    }
    queries |= {'"шешімі Қазақстан"~1': 1, "2178": 3, "=туралы": 1, "тур*": 1, '"2178 туралы"': 0, "Казахстан": 1}
    for query, total in queries.items():
        request = Request(parse(query, crossing=Crossing()).query)
        answer = engine.search(EVERYTHING, request)
        assert answer == oracle.search(papers, EVERYTHING, request), query
        assert answer.total == total, query


def test_the_widest_query_is_answered(engine: Engine) -> None:
    """As many phrases as a query may hold, of words with as many readings as there are."""
    papers = records()
    engine.put(papers)
    request = Request(parse(" ".join([f'"суда {word}"' for word in _many(MOST_PARTS // 2)])).query)
    assert sum(len(runs_of(leaf)) for leaf in positive_leaves(request.query)) >= 4 * MOST_PARTS // 2
    assert engine.search(EVERYTHING, request) == oracle.search(papers, EVERYTHING, request)


def _many(count: int) -> list[str]:
    """Surnames, each of which is a noun or several as well."""
    return [f"{first}{last}ов" for first in "БВГДЖЗКЛ" for last in ("ыж", "ом", "ир", "ал")][:count]
