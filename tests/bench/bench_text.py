"""Measures how many pages with faults come out right, by kind, and how many sound pages are doubted: `make bench-text`.

A case is right if every word that its list names is in the text and none that must not be; it is honest if it is named
as unread instead (`needs_ocr`, or refused with a reason) and shows nothing wrong. All sound pages with ARGS=--all.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from figures import ROOT, record

from indexer.extract.pages import ExtractError, LineKind, PageText, needs_ocr
from indexer.extract.reader import Reader
from indexer.segment.segments import segment

DATA = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data"))
BROKEN = "lshort.ru.pdf"  # a sound book but for its letters
SAMPLED = 2  # files of each folder of sound ones, without --all


@dataclass(frozen=True)
class Case:
    """A file with a fault: what must be found and what must not, both in small letters."""

    kind: str
    path: Path
    present: tuple[str, ...]
    absent: tuple[str, ...]


def main() -> None:
    if not (DATA / "text-faults" / "INDEX.tsv").exists():
        sys.exit("no test data: set TOLMACH_TEST_DATA to its folder")
    with Reader() as reader:
        figures = _faults(reader) | _sound(reader, "--all" in sys.argv)
    record("text", "make bench-text", figures)


def cases() -> Iterator[Case]:
    """The cases of the index."""
    folder = DATA / "text-faults"
    for row in (folder / "INDEX.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        kind, name, _, present, absent = [*row.split("\t"), "", ""][:5]
        yield Case(kind, folder / f"{kind}__{name}.pdf", tuple(_terms(present)), tuple(_terms(absent)))


def _terms(field: str) -> Iterator[str]:
    """Words, and phrases in quotation marks; a comma parts them too."""
    for at, part in enumerate(field.casefold().split('"')):
        yield from [part] if at % 2 else part.replace(",", " ").split()


def outcome(reader: Reader, case: Case) -> str:
    """right, honest or wrong."""
    try:
        with case.path.open("rb") as file:
            pages = reader.pages(file)
    except ExtractError:
        return "honest"
    text = " ".join(part.text for part in segment(pages)).casefold()
    if any(_stands_in(text, term) for term in case.absent):
        return "wrong"
    if all(_stands_in(text, term) for term in case.present):
        return "right"
    return "honest" if needs_ocr(pages) else "wrong"


def _stands_in(text: str, term: str) -> bool:
    """Whether the words are in the text as whole words."""
    return bool(re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text))


def _faults(reader: Reader) -> dict[str, float]:
    tried: Counter[str] = Counter()
    told: Counter[tuple[str, str]] = Counter()
    for case in cases():
        result = outcome(reader, case)
        tried[case.kind] += 1
        told[case.kind, result] += 1
        if result == "wrong":
            print(f"wrong: {case.path.name}")
    figures: dict[str, float] = {}
    for kind, count in tried.items():
        figures[f"{kind}_right"] = told[kind, "right"]
        figures[f"{kind}_honest"] = told[kind, "honest"]
        figures[f"{kind}_tried"] = count
    for result in ("right", "honest", "wrong"):
        figures[f"faults_{result}"] = sum(told[kind, result] for kind in tried)
    return figures | {"faults_tried": tried.total()}


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
