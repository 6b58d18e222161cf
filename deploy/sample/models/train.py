"""Trains the miniature translation packages of the sample corpus until they know its sentences by heart.

    python -m deploy.sample.models.train                 both directions
    python -m deploy.sample.models.train --only en-ru    one of them
    python -m deploy.sample.models.train --check         train nothing; translate every sentence with the packages
    python -m deploy.sample.models.train --pack          train nothing; renew metadata.json (new PDFs, same sentences)

To add a document: name it in bitext.py, add the segments it is cut into to `bitext.*.tsv` with their translations
(`source<TAB>target<TAB>document`), and run this. Some minutes later the package stands here, checked through
CTranslate2 with beams of 1, 2 and 4, several batch sizes and threads, under both kinds of int8 kernels. It knows those
sentences and no others; its metadata.json names the documents (by the SHA-256 of the PDF) that it may translate.

It needs what requirements/train.txt pins (JAX on the processor, CTranslate2, sentencepiece), in an environment of its
own; neither Tolmach nor its tests need JAX.
"""

import argparse
import os
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from deploy.sample.models.bitext import DIRECTIONS, package_file, read_bitext


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns 0 when every package translates every sentence of its bitext exactly."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.sample.models.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", choices=["-".join(pair) for pair in DIRECTIONS], help="one direction")
    parser.add_argument("--seed", type=int, default=2178, help="where chance begins (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=600, help="learn no longer than so many (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="only verify the packages that are there")
    parser.add_argument("--pack", action="store_true", help="only renew the metadata of the packages that are there")
    given = parser.parse_args(arguments)
    wrong = 0
    for source, target in DIRECTIONS:
        if given.only in (None, f"{source}-{target}"):
            if given.pack:
                repack(source, target)
            elif not given.check:
                train(source, target, given.seed, given.epochs)
            wrong += verify(source, target)
    return int(wrong > 0)


def train(source: str, target: str, seed: int, epochs: int) -> None:
    """Learn the bitext of a direction and write its package."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")  # JAX reads it when it is imported
    from deploy.sample.models import network, package

    started = time.process_time()
    rows = read_bitext(source, target)
    pieces = package.train_pieces([text for row in rows for text in (row.source, row.target)])
    cutter = package.processor(pieces)
    pairs = [(cutter.encode(row.source), cutter.encode(row.target)) for row in rows]
    print(f"{source} → {target}: {len(rows)} sentences, {cutter.get_piece_size()} pieces", flush=True)
    schedule = network.Schedule(seed=seed, epochs=epochs)
    weights = network.learn(pairs, cutter.get_piece_size(), schedule, lambda line: print(line, flush=True))
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        package.save_model(weights, pieces, model)
        package.write_package(package_file(source, target), source, target, pieces, model)
    print(f"written: {package_file(source, target).name}, {(time.process_time() - started) / 60:.1f} CPU minutes")


def repack(source: str, target: str) -> None:
    """Write the package again with the metadata of today; the weights stay."""
    from deploy.sample.models import package

    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package_file(source, target)) as archive:
            archive.extractall(folder)
        (top,) = Path(folder).iterdir()
        pieces = (top / "sentencepiece.model").read_bytes()
        package.write_package(package_file(source, target), source, target, pieces, top / "model")


def verify(source: str, target: str) -> int:
    """Measure the margins of a package under both kinds of kernels; print what is too narrow and return how much."""
    from deploy.sample.models import margins
    from deploy.sample.models.arithmetic import EXACT, SATURATING

    file, complaints = package_file(source, target), []
    for kind in (SATURATING, EXACT):
        measured = margins.measure_apart(source, target, kind)
        complaints += measured.complaints()
        leads = f"least lead of a sentence {measured.sentence:.2f}, of a piece {measured.piece:.2f} nats"
        print(f"{file.name}, {measured.arithmetic}: {len(measured.wrong)} wrong over all settings, {leads}", flush=True)
    for line in complaints[:20]:
        print(line, file=sys.stderr)
    print(f"{file.name}: {file.stat().st_size:,} bytes", flush=True)
    return len(complaints)


if __name__ == "__main__":
    sys.exit(main())
