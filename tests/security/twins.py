"""Twin worlds: one Tolmach with every document, one with what a person may read alone; and what each answers."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from auth import people, policy
from auth.people import Role
from auth.policy import Action
from indexer import documents, intake, upkeep
from indexer.reindex import reindex
from indexer.tables import DocumentRow
from services.app import create_app
from services.cli import batch
from services.cli.console import event
from services.cli.manifest import Item, from_manifest
from services.parts import Parts
from services.settings import Settings
from services.setup import set_up

SAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "sample"
PASSWORD = "one password for all of them"
MASKED = (b"date",)  # headers that may differ: the moment of the answer

EngineSettings = Callable[[Path], dict[str, Any]]  # the settings of an engine of its own, for a home


def embedded(home: Path) -> dict[str, Any]:
    """The embedded engine needs no settings."""
    return {}


Answer = tuple[int, tuple[tuple[bytes, bytes], ...], bytes]


@dataclass(frozen=True)
class Person:
    """Somebody with one grant."""

    username: str
    agency: str
    role: Role
    clearance: str
    words: frozenset[str]


def random_person(number: int, chance: random.Random) -> Person:
    """An expert of any agency, clearance and need to know."""
    agency = chance.choice(["KZ-MIA", "KG-SCNS", "UZ-PGO", "TJ-MIA", "UNODC", "OSCE"])
    level = chance.choice(["unclassified", "restricted", "confidential", "strictly-confidential"])
    words = frozenset(word for word in ("returnees", "finance", "courts") if chance.random() < 0.5)
    return Person(f"person{number}", agency, Role.EXPERT, level, words)


class World:
    """A Tolmach with some of the sample's documents, whose identifiers depend on each document alone."""

    def __init__(self, home: Path, people_in_it: Sequence[Person], engine: EngineSettings = embedded) -> None:
        self._engine = engine
        settings = Settings(home=home, **engine(home))
        fresh = not home.exists()
        set_up(settings, SAMPLE / "scheme.toml")
        self.parts = Parts(settings)
        if fresh:
            self._add_people(people_in_it)
            for package in sorted((SAMPLE / "models").glob("*.argosmodel")):
                self.parts.packages.install(package)
        self.client = TestClient(create_app(self.parts), raise_server_exceptions=False)
        self._tokens: dict[str, str] = {}

    def _add_people(self, people_in_it: Sequence[Person]) -> None:

        content = tomllib.loads((SAMPLE / "sample.toml").read_text(encoding="utf-8"))
        rank = self.parts.scheme.rank
        with self.parts.database.session() as session:
            for row in content["agency"]:
                people.add_agency(session, row["code"], row["name_en"], row["name_ru"], rank("strictly-confidential"))
            for person in people_in_it:
                row = people.add_person(session, person.username, person.username, person.agency, PASSWORD)
                people.add_grant(session, row, person.role, rank(person.clearance), person.words)

    def fill(self, items: Sequence[Item]) -> dict[str, str]:
        """Take files in and through the pipeline; gives the identifier of each."""
        with identifiers_by_content(items):
            lines = batch.take_in(self.parts, items)
        batch.work(self.parts)
        return {line.path.name: line.receipt.document_id for line in lines}

    def copy(self, home: Path) -> World:
        """The same world once more, in a home of its own."""
        shutil.copytree(self.parts.settings.home, home)
        copied = World(home, (), self._engine)
        reindex(copied.parts.database, copied.parts.engine, lambda done, total: None)  # an index may lie elsewhere
        return copied

    def remove(self, document_id: str) -> None:
        """Take a document out, to the end."""
        with self.parts.database.reading() as session:
            scope = policy.operator_scope(session, Action.REMOVE)
        upkeep.remove(self.parts.database, self.parts.engine, self.parts.trail, scope, document_id, event("remove"))
        self.parts.worker().run()

    def readable(self, person: Person) -> set[str]:
        """The documents that a person may search."""
        with self.parts.database.reading() as session:
            row = people.find_person(session, person.username)
            principal = people.principal(session, row.id)
            rows = session.query(DocumentRow).all()
            return {r.id for r in rows if policy.permits(principal, Action.SEARCH, documents.label_of(session, r))}

    def translated(self) -> set[str]:
        """The documents that a model has translated."""
        with self.parts.database.reading() as session:
            return {row.id for row in session.query(DocumentRow).filter_by(state=documents.TRANSLATED)}

    def ask(self, person: Person, method: str, path: str, body: Any = None) -> Answer:
        """What a person is answered: status, headers, body."""
        headers = {"Authorization": f"Bearer {self._token(person)}"}
        answer = self.client.request(method, path, json=body, headers=headers)
        kept = tuple((name, value) for name, value in answer.headers.raw if name.lower() not in MASKED)
        return answer.status_code, kept, answer.content

    def _token(self, person: Person) -> str:
        if person.username not in self._tokens:
            body = {"username": person.username, "password": PASSWORD}
            self._tokens[person.username] = self.client.post("/api/session", json=body).json()["token"]
        return self._tokens[person.username]

    def close(self) -> None:
        """Let go of its files."""
        self.parts.close()


@contextmanager
def identifiers_by_content(items: Sequence[Item]) -> Iterator[None]:
    """Identifiers that are the same for a file in every world: here alone, to compare bytes."""
    given = iter([hashlib.sha256(item.path.name.encode()).hexdigest()[:32] for item in items])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "new_id", lambda: next(given))
        yield


def sample_items() -> list[Item]:
    """Every document of the sample corpus."""
    return from_manifest(SAMPLE / "manifest.csv", {})


def vocabulary() -> list[str]:
    """Words of all documents, hidden ones included, from the sources of the sample."""
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted((SAMPLE / "texts").glob("*.md")))
    return sorted(set(re.findall(r"[^\W\d_]{3,}", texts.split("+++")[-1] + texts)))


def random_search(chance: random.Random, words: Sequence[str]) -> dict[str, Any]:
    """A random search: every operator, sorts, filters, offsets."""
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
    ]
    filters = chance.choice(
        [{}, {}, {"language": ["ru"]}, {"agency": ["UNODC", "OSCE"]}, {"level": ["confidential"]}, {"year_from": 2023}]
    )
    return {
        "query": chance.choice(forms),
        "filters": filters,
        "sort": chance.choice(["relevance", "relevance", "newest", "oldest"]),
        "offset": chance.choice([0, 0, 2]),
        "limit": chance.choice([3, 20]),
    }


def calls(
    chance: random.Random, words: Sequence[str], identifiers: Sequence[str], count: int
) -> list[tuple[str, str, Any]]:
    """Random calls: searches first of all, suggestions, and documents by every identifier there ever was."""
    asked: list[tuple[str, str, Any]] = [("POST", "/api/search", random_search(chance, words)) for _ in range(count)]
    asked += [("POST", "/api/suggest", {"prefix": chance.choice(words)[:3]}) for _ in range(count // 4)]
    for identifier in identifiers:
        asked.append(("GET", f"/api/documents/{identifier}", None))
        asked.append(("GET", f"/api/documents/{identifier}/pages/1", None))
        asked.append(("GET", f"/api/documents/{identifier}/pages/99", None))
    return asked


def differences(one: World, other: World, person: Person, asked: Sequence[tuple[str, str, Any]]) -> list[str]:
    """The calls that two worlds answer differently, for one person."""
    different = []
    for method, path, body in asked:
        first, second = (world.ask(person, method, path, body) for world in (one, other))
        if first != second:
            different.append(f"{method} {path} {json.dumps(body, ensure_ascii=False)}: {first!r} {second!r}")
    return different
