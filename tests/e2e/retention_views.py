"""Views of how long papers are kept, and of accounts at an issuer, told by answers that are the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

AT = "2026-03-02T09:30:00+00:00"
PAPER, OTHER = "a" * 32, "b" * 32
SUBJECT = "f3b0c442-98fc-4c14-9afb-f4c8996fb924"


def due(visitor: Any) -> Iterator[str]:
    """A registrar's: what is due, of which one is to be disposed of."""
    page = visitor.page
    page.route("**/api/retention/due", lambda route: route.fulfill(json=DUE))
    visitor.arrive("#/due")
    page.wait_for_selector("#due tbody tr")
    page.mouse.move(0, 0)
    yield "due"
    page.click("#due tbody tr:nth-child(2) button")
    page.wait_for_selector("#reason:focus")
    yield "due-dispose"
    page.keyboard.press("Escape")


def scheduling(visitor: Any) -> Iterator[str]:
    """An administrator's: the schedules."""
    page = visitor.page
    page.route("**/api/retention/schedules", lambda route: route.fulfill(json=[AGENDAS, RESOLUTIONS, REPORTS]))
    visitor.arrive("#/schedules")
    page.wait_for_selector("#schedules tbody tr")
    page.mouse.move(0, 0)
    yield "schedules"


def certified(page: Any) -> Iterator[str]:
    """An auditor's: an entry of a disposal, and its certificate."""
    trail = {"entries": [DISPOSAL], "next_before": None, "archives": []}
    page.route("**/api/audit?*", lambda route: route.fulfill(json=trail))
    page.route("**/api/retention/certificates/*", lambda route: route.fulfill(json=CERTIFICATE))
    page.reload()
    page.click(".entries .button.slim")
    page.wait_for_selector("#take-certificate")
    page.mouse.move(0, 0)
    yield "certificate"


def linking(page: Any) -> Iterator[str]:
    """An administrator's, where there is single sign-on: one person is linked, and another is to be."""

    def linked(route: Any) -> None:
        answer = route.fetch()
        people = [person for person in answer.json() if person["username"] in ("admin1", "jonas")]
        told = [{**person, "code_until": None, "subject": "" if at else SUBJECT} for at, person in enumerate(people)]
        route.fulfill(response=answer, json=told)

    ways = {"single_sign_on": True, "password": True}
    page.route("**/api/session/ways", lambda route: route.fulfill(json=ways))
    page.route("**/api/people?*", linked)
    page.reload()
    page.wait_for_selector(f"#people tbody tr:has-text('{SUBJECT}')")
    page.click("#people tbody tr:has-text('jonas') .buttons button >> nth=-1")
    page.wait_for_selector("#new-subject:focus")
    yield "people-link"
    page.keyboard.press("Escape")


def label(level: str, readers: Any, words: str = "") -> dict[str, Any]:
    """A label as the API tells it."""
    return {"level": level, "releasable_to": readers, "need_to_know": words, "originators": ["KZ-MIA"]}


AGENDAS = {"kind": "agenda", "level": "unclassified", "years": 5}
RESOLUTIONS = {"kind": "resolution", "level": "restricted", "years": 1}
REPORTS = {"kind": "report", "level": "restricted", "years": 21}
DUE = [
    {
        "document_id": PAPER,
        "title": {"en": "Agenda of the fourth meeting on border posts", "ru": "Повестка дня четвёртого совещания"},
        "label": label("unclassified", "ALL"),
        "kept_since": "2019-04-02",
        "schedule": AGENDAS,
    },
    {
        "document_id": OTHER,
        "title": {"ru": "Доклад о работе пунктов пропуска в горных районах"},
        "label": label("restricted", ["KZ-MIA", "UNODC"], "returnees"),
        "kept_since": "2004-11-30",
        "schedule": REPORTS,
    },
]
PROPOSED = {
    "proposal_id": "3",
    "kind": "dispose",
    "change": {"kind": "dispose", "document_id": PAPER},
    "reason": "Rule 7 of the archive",
    "proposed_by": "saule",
    "proposed_at": AT,
}
REMOVED = {
    "document_id": PAPER,
    "label": label("unclassified", "ALL"),
    "sha256": "",
    "removed_at": AT,
    "removed_by": "marat",
    "proposed_by": "saule",
    "reason": "Rule 7 of the archive",
    "by_schedule": True,
    "deletes_at": None,
    "legal_hold": False,
}
DISPOSED = {"schedule": json.dumps({"kind": "report", "level": 20, "years": 21}), "kept_since": "2004-11-30"}
DISPOSAL = {
    "number": 70,
    "at": AT,
    "person": "saule",
    "origin": "10.1.2.3",
    "action": "remove",
    "object": OTHER,
    "decision": "allowed",
    "detail": DISPOSED | {"proposed_by": "marat"},
    "sealed": "",
    "digest": f"{70:064x}",
}
CERTIFICATE = {
    "kind": "disposal",
    "document_id": OTHER,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "label": '[20, ["KZ-MIA", "UNODC"], "returnees"]',
    "schedule": {"kind": "report", "level": 20, "years": 21},
    "kept_since": "2004-11-30",
    "proposal_id": "3",
    "proposed_by": "marat",
    "approved_by": "saule",
    "decided_at": AT,
    "destroyed_at": "2026-04-01T09:30:00+00:00",
    "entries": [DISPOSAL],
}
