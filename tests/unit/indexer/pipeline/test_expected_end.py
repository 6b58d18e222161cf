"""When translation ends: at the measured speed of the models, of what waits for them; and where nobody can know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import agency, client, fresh, person
from papers import Line, paper
from translation_engines import StandIn, firefox_package

from indexer.library.tables import DocumentRow
from indexer.pipeline import expected_end
from indexer.pipeline.expected_end import TranslationForecast
from indexer.translate.contract import Model
from indexer.translate.packages import Packages
from services.cli.library import documents as commands
from services.components import Components


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    opened.__dict__["packages"] = Packages(opened.home.models, StandIn())
    with opened.database.session() as session:
        for _ in range(2):
            paper(session, [[Line(f"Sentence {at}.") for at in range(90)]])
        paper(session, [[Line("Предложение.", language="ru")]], language="ru")  # for which there is no model
    yield opened
    opened.close()


def install(components: Components, folder: Path, a_second: float | None) -> Model:
    folder.mkdir(exist_ok=True)
    model = components.packages.install(firefox_package(folder, "en", "ru", "1.0"))
    if a_second is not None:
        measured = components.home.models / ".measured"
        measured.mkdir()
        result = {"chrf": 50.0, "sentences_per_second": a_second, "sentences": 40}
        (measured / f"{model.digest}.json").write_text(json.dumps(result))
    return model


def forecast(components: Components, paused: bool = False) -> TranslationForecast:
    with components.database.reading() as session:
        return expected_end.forecast(session, components.packages, components.home.models, paused)


def test_nothing_waits_where_there_is_no_model(components: Components) -> None:
    assert forecast(components) == TranslationForecast(0, 0, 0, False, 0, ())
    assert forecast(components).expected == "done"


@pytest.mark.parametrize(("a_second", "expected"), [(1.0, "hour"), (0.02, "day"), (0.001, "week"), (0.0001, "later")])
def test_the_end_is_what_waits_by_the_measured_speed(
    components: Components, tmp_path: Path, a_second: float, expected: str
) -> None:
    install(components, tmp_path, a_second)
    told = forecast(components)
    assert (told.documents, told.sentences, told.expected) == (2, 180, expected)
    assert told.seconds == pytest.approx(180 / a_second)
    assert forecast(components, paused=True).expected == "paused"


def test_what_was_tried_with_these_models_waits_no_more(components: Components, tmp_path: Path) -> None:
    install(components, tmp_path, 1.0)
    with components.database.session() as session:
        for row in session.query(DocumentRow).all():
            row.models_tried = components.packages.fingerprint()
    assert forecast(components).expected == "done"


def test_no_end_is_told_where_nobody_measured_or_papers_are_not_read(components: Components, tmp_path: Path) -> None:
    model = install(components, tmp_path, None)
    assert (forecast(components).seconds, forecast(components).unmeasured) == (None, (model.name,))
    assert forecast(components).expected == "unknown"
    install(components, tmp_path / "again", 1.0)
    assert forecast(components).expected == "hour"
    with components.database.session() as session:
        row = DocumentRow(rule=session.query(DocumentRow).first().rule, originators="A", filename="new.pdf", sha256="n")
        session.add(row)
        row.size, row.taken_by = 1, "test"
    assert (forecast(components).unread, forecast(components).expected) == (1, "unknown")


def test_the_operator_is_told_in_words_and_administrators_in_steps(components: Components, tmp_path: Path) -> None:
    install(components, tmp_path, 0.02)
    agency(components, "A")
    person(components, "adm", "A", ["administrator"])
    status = client(components, "adm").get("/api/status").json()
    assert (status["translation_waits"], status["translation_ends"]) == (2, "day")
    waits = "2 documents with about 180 sentences wait to be translated"
    assert commands._translation(forecast(components)) == f"{waits}: about 2 hours with one worker."
    said = commands._translation(forecast(components, paused=True))
    assert said.startswith(f"{waits}: once it goes on, about") and "translate resume" in said
