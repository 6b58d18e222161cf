"""Measures how many pages with faults come out right, by kind, and how many sound pages are doubted: `make bench-text`.

A case is right if every word that its list names is in the text and none that must not be; it is honest if it is named
as unread instead (`needs_ocr`, or refused with a reason) and shows nothing wrong. Where Tesseract is here, unread pages
are recognised, as the pipeline does. Faults of our own making (text_variants.py) are tried beside the list's. With
ARGS=--all: all sound pages, and more pages recognised.

Recognition is measured on pages of the characters' gold (bench_characters.py) printed to pictures, and on scans, whose
words were typed by hand and are kept as digests, for their texts are not ours (characters/README.md).
"""

import contextlib
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bench_characters import GOLD, distance, text_of
from figures import ROOT, record
from PIL import Image, ImageDraw, ImageFont
from text_variants import variants

from indexer.extract.pages import ExtractError, LineKind, PageText, needs_ocr
from indexer.extract.reader import Reader
from indexer.extract.recogniser import Recogniser
from indexer.library import recognised
from indexer.segment.segments import segment

DATA = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data"))
PRINTED, ALL_PRINTED = 2, 5  # pages in each language, at each resolution
LONGEST = 3_300  # letters of a printed page
SCANS = Path(__file__).parent / "characters" / "scans.json"
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
BROKEN = "lshort.ru.pdf"  # a sound book but for its letters
SAMPLED = 2  # files of each folder of sound ones, without --all


@dataclass(frozen=True)
class Case:
    """A file with a fault: what must be found and what must not, both in small letters."""

    kind: str
    name: str
    open: Callable[[], BinaryIO]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    lines: tuple[str, ...] = ()  # what one sentence must hold


def main() -> None:
    if not (DATA / "text-faults" / "INDEX.tsv").exists():
        sys.exit("no test data: set TOLMACH_TEST_DATA to its folder")
    recogniser = Recogniser()
    with Reader() as reader, contextlib.closing(recogniser):
        every = "--all" in sys.argv
        figures = _faults(reader, recogniser, cases(), "") | _faults(reader, recogniser, made(), "own_")
        figures |= _sound(reader, every)
        if not recogniser.missing():
            figures |= _recognition(ALL_PRINTED if every else PRINTED) | _scans(recogniser)
    record("text", "make bench-text", figures)


def cases() -> Iterator[Case]:
    """The cases of the index."""
    folder = DATA / "text-faults"
    for row in (folder / "INDEX.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        kind, name, _, present, absent = [*row.split("\t"), "", ""][:5]
        path = folder / f"{kind}__{name}.pdf"
        yield Case(kind, name, partial(path.open, "rb"), tuple(_terms(present)), tuple(_terms(absent)))


def made() -> Iterator[Case]:
    """The faults of our own making."""
    for one in variants():
        yield Case(one.kind, one.name, partial(io.BytesIO, one.content), one.present, one.absent, one.lines)


def _terms(field: str) -> Iterator[str]:
    """Words, and phrases in quotation marks; a comma parts them too."""
    for at, part in enumerate(field.casefold().split('"')):
        yield from [part] if at % 2 else part.replace(",", " ").split()


def outcome(reader: Reader, recogniser: Recogniser, case: Case) -> str:
    """right, honest or wrong."""
    try:
        with case.open() as file:
            pages = reader.pages(file, unread=True)
            if not recogniser.missing():
                known = {number: recogniser.page(file, number) for number in needs_ocr(pages)}
                pages = recognised.merged(pages, known)
    except ExtractError:
        return "honest"
    sentences = [part.text for part in segment(pages)]
    text = " ".join(sentences).casefold()
    if any(_stands_in(text, term) for term in case.absent):
        return "wrong"
    torn = any(not any(line in sentence for sentence in sentences) for line in case.lines)
    if not torn and all(_stands_in(text, term) for term in case.present):
        return "right"
    return "honest" if needs_ocr(pages) else "wrong"


def _stands_in(text: str, term: str) -> bool:
    """Whether the words are in the text as whole words."""
    return bool(re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text))


def _faults(reader: Reader, recogniser: Recogniser, tried_on: Iterable[Case], prefix: str) -> dict[str, float]:
    tried: Counter[str] = Counter()
    told: Counter[tuple[str, str]] = Counter()
    for case in tried_on:
        result = outcome(reader, recogniser, case)
        tried[case.kind] += 1
        told[case.kind, result] += 1
        if result != "right":
            print(f"{result}: {prefix}{case.kind} {case.name}")
    figures: dict[str, float] = {}
    for kind, count in tried.items():
        figures[f"{prefix}{kind}_right"] = told[kind, "right"]
        figures[f"{prefix}{kind}_honest"] = told[kind, "honest"]
        figures[f"{prefix}{kind}_tried"] = count
    for result in ("right", "honest", "wrong"):
        figures[f"{prefix}faults_{result}"] = sum(told[kind, result] for kind in tried)
    return figures | {f"{prefix}faults_tried": tried.total()}


