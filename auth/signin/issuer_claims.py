"""What an issuer's token says, once it is proven whole: who signed in, or who signed out. Refuses one for the other.

OpenID Connect Core 1.0, section 3.1.3.7, and Back-Channel Logout 1.0, section 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Any, Final

from auth.database import now
from auth.signin.tokens import SKEW

OLDEST: Final = timedelta(minutes=10)  # that a token may be when it comes
LONGEST: Final = 255  # characters of a subject, by the standard; and of other identifiers, by us
LOGOUT: Final = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """The words of an issuer by which somebody showed a second factor: values of `acr`, and of `amr`."""

    acr: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in with an issuer, what the session is called there ("" where it is not told), and by how much."""

    issuer: str
    subject: str
    issuer_session: str
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Logout:
    """What an issuer says is over: a session of its own, or all of a subject's; each "" where it is not told."""

    issuer: str
    subject: str
    issuer_session: str
    identifier: str


def identity(claims: Mapping[str, Any], nonce: str, client: str, factors: SecondFactors) -> Identity | None:
    """Who an ID token names; None if it is none, too old, for another client, or for another sign-in than `nonce`'s."""
    subject, session = claims.get("sub"), claims.get("sid", "")
    is_ours = claims.get("azp", client if claims.get("aud") in (client, [client]) else None) == client
    is_named = _is_name(subject) and (session == "" or _is_name(session))
    if not (is_ours and is_named and _is_fresh(claims) and _equal(claims.get("nonce"), nonce)) or "events" in claims:
        return None
    amr = claims.get("amr", [])
    methods = {method for method in amr if isinstance(method, str)} if isinstance(amr, list) else set()
    second_factor = claims.get("acr") in list(factors.acr) or bool(methods & factors.amr)
    return Identity(claims["iss"], str(subject), session, second_factor)


def logout(claims: Mapping[str, Any]) -> Logout | None:
    """What a logout token says is over; None if it is none, or too old."""
    events = claims.get("events")
    is_logout = isinstance(events, dict) and isinstance(events.get(LOGOUT), dict)
    subject, session = claims.get("sub", ""), claims.get("sid", "")
    names = [name for name in (subject, session) if name != ""]
    if not (is_logout and "nonce" not in claims and _is_fresh(claims) and _is_name(claims.get("jti")) and names):
        return None
    return Logout(claims["iss"], subject, session, claims["jti"]) if all(map(_is_name, names)) else None


def _is_fresh(claims: Mapping[str, Any]) -> bool:
    issued, at = claims.get("iat"), now().timestamp()
    return isinstance(issued, int | float) and at - OLDEST.total_seconds() - SKEW <= issued <= at + SKEW


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()


def _equal(value: object, nonce: str) -> bool:
    return isinstance(value, str) and compare_digest(value.encode("utf-8", "surrogatepass"), nonce.encode())
