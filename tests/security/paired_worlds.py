"""Twin worlds: Tolmachs that differ only in what a person may not read; and what each answers, byte for byte."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import factories
import pytest
from asgi_client import asked
from sqlalchemy import event as event_of
from sqlalchemy import select

from auth import people, policy
from auth.changes.kinds import Decider
from auth.people import Role
from auth.policy import Action
from indexer.bitext.review.tables import TranslationRequestRow
from indexer.library import documents, intake
from indexer.library.states import State
from indexer.library.tables import DocumentRow, SegmentRow
from indexer.pairs.tables import PairRow
from indexer.pipeline.reindex import reindex
from services.app import create_app
from services.cli.console import event
from services.cli.library import batch
from services.cli.library.manifest import Item, from_manifest
from services.components import Components
from services.proposals import proposal_kinds
from services.settings import Settings

SAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "sample"
LEVELS = ("unclassified", "restricted", "confidential", "strictly-confidential")
WORDS = ("returnees", "finance", "courts")
A_DAY_IN_2026 = 1_780_000_000  # when every file was last changed, so that Last-Modified and ETag say the same
ABSENT = "0" * 32


@event_of.listens_for(PairRow, "before_insert")
def _name_by_papers(_mapper: object, _connection: object, pair: PairRow) -> None:
    """Name pairs that bring no name, the same papers alike in every world: here alone, to compare bytes."""
    pair.id = pair.id or hashlib.sha256(f"{pair.first} {pair.second}".encode()).hexdigest()[:32]


EngineSettings = Callable[[Path], dict[str, Any]]  # the settings of an engine of its own, for a home


def embedded(home: Path) -> dict[str, Any]:
    """The embedded engine needs no settings."""
    return {}


Answer = tuple[int, tuple[tuple[bytes, bytes], ...], bytes]  # status, headers, body
Call = tuple[str, str, dict[str, Any]]  # method, path, and what else the request holds


@dataclass(frozen=True)
class Person:
    """Somebody with one grant; without a role, with none."""

    username: str
    agency: str
    role: Role | None
    clearance: str
    words: frozenset[str]


def random_person(number: int, chance: random.Random) -> Person:
    """An expert of any agency, clearance and need to know."""
    agency = chance.choice(["KZ-MIA", "KG-SCNS", "UZ-PGO", "TJ-MIA", "UNODC", "OSCE"])
    level = chance.choice(LEVELS)
    words = frozenset(word for word in WORDS if chance.random() < 0.5)
    return Person(f"person{number}", agency, Role.EXPERT, level, words)


class World:
    """A Tolmach with some of the sample's documents, whose identifiers depend on each document alone."""

    def __init__(self, home: Path, people_in_it: Sequence[Person], engine: EngineSettings = embedded) -> None:
        self._engine = engine
        if not home.exists():
            self._make(home)
        self.settings = Settings(home=home, trail_entries=1_000_000_000, removal_days=0, **engine(home))
        self._tokens: dict[str, dict[str, str]] = {}
        self._open()
        self.add_people(people_in_it)

    def _make(self, home: Path) -> None:
        """A home with the sample's agencies and models."""
        shutil.copytree(_empty(), home)

    def _open(self) -> None:
        self.components = Components(self.settings)
        self.app = create_app(self.components)

    def add_people(self, more: Sequence[Person]) -> None:
        """More people."""
        for one in more:
            roles = [one.role] if one.role else []
            factories.person(self.components, one.username, one.agency, roles, one.clearance, one.words)

    def fill(self, items: Sequence[Item], work: bool = True) -> dict[str, str]:
        """Take files in and through the pipeline; gives the identifier of each."""
        with identifiers_by_content(items):
            lines = batch.take_in(self.components, items)
        self.age_files()
        if work:
            batch.work(self.components)
            self._ask_for([line.receipt.document_id for line in lines])
        return {line.path.name: line.receipt.document_id for line in lines}

    def _ask_for(self, document_ids: Sequence[str]) -> None:
        """Somebody asked for the first sentence of each to be translated, so that translators have a queue."""
        with self.components.database.session() as session:
            first = select(SegmentRow).where(SegmentRow.document.in_(document_ids), SegmentRow.ordinal == 0)
            for each in session.scalars(first).all():
                asked_for = {
                    "source_digest": each.digest,
                    "source": each.language,
                    "by": "",
                    "at": datetime(2026, 1, 1, tzinfo=UTC),
                }
                session.merge(TranslationRequestRow(document=each.document, **asked_for))

    def age_files(self) -> None:
        """Make every original as old as those of all other worlds."""
        for path in self.components.home.files.glob("*/*.pdf"):
            os.utime(path, (A_DAY_IN_2026, A_DAY_IN_2026))

    def copy(self, home: Path) -> World:
        """The same world once more, in a home of its own."""
        shutil.copytree(self.components.settings.home, home)
        copied = type(self)(home, (), self._engine)
        if self._engine is not embedded:  # then the index lies elsewhere
            reindex(copied.components.database, copied.components.engine, lambda done, total: None)
        return copied

    def remove(self, document_id: str) -> None:
        """Take a document out; a worker does the rest."""
        with self.components.database.reading() as session:
            scope = policy.operator_scope(session, Action.REMOVE)
        self.components.removals.remove(scope, None, document_id, "because", event("remove"))

    def approve(self, person: Person, kind: str) -> None:
        """Let the last thing of this kind that the person proposed be done: by the operator, who is in every world."""
        kinds, operator = proposal_kinds(self.components), Decider(None, "console", policy.operator_scope)
        theirs = [each for each in kinds.waiting(operator) if (each.kind, each.proposed_by) == (kind, person.username)]
        kinds.approve(operator, theirs[-1].proposal_id)

    def readable(self, person: Person) -> set[str]:
        """The documents whose labels the person satisfies, for whatever their role does to documents."""
        with self.components.database.reading() as session:
            row = people.find_person(session, person.username)
            principal = people.principal(session, row.id)
            return {
                r.id
                for r in session.query(DocumentRow)
                if any(policy.permits(principal, action, documents.label_of(session, r)) for action in Action)
            }

    def translated(self) -> set[str]:
        """The documents that a model has translated."""
        with self.components.database.reading() as session:
            return {row.id for row in session.query(DocumentRow).filter_by(state=State.TRANSLATED)}

    def ask(self, person: Person, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """What a person is answered, but for the moment of the answer."""
        headers = {**self._token(person), **more.pop("headers", {})}
        status, raw, content = asked(self.app, method, path, json=body, headers=headers, **more)
        if method == "DELETE" and status == 204:  # they signed out
            self._tokens.pop(person.username)
        return status, tuple((name, value) for name, value in raw if name.lower() != b"date"), content

    def _token(self, person: Person) -> dict[str, str]:
        if person.username not in self._tokens:
            self._tokens[person.username] = factories.bearer(self.components, person.username)
        return self._tokens[person.username]

    def close(self) -> None:
        """Let go of its files."""
        self.components.close()


@cache
def _template() -> TemporaryDirectory[str]:
    """A Tolmach with the sample's agencies and models, set up once for all worlds."""
    folder = TemporaryDirectory(prefix="tolmach-twins-")
    furnish(factories.fresh(Path(folder.name) / "home"))
    return folder


def furnish(components: Components) -> None:
    """Give a Tolmach the sample's agencies and models, and let go of it."""
    for row in tomllib.loads((SAMPLE / "sample.toml").read_text(encoding="utf-8"))["agency"]:
        factories.agency(components, row["code"])
    for package in sorted((SAMPLE / "models").glob("*.argosmodel")):
        components.packages.install(package)
    components.close()


def _empty() -> Path:
    return Path(_template().name) / "home"


@contextmanager
def identifiers_by_content(items: Sequence[Item]) -> Iterator[None]:
    """Identifiers that are the same for a file in every world: here alone, to compare bytes."""
    with identifiers([identifier_of(item) for item in items]):
        yield


def identifier_of(item: Item) -> str:
    """The identifier of a file of the sample, in every world."""
    return hashlib.sha256(item.path.name.encode()).hexdigest()[:32]


@contextmanager
def identifiers(wanted: Sequence[str]) -> Iterator[None]:
    """The identifiers of the files that are taken in next."""
    given = iter(wanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "new_id", lambda: next(given))
        yield


def sample_items() -> list[Item]:
    """Every document of the sample corpus."""
    return from_manifest(SAMPLE / "manifest.csv", {})


def some_items() -> list[Item]:
    """Few documents of the sample, of every level, in both languages."""
    return [item for item in sample_items() if item.path.stem in SOME]


SOME = (
    "2021-em1-agenda-en",
    "2021-em1-agenda-ru",
    "2021-em1-recommendations-en",
    "2021-em1-statement-kz-ru",
    "2022-ws1-statement-unodc-en",
    "2023-em2-agenda-en",
    "2023-em2-routes-ru",
    "2023-em2-statement-kg-en",
    "2023-em2-technical-note-en",
    "2024-ws2-land-returns-en",
    "2024-ws2-watchlist-review-ru",
    "2025-em3-agenda-ru",
    "2025-em3-financing-report-en",
)


@cache
def vocabulary() -> list[str]:
    """Words of all documents of the sample, from their sources."""
    return _words(sorted((SAMPLE / "texts").glob("*.md")))


@cache
def some_words() -> list[str]:
    """Words of the few documents."""
    return _words([SAMPLE / "texts" / f"{name}.md" for name in SOME])


def _words(sources: Sequence[Path]) -> list[str]:
    texts = "".join(path.read_text(encoding="utf-8") for path in sources)
    return sorted(set(re.findall(r"[^\W\d_]{3,}", texts.split("+++")[-1] + texts)))
