"""What is secret in the database is sealed with a key of the home, and opens in its own row alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from factories import agency, person
from sqlalchemy import text

from auth.changes import access, approvals
from auth.changes.access import AddPerson, Terms
from auth.database import Database
from auth.people import Role, principal
from auth.signin import one_time_codes, totp, vault
from auth.signin.vault import VaultError
from auth.tables import PersonRow, ProposalRow
from services import doctor
from services.components import Components
from services.setup import prepare

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ"


@pytest.fixture
def ann(components: Components) -> str:
    agency(components, "KZ")
    person(components, "ann", "KZ", ["expert"])
    with components.database.reading() as session:
        return session.query(PersonRow).filter_by(username="ann").one().id


def set_secret(components: Components, person_id: str, secret: str) -> None:
    with components.database.session() as session:
        session.get_one(PersonRow, person_id).otp_secret = secret


def told_by_doctor(components: Components) -> doctor.Finding:
    [finding] = [each for each in doctor.examine(components) if each.what == "secrets of the database"]
    return finding


def test_a_second_factor_is_sealed_in_the_database_and_works(components: Components, ann: str) -> None:
    secret = totp.offer("ann").secret
    with components.database.session() as session:
        row = session.get_one(PersonRow, ann)
        assert totp.turn_on(session, row, secret, totp.pyotp.TOTP(secret).now())
        assert vault.is_sealed(row.otp_secret) and secret not in row.otp_secret
        assert vault.unseal(session, row.otp_secret, vault.of_person(ann)) == secret
    assert secret.encode() not in b"".join(path.read_bytes() for path in components.home.path.glob("tolmach.sqlite*"))
    assert told_by_doctor(components).well


def test_what_is_sealed_twice_differs_and_opens_in_its_own_row_alone(components: Components) -> None:
    with components.database.reading() as session:
        first, second = (vault.seal(session, SECRET, "a") for _ in range(2))
        assert first != second
        assert vault.unseal(session, first, "a") == vault.unseal(session, second, "a") == SECRET
        for changed in (first[:-4] + "AAA=", SECRET, "sealed1.", "sealed1.?", first[:30]):
            with pytest.raises(VaultError):
                vault.unseal(session, changed, "a")
        with pytest.raises(VaultError):
            vault.unseal(session, first, "b")
        assert vault.seal(session, "", "a") == vault.unseal(session, "", "a") == ""


def test_without_the_key_nothing_is_kept_and_nothing_opens(components: Components, tmp_path: Path) -> None:
    with components.database.reading() as session:
        sealed = vault.seal(session, SECRET, "a")
    for key in (b"", bytes(range(32))):
        other = Database(components.settings.url, key)
        with other.reading() as session, pytest.raises(VaultError):
            vault.unseal(session, sealed, "a")
        other.close()
    keyless = Database(components.settings.url)
    with keyless.reading() as session, pytest.raises(VaultError, match="among the keys"):
        vault.seal(session, SECRET, "a")
    keyless.close()


def test_the_key_is_a_file_that_nobody_else_reads(components: Components, tmp_path: Path) -> None:
    path = components.home.keys / vault.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(vault.load_key(path)) == vault.KEY_BYTES
    with pytest.raises(FileExistsError):
        vault.make_key(path)
    for content in ("", "xyz", "00" * 32, "ab" * 31):
        (tmp_path / "key").write_text(content)
        with pytest.raises(VaultError, match="backup"):
            vault.load_key(tmp_path / "key")
    with pytest.raises(VaultError, match="tolmach init"):
        vault.load_key(tmp_path / "none")


def test_init_seals_what_an_earlier_version_left_open(components: Components, ann: str) -> None:
    set_secret(components, ann, SECRET)
    assert not told_by_doctor(components).well
    prepare(components)
    prepare(components)  # again: nothing happens
    with components.database.reading() as session:
        assert vault.unseal(session, session.get_one(PersonRow, ann).otp_secret, vault.of_person(ann)) == SECRET
    assert told_by_doctor(components).words.startswith("1 second factors")


def test_doctor_tells_of_a_secret_that_does_not_open(components: Components, ann: str) -> None:
    with components.database.reading() as session:
        sealed = vault.seal(session, SECRET, "second factor of somebody else")
    set_secret(components, ann, sealed)
    finding = told_by_doctor(components)
    assert not finding.well and "another key" in finding.words


def test_half_a_one_time_code_waits_sealed(components: Components) -> None:
    agency(components, "KZ")
    with components.database.session() as session:
        first, second = (
            principal(session, row.id) for row in session.query(PersonRow).filter(PersonRow.username.like("admin%"))
        )
        proposed = approvals.request(session, AddPerson("eve", "Eve", "KZ", (Terms(Role.EXPERT, 0),)), "needed", first)
        if not proposed.waits:
            pytest.fail("a new person with a sign-in waits for a second administrator")
        row = session.get_one(ProposalRow, proposed.proposal_id)
        kept = access.from_json(row.change)
        assert isinstance(kept, AddPerson) and vault.is_sealed(kept.half)
        opened = access.with_code(kept, kept.code_hash, vault.unseal(session, kept.half, kept.code_hash))
        assert isinstance(opened, AddPerson)
        row.change = access.to_json(opened)  # as an earlier version kept it
    approvals.seal_halves(components.database)
    with components.database.session() as session:
        assert opened.half not in session.execute(text("SELECT change FROM proposals")).scalar_one()
        outcome = approvals.approve(session, proposed.proposal_id, second)
        assert outcome.code == opened.half
        eve = session.query(PersonRow).filter_by(username="eve").one()
        assert one_time_codes.passwords.matches(
            one_time_codes.canonical(f"{proposed.code}-{outcome.code}"), eve.password
        )
