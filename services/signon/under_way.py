"""A sign-in with the issuer that is under way in one browser. Refuses what another began, or what took too long.

All of it lies sealed in a cookie of that browser, and nowhere else: what comes back from the issuer counts only where
the cookie is, so nobody can be signed in by a link that somebody else made, nor with a code that was taken elsewhere.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Final

from sqlalchemy.orm import Session

from auth.database import now
from auth.signin import vault
from auth.signin.vault import VaultError

LASTS: Final = timedelta(minutes=10)
_ABOUT: Final = "sign-in with the issuer"
_BYTES: Final = 32  # of each secret, at random


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What belongs to one sign-in: `state` names it, `nonce` comes back in the token, `verifier` redeems the code."""

    state: str
    nonce: str
    verifier: str

    def sealed(self, session: Session) -> str:
        """As text that only we can read, for LASTS."""
        until = (now() + LASTS).timestamp()
        return vault.seal(session, json.dumps([self.state, self.nonce, self.verifier, until]), _ABOUT)


def begun() -> UnderWay:
    """A new one."""
    return UnderWay(*(secrets.token_urlsafe(_BYTES) for _ in range(3)))


def unsealed(session: Session, text: str, state: str) -> UnderWay | None:
    """The one that `sealed` wrote, if it is still under way and goes by this state."""
    try:
        *words, until = json.loads(vault.unseal(session, text, _ABOUT) or "[0]")
    except VaultError:
        return None
    if now().timestamp() >= until or not compare_digest(words[0].encode(), state.encode("utf-8", "surrogatepass")):
        return None
    return UnderWay(*words)
