"""How the leak suite draws its calls: what is asked of a route where its example does not do. See route_table.py."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from paired_worlds import ABSENT, Call, Person, some_words

Route = tuple[str, str]  # method, path


@dataclass(frozen=True)
class Ground:
    """What a person's calls are drawn from: documents they may read and documents they may not, and much chance.

    `names` are people whose absence would be seen; `proposals` are those that others made about hidden documents;
    `pairs` have a hidden paper, but for the last.
    """

    person: Person
    chance: random.Random
    readable: Sequence[str] = ()
    hidden: Sequence[str] = ()
    names: Sequence[str] = ()
    proposals: Sequence[str] = ()
    pairs: Sequence[str] = ()
    searches: int = 10
    signs_in: bool = False  # which takes long
    words: Sequence[str] = field(default_factory=some_words)

    @property
    def documents(self) -> list[str]:
        """Of each kind, and one that never was."""
        return [*self.hidden, *self.readable, ABSENT]


REASON = {"reason": "for the test"}
HIDDEN_TERM = "7" * 32  # where there are hidden terms
SEARCH: Route = ("POST", "/api/search")
SUGGEST: Route = ("POST", "/api/suggest")
WHOLE_INDEX = {"limit": 100}


def searches(ground: Ground) -> list[Call]:
    """Searches with every operator, sort and filter, at several offsets; and some that make no sense."""
    asked: list[dict[str, Any]] = [random_search(ground.chance, ground.words) for _ in range(ground.searches)]
    asked += [{"query": word} for word in ("return", "возвращение", "meeting -return", "совещ*")]
    asked += [{"query": query} for query in ("kind:recommendation", "kind:conclusion watchlist", "-вид:рекомендация")]
    asked += [
        {"query": "return meeting", "switch_off": off} for off in (["across"], ["across:p2"], ["across:p9", "p1"])
    ]
    asked += [{"query": "Vasilenko Караганда", "switch_off": off} for off in ([], ["names"], ["names:p1"])]
    asked += [
        {"query": " ".join(ground.chance.sample(ground.words, 6)), "switch_off": off} for off in ([], ["learned"])
    ]
    switched = {"switch_off": ["p1", "p2", "p2.1", "spelling", "keyboard", "heaviest_words"]}
    asked += [{"query": query, **switched} for query in ('retrun "return meeting" -x', " ".join(ground.words[:110]))]
    asked += [{"query": "return возвращение", "query_language": language} for language in ("en", "ru")]
    asked += [{"query": "", **WHOLE_INDEX}, {"query": "", "sort": "newest", **WHOLE_INDEX}, {"limit": 0}]
    asked += [{"query": misspelled(ground.chance, ground.words)} for _ in range(3)]
    asked += [{"query": " ".join(ground.chance.sample(ground.words, 110))}]  # more than are searched: the heaviest are
    asked += [{"query": "("}, {"query": "x" * 20_000}, {"limit": 101}, {"filters": {"colour": ["red"]}}, {"offset": -1}]
    return [("POST", "/api/search", {"body": body}) for body in asked]


def misspelled(chance: random.Random, words: Sequence[str]) -> str:
    """A long word with two letters exchanged: what stands nowhere is spelled by what does."""
    word = chance.choice([word for word in words if len(word) > 6])
    at = chance.randint(2, len(word) - 2)
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :] + "x"


def random_search(chance: random.Random, words: Sequence[str]) -> dict[str, Any]:
    """A random search."""
    some = [chance.choice(words) for _ in range(chance.randint(1, 4))]
    forms = [
        " ".join(some),
        f'"{some[0]} {some[-1]}"',
        f"{some[0][:3]}*",
        f"={some[0]}",
        f"{some[0]} -{some[-1]}",
        f"{some[0]} AND {some[-1]}",
        f"({some[0]} OR {some[-1]}) AND {some[len(some) // 2]}",
        "",
        f"-{some[0]}",
        f"+{some[0]} {some[-1]}",
        f'"{some[0]} {some[-1]}"~3 && !{some[1 % len(some)]}',
        f"{some[0]} lang:ru date:2019..",
        f"{some[0][:2]}?{some[0][3:]}*",
        f"{some[0]}~",
        f"{some[0]} has:translation",
        f"has:{chance.choice(['ocr', 'repair', 'human'])} series:S/RES",
    ]
    filters: list[dict[str, Any]] = [
        {},
        {},
        {"language": ["ru"]},
        {"agency": ["UNODC", "OSCE"]},
        {"level": ["confidential"]},
        {"year_from": 2023},
        {"kind": ["report", "statement"], "year_to": 2024},
        {"country": ["KZ"], "has_human_translation": [False]},
        {"has_human_translation": ["true"]},
        {"date_from": "2023-02-01", "date_to": "2024-06-30"},
        {"undated": True},
        {"has": ["ocr", "human"]},
        {"has": ["repair"]},
        {"series": ["S/RES", "A"]},
        {"meeting": ["TCE-2024-WS2"], "body": ["Working Group on Borders"]},
    ]
    return {
        "query": chance.choice(forms),
        "filters": chance.choice(filters),
        "words": chance.choice(["any", "any", "all"]),
        "sort": chance.choice(["relevance", "relevance", "newest", "oldest"]),
        "offset": chance.choice([0, 0, 2]),
        "limit": chance.choice([0, 3, 20]),
    }


def similar_passages(ground: Ground) -> list[Call]:
    """Passages of documents that one may read and may not, their descriptions, and what is no passage."""
    passages = [f"{name}.{ordinal}" for name in ground.documents for ordinal in (0, (1 << 20) - 1)]
    bodies: list[dict[str, Any]] = [{"passage_id": each} for each in (*passages, "", "x.y", ".1", "1.²")]
    bodies += [{"passage_id": f"{ground.documents[-2]}.99"}]
    bodies += [{"passage_id": passages[-4], "switch_off": ["across", "names"], "limit": 2, "offset": 1}]
    bodies += [{"passage_id": "x" * 99}, {}, {"passage_id": passages[0], "offset": 10_000}]
    return [("POST", "/api/search/similar", {"body": body}) for body in bodies]


def dossiers(path: str, **more: Any) -> Callable[[Ground], list[Call]]:
    """Passages of every document, together, one by one, and beyond its end; and what is no dossier."""

    def drawn(ground: Ground) -> list[Call]:
        each = [{"document_id": name, "first": 0, "last": 0, "comment": "Look"} for name in (*ground.documents, ABSENT)]
        beyond = [{"document_id": name, "first": 0, "last": 9_999} for name in ground.documents[:2]]
        bodies: list[dict[str, Any]] = [
            {"passages": each},
            *({"passages": [one]} for one in each),
            {"passages": beyond},
        ]
        bodies += [{"passages": each, "format": "docx"}, {"passages": each, "format": "doc"}]
        bodies += [{"passages": []}, {"passages": [{"document_id": "x" * 99, "first": 0, "last": 0}]}, {}]
        return [("POST", path, {"body": body | more}) for body in bodies]

    return drawn


def kept_dossiers(ground: Ground) -> list[Call]:
    """What cannot be kept: one's own acts would have to be the same in every world."""
    each = [{"document_id": name, "first": 0, "last": 0, "comment": "Look"} for name in (*ground.documents, ABSENT)]
    bodies: list[dict[str, Any]] = [{"version": 9, "title": "Returns", "passages": each}, {"version": -1}, {}]
    return [("PUT", "/api/dossier/kept", {"body": body}) for body in bodies]


