"""Measures the checks of people's translations on NTREX, whole and damaged: they were made with one half, the other is
told. `make bench-checks`."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

from figures import ROOT, record

from indexer.checks.findings import findings
from indexer.text import Language

DATA = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data")) / "mt" / "ntrex"
LOOKS = dict(zip("аеорсухАВЕКМНОРСТХ", "aeopcyxABEKMHOPCTX", strict=True))
MOST_DAMAGED = 200  # pairs of one damage
DENIES = re.compile(r"\b(?:not|no|never|cannot)\b|n['’]t\b", re.IGNORECASE)

Pair = tuple[str, str]


def main() -> None:
    if not DATA.is_dir():
        raise SystemExit("no test data: set TOLMACH_TEST_DATA to its folder")
    names = ("newstest2019-src.eng.txt", "newstest2019-ref.rus.txt")
    english, russian = ((DATA / name).read_text(encoding="utf-8").splitlines() for name in names)
    figures: dict[str, float] = {}
    for half, first in (("tuned", 0), ("told", 1)):
        for source, target in (("en", "ru"), ("ru", "en")):
            sides = (english, russian) if source == "en" else (russian, english)
            pairs = list(zip(*sides, strict=True))[first::2]
            figures |= {
                f"{half}_{source}_{target}_{name}": value for name, value in measured(pairs, source, target).items()
            }
    record("checks", "make bench-checks", figures)


def measured(pairs: list[Pair], source: Language, target: Language) -> dict[str, float]:
    """The share of pairs of which something is said: of the human ones (false alarms), and of each damage."""

    def share(some: list[Pair]) -> float:
        return round(sum(bool(findings(a, b, source, target)) for a, b in some) / len(some), 3)

    begun = time.process_time()
    told = {"false_alarms": share(pairs)}
    told["milliseconds"] = round(1_000 * (time.process_time() - begun) / len(pairs), 1)
    for name, damage in DAMAGES.items():
        draw = random.Random(1)
        damaged = [(a, worse) for a, b in pairs if (worse := damage((a, b), pairs, draw))]
        damaged = draw.sample(damaged, min(MOST_DAMAGED, len(damaged)))
        if damaged and not (target == "en" and name == "look_alike"):
            told[name] = share(damaged)
            told[f"{name}_pairs"] = len(damaged)
    return told


def digit(pair: Pair, _: list[Pair], draw: random.Random) -> str:
    text = pair[1]
    places = [match.start() for match in re.finditer("[0-9]", text)]
    if not places:
        return ""
    at = draw.choice(places)
    return text[:at] + draw.choice(sorted(set("0123456789") - {text[at]})) + text[at + 1 :]


def untranslated(pair: Pair, _: list[Pair], draw: random.Random) -> str:
    return pair[0]


def look_alike(pair: Pair, _: list[Pair], draw: random.Random) -> str:
    text = pair[1]
    places = [at for at, letter in enumerate(text) if letter in LOOKS]
    at = draw.choice(places) if places else 0
    return text[:at] + LOOKS[text[at]] + text[at + 1 :] if places else ""


def wrong_sentence(pair: Pair, pairs: list[Pair], draw: random.Random) -> str:
    other = draw.choice(pairs)
    return other[1] if other != pair else ""


def negation(pair: Pair, _: list[Pair], draw: random.Random) -> str:
    """The translation without its negations, where the source denies."""
    source, text = pair
    if re.search("[а-яё]", text):
        without = re.sub(r"\bне ", "", text, flags=re.IGNORECASE) if DENIES.search(source) else text
    else:
        without = re.sub(r"n['’]t\b| not\b|\bnot |cannot", "", text) if re.search(r"\bне\b", source) else text
    return without if without != text else ""


def clause_dropped(pair: Pair, _: list[Pair], draw: random.Random) -> str:
    clauses = re.split(r"(?<=[,;:—–])\s", pair[1])
    if len(clauses) < 2:
        return ""
    clauses.pop(draw.randrange(len(clauses)))
    return " ".join(clauses)


DAMAGES: dict[str, Callable[[Pair, list[Pair], random.Random], str]] = {
    each.__name__: each for each in (digit, untranslated, look_alike, wrong_sentence, negation, clause_dropped)
}

if __name__ == "__main__":
    main()
