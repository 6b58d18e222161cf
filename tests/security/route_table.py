"""Every route, once: an example call, to whom it opens, and what the leak suite asks of it.

The tests of routes, the leak suite, the fuzz tests and docs/api.md are all fed from here, so that a new route fails
them until it stands in this table, and so was thought of.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import route_calls as calls
from paired_worlds import ABSENT, Answer, Call
from route_calls import REASON, Ground

from auth.policy import Action

Route = tuple[str, str]  # method, path

PLACES = {
    "number": 1,
    "place": 0,
    "code": "A",
    "username": "reader",
    "grant_id": ABSENT,
    "proposal_id": ABSENT,
    "search_id": ABSENT,
    "enquiry_id": ABSENT,
    "pair_id": ABSENT,
    "term_id": ABSENT,
    "passkey_id": ABSENT,
}


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
KEPT = {rb'"(?:search_id|saved_at|looked_at)":"([^"]+)"': "random, and kept at another moment"}
NEWS = "/api/searches?news=true"
RECEIVED = "/api/enquiries/received"
SIGN_IN = PROPOSAL | {rb'"(?:grant_id|code|code_until)":"([^"]+)"': "random, and begins now"}
STARTS = {rb'"starts":"([^"]+)"': "a grant begins when it is made"}
PASSKEY = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "AAAA"}}
FORM = {"originator": "A", "level": "unclassified"}
AGENCY = {"code": "NEW", "name_en": "New", "name_ru": "Новое", "ceiling": "confidential"}
TERMS = {"role": "expert", "clearance": "confidential"}
WORDS = [{"language": "en", "text": "border post"}, {"language": "ru", "text": "пограничный пост"}]
TERM = {"words": WORDS, "originator": "A", "level": "unclassified"}
LABEL = {"level": "unclassified", "releasable_to": "ALL"}
SEEN = calls.SEEN
CHOSEN = {"document_id": ABSENT, "first": 0, "last": 0}
MOMENTS = {rb'"(?:at|changed_at)":"([^"]+)"': "people work at different moments"}
WORK = "/api/translations/{document_id}"
SENTENCE = WORK + "/segments/{number}"
DECIDED = {rb'"decided_at":"([^"]+)"': "worlds are filled at different moments"}
PAIR = "/api/pairs/{pair_id}"
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
    ("GET", "/api/me/grants"): RouteExample({}, "own", masks=SIGN_IN | STARTS),
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
    ("GET", "/api/me/passkeys"): RouteExample({}, "own"),
    ("POST", "/api/me/passkeys/offer"): RouteExample(
        sent(password="wrong"),
        "own",
        calls.once("POST", "/api/me/passkeys/offer", {"password": "wrong"}),
    ),
    ("POST", "/api/me/passkeys"): RouteExample(sent(name="Key", passkey=PASSKEY), "own"),
    ("POST", "/api/me/passkeys/{passkey_id}/removal"): RouteExample(
        sent(password="wrong"),
        "own",
        calls.once("POST", f"/api/me/passkeys/{ABSENT}/removal", {"password": "wrong"}),
    ),
    # Searching
    ("POST", "/api/search"): RouteExample(sent(query="paper"), drawn=calls.searches),
    ("POST", "/api/suggest"): RouteExample(sent(prefix="pa"), drawn=calls.suggestions),
    ("POST", "/api/search/similar"): RouteExample(sent(passage_id=f"{ABSENT}.0"), drawn=calls.similar_passages),
    ("POST", "/api/search/batch"): RouteExample(sent(lines=["paper"]), drawn=calls.batches),
    ("POST", "/api/answer"): RouteExample(sent(question="paper"), drawn=calls.questions),
    ("GET", "/api/searches"): RouteExample(drawn=calls.plainly("GET", "/api/searches", NEWS), masks=KEPT),
    ("POST", "/api/searches"): RouteExample(
        sent(name="Papers", search={"query": "paper"}), drawn=calls.kept_searches, masks=KEPT
    ),
    ("POST", "/api/searches/{search_id}/look"): RouteExample(
        sent(), drawn=calls.plainly("POST", f"/api/searches/{ABSENT}/look", document_ids=[ABSENT])
    ),
    ("DELETE", "/api/searches/{search_id}"): RouteExample({}),
    # Enquiries
    ("GET", "/api/enquiries"): RouteExample(),
    ("POST", "/api/enquiries"): RouteExample(
        sent(agency="B", search={"query": "paper"}, note="Before the meeting"), drawn=calls.enquiries
    ),
    ("DELETE", "/api/enquiries/{enquiry_id}"): RouteExample({}),
    ("GET", "/api/enquiries/received"): RouteExample(
        drawn=calls.plainly("GET", RECEIVED, f"{RECEIVED}?offset=1&limit=2", f"{RECEIVED}?limit=0")
    ),
    ("POST", "/api/enquiries/{enquiry_id}/closure"): RouteExample(sent(answered=False)),
    # Terms
    ("POST", "/api/terms/search"): RouteExample(sent(query="border"), drawn=calls.term_searches),
    ("GET", "/api/terms/{term_id}"): RouteExample(drawn=calls.term),
    ("POST", "/api/terms"): RouteExample(
        sent(**TERM, **REASON), drawn=calls.proposed_terms, masks={rb'"term_id":"([^"]+)"': "random"}
    ),
    ("POST", "/api/terms/{term_id}/approval"): RouteExample(sent(**REASON), drawn=calls.deciding_on_terms("approval")),
    ("POST", "/api/terms/{term_id}/rejection"): RouteExample(
        sent(**REASON), drawn=calls.deciding_on_terms("rejection")
    ),
    ("POST", "/api/terms/{term_id}/withdrawal"): RouteExample(
        sent(**REASON), drawn=calls.deciding_on_terms("withdrawal")
    ),
    ("POST", "/api/terms/import"): RouteExample(
        {
            "data": {**FORM, "form": "tsv"},
            "files": {"file": ("a.tsv", "en\tru\nborder post\tпограничный пост\n", "text/plain")},
        },
        masks={rb'"vocabulary_id":"([^"]+)"': "random"},
    ),
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
    ("GET", f"{DOCUMENT}/recommendations"): RouteExample(drawn=calls.recommendations),
    ("GET", f"{DOCUMENT}/recommendations/{{place}}"): RouteExample(drawn=calls.threads),
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
    ("GET", f"{DOCUMENT}/intake"): RouteExample(
        drawn=calls.intake_of, masks={rb'"taken_at":"([^"]+)"': "worlds are filled at different moments"}
    ),
    ("PATCH", f"{DOCUMENT}/description"): RouteExample(
        sent(symbol="T/1", **REASON),
        drawn=calls.of_a_hidden_document(
            f"{DOCUMENT}/description",
            {"symbol": "T/1", **REASON},
            {"kind": "no such kind", **REASON},
            {},
            method="PATCH",
        ),
    ),
    ("POST", f"{DOCUMENT}/retry"): RouteExample(
        sent(**REASON), drawn=calls.of_a_hidden_document(f"{DOCUMENT}/retry", REASON, {})
    ),
    ("POST", f"{DOCUMENT}/hold"): RouteExample(
        sent(held=True, **REASON),
        drawn=calls.of_a_hidden_document(f"{DOCUMENT}/hold", {"held": True, **REASON}, {"held": False, **REASON}, {}),
        masks=PROPOSAL,
    ),
    ("POST", f"{DOCUMENT}/answer"): RouteExample(
        sent(question="hidden", answer="keep_out", **REASON),
        drawn=calls.of_a_hidden_document(
            f"{DOCUMENT}/answer",
            {"question": "hidden", "answer": "take_in", **REASON},
            {"question": "marking", "answer": "confirm", **REASON},
            {"question": "nothing", "answer": "no", **REASON},
            {},
        ),
    ),
    ("POST", f"{DOCUMENT}/attachments/{{number}}"): RouteExample(sent(), drawn=calls.attachments),
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
    # Retention
    ("GET", "/api/retention/schedules"): RouteExample(),
    ("PUT", "/api/retention/schedules"): RouteExample(
        sent(kind="agenda", level="unclassified", years=150, **REASON),
        drawn=calls.plainly("PUT", "/api/retention/schedules", kind="none", level="unclassified", years=9, **REASON),
        masks=PROPOSAL,
    ),
    ("GET", "/api/retention/due"): RouteExample(),
    ("POST", "/api/retention/due/{document_id}/disposal"): RouteExample(
        sent(**REASON),
        drawn=calls.of_a_hidden_document("/api/retention/due/{document_id}/disposal", REASON, {}),
        masks=PROPOSAL,
    ),
    ("GET", "/api/retention/certificates/{document_id}"): RouteExample(
        drawn=calls.certificates, discloses=Action.AUDIT
    ),
    # Dossiers
    ("POST", "/api/dossier"): RouteExample(sent(passages=[CHOSEN]), drawn=calls.dossiers("/api/dossier")),
    ("GET", "/api/dossier/kept"): RouteExample(),
    ("PUT", "/api/dossier/kept"): RouteExample(sent(version=9, passages=[CHOSEN]), drawn=calls.kept_dossiers),
    ("POST", "/api/dossier/file"): RouteExample(
        sent(passages=[CHOSEN], title="Returns"),
        drawn=calls.dossiers("/api/dossier/file", title="Returns"),
        masks={rb"Taken by [\w.-]+ on (\d{4}-\d\d-\d\d \d\d:\d\d UTC)": "taken at different moments"},
    ),
    # Translators' work
    ("GET", "/api/translations/queue"): RouteExample(drawn=calls.queue),
    ("POST", "/api/translations/queue/next"): RouteExample(sent(), drawn=calls.next_in_queue),
    ("PUT", f"{WORK}/assignment"): RouteExample(
        sent(username="nobody"),
        drawn=calls.of_a_hidden_document(f"{WORK}/assignment", {"username": "nobody"}, {}, method="PUT"),
    ),
    ("GET", WORK): RouteExample(drawn=calls.work, masks=MOMENTS),
    ("GET", SENTENCE): RouteExample(drawn=calls.sentence, masks=MOMENTS),
    ("PUT", SENTENCE): RouteExample(
        sent(**SEEN, text="Text."), drawn=calls.on_a_sentence("", text="Text.", method="PUT")
    ),
    ("PUT", f"{SENTENCE}/draft"): RouteExample(
        sent(**SEEN, text="Text."), drawn=calls.on_a_sentence("/draft", text="Text.", method="PUT"), recorded=False
    ),
    ("PUT", f"{SENTENCE}/lease"): RouteExample(drawn=calls.on_a_sentence("/lease", method="PUT"), recorded=False),
    ("DELETE", f"{SENTENCE}/lease"): RouteExample(drawn=calls.on_a_sentence("/lease", method="DELETE"), recorded=False),
    ("POST", f"{SENTENCE}/submission"): RouteExample(sent(**SEEN), drawn=calls.on_a_sentence("/submission")),
    ("POST", f"{SENTENCE}/approval"): RouteExample(sent(**SEEN), drawn=calls.on_a_sentence("/approval")),
    ("POST", f"{SENTENCE}/rejection"): RouteExample(
        sent(**SEEN, **REASON), drawn=calls.on_a_sentence("/rejection", **REASON)
    ),
    ("POST", f"{SENTENCE}/waivers"): RouteExample(
        sent(**SEEN, code="numbers", **REASON), drawn=calls.on_a_sentence("/waivers", code="numbers", **REASON)
    ),
    ("POST", f"{SENTENCE}/comments"): RouteExample(
        sent(text="Why?"), drawn=calls.on_a_sentence("/comments", text="Why?")
    ),
    ("POST", f"{SENTENCE}/requests"): RouteExample(sent(note="Urgent."), drawn=calls.on_a_sentence("/requests")),
    ("POST", f"{WORK}/import"): RouteExample(
        {"files": {"file": ("a.xlf", b"<xliff/>", "application/xliff+xml")}}, drawn=calls.bringing
    ),
    ("POST", "/api/concordance"): RouteExample(sent(query="paper"), drawn=calls.concordances("/api/concordance")),
    ("POST", "/api/concordance/export"): RouteExample(
        sent(query="paper"), drawn=calls.concordances("/api/concordance/export", "/api/concordance/export?format=tmx")
    ),
    ("GET", "/api/exports/{document_id}"): RouteExample(drawn=calls.exports),
    # Pairs
    ("GET", "/api/pairs"): RouteExample(drawn=calls.pairs_listed, masks=DECIDED),
    ("POST", "/api/pairs"): RouteExample(
        sent(document_ids=[ABSENT, "1" * 32], **REASON), drawn=calls.pairs_made, masks=DECIDED
    ),
    ("GET", PAIR): RouteExample(drawn=calls.of_pairs("", "", "?offset=2&limit=3", "?limit=0"), masks=DECIDED),
    ("GET", f"{PAIR}/differences"): RouteExample(drawn=calls.of_pairs("/differences", "", "?offset=3&limit=5")),
    ("POST", f"{PAIR}/confirmation"): RouteExample(
        sent(**REASON), drawn=calls.on_hidden_pairs("confirmation", REASON, {}), masks=DECIDED
    ),
    ("POST", f"{PAIR}/rejection"): RouteExample(
        sent(**REASON), drawn=calls.on_hidden_pairs("rejection", REASON, {}), masks=DECIDED
    ),
    ("PUT", f"{PAIR}/lending"): RouteExample(
        sent(lending="excluded", **REASON),
        drawn=calls.on_hidden_pairs("lending", {"lending": "excluded", **REASON}, {"lending": "x"}, {}, method="PUT"),
        masks=DECIDED,
    ),
    ("POST", f"{PAIR}/corrections"): RouteExample(
        sent(version=1, kind="join"),
        drawn=calls.on_hidden_pairs("corrections", {"version": 1, "kind": "join"}, {"version": 9, "kind": "undo"}, {}),
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
    ("POST", "/api/people/{username}/link"): RouteExample(
        sent(subject="subject", **REASON),
        drawn=calls.plainly("POST", "/api/people/nobody/link", subject="subject", **REASON),
    ),
    ("POST", "/api/people/{username}/unlink"): RouteExample(
        sent(**REASON), drawn=calls.plainly("POST", "/api/people/nobody/unlink", **REASON)
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
    ("POST", "/api/audit/proof"): RouteExample(sent(), discloses=Action.AUDIT),
    ("GET", "/api/audit/export"): RouteExample(discloses=Action.AUDIT),
    ("POST", "/api/session"): RouteExample(
        sent(username="nobody", password="wrong"),
        "anybody",
        calls.signing_in,
        masks={rb'"(?:token|expires_at)":"([^"]+)"': "a new session is random, and begins now"},
    ),
    ("GET", "/api/session/ways"): RouteExample(
        {}, "anybody", calls.plainly("GET", "/api/session/ways"), recorded=False
    ),
    ("POST", "/api/session/oidc/start"): RouteExample(
        {}, "anybody", calls.plainly("POST", "/api/session/oidc/start"), recorded=False
    ),
    ("POST", "/api/session/oidc"): RouteExample(
        sent(code="code", state="state"),
        "anybody",
        calls.plainly("POST", "/api/session/oidc", code="code", state="state"),
    ),
    ("POST", "/api/session/oidc/logout"): RouteExample(
        {"data": {"logout_token": "a.b.c"}}, "anybody", calls.plainly("POST", "/api/session/oidc/logout")
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
    status, headers, content = unpacked(answer)
    for (of_method, template), example in ROUTES.items():
        if method == of_method and re.fullmatch(re.sub(r"{[a-z_]+}", "[^/]+", template), path.partition("?")[0]):
            for pattern in example.masks:
                headers = tuple((name, _without(pattern, value)) for name, value in headers)
                content = _without(pattern, content)
    return status, headers, content


def unpacked(answer: Answer) -> Answer:
    """A file of a word processor as what is packed in it: how small that becomes depends on the moments in it."""
    status, headers, content = answer
    if not content.startswith(b"PK"):
        return answer
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        content = b"\n".join(b"%b\n%b" % (name.encode(), packed.read(name)) for name in packed.namelist())
    size = str(len(content)).encode()
    return status, tuple((name, size if name == b"content-length" else value) for name, value in headers), content


def _without(pattern: bytes, text: bytes) -> bytes:
    return re.sub(pattern, lambda match: match[0].replace(match[1], b"*"), text)
