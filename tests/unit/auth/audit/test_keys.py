"""Secrets open with the auditor's private key alone and tell no exact length; keys of another kind are refused."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.audit import keys as sealing
from auth.audit.keys import AuditKeyError, Opener, Sealer


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sealer, Opener]:
    return key_pair(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sealer, Opener]:
    return key_pair(tmp_path_factory.mktemp("keys"))


def key_pair(folder: Path) -> tuple[Sealer, Opener]:
    sealing.make_auditor_key(folder / "a.key")
    return sealing.load_sealer(folder / "a.key.pub"), sealing.load_opener(folder / "a.key")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(texts)
def test_what_is_sealed_opens_as_it_was(pair: tuple[Sealer, Opener], secret: str) -> None:
    sealer, opener = pair
    sealed = sealer.seal(secret)
    assert opener.open(sealed) == secret
    assert sealed.isascii() and sealed.startswith(sealer.key_id + ".")
    assert sealer.seal(secret) != sealed  # the same words look different each time


def test_half_a_character_is_kept_as_a_question_mark(pair: tuple[Sealer, Opener]) -> None:
    assert pair[1].open(pair[0].seal("a\ud800b")) == "a?b"


@given(texts)
def test_nothing_of_the_text_is_seen_in_what_is_sealed(pair: tuple[Sealer, Opener], secret: str) -> None:
    kept = base64.b64decode(pair[0].seal(secret).partition(".")[2])
    assert len(secret.encode()) < 4 or secret.encode() not in kept


def test_the_length_is_told_in_steps_of_128_bytes(pair: tuple[Sealer, Opener]) -> None:
    lengths = {size: len(base64.b64decode(pair[0].seal("x" * size).partition(".")[2])) for size in range(400)}
    assert {lengths[size] for size in range(1, 125)} == {128 + 32 + 16}
    assert {lengths[size] for size in range(125, 253)} == {256 + 32 + 16}
    assert {lengths[size] for size in range(253, 381)} == {384 + 32 + 16}


def test_another_key_does_not_open_it(pair: tuple[Sealer, Opener], stranger: tuple[Sealer, Opener]) -> None:
    assert pair[0].key_id == pair[1].key_id != stranger[0].key_id
    sealed = pair[0].seal("query")
    assert stranger[1].open(sealed) is None
    lying = stranger[1].key_id + sealed[16:]
    with pytest.raises(AuditKeyError, match="changed since"):
        stranger[1].open(lying)


@given(st.data())
def test_a_byte_changed_anywhere_is_found(pair: tuple[Sealer, Opener], data: st.DataObject) -> None:
    name, _, text = pair[0].seal("query").partition(".")
    kept = bytearray(base64.b64decode(text))
    kept[data.draw(st.integers(0, len(kept) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(AuditKeyError, match="changed since"):
        pair[1].open(f"{name}.{base64.b64encode(kept).decode()}")


@pytest.mark.parametrize("rest", ["", ".", ".!!!!", ".AAAA", ".кракозябра"])
def test_what_was_never_sealed_is_refused(pair: tuple[Sealer, Opener], rest: str) -> None:
    with pytest.raises(AuditKeyError, match="changed since"):
        pair[1].open(pair[1].key_id + rest)


def test_no_key_is_shown_by_what_holds_it(pair: tuple[Sealer, Opener], tmp_path: Path) -> None:
    sealing.make_signing_key(tmp_path / "s")
    for value in (*pair, sealing.load_signing_key(tmp_path / "s")):
        assert "Key object" not in repr(value) and "PRIVATE" not in repr(value)


# -- Key files


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_private_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    name = sealing.make_auditor_key(tmp_path / "a.key")
    sealing.make_signing_key(tmp_path / "s.key")
    assert mode(tmp_path / "a.key") == mode(tmp_path / "s.key") == 0o600
    assert b"PRIVATE KEY" in (tmp_path / "a.key").read_bytes()
    assert b"BEGIN PUBLIC KEY" in (tmp_path / "a.key.pub").read_bytes()
    assert name == sealing.load_sealer(tmp_path / "a.key.pub").key_id
    assert len(name) == 16 and int(name, 16) >= 0


@pytest.mark.parametrize("there", ["a.key", "a.key.pub"])
def test_no_key_is_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("precious")
    with pytest.raises(FileExistsError):
        sealing.make_auditor_key(tmp_path / "a.key")
    assert (tmp_path / there).read_text() == "precious"
    assert [file.name for file in tmp_path.iterdir()] == [there]


def test_a_signing_key_is_not_overwritten(tmp_path: Path) -> None:
    sealing.make_signing_key(tmp_path / "s.key")
    with pytest.raises(FileExistsError):
        sealing.make_signing_key(tmp_path / "s.key")


@pytest.mark.parametrize("load", [sealing.load_opener, sealing.load_signing_key])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\x00", "public", "other"])
def test_what_is_no_private_key_of_that_kind_is_refused(tmp_path: Path, load, content: bytes | str) -> None:
    sealing.make_auditor_key(tmp_path / "a.key")
    sealing.make_signing_key(tmp_path / "s.key")
    other = "s.key" if load is sealing.load_opener else "a.key"
    named = {"public": "a.key.pub", "other": other}
    path = tmp_path / "tried"
    path.write_bytes(content if isinstance(content, bytes) else (tmp_path / named[content]).read_bytes())
    path.chmod(0o600)
    with pytest.raises(AuditKeyError, match=r"holds (no private|another kind of) key"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\x00", "private"])
def test_what_is_no_public_key_of_an_auditor_is_refused(tmp_path: Path, content: bytes | str) -> None:
    sealing.make_auditor_key(tmp_path / "a.key")
    path = tmp_path / "tried"
    path.write_bytes(content if isinstance(content, bytes) else (tmp_path / "a.key").read_bytes())
    with pytest.raises(AuditKeyError, match=r"\.pub"):
        sealing.load_sealer(path)


def test_a_public_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    text = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8032, test 1, as PEM
    (tmp_path / "k.pub").write_text(f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n")
    with pytest.raises(AuditKeyError, match="another kind of key"):
        sealing.load_sealer(tmp_path / "k.pub")


@pytest.mark.parametrize("load", [sealing.load_sealer, sealing.load_opener, sealing.load_signing_key])
def test_a_key_that_is_not_there_is_named(tmp_path: Path, load) -> None:
    with pytest.raises(AuditKeyError, match="absent"):
        load(tmp_path / "absent")


@pytest.mark.parametrize("rights", [0o640, 0o604, 0o660])
@pytest.mark.parametrize("name", ["a.key", "s.key"])
def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path, name: str, rights: int) -> None:
    sealing.make_auditor_key(tmp_path / "a.key")
    sealing.make_signing_key(tmp_path / "s.key")
    (tmp_path / name).chmod(rights)
    load = sealing.load_opener if name == "a.key" else sealing.load_signing_key
    with pytest.raises(AuditKeyError, match="chmod 600"):
        load(tmp_path / name)


def test_a_key_is_installed_whole_and_replaces_another(tmp_path: Path) -> None:
    for name in ("one", "two"):
        sealing.make_auditor_key(tmp_path / name)
        (tmp_path / "into.pub.new").write_text("left behind")
        sealer = sealing.load_sealer(tmp_path / f"{name}.pub")
        sealing.install(sealer, tmp_path / "into.pub")
        assert sealing.load_sealer(tmp_path / "into.pub") == sealer == sealing.load_sealer(tmp_path / f"{name}.pub")
        assert not (tmp_path / "into.pub.new").exists()
    assert b"PRIVATE" not in (tmp_path / "into.pub").read_bytes()
    assert sealing.load_sealer(tmp_path / "into.pub").key_id == sealing.load_opener(tmp_path / "two").key_id


def test_a_signature_is_of_one_key_and_one_message(tmp_path: Path) -> None:
    for name in ("one", "two"):
        sealing.make_signing_key(tmp_path / name)
    one, two = (sealing.load_signing_key(tmp_path / name) for name in ("one", "two"))
    signature = one.sign(b"message")
    assert sealing.is_signed(one.public, b"message", signature)
    assert not sealing.is_signed(one.public, b"massage", signature)
    assert not sealing.is_signed(two.public, b"message", signature)
    for key, text in ((one.public, ""), (one.public, "zz"), ("", signature), (one.public[:-2], signature)):
        assert not sealing.is_signed(key, b"message", text)
