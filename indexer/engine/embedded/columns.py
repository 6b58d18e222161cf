"""Every document of the embedded index as columns in memory, for filters, facets and order. Never answers a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.engine.contract import FACETS, Facet, Inside
from indexer.engine.embedded.postings import IndexedDocument
from indexer.engine.embedded.segments import Numbers
from indexer.engine.embedded.texts import TextColumns

SLICE: Final = 5_000  # documents

Mask = NDArray[np.bool_]
Codes = NDArray[np.int32]
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one facet: `codes[document number]` holds up to as many codes as it has columns, else -1."""

    codes: Codes = field(default_factory=lambda: np.full((0, 1), -1, np.int32))
    names: Mapping[str, int] = field(default_factory=dict)

    def having(self, values: Iterable[str]) -> Mask:
        """Which documents have one of these values."""
        chosen = np.zeros(len(self.names) + 1, np.bool_)  # the last one answers for code -1
        chosen[[self.names[value] for value in values if value in self.names]] = True
        return np.asarray(chosen[self.codes].any(axis=1))

    def counts(self, documents: Mask) -> tuple[tuple[str, int], ...]:
        """How many of these documents have each value, by falling count, then by value; none that no one has."""
        codes = self.codes[documents].ravel()
        counted = np.bincount(codes[codes >= 0], minlength=len(self.names))
        pairs = ((name, int(counted[code])) for name, code in self.names.items() if counted[code])
        return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def updated(
        self, numbers: NDArray[np.int64], lists: Sequence[Sequence[str]], list_of: NDArray[np.int64], size: int
    ) -> Column:
        """A column of `size` documents in which those of these numbers have the values of one of these lists each."""
        names = dict(self.names)
        for value in chain.from_iterable(lists):
            names.setdefault(value, len(names))
        width = max([self.codes.shape[1], *map(len, lists)])
        codes = np.full((size, width), -1, np.int32)
        codes[: len(self.codes), : self.codes.shape[1]] = self.codes
        padding = [-1] * width
        rows = [([names[value] for value in values] + padding)[:width] for values in lists]
        codes[numbers] = np.array(rows, np.int32).reshape(-1, width)[list_of]
        return Column(codes, names)


@dataclass(frozen=True, slots=True)
class DocumentColumns:
    """All documents at one version of the index file, by document number."""

    version: int = 0
    ids: NDArray[np.str_] = field(default_factory=lambda: np.zeros(0, "U32"))
    days: NDArray[np.str_] = field(default_factory=lambda: np.zeros(0, "U10"))
    stamps: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    passages: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    rules: Column = field(default_factory=Column)
    facets: Mapping[Facet, Column] = field(default_factory=lambda: {facet: Column() for facet in FACETS})
    texts: TextColumns = field(default_factory=lambda: TextColumns.of([]))

    @property
    def size(self) -> int:
        """One more than the highest document number."""
        return len(self.ids)

    def inside(self, rules: Iterable[str], without: frozenset[str]) -> Mask:
        """Which documents are under one of these rules, and none of those named."""
        documents = self.rules.having(rules)
        return documents & ~np.isin(self.ids, sorted(without)) if without else documents

    def chosen(self, only: frozenset[str] | None, but: frozenset[str]) -> Mask:
        """Which documents are among these, where some are named, and not among those."""
        chosen: Mask = np.ones(self.size, np.bool_) if only is None else np.isin(self.ids, sorted(only))
        return chosen & ~np.isin(self.ids, sorted(but)) if but else chosen

    def content_of(self, documents: Mask) -> Inside:
        """How many documents these are, and the sum of their stamps."""
        return Inside(int(documents.sum()), int(self.stamps[documents].sum()))

    def updated(
        self, version: int, rows: Iterable[IndexedDocument], size: int, texts: Sequence[Numbers]
    ) -> DocumentColumns:
        """The catalogue after these changes, with `size` numbers and the rows of all texts, segment by segment.

        The changes are taken as they come, SLICE at a time: of many documents no more are in memory at once.
        """
        changes, columns = iter(rows), self
        while some := list(islice(changes, SLICE)):
            columns = columns._with(some, size)
        return replace(columns, version=version, texts=TextColumns.of(texts))

    def _with(self, rows: Sequence[IndexedDocument], size: int) -> DocumentColumns:
        """The columns after these changes; the texts are still those of before."""
        each_number, ids, _, stamps, each_rule, days, passages, each_facets = zip(*rows, strict=True)
        numbers = np.array(each_number, np.int64)
        rules, rule_of = _numbered(each_rule)
        some, facets_of = _numbered(each_facets)
        facets = [json.loads(text) for text in some]
        return DocumentColumns(
            self.version,
            _updated(self.ids, numbers, ids, size),
            _updated(self.days, numbers, days, size),
            _updated(self.stamps, numbers, stamps, size),
            _updated(self.passages, numbers, passages, size),
            self.rules.updated(numbers, [[rule] if rule else [] for rule in rules], rule_of, size),
            {
                facet: column.updated(numbers, [each.get(facet, ()) for each in facets], facets_of, size)
                for facet, column in self.facets.items()
            },
            self.texts,
        )


def _numbered(keys: Iterable[str]) -> tuple[list[str], NDArray[np.int64]]:
    """The different ones among these, and of each of these which it is."""
    numbers: dict[str, int] = {}
    of = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
    return list(numbers), of


def _updated(column: NDArray[T], numbers: NDArray[np.int64], values: Sequence[Any], size: int) -> NDArray[T]:
    grown = np.zeros(size, column.dtype)
    grown[: len(column)] = column
    grown[numbers] = values
    return grown