def _recognition(pages: int) -> dict[str, float]:
    """Letters right of the pages of the gold in pictures, and CPU seconds a page beside the `tesseract` command."""
    figures: dict[str, float] = {}
    sheets = [(dpi, skew, *sheet) for dpi in (300, 150) for skew in (0, 2) for sheet in _printed(dpi, skew, pages)]
    begun = _ended()
    shares: dict[str, list[float]] = {}
    with contextlib.closing(Recogniser()) as recogniser:
        for dpi, skew, language, text, sheet in sheets:
            file = io.BytesIO()
            sheet.save(file, "PDF", resolution=dpi)
            read = " ".join(line.text for line in recogniser.page(file, 1).lines)
            name = f"ocr_{language}_{dpi}dpi{'_skewed' if skew else ''}_letters_right"
            shares.setdefault(name, []).append(max(0.0, 1 - distance(text, read) / len(text)))
    ours, begun = _ended() - begun, _ended()
    for dpi, _, language, _, sheet in sheets:
        _command(sheet, dpi, {"en": "eng", "ru": "rus"}[language])
    figures = {name: round(sum(some) / len(some), 4) for name, some in shares.items()}
    figures |= {"ocr_pages": len(sheets), "ocr_cpu_seconds_a_page": round(ours / len(sheets), 2)}
    return figures | {"tesseract_cpu_seconds_a_page": round((_ended() - begun) / len(sheets), 2)}


def _ended() -> float:
    """CPU seconds of all processes of ours that have ended."""
    return sum(os.times()[2:4])


def _printed(dpi: int, skew: float, pages: int) -> Iterator[tuple[str, str, Image.Image]]:
    """Pages of the characters' gold as pictures, so many in each language."""
    font = ImageFont.truetype(FONT, round(11 * dpi / 72))
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    for language in ("en", "ru"):
        prose = [entry for entry in gold if entry["language"] == language and entry["kind"] == "prose"]
        for entry in prose[:pages]:
            text = text_of(entry)[:LONGEST].rpartition(" ")[0]
            sheet = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
            pen = ImageDraw.Draw(sheet)
            for number, line in enumerate(textwrap.wrap(text, 70, break_on_hyphens=False)):
                pen.text((dpi * 0.9, dpi * (0.9 + 0.21 * number)), line, font=font, fill=0)
            yield language, text, sheet.rotate(skew, fillcolor=255, resample=Image.Resampling.BICUBIC)


def _scans(recogniser: Recogniser) -> dict[str, float]:
    """The share of the words of each scan that are recognised, by their digests, in any order; and of all."""
    figures: dict[str, float] = {}
    right = total = 0
    for name, digests in json.loads(SCANS.read_text(encoding="utf-8")).items():
        words = [word for part in segment(_recognised(recogniser, DATA / "un" / name)) for word in _words(part.text)]
        common = Counter(digests) & Counter(map(_digest, words))
        figures[f"scan_{Path(name).stem}_words_right"] = round(common.total() / len(digests), 3)
        right, total = right + common.total(), total + len(digests)
    return figures | {"scans": len(figures), "scans_words": total, "scans_words_right": round(right / total, 3)}


def _recognised(recogniser: Recogniser, path: Path) -> Sequence[PageText]:
    """The first page of a scan as the pipeline has it."""
    file = io.BytesIO(path.read_bytes())
    if path.suffix == ".png":
        file = io.BytesIO()
        Image.open(path).convert("L").save(file, "PDF", resolution=110)
    read = recogniser.page(file, 1)
    empty = PageText(1, 700.0, 1000.0, (), trouble="needs_ocr")
    return recognised.merged([empty], {1: read})


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _digest(word: str) -> str:
    return hashlib.sha256(f"tolmach scans {word}".encode()).hexdigest()[:12]


def _command(sheet: Image.Image, dpi: int, language: str) -> None:
    """Have Tesseract's own command read a picture."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        sheet.save(file.name)
        command = ["tesseract", file.name, "-", "-l", language, "--dpi", str(dpi)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"}, **quiet)


def _sound(reader: Reader, every: bool) -> dict[str, float]:
    """What is said of pages without a fault: in 1,000 pages, by detector."""
    doubts: Counter[str] = Counter()
    pages = 0
    for path in _sound_files(every):
        with path.open("rb") as file:
            read = reader.pages(file)
        pages += len(read)
        doubts.update(doubt for page in read for doubt in _doubts(page))
    names = ("unread", "unread_picture", "repaired", "second_reading", "hidden")
    return {"sound_pages": pages} | {f"sound_{name}_per_1000": round(1000 * doubts[name] / pages, 2) for name in names}


def _sound_files(every: bool) -> Sequence[Path]:
    files = [path for path in sorted((DATA / "pairs").glob("*/*.pdf")) if path.name != BROKEN]
    papers = sorted((DATA / "un").glob("[AS]_*.pdf"))
    return [*files, *papers] if every else [*files[:: len(files) // (2 * SAMPLED)], *papers[:SAMPLED]]


def _doubts(page: PageText) -> Iterator[str]:
    if page.trouble:
        yield "unread_picture" if page.picture > 30 else "unread"
    if page.reader != "pypdfium2":
        yield "repaired" if page.reader == "repaired" else "second_reading"
    if any(line.kind is not LineKind.ABSENT for line in page.hidden):
        yield "hidden"


if __name__ == "__main__":
    main()
