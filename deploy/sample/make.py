"""Makes the sample corpus: `texts/*.md` become `pdf/*.pdf` and `manifest.csv`, the same bytes each time.

    python -m deploy.sample.make            write what is out of date, delete what has no source
    python -m deploy.sample.make --check    write nothing; exit 1 and name the files that are out of date

To add a paper: copy a file of `texts/`, change its front matter and body, run this, commit all three. Agencies,
meetings and people are in `sample.toml`; names of bodies in Russian in `texts/bodies.toml`. The markup is
explained at the top of `source.py`.
"""

import argparse
import csv
import io
import re
import sys
import tempfile
import tomllib
import zlib
from pathlib import Path

from deploy.sample.paper import make_pdf
from deploy.sample.source import FIELDS, Paper, read_papers

HERE = Path(__file__).parent
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.S)


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns 0 when all is up to date, 1 when --check found what is not."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.sample.make",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    check = parser.parse_args(arguments).check
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        build(made)
        stale = differences(made, HERE)
        if not check:
            _copy(made, stale)
    for name in stale:
        print(("out of date: " if check else "written: ") + name)
    if check and stale:
        print("Run: python -m deploy.sample.make", file=sys.stderr)
    return int(check and bool(stale))


def build(target: Path) -> None:
    """Make every PDF and the manifest in an empty folder."""
    sample = tomllib.loads((HERE / "sample.toml").read_text("utf-8"))
    bodies = tomllib.loads((HERE / "texts" / "bodies.toml").read_text("utf-8"))
    agencies = {agency["code"]: agency for agency in sample["agency"]}
    meetings = {meeting["code"]: meeting for meeting in sample["meeting"]}
    papers = read_papers(HERE / "texts")
    (target / "pdf").mkdir()
    for paper in papers:
        facts, language = paper.facts, paper.language
        agency = agencies[facts["originator"]][f"name_{language}"]
        meeting = meetings[facts["meeting"]][f"title_{language}"]
        body = bodies[facts["body"]] if language == "ru" else facts["body"]
        make_pdf(paper, agency, meeting, body, target / paper.file)
    (target / "manifest.csv").write_bytes(manifest(papers).encode("utf-8"))


def manifest(papers: list[Paper]) -> str:
    """The manifest as CSV text: one line a paper, with a header line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", *FIELDS])
    for paper in papers:
        writer.writerow([paper.file, *(_cell(name, paper.facts[name]) for name in FIELDS)])
    return text.getvalue()


def differences(made: Path, kept: Path) -> list[str]:
    """Names of files that differ, are missing or have no source; PDFs are compared by what they hold."""
    names = {path.relative_to(root).as_posix() for root in (made, kept) for path in (root / "pdf").glob("*.pdf")}
    return [name for name in sorted({*names, "manifest.csv"}) if not _same(made / name, kept / name)]


def _same(one: Path, other: Path) -> bool:
    if not (one.exists() and other.exists()):
        return False
    first, second = one.read_bytes(), other.read_bytes()
    if first == second or one.suffix != ".pdf":
        return first == second
    return bool(_streams(first)) and _streams(first) == _streams(second)


def _streams(pdf: bytes) -> list[bytes]:
    """The streams of a PDF, unpacked: another build of zlib may pack the same content into other bytes."""
    return [zlib.decompressobj().decompress(packed) for packed in STREAM.findall(pdf)]


def _copy(made: Path, names: list[str]) -> None:
    (HERE / "pdf").mkdir(exist_ok=True)
    for name in names:
        if (made / name).exists():
            (HERE / name).write_bytes((made / name).read_bytes())
        else:
            (HERE / name).unlink()


def _cell(name: str, value: object) -> str:
    if name == "translation_of" and value:
        return f"pdf/{value}.pdf"
    return ",".join(value) if isinstance(value, list) else str(value)


if __name__ == "__main__":
    sys.exit(main())
