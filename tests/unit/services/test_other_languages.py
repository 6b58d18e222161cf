"""A paper that is neither in English nor in Russian is taken in, found by its forms and shown; nobody translates it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import pytest
from factories import agency, client, fresh, label, person, take
from fastapi.testclient import TestClient
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas
from sqlalchemy import select

from indexer.library.tables import DocumentRow
from services.components import Components

KAZAKH = [
    "Қазақстан Республикасының Үкіметі терроризмге қарсы күрес",
    "туралы шешім қабылдап, қарардың мәселелерін талқылады.",
    "Жұмыс тобы құрылып, 2178 қарары бойынша есеп дайындады.",
]
FRENCH = [
    "Le Conseil de sécurité a adopté la résolution sur les combattants",
    "terroristes dans le cadre de la session, et les tables de son rapport.",
]
RUSSIAN = ["Делегация представила доклад о решении и о таблице,", "и ответила на вопросы государств."]
PAPERS = {"kk": KAZAKH, "other": FRENCH, "ru": RUSSIAN}


def drawn(*lines: str) -> bytes:
    """A PDF that says these lines, in letters of every alphabet of ours."""
    file = io.BytesIO()
    fonts = Path(fontpkg_noto_sans.__file__).parent / "files"
    pdfmetrics.registerFont(TTFont("Noto", str(fonts / "NotoSans[wdth,wght].ttf")))
    paper = canvas.Canvas(file, invariant=1)
    paper.setFont("Noto", 12)
    for at, line in enumerate(lines):
        paper.drawString(72, 760 - 15 * at, line)
    paper.save()
    return file.getvalue()


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    opened = fresh(tmp_path_factory.mktemp("languages") / "home")
    agency(opened, "A")
    for role in ("expert", "translator", "reviewer", "registrar"):
        person(opened, role, "A", [role])
    for code, lines in PAPERS.items():
        take(opened, drawn(*lines), label(opened, "A"), filename=f"{code}.pdf")
    opened.worker().run()
    yield opened
    opened.close()


@pytest.fixture
def api(components: Components) -> TestClient:
    return client(components, "expert")


@pytest.fixture(scope="module")
def names(components: Components) -> dict[str, str]:
    """The identifier of the paper in each language."""
    with components.database.reading() as session:
        return {row.language: row.id for row in session.scalars(select(DocumentRow))}


def search(api: TestClient, query: str, **more: Any) -> dict[str, Any]:
    answered = api.post("/api/search", json={"query": query, **more})
    assert answered.status_code == 200, answered.text
    body: dict[str, Any] = answered.json()
    return body


def test_each_paper_is_said_to_be_what_it_is_and_none_translates_it(api: TestClient, names: dict[str, str]) -> None:
    assert set(names) == set(PAPERS)
    for code in ("kk", "other"):
        told = api.get(f"/api/documents/{names[code]}").json()
        assert (told["language"], told["state"]) == (code, "indexed")
        assert told["translation"]["reason"] == "language"
        segments = api.get(f"/api/documents/{names[code]}/pages/1?gloss=true").json()["segments"]
        assert {each["language"] for each in segments} == {code}
        assert all(each["translation"] is None and each["gloss"] is None for each in segments)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("шешім", "kk"),
        ('"шешім қабылдап"', "kk"),
        ("шешимы", ""),  # a Russian form of it, were it Russian
        ("мәселелерін", "kk"),
        ("title:мәселелерін", "kk"),
        ("маселелерин", "kk"),  # as it is typed on a Russian keyboard
        ("Казахстан", "kk"),  # a name is one in every language
        ("2178", "kk"),
        ("tables", "other"),
        ("table", ""),  # of the French word this form alone
        ("таблицы", "ru"),
        ("lang:kk", "kk"),
        ("язык:казахский", "kk"),
        ("lang:other", "other"),
        ("-решение lang:ru", ""),
    ],
)
def test_it_is_found_by_its_forms(api: TestClient, query: str, expected: str) -> None:
    hits = search(api, query, switch_off=["across", "spelling", "keyboard"])["hits"]
    assert " ".join(hit["language"] for hit in hits) == expected


def test_its_evidence_is_its_own_text_with_what_matched(api: TestClient) -> None:
    [hit] = search(api, "шешім")["hits"]
    [passage] = hit["evidence"]
    assert passage["original"] == "kk" and passage["en"] is None and passage["ru"] is None
    side = passage["other"]
    assert [side["text"][slice(*span)] for span in side["highlights"]] == ["шешім"]
    assert hit["places"] == 1 and passage["boxes"]
    assert search(api, "")["facets"]["language"] == [{"value": code, "count": 1} for code in ("kk", "other", "ru")]


def test_the_places_on_its_page_are_those_of_the_form(api: TestClient, names: dict[str, str]) -> None:
    [place] = api.post(f"/api/documents/{names['kk']}/find", json={"query": "қарары"}).json()["places"]
    assert place["page"] == 1 and place["side"] == "original"


def test_nobody_translates_it_by_hand_either(components: Components, names: dict[str, str]) -> None:
    name = names["kk"]
    translator, reviewer = client(components, "translator"), client(components, "reviewer")
    refused = [
        translator.get(f"/api/translations/{name}"),
        translator.get(f"/api/translations/{name}/segments/0"),
        translator.get(f"/api/exports/{name}?format=xliff"),
        reviewer.put(f"/api/translations/{name}/assignment", json={"username": "translator", "deadline": None}),
        client(components, "expert").post(f"/api/translations/{name}/segments/0/requests", json={"note": ""}),
    ]
    assert [(each.status_code, each.json().get("code")) for each in refused] == [(409, "not_translated")] * len(refused)


def test_it_is_taken_away_as_it_stands(api: TestClient, components: Components, names: dict[str, str]) -> None:
    text = api.get(f"/api/exports/{names['kk']}?format=html").text
    assert '<html lang="kk">' in text and KAZAKH[2].split()[0] in text and "translated by a machine" not in text
    assert '<html lang="und">' in api.get(f"/api/exports/{names['other']}?format=html").text
    passages = [{"document_id": names[code], "first": 0, "last": 0, "comment": ""} for code in ("kk", "other")]
    sheets = api.post("/api/dossier/file", json={"passages": passages, "title": "T", "language": "ru"})
    assert '<blockquote lang="kk">Қазақстан' in sheets.text and '<blockquote lang="und">Le Conseil' in sheets.text


def test_it_is_no_side_of_a_pair(components: Components, names: dict[str, str]) -> None:
    papers = {"document_ids": [names["kk"], names["ru"]], "reason": "They say the same."}
    answered = client(components, "translator").post("/api/pairs", json=papers)
    assert (answered.status_code, answered.json()["code"]) == (422, "same_language")
