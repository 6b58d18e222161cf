"""Signing in and out, and what a person may know of themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, StringConstraints

from auth import policy, signin
from auth.audit import Event
from auth.policy import Action
from services.errors import NotSignedInError, WrongError
from services.routes.presence import Asking, OpenParts, guarded_router, origin_of, public_router
from services.shapes import Me, Token

public = public_router()
router = guarded_router()

Short = Annotated[str, StringConstraints(max_length=300)]


class Credentials(BaseModel):
    """What somebody signs in with."""

    username: Short
    password: Short


class NewPassword(BaseModel):
    """A change of one's own password."""

    old: Short
    new: Short


@public.post("/session")
def sign_in(body: Credentials, request: Request, parts: OpenParts) -> Token:
    """Begin a session. The answer to a wrong name and to a wrong password is the same."""
    with parts.database.reading() as session:
        principal = signin.check(session, body.username, body.password)
    event = Event(body.username[:64], origin_of(request), "sign_in", decision="allowed" if principal else "refused")
    with parts.database.session() as session:
        signed_in = signin.begin(session, parts.signer, principal) if principal else None
        parts.trail.record(event)
    if signed_in is None:
        raise NotSignedInError
    return Token(token=signed_in.token, expires_at=signed_in.expires)


@router.delete("/session", status_code=204)
def sign_out(asking: Asking) -> None:
    """End this session."""
    with asking.parts.database.session() as session:
        signin.sign_out(session, asking.session_id)
        asking.record("sign_out")


@router.get("/me")
def me(asking: Asking) -> Me:
    """Who one is, and what one's roles open."""
    who = asking.principal
    return Me(
        username=who.username,
        name=who.name,
        agency=who.agency,
        clearance=asking.parts.scheme.code(max((g.clearance for g in who.grants), default=0)),
        need_to_know=sorted({word for grant in who.grants for word in grant.words}),
        roles=sorted(who.roles),
        actions=[action for action in Action if policy.allows(who, action)],
    )


@router.put("/me/password", status_code=204)
def change_password(body: NewPassword, asking: Asking) -> None:
    """Set a new password."""
    with asking.parts.database.session() as session:
        changed = signin.change_password(session, asking.principal, body.old, body.new)
        asking.record("change_password", decision="allowed" if changed else "refused")
    if not changed:
        raise WrongError("The old password is not right.")
