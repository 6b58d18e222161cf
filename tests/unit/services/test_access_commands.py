"""The commands that change access: alone as the operator, with a second administrator as a person who signs in."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from factories import PASSWORD, agency, fresh, label, pdf, person, principal, take

from auth import passwords, people
from auth.people import Role
from auth.signin import one_time_codes, totp, vault
from auth.tables import RecoveryRow
from indexer.library import documents
from indexer.library.tables import DocumentRow
from services import cli
from services.cli.console import console
from services.components import Components

WHY = ("--reason", "because of the workshop")


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    opened = fresh(tmp_path / "home")
    agency(opened, "A", "confidential")
    for name in ("adm1", "adm2", "adm3"):
        person(opened, name, "A", ["administrator"])
        with_second_factor(opened, name)
    person(opened, "ann", "A", ["expert"], "restricted", ["x"])
    yield opened
    opened.close()


def with_second_factor(components: Components, username: str) -> None:
    """Give somebody a second factor, with ten recovery codes: their name and a digit."""
    with components.database.session() as session:
        row = people.the_person(session, username)
        row.otp_secret = vault.seal(session, totp.offer(username).secret, vault.of_person(row.id))
        for at in range(10):
            session.add(RecoveryRow(person=row.id, digest=totp._digest(f"{username}{at}")))


@pytest.fixture
def run(components: Components, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process on that home."""
    monkeypatch.setenv("TOLMACH_HOME", str(components.settings.home))
    monkeypatch.setattr(console, "width", 200)

    def command(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["tolmach", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return command


@pytest.fixture
def as_(run: Run) -> Run:
    """Runs a command as somebody who signs in with their password and a recovery code."""
    used: dict[str, int] = {}

    def command(username: str, *arguments: str) -> Done:
        used[username] = used.get(username, -1) + 1
        signed_in = ("--as", username, "--password-stdin", "--otp", f"{username}{used[username]}")
        return run(*arguments, *signed_in, stdin=PASSWORD + "\n")

    return command


def entries(components: Components) -> list[tuple[str, str, str, str]]:
    return [(e.actor, e.action, e.object, e.decision) for e in components.trail.entries()]


# ------------------------------------------------------------------------------------------------ the operator alone


def test_the_operator_sets_up_alone_and_the_trail_says_so(run: Run, components: Components) -> None:
    assert run("agency", "add", "NEW", "--name-en", "New", "--name-ru", "Новое", "--ceiling", "confidential").code == 0
    assert run("agency", "change", "NEW", "--ceiling", "strictly-confidential", "--name-ru", "Новейшее").code == 0
    added = run("person", "add", "new", "--agency", "NEW", "--role", "expert", "--clearance", "confidential", "--json")
    assert added.json["username"] == "new"
    with components.database.reading() as session:
        assert passwords.matches(
            one_time_codes.canonical(added.json["code"]), people.the_person(session, "new").password
        )
    assert run("person", "grant", "new", "--role", "registrar", "--clearance", "restricted", *WHY).code == 0
    assert principal(components, "new").roles == {Role.EXPERT, Role.REGISTRAR}
    assert run("person", "revoke", "new", "--role", "registrar").code == 0
    assert principal(components, "new").roles == {Role.EXPERT}
    assert run("person", "disable", "new").code == 0 and principal(components, "new") is None
    assert run("person", "enable", "new").code == 0 and principal(components, "new") is not None
    assert run("person", "renew", "new", "--json").json["code"] != added.json["code"]
    assert [entry for entry in entries(components) if entry[2] in ("new", "NEW")] == [
        ("operator", "add_agency", "NEW", "allowed"),
        ("operator", "change_agency", "NEW", "allowed"),
        ("operator", "add_person", "new", "allowed"),
        ("operator", "add_grant", "new", "allowed"),
        ("operator", "end_grant", "new", "allowed"),
        ("operator", "disable_person", "new", "allowed"),
        ("operator", "enable_person", "new", "allowed"),
        ("operator", "renew_sign_in", "new", "allowed"),
    ]
    details = [json.loads(entry.detail) for entry in components.trail.entries() if entry.object in ("new", "NEW")]
    assert [row["reason"] for row in details] == ["set-up at the console" if at != 3 else WHY[1] for at in range(8)]
    assert added.json["code"] not in str(details)


def test_a_password_from_standard_input_is_set_as_it_is(run: Run, components: Components) -> None:
    arguments = ("person", "add", "new", "--agency", "A", "--role", "expert", "--clearance", "confidential")
    done = run(*arguments, "--password-stdin", "--json", stdin=PASSWORD + "\n")
    assert (done.code, done.json["username"], done.json["code"]) == (0, "new", None)
    with components.database.reading() as session:
        row = people.the_person(session, "new")
        assert passwords.matches(PASSWORD, row.password) and row.code_until is None
    weak = run(*("person", "add", "weak", *arguments[3:]), "--password-stdin", stdin="short\n")
    assert weak.code == 1 and principal(components, "weak") is None


def test_a_grant_has_its_time(run: Run, components: Components) -> None:
    run(*("person", "grant", "ann", "--role", "registrar", "--clearance", "restricted", "--need-to-know", "x, y"),
        *("--from", "2020-01-01", "--until", "2099-12-31T12:00:00"))  # fmt: skip
    rows = {row["username"]: row for row in run("person", "list", "--json").json}
    [grant] = [each for each in rows["ann"]["grants"] if each["role"] == "registrar"]
    assert (grant["need_to_know"], grant["starts"][:10], grant["ends"][:16]) == (
        ["x", "y"],
        "2020-01-01",
        "2099-12-31T12:00",
    )


def test_lists_are_tables_or_json(run: Run, components: Components) -> None:
    printed = run("agency", "list")
    assert "confidential" in printed.err and printed.out == ""
    assert {row["code"] for row in run("agency", "list", "--json").json} == {"A", "ADMINISTRATION"}
    printed = run("person", "list")
    assert "ann" in printed.err and "restricted" in printed.err and printed.out == ""
    run("person", "disable", "ann")
    assert "ann (disabled)" in run("person", "list").err


def test_grants_are_revoked_by_name_of_role_or_one_by_one(run: Run, components: Components) -> None:
    for clearance in ("restricted", "confidential"):
        run("person", "grant", "ann", "--role", "registrar", "--clearance", clearance)
    grants = [
        each for row in run("person", "list", "--json").json if row["username"] == "ann" for each in row["grants"]
    ]
    each = next(row["grant_id"] for row in grants if row["role"] == "registrar")
    assert run("person", "revoke", "ann", "--grant", each).code == 0
    assert len(principal(components, "ann").grants) == 2
    assert run("person", "revoke", "ann", "--role", "registrar", "--until", "2099-01-01").code == 0
    assert len(principal(components, "ann").grants) == 2
    assert run("person", "revoke", "ann", "--role", "registrar").code == 0
    assert principal(components, "ann").roles == {Role.EXPERT}
    again = run("person", "revoke", "ann", "--role", "registrar")
    assert again.code == 1 and "holds no such grant" in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("person", "disable", "nobody"), 1, "no person nobody"),
        (("person", "enable", "ann"), 1, "active already"),
        (("person", "grant", "ann", "--role", "administrator", "--clearance", "restricted"), 1, "administer and read"),
        (("person", "grant", "ann", "--role", "king", "--clearance", "restricted"), 2, "king"),
        (("person", "grant", "ann", "--role", "expert", "--clearance", "top"), 1, "no level"),
        (("person", "revoke", "ann"), 2, "--role or --grant"),
        (("person", "revoke", "nobody", "--role", "expert"), 1, "no person"),
        (("agency", "change", "NONE", "--ceiling", "restricted"), 1, "no agency NONE"),
        (("agency", "change", "A"), 1, "like that already"),
        (("agency", "add", "a", "--name-en", "a", "--name-ru", "a", "--ceiling", "restricted"), 1, "capital letters"),
        (("person", "disable", "ann", "--reason", "no"), 2, "3 to 2,000"),
        (("proposal", "approve", "0" * 32), 1, "No such proposal"),
        (("proposal", "refuse", "x"), 1, "No such proposal"),
        (("access", "preview", "x"), 1, "No such proposal"),
        (("access", "explain", "nobody", "--level", "restricted"), 1, "no person"),
        (("access", "explain", "ann"), 2, "Give either"),
        (("access", "explain", "ann", "--level", "restricted", "--document", "x"), 2, "Give either"),
        (("access", "explain", "ann", "--level", "restricted", "--action", "administer"), 2, "administer"),
        (("access", "explain", "ann", "--document", "0" * 32), 1, "no such document"),
    ],
)
def test_what_makes_no_sense_is_said_in_plain_words(run: Run, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (code, "")
    assert says in " ".join(done.err.replace("│", " ").split()) and "Traceback" not in done.err


# -------------------------------------------------------------------------------------------- as an administrator


def test_an_administrator_needs_a_second_one(as_: Run, components: Components) -> None:
    outcome = as_("adm1", "person", "grant", "ann", "--role", "registrar", "--clearance", "restricted", *WHY, "--json")
    assert (outcome.code, outcome.json["state"], outcome.json["code"]) == (0, "waiting", None), outcome.err
    waiting = outcome.json["proposal_id"]
    assert principal(components, "ann").roles == {Role.EXPERT}
    [row] = as_("adm2", "proposal", "list", "--json").json
    assert (row["proposal_id"], row["proposed_by"], row["reason"]) == (waiting, "adm1", WHY[1])
    alone = as_("adm1", "proposal", "approve", waiting)
    assert alone.code == 1 and "proposed yourself" in alone.err
    assert as_("adm2", "proposal", "approve", waiting, "--json").json == {"state": "done", "code": None}
    assert principal(components, "ann").roles == {Role.EXPERT, Role.REGISTRAR}
    printed = [entry for entry in entries(components) if entry[1] == "add_grant"]
    assert printed == [("adm1", "add_grant", "ann", "proposed"), ("adm2", "add_grant", "ann", "allowed")]


def test_each_administrator_is_told_a_half_of_the_code(as_: Run, components: Components) -> None:
    outcome = as_("adm1", "person", "renew", "ann", *WHY)
    assert outcome.code == 0 and "First half" in outcome.err and "second administrator" in outcome.err
    waiting = as_("adm2", "proposal", "list", "--json").json[0]["proposal_id"]
    printed = as_("adm2", "proposal", "approve", waiting)
    assert "Second half" in printed.err
    first, second = (next(w for w in done.err.split() if len(w) == 11 and w[5] == "-") for done in (outcome, printed))
    with components.database.reading() as session:
        assert passwords.matches(one_time_codes.canonical(first + second), people.the_person(session, "ann").password)


def test_what_does_not_widen_is_done_at_once(as_: Run, components: Components) -> None:
    assert as_("adm1", "person", "disable", "ann", *WHY).code == 0
    assert principal(components, "ann") is None
    assert ("adm1", "disable_person", "ann", "allowed") in entries(components)


def test_an_administrator_gives_a_reason(as_: Run, components: Components) -> None:
    for arguments in (("person", "disable", "ann"), ("person", "renew", "ann"), ("proposal", "refuse", "x")):
        done = as_("adm1", *arguments)
        assert done.code == 2 and "--reason" in done.err
    assert principal(components, "ann") is not None


def test_with_as_the_password_read_is_the_acting_persons(as_: Run, components: Components) -> None:
    arguments = ("person", "add", "new", "--agency", "A", "--role", "expert", "--clearance", "restricted")
    outcome = as_("adm1", *arguments, *WHY, "--json")
    assert (outcome.json["username"], outcome.json["state"]) == ("new", "waiting") and outcome.json["code"]
    assert as_("adm2", "proposal", "approve", outcome.json["proposal_id"]).code == 0
    with components.database.reading() as session:
        assert not passwords.matches(PASSWORD, people.the_person(session, "new").password)


def test_a_proposal_is_refused_or_taken_back(as_: Run, components: Components) -> None:
    for by in ("adm2", "adm1"):
        as_("adm1", "person", "renew", "ann", *WHY)
        waiting = as_("adm2", "proposal", "list", "--json").json[0]["proposal_id"]
        assert as_(by, "proposal", "refuse", waiting, *WHY).code == 0
    assert "Nothing waits" in as_("adm2", "proposal", "list").err


@pytest.fixture
def weaker(components: Components, as_: Run) -> str:
    """A proposal of one registrar to release a document to more agencies."""
    for name in ("reg1", "reg2"):
        person(components, name, "A", ["registrar"])
        with_second_factor(components, name)
    document_id = take(components, pdf("text"), label(components, "A", releasable_to="A")).document_id
    outcome = as_("reg1", "relabel", document_id, "--releasable-to", "ALL", *WHY, "--json")
    assert outcome.json["state"] == "waiting"
    return outcome.json["proposal_id"]


def test_registrars_decide_on_labels_and_administrators_do_not(as_: Run, components: Components, weaker: str) -> None:
    [row] = as_("reg2", "proposal", "list", "--json").json
    assert (row["proposal_id"], row["kind"], row["proposed_by"]) == (weaker, "relabel", "reg1")
    assert row["change"]["new"]["label"]["releasable_to"] == "ALL"
    shown = as_("reg2", "proposal", "list").err
    assert row["change"]["document_id"] in shown and "ALL" in shown
    assert "Nothing waits" in as_("adm1", "proposal", "list").err
    for decided in (as_("adm1", "proposal", "approve", weaker), as_("adm1", "proposal", "refuse", weaker, *WHY)):
        assert (decided.code, "No such proposal" in decided.err) == (1, True)
    alone = as_("reg1", "proposal", "approve", weaker)
    assert alone.code == 1 and "proposed yourself" in alone.err
    assert as_("reg2", "proposal", "approve", weaker, "--json").json == {"state": "done", "code": None}
    with components.database.reading() as session:
        document = session.get_one(DocumentRow, row["change"]["document_id"])
        assert documents.label_of(session, document).rule.releasable_to == "ALL"


def test_the_operator_decides_on_labels_too(as_: Run, run: Run, components: Components, weaker: str) -> None:
    as_("adm1", "person", "renew", "adm2", *WHY)
    rows = run("proposal", "list", "--json").json
    assert {row["kind"] for row in rows} == {"renew_sign_in", "relabel"}
    assert run("proposal", "refuse", weaker, *WHY).code == 0
    assert [row["kind"] for row in run("proposal", "list", "--json").json] == ["renew_sign_in"]
    [printed] = [entry for entry in entries(components) if entry[0] == "operator" and entry[1] == "label"]
    assert printed[3] == "refused"


def test_whoever_decides_on_nothing_is_refused_and_the_trail_says_so(as_: Run, components: Components) -> None:
    with_second_factor(components, "ann")
    refused = as_("ann", "proposal", "list")
    assert refused.code == 1 and "None of your roles" in refused.err
    assert ("ann", "administer", "", "refused") in entries(components)


def test_the_operator_decides_too(as_: Run, run: Run, components: Components) -> None:
    as_("adm1", "person", "renew", "adm2", *WHY)
    printed = run("proposal", "list")
    assert "renew_sign_in" in printed.err and "adm2" in printed.err
    waiting = run("proposal", "list", "--json").json[0]["proposal_id"]
    assert run("proposal", "approve", waiting, "--json").json["code"]
    assert ("operator", "renew_sign_in", "adm2", "allowed") in entries(components)


def test_who_does_not_administer_is_refused_and_the_trail_says_so(run: Run, components: Components) -> None:
    arguments = ("--as", "ann", "--password-stdin")
    for command in (("person", "list"), ("agency", "list"), ("proposal", "list"), ("person", "disable", "adm1", *WHY)):
        done = run(*command, *arguments, stdin=PASSWORD + "\n")
        assert done.code == 1 and "None of your roles" in done.err and done.out == ""
    assert entries(components)[-1] == ("ann", "administer", "", "refused")
    done = run("access", "explain", "ann", "--level", "restricted", *arguments, stdin=PASSWORD + "\n")
    assert done.code == 1 and entries(components)[-1] == ("ann", "explain", "", "refused")


def test_the_wrong_password_opens_nothing(run: Run, components: Components) -> None:
    done = run("person", "disable", "ann", *WHY, "--as", "adm1", "--password-stdin", stdin="wrong\n")
    assert done.code == 1 and principal(components, "ann") is not None


# ------------------------------------------------------------------------------------------------ preview, explain


def test_a_preview_shows_who_gains_and_loses_and_changes_nothing(run: Run, as_: Run, components: Components) -> None:
    take(components, pdf("A paper."), label(components, "A", "restricted"))
    counts = [{"level": "restricted", "agency": "A", "documents": 1}]
    lost = run("person", "disable", "ann", "--preview", "--json").json
    assert lost["people"] == [{"username": "ann", "agency": "A", "gains": [], "losses": counts}]
    printed = run("agency", "change", "A", "--inactive", "--preview")
    assert "1 restricted of A" in printed.err and "Nothing was changed." in printed.err
    assert (
        "Nobody would gain or lose"
        in run("person", "grant", "adm1", "--role", "auditor", "--clearance", "restricted", "--preview").err
    )
    new = run(
        *("person", "add", "new", "--agency", "A", "--role", "expert", "--clearance", "restricted"),
        "--preview",
        "--json",
    )
    assert new.json["gains"] == counts
    assert run("person", "revoke", "ann", "--role", "expert", "--preview", "--json").json["losses"] == counts
    assert principal(components, "ann").grants and principal(components, "new") is None
    outcome = as_("adm1", "agency", "change", "A", "--ceiling", "strictly-confidential", *WHY, "--json").json
    shown = as_("adm2", "access", "preview", outcome["proposal_id"], "--json").json
    assert shown == {"people": [], "gains": [], "losses": []}


def test_access_is_explained(run: Run, components: Components) -> None:
    printed = run("access", "explain", "ann", "--level", "restricted", "--need-to-know", "x|y", "--json").json
    assert printed["allowed"] and {step["rule"] for step in printed["steps"]} >= {"level", "release", "need_to_know"}
    printed = run("access", "explain", "ann", "--level", "confidential", "--releasable-to", "B,C")
    assert "ann may not read" in printed.err and "among them" in printed.err and "входит" in printed.err
    document = take(components, pdf("A paper."), label(components, "A", "restricted")).document_id
    printed = run("access", "explain", "ann", "--document", document, "--action", "remove", "--json").json
    assert not printed["allowed"] and [step["rule"] for step in printed["steps"] if not step["passed"]] == ["role"]
    assert entries(components)[-1] == ("operator", "explain", document, "allowed")


def test_an_administrator_is_not_told_of_documents(as_: Run, components: Components) -> None:
    document = take(components, pdf("A paper."), label(components, "A", "restricted")).document_id
    printed = [as_("adm1", "access", "explain", "ann", "--document", each) for each in (document, "0" * 32)]
    assert [done.code for done in printed] == [1, 1] and printed[0].err == printed[1].err
    assert [entry[3] for entry in entries(components) if entry[1] == "explain"] == ["refused", "refused"]


# ------------------------------------------------------------------------------------------------ single sign-on


def test_a_person_is_linked_and_unlinked(
    run: Run, as_: Run, components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = run("person", "link", "ann", "--subject", "4c1f")
    assert refused.code == 1 and "TOLMACH_OIDC_ISSUER" in refused.err
    monkeypatch.setenv("TOLMACH_OIDC_ISSUER", "https://issuer.example")
    monkeypatch.setenv("TOLMACH_OIDC_PAGE", "https://tolmach.example/")
    assert run("person", "link", "ann", "--subject", "4c1f").code == 0
    linked = {row["username"]: row["subject"] for row in run("person", "list", "--json").json if row["subject"]}
    assert linked == {"ann": "4c1f"}
    assert as_("adm1", "person", "unlink", "ann", *WHY, "--json").json["state"] == "done"
    assert as_("adm1", "person", "link", "ann", "--subject", "4c1f", *WHY, "--json").json["state"] == "waiting"
    assert run("person", "unlink", "ann").code == 1
    acts = [entry for entry in entries(components) if entry[1].endswith("link_person")]
    assert acts == [
        ("operator", "link_person", "ann", "refused"),
        ("operator", "link_person", "ann", "allowed"),
        ("adm1", "unlink_person", "ann", "allowed"),
        ("adm1", "link_person", "ann", "proposed"),
        ("operator", "unlink_person", "ann", "refused"),
    ]


def test_passwords_that_are_off_open_no_command(run: Run, as_: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLMACH_OIDC_ISSUER", "https://issuer.example")
    monkeypatch.setenv("TOLMACH_OIDC_PAGE", "https://tolmach.example/")
    monkeypatch.setenv("TOLMACH_PASSWORD_FOR", "adm2")
    assert as_("adm1", "person", "list").code == 1
    assert as_("adm2", "person", "list").code == 0
