#!/usr/bin/env python3
"""Checks an export of the audit trail with nothing but Python. Refuses one that was changed in any place.

    python3 -I verify_audit.py EXPORT [--checkpoint FILE]... [--key KEY]

It needs Python 3.11 or newer, its standard library, and no other part of Tolmach. The entries must be one chain of
hashes from the head to the checkpoint at the end; that must be signed (Ed25519) with the key that the head names. An
earlier checkpoint that was kept elsewhere shows that nothing before it was rewritten. KEY is the service's public key,
64 hexadecimal digits, as it was told on another way: without it, compare the one that is printed. The exit code is 0
if all is well, 1 if not, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXPORT = "tolmach-audit-1"
CHECKPOINT = "tolmach-audit-checkpoint-1"
HAND_OVER = "audit_archive"
GENESIS = "0" * 64
HEAD = {"format": str, "first": int, "previous": str, "key": str}
TEXTS = ("at", "actor", "origin", "action", "object", "decision", "detail", "sealed", "digest")
ENTRY = {"number": int, **dict.fromkeys(TEXTS, str)}
SIGNED = {"format": str, "number": int, "digest": str, "at": str, "key": str, "signature": str}


class BrokenError(Exception):
    """The export is not what the service wrote, or not of the time it claims; the message says where."""


def verify(export: Path, kept: list[Path], key: str) -> dict[str, Any]:
    """Check everything; gives the last entry's checkpoint. Raises BrokenError and OSError."""
    wanted = [checkpoint(last_line(path), str(path)) for path in kept]
    lines = read(export)
    number, line = next(lines, (0, ""))
    head = fields(line, HEAD, "The first line")
    if head["format"] != EXPORT:
        raise BrokenError(f"This is no export in the format {EXPORT}.")
    first, previous = head["first"], head["previous"]
    if first < 1 or (first == 1 and previous != GENESIS):
        raise BrokenError("The head does not say rightly where the export begins.")
    if key and head["key"] != key:
        raise BrokenError(f"The head names another key: {head['key']}")
    digests = {first - 1: previous}
    at = {item["number"] for item in wanted}
    number, end = first - 1, ""
    for place, line in lines:
        if end:
            raise BrokenError(f"Line {place} comes after the checkpoint at the end.")
        if line.startswith('{"format"'):
            end = line
            continue
        number, previous = number + 1, follows(line, number + 1, previous)
        if number in at:
            digests[number] = previous
    compare(wanted, digests, number, head["key"])
    return closing(end, head, number, previous)


