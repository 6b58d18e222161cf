"""Signing in and out, and who a token stands for now. Refuses without telling why, or whether the name exists.

A sign-in is an `attempt` at a name and a password, and then, in the transaction that begins a session, its `complete`.
Names that exist and names that do not, right passwords and wrong ones, ask for the same work and the same statements.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth import passwords, people, sessions
from auth.audit.entries import Event
from auth.database import Database, locking, now
from auth.people import Principal, Role
from auth.signin import one_time_codes, passkeys, second_factors, throttle, totp
from auth.signin.ceremonies import Options
from auth.signin.second_factors import FactorAnswer, PasskeyRequest
from auth.signin.token_keys import SEALED, TokenKeys
from auth.signin.tokens import Signer
from auth.tables import PersonRow

NEEDS_SECOND_FACTOR: Final = frozenset({Role.ADMINISTRATOR})  # these hold in sessions begun with one alone
NEEDS_ISSUERS_FACTOR: Final = NEEDS_SECOND_FACTOR | {Role.AUDITOR}  # by single sign-on, where nothing is set up later
PASSWORD, SECOND_FACTOR = "password", "otp"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A name and a password that were looked at: whose they may be, and what was wrong with them, or ""."""

    username: str
    person: PersonRow | None
    wrong: str
    failures: int = 0  # that the throttle counts, this one too


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """What came of an attempt. `username` is empty if there is nobody of it; it and `wrong` are for the trail.

    `request`: name and password are right, and the person has a passkey; nobody is signed in yet.
    """

    username: str
    wrong: str
    principal: Principal | None = None
    second_factor: bool = False
    must_set_up: tuple[str, ...] = ()
    by: str = ""
    request: PasskeyRequest | None = None

    def event(self, origin: str) -> Event:
        """What the trail says of it: nothing that was typed, as people type passwords where a name is asked for."""
        action = "ask_for_passkey" if self.request else "sign_in"
        decision, detail = ("refused", {"rule": self.wrong}) if self.wrong else ("allowed", {})
        by = {"by": self.by} if self.by == second_factors.PASSKEY else {}
        return Event(self.username, origin, action, decision=decision, detail=detail | by)


@dataclass(frozen=True, slots=True)
class SetUp:
    """How far the second factor is: the offer to take up, or the recovery codes once it is on; or what was wrong.

    `request`: a passkey of theirs has to confirm it first.
    """

    wrong: str = ""
    offer: totp.Offer | None = None
    recovery_codes: tuple[str, ...] = ()
    request: PasskeyRequest | None = None


