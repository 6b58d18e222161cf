"""A person's second factor, whichever they have: digits, a recovery code, or a passkey. Refuses what was used before.

Asks the database the same for people with one, people without, and nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from auth.signin import passkeys, totp, vault
from auth.signin.ceremonies import Answer, Options, RelyingParty
from auth.tables import PersonRow

CODE, PASSKEY = "code", "passkey"  # what somebody showed, for the trail


@dataclass(frozen=True, slots=True)
class FactorAnswer:
    """What somebody answers when a second factor is asked for: what they typed, or what their passkey signed.

    Without a page that passkeys are made for (`party`), none is asked for and none counts.
    """

    code: str = ""
    passkey: Answer | None = None
    party: RelyingParty | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether neither was given."""
        return not self.code and self.passkey is None


@dataclass(frozen=True, slots=True)
class FactorCheck:
    """What came of it: what was shown, or what was wrong; and whether a passkey may be asked for in its place."""

    shown: str = ""
    wrong: str = ""
    may_ask: bool = False


@dataclass(frozen=True, slots=True)
class PasskeyRequest:
    """What the person's browser is asked to sign, and whether a code would do as well."""

    options: Options
    or_code: bool


def check(session: Session, person: PersonRow | None, answered: FactorAnswer, purpose: str) -> FactorCheck:
    """Look at an answer, and use it up. Whoever has no second factor shows none, and nothing is wrong."""
    person_id = person.id if person else ""
    secret = vault.unseal(session, person.otp_secret, vault.of_person(person_id)) if person else ""
    has_passkeys = bool(passkeys.of_person(session, person_id))
    if totp.spend(session, person_id, secret, answered.code):
        return FactorCheck(CODE)
    wrong = "second factor"
    if answered.passkey is not None and answered.party:
        wrong = passkeys.spend(session, answered.party, person_id, purpose, answered.passkey)
        if not wrong:
            return FactorCheck(PASSKEY)
    if not (secret or has_passkeys):
        return FactorCheck()
    return FactorCheck("", wrong, has_passkeys and answered.is_nothing and answered.party is not None)


def has_any(session: Session, person: PersonRow) -> bool:
    """Whether the person has a second factor."""
    return bool(person.otp_secret or passkeys.of_person(session, person.id))


def ask(session: Session, person: PersonRow, answered: FactorAnswer, purpose: str) -> PasskeyRequest | None:
    """What the person is asked for where a check says that it is wanted."""
    if answered.party is None:
        return None
    return PasskeyRequest(passkeys.ask(session, answered.party, person.id, purpose), bool(person.otp_secret))
