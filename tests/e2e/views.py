"""Every view of the page that somebody is to look at, each with the way to it; made so that a picture is stable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import segno

QUERY = "возвращение боевиков"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = [f"{number:04}-ABCD-EFGH" for number in range(1111, 1121)]
ENGINE = re.compile(r"/api/documents/[0-9a-f]+$")


def from_outside(visitor: Any, _: Any) -> Iterator[str]:
    """The sign-in form, and what it says of a wrong password."""
    page = visitor.page
    page.wait_for_selector("#username:focus")
    yield "sign-in"
    page.fill("#username", "nobody")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    page.wait_for_selector(".said:not([hidden])")
    yield "sign-in-refused"


def searching(visitor: Any, demo: Any) -> Iterator[str]:
    """The expert's search: before, its help, hits, a filter, nothing, a query with a note, an error."""
    page = visitor.page
    visitor.sign_in(demo.expert("strictly-confidential"))
    page.wait_for_selector("#query:focus")
    yield "search-start"
    page.click(".help summary")
    yield "search-help"
    page.click(".help summary")
    visitor.search(QUERY)
    yield "search-hits"
    if page.locator(".unfolder").is_visible():
        page.click(".unfolder")
    with page.expect_response("**/api/search"):
        page.locator(".facet label").first.click()
    page.wait_for_selector(".chip")
    page.wait_for_selector(".columns[aria-busy=false]")
    yield "search-filter"
    page.click(".chips .link")
    page.wait_for_selector(".chip", state="detached")
    page.wait_for_selector(".columns[aria-busy=false]")
    visitor.search("звездолёт")
    yield "search-nothing"
    visitor.search("camps ) women")
    page.wait_for_selector(".query-notes")
    yield "search-notes"
    page.reload()
    page.wait_for_selector("#query:focus")
    page.route("**/api/search", lambda route: route.fulfill(status=503))
    page.fill("#query", "returnees")
    page.press("#query", "Enter")
    page.wait_for_selector(".results .notice")
    yield "search-error"
    page.unroute("**/api/search")


def reading(visitor: Any, demo: Any) -> Iterator[str]:
    """The reader: both texts with what was found, one text, a document that is not there; and one's own sign-in."""
    page = visitor.page
    visitor.arrive()
    visitor.sign_in(demo.expert("strictly-confidential"))
    page.wait_for_selector("#query:focus")
    visitor.search(QUERY)
    page.locator(".hit:has(.evidence + .evidence .translated) .hit-title").first.click()  # found by its text
    page.wait_for_selector("#reader-title:focus")
    visitor.await_page(int(page.url.rsplit("/", 1)[1]))
    page.mouse.move(0, 0)
    yield "reader-both"
    page.click("[data-key=texts-original]")
    page.mouse.move(0, 0)
    yield "reader-original"
    visitor.arrive(f"#/document/{'0' * 32}/1")
    page.wait_for_selector(".dead-end")
    yield "reader-absent"
    visitor.arrive("#/account")
    page.wait_for_selector("#account-title:focus")
    yield "account"
    page.route("**/api/me/otp", second_factor)
    page.fill("#factor-password", "whatever")
    page.press("#factor-password", "Enter")
    page.wait_for_selector("#factor-digits:focus")
    page.wait_for_function("document.querySelector('.qr').naturalWidth > 100")
    yield "account-second-factor"
    page.fill("#factor-digits", "123456")
    page.press("#factor-digits", "Enter")
    page.wait_for_selector("#recovery-kept:focus")
    yield "account-recovery-codes"


def without_search(visitor: Any, demo: Any) -> Iterator[str]:
    """Somebody whose roles do not open the search."""
    visitor.arrive()
    visitor.sign_in(next(row for row in demo.sign_ins if row["roles"] == ["registrar"]))
    visitor.page.wait_for_selector(".search .notice")
    yield "no-search"


def second_factor(route: Any) -> None:
    """Answer with a secret and codes that are the same each time."""
    confirmed = "code" in json.loads(route.request.post_data)
    picture = segno.make(f"otpauth://totp/Tolmach:anna?secret={SECRET}").svg_inline(scale=4, light="#fff")
    picture = picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    made = {"secret": SECRET, "uri": "", "picture": picture, "recovery_codes": []}
    route.fulfill(json=made | ({"recovery_codes": CODES} if confirmed else {}))


def first_time(visitor: Any, first_day: Any) -> Iterator[str]:
    """An administrator's first sign-in: the password that must be chosen. Goes no further: the code stays good."""
    page, admin = visitor.page, first_day.sign_ins[0]
    visitor.arrive()
    page.fill("#username", admin["username"])
    page.fill("#password", admin["code"])
    page.press("#password", "Enter")
    page.wait_for_selector("#old-password:focus")
    yield "first-password"


Journey = Callable[[Any, Any], Iterator[str]]
WITH_DEMO: tuple[Journey, ...] = (from_outside, searching, reading, without_search)
FIRST_DAY: tuple[Journey, ...] = (first_time,)
VIEWS = (
    *("sign-in", "sign-in-refused", "search-start", "search-help", "search-hits", "search-filter", "search-nothing"),
    *("search-notes", "search-error", "reader-both", "reader-original", "reader-absent", "account"),
    *("account-second-factor", "account-recovery-codes", "no-search", "first-password"),
)
