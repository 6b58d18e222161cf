"""Single sign-on with the operator's issuer, and its word that somebody signed out. Tells nobody why it was refused.

What is linked to whom is an administrator's matter; what somebody may do, the database's. Without an issuer in the
settings every call but the first is refused.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Form, Request, Response

from auth.audit.entries import Event
from auth.signin import issuer_claims, sign_in, single_sign_on
from auth.signin.issuer_claims import Identity
from auth.signin.sign_in import SignInOutcome
from auth.signin.tokens import LONGEST_FOREIGN
from services.components import Components
from services.errors import LogoutTokenError, NotSignedInError
from services.routes.authentication import OpenComponents, from_our_page, origin_of, public_router, set_cookie
from services.schemas.session import SessionToken, SignInWays, SignOnAddress, SignOnAnswer
from services.signon import under_way

public = public_router()

COOKIE: Final = "__Host-tolmach-sign-on"


@public.get("/session/ways")
def ways(components: OpenComponents) -> SignInWays:
    """How people sign in here."""
    settings = components.settings
    return SignInWays(single_sign_on=bool(settings.oidc_issuer), password=not settings.password_for)


@public.post("/session/oidc/start")
def start(request: Request, response: Response, components: OpenComponents) -> SignOnAddress:
    """Begin to sign in with the issuer: for our own page, whose browser then goes to the address that it is given."""
    issuer = components.issuer
    if issuer is None or not from_our_page(request):
        raise NotSignedInError
    began = under_way.begun()
    address = issuer.address(began.state, began.nonce, began.verifier)
    with components.database.reading() as session:
        sealed = began.sealed(session)
    seconds = int(under_way.LASTS.total_seconds())
    response.set_cookie(COOKIE, sealed, seconds, secure=True, httponly=True, samesite="strict", path="/")
    return SignOnAddress(address=address)


@public.post("/session/oidc")
def finish(body: SignOnAnswer, request: Request, response: Response, components: OpenComponents) -> SessionToken:
    """Begin a session by what the issuer sent back, in a cookie. The answer to whatever is wrong is the same."""
    identity = _identity(components, request, body)
    subject = {"subject": identity.subject} if isinstance(identity, Identity) else {}
    signed_in = None
    with components.database.session() as session:
        if isinstance(identity, Identity):
            outcome = single_sign_on.complete(session, identity)
            if who := outcome.principal:
                signer = components.token_keys.signer(session)
                signed_in = sign_in.begin(session, signer, who, outcome.second_factor, identity.issuer_session)
        else:
            outcome = SignInOutcome("", identity)
        decision, rule = ("refused", {"rule": outcome.wrong}) if outcome.wrong else ("allowed", {})
        detail = {"by": "issuer", **rule, **subject}
        components.trail.record(Event(outcome.username, origin_of(request), "sign_in", "", decision, detail))
    if signed_in is None:
        raise NotSignedInError
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    set_cookie(response, signed_in.token)
    return SessionToken(token="", expires_at=signed_in.expires)


@public.post("/session/oidc/logout", status_code=200)
def issuer_logout(
    logout_token: Annotated[str, Form(max_length=LONGEST_FOREIGN)], request: Request, components: OpenComponents
) -> None:
    """End the sessions that the issuer says are over: OpenID Connect Back-Channel Logout 1.0."""
    issuer = components.issuer
    claims = issuer.claims(logout_token) if issuer else None
    logout = issuer_claims.logout(claims) if claims else None
    origin = origin_of(request)
    with components.database.session() as session:
        usernames = single_sign_on.end(session, logout) if logout else None
        if usernames is None:
            components.trail.record(Event("", origin, "issuer_sign_out", decision="refused", detail={"rule": "token"}))
        for username in usernames or ():
            components.trail.record(Event(username, origin, "issuer_sign_out"))
    if usernames is None:
        raise LogoutTokenError


def _identity(components: Components, request: Request, body: SignOnAnswer) -> Identity | str:
    """Who signed in with the issuer; or in a word, for the trail, what was wrong. Raises IssuerError."""
    issuer = components.issuer
    if issuer is None or not from_our_page(request):
        return "no single sign-on" if issuer is None else "page"
    with components.database.reading() as session:
        began = under_way.unsealed(session, request.cookies.get(COOKIE, ""), body.state)
    if began is None:
        return "state"
    if body.iss not in ("", issuer.name):
        return "issuer"
    token = issuer.id_token(body.code, began.verifier)
    claims = issuer.claims(token)
    if claims is None:
        return "token" if token else "code"
    return issuer_claims.identity(claims, began.nonce, issuer.client, issuer.factors) or "token"
