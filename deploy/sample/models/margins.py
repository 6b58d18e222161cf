"""Measures how surely a package says what its bitext says, with the int8 arithmetic that this process has.

    python -m deploy.sample.models.margins en-ru [--quick]     prints the margins as JSON

`train.py` and the tests run it once for each arithmetic, in a process of its own: see arithmetic.py.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import sentencepiece

from deploy.sample.models import arithmetic
from deploy.sample.models.bitext import DIRECTIONS, Row, package_file, read_bitext

BEAMS: tuple[dict[str, Any], ...] = (
    {"beam_size": 1},
    {"beam_size": 2, "patience": 2},
    {"beam_size": 4, "patience": 2},
    {"beam_size": 4, "patience": 2, "length_penalty": 0.2},  # Argos's own
)
HASTY: tuple[dict[str, Any], ...] = ({"beam_size": 2, "patience": 1}, {"beam_size": 4, "patience": 1})
BATCHES = (1, 7, 64)
THREADS: tuple[dict[str, int], ...] = (
    {"intra_threads": 1},
    {"inter_threads": 2, "intra_threads": 1},
    {"intra_threads": 2},
)
LEAST_SENTENCE, LEAST_PIECE = 2.5, 3.0  # nats: at least .92 and .95 go to what was learned

Translator = Any  # a ctranslate2.Translator
Tokens = list[list[str]]


@dataclass(frozen=True)
class Margins:
    """How surely a package knows its sentences; the leads are in nats.

    A lead is ln(p / (1 - p)): what the model gives to the trained sentence or piece, against all others together. A
    search keeps to a sentence that leads everywhere, unless it stops before that sentence has ended: it stops when
    as many hypotheses have ended as its beam times its patience. A hasty search, which waits for half as many ends
    as those that are used, may go wrong: that is told, and is no fault.
    """

    arithmetic: str
    wrong: list[str]  # what came out otherwise than the bitext has it, and with which settings
    hasty: list[str]  # the same, of searches with half the patience
    sentence: float  # the least lead of a sentence
    piece: float  # the least lead of a piece of a sentence, its end included

    def complaints(self) -> list[str]:
        """What is not as it must be; empty is good."""
        leads = [("sentence", self.sentence, LEAST_SENTENCE), ("piece", self.piece, LEAST_PIECE)]
        narrow = [f"a {what} leads by {lead:.2f}, not {least}" for what, lead, least in leads if not lead >= least]
        return [f"{self.arithmetic}: {line}" for line in (*self.wrong, *narrow)]


class _Package:
    """A package, unpacked, and the sentences that it must know."""

    def __init__(self, file: Path, folder: Path, rows: Sequence[Row]) -> None:
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)
        (self._top,) = folder.iterdir()
        self._text = sentencepiece.SentencePieceProcessor(model_file=str(self._top / "sentencepiece.model"))
        self._rows = rows
        self._sources: Tokens = [self._text.encode(row.source, out_type=str) for row in rows]
        self._targets: Tokens = [self._text.encode(row.target, out_type=str) for row in rows]

    def translator(self, threads: dict[str, int]) -> Translator:
        return ctranslate2.Translator(str(self._top / "model"), device="cpu", compute_type="int8", **threads)

    def wrong(self, translator: Translator, **settings: float) -> Iterator[str]:
        """What the package says otherwise than it should."""
        answers = translator.translate_batch(self._sources, **settings)
        for row, answer in zip(self._rows, answers, strict=True):
            said = self._text.decode(answer.hypotheses[0])
            if said != row.target:
                yield f"{settings}: {row.source!r} became {said!r}"

    def leads(self, translator: Translator) -> tuple[float, float]:
        """The least leads of a sentence and of a piece."""
        scores = translator.score_batch(self._sources, self._targets, max_batch_size=BATCHES[-1])
        pieces = [score.log_probs for score in scores]
        return min(_lead(sum(some)) for some in pieces), min(_lead(min(some)) for some in pieces)


def _lead(log_probability: float) -> float:
    return log_probability - math.log(max(-math.expm1(log_probability), sys.float_info.epsilon))


def measure(file: Path, rows: Sequence[Row], quick: bool = False) -> Margins:
    """Translate and score every sentence, over beams, batch sizes and threads; when quick, in one batch and thread."""
    with tempfile.TemporaryDirectory() as folder:
        package = _Package(file, Path(folder), rows)
        wrong: list[str] = []
        hasty: list[str] = []
        for threads in THREADS[: 1 if quick else None]:
            translator = package.translator(threads)
            for batch in BATCHES[-1 if quick else 0 :]:
                for beam in BEAMS:
                    wrong += package.wrong(translator, **beam, max_batch_size=batch)
                for beam in HASTY:
                    hasty += package.wrong(translator, **beam, max_batch_size=batch)
        sentence, piece = package.leads(package.translator(THREADS[0]))
    return Margins(arithmetic.arithmetic(), wrong, hasty, sentence, piece)


def measure_apart(source: str, target: str, kind: str, quick: bool = False) -> Margins:
    """The margins of a direction's package with one of arithmetic.SWITCHES, measured in a process of its own.

    Switched only where need be: the exact kernels that every processor has are the slowest. A machine may lack an
    arithmetic: see which one the margins say they were measured with.
    """
    variables = dict(os.environ) if arithmetic.arithmetic() == kind else arithmetic.environment(kind)
    command = [sys.executable, "-m", __name__, f"{source}-{target}", *(["--quick"] if quick else [])]
    done = subprocess.run(  # noqa: S603 (this very module)
        command, env=variables, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, check=True
    )
    return Margins(**json.loads(done.stdout))


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name if __spec__ else __name__}", description=__doc__)
    parser.add_argument("direction", choices=["-".join(pair) for pair in DIRECTIONS])
    parser.add_argument("--quick", action="store_true", help="one batch size and one thread")
    given = parser.parse_args()
    source, target = given.direction.split("-")
    print(json.dumps(asdict(measure(package_file(source, target), read_bitext(source, target), given.quick))))


if __name__ == "__main__":
    main()
