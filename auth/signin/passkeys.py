"""Passkeys of people, and the challenges that they are asked to sign: rows, so that every host knows both.

Refuses a challenge after its first answer or its time, one that was made for another person, session or purpose, a
passkey of somebody else, and one that has signed no more often than it had before: it may be a copy.
Whoever calls holds the person's row.
"""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Final, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auth.database import now
from auth.signin import ceremonies
from auth.signin.ceremonies import Answer, Options, Owner, RelyingParty
from auth.tables import ChallengeRow, PasskeyRow, PersonRow

MOST: Final = 10  # of a person
MOST_WAITING: Final = 5  # challenges of a person that wait for an answer
LASTS: Final = timedelta(minutes=5)
LONGEST_NAME: Final = 64  # characters
LONGEST_CREDENTIAL: Final = 1_364  # characters of base64 for 1,023 bytes, which is what the standard allows
_BYTES: Final = 32  # of a challenge, at random
SIGN_IN: Final = "sign-in"


def confirming(session_id: str) -> str:
    """What a challenge is for that confirms, in this session, that it is still its person who asks."""
    return f"confirm {session_id}"


def adding(session_id: str) -> str:
    """What a challenge is for that a new passkey answers in this session."""
    return f"add {session_id}"


def of_person(session: Session, person_id: str) -> list[PasskeyRow]:
    """A person's passkeys, the oldest first."""
    query = select(PasskeyRow).where(PasskeyRow.person == person_id).order_by(PasskeyRow.added, PasskeyRow.credential)
    return list(session.scalars(query))


def ask(session: Session, party: RelyingParty, person_id: str, purpose: str) -> Options:
    """What the person's browser is asked to sign, once and for LASTS."""
    names = [row.credential for row in of_person(session, person_id)]
    return ceremonies.request(party, _challenge(session, person_id, purpose), names)


def offer(session: Session, party: RelyingParty, person: PersonRow, session_id: str) -> Options | None:
    """What the person's browser is asked to make a passkey; None if they have MOST already."""
    names = [row.credential for row in of_person(session, person.id)]
    if len(names) >= MOST:
        return None
    owner = Owner(person.id, person.username, person.name)
    return ceremonies.creation(party, _challenge(session, person.id, adding(session_id)), owner, names)


def add(
    session: Session, party: RelyingParty, person: PersonRow, session_id: str, name: str, answer: Answer
) -> PasskeyRow | None:
    """A new passkey of the person, if their browser made it for a challenge of this session; and it is nobody's yet."""
    challenge = _taken(session, person.id, adding(session_id), answer)
    new = ceremonies.new_passkey(party, challenge, answer) if challenge else None
    if new is None or len(new.credential) > LONGEST_CREDENTIAL or len(of_person(session, person.id)) >= MOST:
        return None
    key = base64.b64encode(new.public_key).decode()
    row = PasskeyRow(person=person.id, credential=new.credential, public_key=key, signed=new.count, name=name)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # it is a passkey already, of whomever
        return None
    return row


def spend(session: Session, party: RelyingParty, person_id: str, purpose: str, answer: Answer) -> str:
    """Use up the challenge that a passkey of the person signed; "" if it did, else in a word what was wrong.

    Asks the database the same for a person without passkeys, and for nobody (an empty identifier).
    """
    challenge = _taken(session, person_id, purpose, answer)
    query = select(PasskeyRow).where(PasskeyRow.person == person_id, PasskeyRow.credential == str(answer.get("id")))
    row = session.scalar(query)
    if not challenge:
        return "challenge"
    count = ceremonies.signed_count(party, challenge, answer, base64.b64decode(row.public_key)) if row else None
    if row is None or count is None:
        return "passkey"
    if (count or row.signed) and count <= row.signed:
        return "passkey that was copied"
    row.signed, row.used = count, now()
    return ""


def remove(session: Session, person_id: str, passkey_id: str) -> bool:
    """Take one of a person's passkeys away; whether there was one."""
    query = delete(PasskeyRow).where(PasskeyRow.id == passkey_id, PasskeyRow.person == person_id)
    return cast(CursorResult[object], session.execute(query)).rowcount > 0


def forget(session: Session, person_id: str) -> None:
    """Take all of a person's passkeys away, and what they were asked to sign."""
    session.execute(delete(PasskeyRow).where(PasskeyRow.person == person_id))
    session.execute(delete(ChallengeRow).where(ChallengeRow.person == person_id))


def _challenge(session: Session, person_id: str, purpose: str) -> bytes:
    """A new challenge; of those that wait the oldest gives way."""
    at, challenge = now(), secrets.token_bytes(_BYTES)
    session.execute(delete(ChallengeRow).where(ChallengeRow.until <= at))
    waiting = select(ChallengeRow).where(ChallengeRow.person == person_id).order_by(ChallengeRow.until.desc())
    for row in session.scalars(waiting.offset(MOST_WAITING - 1)):
        session.delete(row)
    digest = ceremonies.digest(challenge)
    session.add(ChallengeRow(digest=digest, person=person_id, purpose=purpose, until=at + LASTS))
    session.flush()
    return challenge


def _taken(session: Session, person_id: str, purpose: str, answer: Answer) -> bytes:
    """The challenge that an answer is to, if it waited for this person and purpose; no answer gets it again."""
    challenge = ceremonies.challenge_in(answer)
    waited = (ChallengeRow.digest == ceremonies.digest(challenge)) & (ChallengeRow.until > now())
    theirs = (ChallengeRow.person == person_id) & (ChallengeRow.purpose == purpose)
    taken = cast(CursorResult[object], session.execute(delete(ChallengeRow).where(waited & theirs)))
    return challenge if taken.rowcount else b""
