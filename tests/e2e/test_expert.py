"""What experts do besides searching and reading: they keep searches, ask many at once, look for similar passages."""

from __future__ import annotations

import csv
import io
from html import escape
from pathlib import Path
from typing import Any

QUERY = "возвращение боевиков"


def test_a_search_is_kept_listed_run_and_deleted_by_keyboard(expert: Any) -> None:
    page = expert.page
    total = expert.search(QUERY)
    page.focus("[data-key=keep]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#kept-name:focus")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("<b>Returns</b>")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    page.reload()
    page.wait_for_selector("#query:focus")
    page.focus(".kept summary")
    page.keyboard.press("Enter")
    run = page.locator(".kept-list button", has_text="<b>Returns</b>")
    run.focus()
    with page.expect_response("**/api/search") as answer:
        page.keyboard.press("Enter")
    assert answer.value.json()["total"] == total
    assert page.input_value("#query") == QUERY
    page.wait_for_selector(".hit")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Delete: <b>Returns</b>"
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector(".kept-list", state="detached")
    assert not [address for address in expert.addresses if "Returns" in address]


def test_what_is_new_of_a_kept_search_is_told_until_one_looks(expert: Any) -> None:
    """The news themselves are tested with the API; here one paper that was seen is made a new one in the answer."""
    page = expert.page
    expert.search(QUERY)
    page.click("[data-key=keep]")
    page.wait_for_selector("#kept-name:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")

    def with_news(route: Any) -> None:
        searches = route.fetch().json()
        searches[0]["news"] |= {"new": 1, "papers": [{"document_id": "0" * 32, "title": {}}]}
        route.fulfill(json=searches)

    page.route("**/api/searches?news=true", with_news)
    page.click(".kept summary")
    page.wait_for_selector(".kept-list strong:text-is('1 new')")
    page.unroute("**/api/searches?news=true")
    with page.expect_response("**/look") as looked:
        page.click(".kept-list button >> nth=0")
    assert looked.value.status == 204
    page.wait_for_selector(".kept-list strong", state="detached")
    page.click(".kept-list button >> nth=1")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kept-list", state="detached")


def test_many_lines_are_searched_at_once_and_taken_along_as_a_table(expert: Any) -> None:
    page = expert.page
    page.click("[data-key=to-lines]")
    page.wait_for_selector("#lines:focus")
    page.keyboard.insert_text(f"{QUERY}\n\n  camps\nзвездолёт\n")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lines-found tbody tr")
    assert page.locator("#lines-found tbody tr").count() == 3
    assert "nothing found" in page.inner_text("#lines-found tbody tr:last-child")
    with page.expect_download() as taken:
        page.click("button:text-is('Download as a table (CSV)')")
    rows = list(csv.DictReader(io.StringIO(Path(taken.value.path()).read_text("utf-8-sig"))))
    assert [row["query"] for row in rows] == [QUERY, "camps", "звездолёт"]
    page.click("#lines-found tbody a >> nth=0")
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    assert page.locator(".sentence.lit").count() > 0  # what the line found is marked
    page.keyboard.press("Escape")
    page.wait_for_selector("#lines-title:focus")
    assert page.locator("#lines-found tbody tr").count() == 3


def test_passages_like_one_are_found_and_the_way_back_leads_to_the_query(expert: Any) -> None:
    page = expert.page
    total = expert.search(QUERY)
    first = expert.hit(0).get_attribute("data-document")
    page.focus(".like-it >> nth=0")
    with page.expect_response("**/api/search/similar") as answer:
        page.keyboard.press("Enter")
    assert answer.value.ok
    page.wait_for_selector(".chip:has-text('Like page')")
    page.wait_for_selector(".columns[aria-busy=false]")
    assert expert.hit(0).get_attribute("data-document") == first  # nothing is more like it than itself
    with page.expect_response("**/api/search") as again:
        page.click(".chip:has-text('Like page')")
    assert again.value.json()["total"] == total


COPIED = """(press) => new Promise((resolve) => {
    const clipboard = { writeText: async (text) => resolve(text) };
    Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
    press && document.querySelector(press).click();
})"""
PLAIN = """() => {
    const data = new DataTransfer();
    const event = new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true });
    getSelection().anchorNode.parentElement.dispatchEvent(event);
    return data.getData("text/plain");
}"""


def test_what_is_selected_is_copied_alone_with_its_source_or_in_both_languages(expert: Any, ask: Any) -> None:
    page = expert.page
    expert.search(QUERY)
    document_id, number = opened_with_translation(expert, ask)
    shown = ask(f"/documents/{document_id}/pages/{number}")["segments"]
    about = ask(f"/documents/{document_id}")
    page.focus(".sentence.original[tabindex='0']")
    page.keyboard.press("Shift+ArrowDown")
    at = page.evaluate("document.activeElement.dataset.segment")
    place = next(place for place, segment in enumerate(shown) if segment["segment_id"] == at)
    before, after = shown[place - 1 : place + 1]
    plain = page.evaluate(PLAIN)
    assert plain.split() == f"{before['text']} {after['text']}".split()
    said = page.evaluate(COPIED, ".quote-bar button:nth-of-type(2)")
    for part in (before["text"], after["text"], before["translation"]["text"], about["symbol"], f"p. {number}"):
        assert part in said
    assert "machine translation" in said.lower()
    assert said.startswith(f"[{page.locator('.banner strong').first.inner_text()}")
    page.wait_for_selector(".quote-bar:has-text('Copied.')")


