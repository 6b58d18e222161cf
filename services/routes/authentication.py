"""Who is asking: what every route but the public ones depends on. Refuses a request without a valid token.

A program sends its token as a bearer; the browser has it in a cookie, which counts only with a header that no page of
another origin can send along, as it would need a permission (CORS) that is never given.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from auth import policy, sessions
from auth.audit.entries import Event
from auth.errors import TolmachError
from auth.people import Principal
from auth.policy import Action
from auth.signin import sign_in
from services.components import Components
from services.errors import (
    ForbiddenError,
    NoLengthError,
    NotSignedInError,
    PasswordFirstError,
    SecondFactorFirstError,
    TooLargeError,
)

SMALL_BODY: Final = 1_000_000  # bytes: of anything but a file
MOST_DIGITS: Final = 15  # of a body's length: Python refuses to read numbers of thousands
COOKIE: Final = "__Host-tolmach"  # browsers take it with Secure and for this host alone
OUR_PAGE: Final = ("X-Tolmach", "1")  # what our own pages send with the cookie


def components_of(request: Request) -> Components:
    """What this process works with."""
    components: Components = request.app.state.components
    return components


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal, the session they speak through, and the address they speak from."""

    components: Components
    principal: Principal
    session_id: str
    origin: str
    second_factor: bool = False
    set_up: tuple[str, ...] = ()

    def require(self, action: Action) -> None:
        """Go on only if some role of theirs opens the action; otherwise the trail says so.

        Raises ForbiddenError, or PasswordFirstError or SecondFactorFirstError where that is what is missing.
        """
        if policy.allows(self.principal, action):
            return
        error: type[TolmachError]
        if sign_in.PASSWORD in self.set_up:
            rule, error = "password to choose", PasswordFirstError
        elif sign_in.SECOND_FACTOR in self.set_up and policy.TABLE[action] & sign_in.NEEDS_SECOND_FACTOR:
            rule, error = "second factor to set up", SecondFactorFirstError
        else:
            rule, error = "role", ForbiddenError
        self.record(action, decision="refused", detail={"rule": rule})
        raise error

    def event(
        self, action: str, object_id: str = "", decision: str = "allowed", detail: Mapping[str, str | int] | None = None
    ) -> Event:
        """What the trail says of something they do."""
        return Event(self.principal.username, self.origin, action, object_id, decision, detail or {})

    def record(
        self, action: str, object_id: str = "", decision: str = "allowed", detail: Mapping[str, str | int] | None = None
    ) -> None:
        """Write to the trail. Raises TrailError, and then nothing may be shown."""
        self.components.trail.record(self.event(action, object_id, decision, detail))


def origin_of(request: Request) -> str:
    """The address a request comes from, by the word of the settings' proxies alone."""
    host = request.client.host if request.client else ""
    return components_of(request).proxies.origin(host, request.headers.getlist("x-forwarded-for"))


def from_our_page(request: Request) -> bool:
    """Whether a page of this origin sent the request: it has our header, and the browser says nothing else."""
    name, value = OUR_PAGE
    return request.headers.get(name) == value and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


def set_cookie(response: Response, token: str) -> None:
    """Put a session's token where no script of the page, and no other site, reaches it."""
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict", path="/")


def token_of(request: Request) -> str:
    """The token that came along: the bearer's if there is one, else the cookie's. Raises NotSignedInError."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        kind, _, token = authorization.partition(" ")
        if kind.lower() == "bearer":
            return token.strip()
    elif COOKIE in request.cookies and from_our_page(request):
        return request.cookies[COOKIE]
    raise NotSignedInError


def authenticate(request: Request) -> Caller:
    """The person whose token came with the request. Raises NotSignedInError."""
    components, token = components_of(request), token_of(request)
    with components.database.reading() as session:
        presence = sign_in.authenticate(session, components.token_keys, token)
    if presence is None:
        raise NotSignedInError
    if presence.is_stale:
        with components.database.session() as session:
            sessions.note(session, presence.session_id)
    who, origin = presence.principal, origin_of(request)
    return Caller(components, who, presence.session_id, origin, presence.second_factor, presence.must_set_up)


class PublicRoute(APIRoute):
    """A route for anybody, which refuses a body that is too large before it reads it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI's, behind a limit on the body's size."""
        handle = super().get_route_handler()

        async def limited(request: Request) -> Response:
            check_size(request, SMALL_BODY)
            return await handle(request)

        return limited


class GuardedRoute(APIRoute):
    """A route that knows its caller before it reads a byte of what they sent."""

    def largest_body(self, caller: Caller) -> int:
        """Bytes that this caller may send, whatever its headers say it is. Raises ForbiddenError."""
        return SMALL_BODY

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI's, behind authentication and a limit on the body's size."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            caller = request.state.caller = await run_in_threadpool(authenticate, request)
            check_size(request, await run_in_threadpool(self.largest_body, caller))
            return await handle(request)

        return guarded


class UploadRoute(GuardedRoute):
    """The route that takes files: the only one with a large body, and only for whoever may bring one."""

    def largest_body(self, caller: Caller) -> int:
        """As large as the largest file and the form around it."""
        caller.require(Action.INTAKE)
        return SMALL_BODY + caller.components.settings.largest_file


def public_router() -> APIRouter:
    """A router for what anybody may ask."""
    return APIRouter(route_class=PublicRoute)


def guarded_router(prefix: str = "", route_class: type[GuardedRoute] = GuardedRoute) -> APIRouter:
    """A router whose every route refuses a request without a valid token."""
    return APIRouter(prefix=prefix, route_class=route_class)


def check_size(request: Request, largest: int) -> None:
    """Raise TooLargeError or NoLengthError unless the body's length is announced and at most `largest` bytes."""
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not (length.isascii() and length.isdecimal()):
        raise NoLengthError
    if len(length) > MOST_DIGITS or int(length) > largest:
        raise TooLargeError


def _authenticated(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


CurrentUser = Annotated[Caller, Depends(_authenticated)]
OpenComponents = Annotated[Components, Depends(components_of)]
