"""Every view of the page that somebody is to look at, each with the way to it; made so that a picture is stable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import retention_views
import segno
from enquiry_views import asking, enquiring, receiving

QUERY = "возвращение боевиков"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = [f"{number:04}-ABCD-EFGH" for number in range(1111, 1121)]
AT = "2026-03-02T09:30:00+00:00"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+]00:00)")


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
    page.route("**/api/session", passkey_wanted)
    page.press("#password", "Enter")
    page.wait_for_selector("#use-passkey:focus")
    yield "sign-in-passkey"


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
    frozen(page)
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
    page.route("**/api/me/passkeys", lambda route: route.fulfill(json=PASSKEYS | {"origin": demo.address}))
    visitor.arrive("#/account")
    page.wait_for_selector("#account-title:focus")
    page.wait_for_selector(".held .rows")
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


def registering(visitor: Any, demo: Any) -> Iterator[str]:
    """A registrar: the first page, the intake, a document's handling, files sent, what waits, what was removed."""
    page = visitor.page
    frozen(page)
    visitor.arrive()
    visitor.sign_in(demo.person("marat"))
    page.wait_for_selector("#home-title:focus")
    page.wait_for_selector(".waits[aria-busy=false]")
    yield "home"
    visitor.arrive("#/intake")
    page.wait_for_selector("#intake tbody tr")
    page.fill("#intake-filter", "20")
    page.wait_for_selector("#intake tbody tr:first-child")
    yield "intake"
    page.click("#intake tbody tr:has-text('unconfirmed-returns') a")
    page.wait_for_selector("#act-relabel")
    yield "handling"
    page.click("#act-relabel")
    page.wait_for_selector("#new-level:focus")
    yield "handling-label"
    page.keyboard.press("Escape")
    yield from waiting(visitor)


def waiting(visitor: Any) -> Iterator[str]:
    """What a registrar has sent, decides on, and can bring back: told by answers that are the same each time."""
    page = visitor.page
    page.route("**/api/documents", taken_in)
    visitor.arrive("#/add")
    page.wait_for_selector("#add-level option:nth-child(2)", state="attached")
    page.select_option("#add-level", "restricted")
    files = [{"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-"} for name in SENT]
    page.set_input_files("#files", files)
    page.wait_for_selector(".sending tr:nth-child(3) .quiet-line")
    yield "intake-add"
    page.unroute("**/api/documents")
    page.route("**/api/proposals", lambda route: route.fulfill(json=PROPOSALS))
    visitor.arrive("#/proposals")
    page.wait_for_selector(".proposal .difference")
    yield "proposals"
    page.route("**/api/removed", lambda route: route.fulfill(json=REMOVED))
    visitor.arrive("#/removed")
    page.wait_for_selector("#removed tbody tr")
    yield "removed"
    yield from retention_views.due(visitor)


def administering(visitor: Any, demo: Any) -> Iterator[str]:
    """An administrator: people, a grant before it is made, grants, agencies, an explanation, the status."""
    page, admin = visitor.page, demo.person("admin1")
    frozen(page)
    visitor.arrive()
    visitor.sign_in(admin, demo.code_of(admin))
    page.wait_for_selector("#home-title:focus")
    visitor.arrive("#/people")
    page.wait_for_selector("#people tbody tr")
    yield "people"
    page.click("#people tbody tr:has-text('jonas') button >> nth=0")
    page.select_option("#new-role", "expert")
    page.select_option("#new-clearance", "restricted")
    page.click("dialog .fields > .buttons >> nth=0 >> button")
    page.wait_for_selector("dialog .effect tbody tr")
    yield "people-grant"
    page.keyboard.press("Escape")
    yield from retention_views.linking(page)
    visitor.arrive("#/grants")
    page.wait_for_selector("#grants tbody tr")
    yield "grants"
    visitor.arrive("#/agencies")
    page.wait_for_selector("#agencies tbody tr")
    yield "agencies"
    yield from retention_views.scheduling(visitor)
    visitor.arrive("#/explain")
    page.wait_for_selector("#explain-to-OSCE", state="attached")
    page.fill("#explain-username", "bakyt")
    page.select_option("#explain-level", "strictly-confidential")
    page.press("#explain-username", "Enter")
    page.wait_for_selector(".sentence-said")
    yield "explain"
    visitor.arrive("#/status")
    page.wait_for_selector(".gauges[aria-busy=false]")
    yield "status"
    visitor.arrive("#/intake")
    page.wait_for_selector(".work .notice")
    yield "forbidden"


