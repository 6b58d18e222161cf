"""What goes out to other tools comes back as it was; what strangers made of XML is refused."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from factories import agency, client, fresh, label, pdf, person, take
from papers import Line, paper

from auth import policy
from indexer.bitext.exchange import bilingual, tmx, xliff
from indexer.bitext.exchange.markup import read
from indexer.bitext.exchange.units import Bitext, ExchangeError, Unit
from indexer.bitext.review.tables import WorkState
from indexer.library.tables import PageRow
from indexer.text import digest_of
from services.components import Components

SEGMENTS = 5_000


def bitext(count: int = SEGMENTS) -> Bitext:
    draw = random.Random(1)
    letters = "абв где <&>\"' \t\n\r\u00a0\u2028]]>😀 end"

    def unit(number: int) -> Unit:
        source, target = ("".join(draw.choices(letters, k=draw.randint(1, 60))) for _ in range(2))
        state = draw.choice(list(WorkState))
        return Unit(
            number, digest_of(source), source, target, state, draw.randint(0, 9), draw.choice(["tom", "o'\"<x>"])
        )

    return Bitext("d" * 32, 'A "title" & <more>', "SECRET // A & B", "en", "ru", tuple(map(unit, range(count))))


def test_xliff_comes_back_as_it_went_out() -> None:
    assert xliff.read(read(xliff.write(bitext()).encode())) == bitext()


def test_xliff_keeps_characters_that_xml_cannot_hold() -> None:
    unit = Unit(0, digest_of("a\x0cb"), "a\x0cb", "в\x01г", WorkState.EDITED, 1, "tom")
    one = Bitext("d", "t", "l", "en", "ru", (unit,))
    assert xliff.read(read(xliff.write(one).encode())) == one


def test_tmx_comes_back_with_all_that_has_a_translation() -> None:
    before, after = bitext(), tmx.read(read(tmx.write(bitext()).encode()), "en")
    assert after.units == before.units
    assert (after.title, after.label) == (before.title, before.label)


def test_files_of_other_tools_are_read() -> None:
    foreign = (
        '<xliff version="2.2" xmlns="urn:oasis:names:tc:xliff:document:2.2" srcLang="en-GB" trgLang="ru"><file id="1">'
        '<group id="g"><unit id="7"><segment state="translated"><source>One <pc id="1">bold</pc>. </source>'
        "<target>Один. </target></segment><segment><source>Two.</source><target>Два.</target></segment></unit></group>"
        "</file></xliff>"
    )
    (unit,) = xliff.read(read(foreign.encode())).units
    assert (unit.source, unit.target, unit.state) == ("One bold. Two.", "Один. Два.", WorkState.MACHINE)
    memory = (
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header/><body><tu><tuv xml:lang="RU"><seg>Да.</seg></tuv>'
        '<tuv xml:lang="EN-US"><seg>Yes.</seg></tuv></tu><tu><tuv xml:lang="fr"><seg>Oui</seg></tuv></tu></body></tmx>'
    )
    (unit,) = tmx.read(read(memory.encode()), "en").units
    assert (unit.source, unit.target) == ("Yes.", "Да.")


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/a.dtd"> %a;]><x/>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/a.dtd" []><x/>',
        b"<x>&undefined;</x>",
        b"<x>" * 60 + b"</x>" * 60,
        b"<x><y></x>",
        b"",
        b"\xff\xfe\x00",
        "<x>ж</x>".encode("cp1251"),
        b'<?xml version="1.0" encoding="no-such"?><x/>',
    ],
    ids=range(11),
)
def test_hostile_and_broken_xml_is_refused(content: bytes) -> None:
    with pytest.raises(ExchangeError):
        read(content)


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    for name, roles in (("tom", ["translator"]), ("tina", ["translator"]), ("rob", ["reviewer"]), ("eve", ["expert"])):
        person(opened, name, "A", roles)
    yield opened
    opened.close()


def test_a_document_goes_out_and_back_with_its_states_and_authors(components: Components) -> None:
    lines = ("A paper about water.", "It is short.", "It has three lines.")
    document = take(components, pdf(*lines), label(components, "A", "restricted")).document_id
    components.worker().run()
    tom, tina, rob = (client(components, name) for name in ("tom", "tina", "rob"))
    path = f"/api/translations/{document}"

    def act(api, number: int, name: str, **more: str) -> None:
        segment = api.get(f"{path}/segments/{number}").json()["segment"]
        seen = {"source_digest": segment["source_digest"], "version": segment["version"]}
        call = api.put if not name else api.post
        answer = call(f"{path}/segments/{number}{name}", json={**seen, **more})
        assert answer.status_code == 200, answer.text

    act(tom, 0, "", text="Документ о воде.")
    act(tom, 0, "/submission")
    act(rob, 0, "/approval")
    act(tom, 1, "", text="Он короток.")
    out = tina.get(f"/api/exports/{document}")
    assert out.headers["content-disposition"].startswith(f'attachment; filename="{document}.xlf"')
    assert "RESTRICTED" in out.text and 'state="final"' in out.text and 't:author="tom"' in out.text
    before = tina.get(path).json()
    answer = tina.post(f"{path}/import", files={"file": ("a.xlf", out.content)}).json()
    assert (answer["saved"], answer["unchanged"]) == ([], 3)
    assert tina.get(path).json() == before
    changed = out.text.replace("Он короток.", "Он краток.").replace(
        '<segment state="initial">', '<segment state="final">'
    )
    changed = re.sub(r"(<source>It has three lines.</source>)", r"\1<target>В нём три строки.</target>", changed)
    answer = tina.post(f"{path}/import", files={"file": ("a.xlf", changed.encode())}).json()
    assert (answer["saved"], answer["submitted"]) == ([1, 2], [2])
    history = tina.get(f"{path}/segments/1").json()["history"]
    assert [act["by"]["username"] for act in history] == ["tom", "tina"]
    assert tina.get(f"{path}/segments/0").json()["segment"]["state"] == "approved"
    answer = tom.post(f"{path}/import", files={"file": ("a.xlf", changed.replace("краток", "мал").encode())}).json()
    assert (answer["saved"], answer["conflicts"]) == ([], [1])
    assert tom.get(f"{path}/segments/1").json()["draft"]["text"] == "Он мал."


def test_a_document_for_people_has_its_marking_on_every_page_and_says_what_a_machine_made(
    components: Components,
) -> None:
    document = take(components, pdf("A paper <b>", pages=2), label(components, "A", "restricted", "A")).document_id
    components.worker().run()
    answer = client(components, "eve").get(f"/api/exports/{document}?format=html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count("RESTRICTED") == 2 + 2 * 2
    assert "<b>" not in answer.text and "&lt;b&gt;" in answer.text
    assert client(components, "eve").get(f"/api/exports/{document}").status_code == 403


def test_a_document_in_both_languages_is_taken_out_for_word_processors_too(components: Components) -> None:
    with components.database.session() as session:
        lines = [Line("Good.", "Хорошо.", origin="human"), Line("Doubt\x02ful.", "Сомнительно.")]
        row = paper(session, [lines, [Line("Alone.", page=2)]], title_en="On <b>water</b>")
        session.add_all(PageRow(document=row.id, number=number, width=600, height=800) for number in (1, 2))
        row.pages = 2
        row.rule = policy.keep_rule(session, label(components, "A", "restricted", "A").rule)
        document = row.id
    answer = client(components, "eve").get(f"/api/exports/{document}?format=docx")
    assert answer.status_code == 200, answer.text
    file = Document(io.BytesIO(answer.content))
    (section,) = file.sections
    assert {"RESTRICTED" in band.paragraphs[0].text for band in (section.header, section.footer)} == {True}
    rows = [[cell.text for cell in row.cells] for table in file.tables for row in table.rows]
    assert rows == [["Good.", "Хорошо."], ["Doubtful.", "Сомнительно."], ["Alone.", ""]]
    italics = [row.cells[1].paragraphs[0].runs[0].italic for table in file.tables for row in table.rows]
    assert italics == [None, True, None]
    assert file.paragraphs[0].text == "On <b>water</b>"


def test_a_document_that_is_too_long_for_word_processors_is_refused_as_such(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bilingual, "MOST_OF_WORD", 0)
    document = take(components, pdf("A paper"), label(components, "A")).document_id
    components.worker().run()
    api = client(components, "eve")
    refused = api.get(f"/api/exports/{document}?format=docx")
    assert (refused.status_code, refused.json()["code"]) == (422, "too_long_for_word")
    assert api.get(f"/api/exports/{document}?format=html").status_code == 200
