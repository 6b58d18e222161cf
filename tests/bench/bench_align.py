"""Measures alignment by strict F1 (a bead counts where both its sides are exactly right) beside Gale and Church, on
bitexts damaged alike, those to report unseen in tuning; and from PDF to PDF, with gold by text. `make bench-align`."""

from __future__ import annotations

import time
from collections.abc import Collection
from operator import eq

from bitexts import FILES, SEEDS, Bitext, Link, damaged, rows
from figures import record
from from_pdf import PAPERS, gold, texts
from gale_church import gale_church

from indexer.pairs.align.alignment import Bead, align

USUAL = (0.05, 0.06, 0.04)  # shares deleted on each side, merged or split, missing in one block
MIXED = (0.05, 0.4, 0.04)
SURE = 0.8
TUNED, REPORTED = 0, 1


def main() -> None:
    figures: dict[str, float] = {}
    for name in FILES:
        figures |= _measured(name, f"{name}", USUAL, REPORTED)
        figures |= _measured(name, f"{name}_mixed", MIXED, REPORTED)
    for name in PAPERS:
        figures |= _from_pdf(name)
    record("align", "make bench-align", figures)


def _measured(name: str, called: str, damage: tuple[float, float, float], half: int) -> dict[str, float]:
    pairs = rows(name, half)
    bitexts = [damaged(pairs, f"{name}/{half}/{seed}", *damage) for seed in range(SEEDS[name])]
    began = time.process_time()
    found = [align(each.ours, each.theirs, "en", "ru") for each in bitexts]
    seconds = time.process_time() - began
    sentences = sum(len(each.ours) + len(each.theirs) for each in bitexts)
    by_length = [gale_church(*(list(map(len, side)) for side in (each.ours, each.theirs))) for each in bitexts]
    return {
        f"{called}_f1": _f1(bitexts, [_links(beads) for beads in found]),
        f"{called}_gale_church_f1": _f1(bitexts, by_length),
        f"{called}_not_one_to_one": round(sum(each.other for each in bitexts) / len(bitexts), 3),
        f"{called}_right_of_sure": _right_of_sure(bitexts, found),
        f"{called}_sentences_per_cpu_second": round(sentences / seconds),
    }


def _from_pdf(name: str) -> dict[str, float]:
    """A row of the bitext, often a paragraph, is right where the beads that share a sentence with it make it up."""
    english, russian = texts(name)
    known = gold(name, english, russian)
    links = _links(align(english, russian, "en", "ru"))
    joined = [_together(links, bead) for bead in known]
    right = sum(map(eq, joined, known))
    answered = sum(first != () for first, _ in joined)
    return {
        f"{name}_pdf_sentences": len(english) + len(russian),
        f"{name}_pdf_rows_known": len(known),
        f"{name}_pdf_f1": round(2 * right / (len(known) + answered), 3),
    }


def _together(links: Collection[Link], known: Link) -> Link:
    """The beads that share a sentence with one, as one."""
    touching = [link for link in links if {*link[0]} & {*known[0]} or {*link[1]} & {*known[1]}]
    first, second = (tuple(sorted({place for link in touching for place in link[side]})) for side in (0, 1))
    return first, second


def _links(beads: list[Bead]) -> list[Link]:
    return [(bead.first, bead.second) for bead in beads if bead.whole]


def _f1(bitexts: list[Bitext], found: list[Collection[Link]]) -> float:
    right = sum(len(each.gold & set(links)) for each, links in zip(bitexts, found, strict=True))
    return round(2 * right / sum(len(each.gold) + len(links) for each, links in zip(bitexts, found, strict=True)), 3)


def _right_of_sure(bitexts: list[Bitext], found: list[list[Bead]]) -> float:
    sure = [
        (bead.first, bead.second) in each.gold
        for each, beads in zip(bitexts, found, strict=True)
        for bead in beads
        if bead.whole and bead.confidence >= SURE
    ]
    return round(sum(sure) / len(sure), 3)


if __name__ == "__main__":
    main()