def auditing(visitor: Any, demo: Any) -> Iterator[str]:
    """An auditor: the trail, one entry unfolded, its proof, and the certificate of a disposal."""
    page = visitor.page
    page.route("**/api/audit?*", lambda route: route.fulfill(json=TRAIL))
    page.route("**/api/audit/proof", lambda route: route.fulfill(json=PROOF))
    visitor.arrive()
    visitor.sign_in(demo.person("miriam"))
    page.wait_for_selector(".entries tbody tr")
    page.click(".entries tbody tr:nth-child(2) summary")
    page.click("#prove")
    page.wait_for_selector(".proof-said.well")
    yield "trail"
    yield from retention_views.certified(page)


def translating(visitor: Any, demo: Any) -> Iterator[str]:
    """A translator: the queue, and the editor of a sentence. Nothing is saved."""
    page = visitor.page
    visitor.arrive()
    visitor.sign_in(demo.person("dilnoza"))
    page.wait_for_selector("#query:focus")
    visitor.arrive("#/translate")
    page.wait_for_selector("#queue tbody tr")
    yield "translate"
    page.click("#queue tbody tr:has-text('Таджикистан') a, #queue tbody tr:has-text('Statement of Tajikistan') a")
    page.wait_for_selector(".sentence-line")
    page.route("**/lease", lambda route: route.fulfill(json={"mine": True, "editing": None}))
    page.click(".sentence-line >> nth=5")
    page.wait_for_selector("#translation:focus")
    page.wait_for_selector(".beside-part")
    yield "translate-editor"


def terms_and_pairs(visitor: Any, demo: Any) -> Iterator[str]:
    """A translator: terms, one to be proposed, pairs, the alignment and the differences of one. Nothing is changed."""
    page = visitor.page
    page.route("**/api/pairs?*", by_title)
    visitor.arrive()
    visitor.sign_in(demo.person("dilnoza"))
    page.wait_for_selector("#query:focus")
    visitor.arrive("#/terms")
    page.wait_for_selector("#terms tbody tr")
    yield "terms"
    page.click("#propose-term")
    page.wait_for_selector("#word-en-1:focus")
    yield "terms-propose"
    page.keyboard.press("Escape")
    visitor.arrive("#/pairs")
    page.wait_for_selector("#pairs tbody tr")
    yield "pairs"
    page.click("#pairs tbody tr:first-child a[href*=alignment]")
    page.wait_for_selector(".bead")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".bead:focus .button")
    yield "alignment"
    page.click("a[href*=differences]")
    page.wait_for_selector("#differences tbody tr, .counted:not(:empty)")
    yield "differences"


def by_title(route: Any) -> None:
    """Pairs in an order that is the same each time."""
    answer = route.fetch()
    told = answer.json()
    told["pairs"].sort(key=lambda pair: str(pair["papers"][0]["title"]))
    route.fulfill(response=answer, json=told)


def frozen(page: Any) -> None:
    """Let answers tell of one moment, whenever they are asked for."""

    def still(route: Any) -> None:
        answer = route.fetch()
        text = MOMENT.sub(AT, answer.text())
        route.fulfill(response=answer, body=text)

    page.route("**/api/me/sessions", lambda route: route.fulfill(json=SESSIONS))
    page.route(re.compile(r"/api/(documents(\?|/\w+(/intake)?$)|people|grants|me/grants|status)"), still)


def taken_in(route: Any) -> None:
    """Answer to files in turn: taken in, in quarantine, almost the text of another."""
    name = next(name for name in SENT if name.encode() in route.request.post_data_buffer)
    status, body = SENT[name]
    route.fulfill(status=status, json=body)


def passkey_wanted(route: Any) -> None:
    """Answer as to somebody with a passkey and digits."""
    problem = {"detail": "", "code": "passkey_wanted", "passkey": {"options": {}, "or_code": True}}
    route.fulfill(status=403, json=problem)


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


def label(level: str, readers: Any, words: str = "") -> dict[str, Any]:
    """A label as the API tells it."""
    return {"level": level, "releasable_to": readers, "need_to_know": words, "originators": ["KZ-MIA"]}


def receipt(state: str, code: str = "") -> dict[str, Any]:
    """What became of a file."""
    stage = "intake" if code else ""
    return {"document_id": "a" * 32, "state": state, "stage": stage, "code": code, "message": "", "duplicate": False}


