"""Measures how many characters each reader gets right on hand-checked pages, what is flagged in vain, and what becomes
of awkward files: `make bench-characters`. How the gold is kept: characters/README.md."""

import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from figures import ROOT, record
from pdfminer.high_level import extract_text

from indexer.analysis import russian
from indexer.extract.pages import ExtractError, PageText
from indexer.extract.quality import quality, suspect
from indexer.extract.reader import Reader
from indexer.extract.repair import repair

DATA = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data"))
GOLD = Path(__file__).parent / "characters" / "gold.json"
BROKEN = "lshort.ru.pdf"  # its text layer is Russian read as Latin-1

Correction = tuple[int, int, str]
Read = Callable[[Path, int], str]

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_BROKEN_WORD = re.compile(r"[-\u00ad\u2010\x02\x7f\ufffe][ \t]*[\r\n\f]+|[\u00ad\x02\ufffe](?:\r\n)?")
_LEADER = re.compile(r"(?:[._…] ?){5,}")


def main() -> None:
    """Measure and write docs/figures/characters.json."""
    if not (DATA / "pairs").is_dir():
        sys.exit("no test data: set TOLMACH_TEST_DATA to its folder")
    gold = [(entry, text_of(entry)) for entry in json.loads(GOLD.read_text(encoding="utf-8"))]
    with Reader() as reader:
        figures = dict(_right(gold, reader)) | dict(_damaged(gold))
        figures |= dict(_alarms(reader)) | dict(_broken(reader)) | dict(_robust(reader))
    record("characters", "make bench-characters", figures)


# --- gold ------------------------------------------------------------------------------------------------------------


def normalised(text: str) -> str:
    """Composed, with single spaces, without controls, dot leaders and drawn rules; words broken at a line's end are
    joined without their hyphen, in every reading alike, for no reader can tell such a hyphen from one of the word."""
    text = _BROKEN_WORD.sub("", unicodedata.normalize("NFC", text))
    return " ".join(_LEADER.sub(" ", _CONTROL.sub("", text)).split())


def reference(entry: Mapping[str, Any]) -> str:
    """What the pinned pypdfium2 reads on the page; `recode` names the code page that it took for Latin-1."""
    text = _pypdfium2(DATA / entry["file"], entry["page"])
    if entry["recode"]:
        text = "".join(bytes([ord(c)]).decode(entry["recode"]) if "\xc0" <= c <= "\xff" else c for c in text)
    return normalised(text)


def text_of(entry: Mapping[str, Any]) -> str:
    """The page as a person reads it: the reference with its corrections. Ends the program if either has changed."""
    text = reference(entry)
    if digest(text) != entry["reference"]:
        sys.exit(f"{entry['file']} page {entry['page']}: this pypdfium2 reads it otherwise than the gold was made from")
    for offset, length, replacement in reversed(entry["corrections"]):
        text = text[:offset] + replacement + text[offset + length :]
    if digest(text) != entry["gold"]:
        sys.exit(f"{entry['file']} page {entry['page']}: the corrections do not give the gold")
    return text


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- readers ---------------------------------------------------------------------------------------------------------


def _pypdfium2(path: Path, page: int) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return document[page - 1].get_textpage().get_text_range()
    finally:
        document.close()


def _pdfminer(path: Path, page: int) -> str:
    """With one sign for each letter that it cannot tell."""
    return re.sub(r"\(cid:\d+\)", "\ufffd", extract_text(path, page_numbers=[page - 1]))


def _pdftotext(path: Path, page: int) -> str:
    pages = ["-f", str(page), "-l", str(page)]
    return subprocess.run(["pdftotext", *pages, path, "-"], capture_output=True, text=True, check=True).stdout


def _ours(reader: Reader) -> Read:
    read: dict[Path, tuple[PageText, ...]] = {}

    def one(path: Path, page: int) -> str:
        if path not in read:
            with path.open("rb") as file:
                read[path] = reader.pages(file)
        return "\n".join(line.text for line in read[path][page - 1].lines)

    return one


# --- measures --------------------------------------------------------------------------------------------------------


def _right(gold: Sequence[tuple[dict[str, Any], str]], reader: Reader) -> Iterator[tuple[str, float]]:
    """For each reader: characters right in reading order, words found in any order; by language and kind of page."""
    yield "gold_pages", len(gold)
    yield "gold_characters", sum(len(text) for _, text in gold)
    yield "gold_corrections", sum(len(entry["corrections"]) for entry, _ in gold)
    readers: dict[str, Read] = {
        "pypdfium2": _pypdfium2,
        "pdfminer": _pdfminer,
        "pdftotext": _pdftotext,
        "ours": _ours(reader),
    }
    for name, read in readers.items():
        sums: dict[str, Counter[str]] = defaultdict(Counter)
        for entry, text in gold:
            found = normalised(read(DATA / entry["file"], entry["page"]))
            right, words = max(0, len(text) - distance(text, found)), word_characters(text, found)
            for kind in ("", f"_{entry['language']}", f"_{entry['kind']}"):
                sums[kind].update(all=len(text), right=right, words=round(words * len(text)))
        for kind, count in sums.items():
            yield f"right_{name}{kind}", round(count["right"] / count["all"], 4)
        yield f"words_{name}", round(sums[""]["words"] / sums[""]["all"], 4)


