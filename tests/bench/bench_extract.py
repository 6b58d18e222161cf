"""Measures text, boxes and sentences of PDF pages beside pdftotext and pdfminer.six, and sentence splitters beside each
other. CPU seconds, all in one run: `make bench-extract`."""

import contextlib
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import nupunkt
import razdel
import syntok.segmenter
from figures import ROOT, record
from pdfminer.high_level import extract_pages

from indexer.extract.reader import Reader
from indexer.segment.passages import passages
from indexer.segment.segments import segment
from indexer.segment.sentences import sentences
from indexer.text import Language

DATA = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data"))
UNREADABLE = "lshort.ru.pdf"  # its text layer is broken
SAMPLED = 20  # pages of each file for pdfminer.six
GROUP = 5  # news sentences to a paragraph

Splitter = Callable[[str], list[str]]


def main() -> None:
    files = sorted(path for path in (DATA / "pairs").glob("*/*.pdf") if path.name != UNREADABLE)
    if not files:
        sys.exit("no test data: set TOLMACH_TEST_DATA to its folder")
    figures = _speed(files) | dict(_gold()) | dict(_news())
    record("extract", "make bench-extract", figures)


def _cpu() -> float:
    """CPU seconds of this process and of all children that have ended."""
    return sum(os.times()[:4])


def _speed(files: Sequence[Path]) -> dict[str, float]:
    _pdftotext(files)  # warms the file cache
    begun = _cpu()
    with Reader() as reader:
        documents = [_read(reader, path) for path in files]
    read = _cpu() - begun
    begun = _cpu()
    found = [segment(pages) for pages in documents]
    for segments in found:
        passages(segments)
    cut = _cpu() - begun
    pages = sum(map(len, documents))
    pdftotext = min(_pdftotext(files) for _ in range(3))
    sampled, pdfminer = _pdfminer(files)
    ours = (read + cut) / pages
    return {
        "pages": pages,
        "sentences": sum(map(len, found)),
        "pages_per_cpu_second": round(1 / ours, 1),
        "ms_per_page_text_and_boxes": round(1000 * read / pages, 2),
        "ms_per_page_sentences": round(1000 * cut / pages, 2),
        "pdftotext_pages_per_cpu_second": round(pages / pdftotext, 1),
        "pdfminer_pages_per_cpu_second": round(sampled / pdfminer, 1),
        "speed_against_pdftotext": round(pdftotext / pages / ours, 3),
        "speed_against_pdfminer": round(pdfminer / sampled / ours, 2),
    }


def _read(reader: Reader, path: Path) -> tuple:
    with path.open("rb") as file:
        return reader.pages(file)


def _pdftotext(files: Iterable[Path]) -> float:
    begun = _cpu()
    for path in files:
        subprocess.run(["pdftotext", path, "-"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return _cpu() - begun


def _pdfminer(files: Iterable[Path]) -> tuple[int, float]:
    """Pages and CPU seconds; its layout analysis, which gives boxes too, on some pages from the middle of each file."""
    pages = 0
    begun = _cpu()
    for path in files:
        pages += sum(1 for _ in extract_pages(path, page_numbers=range(20, 20 + SAMPLED)))
    return pages, _cpu() - begun


# --- sentences -------------------------------------------------------------------------------------------------------


def _candidates(language: Language) -> dict[str, Splitter]:
    return {
        "razdel": lambda text: [part.text for part in razdel.sentenize(text)],
        "nupunkt": lambda text: [part.strip() for part in nupunkt.sent_tokenize(text)],
        "syntok": _syntok,
        "ours": lambda text: sentences(text, language),
    }


def _syntok(text: str) -> list[str]:
    found = itertools.chain.from_iterable(syntok.segmenter.analyze(text))
    return ["".join(token.spacing + token.value for token in sentence).strip() for sentence in found]


def _gold() -> Iterator[tuple[str, float]]:
    """Paragraphs of the committed gold that come out exactly right, of 30 in each language."""
    for language in ("en", "ru"):
        path = ROOT / "tests" / "unit" / "indexer" / "segment" / f"sentences.{language}.txt"
        blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
        items = [block.split("\n") for block in blocks if not block.startswith("#")]
        for name, split in _candidates(language).items():
            yield f"gold_{language}_{name}", sum(split(" ".join(item)) == item for item in items)


def _news() -> Iterator[tuple[str, float]]:
    """F1 of sentence ends on news that nobody tuned for, five sentences to a paragraph; and microseconds a sentence."""
    for language, name in (("en", "newstest2019-src.eng.txt"), ("ru", "newstest2019-ref.rus.txt")):
        path = DATA / "mt" / "ntrex" / name
        with contextlib.suppress(FileNotFoundError):
            lines = [" ".join(line.split()) for line in path.read_text(encoding="utf-8").splitlines()]
            groups = [lines[i : i + GROUP] for i in range(0, len(lines) - GROUP + 1, GROUP)]
            for candidate, split in _candidates(language).items():
                begun = time.process_time()
                found = [split(" ".join(group)) for group in groups]
                spent = time.process_time() - begun
                yield f"news_{language}_{candidate}_f1", round(_f1(groups, found), 4)
                yield f"news_{language}_{candidate}_us", round(1e6 * spent / GROUP / len(groups), 1)


def _f1(expected: Sequence[list[str]], found: Sequence[list[str]]) -> float:
    pairs = [(_ends(a), _ends(b)) for a, b in zip(expected, found, strict=True)]
    right = sum(len(a & b) for a, b in pairs)
    return 2 * right / sum(len(a) + len(b) for a, b in pairs)


def _ends(parts: Iterable[str]) -> set[int]:
    return set(itertools.accumulate(len(part.replace(" ", "")) for part in parts))


if __name__ == "__main__":
    main()
