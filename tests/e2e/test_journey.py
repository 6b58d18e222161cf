"""The way of an expert: sign in, search, land on the page and the sentence; and what a lesser clearance changes."""

from __future__ import annotations

from typing import Any

QUERY = "возвращение боевиков"

# For each lit box: its edges as parts of the image, and how much of the image under it is dark; and of the whole page.
UNDER_THE_BOXES = """() => {
    const image = document.querySelector(".sheet.current img");
    const frame = image.getBoundingClientRect();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0);
    const ink = (x, y, width, height) => {
        const { data } = pen.getImageData(x, y, Math.max(1, width), Math.max(1, height));
        let dark = 0;
        for (let at = 0; at < data.length; at += 4) dark += data[at] + data[at + 1] + data[at + 2] < 384 ? 1 : 0;
        return dark / (data.length / 4);
    };
    const boxes = [...document.querySelectorAll(".sheet.current .box.lit")].map((box) => {
        const at = box.getBoundingClientRect();
        const [left, right] = [(at.left - frame.left) / frame.width, (at.right - frame.left) / frame.width];
        const [top, bottom] = [(at.top - frame.top) / frame.height, (at.bottom - frame.top) / frame.height];
        const [w, h] = [canvas.width, canvas.height];
        return { left, right, top, bottom, ink: ink(left * w, top * h, (right - left) * w, (bottom - top) * h) };
    });
    return { boxes, page: ink(0, 0, canvas.width, canvas.height) };
}"""


def test_an_expert_lands_on_the_page_and_the_sentence_and_a_lesser_clearance_sees_less(visitor: Any, demo: Any) -> None:
    page = visitor.page
    visitor.arrive()
    visitor.sign_in(demo.expert("strictly-confidential"))
    assert demo.expert("strictly-confidential")["name"] in page.inner_text("#header")

    total = visitor.search(QUERY)
    assert page.locator(".hits [data-document]").count() == min(total, 20) > 1  # a hit may hold two papers
    found = {mark.lower() for mark in page.locator(".quotation mark").all_inner_texts()}
    assert {"боевик", "возвращения"} <= found  # other forms than those that were asked for
    with page.expect_response("**/api/search"):
        page.click(".facet label:has-text('Strictly Confidential')")
    page.wait_for_selector(".hit:not(:has(.badge:text-is('Strictly Confidential')))", state="detached")
    secret = secret_document(page)
    page.click(f'.hit-title[data-document="{secret}"]')
    opened = int(page.url.rsplit("/", 1)[1])
    visitor.await_page(opened)

    seen = page.evaluate(UNDER_THE_BOXES)
    assert seen["boxes"]
    for box in seen["boxes"]:
        assert 0 <= box["left"] < box["right"] <= 1
        assert 0 <= box["top"] < box["bottom"] <= 1
        assert box["ink"] > seen["page"] > 0
    lit = page.locator(".sentence.lit")
    assert lit.first.is_visible()
    assert is_in_sight(page, ".sentence.lit", ".text-pane")
    assert is_in_sight(page, ".sheet.current .box.lit", ".image-pane")
    assert lit.locator("mark").count() > 0
    assert page.locator(".banner").count() == 2
    assert "STRICTLY CONFIDENTIAL" in page.locator(".banner").first.inner_text()

    before = page.inner_text(".text-page.current")
    page.keyboard.press("ArrowRight")
    visitor.await_page(opened + 1)
    assert page.inner_text(".text-page.current") != before
    page.go_back()
    page.wait_for_selector(".hits")
    assert page.evaluate("document.activeElement.dataset.document") == secret
    assert page.input_value("#query") == QUERY

    page.click("#sign-out")
    page.wait_for_selector("#username")
    assert page.evaluate("sessionStorage.length") == 0
    visitor.sign_in(demo.expert("unclassified"))
    assert 0 < visitor.search(QUERY) < total
    assert page.locator(f'.hit-title[data-document="{secret}"]').count() == 0
    visitor.arrive(f"#/document/{secret}/1")
    page.wait_for_selector(".dead-end")
    assert "There is no such document, or you may not read it." in page.inner_text(".dead-end")
    assert not [address for address in visitor.addresses if "боевик" in address or "возвращен" in address]


def secret_document(page: Any) -> str:
    """A hit of the highest level that has more than one page."""
    hits = page.locator(".hit:has(.badge:text-is('Strictly Confidential')) .hit-title")
    assert hits.count() > 0
    ids = [hits.nth(number).get_attribute("data-document") for number in range(hits.count())]
    long = [one for one in ids if pages_of(page, one) > 1]
    return str(long[0])


def pages_of(page: Any, document_id: str) -> int:
    """How many pages a document has, asked with the visitor's own cookie."""
    return int(
        page.evaluate(
            """async (id) => (await (await fetch(`/api/documents/${id}`, {
                headers: { "X-Tolmach": "1" } })).json()).pages""",
            document_id,
        )
    )


def is_in_sight(page: Any, part: str, pane: str) -> bool:
    """Whether the first of these parts lies inside what its pane shows."""
    return bool(
        page.evaluate(
            """([part, pane]) => {
                const inner = document.querySelector(part).getBoundingClientRect();
                const outer = document.querySelector(pane).getBoundingClientRect();
                return inner.top >= outer.top && inner.bottom <= outer.bottom;
            }""",
            [part, pane],
        )
    )
