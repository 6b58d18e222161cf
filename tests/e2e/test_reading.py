"""What experts do in the reader: words lie over pictures, pages are scrolled, the next result is one step away."""

from __future__ import annotations

from typing import Any

from test_expert import COPIED, QUERY

WORDS_IN_BOXES = """() => [...document.querySelectorAll(".line")].map((line) => {
    const own = `.box[data-segment="${line.dataset.segment}"]`;
    const at = line.getBoundingClientRect();
    const boxes = [...document.querySelectorAll(own)].map((box) => box.getBoundingClientRect());
    return boxes.some((box) => Math.abs(box.left - at.left) < 2 && Math.abs(box.top - at.top) < 2
        && Math.abs(box.width - at.width) < 3 + box.width / 50);
})"""


def test_words_lie_over_the_picture_where_they_are_seen_at_any_zoom(expert: Any) -> None:
    page = expert.page
    expert.search(QUERY)
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    for _ in range(2):
        lies = page.evaluate(WORDS_IN_BOXES)
        assert len(lies) > 5 and sum(lies) > len(lies) * 0.9
        page.keyboard.press("+")
    copied = page.evaluate(
        """() => {
            const lines = [...document.querySelectorAll(".line")].slice(0, 2);
            getSelection().setBaseAndExtent(lines[0].firstChild, 0, lines[1].firstChild, lines[1].textContent.length);
            const event = new ClipboardEvent("copy", { clipboardData: new DataTransfer(), bubbles: true });
            lines[0].dispatchEvent(event);
            return [event.clipboardData.getData("text/plain"), lines.map((line) => line.textContent).join(" ")];
        }"""
    )
    assert copied[0] == copied[1] != ""


def test_the_next_result_is_opened_from_inside_and_back_leads_to_the_list(expert: Any) -> None:
    page = expert.page
    expert.search(QUERY)
    ids = [hit.get_attribute("data-document") for hit in page.locator(".hit-title").all()[:2]]
    expert.hit(0).press("Enter")
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    with page.expect_response(f"**/api/documents/{ids[1]}"):
        page.keyboard.press("n")
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    assert f"#/document/{ids[1]}/" in page.url
    assert page.locator(".sentence.lit").count() > 0
    with page.expect_response(f"**/api/documents/{ids[0]}"):
        page.keyboard.press("p")
    page.wait_for_selector("#reader-title:focus")
    page.keyboard.press("Escape")
    page.wait_for_selector(".hits")
    assert page.input_value("#query") == QUERY


def test_on_a_small_screen_the_text_comes_first(expert: Any) -> None:
    page = expert.page
    page.set_viewport_size({"width": 360, "height": 740})
    expert.search(QUERY)
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    page.evaluate("scrollTo(0, 0)")
    tops = page.evaluate(
        "['.text-side', '.image-pane'].map((part) => document.querySelector(part).getBoundingClientRect().top)"
    )
    assert tops[0] < 740 and tops[0] < tops[1]


def test_pages_are_read_on_by_scrolling_and_any_is_reached_by_the_strip(expert: Any) -> None:
    page = expert.page
    expert.search("recommendations")
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(1)
    last = int(page.get_attribute("#page-number", "max"))
    assert last > 1 and page.locator(".sheet").count() == last
    text = page.inner_text(".text-page.current")
    page.keyboard.press("t")
    page.wait_for_selector(".thumb[data-page='1'] img")
    marks = page.locator(".strip-mark").all_inner_texts()
    assert sum(map(int, marks)) == int(page.inner_text(".place").split()[2])
    page.focus(".image-pane")
    page.keyboard.press("End")
    expert.await_page(last)
    assert page.inner_text(".text-page.current") != text
    assert page.url.endswith(f"/{last}")
    page.focus(".thumb[tabindex='0']")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(f"Page {last}")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expert.await_page(1)
    assert page.inner_text(".text-page.current") == text
    page.keyboard.press("t")
    page.wait_for_selector(".strip", state="hidden")


# Which pages have their text in the pane, and whether the top of the current one's is to be seen.
TEXTS = """() => {
    const pane = document.querySelector(".text-pane").getBoundingClientRect();
    const own = document.querySelector(".text-page.current").getBoundingClientRect();
    const drawn = [...document.querySelectorAll(".text-page:not(:empty)")].map((leaf) => Number(leaf.dataset.page));
    return [drawn, own.top < pane.top + pane.height / 2 && own.bottom > pane.top];
}"""


# Whether the current page is drawn in both panes: it may be a later one already.
FOLLOWED = """() => document.querySelector(".panes[aria-busy=false] .sheet.current img")?.naturalWidth > 0
    && document.querySelector(".text-page.current:not(:empty)") !== null"""


def test_the_text_is_read_on_over_a_pages_end_and_the_images_follow(expert: Any, ask: Any) -> None:
    page = expert.page
    expert.search("")
    papers = page.locator(".hit-title").evaluate_all("links => links.map((link) => link.dataset.document)")
    paper = max(papers, key=lambda one: ask(f"/documents/{one}")["pages"])
    expert.open(paper)
    last = int(page.get_attribute("#page-number", "max"))
    assert last > 2 and page.locator(".text-page").count() == last
    page.hover(".text-pane")
    at = 1
    while at < last:
        while int(page.input_value("#page-number")) == at:
            page.mouse.wheel(0, 400)
            page.wait_for_timeout(250)  # until it is looked at what is in sight
        page.wait_for_function(FOLLOWED)
        at = int(page.input_value("#page-number"))
    assert page.url.endswith(f"/{last}")
    page.click("[aria-label='Previous page']")
    expert.await_page(last - 1)
    assert page.evaluate(TEXTS)[1]
    shown = ask(f"/documents/{paper}/pages/{last - 1}")["segments"], ask(f"/documents/{paper}/pages/{last}")["segments"]
    before, after = next(one for one in reversed(shown[0]) if not one["furniture"]), shown[1][0]
    page.focus(f".original[data-segment='{before['segment_id']}']")
    for _ in range(len(shown[0])):
        page.keyboard.press("Shift+ArrowDown")
        if page.evaluate("document.activeElement.dataset.segment") == after["segment_id"]:
            break
    said = page.evaluate(COPIED, ".quote-bar button:nth-of-type(1)")
    assert f"p. {last - 1}–{last}" in said
    assert " ".join(after["text"].split()) in " ".join(said.split())
