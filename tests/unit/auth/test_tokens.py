"""A token is ours, whole and in time, or it stands for nobody; and it says who somebody is, never what they may do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path

import pytest
from cast import PASSWORD, agency, client, person, principal
from hypothesis import given
from hypothesis import strategies as st
from jose import jws, jwt
from sqlalchemy import select

from auth import people, signin
from auth.database import now
from auth.tables import GrantRow, PersonRow, SessionRow
from auth.tokens import LONGEST, Claims, KeyFileError, Signer, load_key
from services.parts import Parts

KEY = hashlib.sha256(b"ours").hexdigest()
OTHER_KEY = hashlib.sha256(b"theirs").hexdigest()
SIGNER = Signer(KEY)
CLAIMS = ("sub", "jti", "iat", "exp", "iss", "aud")


def claims(**changed):
    """The claims of a good token; None takes a claim away."""
    moment = now()
    good = {
        "sub": "person",
        "jti": "session",
        "iat": moment,
        "exp": moment + timedelta(hours=1),
        "iss": "tolmach",
        "aud": "tolmach",
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def signed(key=KEY, algorithm="HS256", headers=None, **changed):
    return jwt.encode(claims(**changed), key, algorithm=algorithm, headers=headers)


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_our_own_token_is_read() -> None:
    assert SIGNER.read(signed()) == Claims("person", "session")
    issued = now()
    assert SIGNER.read(SIGNER.token("p", "s", issued, issued + timedelta(minutes=1))) == Claims("p", "s")


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_token_that_lacks_a_claim_is_refused(claim: str) -> None:
    assert SIGNER.read(signed(**{claim: None})) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody"},
        {"iss": "Tolmach"},
        {"iss": ["tolmach", "somebody"], "aud": "x"},
        {"aud": "somebody"},
        {"aud": []},
        {"aud": ""},
        {"sub": 5},
        {"sub": ["person"]},
        {"jti": 5},
        {"jti": {}},
        {"exp": "tomorrow"},
        {"exp": []},
        {"exp": 0},
        {"exp": -1},
        {"iat": "yesterday"},
        {"iat": []},
        {"nbf": 2**40},
    ],
    ids=str,
)
def test_a_claim_of_another_value_is_refused(changed: dict) -> None:
    assert SIGNER.read(signed(**changed)) is None


@pytest.mark.parametrize("ago", [1, 60, 86_400])
def test_a_token_is_over_at_its_end_without_grace(ago: int) -> None:
    assert SIGNER.read(signed(exp=now() - timedelta(seconds=ago))) is None


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_with_the_same_key_is_refused(algorithm: str) -> None:
    assert SIGNER.read(signed(algorithm=algorithm)) is None


@pytest.mark.parametrize("none", ["none", "None", "NONE", "nOnE", "", None, 0, [], "RS256", "ES256", "dir"])
@pytest.mark.parametrize("keeps_signature", [False, True])
def test_a_header_that_names_another_algorithm_is_refused(none, keeps_signature: bool) -> None:
    _, body, signature = signed().split(".")
    header = b64(json.dumps({"alg": none, "typ": "JWT"}).encode())
    assert SIGNER.read(f"{header}.{body}.{signature if keeps_signature else ''}") is None


@pytest.mark.parametrize("key", [OTHER_KEY, KEY[:-1], KEY.upper(), KEY + "0", " ", "tolmach", bytes.fromhex(KEY)])
def test_another_key_is_refused(key) -> None:
    assert SIGNER.read(jws.sign(_timestamps(claims()), KEY, algorithm="HS256")) is not None
    assert SIGNER.read(jws.sign(_timestamps(claims()), key, algorithm="HS256")) is None


def _timestamps(values: dict) -> dict:
    return {name: int(v.timestamp()) if hasattr(v, "timestamp") else v for name, v in values.items()}


@pytest.mark.parametrize(
    "extra",
    [
        {"kid": "1"},
        {"kid": "../../dev/null"},
        {"jku": "https://example.org/keys"},
        {"jwk": {"kty": "oct", "k": b64(KEY.encode())}},
        {"x5u": "https://example.org/cert"},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"enc": "A256GCM"},
    ],
    ids=str,
)
def test_a_header_with_another_field_is_refused_though_the_signature_is_right(extra: dict) -> None:
    assert SIGNER.read(signed(headers=extra)) is None


def test_a_header_without_a_type_is_refused() -> None:
    body = signed().split(".")[1]
    text = f"{b64(json.dumps({'alg': 'HS256'}).encode())}.{body}"
    signature = b64(hmac.new(KEY.encode(), text.encode(), hashlib.sha256).digest())
    assert SIGNER.read(f"{text}.{signature}") is None


@pytest.mark.parametrize("part", range(3))
def test_a_token_changed_anywhere_is_refused(part: int) -> None:
    parts = signed().split(".")
    for at in range(len(parts[part]) - 1):  # the last character may hold bits that say nothing
        letter = "A" if parts[part][at] != "A" else "B"
        changed = [*parts[:part], parts[part][:at] + letter + parts[part][at + 1 :], *parts[part + 1 :]]
        assert SIGNER.read(".".join(changed)) is None


def test_claims_of_one_token_under_the_signature_of_another_are_refused() -> None:
    one, other = signed().split("."), signed(sub="somebody else").split(".")
    assert SIGNER.read(".".join([one[0], other[1], one[2]])) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "\x00",
        "ё.ё.ё",
        "\udc80.a.b",
        " " + "a.b.c",
        b64(b"[]") + ".e30.AAAA",
        b64(b"null") + ".e30.AAAA",
        b64(b'{"alg":"HS256"') + ".e30.AAAA",
        b64(b"[" * 3_000) + ".e30.AAAA",
        b64(b'{"a":' * 600) + ".e30.AAAA",
        b64(b"\xff\xfe") + ".e30.AAAA",
        "{}",
        json.dumps({"payload": "e30", "signatures": []}),
    ],
    ids=lambda token: ascii(token[:20]),
)
def test_garbage_is_refused(token: str) -> None:
    assert SIGNER.read(token) is None


@given(st.text(max_size=200) | st.text(alphabet="abAB01-_.=", max_size=200))
def test_no_text_whatever_is_a_token_or_an_error(text: str) -> None:
    assert SIGNER.read(text) is None


def test_an_encrypted_token_is_refused() -> None:
    header = b64(json.dumps({"alg": "dir", "enc": "A256GCM"}).encode())
    assert SIGNER.read(f"{header}..{b64(b'0' * 12)}.{b64(b'0' * 50)}.{b64(b'0' * 16)}") is None


def test_a_token_longer_than_any_of_ours_is_refused_though_it_is_signed() -> None:
    token = signed(note="x" * LONGEST)
    assert len(token) > LONGEST
    assert SIGNER.read(token) is None
    assert SIGNER.read(signed(note="x" * 100)) is not None


def test_wycheproofs_tokens_are_not_ours(data: Path) -> None:
    groups = json.loads((data / "authz/wycheproof/json_web_signature_test.json").read_text("utf-8"))["testGroups"]
    tokens = [test["jws"] for group in groups for test in group["tests"] if isinstance(test["jws"], str)]
    assert len(tokens) > 50
    assert [token for token in tokens if SIGNER.read(token) is not None] == []


# -- The key


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_good_key_is_loaded(tmp_path: Path) -> None:
    assert load_key(write(tmp_path / "key", KEY + "\n")) == SIGNER


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o610, 0o666])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_key(write(tmp_path / "key", KEY, mode))


@pytest.mark.parametrize(
    "text",
    ["", KEY[:-2], KEY[:32], "0" * 64, "ab" * 32, "0123456789abcdef" * 2, "00010203040506" * 5],
)
def test_a_short_or_monotonous_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyFileError, match="weak"):
        load_key(write(tmp_path / "key", text))


@pytest.mark.parametrize("text", ["secret", KEY[:-1], "password" * 8, "ё" * 64])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyFileError, match="No signing key"):
        load_key(write(tmp_path / "key", text))


def test_a_missing_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="tolmach init"):
        load_key(tmp_path / "key")


def test_a_refusal_never_shows_the_key(tmp_path: Path) -> None:
    for text, mode in ((KEY, 0o644), (KEY[:-2], 0o600), (KEY[:-1], 0o600)):
        with pytest.raises(KeyFileError) as refusal:
            load_key(write(tmp_path / "key", text, mode))
        assert KEY[:8] not in str(refusal.value)


def test_the_key_is_not_shown_with_its_signer() -> None:
    assert KEY not in repr(SIGNER)


# -- Rights are looked up at each request


@pytest.fixture
def expert(parts: Parts) -> str:
    agency(parts, "A")
    return person(parts, "expert", "A", ["expert"])


def test_a_revoked_grant_is_gone_from_the_next_request_on(parts: Parts, expert: str) -> None:
    api = client(parts, "expert")
    assert api.get("/api/me").json()["actions"] == ["search", "read", "download"]
    assert api.post("/api/search", json={}).status_code == 200
    with parts.database.session() as session:
        session.delete(session.scalars(select(GrantRow).where(GrantRow.person == expert)).one())
    assert api.get("/api/me").json()["actions"] == []
    assert api.post("/api/search", json={}).status_code == 403


def test_a_new_grant_holds_from_the_next_request_on(parts: Parts, expert: str) -> None:
    api = client(parts, "expert")
    assert api.get("/api/documents").status_code == 403
    with parts.database.session() as session:
        people.add_grant(session, session.get_one(PersonRow, expert), people.Role.REGISTRAR, 10)
    assert api.get("/api/documents").status_code == 200


def test_disabling_a_person_ends_their_sessions_for_good(parts: Parts, expert: str) -> None:
    api = client(parts, "expert")
    assert api.get("/api/me").status_code == 200
    with parts.database.session() as session:
        people.disable(session, session.get_one(PersonRow, expert))
    assert api.get("/api/me").status_code == 401
    with parts.database.session() as session:
        session.get_one(PersonRow, expert).active = True
    assert api.get("/api/me").status_code == 401
    assert client(parts, "expert").get("/api/me").status_code == 200


def test_signing_out_ends_that_session_and_no_other(parts: Parts, expert: str) -> None:
    first, second = client(parts, "expert"), client(parts, "expert")
    assert first.delete("/api/session").status_code == 204
    assert first.get("/api/me").status_code == 401
    assert second.get("/api/me").status_code == 200


def test_a_session_is_over_when_the_database_says_so_whatever_the_token_says(parts: Parts, expert: str) -> None:
    api = client(parts, "expert")
    with parts.database.session() as session:
        session.scalars(select(SessionRow)).one().expires = now() - timedelta(seconds=1)
    assert api.get("/api/me").status_code == 401


def test_a_token_for_a_session_of_somebody_else_stands_for_nobody(parts: Parts, expert: str) -> None:
    other = person(parts, "other", "A", ["expert"])
    client(parts, "other")
    moment = now()
    with parts.database.reading() as session:
        theirs = session.scalars(select(SessionRow).where(SessionRow.person == other)).one()
        forged = parts.signer.token(expert, theirs.id, moment, moment + timedelta(hours=1))
        assert signin.present(session, parts.signer, forged) is None
        unknown = parts.signer.token(expert, "0" * 32, moment, moment + timedelta(hours=1))
        assert signin.present(session, parts.signer, unknown) is None


@pytest.mark.parametrize("scheme", ["", "Basic ", "Token ", "bearer:", "Bearer, "])
def test_only_a_bearer_token_is_looked_at(parts: Parts, expert: str, scheme: str) -> None:
    api = client(parts)
    token = api.post("/api/session", json={"username": "expert", "password": PASSWORD}).json()["token"]
    assert api.get("/api/me", headers={"Authorization": scheme + token}).status_code == 401
    assert api.get("/api/me", headers={"Authorization": "bearer " + token}).status_code == 200
    assert api.get(f"/api/me?access_token={token}").status_code == 401
    assert api.get("/api/me", headers={"Cookie": f"token={token}"}).status_code == 401


def test_the_token_holds_no_right_and_no_name(parts: Parts, expert: str) -> None:
    token = client(parts).post("/api/session", json={"username": "expert", "password": PASSWORD}).json()["token"]
    said = jwt.get_unverified_claims(token)
    assert set(said) == set(CLAIMS)
    assert said["sub"] == expert == principal(parts, "expert").person_id