def opened_with_translation(expert: Any, ask: Any) -> tuple[str, int]:
    """A document opened at a page where a sentence was found and at least two follow each other, translated."""
    for hit in expert.page.locator(".hit-title").all():
        document_id = str(hit.get_attribute("data-document"))
        if ask(f"/documents/{document_id}")["translation"]["reason"] == "":
            hit.click()
            expert.page.wait_for_selector("#reader-title:focus")
            number = int(expert.page.input_value("#page-number"))
            expert.await_page(number)
            return document_id, number
    raise AssertionError("none of the hits is translated")


def test_passages_are_collected_ordered_commented_and_taken_out_by_keyboard(expert: Any) -> None:
    page = expert.page
    expert.empty_dossier()
    expert.search(QUERY)
    expert.hit(0).press("Enter")
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    page.focus(".sentence.original[tabindex='0']")
    page.keyboard.press("d")
    page.wait_for_selector(".quote-bar:has-text('In the dossier, 1 in all.')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("d")
    page.wait_for_selector(".quote-bar:has-text('In the dossier, 2 in all.')")
    page.click("[data-key=to-dossier]")
    page.wait_for_selector(".passages li:nth-child(2)")
    second = page.inner_text(".passages li:nth-child(2) blockquote >> nth=0")
    page.fill(".passages li:nth-child(2) textarea", "<i>Compare</i>")
    page.focus(".passages li:nth-child(2) [data-key^=up]")
    page.keyboard.press("Enter")
    assert page.inner_text(".passages li:nth-child(1) blockquote >> nth=0") == second
    assert page.evaluate("document.activeElement.dataset.key").startswith("up-")
    assert page.input_value(".passages li:nth-child(1) textarea") == "<i>Compare</i>"
    marking = page.inner_text(".dossier-label .banner strong >> nth=0")
    with page.expect_download() as taken:
        page.click("button:text-is('Take out (HTML)')")
    text = Path(taken.value.path()).read_text("utf-8")
    assert text.index(escape(second)[:40]) > 0 and "&lt;i&gt;Compare&lt;/i&gt;" in text
    assert marking in text.split("<thead>")[1].split("</thead>")[0]
    page.wait_for_selector(".outcome:has-text('taken out')")
    with page.expect_response("**/api/dossier/kept"):  # of what was written last
        page.fill("#dossier-name", "Returns")
    page.reload()
    page.wait_for_selector(".passages li:nth-child(2)")
    assert page.inner_text(".passages li:nth-child(1) blockquote >> nth=0") == second
    assert page.input_value(".passages li:nth-child(1) textarea") == "<i>Compare</i>"
    assert page.input_value("#dossier-name") == "Returns"
    assert page.evaluate("JSON.stringify([sessionStorage, localStorage])").count("Compare") == 0


def test_a_dossier_holds_no_tab_back_when_its_person_signs_out_in_another(expert: Any) -> None:
    page = expert.page
    expert.empty_dossier()
    expert.search(QUERY)
    expert.hit(0).press("Enter")
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    page.focus(".sentence.original[tabindex='0']")
    page.keyboard.press("d")
    page.wait_for_selector(".quote-bar:has-text('In the dossier, 1 in all.')")
    other = page.context.new_page()
    other.goto(f"{expert.demo.address}/")
    other.wait_for_selector("#query")
    other.click("#sign-out")
    page.wait_for_selector("#username")
    assert page.locator("#reader-title, .sentence").count() == 0


def test_the_list_is_walked_by_keys_beside_a_preview_that_asks_for_nothing(expert: Any) -> None:
    page = expert.page
    expert.search(QUERY)
    titles = page.locator(".hit-title").all_inner_texts()
    page.keyboard.press("ArrowDown")
    asked = len(expert.addresses)
    page.keyboard.press("j")
    assert page.inner_text(".preview h2") == titles[1]
    page.keyboard.press("k")
    assert page.inner_text(".preview h2") == titles[0]
    assert [address for address in expert.addresses[asked:] if "/api/" in address] == []
    page.set_viewport_size({"width": 1100, "height": 900})
    assert page.locator(".preview").is_hidden()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "query"


ASKED_AGAIN = """() => {
    const hit = document.querySelector(".hit");
    document.querySelector("#query").form.requestSubmit();
    return [hit.isConnected, document.querySelector(".columns").getAttribute("aria-busy")];
}"""


def test_an_earlier_answer_stays_as_it_is_until_the_next_one_comes(expert: Any) -> None:
    page = expert.page
    expert.search("women")
    with page.expect_response("**/api/search"):
        assert page.evaluate(ASKED_AGAIN) == [True, "true"]  # drawing it anew would keep the question waiting
    page.wait_for_selector(".columns[aria-busy=false] .hit")


def test_years_are_bars_and_no_list_has_one_value_alone(expert: Any) -> None:
    page = expert.page
    expert.search("")
    bars = page.locator(".year-bar")
    assert bars.count() > 1
    for facet in page.locator(".facet:not(:has(.year-bars))").all():
        assert facet.locator("label").count() > 1
    year = bars.nth(0).get_attribute("data-year")
    bars.nth(0).focus()
    with page.expect_response("**/api/search") as one:
        page.keyboard.press("Enter")
    assert one.value.json()["total"] > 0
    page.wait_for_selector(f".year-bar[data-year='{year}'][aria-pressed=true]:focus")
    page.click(".chips .link")
    page.wait_for_selector(".chip", state="detached")
    page.wait_for_selector(".columns[aria-busy=false]")
    boxes = [bars.nth(at).bounding_box() for at in (0, 1)]
    with page.expect_request("**/api/search") as span:
        page.mouse.move(boxes[0]["x"] + 3, boxes[0]["y"] + 30)
        page.mouse.down()
        page.mouse.move(boxes[1]["x"] + 3, boxes[1]["y"] + 30)
        page.mouse.up()
    filters = span.value.post_data_json["filters"]
    assert (str(filters["year_from"]), str(filters["year_to"])) == (year, bars.nth(1).get_attribute("data-year"))
