"""Measures a model on sentences that ship: how like people's its translations are (chrF), and how fast it is here.

The result lies beside the packages, by the package's digest. It is of this machine, and of few sentences: enough to see
that a model works and to compare two, not to praise one.
"""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from indexer.translate.contract import Model
from indexer.translate.packages import Packages

_FOLDER: Final = ".measured"
_LONGEST: Final = 6  # characters of an n-gram
_BETA: Final = 2  # how much more recall weighs than precision


@dataclass(frozen=True, slots=True)
class Measurement:
    """`chrf` is 0 to 100; `sentences_per_second` by the clock, loading left out; `sentences` how many they were."""

    chrf: float
    sentences_per_second: float
    sentences: int


def measure(packages: Packages, directory: Path, model: Model) -> Measurement:
    """Translate what ships, and keep what came of it. Raises TranslationError."""
    sources, references = sentences(model.source)
    translator = packages.open(model)
    translator.translate(sources[:1])
    begun = time.perf_counter()
    translated = translator.translate(sources)
    seconds = max(time.perf_counter() - begun, 1e-6)
    result = Measurement(round(chrf(translated, references), 1), round(len(sources) / seconds, 1), len(sources))
    folder = directory / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{model.digest}.json").write_text(json.dumps(asdict(result)), encoding="utf-8")
    return result


def read(directory: Path, model: Model) -> Measurement | None:
    """What came of measuring a model; None where it was not measured."""
    try:
        content = json.loads((directory / _FOLDER / f"{model.digest}.json").read_text(encoding="utf-8"))
        return Measurement(**content)
    except (OSError, ValueError, TypeError):
        return None


def sentences(source: str) -> tuple[list[str], list[str]]:
    """The sentences that ship in a language, and what people made of each in the other."""
    text = (files("indexer.translate") / "data" / "measured.tsv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()[1:], delimiter="\t", quoting=csv.QUOTE_NONE))
    english, russian = [row[0] for row in rows], [row[1] for row in rows]
    return (english, russian) if source == "en" else (russian, english)


def chrf(translations: Sequence[str], references: Sequence[str]) -> float:
    """chrF2, 0 to 100: the F score of shared character n-grams up to 6, spaces left out (Popović, WMT 2015)."""
    scores = []
    for size in range(1, _LONGEST + 1):
        shared = said = wanting = 0
        for translation, reference in zip(translations, references, strict=True):
            ours, theirs = _ngrams(translation, size), _ngrams(reference, size)
            shared += (ours & theirs).total()
            said += ours.total()
            wanting += theirs.total()
        if said and wanting:
            scores.append((shared / said, shared / wanting))
    if not scores:
        return 0.0
    precision, recall = (sum(each[side] for each in scores) / len(scores) for side in (0, 1))
    weight = _BETA**2
    return 100 * (1 + weight) * precision * recall / (weight * precision + recall) if precision and recall else 0.0


def _ngrams(text: str, size: int) -> Counter[str]:
    bare = "".join(text.split())
    return Counter(bare[at : at + size] for at in range(len(bare) - size + 1))