def batches(ground: Ground) -> list[Call]:
    """Lines of all kinds, as JSON and as CSV; and what is no batch."""
    searches = [random_search(ground.chance, ground.words) for _ in range(3)]
    lines = [each["query"] for each in searches] + ["", "x" * 5_000, "( return", "Vasilenko", "=1+1"]
    bodies: list[dict[str, Any]] = [{"lines": lines}, {"lines": lines[-2:], "format": "csv", "words": "all"}]
    bodies += [{"lines": lines[:1], "filters": {"language": ["ru"]}}, {"lines": []}, {"lines": [""] * 1_001}, {}]
    return [("POST", "/api/search/batch", {"body": body}) for body in bodies]


def questions(ground: Ground) -> list[Call]:
    """Questions in both languages, narrowed and with parts switched off; and what is none."""
    some = " ".join(ground.chance.sample(ground.words, 5))
    asked = ["How many families returned from the camps?", "Кто сопровождает возвращение боевиков?", some, "zeppelin?"]
    bodies: list[dict[str, Any]] = [{"question": each} for each in asked]
    bodies += [{"question": asked[0], "switch_off": ["across", "names"], "filters": {"language": ["ru"]}}]
    bodies += [{"question": ""}, {}, {"question": "x" * 9_999}, {"question": "("}]
    return [("POST", "/api/answer", {"body": body}) for body in bodies]


