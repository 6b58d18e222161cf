"""Every route, once: an example call, to whom it opens, and what the leak suite asks of it.

The tests of routes, the leak suite, the fuzz tests and docs/api.md are all fed from here, so that a new route fails
them until it stands in this table, and so was thought of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import route_calls as calls
from paired_worlds import ABSENT, Answer, Call
from route_calls import REASON, Ground

from auth.policy import Action

Route = tuple[str, str]  # method, path

PLACES = {"number": 1, "code": "A", "username": "reader", "grant_id": ABSENT, "proposal_id": ABSENT}


@dataclass(frozen=True)
class RouteExample:
    """How a route is asked properly. `call` is what httpx takes besides the path: json, data, files.

    `opens_to` is who gets further than 401 or 403: anybody, whoever is signed in (`own`: what is one's own or nobody's
    secret), or those whose role opens the action. `drawn` makes the calls of the leak suite, or there is the example
    alone. `discloses` is the action of policy.DISCLOSES by which others than its roles alone are compared. `masks` is
    what answers in two worlds may differ in: bytes that match, and why they may. `recorded` is whether the trail must
    have it before anything is told.
    """

    call: Mapping[str, Any] = field(default_factory=dict)
    opens_to: Literal["anybody", "own", "role"] = "role"
    drawn: Callable[[Ground], list[Call]] | None = None
    discloses: Action | None = None
    masks: Mapping[bytes, str] = field(default_factory=dict)
    recorded: bool = True


COOKIE = {rb"^__Host-.*(expires=[^;]+ GMT)": "a cookie is dropped now"}
PROPOSAL = {rb'"proposal_id":"([^"]+)"': "random"}
SIGN_IN = PROPOSAL | {rb'"(?:grant_id|code|code_until)":"([^"]+)"': "random, and begins now"}
FORM = {"originator": "A", "level": "unclassified"}
AGENCY = {"code": "NEW", "name_en": "New", "name_ru": "Новое", "ceiling": "confidential"}
TERMS = {"role": "expert", "clearance": "confidential"}
LABEL = {"level": "unclassified", "releasable_to": "ALL"}
DOCUMENT, PAGE = "/api/documents/{document_id}", "/api/documents/{document_id}/pages/{number}"


def sent(**json: Any) -> dict[str, Any]:
    """A JSON body."""
    return {"json": json}


ROUTES: dict[Route, RouteExample] = {
    ("GET", "/api/health"): RouteExample(
        {}, "anybody", calls.plainly("GET", "/api/health", "/api/nothing", "/"), recorded=False
    ),
    # One's own
    ("GET", "/api/me"): RouteExample({}, "own", recorded=False),
    ("GET", "/api/me/sessions"): RouteExample(
        {}, "own", masks={rb'"(?:begun|last_used|expires_at)":"([^"]+)"': "people sign in at different moments"}
    ),
    ("GET", "/api/scheme"): RouteExample({}, "own", recorded=False),
    ("GET", "/api/roles"): RouteExample({}, "own"),
    ("GET", "/api/agencies"): RouteExample({}, "own"),
    ("PUT", "/api/me/password"): RouteExample(
        sent(old="wrong", new="another password entirely"),
        "own",
        calls.once("PUT", "/api/me/password", {"old": "wrong", "new": "another password entirely"}),
    ),
    ("PUT", "/api/me/otp"): RouteExample(
        sent(password="wrong"),
        "own",
        calls.once("PUT", "/api/me/otp", {"password": "wrong"}),
        masks={rb'"(?:secret|uri|picture)":"((?:[^"\\]|\\.)+)"': "a new secret is random"},
    ),
    # Searching
    ("POST", "/api/search"): RouteExample(sent(query="paper"), drawn=calls.searches),
    ("POST", "/api/suggest"): RouteExample(sent(prefix="pa"), drawn=calls.suggestions),
    # Documents
    ("GET", "/api/documents"): RouteExample(
        drawn=calls.listing, masks={rb'"taken_at":"([^"]+)"': "worlds are filled at different moments"}
    ),
    ("POST", "/api/documents"): RouteExample(
        {"data": FORM, "files": {"file": ("a.pdf", b"%PDF-", "application/pdf")}}, drawn=calls.intake
    ),
    ("GET", DOCUMENT): RouteExample(drawn=calls.document),
    ("GET", PAGE): RouteExample(drawn=calls.page),
    ("GET", f"{PAGE}/image"): RouteExample(drawn=calls.image),
    ("GET", f"{DOCUMENT}/file"): RouteExample(drawn=calls.original),
    ("POST", f"{DOCUMENT}/find"): RouteExample(sent(query="paper"), drawn=calls.places),
    ("PATCH", f"{DOCUMENT}/label"): RouteExample(
        sent(level="unclassified", **REASON),
        drawn=calls.of_a_hidden_document(
            f"{DOCUMENT}/label",
            {"level": "unclassified", **REASON},
            {"level": "no such level", "embargo_until": "2099-01-01T00:00:00Z", **REASON},
            {},
            method="PATCH",
        ),
        masks=PROPOSAL,
    ),
    ("POST", f"{DOCUMENT}/hold"): RouteExample(
        sent(held=True, **REASON),
        drawn=calls.of_a_hidden_document(f"{DOCUMENT}/hold", {"held": True, **REASON}, {"held": False, **REASON}, {}),
        masks=PROPOSAL,
    ),
    ("POST", f"{DOCUMENT}/removal"): RouteExample(
        sent(**REASON), drawn=calls.of_a_hidden_document(f"{DOCUMENT}/removal", REASON, {}), masks=PROPOSAL
    ),
    ("GET", "/api/removed"): RouteExample(
        masks={rb'"(?:removed_at|deletes_at)":"([^"]+)"': "documents are removed at different moments"}
    ),
    ("POST", "/api/removed/{document_id}/return"): RouteExample(
        sent(**REASON),
        drawn=calls.of_a_hidden_document("/api/removed/{document_id}/return", REASON, {}),
        masks=PROPOSAL,
    ),
    # Administration
    ("POST", "/api/agencies"): RouteExample(sent(**AGENCY, **REASON), masks=PROPOSAL),
    ("PATCH", "/api/agencies/{code}"): RouteExample(
        sent(name_en="Other", **REASON),
        drawn=calls.plainly("PATCH", "/api/agencies/OSCE", name_en="Another", **REASON),
        masks=PROPOSAL,
    ),
    ("GET", "/api/people"): RouteExample(masks=SIGN_IN),
    ("POST", "/api/people"): RouteExample(
        sent(username="new", name="New", agency="A", **REASON),
        drawn=calls.plainly("POST", "/api/people", username="late", name="L", agency="OSCE", **REASON),
        masks=SIGN_IN,
    ),
    ("PATCH", "/api/people/{username}"): RouteExample(
        sent(active=False, **REASON), drawn=calls.plainly("PATCH", "/api/people/late", active=False, **REASON)
    ),
    ("POST", "/api/people/{username}/renewal"): RouteExample(
        sent(**REASON), drawn=calls.plainly("POST", "/api/people/nobody/renewal", **REASON), masks=SIGN_IN
    ),
    ("GET", "/api/grants"): RouteExample(masks=SIGN_IN),
    ("POST", "/api/grants"): RouteExample(
        sent(username="lowest", **TERMS, **REASON),
        drawn=calls.plainly("POST", "/api/grants", username="nobody", **TERMS, **REASON),
        masks=SIGN_IN,
    ),
    ("POST", "/api/grants/{grant_id}/end"): RouteExample(sent(**REASON), masks=SIGN_IN),
    ("GET", "/api/proposals"): RouteExample(
        masks=PROPOSAL | {rb'"proposed_at":"([^"]+)"': "proposals are made at different moments"}
    ),
    ("POST", "/api/proposals/{proposal_id}/approval"): RouteExample(drawn=calls.deciding("approval")),
    ("POST", "/api/proposals/{proposal_id}/refusal"): RouteExample(sent(**REASON), drawn=calls.deciding("refusal")),
    ("POST", "/api/access/preview"): RouteExample(
        sent(change={"kind": "disable_person", "username": "reader"}),
        drawn=calls.plainly("POST", "/api/access/preview", change={"kind": "end_grant", "grant_id": ABSENT}),
        discloses=Action.PREVIEW,
    ),
    ("POST", "/api/access/explain"): RouteExample(sent(username="reader", label=LABEL), drawn=calls.explaining),
    ("GET", "/api/status"): RouteExample(discloses=Action.STATUS),
    ("GET", "/api/audit"): RouteExample(discloses=Action.AUDIT),
    ("GET", "/api/audit/checkpoint"): RouteExample(discloses=Action.AUDIT),
    ("POST", "/api/session"): RouteExample(
        sent(username="nobody", password="wrong"),
        "anybody",
        calls.signing_in,
        masks={rb'"(?:token|expires_at)":"([^"]+)"': "a new session is random, and begins now"},
    ),
    # The last: they end the session that asks
    ("DELETE", "/api/me/sessions"): RouteExample({}, "own", masks=COOKIE),
    ("DELETE", "/api/session"): RouteExample({}, "own", masks=COOKIE),
}

PUBLIC = {route for route, example in ROUTES.items() if example.opens_to == "anybody"}
OWN = {route for route, example in ROUTES.items() if example.opens_to == "own"}
DISCLOSING = {route: example.discloses for route, example in ROUTES.items() if example.discloses}


def leak_calls(route: Route, ground: Ground) -> list[Call]:
    """What the leak suite asks of a route: what is drawn for it, or its example."""
    example = ROUTES[route]
    if example.drawn is not None:
        return example.drawn(ground)
    more = {("body" if name == "json" else name): value for name, value in example.call.items()}
    return [(route[0], route[1].format(**PLACES), more)]


def masked(method: str, path: str, answer: Answer) -> Answer:
    """An answer without what may differ in it."""
    status, headers, content = answer
    for (of_method, template), example in ROUTES.items():
        if method == of_method and re.fullmatch(re.sub(r"{[a-z_]+}", "[^/]+", template), path.partition("?")[0]):
            for pattern in example.masks:
                headers = tuple((name, _without(pattern, value)) for name, value in headers)
                content = _without(pattern, content)
    return status, headers, content


def _without(pattern: bytes, text: bytes) -> bytes:
    return re.sub(pattern, lambda match: match[0].replace(match[1], b"*"), text)
