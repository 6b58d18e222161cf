"""Measures a stemmer: how many forms of one word, and how many different words, it joins; what it helps to find."""

import csv
import json
import math
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

Stemmer = Callable[[list[str]], list[tuple[str, ...]]]
"""Takes texts, gives the stems of each in order."""

LISTS = Path(__file__).parent
K1, B, TOP = 1.2, 0.75, 10


class Case(NamedTuple):
    """Two words of a list: forms of one word, or different words."""

    one: str
    other: str
    note: str

    @property
    def second(self) -> bool:
        """Written after the first list had shaped the rules; what it shows is reported and changes none."""
        return self.note.startswith("second list")


def data_folder() -> Path:
    """Where the third-party test data lies."""
    repository = Path(__file__).resolve().parents[3]
    return Path(os.environ.get("TOLMACH_TEST_DATA", repository.parent / "shared" / "data"))


def cases(name: str) -> list[Case]:
    """The cases of `forms.ru`, `forms.en`, `different.ru` or `different.en`."""
    with (LISTS / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Case(one, other, note) for one, other, note in rows[1:]]


def joined(pairs: Sequence[Case], stemmer: Stemmer) -> list[Case]:
    """The cases whose two words get the same stems."""
    stems = stemmer([word for pair in pairs for word in (pair.one, pair.other)])
    return [pair for pair, one, other in zip(pairs, stems[::2], stems[1::2], strict=True) if one and one == other]


def share(pairs: Sequence[Case], stemmer: Stemmer) -> float:
    """The share of cases whose two words get the same stems."""
    return len(joined(pairs, stemmer)) / len(pairs)


def xquad(language: str, data: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """The paragraphs, and each question with the number of its paragraph."""
    text = (data / "clir" / f"xquad-first-half.{language}.json").read_text(encoding="utf-8")
    paragraphs: list[str] = []
    questions: list[tuple[str, int]] = []
    for article in json.loads(text)["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(ask["question"], len(paragraphs)) for ask in paragraph["qas"]]
            paragraphs.append(paragraph["context"])
    return paragraphs, questions


def mean_reciprocal_rank(language: str, data: Path, stemmer: Stemmer, ask: Stemmer | None = None) -> float:
    """MRR@10 of BM25 over XQuAD's paragraphs; `ask` analyses the questions when they are treated otherwise."""
    paragraphs, questions = xquad(language, data)
    passages = [Counter(stems) for stems in stemmer(paragraphs)]
    asked = (ask or stemmer)([question for question, _ in questions])
    found = Counter(stem for passage in passages for stem in passage)
    lengths = [passage.total() for passage in passages]
    mean = sum(lengths) / len(lengths)
    total = 0.0
    for stems, (_, answer) in zip(asked, questions, strict=True):
        scores = [_score(stems, p, n / mean, found, len(passages)) for p, n in zip(passages, lengths, strict=True)]
        best = sorted((i for i in range(len(scores)) if scores[i] > 0), key=lambda i: -scores[i])[:TOP]
        total += 1 / (best.index(answer) + 1) if answer in best else 0.0
    return total / len(questions)


def _score(stems: tuple[str, ...], passage: Counter[str], length: float, found: Counter[str], passages: int) -> float:
    score = 0.0
    for stem in set(stems) & passage.keys():
        idf = math.log(1 + (passages - found[stem] + 0.5) / (found[stem] + 0.5))
        score += idf * passage[stem] * (K1 + 1) / (passage[stem] + K1 * (1 - B + B * length))
    return score
