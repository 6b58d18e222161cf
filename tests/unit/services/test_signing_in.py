"""Commands sign in as the API does, and the keys are rotated by one of them; neither shows a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pyotp
import pytest
import typer
from factories import PASSWORD, agency, client, person
from typer.testing import CliRunner

from auth.signin import one_time_codes, totp
from auth.signin.throttle import FREE
from auth.tables import PersonRow
from services.cli import acting, app
from services.components import Components

runner = CliRunner()


@pytest.fixture
def ann(components: Components) -> str:
    agency(components, "A")
    return person(components, "ann", "A", ["expert"])


def signed_in(
    components: Components, monkeypatch: pytest.MonkeyPatch, name: str | None, password: str, typed: str = ""
):
    monkeypatch.setattr(acting.sys, "stdin", iter_of(password))
    return acting.acting(components, name, True, typed)


def iter_of(password: str):
    """A standard input that holds one line."""

    class Input:
        def readline(self) -> str:
            return password + "\n"

    return Input()


def sign_ins(components: Components) -> list[tuple[str, str, str]]:
    return [(e.actor, e.origin, e.decision) for e in components.trail.entries() if e.action == "sign_in"]


def test_without_a_name_it_is_the_operator_who_acts(components: Components, monkeypatch) -> None:
    assert signed_in(components, monkeypatch, None, "") is None
    assert sign_ins(components) == []


def test_with_a_name_it_is_the_person_once_they_have_signed_in(components: Components, ann: str, monkeypatch) -> None:
    assert signed_in(components, monkeypatch, "ann", PASSWORD).username == "ann"
    assert sign_ins(components) == [("ann", "console", "allowed")]


@pytest.mark.parametrize(("name", "known"), [("ann", "ann"), ("nobody", ""), (PASSWORD, "")])
def test_a_refusal_ends_the_command_and_does_not_say_why(
    components: Components, ann: str, monkeypatch, capsys, name: str, known: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        signed_in(components, monkeypatch, name, "wrong")
    assert ended.value.code == 1
    assert "do not belong together" in capsys.readouterr().err
    assert sign_ins(components) == [(known, "console", "refused")]


def test_commands_and_the_api_share_one_count_of_failures(components: Components, ann: str, monkeypatch) -> None:
    for _ in range(FREE):
        with pytest.raises(SystemExit):
            signed_in(components, monkeypatch, "ann", "wrong")
    api = client(components)
    assert api.post("/api/session", json={"username": "ann", "password": "wrong"}).status_code == 401
    with pytest.raises(SystemExit):
        signed_in(components, monkeypatch, "ann", PASSWORD)


def test_a_second_factor_is_asked_for_here_too(components: Components, ann: str, monkeypatch) -> None:
    secret = totp.offer("root").secret
    root = person(components, "root", "A", ["administrator"])
    with pytest.raises(SystemExit):  # no second factor yet, so the role does not hold
        signed_in(components, monkeypatch, "root", PASSWORD)
    with components.database.session() as session:
        totp.turn_on(session, session.get_one(PersonRow, root), secret, pyotp.TOTP(secret).now())
        session.get_one(PersonRow, root).otp_step = 0
    with pytest.raises(SystemExit):
        signed_in(components, monkeypatch, "root", PASSWORD)
    who = signed_in(components, monkeypatch, "root", PASSWORD, pyotp.TOTP(secret).now())
    assert who.roles == {"administrator"}


def test_a_one_time_code_opens_no_command(components: Components, ann: str, monkeypatch, capsys) -> None:
    code = one_time_codes.generated()
    with components.database.session() as session:
        one_time_codes.renew(session, session.get_one(PersonRow, ann), one_time_codes.hashed(code))
    with pytest.raises(SystemExit):
        signed_in(components, monkeypatch, "ann", code)
    assert "Sign in at the browser page first" in capsys.readouterr().err


def test_the_password_is_asked_for_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = {}
    monkeypatch.setattr(typer, "prompt", lambda text, **more: prompts.update(more) or "secret")
    assert acting._password(False) == "secret"
    assert prompts["hide_input"] and prompts["err"]


# -- The keys


def test_a_rotation_is_in_the_trail_and_shows_no_key(components: Components, ann: str, monkeypatch) -> None:
    monkeypatch.setenv("TOLMACH_HOME", str(components.settings.home))
    api = client(components, "ann")
    before = components.signer.keys
    done = runner.invoke(app, ["keys", "rotate"])
    assert done.exit_code == 0
    after = components.signer.keys
    assert (len(before), len(after)) == (1, 2)
    assert after[1].secret == before[0].secret
    assert not [key for key in after if key.secret.hex() in done.output or key.secret.hex()[:16] in done.output]
    assert [(e.actor, e.origin) for e in components.trail.entries() if e.action == "rotate_key"] == [
        ("operator", "console")
    ]
    assert api.get("/api/me").status_code == 200


def test_keys_that_cannot_be_rotated_fail_plainly(tolmach, tmp_path: Path) -> None:
    sign_ins = json.loads(tolmach("init", "--json").stdout)
    assert [one_time_codes.canonical(new["code"]).isalnum() for new in sign_ins["administrators"]] == [True, True]
    (tmp_path / "home" / "keys" / "signing.key").unlink()
    done = tolmach("keys", "rotate")
    assert done.returncode == 1
    assert "signing.key" in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_signing_everybody_out_leaves_the_new_key_alone(components: Components, ann: str, monkeypatch) -> None:
    monkeypatch.setenv("TOLMACH_HOME", str(components.settings.home))
    api = client(components, "ann")
    assert runner.invoke(app, ["keys", "rotate", "--sign-out"]).exit_code == 0
    assert api.get("/api/me").status_code == 401
    assert len(components.signer.keys) == 1
