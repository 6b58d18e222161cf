"""The stand-alone script: Ed25519 as RFC 8032 has it, an export proven by bare Python, plain words and exit codes."""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trails import event, trail_of

from auth.audit import export as exporting
from auth.audit import keys as sealing
from auth.audit.checkpoints import signed
from auth.audit.keeping.trail_file import TrailFile
from auth.audit.trail import Trail
from deploy import verify_audit
from deploy.verify_audit import ORDER, BrokenError, is_signed, point, verify

SCRIPT = Path(verify_audit.__file__)

# RFC 8032, section 7.1: public key, message, signature
RFC_8032 = {
    "TEST 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
vectors = pytest.mark.parametrize("name", RFC_8032)


@vectors
def test_the_vectors_of_rfc_8032_hold(name: str) -> None:
    key, message, signature = RFC_8032[name]
    assert is_signed(bytes.fromhex(key), bytes.fromhex(message), signature)


@vectors
def test_a_bit_changed_anywhere_makes_them_fail(name: str) -> None:
    key, message, signature = (bytearray.fromhex(text) for text in RFC_8032[name])
    for part in (key, message, signature):
        for at in range(0, len(part), 7):
            part[at] ^= 4
            assert not is_signed(bytes(key), bytes(message), signature.hex())
            part[at] ^= 4
    assert not is_signed(bytes(key), bytes(message) + b"\0", signature.hex())


@vectors
def test_a_signature_has_one_form(name: str) -> None:
    """The scalar below the order, the point in canonical form: else there were two signatures for one message."""
    key, message, signature = RFC_8032[name]
    commitment, scalar = signature[:64], int.from_bytes(bytes.fromhex(signature[64:]), "little")
    twin = commitment + (scalar + ORDER).to_bytes(32, "little").hex()
    for other in (twin, signature.upper() + "", signature + "00", signature[:-2], "", "zz" * 64):
        if other != signature:
            assert not is_signed(bytes.fromhex(key), bytes.fromhex(message), other)


def test_what_encodes_no_point_is_no_key() -> None:
    assert point((1).to_bytes(32, "little")) is not None  # the neutral one
    assert point((2**255 - 19 + 1).to_bytes(32, "little")) is None  # the same, not canonical
    assert point((1 | 1 << 255).to_bytes(32, "little")) is None  # minus nought
    assert point((2).to_bytes(32, "little")) is None  # not on the curve
    assert point(b"") is None and point(bytes(33)) is None


@given(st.binary(max_size=200))
def test_it_agrees_with_the_library_that_signs(tmp_path_factory: pytest.TempPathFactory, message: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "signing.key"
    if not path.exists():
        sealing.make_signing_key(path)
    key = sealing.load_signing_key(path)
    assert is_signed(bytes.fromhex(key.public), message, key.sign(message))
    assert not is_signed(bytes.fromhex(key.public), message + b".", key.sign(message))


# -- An export


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trail of twelve entries, its export, and checkpoints kept after the fourth and the twelfth."""
    root = tmp_path_factory.mktemp("verify")
    trail = trail_of(root, 4, auditor=True)
    (root / "early").write_text(trail.checkpoint().as_line() + "\n")
    for number in range(4, 12):
        trail.record(event(number))
    exporting.export(trail, root / "export")
    late = trail.checkpoint()
    (root / "late").write_text(late.as_line())
    first = next(iter(trail.entries()))
    trail.record(event(12))
    (root / "beyond").write_text(trail.checkpoint().as_line())
    exporting.export(trail, root / "later")
    (root / "key").write_text(late.key)
    (root / "other").write_text(signed(_stranger(root), first.number, first.digest, first.at).as_line())
    return root


def _stranger(root: Path) -> sealing.SigningKey:
    sealing.make_signing_key(root / "stranger.key")
    return sealing.load_signing_key(root / "stranger.key")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_bare_python_proves_an_export(folder: Path) -> None:
    key = (folder / "key").read_text()
    done = run(folder, "export")
    assert (done.returncode, done.stderr) == (0, "")
    assert "whole up to entry 12" in done.stdout
    assert f"{key}: compare it with what you were told." in done.stdout
    for kept in (["early"], ["late"], ["early", "late"], ["export"]):
        options = [part for name in kept for part in ("--checkpoint", name)]
        done = run(folder, "export", "--key", key, *options)
        assert (done.returncode, done.stdout.count("compare")) == (0, 0)


def test_what_is_wrong_is_one_plain_line(folder: Path) -> None:
    says = {
        ("export", "--key", "00" * 32): "names another key",
        ("export", "--checkpoint", "other"): "signed with another key",
        ("export", "--checkpoint", "beyond"): "is of entry 13, and the export ends with 12",
        ("export", "--checkpoint", "key"): "cannot be read",
        ("early",): "other fields",
        ("absent",): "No such file",
        ("stranger.key",): "cannot be read",
    }
    for arguments, words in says.items():
        done = run(folder, *arguments)
        assert (done.returncode, done.stdout) == (1, ""), arguments
        assert done.stderr.startswith("BROKEN: ") and words in done.stderr
        assert done.stderr.count("\n") == 1
    assert run(folder).returncode == 2


def test_it_imports_nothing_but_the_standard_library() -> None:
    imported = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert {name.split(".")[0] for name in imported} <= set(sys.stdlib_module_names)


def test_an_export_of_a_time_begins_where_it_says(folder: Path, tmp_path: Path) -> None:
    trail = Trail(TrailFile(folder / "audit.sqlite"), folder / "keys")
    moments = [datetime.fromisoformat(entry.at) for entry in trail.entries()]
    exporting.export(trail, tmp_path / "part", moments[4], moments[9])
    assert verify(tmp_path / "part", [folder / "early"], "")["number"] == 9  # the fourth is named by the head
    head = json.loads((tmp_path / "part").read_text().split("\n")[0])
    assert head["first"] == 5
    exporting.export(trail, tmp_path / "late part", moments[6])
    with pytest.raises(BrokenError, match="from before this export begins"):
        verify(tmp_path / "late part", [folder / "early"], "")


def test_a_checkpoint_inside_is_compared_as_well(folder: Path) -> None:
    assert verify(folder / "later", [folder / "early", folder / "late", folder / "beyond"], "")["number"] == 13


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"format": "tolmach-audit-1"', '"format": "tolmach-audit-2"', "no export in the format"),
        ('"first": 1', '"first": 2', "broken at entry 2"),
        ('"first": 1', '"first": 0', "where the export begins"),
        ('"first": 1', '"first": true', "other fields"),
        ('"previous": "0', '"previous": "1', "where the export begins"),
        ('"number": 3,', '"number": 3.0,', "Entry 3 has other fields"),
        ('"actor": "bob"', '"actor": "eve"', "broken at entry 2"),
        ('"page": 3', '"page": 4', None),
        ('\\"total\\": 4', '\\"total\\": 5', "broken at entry 5"),
        ('"number": 5,', '"number": 5, "number": 5,', "other fields"),
        ('"actor": "ann"', '"actor": "\\ud800"', "broken at entry 1"),
    ],
)
def test_it_says_where_an_export_is_broken(folder: Path, tmp_path: Path, old: str, new: str, words: str | None) -> None:
    text = (folder / "export").read_text(encoding="utf-8")
    changed = text.replace(old, new, 1)
    assert (changed != text) == (words is not None)
    (tmp_path / "export").write_text(changed, encoding="utf-8")
    if words:
        with pytest.raises(BrokenError, match=words):
            verify(tmp_path / "export", [], "")


def test_a_file_of_anything_is_refused_in_words(folder: Path, tmp_path: Path) -> None:
    head = (folder / "export").read_text(encoding="utf-8").split("\n")[0]
    end = (folder / "late").read_text()
    for content in (
        b"",
        b"\n",
        b"\xff\xfe",
        b"[" * 100_000,
        head.encode(),
        f"{head}\n{end}".encode(),
        b'{"format": 1}',
    ):
        (tmp_path / "export").write_bytes(content)
        with pytest.raises(BrokenError):
            verify(tmp_path / "export", [], "")
