"""People, papers and signed-in clients for tests: made in a few lines, through the doors that everybody uses."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from reportlab.pdfgen import canvas

from auth import expression, passwords, people, policy
from auth.audit.entries import Event
from auth.changes.kinds import Decider
from auth.labels import ALL, Label
from auth.people import Role
from auth.policy import Action
from auth.signin import sign_in
from auth.tables import AgencyRow, PersonRow
from indexer.library.intake import DocumentDescription, Receipt, Submission
from indexer.pipeline import pauses
from services.app import create_app
from services.components import Components
from services.settings import Settings
from services.setup import set_up

PASSWORD = "one password for all of them"


def decider(components: Components, username: str | None) -> Decider:
    """Who decides on proposals: a person, or the operator where there is no name."""
    if username is None:
        return Decider(None, "console", policy.operator_scope)
    by = principal(components, username)
    return Decider(by, "test", lambda session, action: policy.scope_for(session, by, action))


def pdf(*lines: str, pages: int = 1, password: str | None = None) -> bytes:
    """A PDF that says these lines on each page; the same bytes for the same lines. With no line, an empty page."""
    file = io.BytesIO()
    paper = canvas.Canvas(file, invariant=1, encrypt=password)
    for _ in range(pages):
        for at, line in enumerate(lines):
            paper.drawString(72, 760 - 20 * at, line)
        paper.rect(72, 72, 100, 100)
        paper.showPage()
    paper.save()
    return file.getvalue()


SCHEME = Path(__file__).resolve().parents[2] / "deploy" / "sample" / "scheme.toml"  # all four levels


@lru_cache(maxsize=1)
def _template() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory(prefix="tolmach-template-")
    set_up(Settings(home=Path(folder.name) / "home"), SCHEME)
    return folder


def fresh(home: Path, **settings: Any) -> Components:
    """A Tolmach just set up, with all four levels: on SQLite a copy of one that was set up once for all tests."""
    configured = Settings(
        home=home, **{"trail_entries": 1_000_000_000, "removal_days": 0, **settings}
    )  # tests ask much in a minute
    if configured.database_url:
        set_up(configured, SCHEME)
    else:
        shutil.copytree(Path(_template().name) / "home", home)
    return Components(configured)


REAL_HASHER, REAL_NOBODY = passwords._hasher, passwords._hash_of_nobody


@contextmanager
def quick_passwords() -> Iterator[None]:
    """Hash passwords a thousand times quicker meanwhile: what is tried is not how long guessing takes."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    nobody = quick.hash("nobody")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: quick)
        patch.setattr(passwords, "_hash_of_nobody", lambda: nobody)
        yield


def agency(components: Components, code: str, ceiling: str = "strictly-confidential", active: bool = True) -> None:
    """An agency."""
    with components.database.session() as session:
        people.add_agency(session, code, code, code, components.scheme.rank(ceiling))
        session.flush()
        session.get_one(AgencyRow, code).active = active


def person(
    components: Components,
    username: str,
    agency: str,
    roles: Iterable[str] = (),
    clearance: str = "strictly-confidential",
    words: Iterable[str] = (),
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> str:
    """A person whose password is PASSWORD, hashed once for all of them; gives their identifier."""
    with components.database.session() as session:
        row = PersonRow(username=username, name=username, agency=agency, password=_hash())
        session.add(row)
        session.flush()
        for role in roles:
            people.add_grant(
                session, row, Role(role), components.scheme.rank(clearance), frozenset(words), starts or EVER, ends
            )
        return row.id


def hold_up(components: Components, what: str) -> None:
    """Pause translation or recognition."""
    with components.database.session() as session:
        pauses.pause(session, what)


def go_on(components: Components, what: str) -> None:
    """Let it go on."""
    with components.database.session() as session:
        pauses.resume(session, what)


EVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@lru_cache(maxsize=1)
def _hash() -> str:
    return passwords.hashed(PASSWORD)


def principal(components: Components, username: str) -> people.Principal | None:
    """The person as they are now."""
    with components.database.reading() as session:
        row = people.find_person(session, username)
        return people.principal(session, row.id) if row else None


def bearer(components: Components, username: str) -> dict[str, str]:
    """The headers of somebody who has just signed in."""
    with components.database.session() as session:
        row = people.find_person(session, username)
        assert row is not None
        who = people.Principal(row.id, username, username, row.agency, ())
        return {"Authorization": f"Bearer {sign_in.begin(session, components.signer, who, second_factor=True).token}"}


def client(components: Components, username: str | None = None) -> TestClient:
    """The API as nobody, or as somebody signed in. Errors that nobody foresaw are answered, not raised.

    Over the same parts it is the same application: FastAPI describes each route anew when one is first asked.
    """
    headers = bearer(components, username) if username else {}
    if components not in _APPLICATIONS:
        _APPLICATIONS[components] = create_app(components)
    return TestClient(_APPLICATIONS[components], headers=headers, raise_server_exceptions=False)


_APPLICATIONS: WeakKeyDictionary[Components, FastAPI] = WeakKeyDictionary()


def label(
    components: Components,
    originator: str,
    level: str = "unclassified",
    releasable_to: str = "ALL",
    need_to_know: str = "",
) -> Label:
    """A label; lists are separated by commas."""
    to: Any = ALL if releasable_to == ALL else frozenset(releasable_to.split(","))
    return Label.of(components.scheme.rank(level), to, expression.parse(need_to_know), originator.split(","))


def submission(content: bytes, under: Label, filename: str = "paper.pdf", **about: Any) -> Submission:
    """A file on its way in, brought by the operator."""
    event = Event("operator", "console", Action.INTAKE)
    return Submission(io.BytesIO(content), filename, under, DocumentDescription(**about), event)


def take(components: Components, content: bytes, under: Label, **about: Any) -> Receipt:
    """Take a file in as the operator does, whose scope is everything."""
    with components.database.reading() as session:
        known = policy.operator_scope(session, Action.INTAKE)
    return components.intake.take(submission(content, under, **about), known)
