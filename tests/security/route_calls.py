"""How the leak suite draws its calls: what is asked of a route where its example does not do. See route_table.py."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from paired_worlds import ABSENT, Call, Person, some_words

Route = tuple[str, str]  # method, path


@dataclass(frozen=True)
class Ground:
    """What a person's calls are drawn from: documents they may read and documents they may not, and much chance.

    `names` are people whose absence would be seen; `proposals` are those that others made about hidden documents.
    """

    person: Person
    chance: random.Random
    readable: Sequence[str] = ()
    hidden: Sequence[str] = ()
    names: Sequence[str] = ()
    proposals: Sequence[str] = ()
    searches: int = 10
    signs_in: bool = False  # which takes long
    words: Sequence[str] = field(default_factory=some_words)

    @property
    def documents(self) -> list[str]:
        """Of each kind, and one that never was."""
        return [*self.hidden, *self.readable, ABSENT]


REASON = {"reason": "for the test"}
SEARCH: Route = ("POST", "/api/search")
SUGGEST: Route = ("POST", "/api/suggest")
WHOLE_INDEX = {"limit": 100}


def searches(ground: Ground) -> list[Call]:
    """Searches with every operator, sort and filter, at several offsets; and some that make no sense."""
    asked: list[dict[str, Any]] = [random_search(ground.chance, ground.words) for _ in range(ground.searches)]
    asked += [{"query": word} for word in ("return", "возвращение", "meeting -return", "совещ*")]
    asked += [{"query": "return meeting", "switch_off": off} for off in (["across"], ["across:p2"], ["across:p9", "x"])]
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
        {"date_from": "2023-02-01", "date_to": "2024-06-30"},
        {"undated": True},
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


def suggestions(ground: Ground) -> list[Call]:
    prefixes = [ground.chance.choice(ground.words)[:3] for _ in range(ground.searches // 3)]
    return [("POST", "/api/suggest", {"body": {"prefix": prefix}}) for prefix in (*prefixes, "re", "ре", "", "x" * 99)]


def document(ground: Ground) -> list[Call]:
    paths = [f"/api/documents/{name}" for name in ground.documents]
    calls: list[Call] = [("GET", path, {}) for path in paths]
    calls += [("HEAD", path, {}) for path in paths[:1]] + [("DELETE", path, {}) for path in paths[:1]]
    return calls


def page(ground: Ground) -> list[Call]:
    pages = [f"/api/documents/{name}/pages/{number}" for name in ground.documents for number in ("1", "99")]
    return [("GET", path, {}) for path in (*pages, f"/api/documents/{ground.documents[0]}/pages/one")]


def places(ground: Ground) -> list[Call]:
    """What is found in documents: words, patterns, a later page of the answer; and what makes no sense."""
    queries = ("return", "возвращение -meeting", "совещ*", "ret?rn*s", f"{ground.chance.choice(ground.words)}~", "")
    bodies: list[dict[str, Any]] = [{"query": query} for query in queries]
    bodies += [{"query": ground.chance.choice(ground.words), "offset": 1, "limit": 2}, {"query": "return", "limit": 0}]
    calls: list[Call] = [
        ("POST", f"/api/documents/{name}/find", {"body": body}) for name in ground.documents for body in bodies
    ]
    senseless: list[dict[str, Any]] = [{}, {"query": "x" * 20_000}, {"query": "a", "limit": 2_000}]
    return calls + [("POST", f"/api/documents/{ground.documents[0]}/find", {"body": body}) for body in senseless]


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


def explaining(ground: Ground) -> list[Call]:
    who = {"username": ground.person.username}
    asked = [{**who, "document_id": name} for name in ground.documents]
    asked += [{**who, "document_id": name, "action": "intake"} for name in ground.hidden]
    asked += [{**who, "label": {"level": level, "releasable_to": "ALL"}} for level in ("unclassified", "confidential")]
    asked += [{"username": "nobody", "document_id": ground.documents[0]}, {}]
    return [("POST", "/api/access/explain", {"body": body}) for body in asked]


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
    own = {"originator": ground.person.agency, "level": "unclassified"}
    where = f"/api/documents/{BROUGHT}"
    weaker = {"releasable_to": "ALL", **REASON}
    bring, hold, label = ("POST", "/api/documents"), ("POST", OF_ONE + "/hold"), ("PATCH", OF_ONE + "/label")
    remove, see, proposals = ("POST", OF_ONE + "/removal"), ("GET", OF_ONE), ("GET", "/api/proposals")
    return [
        Step(bring, _upload(hidden_file, own), BROUGHT),
        Step(bring, _upload(hidden_file, own), AGAIN),
        Step(bring, _upload(hidden_file, {**own, "releasable_to": "ALL"}), AGAIN),
        Step(bring, _upload(new_file, {**own, "embargo_until": "2099-01-01T00:00:00Z", **REVIEW}), LATER),
        Step(bring, _upload(b"%PDF-broken", own), BROKEN),
        Step(("GET", "/api/documents"), ("GET", "/api/documents", {})),
        WORK,
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
