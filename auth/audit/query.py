"""Which entries of the audit trail are looked for, and the condition that finds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

NO_INDEX: Final = " || ''"  # behind a column: its index is not used


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries are looked for; what is empty does not matter. `before` is a number, `until` not included."""

    person: str = ""
    action: str = ""
    object: str = ""
    decision: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None

    @property
    def bounds(self) -> str:
        """The condition that the number lies between two others: of little weight where moments bound it better."""
        return f"{'+' if self.since or self.until else ''}number BETWEEN ? AND ?"

    def condition(self) -> tuple[str, list[str | int]]:
        """A condition of SQL and its values; of several with an index, the one that leaves fewest entries uses it."""
        parts: list[str] = []
        values: list[str | int] = []

        def add(condition: str, *more: str | int) -> None:
            parts.append(condition)
            values.extend(more)

        if self.object:
            numbers = "SELECT number FROM trail WHERE object = ? UNION SELECT number FROM shown WHERE object = ?"
            add(f"number IN ({numbers})", self.object, self.object)
        for name, value in (("actor", self.person), ("decision", self.decision), ("action", self.action)):
            if value:
                add(f"{name}{NO_INDEX if parts else ''} = ?", value)
        window = [(sign, in_text(at)) for sign, at in ((">=", self.since), ("<", self.until)) if at]
        within, moments = " AND ".join(f"at {sign} ?" for sign, _ in window), [at for _, at in window]
        for sign, at in window:
            # `+number`: by the index of moments, what the window holds; else by number, down from the newest
            bound = "min(+number)" if sign == ">=" else "max(+number)" if self.since else "max(number)"
            reach = f"SELECT {bound} FROM trail WHERE {within}"  # noqa: S608
            add(f"at{NO_INDEX} {sign} ? AND number {sign[0]}= ({reach})", at, *moments)
        if self.before is not None:
            add("number < ?", self.before)
        return " AND ".join(parts) or "1 = 1", values


def in_text(moment: datetime | None) -> str:
    """A moment as the trail keeps it; of None, ""."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else ""
