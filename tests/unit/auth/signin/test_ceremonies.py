"""Whatever a stranger sends for a passkey is no passkey: no answer breaks the reading of it, nor makes it large."""

from __future__ import annotations

import json
import struct
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from passkey_device import Device
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from auth.signin import ceremonies
from auth.signin.ceremonies import Owner, RelyingParty

PARTY = RelyingParty("tolmach.example", "https://tolmach.example")
CHALLENGE = bytes(range(32))
ANN = Owner("0" * 32, "ann", "Ann")
MAKING = ceremonies.creation(PARTY, CHALLENGE, ANN, [])
BOMBS = {
    "nested arrays": b"\x81" * 11_000,
    "nested maps": b"\xa1\x00" * 5_000,
    "nested tags": b"\xc1" * 11_000,
    "an array of all there is": b"\x9b" + b"\xff" * 8,
    "a text of all there is": b"\x7b" + b"\xff" * 8,
    "bytes of a thousand million": b"\x5b" + struct.pack(">Q", 10**9),
    "a large number": b"\xc2\x59\x20\x00" + b"\xff" * 0x2000,
    "shared and cyclic": b"\xd8\x1c\x81\xd8\x1d\x00",
}


def replaced(answer: dict[str, Any], part: str, content: bytes) -> dict[str, Any]:
    return answer | {"response": answer["response"] | {part: bytes_to_base64url(content)}}


def with_key(device: Device, cose: bytes) -> dict[str, Any]:
    """A making with another public key."""
    answer = device.make(MAKING)
    attested = cbor2.loads(base64url_to_bytes(answer["response"]["attestationObject"]))
    about = bytes(16) + struct.pack(">H", len(device.credential)) + device.credential + cose
    return replaced(
        answer, "attestationObject", cbor2.dumps(attested | {"authData": attested["authData"][:37] + about})
    )


def test_an_honest_device_is_believed() -> None:
    device = Device(PARTY.origin)
    new = ceremonies.new_passkey(PARTY, CHALLENGE, device.make(MAKING))
    assert new and new.credential == device.name
    answer = device.sign(ceremonies.request(PARTY, CHALLENGE, [device.name]))
    assert ceremonies.challenge_in(answer) == CHALLENGE
    assert ceremonies.signed_count(PARTY, CHALLENGE, answer, new.public_key) == 1
    assert ceremonies.signed_count(PARTY, CHALLENGE[::-1], answer, new.public_key) is None


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_no_passkey(bomb: str) -> None:
    device = Device(PARTY.origin)
    for answer in (
        replaced(device.make(MAKING), "attestationObject", BOMBS[bomb]),
        with_key(device, BOMBS[bomb]),
    ):
        assert ceremonies.new_passkey(PARTY, CHALLENGE, answer) is None


@pytest.mark.parametrize(
    "cose",
    [
        {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)},  # no point of the curve
        {1: 2, 3: -7, -1: 1, -2: b"", -3: b""},
        {1: 2, 3: -7, -1: 99, -2: bytes(32), -3: bytes(32)},
        {1: 3, 3: -257, -1: b"\x03", -2: b"\x03"},  # a number that anybody divides
        {1: 1, 3: -8, -1: 6, -2: b"short"},
        {1: 4, 3: 5, -1: bytes(32)},  # a shared secret
        {},
    ],
)
def test_no_answer_is_proven_by_a_key_that_is_none(cose: dict[int, Any]) -> None:
    device = Device(PARTY.origin)
    new = ceremonies.new_passkey(PARTY, CHALLENGE, with_key(device, cbor2.dumps(cose)))
    if new is not None:  # it is looked at when it signs
        answer = device.sign(ceremonies.request(PARTY, CHALLENGE, [device.name]))
        assert ceremonies.signed_count(PARTY, CHALLENGE, answer, new.public_key) is None


@given(
    part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "attestationObject"]),
    at=st.integers(0, 400),
    bit=st.integers(0, 7),
    cut=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_an_answer_that_was_changed_anywhere_is_none(part: str, at: int, bit: int, cut: bool) -> None:
    device = Device(PARTY.origin)
    making = part == "attestationObject"
    answer = device.make(MAKING) if making else device.sign(ceremonies.request(PARTY, CHALLENGE, [device.name]))
    content = bytearray(base64url_to_bytes(answer["response"][part]))
    at %= len(content)
    if cut:
        del content[at:]
    else:
        content[at] ^= 1 << bit
    changed = replaced(answer, part, bytes(content))
    ceremonies.challenge_in(changed)
    if making:  # nobody vouches for what a device makes: it must only not break
        ceremonies.new_passkey(PARTY, CHALLENGE, changed)
        return
    new = ceremonies.new_passkey(PARTY, CHALLENGE, device.make(MAKING))
    assert new and ceremonies.signed_count(PARTY, CHALLENGE, changed, new.public_key) is None


@pytest.mark.parametrize(
    "said", [b"[]", b"null", b"\xff", b'{"challenge": 7}', b"[" * 8_000, b'{"challenge": "A"}', b""]
)
def test_client_data_that_say_no_challenge_say_none(said: bytes) -> None:
    answer = replaced(Device(PARTY.origin).make(MAKING), "clientDataJSON", said)
    assert ceremonies.challenge_in(answer) == b""
    assert ceremonies.new_passkey(PARTY, CHALLENGE, answer) is None


def test_what_a_browser_is_asked_names_the_person_alone() -> None:
    assert json.dumps(MAKING).count("ann") == 1
    assert MAKING["authenticatorSelection"]["userVerification"] == "required"
    assert MAKING["attestation"] == "none"
