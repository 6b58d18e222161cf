"""An issuer's token counts only where it is signed by one of its keys, for us, in time, and is what it is taken for."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jose import jwk, jwt

from auth.database import now
from auth.signin import issuer_claims, tokens
from auth.signin.issuer_claims import LOGOUT, Identity, Logout, SecondFactors

ISSUER, CLIENT, NONCE = "https://issuer.example/realms/agency", "tolmach", "the nonce of this sign-in"
FACTORS = SecondFactors(frozenset({"gold"}), frozenset({"otp", "hwk"}))


@cache
def key(kind: str) -> Any:
    if kind == "EC":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "P-384":
        return ec.generate_private_key(ec.SECP384R1())
    return rsa.generate_private_key(65_537, 1_024 if kind == "weak" else 2_048)


def private(kind: str) -> str:
    return key(kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public(kind: str) -> str:
    return key(kind).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@cache
def published(kind: str = "RSA", name: str = "k1") -> dict[str, Any]:
    """A key as an issuer publishes it."""
    algorithm = {"EC": "ES256", "P-384": "ES384"}.get(kind, "RS256")
    made = jwk.construct(public(kind), algorithm).to_dict()
    fields = {field: value.decode() if isinstance(value, bytes) else value for field, value in made.items()}
    return {**fields, "kid": name, "use": "sig"}


def claims(**different: Any) -> dict[str, Any]:
    """The claims of a good ID token; others where they are given, none where None is."""
    at = int(now().timestamp())
    all_claims = {"iss": ISSUER, "aud": CLIENT, "sub": "ann", "nonce": NONCE, "iat": at, "exp": at + 60, "sid": "s1"}
    return {name: value for name, value in {**all_claims, **different}.items() if value is not None}


def signed(
    content: Mapping[str, Any], kind: str = "RSA", algorithm: str = "RS256", name: str = "k1", **header: Any
) -> str:
    return str(jwt.encode(dict(content), private(kind), algorithm, headers={"kid": name, **header}))


def read(token: str, *keys: dict[str, Any]) -> dict[str, Any] | None:
    return tokens.foreign_claims(token, keys or [published()], ISSUER, CLIENT)


def part(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(("kind", "algorithm"), [("RSA", "RS256"), ("EC", "ES256")])
def test_a_token_of_the_issuer_is_believed(kind: str, algorithm: str) -> None:
    content = claims()  # once: the clock may go on while a key is made
    assert read(signed(content, kind, algorithm), published("P-384", "other"), published(kind)) == content
    assert tokens.key_name(signed(claims(), name="k7")) == "k7"


@pytest.mark.parametrize(
    "different",
    [
        {"iss": "https://issuer.example/realms/other"},
        {"iss": ISSUER + "/"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": None},
        {"exp": 1_000_000},
        {"exp": None},
        {"iat": None},
        {"iat": "today"},
        {"nbf": 4_000_000_000},
        {"sub": 7},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_or_not_of_now_is_refused(different: dict[str, Any]) -> None:
    assert read(signed(claims(**different))) is None


def test_a_clock_may_be_a_little_off_and_no_more() -> None:
    at = int(now().timestamp())
    assert read(signed(claims(exp=at - tokens.SKEW + 5)))
    assert read(signed(claims(exp=at - tokens.SKEW - 5))) is None


def test_without_a_signature_nothing_is_believed() -> None:
    whole = signed(claims())
    head, body, signature = whole.split(".")
    for header in (
        {"alg": "none", "kid": "k1"},
        {"alg": "None", "kid": "k1"},
        {"kid": "k1"},
        {"alg": None, "kid": "k1"},
    ):
        for rest in ("", signature):
            assert read(f"{part(header)}.{body}.{rest}") is None
    assert read(f"{head}.{body}.") is None and read(f"{head}.{body}.{signature[:-4]}AAAA") is None
    assert read(f"{head}.{part(claims(sub='eve'))}.{signature}") is None


def test_a_public_key_is_no_shared_secret() -> None:
    """The oldest of attacks: sign by HS256 with what everybody has."""
    import hashlib
    import hmac

    jwks = json.dumps(published()).encode()
    for secret in (public("RSA").encode(), public("RSA").strip().encode(), jwks, published()["n"].encode()):
        for header in ({"alg": "HS256", "kid": "k1", "typ": "JWT"}, {"alg": "HS512", "kid": "k1"}):
            body = f"{part(header)}.{part(claims())}"
            digest = hmac.new(secret, body.encode(), hashlib.sha256 if header["alg"] == "HS256" else hashlib.sha512)
            token = f"{body}.{base64.urlsafe_b64encode(digest.digest()).rstrip(b'=').decode()}"
            octets = {"kty": "oct", "kid": "k1", "k": part({}), "alg": header["alg"]}
            assert read(token) is None and read(token, {**published(), "alg": header["alg"]}) is None
            assert read(token, octets) is None


@pytest.mark.parametrize("algorithm", ["RS384", "RS512"])
def test_another_algorithm_of_the_same_key_is_refused(algorithm: str) -> None:
    assert read(signed(claims(), algorithm=algorithm)) is None


@pytest.mark.parametrize(
    "published_key",
    [
        {**published(), "use": "enc"},
        {**published(), "alg": "RSA-OAEP"},
        {**published(), "kty": "EC"},
        {**published(), "kid": "k2"},
        {**published(), "n": "AQAB"},
        {"kid": "k1"},
        {"kid": "k1", "kty": "RSA"},
        published("EC"),
    ],
    ids=range(8),
)
def test_a_key_that_is_for_something_else_proves_nothing(published_key: dict[str, Any]) -> None:
    assert read(signed(claims()), published_key) is None


def test_another_ones_key_and_a_weak_one_prove_nothing() -> None:
    assert read(signed(claims(), "weak"), published("weak")) is None
    assert read(signed(claims(), "EC", "ES256"), published()) is None
    assert read(signed(claims(), "P-384", "ES384"), published("P-384")) is None


def test_a_key_that_comes_with_the_token_is_not_looked_at() -> None:
    for header in ({"jwk": published("weak")}, {"jku": "https://evil.example/keys"}, {"x5u": "https://evil.example"}):
        assert read(signed(claims(), "weak", **header)) is None
    assert read(signed(claims(), crit=["exp"])) is None
    assert read(signed(claims(), typ="at+jwt")) is None


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "a" * 20_001, "é.é.é", f"{part({'kid': 7})}.e30.e30", "e30.e30.e30"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert tokens.key_name(token) == "" and read(token) is None


def identity(**different: Any) -> Identity | None:
    return issuer_claims.identity(claims(**different), NONCE, CLIENT, FACTORS)


def test_an_id_token_says_who_and_by_how_much() -> None:
    assert identity() == Identity(ISSUER, "ann", "s1", False)
    assert identity(sid=None) == Identity(ISSUER, "ann", "", False)
    assert identity(aud=[CLIENT]) == identity(azp=CLIENT) == identity(aud=[CLIENT, "b"], azp=CLIENT) == identity()


@pytest.mark.parametrize(
    ("different", "second_factor"),
    [
        ({"acr": "gold"}, True),
        ({"acr": "silver"}, False),
        ({"acr": ["gold"]}, False),
        ({"amr": ["pwd", "otp"]}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "otp"}, False),
        ({"amr": [{}, None, 7, ["otp"]]}, False),
    ],
    ids=str,
)
def test_a_second_factor_is_what_the_operator_calls_one(different: dict[str, Any], second_factor: bool) -> None:
    identified = identity(**different)
    assert identified and identified.second_factor is second_factor
    plain = issuer_claims.identity(claims(**different), NONCE, CLIENT, SecondFactors())
    assert plain and not plain.second_factor


@pytest.mark.parametrize(
    "different",
    [
        {"nonce": None},
        {"nonce": "of another sign-in"},
        {"nonce": NONCE + "x"},
        {"nonce": 7},
        {"nonce": "\ud800"},
        {"azp": "another"},
        {"azp": None, "aud": [CLIENT, "another"]},
        {"azp": "another", "aud": [CLIENT, "another"]},
        {"sub": None},
        {"sub": ""},
        {"sub": "a" * 256},
        {"sub": "\ud800"},
        {"sub": "a\x00"},
        {"sid": "s" * 256},
        {"sid": 7},
        {"iat": 1_000_000},
        {"iat": 4_000_000_000},
        {"events": {LOGOUT: {}}},
    ],
    ids=range(18),
)
def test_an_id_token_of_another_sign_in_or_client_is_none(different: dict[str, Any]) -> None:
    assert identity(**different) is None


def logout(**different: Any) -> Logout | None:
    return issuer_claims.logout(claims(**{"nonce": None, "jti": "j1", "events": {LOGOUT: {}}, **different}))


def test_a_logout_token_says_what_is_over() -> None:
    assert logout() == Logout(ISSUER, "ann", "s1", "j1")
    assert logout(sid=None) == Logout(ISSUER, "ann", "", "j1")
    assert logout(sub=None) == Logout(ISSUER, "", "s1", "j1")


@pytest.mark.parametrize(
    "different",
    [
        {"nonce": NONCE},
        {"events": None},
        {"events": {}},
        {"events": {LOGOUT: True}},
        {"events": [LOGOUT]},
        {"jti": None},
        {"jti": ""},
        {"sub": None, "sid": None},
        {"sub": 7},
        {"sid": ["s1"]},
        {"iat": 1_000_000},
    ],
    ids=range(11),
)
def test_what_is_no_logout_token_ends_nothing(different: dict[str, Any]) -> None:
    assert logout(**different) is None
