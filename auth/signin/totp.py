"""The second factor: six digits from a clock that a person's device shares (RFC 6238), or a recovery code.

Refuses digits older or newer than one step of 30 seconds, and each step and each recovery code after its first use.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Final, cast

import pyotp
import segno
from sqlalchemy import CursorResult, Delete, Update, delete, update
from sqlalchemy.orm import Session

from auth.database import now
from auth.signin import one_time_codes, vault
from auth.tables import PersonRow, RecoveryRow

STEP: Final = 30  # seconds
DRIFT: Final = 1  # steps that a device's clock may be off
RECOVERY_CODES: Final = 10
RECOVERY_LENGTH: Final = 15  # characters of five random bits: too many to try against a plain SHA-256
ISSUER: Final = "Tolmach"
_SECRET = re.compile(r"[A-Z2-7]{32}")  # base32 of 160 bits
_DIFFERENT: Final = 8  # letters that a secret must have at least, to be taken for random
_NOBODYS: Final = pyotp.random_base32()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person puts into their device: the secret, the same as an address, and that as a picture (SVG)."""

    secret: str
    uri: str
    picture: str


def offer(username: str) -> Offer:
    """A new secret, which nobody keeps until the person shows that their device has it."""
    secret = pyotp.random_base32()
    uri = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=username, issuer_name=ISSUER)
    file = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(file, kind="svg", scale=4, xmldecl=False, light="#fff")
    return Offer(secret, uri, file.getvalue().decode())


def step_of(secret: str, typed: str, at: datetime | None = None) -> int | None:
    """The step whose digits these are, if it is this one or the one before or after; None if they are no such."""
    clock, here = pyotp.TOTP(secret or _NOBODYS, interval=STEP), int((at or now()).timestamp()) // STEP
    digits = "".join(typed.split()).encode("utf-8", "surrogatepass")
    steps = range(here - DRIFT, here + DRIFT + 1)
    matching_steps = [step for step in steps if compare_digest(clock.generate_otp(step).encode(), digits)]
    return matching_steps[-1] if matching_steps and secret else None


def turn_on(session: Session, person: PersonRow, secret: str, typed: str) -> list[str] | None:
    """Make a secret the person's second factor if the digits show that they have it; gives their recovery codes."""
    step = step_of(secret, typed) if _SECRET.fullmatch(secret) and len(set(secret)) >= _DIFFERENT else None
    if step is None:
        return None
    person.otp_secret, person.otp_step = vault.seal(session, secret, vault.of_person(person.id)), step
    codes = [one_time_codes.generated(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryRow).where(RecoveryRow.person == person.id))
    session.add_all(RecoveryRow(person=person.id, digest=_digest(code)) for code in codes)
    session.flush()
    return codes


def spend(session: Session, person_id: str, secret: str, typed: str) -> bool:
    """Use up what the person typed, if it is a step or a recovery code of theirs that was not used before.

    Asks the database the same for a person without a second factor, and for nobody (an empty identifier).
    """
    person_id, step = person_id if secret else "", step_of(secret, typed) or 0
    of_theirs = (PersonRow.id == person_id) & (PersonRow.otp_step < step)
    code = (RecoveryRow.person == person_id) & (RecoveryRow.digest == _digest(typed))
    used = _changed(session, update(PersonRow).where(of_theirs).values(otp_step=step))
    return used + _changed(session, delete(RecoveryRow).where(code)) > 0


def _changed(session: Session, statement: Update | Delete) -> int:
    return cast(CursorResult[object], session.execute(statement)).rowcount


def _digest(code: str) -> str:
    return hashlib.sha256(one_time_codes.canonical(code).encode("utf-8", "surrogatepass")).hexdigest()
