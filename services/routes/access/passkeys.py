"""One's own passkeys: which there are, one more, one less; each change after password and second factor."""

from __future__ import annotations

from auth.signin import passkeys, sign_in
from auth.signin.second_factors import FactorAnswer
from auth.signin.sign_in import PasskeyChange
from auth.tables import PersonRow
from services.components import Components
from services.errors import PasskeyWantedError, WrongError
from services.routes.authentication import Caller, CurrentUser, guarded_router
from services.schemas.session import (
    Confirmation,
    NewPasskeySchema,
    OwnSecondFactors,
    PasskeyAnswer,
    PasskeyOffer,
    PasskeySchema,
)

router = guarded_router()


@router.get("/me/passkeys")
def own_passkeys(caller: CurrentUser) -> OwnSecondFactors:
    """One's own passkeys, the oldest first, and whether one has another second factor."""
    party = caller.components.settings.relying_party
    with caller.components.database.reading() as session:
        rows = passkeys.of_person(session, caller.principal.person_id)
        code = bool(session.get_one(PersonRow, caller.principal.person_id).otp_secret)
        caller.record("list_passkeys", detail={"total": len(rows)})
    listed = [PasskeySchema.of(row) for row in rows]
    return OwnSecondFactors(passkeys=listed, code=code, origin=party.origin if party else "", most=passkeys.MOST)


@router.post("/me/passkeys/offer")
def offer_passkey(body: Confirmation, caller: CurrentUser) -> PasskeyOffer:
    """Ask for what a browser makes a passkey by; what it made is sent to `/me/passkeys` within five minutes."""
    tried = sign_in.attempt(caller.components.database, caller.principal.username, body.password)
    with caller.components.database.session() as session:
        answered = factor_answer(caller.components, body.otp, body.passkey)
        done = sign_in.offer_passkey(session, tried, caller.session_id, answered)
        _record(caller, "offer_passkey", done)
    _refuse(done)
    return PasskeyOffer(options=done.options or {})


@router.post("/me/passkeys", status_code=201)
def add_passkey(body: NewPasskeySchema, caller: CurrentUser) -> PasskeySchema:
    """Add the passkey that this session's browser has just made. As the first second factor it ends other sessions."""
    who = caller.principal.person_id
    with caller.components.database.session() as session:
        answered = factor_answer(caller.components, "", body.passkey)
        done = sign_in.add_passkey(session, who, caller.session_id, body.name, answered)
        added = [PasskeySchema.of(row) for row in passkeys.of_person(session, who) if row.id == done.passkey_id]
        _record(caller, "add_passkey", done)
    _refuse(done)
    return added[0]


@router.post("/me/passkeys/{passkey_id}/removal", status_code=204)
def remove_passkey(passkey_id: str, body: Confirmation, caller: CurrentUser) -> None:
    """Take one of one's passkeys away, but not the last second factor."""
    tried = sign_in.attempt(caller.components.database, caller.principal.username, body.password)
    with caller.components.database.session() as session:
        answered = factor_answer(caller.components, body.otp, body.passkey)
        done = sign_in.remove_passkey(session, tried, caller.session_id, passkey_id, answered)
        _record(caller, "remove_passkey", done)
    _refuse(done)


def factor_answer(components: Components, code: str, passkey: PasskeyAnswer | None) -> FactorAnswer:
    """What somebody answered for a second factor, with the page that passkeys are made for."""
    answer = passkey.model_dump(by_alias=True) if passkey else None
    return FactorAnswer(code, answer, components.settings.relying_party)


def refusal(wrong: str) -> WrongError:
    """What is said, by what the trail says was wrong: a guess that was slowed down is answered like a wrong one."""
    match wrong:
        case "code":
            return WrongError("Choose a password first.", code="password_first")
        case "set up":
            words = "A second factor is set up already. An administrator can renew your sign-in."
            return WrongError(words, code="second_factor_set_up")
        case "digits":
            words = "These digits are not the device's. Check that its clock is right, and type the next ones."
            return WrongError(words, code="second_factor_digits")
        case "second factor" | "challenge" | "passkey" | "passkey that was copied":
            words = "Your second factor is not right. Try again with the passkey, or with the next code."
            return WrongError(words, code="second_factor_wrong")
    return _passkey_refusal(wrong)


def _passkey_refusal(wrong: str) -> WrongError:
    match wrong:
        case "off":
            words = "Passkeys are off here. The operator sets TOLMACH_PAGE to the page's https:// address."
            return WrongError(words, code="passkeys_off")
        case "many":
            words = "You have {most} passkeys, and no more are kept. Remove one first."
            return WrongError(words, code="passkeys_many", most=passkeys.MOST)
        case "new passkey":
            words = "This passkey could not be added. Begin anew, at the address that passkeys are made for."
            return WrongError(words, code="passkey_not_added")
        case "no passkey":
            return WrongError("You have no such passkey.", code="no_passkey")
        case "last factor":
            words = "This is your only second factor. Add another one first."
            return WrongError(words, code="passkey_last")
    return WrongError("The password is not right.", code="password")


def _record(caller: Caller, action: str, done: PasskeyChange) -> None:
    decision, detail = ("refused", {"rule": done.wrong}) if done.wrong else ("allowed", {})
    caller.record("ask_for_passkey" if done.request else action, done.passkey_id, decision, detail)


def _refuse(done: PasskeyChange) -> None:
    if done.request:
        raise PasskeyWantedError(done.request)
    if done.wrong:
        raise refusal(done.wrong)
