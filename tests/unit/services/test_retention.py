"""Schedules, what is due and certificates, by the API and by commands."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from factories import PASSWORD, agency, client, fresh, label, pdf, person, take

from indexer.handling.retention import certificates
from services import cli
from services.cli.console import console
from services.components import Components

REASON = {"reason": "Rule 7 of the archive"}
DUE = "/api/retention/due"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A")
    for username in ("first", "second"):
        person(opened, username, "A", ["registrar"])
        person(opened, f"{username}-admin", "A", ["administrator"])
    person(opened, "auditor", "A", ["auditor"])
    yield opened
    opened.close()


@pytest.fixture
def document(components: Components) -> str:
    return take(components, pdf("Zeppelins."), label(components, "A"), kind="report", date=date(1999, 1, 1)).document_id


@pytest.fixture
def run(components: Components, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process on that home; gives its exit code and what it printed."""
    monkeypatch.setenv("TOLMACH_HOME", str(components.settings.home))
    monkeypatch.setattr(console, "width", 200)

    def command(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tolmach", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


def test_from_a_schedule_to_a_certificate(components: Components, document: str) -> None:
    first, second = client(components, "first-admin"), client(components, "second-admin")
    body = {"kind": "report", "level": "unclassified", "years": 5, **REASON}
    answer = first.put("/api/retention/schedules", json=body)
    assert answer.status_code == 202 and answer.json()["state"] == "waiting"
    (waiting,) = second.get("/api/proposals").json()
    assert waiting["change"] == {
        "kind": "schedule", "papers": "report", "level": "unclassified", "old_years": None, "years": 5,
    }  # fmt: skip
    assert second.post(f"/api/proposals/{answer.json()['proposal_id']}/approval").status_code == 200
    assert first.get("/api/retention/schedules").json() == [{"kind": "report", "level": "unclassified", "years": 5}]
    assert first.put("/api/retention/schedules", json=body | {"years": 9}).status_code == 200

    registrar, other, auditor = client(components, "first"), client(components, "second"), client(components, "auditor")
    (due,) = registrar.get(DUE).json()
    assert (due["document_id"], due["kept_since"], due["schedule"]["years"]) == (document, "1999-01-01", 9)
    assert list(due["title"]) == ["en"] and due["title"]["en"]
    certificate = f"/api/retention/certificates/{document}"
    assert auditor.get(certificate).status_code == 404
    answer = registrar.post(f"{DUE}/{document}/disposal", json=REASON)
    assert answer.status_code == 202
    assert other.get("/api/proposals").json()[0]["change"] == {"kind": "dispose", "document_id": document}
    assert other.post(f"/api/proposals/{answer.json()['proposal_id']}/approval").status_code == 200
    components.worker().run()
    made = auditor.get(certificate).json()
    assert (made["proposed_by"], made["approved_by"]) == ("first", "second") and made["destroyed_at"]
    certificates.check(components.trail, {name: value for name, value in made.items() if name != "kind"})
    (removed,) = registrar.get("/api/removed").json()
    assert removed["by_schedule"] and removed["document_id"] == document
    assert registrar.get(certificate).status_code == first.get(DUE).status_code == 403


def test_refusals_say_why_and_the_trail_has_them(components: Components, document: str) -> None:
    registrar, administrator = client(components, "first"), client(components, "first-admin")
    disposal = f"{DUE}/{document}/disposal"
    assert registrar.post(disposal, json=REASON).json()["code"] == "not_due"
    registrar.post(f"/api/documents/{document}/hold", json={"held": True, **REASON})
    assert registrar.post(disposal, json=REASON).json()["code"] == "legal_hold"
    assert registrar.post(f"{DUE}/{'0' * 32}/disposal", json=REASON).status_code == 404
    body = {"kind": "novel", "level": "unclassified", "years": 5, **REASON}
    assert administrator.put("/api/retention/schedules", json=body).json()["code"] == "no_kind_to_keep"
    refused = [json.loads(e.detail)["rule"] for e in components.trail.entries() if e.decision == "refused"]
    assert refused == ["due", "hold", "absent", "no_kind_to_keep"]


def test_by_commands(components: Components, document: str, run: Run, tmp_path: Path) -> None:
    assert "for good" in run("retention", "list")[2]
    assert "for 5 years" in run("retention", "set", "report", "unclassified", "--years", "5", *reason())[2]
    assert json.loads(run("retention", "list", "--json")[1])[0]["years"] == 5
    assert document in run("retention", "due")[2]
    assert json.loads(run("retention", "due", "--json")[1])[0]["kept_since"] == "1999-01-01"
    signed = ("--as", "first", "--password-stdin")
    code, _, said = run("retention", "dispose", document, *reason(), *signed, stdin=PASSWORD)
    assert code == 0 and "second registrar" in said
    code, _, said = run("proposal", "approve", said.split()[-1].strip("."))
    assert code == 0, said
    components.worker().run()
    code, printed, _ = run("retention", "certificate", document)
    assert code == 0 and json.loads(printed)["approved_by"] == "operator"
    path = tmp_path / "certificate.json"
    path.write_text(printed)
    assert "has what the certificate" in run("retention", "check", str(path))[2]
    path.write_text(printed.replace('"approved_by": "operator"', '"approved_by": "nobody"'))
    assert run("retention", "check", str(path))[0] == 1
    path.write_text("[]")
    assert "no certificate" in run("retention", "check", str(path))[2]
    assert run("retention", "certificate", "0" * 32)[0] == 1


def reason() -> tuple[str, str]:
    return ("--reason", REASON["reason"])