@dataclass(frozen=True, slots=True)
class PasskeyChange:
    """What came of a change to one's passkeys: what to make one by, or what was wrong, or a passkey asked for first."""

    wrong: str = ""
    options: Options | None = None
    passkey_id: str = ""
    request: PasskeyRequest | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token and the moment it ends."""

    principal: Principal
    token: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class AuthenticatedSession:
    """A principal, the session that they speak through, and what they must set up first."""

    principal: Principal
    session_id: str
    second_factor: bool = False
    must_set_up: tuple[str, ...] = ()
    is_stale: bool = False


def attempt(database: Database, username: str, password: str) -> Attempt:
    """Look at a name and a password, unless there were too many failures under that name lately."""
    with database.session() as session:
        admitted = throttle.admit(session, username)
        person = people.find_person(session, username)
    password_hash = person.password if person and admitted else None
    typed = one_time_codes.canonical(password) if person and person.code_until else password
    right = passwords.matches(typed, password_hash)
    if person and person.code_until and now() >= person.code_until:
        right = False
    return Attempt(username, person, "" if right else "password" if admitted else "throttled", admitted)


def complete(session: Session, tried: Attempt, answered: FactorAnswer, password_for: frozenset[str]) -> SignInOutcome:
    """Who signs in by an attempt and what they answered as their second factor, if all of it is right.

    `password_for` are the administrators who alone sign in so, by their user names; with none, everybody does.
    """
    person, wrong = _still(session, tried), tried.wrong
    factor = second_factors.check(session, person, answered, passkeys.SIGN_IN)
    if factor.wrong and not factor.may_ask:
        person, wrong = None, wrong or factor.wrong
    principal = people.principal(session, person.id if person else "")
    username = tried.person.username if tried.person else ""
    if person is None or principal is None:
        return SignInOutcome(username, wrong or "inactive")
    if password_for and not (username in password_for and Role.ADMINISTRATOR in principal.roles):
        return SignInOutcome(username, "password sign-in is off")
    if factor.may_ask:
        throttle.take_back(session, person.username, tried.failures)
        return SignInOutcome(username, "", request=second_factors.ask(session, person, answered, passkeys.SIGN_IN))
    throttle.clear(session, person.username)
    shown = bool(factor.shown)
    allowed, must_set_up = _standing(person, principal, shown, signed_on=False)
    return SignInOutcome(username, "", allowed, shown, must_set_up, factor.shown)


def begin(
    session: Session,
    signer: Signer,
    principal: Principal,
    second_factor: bool = False,
    issuer_session: str | None = None,
) -> SignedIn:
    """Begin a session for somebody who was just settled; `issuer_session` as in `sessions.begin`."""
    issued = now().replace(microsecond=0)
    row = sessions.begin(session, principal.person_id, issued, second_factor, issuer_session)
    token = signer.token(principal.person_id, row.id, issued, row.expires)
    return SignedIn(principal, token, row.expires)


def authenticate(session: Session, keys: TokenKeys, token: str) -> AuthenticatedSession | None:
    """Whom a token stands for at this moment, by the database; None if it stands for nobody.

    Keys and session are read in one statement, so the token is looked at by the keys last seen, and again if they
    were changed since. Raises SigningKeyError, VaultError.
    """
    signer = keys.last_seen(session)
    claims = signer.read(token)
    if claims is None:
        signer = keys.signer(session)
        claims = signer.read(token)
    whose = people.whose_session(session, claims.session_id, SEALED) if claims else None
    if claims is None or whose is None:
        return None
    principal, person, row, sealed = whose
    current = keys.opened(sealed)
    if current is not signer and current.read(token) is None:
        return None
    if person.id != claims.person_id or not sessions.lasts(row):
        return None
    allowed, must_set_up = _standing(person, principal, row.second_factor, row.issuer_session is not None)
    return AuthenticatedSession(allowed, row.id, row.second_factor, must_set_up, sessions.is_stale(row))


def refuse_new(username: str, old: str, new: str) -> None:
    """Raise WeakPasswordError for a new password that is weak or still the old one, before any attempt is made."""
    passwords.refuse_weak(new, username)
    if one_time_codes.canonical(new) == one_time_codes.canonical(old):
        raise passwords.WeakPasswordError("The new password must be another one.")


def change_password(session: Session, tried: Attempt, new: str, session_id: str) -> bool:
    """Set a new password, refused before if it is weak, after an attempt at the old; the other sessions end."""
    person = _still(session, tried)
    if person is None:
        return False
    person.password, person.code_until = passwords.digest(new), None
    sessions.end_all(session, person.id, but=session_id)
    _count_no_failure(session, person, tried)
    return True


def set_up_second_factor(
    session: Session, tried: Attempt, session_id: str, secret: str, answered: FactorAnswer
) -> SetUp:
    """Offer a secret, or with a secret and its digits turn the second factor on; after an attempt at the password.

    Whoever has a passkey confirms it by that. Once it is on, it is taken away by `one_time_codes.renew` alone.
    This session counts as begun with it; the others end.
    """
    person = _still(session, tried)
    if person is None:
        return SetUp(tried.wrong or "password")
    if person.otp_secret or person.code_until or not answered.code:
        _count_no_failure(session, person, tried)
        wrong = "set up" if person.otp_secret else "code" if person.code_until else ""
        return SetUp(wrong, None if wrong else totp.offer(person.username))
    confirmed = replace(answered, code="")
    wrong, request = _confirmed(session, person, tried, confirmed, session_id)
    if wrong or request:
        return SetUp(wrong, request=request)
    recovery_codes = totp.turn_on(session, person, secret, answered.code)
    if recovery_codes is None:
        return SetUp("digits")
    _first_factor(session, person, session_id)
    return SetUp(recovery_codes=tuple(recovery_codes))


def offer_passkey(session: Session, tried: Attempt, session_id: str, answered: FactorAnswer) -> PasskeyChange:
    """What a new passkey is made by, after an attempt at the password and whatever second factor there is."""
    person = _still(session, tried)
    if person is None:
        return PasskeyChange(tried.wrong or "password")
    if answered.party is None or person.code_until:
        _count_no_failure(session, person, tried)
        return PasskeyChange("code" if person.code_until else "off")
    wrong, request = _confirmed(session, person, tried, answered, session_id)
    if wrong or request:
        return PasskeyChange(wrong, request=request)
    options = passkeys.offer(session, answered.party, person, session_id)
    return PasskeyChange("" if options else "many", options)


def add_passkey(session: Session, person_id: str, session_id: str, name: str, answered: FactorAnswer) -> PasskeyChange:
    """Add the passkey that was made by the offer of this session; as the first factor it counts for this session."""
    person = session.scalars(locking(select(PersonRow).where(PersonRow.id == person_id))).one()
    if answered.party is None or answered.passkey is None:
        return PasskeyChange("off")
    is_first = not second_factors.has_any(session, person)
    row = passkeys.add(session, answered.party, person, session_id, name, answered.passkey)
    if row is None:
        return PasskeyChange("new passkey")
    if is_first:
        _first_factor(session, person, session_id)
    return PasskeyChange(passkey_id=row.id)


def remove_passkey(
    session: Session, tried: Attempt, session_id: str, passkey_id: str, answered: FactorAnswer
) -> PasskeyChange:
    """Take a passkey away, after an attempt at the password and the second factor; the last factor stays."""
    person = _still(session, tried)
    if person is None:
        return PasskeyChange(tried.wrong or "password")
    wrong, request = _confirmed(session, person, tried, answered, session_id)
    if wrong or request:
        return PasskeyChange(wrong, request=request)
    theirs = [row.id for row in passkeys.of_person(session, person.id)]
    if passkey_id not in theirs:
        return PasskeyChange("no passkey")
    if len(theirs) == 1 and not person.otp_secret:
        return PasskeyChange("last factor")
    passkeys.remove(session, person.id, passkey_id)
    return PasskeyChange(passkey_id=passkey_id)


def _confirmed(
    session: Session, person: PersonRow, tried: Attempt, answered: FactorAnswer, session_id: str
) -> tuple[str, PasskeyRequest | None]:
    """What was wrong with a person's second factor, asked for again in a session, and what they are asked for first."""
    purpose = passkeys.confirming(session_id)
    factor = second_factors.check(session, person, answered, purpose)
    if factor.may_ask:
        throttle.take_back(session, person.username, tried.failures)
        return "", second_factors.ask(session, person, answered, purpose)
    if not factor.wrong:
        throttle.clear(session, person.username)
    return factor.wrong, None


