"""The views of those who ask, for pictures: papers for answers, agencies for papers. Sends no enquiry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

AT, OVER = "2026-03-02T09:30:00+00:00", "2026-05-31T09:30:00+00:00"
FILTERS = {"country": ["KZ", "TJ"], "kind": ["report"], "year_from": 2023}


def enquiry(number: int, agency: str, query: str, note: str = "", **filters: Any) -> dict[str, Any]:
    """An enquiry as the service tells it."""
    search = {"query": query, "filters": filters, "sort": "relevance"}
    return {
        "enquiry_id": f"{number:032}",
        "agency": agency,
        "sent_at": AT,
        "over_at": OVER,
        "search": search,
        "note": note,
    }


OWN = [
    enquiry(1, "UZ-PGO", "возвращение женщин и детей", "For the workshop in May", **FILTERS),
    enquiry(2, "OSCE", '"watchlist review" -training'),
    enquiry(3, "OSCE", ""),
]
ASKER = {"username": "bakyt", "name": "Bakyt Toktogulov", "agency": "KG-SCNS"}
RECEIVED = {"total": 2, "enquiries": [{"enquiry": each, "asker": ASKER} for each in OWN[:2]]}


def asking(visitor: Any, demo: Any) -> Iterator[str]:
    """An expert who asks a question, and follows what a paper recommends."""
    page = visitor.page
    visitor.arrive()
    visitor.sign_in(demo.expert("strictly-confidential"))
    page.wait_for_selector("#query:focus")
    visitor.search('symbol:"TCE/2024/WS.2/REC/3" lang:en')  # of two that are found alike, chance has the first
    visitor.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    visitor.await_page(int(page.input_value("#page-number")))
    page.click(".reader-facts a[href^='#/recommendations/']")
    page.wait_for_selector(".answering article")
    page.locator(".answering article > .buttons button").first.click()
    page.wait_for_selector(".thread")
    page.mouse.move(0, 0)
    yield "recommendations"
    visitor.arrive("#/answers")
    page.fill("#question", "What should be done with children who return from the camps?")
    page.press("#question", "Enter")
    page.wait_for_selector(".answering .found-count")
    yield "answers"


def enquiring(visitor: Any, demo: Any) -> Iterator[str]:
    """An expert who asks an agency, and the list of what they asked."""
    page = visitor.page
    page.route("**/api/enquiries", lambda route: route.fulfill(json=OWN))
    visitor.arrive()
    visitor.sign_in(demo.expert("strictly-confidential"))
    page.wait_for_selector("#query:focus")
    visitor.search("возвращение боевиков")
    page.click("[data-key=ask-agency]")
    page.wait_for_selector("#asked-agency:focus")
    yield "search-ask-agency"
    page.keyboard.press("Escape")
    visitor.arrive("#/enquiries")
    page.wait_for_selector("#own-enquiries tbody tr")
    yield "enquiries"


def receiving(visitor: Any, demo: Any) -> Iterator[str]:
    """A registrar whose agency is asked."""
    page = visitor.page
    page.route("**/api/enquiries/received?*", lambda route: route.fulfill(json=RECEIVED))
    visitor.arrive()
    visitor.sign_in(demo.person("marat"))
    page.wait_for_selector("#home-title:focus")
    visitor.arrive("#/received")
    page.wait_for_selector("#received-enquiries tbody tr")
    yield "received"
