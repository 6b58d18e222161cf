"""What a process tells of itself in numbers. Takes no label, person, agency, document or word: it has no room for one.

`services/measuring/metrics.py` keeps the numbers where the operator wants them; elsewhere nothing is kept.
"""

from __future__ import annotations

from typing import Literal, Protocol

Part = Literal["database", "engine"]


class Meter(Protocol):
    """What is told when something was done. Every text is a word of the program's own, none that anybody sent."""

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is the template of its address."""

    def refused(self, code: str) -> None:
        """A problem of this code was answered."""

    def sign_in_refused(self) -> None:
        """A sign-in failed."""

    def called(self, part: Part, operation: str, seconds: float) -> None:
        """The database or the search engine was called."""

    def worked(self, stage: str, outcome: str, seconds: float) -> None:
        """A worker worked on a document's stage."""


class Unmeasured:
    """A Meter that keeps nothing."""

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """See Meter."""

    def refused(self, code: str) -> None:
        """See Meter."""

    def sign_in_refused(self) -> None:
        """See Meter."""

    def called(self, part: Part, operation: str, seconds: float) -> None:
        """See Meter."""

    def worked(self, stage: str, outcome: str, seconds: float) -> None:
        """See Meter."""
