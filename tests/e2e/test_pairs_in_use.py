"""What pairs are used for: one hit for a paper in two languages, and what a translator says a pair lends."""

from __future__ import annotations

from typing import Any

import pytest
from visitor import Visitor


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_paper_in_two_languages_is_one_hit_and_either_opens(somebody: Any, language: str) -> None:
    visitor: Visitor = somebody("jonas", language)
    page = visitor.page
    page.wait_for_selector("#query:focus")
    visitor.search("agenda" if language == "en" else "повестка")
    both = page.locator(".hit:has(.second-title)").first
    first, second = (both.locator(f".{each}-title").first for each in ("hit", "second"))
    assert first.get_attribute("data-document") != second.get_attribute("data-document")
    assert {first.get_attribute("lang"), second.get_attribute("lang")} <= {"en", "ru"}
    shown = second.get_attribute("data-document")
    assert page.locator(f'.hit-title[data-document="{shown}"]').count() == 0
    second.click()
    page.wait_for_selector("#reader-title:focus")
    assert f"#/document/{shown}/" in page.url
    page.wait_for_selector(".sentence")  # a page is fetched once it has rested in sight
    assert page.locator(".sentence").count() > 3
    page.keyboard.press("Escape")
    page.wait_for_selector(f'.second-title[data-document="{shown}"]:focus')


def test_a_translator_excludes_a_pair_from_the_memory_and_takes_that_back(somebody: Any) -> None:
    page = somebody("dilnoza").page
    page.click("[data-key=to-pairs]")
    row = page.locator("#pairs tbody tr:has-text('confirmed')").first
    excluded = row.locator(".badge:has-text('excluded from the memory')")
    for chosen, shown in (("excluded", "visible"), ("ordinary", "detached")):
        row.locator("button:has-text('Memory')").click()
        page.select_option("#pair-lending", chosen)
        page.fill("dialog #reason", "for the test")
        page.click("dialog .button.primary")
        page.wait_for_selector("dialog", state="detached")
        excluded.wait_for(state=shown)
        assert page.inner_text(".pairs .outcome") == "Set."


def test_a_translation_is_taken_out_for_word_processors(somebody: Any) -> None:
    page = somebody("dilnoza").page
    page.click("[data-key=to-translate]")
    page.click("#queue tbody a >> nth=0")
    page.wait_for_selector("#take-docx")
    with page.expect_download() as download:
        page.click("#take-docx")
    assert download.value.suggested_filename.endswith(".docx")
    page.wait_for_selector(".outcome:has-text('Taken out')")


def test_a_translator_sees_what_waits_in_the_papers_of_a_pair(somebody: Any) -> None:
    page = somebody("dilnoza").page
    page.click("[data-key=to-translate]")
    page.wait_for_selector("#waiting-pair")
    before = page.locator("#waiting tbody a").count()
    with page.expect_response(lambda answer: "pair_id=" in answer.url and "pair_id=&" not in answer.url) as narrowed:
        page.locator("#waiting-pair").select_option(index=1)
    segments = narrowed.value.json()["segments"]
    assert len({each["document_id"] for each in segments}) <= 2
    page.wait_for_function("n => document.querySelectorAll('#waiting tbody a').length === n", arg=len(segments))
    page.locator("#waiting-pair").select_option(index=0)
    page.wait_for_function("n => document.querySelectorAll('#waiting tbody a').length === n", arg=before)
