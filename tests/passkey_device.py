"""A device that holds passkeys, in software: answers as a browser would, and wrongly where a test asks it to."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey at one page. `count` is how often it has signed; None if it does not count, as synced ones."""

    origin: str
    host: str = ""
    verifies: bool = True
    count: int | None = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def name(self) -> str:
        """What the passkey is called between browser and service."""
        return bytes_to_base64url(self.credential)

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to creation options: the public key, not attested."""
        host = self.host or options["rp"]["id"]
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        about = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cose
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(host, HAS_KEY) + about}
        said = self._said("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=said, attestationObject=cbor2.dumps(attested))

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to request options: the challenge signed."""
        host = self.host or options["rpId"]
        self.count = None if self.count is None else self.count + 1
        said, data = self._said("webauthn.get", options["challenge"]), self._data(host)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, host: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.count or 0)

    def _answer(self, **response: bytes) -> dict[str, Any]:
        encoded = {name: bytes_to_base64url(value) for name, value in response.items()}
        return {"id": self.name, "rawId": self.name, "type": "public-key", "response": encoded}
