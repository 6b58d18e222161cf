"""What fields and filters narrow a search to, and how that becomes part of what is asked of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from auth.scheme import Scheme, SchemeError
from indexer.engine.contract import Facet, Request


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the fields of a query narrow a search to: values of each facet, first and last day as ISO text or ""."""

    filters: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    days: tuple[str, str] = ("", "")
    undated: bool = False

    def and_also(self, other: Narrowing) -> Narrowing:
        """What is left by both: of the values of one facet those that both name."""
        filters = {**self.filters, **other.filters}
        for facet in self.filters.keys() & other.filters.keys():
            filters[facet] = self.filters[facet] & other.filters[facet]
        last = sorted(day for day in (self.days[1], other.days[1]) if day)
        return Narrowing(
            filters, (max(self.days[0], other.days[0]), last[0] if last else ""), self.undated or other.undated
        )


def narrowed(request: Request, narrowing: Narrowing, scheme: Scheme) -> Request:
    """A request without filters of its own, narrowed; levels are named in a narrowing, and ranks in a request."""
    filters = dict(narrowing.filters)
    if "level" in filters:
        filters["level"] = frozenset(_rank(scheme, name) for name in filters["level"])
    return replace(request, filters=filters, days=narrowing.days, undated=narrowing.undated)


def _rank(scheme: Scheme, name: str) -> str:
    try:
        return str(scheme.rank(name))
    except SchemeError:
        return ""  # a level that does not exist has no documents