def follows(line: str, number: int, previous: str) -> str:
    """The digest of an entry that proves to follow on the one before."""
    entry = fields(line, ENTRY, f"Entry {number}")
    about = [entry["number"], *(entry[name] for name in TEXTS[:-2])]
    sealed = [entry["sealed"]] if entry["sealed"] else []
    text = json.dumps([*about, *sealed, previous], ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if entry["number"] != number or entry["digest"] != digest:
        raise BrokenError(f"The chain is broken at entry {number}.")
    if entry["action"] == HAND_OVER and entry["origin"] == "console":
        handed_over(entry, previous)
    return digest


def handed_over(entry: dict[str, Any], previous: str) -> None:
    """The first entry after an archive must name the end of that: the entry before it, signed."""
    number = entry["number"]
    try:
        end = {name: value for name, value in json.loads(entry["detail"]).items() if name in SIGNED}
    except (ValueError, AttributeError, RecursionError) as error:
        raise BrokenError(f"The hand-over at entry {number} cannot be read.") from error
    found = checkpoint(json.dumps({"format": CHECKPOINT} | end), f"the hand-over at entry {number}")
    if (found["number"], found["digest"]) != (number - 1, previous):
        raise BrokenError(f"The hand-over at entry {number} does not name the entry before it.")


def closing(line: str, head: dict[str, Any], number: int, digest: str) -> dict[str, Any]:
    """The checkpoint at the end, which must be of the last entry and signed with the head's key."""
    if not line:
        raise BrokenError("There is no checkpoint at the end: the export was cut off.")
    found = checkpoint(line, "the end")
    if number < head["first"]:
        raise BrokenError("There is no entry in it.")
    if (found["number"], found["digest"]) != (number, digest):
        raise BrokenError(f"The checkpoint at the end is not of the last entry, {number}.")
    if found["key"] != head["key"]:
        raise BrokenError(f"The checkpoint at the end is signed with another key: {found['key']}")
    return found


def compare(wanted: list[dict[str, Any]], digests: dict[int, str], last: int, key: str) -> None:
    """Earlier checkpoints must be of the same key, and say what the export says."""
    for item in wanted:
        number = item["number"]
        if item["key"] != key:
            raise BrokenError(f"The checkpoint kept of entry {number} is signed with another key: {item['key']}")
        if number > last:
            raise BrokenError(f"The checkpoint kept is of entry {number}, and the export ends with {last}.")
        if number not in digests:
            raise BrokenError(f"The checkpoint kept is of entry {number}, from before this export begins.")
        if digests[number] != item["digest"]:
            raise BrokenError(f"The checkpoint kept of entry {number} says otherwise: the trail was rewritten.")


def checkpoint(line: str, where: str) -> dict[str, Any]:
    """A checkpoint that is signed with the key it names."""
    found = fields(line, SIGNED, f"The checkpoint ({where})")
    if found["format"] != CHECKPOINT or not all(
        re.fullmatch("[0-9a-f]{64}", found[name]) for name in ("digest", "key")
    ):
        raise BrokenError(f"This is no checkpoint ({where}).")
    message = json.dumps([CHECKPOINT, found["number"], found["digest"], found["at"]]).encode()
    if not is_signed(bytes.fromhex(found["key"]), message, found["signature"]):
        raise BrokenError(f"The signature of the checkpoint does not fit ({where}).")
    return found


def fields(line: str, wanted: dict[str, type], where: str) -> dict[str, Any]:
    """A line of JSON that has just these fields of these types, none of them twice."""
    try:
        pairs = json.loads(line, object_pairs_hook=list)
        found = dict(pairs)
    except (ValueError, TypeError, RecursionError) as error:
        raise BrokenError(f"{where} cannot be read.") from error
    if len(pairs) != len(wanted) or {name: type(value) for name, value in found.items()} != wanted:
        raise BrokenError(f"{where} has other fields than it should.")
    return found


def read(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not empty, each with its number."""
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except UnicodeDecodeError as error:
        raise BrokenError(f"{path} is not UTF-8.") from error


def last_line(path: Path) -> str:
    """The last line of a file: where a checkpoint is, alone or at the end of an export."""
    last = ""
    for _, line in read(path):
        last = line
    return last


# -- Ed25519 as in RFC 8032, section 5.1: points in extended coordinates, (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1
Point = tuple[int, int, int, int]


def is_signed(key: bytes, message: bytes, signature: str) -> bool:
    """Whether the signature (128 hexadecimal digits) of a message is by the owner of this public key."""
    if not re.fullmatch("[0-9a-f]{128}", signature):
        return False
    halves = bytes.fromhex(signature)
    owner, commitment, scalar = point(key), point(halves[:32]), int.from_bytes(halves[32:], "little")
    if owner is None or commitment is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(halves[:32] + key + message).digest(), "little") % ORDER
    return same(times(scalar, BASE), plus(commitment, times(challenge, owner)))


def point(encoded: bytes) -> Point | None:
    """The point that these 32 bytes encode; None if they encode none (RFC 8032, 5.1.3)."""
    y = int.from_bytes(encoded, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    if len(encoded) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = P - x
    return (x, y, 1, x * y % P)


def plus(a: Point, b: Point) -> Point:
    """The sum of two points (RFC 8032, 5.1.4)."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar: int, a: Point) -> Point:
    """A point added to itself so many times."""
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = plus(total, a)
        a, scalar = plus(a, a), scalar >> 1
    return total


def same(a: Point, b: Point) -> bool:
    """Whether two points are one."""
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


_BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
assert _BASE  # noqa: S101
BASE = _BASE


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives its exit code."""
    about = (__doc__ or "").split("\n\n")
    parser = argparse.ArgumentParser(description=about[0], epilog=about[2])
    parser.add_argument("export", type=Path, help="file that `tolmach audit export` wrote")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="an earlier one, kept elsewhere")
    parser.add_argument("--key", default="", help="public key of the service, 64 hexadecimal digits")
    given = parser.parse_args(arguments)
    try:
        end = verify(given.export, given.checkpoint, given.key.strip().lower())
    except (BrokenError, OSError) as error:
        print(f"BROKEN: {error}", file=sys.stderr)
        return 1
    print(f"The export is whole up to entry {end['number']}, signed {end['at']}.")
    print(f"Signed with the key {end['key']}" + ("." if given.key else ": compare it with what you were told."))
    return 0


if __name__ == "__main__":
    sys.exit(main())
