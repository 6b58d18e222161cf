"""The frame of the page: its colours, its keys, and Ctrl+K, which goes to views, recent papers and symbols."""

from __future__ import annotations

from typing import Any

import pytest

SYMBOL = "TCE/2025/EM.3/RES/1"
GROUND = "getComputedStyle(document.documentElement).backgroundColor"


def test_colours_are_chosen_and_kept(visitor: Any) -> None:
    page = visitor.page
    visitor.arrive()
    page.wait_for_selector("#username:focus")
    grounds = [page.evaluate(GROUND)]
    for _ in range(2):
        page.click("#theme")
        grounds.append(page.evaluate(GROUND))
        assert page.evaluate("document.activeElement.id") == "theme"
    assert grounds[0] == grounds[1] != grounds[2]  # this system is light
    page.reload()
    page.wait_for_selector("#theme")
    assert page.evaluate(GROUND) == grounds[2]
    page.emulate_media(media="print")
    assert page.evaluate(GROUND) == grounds[0]  # paper is white


@pytest.mark.parametrize(("language", "words"), [("en", "From hit to hit"), ("ru", "По результатам")])
def test_the_keys_are_told(expert: Any, language: str, words: str) -> None:
    page = expert.page
    expert.speak(language)
    page.keyboard.press("?")
    page.wait_for_selector(f"dialog .keys:has-text('{words}')")
    page.keyboard.press("Escape")
    page.fill("#query", "what")
    page.keyboard.type("?")
    assert page.input_value("#query") == "what?"
    assert page.locator("dialog").count() == 0


def test_one_goes_anywhere_by_typing(expert: Any) -> None:
    page = expert.page
    page.wait_for_selector("#query:focus")
    page.keyboard.press("Control+k")
    page.keyboard.type("term")
    page.keyboard.press("Enter")
    page.wait_for_selector("#terms-title:focus")
    before = len([address for address in expert.addresses if address.endswith("/api/search")])
    page.keyboard.press("Control+k")
    page.keyboard.type(SYMBOL)
    assert len([address for address in expert.addresses if address.endswith("/api/search")]) == before
    page.keyboard.press("Enter")
    page.wait_for_selector(".goal bdi:has-text('Resolution 1')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader-title:focus")
    assert SYMBOL not in "".join(address for address in expert.addresses if "/api/" in address)


def test_papers_opened_are_offered_until_one_signs_out(expert: Any, demo: Any) -> None:
    page = expert.page
    expert.search(f'symbol:"{SYMBOL}"')
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    page.keyboard.press("Control+k")
    page.keyboard.type("resolution")
    page.wait_for_selector(f".goal:has-text('{SYMBOL}')")
    page.keyboard.press("Escape")
    page.click("#sign-out")
    expert.sign_in(demo.person("jonas"))
    page.keyboard.press("Control+k")
    page.wait_for_selector(".goal")
    assert page.locator(f".goal:has-text('{SYMBOL}')").count() == 0


def test_work_that_takes_long_shows_a_line(expert: Any) -> None:
    page = expert.page
    page.wait_for_selector("#query:focus")
    held: list[Any] = []
    page.route("**/api/search", lambda route: held.append(route))
    page.fill("#query", "returnees")
    page.press("#query", "Enter")
    page.wait_for_selector(".work-bar:visible")
    for route in held:
        route.continue_()
    page.wait_for_selector(".work-bar", state="hidden")
    page.wait_for_selector(".columns[aria-busy=false] .hit")
    assert int(page.inner_text(".total").split()[0]) > 0
