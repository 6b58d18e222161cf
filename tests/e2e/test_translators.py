"""What translators and reviewers do: sentences asked for, saved, submitted and approved, and two at one of them."""

from __future__ import annotations

from typing import Any

import pytest
from test_roles import chosen, confirmed


def test_who_reads_asks_for_a_human_and_a_translator_takes_that_first(somebody: Any) -> None:
    reader, translator = somebody("dilnoza").page, somebody("dilnoza").page
    chosen(translator, "translate")
    translator.click("#queue tbody a >> nth=-1")
    translator.wait_for_selector(".sentence-line")
    document = translator.url.rpartition("/")[2]
    reader.goto(f"{reader.url.partition('#')[0]}#/document/{document}/1")
    sentence = reader.locator(".sentence:has(.ask-human) >> nth=0")
    sentence.wait_for()
    assert not sentence.locator(".ask-human").is_visible()
    sentence.focus()
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    reader.wait_for_selector("#human-note:focus")
    reader.click("dialog .primary")
    reader.wait_for_selector(".ask-human:has-text('was asked for')")
    number = sentence.get_attribute("data-segment").rpartition(".s")[2]

    chosen(translator, "translate")
    translator.wait_for_selector("#waiting tbody tr:first-child:has-text('asked for')")
    translator.click("#take-next")
    translator.wait_for_selector("#translation:focus")
    assert translator.url.endswith(f"#/translate/{document}")
    assert translator.get_attribute(".sentence-line[aria-current]", "data-sentence") == number
    translator.keyboard.press("Control+k")
    translator.wait_for_selector("#lookup-concordance:focus")
    translator.keyboard.type("report")
    translator.keyboard.press("Enter")
    translator.wait_for_selector("#pane-concordance li")
    translator.click("#pane-terms summary")
    translator.fill("#lookup-terms", "foreign terrorist fighter")
    translator.press("#lookup-terms", "Enter")
    translator.wait_for_selector("#pane-terms li:has-text('террорист')")
    translator.fill("#translation", "A text by a person")
    translator.keyboard.press("Control+Enter")
    translator.wait_for_function(
        """([document, number]) => document !== location.hash.split("/")[2]
            || globalThis.document.querySelector(".sentence-line[aria-current]")?.dataset.sentence !== number""",
        arg=[document, number],
    )
    translator.wait_for_selector("#next-waiting")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_translator_saves_and_goes_on_and_a_reviewer_lets_it_pass(somebody: Any, language: str) -> None:
    page, other = somebody("dilnoza", language).page, somebody("farrukh", language).page
    keys = page.keyboard
    of_each = []
    for each in (page, other):
        chosen(each, "translate")
        each.wait_for_selector("#queue tbody a")
        of_each.append([link.get_attribute("href") for link in each.locator("#queue tbody a").all()])
    of_both = [link for link in of_each[0] if link in of_each[1]]  # the reviewer may read less than the translator
    link = of_both[1 if language == "en" else 2]
    page.click(f"#queue tbody a[href='{link}']")
    page.wait_for_selector(".sentence-line")
    page.click(".sentence-line >> nth=1")
    page.wait_for_selector("#translation:focus")
    number = page.get_attribute(".sentence-line[aria-current]", "data-sentence")
    said = "A better text" if language == "en" else "Лучший текст"
    page.fill("#translation", said)
    keys.press("Control+Enter")
    page.wait_for_selector(f".sentence-line[aria-current]:not([data-sentence='{number}'])")
    page.wait_for_selector("#translation:focus")
    page.click(f".sentence-line[data-sentence='{number}']")
    page.wait_for_selector("#submit")
    for _ in range(page.locator(".open-finding button").count()):
        open_findings = page.locator(".open-finding").count()
        page.click(".open-finding button >> nth=0")
        confirmed(page)
        page.wait_for_function(f"() => document.querySelectorAll('.open-finding').length < {open_findings}")
    page.click("#submit")
    page.wait_for_selector("#submit", state="detached")

    other.click(f"#queue tbody a[href='{link}']")
    other.wait_for_selector(".sentence-line")
    other.select_option("#translate-state", "submitted")
    other.wait_for_selector(".sentences:not(:has(.work-machine)) .sentence-line")
    other.click(".sentence-line")
    other.wait_for_selector("#approve")
    assert said.split()[0] in other.inner_text(".beside ins")
    other.click("#approve")
    other.wait_for_selector("#approve", state="detached")
    assert other.locator(".work-approved").count() == 1


def test_who_reads_two_papers_sees_what_they_say_differently(somebody: Any) -> None:
    visitor = somebody("dilnoza")
    page = visitor.page
    page.wait_for_selector("#query:focus")
    visitor.search("report")
    page.click(".hit:has-text('Also in') .hit-title >> nth=0")
    page.click(".reader-facts a[href^='#/differences/']")
    page.wait_for_selector("#differences-title:focus")
    page.wait_for_selector("#differences tbody tr", state="attached")
    assert page.locator(".work .banner").count() == 2
    assert page.locator("#differences td:nth-child(2) a").count() >= 1
    assert page.locator("#differences td:nth-child(3) a").count() >= 1
    page.click("#differences tbody a >> nth=0")
    page.wait_for_selector("#reader-title:focus")


def test_two_translators_of_one_sentence_lose_no_text(somebody: Any) -> None:
    pages = [somebody("dilnoza").page for _ in range(2)]
    for page in pages:
        chosen(page, "translate")
        page.click("#queue tbody a >> nth=0")
        page.wait_for_selector(".sentence-line")
        page.click(".sentence-line >> nth=2")
        page.wait_for_selector("#translation:focus")
    first, second = pages
    first.fill("#translation", "The first of two texts")
    first.keyboard.press("Control+s")
    first.wait_for_selector("#submit")
    second.fill("#translation", "The second of two texts")
    second.keyboard.press("Control+s")
    second.wait_for_selector(".conflict")
    assert second.inner_text("#theirs") == "The first of two texts"
    assert "second" in second.inner_text("#yours ins")
    assert second.input_value("#translation") == "The second of two texts"
    second.click("#keep-yours")
    second.wait_for_selector("#submit")
    assert "The first of two texts" in second.inner_text(".history")
    assert "The second of two texts" in second.inner_text(".history")