def _count_no_failure(session: Session, person: PersonRow, tried: Attempt) -> None:
    """The password was right, and nothing more was asked for: where there is a second factor that clears no count."""
    if second_factors.has_any(session, person):
        throttle.take_back(session, person.username, tried.failures)
    else:
        throttle.clear(session, person.username)


def _first_factor(session: Session, person: PersonRow, session_id: str) -> None:
    """This session counts as begun with the second factor that was just set up; the others, without it, end."""
    sessions.end_all(session, person.id, but=session_id)
    sessions.raise_to_second_factor(session, session_id)


def _still(session: Session, tried: Attempt) -> PersonRow | None:
    """The person of a right attempt, if what they signed in with did not change meanwhile; held until the end."""
    person_id = tried.person.id if tried.person and not tried.wrong else ""
    person = session.scalar(locking(select(PersonRow).where(PersonRow.id == person_id)))
    return person if person and tried.person and person.password == tried.person.password else None


def _standing(
    person: PersonRow, principal: Principal, second_factor: bool, signed_on: bool
) -> tuple[Principal, tuple[str, ...]]:
    """The principal with the grants that hold, and what the others wait for.

    None holds by a one-time code, and some only with a second factor: the one home of this rule. By single sign-on
    it is the issuer's word that counts, and nothing can be set up here.
    """
    if signed_on:
        held_back = frozenset() if second_factor else NEEDS_ISSUERS_FACTOR
        return replace(principal, grants=tuple(g for g in principal.grants if g.role not in held_back)), ()
    if person.code_until:
        return replace(principal, grants=()), (PASSWORD,)
    grants = tuple(g for g in principal.grants if second_factor or g.role not in NEEDS_SECOND_FACTOR)
    return replace(principal, grants=grants), () if grants == principal.grants else (SECOND_FACTOR,)
