"""A token is ours, whole and in time, or it stands for nobody; and it says who somebody is, never what they may do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from factories import PASSWORD, agency, client, fresh, person, principal
from hypothesis import given
from hypothesis import strategies as st
from jose import jws, jwt
from sqlalchemy import select
from statements import statements

from auth import people
from auth.database import now
from auth.sessions import LIFETIME
from auth.signin import sign_in, token_keys, vault
from auth.signin.tokens import LONGEST, Claims, Key, Signer, SigningKeyError, rotated, signer_of, text_of
from auth.signin.vault import VaultError
from auth.tables import GrantRow, PersonRow, SessionRow, SharedRow
from services.components import Components
from services.setup import set_up

KEY = hashlib.sha256(b"ours").hexdigest()
SECRET = bytes.fromhex(KEY)
OTHER_KEY = hashlib.sha256(b"theirs").digest()
OURS = Key.of(SECRET)
SIGNER = Signer((OURS,))
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


def signed(key=SECRET, algorithm="HS256", headers=None, **changed):
    return jwt.encode(claims(**changed), key, algorithm=algorithm, headers={"kid": OURS.kid} | (headers or {}))


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
    header = b64(json.dumps({"alg": none, "kid": OURS.kid, "typ": "JWT"}).encode())
    assert SIGNER.read(f"{header}.{body}.{signature if keeps_signature else ''}") is None


@pytest.mark.parametrize("key", [OTHER_KEY, SECRET[:-1], KEY, KEY.upper(), SECRET + b"0", b" ", b"tolmach"])
def test_another_key_is_refused(key) -> None:
    header = {"kid": OURS.kid}
    assert SIGNER.read(jws.sign(_timestamps(claims()), SECRET, header, "HS256")) is not None
    assert SIGNER.read(jws.sign(_timestamps(claims()), key, header, "HS256")) is None


def _timestamps(values: dict) -> dict:
    return {name: int(v.timestamp()) if hasattr(v, "timestamp") else v for name, v in values.items()}


@pytest.mark.parametrize(
    "extra",
    [
        {"kid": "1"},
        {"kid": "../../dev/null"},
        {"kid": ""},
        {"kid": None},
        {"kid": [OURS.kid]},
        {"kid": {OURS.kid: 1}},
        {"kid": OURS.kid.upper()},
        {"kid": OURS.kid + " "},
        {"typ": "jwt"},
        {"typ": "at+jwt"},
        {"typ": None},
        {"jku": "https://example.org/keys"},
        {"jwk": {"kty": "oct", "k": b64(SECRET)}},
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
def test_a_header_with_another_field_or_value_is_refused_though_the_signature_is_right(extra: dict) -> None:
    assert SIGNER.read(signed(headers=extra)) is None


@pytest.mark.parametrize("lacking", ["alg", "typ", "kid", ""])
def test_a_header_that_lacks_a_field_is_refused(lacking: str) -> None:
    header = {"alg": "HS256", "kid": OURS.kid, "typ": "JWT"}
    header.pop(lacking, None)
    text = f"{b64(json.dumps(header).encode())}.{signed().split('.')[1]}"
    signature = b64(hmac.new(SECRET, text.encode(), hashlib.sha256).digest())
    assert (SIGNER.read(f"{text}.{signature}") is None) == bool(lacking)


@pytest.mark.parametrize("part", range(3))
def test_a_token_changed_anywhere_is_refused(part: int) -> None:
    components = signed().split(".")
    for at in range(len(components[part]) - (part == 1)):  # the claims' last character may hold bits that say nothing
        letter = "A" if components[part][at] != "A" else "B"
        changed = [
            *components[:part],
            components[part][:at] + letter + components[part][at + 1 :],
            *components[part + 1 :],
        ]
        assert SIGNER.read(".".join(changed)) is None


def test_claims_of_one_token_under_the_signature_of_another_are_refused() -> None:
    mine, other = signed().split("."), signed(sub="somebody else").split(".")
    assert SIGNER.read(".".join([mine[0], other[1], mine[2]])) is None


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


@pytest.mark.parametrize("more", [".e30", ".", "=", "==", " ", "\n", "\x00", "%3D", "+", "é"])
def test_a_token_with_more_around_it_is_refused(more: str) -> None:
    token = signed()
    assert SIGNER.read(token + more) is None
    assert SIGNER.read(more + token) is None
    assert SIGNER.read(token.replace(".", "." + more, 1)) is None


def test_the_signature_is_written_in_one_way_alone() -> None:
    token = signed()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert [letter for letter in letters if SIGNER.read(token[:-1] + letter)] == [token[-1]]


# -- The keys


def test_a_good_key_is_read() -> None:
    assert signer_of(KEY + "\n") == signer_of(f"{KEY}\n\n") == SIGNER


@pytest.mark.parametrize("moment", ["2026-11-24", "2026-11-24T10:00:00", "yesterday", "2026-11-24T10:00:00+00:00 x"])
def test_a_retired_key_without_a_whole_moment_is_refused(moment: str) -> None:
    with pytest.raises(SigningKeyError, match="no key"):
        signer_of(f"{KEY}\n{OTHER_KEY.hex()} {moment}\n")


@pytest.mark.parametrize(
    "lines", [["retired"], ["first", "first"], ["retired", "first"], ["first", "retired", "first"]]
)
def test_the_first_key_signs_and_the_others_are_retired_or_none_is_read(lines: list[str]) -> None:
    ends = {"first": "", "retired": f" {now().isoformat()}"}
    text = "\n".join(hashlib.sha256(str(at).encode()).hexdigest() + ends[line] for at, line in enumerate(lines))
    with pytest.raises(SigningKeyError, match="first key"):
        signer_of(text)


@pytest.mark.parametrize(
    "text",
    ["", KEY[:-2], KEY[:32], "0" * 64, "ab" * 32, "0123456789abcdef" * 2, "00010203040506" * 5],
)
def test_a_short_or_monotonous_key_is_refused(text: str) -> None:
    with pytest.raises(SigningKeyError, match="weak"):
        signer_of(text)


@pytest.mark.parametrize("text", ["secret", KEY[:-1], "password" * 8, "ё" * 64])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(SigningKeyError, match="no key"):
        signer_of(text)


def test_a_refusal_never_shows_the_key() -> None:
    for text in (KEY[:-2], KEY[:-1]):
        with pytest.raises(SigningKeyError) as refusal:
            signer_of(text)
        assert KEY[:8] not in str(refusal.value)


def test_the_key_is_not_shown_with_its_signer() -> None:
    assert KEY not in repr(SIGNER)
    assert repr(SECRET) not in repr(SIGNER)


# -- Rotation


def token_of(signer: Signer) -> str:
    return signer.token("p", "s", now(), now() + timedelta(hours=1))


def test_after_a_rotation_the_new_key_signs_and_the_old_one_is_still_believed() -> None:
    signer = rotated(SIGNER)
    before, after = token_of(SIGNER), token_of(signer)
    assert jwt.get_unverified_header(after)["kid"] == signer.keys[0].kid != OURS.kid
    assert signer.read(before) == signer.read(after) == Claims("p", "s")
    assert SIGNER.read(after) is None


def test_a_retired_key_is_believed_for_the_life_of_a_session_and_no_longer() -> None:
    new = Key.of(OTHER_KEY)
    for ago, believed in ((LIFETIME - timedelta(minutes=1), True), (LIFETIME, False), (timedelta(days=400), False)):
        ring = Signer((new, Key.of(SECRET, now() - ago)))
        assert (ring.read(signed()) is not None) == believed


def test_a_key_does_not_stand_in_for_another_of_the_ring() -> None:
    ring = Signer((Key.of(OTHER_KEY), Key.of(SECRET, now())))
    assert ring.read(signed()) is not None
    assert ring.read(signed(headers={"kid": Key.of(OTHER_KEY).kid})) is None


def test_those_alone_are_kept_that_are_not_over() -> None:
    over, retired = (hashlib.sha256(name).digest() for name in (b"over", b"retired"))
    ring = Signer((OURS, Key.of(retired, now() - LIFETIME / 2), Key.of(over, now() - LIFETIME)))
    again = signer_of(text_of(rotated(ring)))
    assert [key.kid for key in again.keys[1:]] == [OURS.kid, Key.of(retired).kid]


def kept(components: Components) -> str:
    """What the database has of the keys."""
    with components.database.reading() as session:
        return session.get_one(SharedRow, token_keys.NAME).value


def test_the_keys_lie_in_the_database_sealed(components: Components) -> None:
    key = components.signer.keys[0]
    assert vault.is_sealed(kept(components)) and key.secret.hex() not in kept(components)
    assert not (components.home.keys / "token.key").exists()


def test_many_rotations_at_once_lose_no_key(database_url: str, tmp_path: Path) -> None:
    components = fresh(tmp_path / "home", database_url=database_url)
    before = components.signer.keys[0].kid
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: components.token_keys.rotate(components.database), range(16)))
    assert {key.kid for key in components.signer.keys} == {before} | {key.kid for key in made}
    components.close()


def test_the_keys_are_opened_anew_when_they_were_changed_and_not_before(components: Components) -> None:
    first = components.signer
    assert components.signer is first
    components.token_keys.rotate(components.database)
    assert components.signer is not first and components.signer.read(token_of(first)) is not None


def test_the_file_of_an_earlier_version_is_taken_over_and_deleted(components: Components) -> None:
    with components.database.session() as session:
        session.delete(session.get_one(SharedRow, token_keys.NAME))
    components.home.earlier_token_key.write_text(KEY)
    set_up(components.settings)
    assert components.signer == SIGNER
    assert not components.home.earlier_token_key.exists()


def test_keys_that_do_not_open_are_made_anew_by_init(components: Components) -> None:
    before = components.signer
    with components.database.session() as session:
        session.get_one(SharedRow, token_keys.NAME).value = "sealed1.AAAA"
    with pytest.raises(VaultError):
        _ = components.signer
    set_up(components.settings)
    assert components.signer.read(token_of(before)) is None


def test_a_running_server_follows_a_rotation(components: Components) -> None:
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    api = client(components, "ann")
    new = components.token_keys.rotate(components.database)
    assert api.get("/api/me").status_code == 200
    token = client(components).post("/api/session", json={"username": "ann", "password": PASSWORD}).json()["token"]
    assert jwt.get_unverified_header(token)["kid"] == new.kid
    components.token_keys.rotate(components.database, sign_out=True)
    assert api.get("/api/me").status_code == 401
    with components.database.session() as session:
        session.get_one(SharedRow, token_keys.NAME).value = ""
    assert client(components).get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code == 503


def test_what_another_host_did_to_the_keys_holds_at_the_next_request(components: Components) -> None:
    agency(components, "A")
    person(components, "ann", "A", ["expert"])
    api = client(components, "ann")
    assert api.get("/api/me").status_code == 200
    elsewhere = Components(components.settings)
    elsewhere.token_keys.rotate(components.database)
    with statements(components) as asked:
        assert api.get("/api/me").status_code == 200  # by a retired key, in the row that was read with the session
    assert len([text for text, _ in asked if "shared" in text]) == 1
    elsewhere.token_keys.rotate(components.database, sign_out=True)
    assert api.get("/api/me").status_code == 401
    elsewhere.token_keys.rotate(components.database)
    api.headers["Authorization"] = client(elsewhere, "ann").headers["Authorization"]
    assert api.get("/api/me").status_code == 200  # by a key that this host had not seen
    elsewhere.close()


# -- Rights are looked up at each request


@pytest.fixture
def expert(components: Components) -> str:
    agency(components, "A")
    return person(components, "expert", "A", ["expert"])


def test_a_revoked_grant_is_gone_from_the_next_request_on(components: Components, expert: str) -> None:
    api = client(components, "expert")
    assert api.get("/api/me").json()["actions"] == ["search", "read", "download", "enquire"]
    assert api.post("/api/search", json={}).status_code == 200
    with components.database.session() as session:
        session.delete(session.scalars(select(GrantRow).where(GrantRow.person == expert)).one())
    assert api.get("/api/me").json()["actions"] == []
    assert api.post("/api/search", json={}).status_code == 403


def test_a_new_grant_holds_from_the_next_request_on(components: Components, expert: str) -> None:
    api = client(components, "expert")
    assert api.get("/api/documents").status_code == 403
    with components.database.session() as session:
        people.add_grant(session, session.get_one(PersonRow, expert), people.Role.REGISTRAR, 10)
    assert api.get("/api/documents").status_code == 200


def test_disabling_a_person_ends_their_sessions_for_good(components: Components, expert: str) -> None:
    api = client(components, "expert")
    assert api.get("/api/me").status_code == 200
    with components.database.session() as session:
        people.disable(session, session.get_one(PersonRow, expert))
    assert api.get("/api/me").status_code == 401
    with components.database.session() as session:
        session.get_one(PersonRow, expert).active = True
    assert api.get("/api/me").status_code == 401
    assert client(components, "expert").get("/api/me").status_code == 200


def test_signing_out_ends_that_session_and_no_other(components: Components, expert: str) -> None:
    first, second = client(components, "expert"), client(components, "expert")
    assert first.delete("/api/session").status_code == 204
    assert first.get("/api/me").status_code == 401
    assert second.get("/api/me").status_code == 200


def test_a_session_is_over_when_the_database_says_so_whatever_the_token_says(
    components: Components, expert: str
) -> None:
    api = client(components, "expert")
    with components.database.session() as session:
        session.scalars(select(SessionRow)).one().expires = now() - timedelta(seconds=1)
    assert api.get("/api/me").status_code == 401


def test_a_token_for_a_session_of_somebody_else_stands_for_nobody(components: Components, expert: str) -> None:
    other = person(components, "other", "A", ["expert"])
    client(components, "other")
    moment = now()
    with components.database.reading() as session:
        theirs = session.scalars(select(SessionRow).where(SessionRow.person == other)).one()
        forged = components.signer.token(expert, theirs.id, moment, moment + timedelta(hours=1))
        assert sign_in.authenticate(session, components.token_keys, forged) is None
        unknown = components.signer.token(expert, "0" * 32, moment, moment + timedelta(hours=1))
        assert sign_in.authenticate(session, components.token_keys, unknown) is None


@pytest.mark.parametrize("scheme", ["", "Basic ", "Token ", "bearer:", "Bearer, "])
def test_only_a_bearer_token_is_looked_at(components: Components, expert: str, scheme: str) -> None:
    api = client(components)
    token = api.post("/api/session", json={"username": "expert", "password": PASSWORD}).json()["token"]
    assert api.get("/api/me", headers={"Authorization": scheme + token}).status_code == 401
    assert api.get("/api/me", headers={"Authorization": "bearer " + token}).status_code == 200
    assert api.get(f"/api/me?access_token={token}").status_code == 401
    assert api.get("/api/me", headers={"Cookie": f"token={token}"}).status_code == 401


def test_the_token_holds_no_right_and_no_name(components: Components, expert: str) -> None:
    token = client(components).post("/api/session", json={"username": "expert", "password": PASSWORD}).json()["token"]
    said = jwt.get_unverified_claims(token)
    assert set(said) == set(CLAIMS)
    assert said["sub"] == expert == principal(components, "expert").person_id
