"""The Wycheproof vectors of JOSE against our reader of tokens: how many there are, and which it accepts.

Every vector is shown to a signer with a key of our own and, where it comes with keys for HMAC, to one that has them
under the names that the vector calls them by, so that it is not refused for its key alone.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jose import JWTError, jws
from jose.exceptions import JWSError

from auth.signin import tokens
from auth.signin.tokens import Key, Signer

FILES = ("signature", "encryption", "key", "crypto")
OURS = Key.of(bytes(range(32)))


@dataclass(frozen=True)
class Vector:
    """A token, whether it must fail, and the HMAC keys that it comes with."""

    name: str
    token: str
    must_fail: bool
    keys: tuple[Key, ...]


def vectors(folder: Path) -> Iterator[Vector]:
    """Every vector of the four files."""
    for name in FILES:
        content = json.loads((folder / f"json_web_{name}_test.json").read_text(encoding="utf-8"))
        for group in content["testGroups"]:
            keys = tuple(_keys(group.get("private", {})))
            for test in group["tests"]:
                token = test.get("jws", test.get("jwe"))
                text = token if isinstance(token, str) else json.dumps(token)
                yield Vector(f"{name} {test['tcId']} {test['comment']}", text, test["result"] != "valid", keys)


def _keys(given: dict[str, Any]) -> Iterator[Key]:
    for one in given.get("keys", [given]):
        if one.get("kty") == "oct":
            yield Key(one.get("kid", ""), base64.urlsafe_b64decode(one["k"] + "=" * (-len(one["k"]) % 4)))


def accepted(vector: Vector) -> bool:
    """Whether our reader takes the token for one of ours, with our key or with the vector's."""
    signers = [Signer((OURS,)), *([Signer(vector.keys)] if vector.keys else [])]
    return any(signer.read(vector.token) is not None for signer in signers)


def signature_holds(vector: Vector) -> bool:
    """Whether the library alone, with our algorithm, finds the signature right: without our form, header and claims."""
    return any(_verifies(vector.token, key) for key in vector.keys)


def _verifies(token: str, key: Key) -> bool:
    try:
        jws.verify(token, key.secret, [tokens.ALGORITHM])
    except (JWTError, JWSError, ValueError, TypeError, AttributeError):
        return False
    return True


def figures(folder: Path) -> dict[str, int]:
    """How many vectors there are, and how many are taken for our tokens: by us, and by the library alone."""
    every = list(vectors(folder))
    wrong = [vector for vector in every if vector.must_fail]
    return {
        "vectors": len(every),
        "must_fail": len(wrong),
        "with_hmac_keys": sum(bool(vector.keys) for vector in every),
        "wrongly_accepted": sum(map(accepted, wrong)),
        "accepted": sum(map(accepted, every)),
        "wrongly_accepted_by_the_library_alone": sum(map(signature_holds, wrong)),
        "signatures_that_hold": sum(signature_holds(vector) for vector in every if not vector.must_fail),
    }
