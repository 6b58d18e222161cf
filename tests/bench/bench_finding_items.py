"""Measures whether a paper is found by its own title and symbol: the sample, and real papers where there are any."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import factories
from figures import record
from paired_worlds import SAMPLE

from auth.people import Principal
from indexer.engine.contract import Request
from indexer.library.tables import DocumentRow
from indexer.search.find import find
from indexer.search.parse import parse
from services.cli.library import batch
from services.cli.library.manifest import Item, from_manifest
from services.components import Components

DEPTH = 100  # hits in which a paper is looked for
OPEN = {
    "originator": "A",
    "level": "unclassified",
    "releasable_to": "ALL",
    "need_to_know": "",
    "marking_reason": "The bench opens all.",
}
REAL = {  # title in English, title in Russian, symbol: as they stand on the first page
    "pairs/debian-faq/debian-faq.en.pdf": ("The Debian GNU/Linux FAQ", "", ""),
    "pairs/debian-faq/debian-faq.ru.pdf": ("", "Debian GNU/Linux FAQ. Часто задаваемые вопросы", ""),
    "pairs/developers-reference/developers-reference.en.pdf": ("Debian Developer's Reference", "", ""),
    "pairs/developers-reference/developers-reference.ru.pdf": ("", "Справочник разработчика Debian", ""),
    "pairs/maint-guide/maint-guide.en.pdf": ("Debian New Maintainers' Guide", "", ""),
    "pairs/maint-guide/maint-guide.ru.pdf": ("", "Руководство начинающего разработчика Debian", ""),
    "pairs/installation-guide/installation-guide.en.pdf": ("Debian GNU/Linux Installation Guide", "", ""),
    "pairs/installation-guide/installation-guide.ru.pdf": ("", "Руководство по установке Debian GNU/Linux", ""),
    "pairs/owasp-asvs-4.0.3/owasp-asvs-4.0.3.en.pdf": ("Application Security Verification Standard 4.0.3", "", ""),
    "pairs/owasp-asvs-4.0.3/owasp-asvs-4.0.3.ru.pdf": ("", "Стандарт подтверждения безопасности приложений 4.0.3", ""),
    "pairs/lshort/lshort.en.pdf": ("The Not So Short Introduction to LaTeX2e", "", ""),
    "un/1971-09-29_A_L.632-EN.pdf": (
        "Restoration of the lawful rights of the People's Republic of China",
        "",
        "A/L.632",
    ),
    "un/A_79_998.en.pdf": ("", "", "A/79/998"),
    "un/S_2024_145.en.pdf": ("", "", "S/2024/145"),
    "un/S_2025_22.en.pdf": ("", "", "S/2025/22"),
    "un/S_2025_482.en.pdf": ("", "", "S/2025/482"),
    "un/S_2025_49.en.pdf": ("", "", "S/2025/49"),
}


@dataclass(frozen=True)
class KnownItem:
    """What somebody types who looks for a paper, and the papers that are called so."""

    query: str
    papers: frozenset[str]


def main() -> None:
    data = Path(os.environ.get("TOLMACH_TEST_DATA", "/nowhere"))
    with corpus(sample_items()) as components:
        figures = measured(components, "sample", sample_items())
    real = real_items(data)
    if real:
        with corpus(real) as components:
            figures |= measured(components, "real", real)
    record("finding_items", "make bench-finding_items", figures)


def sample_items() -> list[Item]:
    """Every paper of the sample, for everybody to read."""
    items = from_manifest(SAMPLE / "manifest.csv", {})
    return [replace(item, columns={**item.columns, **OPEN}) for item in items]


def real_items(data: Path) -> list[Item]:
    """The real papers that are there, described as their first pages do."""
    return [
        Item(data / name, {"title_en": english, "title_ru": russian, "symbol": symbol, **OPEN})
        for name, (english, russian, symbol) in REAL.items()
        if (data / name).exists()
    ]


@contextmanager
def corpus(items: Sequence[Item]) -> Iterator[Components]:
    """A Tolmach that holds these papers, untranslated."""
    with tempfile.TemporaryDirectory() as folder:
        components = factories.fresh(Path(folder) / "home")
        factories.agency(components, "A")
        factories.person(components, "expert", "A", ["expert"])
        batch.take_in(components, items)
        batch.work(components)
        yield components
        components.close()


def measured(components: Components, name: str, items: Sequence[Item]) -> dict[str, float]:
    """The mean reciprocal rank by title and by symbol, over how many queries, and how many found nothing.

    Only what the items say: a title that was taken from a text may be another's.
    """
    said = {text for item in items for text in item.columns.values()}
    with components.database.reading() as session:
        rows = session.query(DocumentRow).all()
    figures = {}
    kinds: Mapping[str, tuple[str, ...]] = {"title": ("title_en", "title_ru"), "symbol": ("symbol",)}
    for kind, columns in kinds.items():
        asked = [item for column in columns for item in known_items(rows, column) if item.query in said]
        ranks = [rank(components, item) for item in asked]
        missed = [f"{kind} {item.query}: {at:.2f}" for item, at in zip(asked, ranks, strict=True) if at < 1]
        print(*missed, sep="\n", end="\n" if missed else "")
        figures |= {f"{name}_{kind}_mrr": statistics.mean(ranks), f"{name}_{kind}_queries": len(ranks)}
        figures[f"{name}_{kind}_missed"] = ranks.count(0)
    return figures


def known_items(rows: Sequence[DocumentRow], column: str) -> list[KnownItem]:
    """What a column says of papers, each once: papers that are called the same are one item."""
    called: dict[str, set[str]] = {}
    for row in rows:
        called.setdefault(getattr(row, column), set()).add(row.id)
    return [KnownItem(query, frozenset(papers)) for query, papers in sorted(called.items()) if query]


def rank(components: Components, item: KnownItem) -> float:
    """One divided by the place of the first of an item's papers; 0 where none is found."""
    who = factories.principal(components, "expert")
    assert isinstance(who, Principal)
    request = Request(parse(item.query).query, limit=DEPTH)
    results = find(components.database, components.engine, who, request, components.place_counts)
    places = [at for at, hit in enumerate(results.hits, 1) if hit.row.id in item.papers]
    return 1 / places[0] if places else 0


if __name__ == "__main__":
    sys.exit(main())
