"""`tolmach demo`: the whole of Tolmach with the sample corpus, in a home of its own."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from auth import passwords, people
from auth.people import Role
from indexer.library.tables import MeetingRow
from services import settings
from services import setup as setting_up
from services.cli.console import AsJson, event, put, say
from services.cli.library import batch
from services.cli.library.manifest import from_manifest
from services.cli.operation import running
from services.components import Components

HOME = Path(".demo")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    port: Annotated[int, typer.Option(help="Port to serve on")] = 8000,
    serve: Annotated[bool, typer.Option(help="Serve until interrupted")] = True,
    as_json: AsJson = False,
) -> None:
    """Set up a sample corpus with its agencies and people, take it in, and serve it. Safe to repeat.

    Everything lies in `.demo` in this folder, or in TOLMACH_HOME if that is set; delete it to start afresh.
    """
    os.environ.setdefault("TOLMACH_HOME", str(HOME))
    with _sample() as sample:
        current = settings.load()
        fresh = not (current.home / "sign-ins.json").exists()
        administrators = setting_up.set_up(current, sample / "scheme.toml")
        components = Components(current)
        if fresh:
            _keep_sign_ins(current.home, _people(components, sample, administrators))
        for package in sorted((sample / "models").glob("*.argosmodel")):
            components.packages.install(package)
        lines = batch.take_in(components, from_manifest(sample / "manifest.csv", {}))
        batch.work(components)
        components.close()
    sign_ins = json.loads((current.home / "sign-ins.json").read_text(encoding="utf-8"))
    address = f"http://{current.host}:{port}"
    if current.relying_party is None and current.host == "127.0.0.1":
        os.environ["TOLMACH_PAGE"] = f"http://localhost:{port}/"  # passkeys know no numbers
    if as_json:
        put({"home": str(current.home), "address": address, "documents": len(lines), "sign_ins": sign_ins})
    else:
        _tell(len(lines), address if serve else "", sign_ins)
    if serve:
        running.serve(host=None, port=port, with_worker=True)


@contextmanager
def _sample() -> Iterator[Path]:
    with as_file(files("deploy") / "sample") as folder:
        yield folder


def _people(components: Components, sample: Path, administrators: list[setting_up.NewSignIn]) -> list[dict[str, Any]]:
    """Make the sample's agencies, meetings and people; gives everybody's sign-in."""
    content = tomllib.loads((sample / "sample.toml").read_text(encoding="utf-8"))
    sign_ins = []
    with components.database.session() as session:
        for row in content["agency"]:
            people.add_agency(
                session, row["code"], row["name_en"], row["name_ru"], components.scheme.rank(row["ceiling"])
            )
        for row in content["meeting"]:
            session.add(_meeting(row))
        for row in content["person"]:
            sign_ins.append(row | {"password": passwords.generated()})
            new = people.add_person(session, row["username"], row["name"], row["agency"], sign_ins[-1]["password"])
            for role in row["roles"]:
                words = frozenset(row["need_to_know"])
                people.add_grant(session, new, Role(role), components.scheme.rank(row["clearance"]), words)
        for administrator in administrators:
            sign_ins.append(_administrator(session, administrator.username, components))
        components.trail.record(event("demo", people=len(sign_ins)))
    return sign_ins


def _administrator(session: Session, username: str, components: Components) -> dict[str, Any]:
    """An administrator's sign-in. Here they get a password that can be shown again, in place of a one-time code."""
    password = passwords.generated()
    person = people.the_person(session, username)
    person.password, person.code_until = passwords.hashed(password), None
    return {
        "username": username,
        "name": username,
        "agency": setting_up.ADMINISTRATION,
        "roles": [Role.ADMINISTRATOR],
        "clearance": components.scheme.levels[0].code,
        "need_to_know": [],
        "password": password,
    }


def _meeting(row: dict[str, Any]) -> MeetingRow:
    values = {name: ",".join(value) if isinstance(value, list) else value for name, value in row.items()}
    for name in ("starts", "ends"):
        values[name] = date.fromisoformat(str(row[name]))
    return MeetingRow(**values)


def _keep_sign_ins(home: Path, sign_ins: list[dict[str, Any]]) -> None:
    """Keep the passwords of these made-up people, for the operator's eyes, so that the demo can be started again."""
    handle = os.open(home / "sign-ins.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(sign_ins, file, ensure_ascii=False, indent=2)


def _tell(count: int, address: str, sign_ins: list[dict[str, Any]]) -> None:
    say(f"\n{count} sample documents are in. Everything in them is fictional.\n")
    for row in sign_ins:
        about = f"{row['agency']}, {', '.join(row['roles'])}, cleared for {row['clearance']}"
        say(f"  [bold]{row['username']:<12}[/] {row['password']}   {about}")
    say("\nAn administrator is asked to set up a second factor first. Commands act for somebody with --as NAME.")
    if address:
        say(f"\nOpen [bold]{address}[/] and sign in; for passkeys, by the name localhost. Stop with Ctrl+C.\n")
