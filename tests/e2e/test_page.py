"""The page itself: languages, errors that help, filters, keyboard, what it leaves behind, and its content policy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"


def test_russian_changes_the_interface_and_is_remembered(expert: Any) -> None:
    page = expert.page
    expert.search("returnees")
    expert.speak("ru")
    assert page.get_attribute("html", "lang") == "ru"
    assert page.inner_text(".ask button.primary") == "Найти"
    assert re.fullmatch(r"\d+ документ(а|ов)?", page.inner_text(".total"))
    assert page.input_value("#query") == "returnees"
    page.reload()
    page.wait_for_selector("#query")
    assert page.inner_text("#sign-out") == "Выйти"


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 документ"), (3, "3 документа"), (5, "5 документов"), (21, "21 документ")]
)
def test_plurals_are_right_in_russian(expert: Any, number: int, words: str) -> None:
    said = expert.page.evaluate(
        """async (n) => {
            const { speak } = await import("/static/languages/language.js");
            const { say } = await import("/static/search/strings.js");
            speak("ru");
            return say("documents", { n });
        }""",
        number,
    )
    assert said == words


def test_every_string_is_there_in_both_languages_and_used(visitor: Any) -> None:
    visitor.arrive()
    strings = visitor.page.evaluate("async () => (await import('/static/languages/strings.js')).STRINGS")
    modules = [path for path in FRONTEND.rglob("*.js") if path.parent.name != "languages" or path.name == "language.js"]
    source = "\n".join(path.read_text("utf-8") for path in modules)
    composed = ("found_", "origin_", *re.findall(r"`(\w+_)\$\{", source))  # `kind_${kind}` asks for every kind_…
    assert [key for key, both in strings.items() if holes(both["en"]) != holes(both["ru"])] == []
    assert [key for key in strings if f'"{key}"' not in source and not key.startswith(composed)] == []
    asked = set(re.findall(r'\bt\("(\w+)"', source))
    assert asked - set(strings) == set()


def holes(text: Any) -> set[str]:
    """The names in braces that a string leaves to be filled in."""
    return set(re.findall(r"\{(\w+)\}", text if isinstance(text, str) else " ".join(text.values())))


def test_a_query_that_is_not_well_formed_is_searched_with_a_note(expert: Any) -> None:
    page = expert.page
    assert expert.search("😀 camps ) women") > 0
    assert ")" in page.inner_text(".query-notes li")
    assert expert.search("camps") > 0
    assert page.locator(".query-notes").count() == 0


def test_what_was_meant_is_shown_where_nothing_is_found(expert: Any) -> None:
    page = expert.page
    assert expert.search("childern") > 0
    assert "children" in page.inner_text(".query-notes li")
    assert expert.search('"children camps women men"') == 0
    page.click(".nothing button.link")
    page.wait_for_selector(".hit")
    assert page.input_value("#query") == "children camps women men"


def test_filters_narrow_and_chips_remove(expert: Any) -> None:
    page = expert.page
    total = expert.search("return возвращение")
    with page.expect_response("**/api/search") as answer:
        page.click(".facet label:has-text('Russian')")
    narrowed = answer.value.json()["total"]
    assert 0 < narrowed < total
    page.wait_for_selector(f".total:text-matches('^{narrowed} ')")
    assert set(page.locator(".known > span:first-child").all_inner_texts()) == {"Russian"}
    assert page.locator(".facet label:has-text('English')").count() == 1
    with page.expect_response("**/api/search") as answer:
        page.click(".chip")
    assert answer.value.json()["total"] == total


def test_paging_shows_every_document_once(expert: Any) -> None:
    page = expert.page
    page.click(".ask .link")
    page.wait_for_selector(".hit")
    total = int(page.inner_text(".total").split()[0])
    seen = papers_shown(page)
    while page.is_enabled("[data-key=next]"):
        page.click("[data-key=next]")
        page.wait_for_selector(f".paging:has-text('{len(seen) + 1}–')")
        seen += papers_shown(page)
    assert len(seen) == len(set(seen)) == total > 20


def papers_shown(page: Any) -> list[str]:
    """The documents on this page of results, with those that stand in the hits of their translations."""
    return page.locator(".hits [data-document]").evaluate_all("links => links.map((link) => link.dataset.document)")


def hits_shown(page: Any) -> list[str]:
    """The documents on this page of results."""
    return page.locator(".hit-title").evaluate_all("links => links.map((link) => link.dataset.document)")


def test_the_keyboard_alone_is_enough(visitor: Any, demo: Any) -> None:
    page, keys = visitor.page, visitor.page.keyboard
    person = demo.expert("strictly-confidential")
    visitor.arrive()
    page.wait_for_selector("#username:focus")
    keys.type(person["username"])
    keys.press("Tab")
    keys.type(person["password"])
    keys.press("Enter")
    page.wait_for_selector("#query:focus")
    keys.type("recommendations")
    keys.press("Enter")
    page.wait_for_selector(".hit")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.dataset.document")
    assert chosen == hits_shown(page)[1]
    keys.press("Enter")
    page.wait_for_selector("#reader-title:focus")
    here = int(page.input_value("#page-number"))
    on = here < int(page.get_attribute("#page-number", "max"))
    keys.press("ArrowRight" if on else "ArrowLeft")
    visitor.await_page(here + 1 if on else here - 1)
    keys.press("Escape")
    page.wait_for_selector(f'.hit-title[data-document="{chosen}"]:focus')
    keys.press("/")
    page.wait_for_selector("#query:focus")
    assert page.input_value("#query") == "recommendations"


def test_a_sentence_and_its_boxes_light_each_other(expert: Any) -> None:
    page = expert.page
    expert.search("recommendations")
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    sentence = page.locator(".sentence.lit:has(mark)").first
    segment = sentence.get_attribute("data-segment")
    sentence.locator("mark").first.hover()
    page.wait_for_selector(f'.box.active[data-segment="{segment}"]')
    page.mouse.move(0, 0)
    page.wait_for_selector(".box.active", state="detached")
    page.locator(f'.line[data-segment="{segment}"]').first.hover()
    page.wait_for_selector(f'.sentence.active[data-segment="{segment}"]')


def test_the_original_can_be_taken_away(expert: Any, tmp_path: Path) -> None:
    page = expert.page
    expert.search("recommendations")
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download original").click()
    assert re.fullmatch(r"TCE-\d{4}-[\w.-]+_(unclassified|restricted|[a-z-]*confidential)_(en|ru)\.pdf", name_of(taken))
    taken.value.save_as(tmp_path / "original.pdf")
    assert (tmp_path / "original.pdf").read_bytes().startswith(b"%PDF-")


def name_of(taken: Any) -> str:
    """What a file that was taken away is called."""
    return str(taken.value.suggested_filename)


def test_a_reload_keeps_the_session_and_the_page(expert: Any) -> None:
    page = expert.page
    expert.search("recommendations")
    expert.hit(0).click()
    page.wait_for_selector("#reader-title")
    title, address = page.inner_text("#reader-title"), page.url
    page.reload()
    page.wait_for_selector("#reader-title")
    assert (page.inner_text("#reader-title"), page.url) == (title, address)
    assert title not in page.title()


def test_a_session_that_is_over_leads_to_the_sign_in(expert: Any) -> None:
    page = expert.page
    expert.search("returnees")
    page.evaluate("""() => fetch("/api/session", { method: "DELETE", headers: { "X-Tolmach": "1" } })""")
    page.press("#query", "Enter")
    page.wait_for_selector("#username")
    assert page.inner_text(".said") == "Your session is over. Sign in to go on."
    assert page.locator(".hit").count() == 0


def test_a_wrong_password_is_told_plainly(visitor: Any) -> None:
    page = visitor.page
    visitor.arrive()
    page.fill("#username", "nobody")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    page.wait_for_selector(".said:not([hidden])")
    assert "do not belong together" in page.inner_text(".said")


def test_an_unavailable_service_can_be_asked_again(expert: Any) -> None:
    page = expert.page
    page.route("**/api/search", lambda route: route.fulfill(status=503, json={"detail": "Later."}))
    page.fill("#query", "returnees")
    page.press("#query", "Enter")
    page.wait_for_selector(".results .notice")
    assert "not available" in page.inner_text(".results .notice")
    page.unroute("**/api/search")
    page.click(".results .notice button")
    page.wait_for_selector(".hit")
    expert.complaints[:] = [said for said in expert.complaints if "503" not in said]


def test_an_address_that_no_role_opens_is_refused_before_anything_is_fetched(visitor: Any, demo: Any) -> None:
    page = visitor.page
    visitor.arrive("#/people")
    visitor.sign_in(demo.expert("unclassified"))
    page.wait_for_selector("h1:text-is('This is not open to you')")
    assert "None of your roles" in page.inner_text(".notice")
    visitor.speak("ru")
    assert page.inner_text("h1") == "Это вам не открыто"
    asked = [address for address in visitor.addresses if "/api/people" in address or "/static/people/" in address]
    assert asked == []
    page.click(".work a")
    page.wait_for_selector("#query:focus")


@pytest.mark.parametrize("width", [360, 1600])
def test_nothing_sticks_out(expert: Any, width: int) -> None:
    page = expert.page
    page.set_viewport_size({"width": width, "height": 800})
    fits = "document.documentElement.scrollWidth <= innerWidth"
    page.click(".help summary")
    assert page.evaluate(fits)
    expert.search("возвращение боевиков")
    assert page.evaluate(fits)
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    assert page.evaluate(fits)


def test_the_content_policy_is_in_force(visitor: Any) -> None:
    visitor.arrive()
    visitor.page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert visitor.page.evaluate("document.body.style.color") == ""
    assert visitor.page.evaluate("(() => { try { document.body.innerHTML = 'x'; } catch { return true; } })()")
    assert any("style-src" in said for said in visitor.complaints)
    visitor.page.goto("about:blank")  # whatever it still had to say has been said
    visitor.complaints.clear()
