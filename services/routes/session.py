"""Signing in and out, and what a person may know and change of themselves. Tells nobody why a sign-in was refused."""

from __future__ import annotations

from typing import Literal, cast

from fastapi import Request, Response

from auth import people, policy, sessions
from auth.database import now
from auth.policy import Action
from auth.signin import sign_in as signing_in
from services.errors import NotSignedInError, PasskeyWantedError, WrongError
from services.routes.access.passkeys import factor_answer, refusal
from services.routes.authentication import (
    COOKIE,
    OUR_PAGE,
    CurrentUser,
    OpenComponents,
    from_our_page,
    guarded_router,
    origin_of,
    public_router,
    set_cookie,
)
from services.schemas.people import GrantSchema
from services.schemas.session import (
    Credentials,
    Me,
    NewPassword,
    OwnSession,
    SecondFactor,
    SecondFactorSetUp,
    SessionToken,
)

public = public_router()
router = guarded_router()


@public.post("/session")
def sign_in(body: Credentials, request: Request, response: Response, components: OpenComponents) -> SessionToken:
    """Begin a session. The answer to a wrong name, password or second factor is the same.

    Whoever has a passkey, and gave the right password alone, is asked for it.
    """
    if body.cookie and not from_our_page(request):
        raise WrongError(
            "A cookie is set for our own pages alone, which send {header}.",
            code="cookie_elsewhere",
            header=": ".join(OUR_PAGE),
        )
    tried = signing_in.attempt(components.database, body.username, body.password)
    with components.database.session() as session:
        answered = factor_answer(components, body.otp, body.passkey)
        outcome = signing_in.complete(session, tried, answered, components.settings.password_names)
        who = outcome.principal
        signer = components.token_keys.signer(session)
        signed_in = signing_in.begin(session, signer, who, outcome.second_factor) if who else None
        components.trail.record(outcome.event(origin_of(request)))
    if outcome.request:
        raise PasskeyWantedError(outcome.request)
    if signed_in is None:
        components.meter.sign_in_refused()
        raise NotSignedInError
    if body.cookie:
        set_cookie(response, signed_in.token)
    return SessionToken(token="" if body.cookie else signed_in.token, expires_at=signed_in.expires)


@router.delete("/session", status_code=204)
def sign_out(caller: CurrentUser, response: Response) -> None:
    """End this session."""
    with caller.components.database.session() as session:
        sessions.end(session, caller.session_id)
        caller.record("sign_out")
    _drop_cookie(response)


@router.get("/me/sessions")
def own_sessions(caller: CurrentUser) -> list[OwnSession]:
    """One's own sessions that last, the latest begun first."""
    with caller.components.database.reading() as session:
        rows = sessions.of_person(session, caller.principal.person_id)
        caller.record("list_sessions", detail={"total": len(rows)})
    return [OwnSession.of(row, caller.session_id) for row in rows]


@router.delete("/me/sessions", status_code=204)
def sign_out_everywhere(caller: CurrentUser, response: Response) -> None:
    """End every session of one's own, this one too."""
    with caller.components.database.session() as session:
        sessions.end_all(session, caller.principal.person_id)
        caller.record("sign_out_everywhere")
    _drop_cookie(response)


@router.get("/me/grants")
def own_grants(caller: CurrentUser) -> list[GrantSchema]:
    """One's own grants, those to come and those that are over too."""
    at = now()
    with caller.components.database.reading() as session:
        rows = people.grants_of(session, [caller.principal.person_id])
        caller.record("list_own_grants", detail={"total": len(rows)})
    return [GrantSchema.of(grant, person.username, caller.components.scheme, at) for grant, person in rows]


@router.get("/me")
def me(caller: CurrentUser) -> Me:
    """Who one is, and what one's roles open."""
    who = caller.principal
    return Me(
        username=who.username,
        name=who.name,
        agency=who.agency,
        clearance=caller.components.scheme.code(max((g.clearance for g in who.grants), default=0)),
        need_to_know=sorted({word for grant in who.grants for word in grant.words}),
        roles=sorted(who.roles),
        actions=[action for action in Action if policy.allows(who, action)],
        second_factor=caller.second_factor,
        must=cast(list[Literal["password", "otp"]], list(caller.set_up)),
    )


@router.put("/me/password", status_code=204)
def change_password(body: NewPassword, caller: CurrentUser) -> None:
    """Set a new password, and end one's other sessions."""
    username = caller.principal.username
    signing_in.refuse_new(username, body.old, body.new)
    tried = signing_in.attempt(caller.components.database, username, body.old)
    with caller.components.database.session() as session:
        changed = signing_in.change_password(session, tried, body.new, caller.session_id)
        decision, detail = ("allowed", {}) if changed else ("refused", {"rule": tried.wrong or "password"})
        caller.record("change_password", "", decision, detail)
    if not changed:
        raise WrongError("The old password is not right.", code="old_password")


@router.put("/me/otp")
def set_up_second_factor(body: SecondFactorSetUp, caller: CurrentUser) -> SecondFactor:
    """Set up a second factor: ask for a secret, then send it back with its first digits. Only renewal takes it away."""
    tried = signing_in.attempt(caller.components.database, caller.principal.username, body.password)
    with caller.components.database.session() as session:
        answered = factor_answer(caller.components, body.code, body.passkey)
        done = signing_in.set_up_second_factor(session, tried, caller.session_id, body.secret, answered)
        action = "offer_second_factor" if done.offer else "set_up_second_factor"
        decision, detail = ("refused", {"rule": done.wrong}) if done.wrong else ("allowed", {})
        caller.record("ask_for_passkey" if done.request else action, "", decision, detail)
    if done.request:
        raise PasskeyWantedError(done.request)
    if done.wrong:
        raise refusal(done.wrong)
    if done.offer:
        return SecondFactor(secret=done.offer.secret, uri=done.offer.uri, picture=done.offer.picture)
    return SecondFactor(recovery_codes=list(done.recovery_codes))


def _drop_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
