"""Under sentences without a translation stands what their words mean, where the reader chose so."""

from __future__ import annotations

from typing import Any

import pytest
from test_both_texts import OTHER, plain

__all__ = ["plain"]  # a document without a translation


@pytest.mark.parametrize(("language", "said"), [("en", "no translation"), ("ru", "это не перевод")])
def test_a_gloss_is_switched_on_and_off(expert: Any, plain: dict[str, Any], language: str, said: str) -> None:
    page, own = expert.page, plain["language"]
    expert.speak(language)
    expert.open(plain["document_id"])
    assert page.locator(".gloss").count() == 0
    choice = page.locator("[data-key=gloss]")
    assert choice.get_attribute("aria-pressed") == "false"
    choice.click()
    page.locator(".gloss").first.wait_for()
    assert page.locator("[data-key=gloss]").get_attribute("aria-pressed") == "true"
    assert said in page.locator(".gloss .unseen").first.text_content()
    word = page.locator(".sentence.original .gloss-word.word").first
    assert word.locator("bdi").first.get_attribute("lang") == own
    assert word.locator(".meanings").get_attribute("lang") == OTHER[own]
    assert word.locator(".meanings").inner_text() != ""
    sentence = page.locator(".sentence.original:has(.gloss)").first
    for written in sentence.locator(".gloss-word > bdi:first-child").all_inner_texts():
        assert written in sentence.inner_text().partition("\n")[0]
    page.reload()
    expert.await_page(1)
    page.locator(".gloss").first.wait_for()  # the choice was kept
    page.locator("[data-key=gloss]").click()
    page.locator(".gloss").first.wait_for(state="detached")