def distance(one: str, other: str) -> int:
    """Levenshtein's distance, a row at a time in the bits of an integer (Myers 1999, as Hyyrö 2003 has it)."""
    places: dict[str, int] = defaultdict(int)
    for i, character in enumerate(one):
        places[character] |= 1 << i
    mask, last = (1 << len(one)) - 1, 1 << max(0, len(one) - 1)
    plus, minus, count = mask, 0, len(one)
    for character in other:
        here = places.get(character, 0)
        diagonal = (((here & plus) + plus) ^ plus) | here | minus
        horizontal, falling = minus | ~(diagonal | plus) & mask, plus & diagonal
        count += bool(horizontal & last) - bool(falling & last)
        horizontal, falling = (horizontal << 1 | 1) & mask, falling << 1 & mask
        plus, minus = falling | ~(diagonal | horizontal) & mask, horizontal & diagonal
    return count if one else len(other)


def word_characters(text: str, found: str) -> float:
    """Share of the text's characters that are in words which were found exactly, wherever they stand."""
    expected = Counter(text.split())
    hits = expected & Counter(found.split())
    return sum(len(word) * n for word, n in hits.items()) / sum(len(word) * n for word, n in expected.items())


def _damaged(gold: Sequence[tuple[dict[str, Any], str]]) -> Iterator[tuple[str, float]]:
    """Sound Russian pages of the gold, spoilt on purpose: how many are noticed, and characters right after repair."""
    texts = [text for entry, text in gold if entry["language"] == "ru" and not entry["recode"]]
    damages: dict[str, Callable[[str], str]] = {
        "cp1251_as_latin1": lambda c: c.encode("cp1251", "ignore").decode("latin-1"),
        "koi8r_as_latin1": lambda c: c.encode("koi8-r", "ignore").decode("latin-1"),
        "koi8r_as_cp1251": lambda c: c.encode("koi8-r", "ignore").decode("cp1251", "ignore"),
        "shifted": lambda c: chr(ord(c) - 0x3D6),
    }
    for name, damage in damages.items():
        spoilt = ["".join(damage(c) if "А" <= c <= "я" else c for c in text) for text in texts]
        noticed = sum(suspect([text], quality([text])) for text in spoilt)
        mended = [(repair(text) or (text, ""))[0] for text in spoilt]
        wrong = sum(distance(text, found) for text, found in zip(texts, mended, strict=True))
        yield f"damaged_{name}_noticed", round(noticed / len(texts), 4)
        yield f"damaged_{name}_right", round(1 - wrong / sum(map(len, texts)), 4)


# --- documents -------------------------------------------------------------------------------------------------------


def _alarms(reader: Reader) -> Iterator[tuple[str, int]]:
    """Pages of sound documents that were read a second time, and those that were given up."""
    pages = twice = lost = 0
    folders = (DATA / "pairs", DATA / "un", ROOT / "deploy" / "sample" / "pdf")
    for path in sorted(path for folder in folders for path in folder.rglob("*.pdf") if path.name != BROKEN):
        found = _read(reader, path)
        if isinstance(found, str):
            lost += found == "needs_ocr"
            continue
        pages += len(found)
        lost += sum(bool(page.trouble) for page in found)
        twice += sum(_doubted(page) for page in found)
    yield from (("sound_pages", pages), ("sound_pages_read_twice", twice), ("sound_pages_given_up", lost))


def _doubted(page: PageText) -> bool:
    again = page.reader != "pypdfium2" or bool(page.trouble)
    return again or suspect([line.text for line in page.lines], page.quality)


def _broken(reader: Reader) -> Iterator[tuple[str, float]]:
    """What repair makes of the whole document whose text layer is broken: pages, and Russian words that are words."""
    found = _read(reader, DATA / "pairs" / "lshort" / BROKEN)
    assert not isinstance(found, str)
    texts = [normalised("\n".join(line.text for line in page.lines)) for page in found]
    words = [word.lower() for text in texts for word in re.findall("[А-Яа-яЁё]{3,}", text)]
    yield "broken_pages", sum(bool(page.lines or page.trouble) for page in found)
    yield "broken_pages_repaired", sum(page.reader == "repaired" for page in found)
    yield "broken_pages_given_up", sum(bool(page.trouble) for page in found)
    yield "broken_words_known", round(sum(map(russian.known, words)) / len(words), 4)


def _robust(reader: Reader) -> Iterator[tuple[str, int]]:
    """How many awkward files of each class gave text, repaired text, or which reason."""
    outcomes: Counter[str] = Counter()
    for path in sorted((DATA / "robust").glob("*/*.pdf")):
        found = _read(reader, path)
        outcomes[f"robust_{path.parent.name}_{found if isinstance(found, str) else _outcome(found)}"] += 1
    yield "robust_files", outcomes.total()
    yield from sorted(outcomes.items())


def _outcome(pages: Sequence[PageText]) -> str:
    return "repaired" if any(page.reader == "repaired" for page in pages) else "text"


def _read(reader: Reader, path: Path) -> tuple[PageText, ...] | str:
    try:
        with path.open("rb") as file:
            return reader.pages(file)
    except ExtractError as error:
        return error.code


if __name__ == "__main__":
    main()