def entry(number: int, person: str, action: str, on: str, decision: str = "allowed", **detail: Any) -> dict[str, Any]:
    """An entry of the trail, one every two minutes."""
    at = f"2026-03-02T09:{number % 30 * 2:02}:00.000000+00:00"
    told = {"number": number, "at": at, "person": person, "origin": "10.1.2.3", "action": action, "object": on}
    return told | {"decision": decision, "detail": detail, "sealed": "", "digest": f"{number:064x}"}


TIMES = {"published": True, "embargo_until": None, "expires_at": None, "review_on": None}
DOCUMENT = "5e8f0c6d0b7a4c1e9d3f2a1b4c5d6e7f"
SENT = {
    "statement-kz.pdf": (202, receipt("received")),
    "scan.pdf": (202, receipt("quarantined", "not_pdf")),
    "public-edition.pdf": (409, {"detail": "", "code": "alike", "parameters": {"documents": DOCUMENT}}),
}
PROPOSALS = [
    {
        "proposal_id": "1",
        "kind": "relabel",
        "change": {
            "kind": "relabel",
            "document_id": DOCUMENT,
            "old": {"label": label("confidential", ["KZ-MIA"], "returnees"), "times": TIMES},
            "new": {
                "label": label("restricted", ["KZ-MIA", "UNODC"]),
                "times": TIMES | {"embargo_until": AT, "review_on": "2027-03-01"},
            },
        },
        "reason": "The annexes with names were taken out",
        "proposed_by": "saule",
        "proposed_at": AT,
    },
    {
        "proposal_id": "2",
        "kind": "remove",
        "change": {"kind": "remove", "document_id": DOCUMENT},
        "reason": "Brought in twice",
        "proposed_by": "marat",
        "proposed_at": AT,
    },
    retention_views.PROPOSED,
]
SESSIONS = [
    {"begun": AT, "last_used": AT, "expires_at": "2026-03-02T19:30:00+00:00", "second_factor": False, "this": this}
    for this in (True, False)
]
REMOVED = [
    {
        "document_id": DOCUMENT,
        "label": label("restricted", ["KZ-MIA", "UNODC"]),
        "sha256": "",
        "removed_at": AT,
        "removed_by": "saule",
        "proposed_by": "marat",
        "reason": "Brought in twice",
        "by_schedule": False,
        "deletes_at": "2026-04-01T09:30:00+00:00",
        "legal_hold": False,
    },
    retention_views.REMOVED,
]
TRAIL = {
    "entries": [
        entry(68, "miriam", "audit", "", total=50),
        entry(67, "aigerim", "read", DOCUMENT, page=3, label='[30, ["KZ-MIA"], "returnees"]'),
        entry(65, "aigerim", "search", "", total=12),
        entry(64, "jonas", "read", DOCUMENT, "refused", rule="label"),
        entry(63, "marat", "remove", DOCUMENT, "proposed", reason="Brought in twice"),
        entry(62, "admin1", "add_grant", "jonas", role="expert", clearance="restricted"),
        entry(61, "aigerim", "sign_in", ""),
    ],
    "next_before": None,
    "archives": [],
}
PROOF = {"whole": True, "entries": 68, "broken": "", "elsewhere": []}

PASSKEYS = {
    "passkeys": [
        {"passkey_id": "1", "name": "Phone", "added": AT, "last_used": AT},
        {"passkey_id": "2", "name": "Токен в сейфе", "added": AT, "last_used": None},
    ],
    "code": False,
    "most": 10,
}

Journey = Callable[[Any, Any], Iterator[str]]
WITH_DEMO: tuple[Journey, ...] = (
    *(from_outside, searching, reading, registering, administering, auditing, translating, terms_and_pairs),
    *(asking, enquiring, receiving),
)
FIRST_DAY: tuple[Journey, ...] = (first_time,)
VIEWS = (
    *(
        "sign-in",
        "sign-in-refused",
        "sign-in-passkey",
        "search-start",
        "search-help",
        "search-hits",
        "search-filter",
        "search-nothing",
    ),
    *("search-notes", "search-error", "reader-both", "reader-original", "reader-absent", "account"),
    *("account-second-factor", "account-recovery-codes", "first-password"),
    *("home", "intake", "intake-add", "handling", "handling-label", "proposals", "removed", "people", "people-grant"),
    *("due", "due-dispose", "people-link", "schedules", "certificate"),
    *("grants", "agencies", "explain", "status", "forbidden", "trail", "translate", "translate-editor"),
    *("terms", "terms-propose", "pairs", "alignment", "differences"),
    *("search-ask-agency", "enquiries", "received", "recommendations", "answers"),
)
