"""Who is asking: what every route but the public three depends on. Refuses a request without a valid token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from auth import policy, signin
from auth.audit import Event
from auth.people import Principal
from auth.policy import Action
from services.errors import ForbiddenError, NotSignedInError
from services.parts import Parts


def parts_of(request: Request) -> Parts:
    """What this process works with."""
    parts: Parts = request.app.state.parts
    return parts


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal, the session they speak through, and the address they speak from."""

    parts: Parts
    principal: Principal
    session_id: str
    origin: str

    def must(self, action: Action) -> None:
        """Go on only if some role of theirs opens the action. Raises ForbiddenError, and the trail says so."""
        if not policy.allows(self.principal, action):
            self.record(action, decision="refused", detail={"rule": "role"})
            raise ForbiddenError

    def event(
        self, action: str, object_id: str = "", decision: str = "allowed", detail: Mapping[str, str | int] | None = None
    ) -> Event:
        """What the trail says of something they do."""
        return Event(self.principal.username, self.origin, action, object_id, decision, detail or {})

    def record(
        self, action: str, object_id: str = "", decision: str = "allowed", detail: Mapping[str, str | int] | None = None
    ) -> None:
        """Write to the trail. Raises TrailError, and then nothing may be shown."""
        self.parts.trail.record(self.event(action, object_id, decision, detail))


def origin_of(request: Request) -> str:
    """The address a request comes from."""
    return request.client.host if request.client else ""


def caller(request: Request) -> Caller:
    """The person whose token came with the request. Raises NotSignedInError."""
    parts = parts_of(request)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise NotSignedInError
    with parts.database.reading() as session:
        presence = signin.present(session, parts.signer, token.strip())
    if presence is None:
        raise NotSignedInError
    return Caller(parts, presence.principal, presence.session_id, origin_of(request))


Asking = Annotated[Caller, Depends(caller)]
OpenParts = Annotated[Parts, Depends(parts_of)]
