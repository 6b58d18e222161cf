"""Papers out of PDFs, which of them are found to be pairs, and differences planted between two human versions."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bitexts import DATA
from figures import ROOT

from indexer.extract.pages import ExtractError
from indexer.extract.reader import Limits, Reader
from indexer.pairs import portraits
from indexer.pairs.align.alignment import align
from indexer.pairs.differences import PaperDifference, Papers, differences_of
from indexer.pairs.portraits import ALIKE, CONFIRMED, LENGTHS, PROPOSED, SENTENCES
from indexer.segment.segments import segment

SAMPLE = ROOT / "deploy" / "sample" / "pdf"
PLANTED = 50  # of each kind


@dataclass(frozen=True)
class Paper:
    """The sentences of a PDF without headers and footers, its language and how many pages it has."""

    path: Path
    texts: list[str]
    language: str
    pages: int

    @property
    def name(self) -> str:
        """What both papers of a pair are called."""
        return re.sub(r"[-.](?:en|ru)$", "", self.path.stem)


def read(paths: Sequence[Path]) -> list[Paper]:
    """The papers that hold text."""
    reader = Reader(Limits())
    papers = []
    for path in paths:
        try:
            with path.open("rb") as file:
                pages = reader.pages(file)
        except ExtractError:
            continue
        sentences = [each for each in segment(pages) if not each.furniture]
        letters = Counter({"en": 0, "ru": 0})
        for each in sentences:
            letters[each.language] += len(each.text)
        papers.append(Paper(path, [each.text for each in sentences], letters.most_common(1)[0][0], len(pages)))
    reader.close()
    return papers


def sample() -> list[Paper]:
    """The papers of the sample corpus."""
    return read(sorted(SAMPLE.glob("*.pdf")))


def pairing(papers: Sequence[Paper]) -> dict[str, float]:
    """How many pairs are found as a worker finds them, and how sure that was."""
    english, russian = ([paper for paper in papers if paper.language == language] for language in ("en", "ru"))
    seen = {paper.path: portraits.portrait(paper.texts, "en" if paper.language == "en" else "ru") for paper in papers}
    letters = {paper.path: sum(map(len, paper.texts[:SENTENCES])) for paper in papers}
    likely: dict[tuple[Path, Path], float] = {}
    for one in english:
        near = portraits.cosines(seen[one.path], [seen[other.path] for other in russian])
        for other, cosine in zip(russian, near, strict=True):
            alike = 1 / LENGTHS <= letters[one.path] / letters[other.path] <= LENGTHS
            if alike and cosine >= ALIKE:
                likely[one.path, other.path] = portraits.likeness(one.texts, other.texts, "en", "ru")
    named = {paper.path: paper.name for paper in papers}
    right = {both: value for both, value in likely.items() if named[both[0]] == named[both[1]]}
    wrong = [value for both, value in likely.items() if both not in right]
    there = sum(one.name == other.name for one in english for other in russian)
    return {
        "papers": len(papers),
        "pairs_there": there,
        "pairs_found": sum(value >= PROPOSED for value in right.values()),
        "pairs_confirmed_by_themselves": sum(value >= CONFIRMED for value in right.values()),
        "pairs_false": sum(value >= PROPOSED for value in wrong),
        "least_likeness_of_a_pair": min(right.values()),
        "most_likeness_of_no_pair": max(wrong, default=0.0),
    }


# -- Planted differences

Texts = list[str]
REPORTED_AS = {"numbers": ("numbers", "dates")}  # a year after a month is a date
Plant = Callable[[Texts, random.Random], int | None]  # changes texts; gives the place of the change


def _changing(pattern: str, change: Callable[[re.Match[str], random.Random], str]) -> Plant:
    """Change one match of a pattern somewhere."""

    def plant(texts: Texts, chance: random.Random) -> int | None:
        places = [at for at, text in enumerate(texts) if re.search(pattern, text)]
        if not places:
            return None
        at = chance.choice(places)
        match = chance.choice([*re.finditer(pattern, texts[at])])
        texts[at] = texts[at][: match.start()] + change(match, chance) + texts[at][match.end() :]
        return at

    return plant


def _other_digit(match: re.Match[str], chance: random.Random) -> str:
    at = chance.choice([at for at, sign in enumerate(match[0]) if sign.isdigit()])
    digits = [digit for digit in "123456789" if digit != match[0][at]]
    return match[0][:at] + chance.choice(digits) + match[0][at + 1 :]


def _other_day(match: re.Match[str], chance: random.Random) -> str:
    return match[0].replace(match[1], str(int(match[1]) % 28 + 1), 1)


def _nothing(match: re.Match[str], chance: random.Random) -> str:
    return " "


def _another_name(match: re.Match[str], chance: random.Random) -> str:
    names = ("Ташкент", "Женева", "Бишкек", "Алматы")
    return chance.choice([name for name in names if name[:4] != match[0][:4]])


def _paragraph(texts: Texts, chance: random.Random) -> int | None:
    """Take one to three sentences out, the first of which is long."""
    places = [at for at, text in enumerate(texts) if len(text) >= 80]
    if not places:
        return None
    at = chance.choice(places)
    del texts[at : at + chance.randint(1, 3)]
    return at


_MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
PLANTS: dict[str, Plant] = {
    "numbers": _changing(rf"(?<![\w/.–-])(?<!стр\. )\d{{1,4}}(?![\w/.–-]| (?:{_MONTHS})| г\.)", _other_digit),
    "dates": _changing(rf"\b(\d{{1,2}}) (?:{_MONTHS})", _other_day),
    "symbols": _changing(r"\b[A-Z]{2,}/\d{4}/[A-Z.\d/]*\d", _other_digit),
    "negations": _changing(r"(?<=[а-я,]) не (?=[а-я])", _nothing),
    "names": _changing(r"(?<=[а-я] )(?:Алматы|Бишкек\w*|Душанбе|Ташкент\w*|Астан\w+|Женев\w+)", _another_name),
    "missing": _paragraph,
}


def differences(pairs: Sequence[tuple[Texts, Texts, int]], kinds: Sequence[str] = tuple(PLANTS)) -> dict[str, float]:
    """Of planted differences the share found, by kind; and what is found a page where nothing was planted."""
    plain = [_found(english, russian) for english, russian, _ in pairs]
    figures = {
        "differences_unplanted_per_page": round(sum(map(len, plain)) / sum(pages for *_, pages in pairs), 2),
        "pages_compared": sum(pages for *_, pages in pairs),
    }
    for kind in kinds:
        chance, found, planted = random.Random(kind), 0, 0
        while planted < PLANTED:
            which = chance.randrange(len(pairs))
            english, russian, _ = pairs[which]
            changed = list(russian)
            if PLANTS[kind](changed, chance) is None:
                continue
            planted += 1
            new = Counter(_named(_found(english, changed), kind)) - Counter(_named(plain[which], kind))
            found += bool(new)
        figures[f"planted_{kind}_found"] = round(found / planted, 3)
    return figures


def _found(english: Texts, russian: Texts) -> list[tuple[PaperDifference, str]]:
    beads = align(english, russian, "en", "ru")
    papers = Papers(dict(enumerate(english)), dict(enumerate(russian)), "en")
    found = differences_of(beads, papers, 0, len(beads))
    return [(each, " ".join(english[at] for at in each.first.ordinals)) for each in found]


def _named(found: Sequence[tuple[PaperDifference, str]], kind: str) -> list[tuple[object, ...]]:
    """Differences of a kind by what they say, not by their place, which a missing sentence shifts."""
    return [
        (text, each.first.only, each.second.only) for each, text in found if each.kind in REPORTED_AS.get(kind, (kind,))
    ]


def versions(papers: Sequence[Paper]) -> list[tuple[Texts, Texts, int]]:
    """The pairs among papers, as two lists of sentences and the pages of the longer one."""
    by_name = {(paper.name, paper.language): paper for paper in papers}
    russian = [paper for paper in papers if paper.language == "ru" and (paper.name, "en") in by_name]
    both = [(by_name[paper.name, "en"], paper) for paper in russian]
    return [(one.texts, other.texts, max(one.pages, other.pages)) for one, other in both]


def large() -> list[Paper]:
    """The papers of ../shared/data/pairs and un/."""
    return read([*sorted((DATA / "pairs").glob("*/*.pdf")), *sorted((DATA / "un").glob("*.pdf"))])