def kept_searches(ground: Ground) -> list[Call]:
    """What cannot be kept: one's own acts would have to be the same in every world."""
    bodies: list[dict[str, Any]] = [{"name": "", "search": {}}, {"name": "Long", "search": {"query": "x" * 9_999}}, {}]
    return [("POST", "/api/searches", {"body": body}) for body in bodies]


def enquiries(ground: Ground) -> list[Call]:
    """What cannot be sent: to one's own agency or to none, without words, and one more than one may have."""
    words = {"query": "return"}
    bodies: list[dict[str, Any]] = [{"agency": name, "search": words} for name in ("OSCE", "UNODC", "NOBODY")]
    bodies += [{"agency": "OSCE", "search": {"query": " "}}, {"agency": "OSCE", "search": words, "note": "x" * 9_999}]
    return [("POST", "/api/enquiries", {"body": body}) for body in (*bodies, {})]


def suggestions(ground: Ground) -> list[Call]:
    prefixes = [ground.chance.choice(ground.words)[:3] for _ in range(ground.searches // 3)]
    return [("POST", "/api/suggest", {"body": {"prefix": prefix}}) for prefix in (*prefixes, "re", "ре", "", "x" * 99)]


def document(ground: Ground) -> list[Call]:
    paths = [f"/api/documents/{name}" for name in ground.documents]
    calls: list[Call] = [("GET", path, {}) for path in paths]
    calls += [("HEAD", path, {}) for path in paths[:1]] + [("DELETE", path, {}) for path in paths[:1]]
    return calls


def certificates(ground: Ground) -> list[Call]:
    names = (*ground.documents, *ground.hidden, ABSENT)
    return [("GET", f"/api/retention/certificates/{name}", {}) for name in names]


def intake_of(ground: Ground) -> list[Call]:
    return [("GET", f"/api/documents/{name}/intake", {}) for name in (*ground.documents, *ground.hidden, ABSENT)]


def attachments(ground: Ground) -> list[Call]:
    """Files inside documents, none of which may be taken in here."""
    numbers = [f"/api/documents/{name}/attachments/{number}" for name in ground.documents for number in (1, 99, -1)]
    return [("POST", path, {"body": {"marking_reason": "It is open."}}) for path in numbers]


def page(ground: Ground) -> list[Call]:
    pages = [
        f"/api/documents/{name}/pages/{number}" for name in ground.documents for number in ("1", "99", "1?gloss=true")
    ]
    return [("GET", path, {}) for path in (*pages, f"/api/documents/{ground.documents[0]}/pages/one")]


def places(ground: Ground) -> list[Call]:
    """What is found in documents: words, patterns, a later page of the answer; and what makes no sense."""
    queries = ("return", "возвращение -meeting", "совещ*", "ret?rn*s", f"{ground.chance.choice(ground.words)}~", "")
    queries += ('"return meeting"~9', '"совещание возвращение"~40 return')
    bodies: list[dict[str, Any]] = [{"query": query} for query in queries]
    bodies += [{"query": ground.chance.choice(ground.words), "offset": 1, "limit": 2}, {"query": "return", "limit": 0}]
    calls: list[Call] = [
        ("POST", f"/api/documents/{name}/find", {"body": body}) for name in ground.documents for body in bodies
    ]
    senseless: list[dict[str, Any]] = [{}, {"query": "x" * 20_000}, {"query": "a", "limit": 2_000}]
    return calls + [("POST", f"/api/documents/{ground.documents[0]}/find", {"body": body}) for body in senseless]


def recommendations(ground: Ground) -> list[Call]:
    paths = [f"/api/documents/{name}/recommendations" for name in ground.documents]
    return [("GET", f"{path}{query}", {}) for path in paths for query in ("", "?offset=1&limit=2", "?limit=0")]


RECOMMENDING = hashlib.sha256(b"2021-em1-recommendations-en.pdf").hexdigest()[:32]  # open to everybody
POINTS = (7, 12, 21, 28, 41, 62)  # places of the few documents where something is recommended


def threads(ground: Ground) -> list[Call]:
    """What later papers make of what papers recommend, of those that one may read and may not; and of nothing."""
    papers = dict.fromkeys((RECOMMENDING, *ground.documents))
    places = [f"/api/documents/{name}/recommendations/{place}" for name in papers for place in POINTS]
    return [("GET", path, {}) for path in (*places, f"{places[0]}x")]


def term_searches(ground: Ground) -> list[Call]:
    """Words of documents, in which hidden terms are; every state; and what makes no sense."""
    bodies: list[dict[str, Any]] = [{"query": word} for word in (*ground.chance.sample(ground.words, 4), "return")]
    bodies += [{"state": state, "limit": 100} for state in ("approved", "proposed", "rejected", "replaced")]
    bodies += [{"offset": 20, "limit": 5}, {"query": "иностранных боевиков"}, {"limit": 1_000}, {"state": "importing"}]
    return [("POST", "/api/terms/search", {"body": body}) for body in bodies]


def term(ground: Ground) -> list[Call]:
    return [("GET", f"/api/terms/{name}", {}) for name in (HIDDEN_TERM, "shipped-1", ABSENT, "import")]


def proposed_terms(ground: Ground) -> list[Call]:
    """One of one's own; one in place of a hidden one and of one that never was; under a label above one's own."""
    words = [{"language": "en", "text": "border post"}, {"language": "ru", "text": "пограничный пост"}]
    body = {"words": words, "originator": ground.person.agency, "level": "unclassified", **REASON}
    bodies = [body, *({**body, "replaces": name} for name in (HIDDEN_TERM, ABSENT))]
    bodies += [{**body, "need_to_know": "nobody-has-this"}, {**body, "words": words[:1]}, {}]
    return [("POST", "/api/terms", {"body": body}) for body in bodies]


def deciding_on_terms(act: str) -> Callable[[Ground], list[Call]]:
    return plainly("POST", f"/api/terms/{HIDDEN_TERM}/{act}", f"/api/terms/{ABSENT}/{act}", **REASON)


def image(ground: Ground) -> list[Call]:
    asked = [
        f"/api/documents/{name}/pages/1/image?width=100" for name in (*ground.hidden, *ground.readable[:1], ABSENT)
    ]
    asked += [
        f"/api/documents/{name}/pages/{rest}" for name in ground.hidden[:1] for rest in ("9/image", "1/image?width=1")
    ]
    return [("GET", path, {}) for path in asked]


def original(ground: Ground) -> list[Call]:
    """Files: whole, in part, and if they changed."""
    headers = ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=9999999-"}, {"If-None-Match": "*"})
    paths = [f"/api/documents/{name}/file" for name in (*ground.hidden, *ground.readable[:1], ABSENT)]
    calls: list[Call] = [("GET", path, {"headers": sent}) for path in paths for sent in headers]
    return [*calls, *(("HEAD", path, {}) for path in paths)]


def listing(ground: Ground) -> list[Call]:
    queries = ("", "?limit=2", "?offset=1&limit=3", "?state=quarantined", "?state=received", "?review_by=2099-01-01")
    return [("GET", f"/api/documents{query}", {}) for query in (*queries, "?state=removing", "?limit=0")]


def intake(ground: Ground) -> list[Call]:
    """Uploads that are refused; those that are not are acts of one's own."""
    upload = {"file": ("a.pdf", b"%PDF-", "application/pdf")}
    above = {"originator": ground.person.agency, "level": "strictly-confidential", "need_to_know": "nobody-has-this"}
    unknown = {"originator": "NOBODY", "level": "unclassified"}
    return [("POST", "/api/documents", {"data": data, "files": upload}) for data in (above, unknown, {})]


def of_a_hidden_document(path: str, *bodies: dict[str, Any], method: str = "POST") -> Callable[[Ground], list[Call]]:
    """Acts on documents that one may not read; those on documents that one may read are acts of one's own."""

    def calls(ground: Ground) -> list[Call]:
        names = (*ground.hidden, ABSENT)
        return [(method, path.format(document_id=name), {"body": body}) for name in names for body in bodies]

    return calls


SEEN = {"source_digest": "0", "version": 0}  # of no sentence


def work(ground: Ground) -> list[Call]:
    """Documents on the workbench: whole, by stretch, page and state; and what makes no sense."""
    windows = ("", "?offset=1&limit=2", "?page=1", "?page=99", "?state=approved", "?state=machine", "?limit=0")
    return [("GET", f"/api/translations/{name}{window}", {}) for name in ground.documents for window in windows]


def sentence(ground: Ground) -> list[Call]:
    numbers = ("0", "3", "3?matches=false", "9999", "-1")
    paths = [f"/api/translations/{name}/segments/{number}" for name in ground.documents for number in numbers]
    return [("GET", path, {}) for path in paths]


def on_a_sentence(path: str, method: str = "POST", **body: Any) -> Callable[[Ground], list[Call]]:
    """What is done to sentences that one may not read; and what comes too late to those that one may."""
    seen = {} if path in ("/comments", "/requests") else SEEN
    sent = {} if path == "/lease" else {"body": {**seen, **body}}

    def calls(ground: Ground) -> list[Call]:
        late = ground.readable if body and seen and path != "/draft" else ()
        names = (*ground.hidden, ABSENT, *late)
        return [
            (method, f"/api/translations/{name}/segments/{number}{path}", sent) for name in names for number in (0, 3)
        ]

    return calls


def queue(ground: Ground) -> list[Call]:
    """What waits: all, of one document, for review, one's own."""
    forms = ["", "?limit=200", "?mine=true", "?review=true", "?limit=0"]
    forms += [f"?document_id={name}" for name in ground.documents]
    forms += [f"?pair_id={name}" for name in (*ground.pairs, ABSENT)]
    return [("GET", f"/api/translations/queue{form}", {}) for form in forms]


def next_in_queue(ground: Ground) -> list[Call]:
    """Out of documents that one may not read: to take another would be an act of one's own."""
    narrowed = [{"document_id": name} for name in ground.hidden] + [{"pair_id": name} for name in ground.pairs[:-1]]
    narrowed.append({"document_id": ABSENT, "pair_id": ABSENT})
    return [("POST", "/api/translations/queue/next", {"body": body}) for body in narrowed]


def bringing(ground: Ground) -> list[Call]:
    """Files for documents that one may not read, and such as are no file for those that one may."""
    upload = {"file": ("a.xlf", b"<xliff/>", "application/xliff+xml")}
    return [("POST", f"/api/translations/{name}/import", {"files": upload}) for name in ground.documents]


def concordances(*paths: str) -> Callable[[Ground], list[Call]]:
    """Words side by side, in all documents and for one that is translated; and what makes no sense."""

    def calls(ground: Ground) -> list[Call]:
        bodies: list[dict[str, Any]] = [
            {"query": word} for word in ("return", "возвращение", ground.chance.choice(ground.words))
        ]
        bodies += [{"query": "return", "document_id": name} for name in ground.documents]
        bodies += [{"query": "meeting", "people_only": True, "limit": 2}, {"query": ""}, {"query": "x", "limit": 0}]
        return [("POST", path, {"body": body}) for path in paths for body in bodies]

    return calls


def exports(ground: Ground) -> list[Call]:
    forms = ("", "?format=tmx", "?format=html", "?format=docx", "?format=doc")
    return [("GET", f"/api/exports/{name}{form}", {}) for name in ground.documents for form in forms]


def explaining(ground: Ground) -> list[Call]:
    who = {"username": ground.person.username}
    asked = [{**who, "document_id": name} for name in ground.documents]
    asked += [{**who, "document_id": name, "action": "intake"} for name in ground.hidden]
    asked += [{**who, "label": {"level": level, "releasable_to": "ALL"}} for level in ("unclassified", "confidential")]
    asked += [{"username": "nobody", "document_id": ground.documents[0]}, {}]
    return [("POST", "/api/access/explain", {"body": body}) for body in asked]


def pairs_listed(ground: Ground) -> list[Call]:
    queries = ("", "?state=proposed", "?state=confirmed&limit=1", "?state=rejected", "?offset=1", "?state=lost")
    return [("GET", f"/api/pairs{query}", {}) for query in queries]


def pairs_made(ground: Ground) -> list[Call]:
    """Pairs of what is hidden with anything; those of what one may read are acts of one's own."""
    papers = [(one, other) for one in (*ground.hidden, ABSENT) for other in (*ground.readable[:1], ABSENT)]
    return [("POST", "/api/pairs", {"body": {"document_ids": both, **REASON}}) for both in papers]


def of_pairs(path: str, *queries: str) -> Callable[[Ground], list[Call]]:
    def calls(ground: Ground) -> list[Call]:
        names = (*ground.pairs, ABSENT)
        return [("GET", f"/api/pairs/{name}{path}{query}", {}) for name in names for query in queries]

    return calls


def on_hidden_pairs(path: str, *bodies: dict[str, Any], method: str = "POST") -> Callable[[Ground], list[Call]]:
    def calls(ground: Ground) -> list[Call]:
        names = (*ground.pairs[:-1], ABSENT)
        return [(method, f"/api/pairs/{name}/{path}", {"body": body}) for name in names for body in bodies]

    return calls


def deciding(verdict: str) -> Callable[[Ground], list[Call]]:
    def calls(ground: Ground) -> list[Call]:
        return [("POST", f"/api/proposals/{one}/{verdict}", {"body": REASON}) for one in (*ground.proposals, ABSENT)]

    return calls


def signing_in(ground: Ground) -> list[Call]:
    """Wrong passwords under names that are there in one world alone, until they are slowed down."""
    tries = [(name, "wrong") for name in ground.names for _ in range(6)] if ground.signs_in else []
    return [("POST", "/api/session", {"body": {"username": name, "password": word}}) for name, word in tries]


def plainly(method: str, *paths: str, **body: Any) -> Callable[[Ground], list[Call]]:
    """The same calls for everybody."""
    return lambda ground: [(method, path, {"body": body or None}) for path in paths]


def once(method: str, path: str, body: dict[str, Any]) -> Callable[[Ground], list[Call]]:
    """A call that takes long, so made where signing in is asked for alone."""
    return lambda ground: [(method, path, {"body": body})] if ground.signs_in else []


@dataclass(frozen=True)
class Step:
    """Something that a person does, and the identifier of what they bring; without a call, a worker's turn.

    Or the operator approves what the person proposed of a kind.
    """

    route: Route = ("", "")
    call: Call | None = None
    brings: str = ""
    approves: str = ""


OF_ONE = "/api/documents/{document_id}"
REVIEW = {"review_on": "2026-01-01"}
WORK = Step()
BROUGHT, AGAIN, LATER, BROKEN = (f"{number}" * 32 for number in (1, 2, 3, 4))


def acts(ground: Ground, hidden_file: bytes, new_file: bytes) -> list[Step]:
    """What a registrar does themselves: bring in what is hidden from them, hold, relabel and remove what is theirs."""
    own = {"originator": ground.person.agency, "level": "unclassified", "marking_reason": "It is open by now."}
    asked = {"question": "hidden", "answer": "take_in", **REASON}
    where = f"/api/documents/{BROUGHT}"
    weaker = {"releasable_to": "ALL", **REASON}
    bring, hold, label = ("POST", "/api/documents"), ("POST", OF_ONE + "/hold"), ("PATCH", OF_ONE + "/label")
    remove, see, proposals = ("POST", OF_ONE + "/removal"), ("GET", OF_ONE), ("GET", "/api/proposals")
    describe, described = ("PATCH", OF_ONE + "/description"), {"symbol": "T/1", **REASON}
    return [
        Step(bring, _upload(hidden_file, own), BROUGHT),
        Step(bring, _upload(hidden_file, own), AGAIN),
        Step(bring, _upload(hidden_file, {**own, "releasable_to": "ALL"}), AGAIN),
        Step(bring, _upload(new_file, {**own, "embargo_until": "2099-01-01T00:00:00Z", **REVIEW}), LATER),
        Step(bring, _upload(b"%PDF-broken", own), BROKEN),
        Step(("GET", "/api/documents"), ("GET", "/api/documents", {})),
        WORK,
        Step(("POST", OF_ONE + "/answer"), ("POST", f"{where}/answer", {"body": asked})),
        Step(describe, ("PATCH", f"{where}/description", {"body": described})),
        Step(hold, ("POST", f"{where}/hold", {"body": {"held": True, **REASON}})),
        Step(remove, ("POST", f"{where}/removal", {"body": REASON})),
        Step(hold, ("POST", f"{where}/hold", {"body": {"held": False, **REASON}})),
        Step(proposals, ("GET", "/api/proposals", {})),
        Step(approves="release"),
        Step(remove, ("POST", f"{where}/removal", {"body": REASON})),
        Step(label, ("PATCH", f"{where}/label", {"body": {**REVIEW, **REASON}})),
        Step(label, ("PATCH", f"{where}/label", {"body": weaker})),
        Step(proposals, ("GET", "/api/proposals", {})),
        Step(remove, ("POST", f"/api/documents/{LATER}/removal", {"body": REASON})),
        Step(see, ("GET", f"/api/documents/{LATER}", {})),
        Step(approves="remove"),
        Step(see, ("GET", f"/api/documents/{LATER}", {})),
        WORK,
    ]


def _upload(content: bytes, data: dict[str, str]) -> Call:
    return ("POST", "/api/documents", {"data": data, "files": {"file": ("own.pdf", content, "application/pdf")}})
