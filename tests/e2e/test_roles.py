"""The ways of a registrar, an administrator and an auditor, by keyboard and mouse, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

SAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "sample" / "pdf"
BECAUSE = "for the test"


def chosen(page: Any, view: str) -> None:
    """Go to a view by its link in the menu."""
    page.click(f"[data-key=to-{view}]")
    page.wait_for_selector(f"#{view}-title:focus")


def confirmed(page: Any, reason: str = BECAUSE) -> None:
    """Give the reason that a dialog asks for, and do it."""
    page.fill("dialog #reason", reason)
    page.press("dialog #reason", "Tab")
    page.click("dialog .button.primary")
    page.wait_for_selector("dialog", state="detached")


def test_a_registrar_brings_files_in_by_the_label_first(somebody: Any, tmp_path: Path) -> None:
    page = somebody("marat").page
    page.wait_for_selector("#home-title:focus")
    chosen(page, "add")
    page.wait_for_selector("#add-level")
    assert page.is_disabled("#files")
    page.select_option("#add-level", "unclassified")
    assert page.is_enabled("#files")
    page.fill("#add-meeting", "M-9")
    (tmp_path / "letter.pdf").write_bytes(b"Dear colleagues")
    strict = next(SAMPLE.glob("*financing-report-en.pdf"))
    (tmp_path / "alike.pdf").write_bytes(strict.read_bytes() + b"\n%once more\n")
    (tmp_path / "same.pdf").write_bytes(next(SAMPLE.glob("*em1-agenda-en.pdf")).read_bytes())
    page.set_input_files("#files", [tmp_path / name for name in ("letter.pdf", "alike.pdf", "same.pdf")])
    page.wait_for_selector(".sending tr:has-text('letter.pdf'):has-text('not a PDF')")
    page.wait_for_selector(".sending tr:has-text('same.pdf'):has-text('was here already')")
    page.click(".sending tr:has-text('alike.pdf') button")
    assert page.locator("dialog a").count() == 1
    confirmed(page, "A public edition of it")
    page.click(".sending tr:has-text('alike.pdf'):has-text('The paper itself bears') button")
    confirmed(page, "Its marking was left on it")
    page.wait_for_selector(".sending tr:has-text('alike.pdf') a")
    page.click(".sending tr:has-text('alike.pdf') a")
    page.wait_for_selector("#act-relabel")
    assert "M-9" in page.inner_text(".handling")
    page.go_back()
    page.wait_for_selector("#add-title")
    assert page.input_value("#add-meeting") == "M-9"  # what was typed is still there


def test_a_registrar_answers_what_is_asked_of_a_paper(somebody: Any, tmp_path: Path) -> None:
    paper = canvas.Canvas(str(tmp_path / "covered.pdf"), invariant=1)
    paper.drawString(72, 700, "The informer is called Smirnov.")
    paper.rect(60, 690, 300, 30, fill=1)
    for at in range(6):
        paper.drawString(72, 600 - 20 * at, "The river rises in spring and falls in autumn.")
    paper.save()
    page = somebody("marat").page
    chosen(page, "add")
    page.select_option("#add-level", "unclassified")
    page.set_input_files("#files", tmp_path / "covered.pdf")
    page.wait_for_selector(".sending tr:has-text('covered.pdf'):has-text('searchable')")
    chosen(page, "intake")
    page.click("#intake tbody tr:has-text('covered.pdf'):has-text('the page hides') a:has-text('Answer')")
    page.click("#act-hidden-keep_out")
    confirmed(page)
    page.wait_for_selector(".handling:has-text('Answered: Leave the text out.')")
    assert page.locator("#act-hidden-keep_out").count() == 0
    assert "Smirnov" not in page.content()


@pytest.mark.parametrize(("language", "waits"), [("en", "It waits until"), ("ru", "Ждёт одобрения")])
def test_what_lets_more_people_read_waits_for_a_second_registrar(somebody: Any, language: str, waits: str) -> None:
    page = somebody("marat", language).page
    chosen(page, "intake")
    page.fill("#intake-filter", "unconfirmed")
    page.wait_for_selector("#intake tbody tr:only-child")
    page.click("#intake tbody a")
    page.wait_for_selector("#act-relabel")
    identifier = page.url.rpartition("/")[2]
    page.click("#act-relabel")
    page.wait_for_selector("#new-level:focus")
    page.check("#new-to-OSCE")
    confirmed(page)
    page.wait_for_selector(f".outcome:has-text('{waits}')")
    page.wait_for_selector("#act-relabel:focus")
    chosen(page, "proposals")
    page.wait_for_selector(".proposal .badge.quiet")  # one's own
    assert page.locator(".proposal .button.primary").count() == 0

    other = somebody("saule", language).page
    other.wait_for_selector(".waits a[href='#/proposals']")
    chosen(other, "proposals")
    other.wait_for_selector(".proposal .difference")
    assert "OSCE" in other.inner_text(".difference td:last-child")
    other.click(".proposal .button:not(.primary)")
    confirmed(other, "Not to them")
    other.wait_for_selector(".inbox > .waiting")
    other.goto(f"{other.url.partition('#')[0]}#/handling/{identifier}")
    other.wait_for_selector(".handling .banner")
    assert "OSCE" not in other.inner_text(".handling .banner")


def test_a_document_is_corrected_held_removed_and_brought_back(somebody: Any) -> None:
    page, other = somebody("marat").page, somebody("saule").page
    chosen(page, "intake")
    page.click("#intake tbody tr:has-text('Agenda of the third expert meeting') a")
    page.wait_for_selector("#act-correct")
    page.click("#act-correct")
    page.fill("#new-symbol", "T/2025/77")
    confirmed(page)
    page.wait_for_selector(".handling dd:has-text('T/2025/77')")
    page.click("#act-hold")
    confirmed(page)
    page.wait_for_selector("#act-hold:has-text('Lift')")
    page.click("#act-remove")
    page.fill("dialog #reason", BECAUSE)
    page.click("dialog .primary")
    page.wait_for_selector("dialog .said:has-text('legal hold')")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.click("#act-hold")
    confirmed(page)
    approved(other)
    page.reload()
    page.wait_for_selector("#act-remove")
    page.click("#act-remove")
    confirmed(page)
    approved(other)
    chosen(page, "removed")
    page.wait_for_selector("#removed tbody tr")
    page.click("#removed tbody button")
    confirmed(page)
    approved(other)
    chosen(page, "intake")
    page.click("#intake tbody tr:has-text('Agenda of the third expert meeting') a")
    page.wait_for_selector("#act-remove")
    assert "T/2025/77" in page.inner_text(".handling")
    assert page.inner_text("#act-hold") != "" and "Lift" not in page.inner_text("#act-hold")


def approved(page: Any) -> None:
    """Approve the proposal that waits, as its second registrar."""
    chosen(page, "intake")
    chosen(page, "proposals")
    page.click(".proposal .button.primary")
    page.click("dialog .button.primary")
    page.wait_for_selector(".inbox > .waiting")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_administrator_sees_who_gains_before_a_grant_and_a_second_decides(somebody: Any, language: str) -> None:
    page = somebody("admin1", language).page
    chosen(page, "people")
    page.fill("#people-filter", "jonas")
    page.wait_for_selector("#people tbody tr:only-child")
    page.click("#people tbody button >> nth=0")
    page.wait_for_selector("#new-role:focus")
    page.select_option("#new-role", "expert")
    page.select_option("#new-clearance", "restricted")
    page.click("dialog .fields > .buttons >> nth=0 >> button")
    page.wait_for_selector("dialog .effect tbody tr")
    assert "jonas" in page.inner_text("dialog .effect")
    assert "+" in page.inner_text("dialog .effect .gain >> nth=0")
    confirmed(page)

    other = somebody("admin2", language).page
    chosen(other, "proposals")
    other.click(".proposal button >> nth=2")
    other.wait_for_selector(".proposal .effect")
    other.click(".proposal .button:not(.primary) >> nth=0")
    confirmed(other)
    other.wait_for_selector(".outcome:not(:empty)")
    chosen(page, "explain")
    page.fill("#explain-username", "jonas")
    page.wait_for_selector("#explain-to-OSCE", state="attached")
    page.select_option("#explain-level", "restricted")
    page.press("#explain-username", "Enter")
    page.wait_for_selector(".sentence-said:not(.yes)")
    assert page.locator(".verdict.no").count() >= 1


def test_a_new_person_gets_a_code_in_two_halves(somebody: Any) -> None:
    page, other = somebody("admin1").page, somebody("admin2").page
    chosen(page, "people")
    page.click(".people .buttons .primary")
    page.fill("#new-username", "anna")
    page.fill("#new-name", "Anna <b>Ivanova</b>")
    page.select_option("#new-agency", "OSCE")
    page.check("#new-with-grant")
    page.select_option("#new-role", "expert")
    page.select_option("#new-clearance", "unclassified")
    page.fill("dialog #reason", BECAUSE)
    page.click("dialog .button.primary")
    page.wait_for_selector("dialog .codeword")
    assert page.inner_text("dialog .codeword")
    page.click("dialog .button.primary")
    chosen(other, "proposals")
    assert "Anna <b>Ivanova</b>" in other.inner_text(".proposal")
    other.click(".proposal .button.primary")
    other.click("dialog .button.primary")
    other.wait_for_selector("dialog .codeword")
    other.click("dialog .button.primary")
    chosen(other, "people")
    other.wait_for_selector("#people tr:has-text('anna'):has-text('one-time code until')")
    chosen(other, "status")
    other.wait_for_selector(".gauges[aria-busy=false]")
    assert "argos" in other.inner_text(".gauges")


def test_an_administrator_reads_no_document(somebody: Any) -> None:
    visitor = somebody("admin1")
    visitor.page.wait_for_selector("#home-title:focus")
    for address in ("#/intake", "#/trail", f"#/document/{'0' * 32}/1"):
        visitor.arrive(address)
        visitor.page.wait_for_selector(".work .notice")
    asked = [address for address in visitor.addresses if "/api/documents" in address or "/api/audit" in address]
    assert asked == []


@pytest.mark.parametrize(("language", "whole"), [("en", "The trail is whole"), ("ru", "Журнал цел")])
def test_an_auditor_finds_proves_and_takes_away(somebody: Any, language: str, whole: str, tmp_path: Path) -> None:
    page = somebody("miriam", language).page
    page.wait_for_selector("#trail-title:focus")
    page.wait_for_selector(".entries tbody tr")
    assert page.locator(".menu").count() == 0  # one view alone
    page.select_option("#trail-action", "sign_in")
    page.press("#trail-action", "Enter")
    page.click(".trail form .primary")
    page.wait_for_function("() => !document.querySelector('.entries[aria-busy]')")
    names = page.locator(".entries tbody td:nth-child(3)").all_inner_texts()
    assert names and set(names) >= {"miriam"}
    said = page.locator(".entries tbody td:nth-child(4) > div").all_inner_texts()
    assert set(said) == {"Signing in" if language == "en" else "Вход"}
    with page.expect_download() as taken:
        page.click("#take-checkpoint")
    taken.value.save_as(tmp_path / "kept.json")
    page.set_input_files("#kept-checkpoint", tmp_path / "kept.json")
    page.click("#prove")
    page.wait_for_selector(".proof-said.well")
    assert whole in page.inner_text(".proof-said")
    kept = json.loads((tmp_path / "kept.json").read_text())
    (tmp_path / "kept.json").write_text(json.dumps(kept | {"digest": "0" * 64}))
    page.set_input_files("#kept-checkpoint", tmp_path / "kept.json")
    page.click("#prove")
    page.wait_for_selector(".proof-said:not(.well)")
    with page.expect_download() as taken:
        page.click("#take-export")
    taken.value.save_as(tmp_path / "export")
    assert '"format": "tolmach-audit-1"' in (tmp_path / "export").read_text().partition("\n")[0]


def test_a_registrar_needs_no_mouse(somebody: Any) -> None:
    page = somebody("marat").page
    keys = page.keyboard
    page.wait_for_selector("#home-title:focus")
    page.focus("[data-key=to-intake]")
    keys.press("Enter")
    page.wait_for_selector("#intake-title:focus")
    page.wait_for_selector("#intake tbody tr")
    page.focus("#intake-filter")
    keys.type("Report on online recruitment")
    page.wait_for_selector("#intake tbody tr:only-child")
    assert page.evaluate("document.activeElement.id") == "intake-filter"
    keys.press("Tab")
    keys.press("Enter")
    page.wait_for_selector("#handling-title:focus")
    page.wait_for_selector("#act-relabel")
    for _ in range(8):
        keys.press("Tab")
        if page.evaluate("document.activeElement.id") == "act-relabel":
            break
    keys.press("Enter")
    page.wait_for_selector("#new-level:focus")
    keys.press("Escape")
    page.wait_for_selector("#act-relabel:focus")


def test_what_is_half_typed_survives_new_rows_and_another_language(somebody: Any) -> None:
    visitor = somebody("admin1")
    page = visitor.page
    chosen(page, "people")
    page.wait_for_selector("#people tbody tr")
    page.focus("#people-filter")
    page.keyboard.type("mar")
    page.wait_for_selector("#people tbody tr:nth-child(2):last-child")
    page.evaluate("window.kept = document.querySelector('#people tbody tr:last-child')")
    page.keyboard.type("a")
    page.wait_for_selector("#people tbody tr:only-child:has-text('marat')")
    assert page.evaluate("window.kept === document.querySelector('#people tbody tr')")
    assert page.evaluate("document.querySelector('#people-filter').selectionStart") == 4
    chosen(page, "explain")
    page.fill("#explain-username", "half typ")
    visitor.speak("ru")
    assert page.input_value("#explain-username") == "half typ"
