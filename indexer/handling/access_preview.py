"""Shows what a change to access would do: who would gain and lose how many documents. Refuses to keep the change.

It discloses counts by level and agency, never which documents, and speaks of this moment: a grant that begins later
gains nothing yet. A document with several originators counts under each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auth import people, policy
from auth.changes import access
from auth.changes.access import Change
from auth.database import now
from auth.labels import ReadingRule
from auth.people import Grant, Principal
from auth.policy import Action
from indexer.library.documents import are_published, split
from indexer.library.states import State
from indexer.library.tables import DocumentRow

Counts = Counter[tuple[int, str]]  # how many documents, by the rank of their level and an originator


@dataclass(frozen=True, slots=True)
class Difference:
    """What one person would gain and lose."""

    username: str
    agency: str
    gains: Counts
    losses: Counts


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do now to everybody whose readable documents it changes, and the sums over them."""

    people: tuple[Difference, ...]

    @property
    def gains(self) -> Counts:
        """What all of them would gain, summed over persons."""
        return _sum(difference.gains for difference in self.people)

    @property
    def losses(self) -> Counts:
        """What all of them would lose, summed over persons."""
        return _sum(difference.losses for difference in self.people)


NOBODY: Final = Principal("", "", "", "", ())


@dataclass(frozen=True, slots=True)
class _Judge:
    """Says which of these rules grants open; people of an agency with the same grants are judged once."""

    rules: list[ReadingRule]
    judged: dict[tuple[str, frozenset[Grant]], frozenset[str]] = field(default_factory=dict)

    def opened(self, who: Principal, grants: frozenset[Grant], others: frozenset[Grant]) -> frozenset[str]:
        """What these grants of a person open that the others do not, by digest."""
        differing = grants - others
        return self._readable(who, differing) - self._readable(who, others) if differing else frozenset()

    def _readable(self, who: Principal, grants: frozenset[Grant]) -> frozenset[str]:
        key = who.agency, grants
        if grants and key not in self.judged:
            self.judged[key] = policy.scope_among(self.rules, replace(who, grants=tuple(grants)), Action.READ).rules
        return self.judged.get(key, frozenset())


def preview(session: Session, change: Change) -> Effect:
    """What a change would do. The session must be one that may write; nothing stays written. Raises PeopleError."""
    access.lock(session)
    counts_by_rule = _counts_by_rule(session)
    inside = [rule for rule in policy.known_rules(session) if rule.digest in counts_by_rule]
    before = _by_name(people.everybody(session))
    with access.dry_run(session, change):
        after = _by_name(people.everybody(session))
    judge = _Judge(inside)
    differences = [
        _difference(before.get(name), after.get(name), judge, counts_by_rule)
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return Effect(tuple(difference for difference in differences if difference.gains or difference.losses))


def _by_name(everybody: Iterable[Principal]) -> dict[str, Principal]:
    return {who.username: who for who in everybody}


def _counts_by_rule(session: Session) -> dict[str, Counts]:
    """How many documents may be read now under each rule, by its digest."""
    levels = {rule.digest: rule.level for rule in policy.known_rules(session)}
    query = select(DocumentRow.rule, DocumentRow.originators, func.count())
    query = query.where(DocumentRow.state != State.REMOVING, are_published(now()))
    counts_by_rule: dict[str, Counts] = {}
    for digest, originators, count in session.execute(query.group_by(DocumentRow.rule, DocumentRow.originators)):
        for agency in split(originators) if digest in levels else ():
            counts_by_rule.setdefault(digest, Counter())[levels[digest], agency] += count
    return counts_by_rule


def _difference(
    before: Principal | None, after: Principal | None, judge: _Judge, counts_by_rule: Mapping[str, Counts]
) -> Difference:
    """What one person would gain and lose, which only the grants that differ can tell."""
    who = after or before or NOBODY
    old, new = _reading_grants(before or NOBODY), _reading_grants(after or NOBODY)
    return Difference(
        who.username,
        who.agency,
        _sum(counts_by_rule[digest] for digest in judge.opened(who, new, old)),
        _sum(counts_by_rule[digest] for digest in judge.opened(who, old, new)),
    )


def _reading_grants(who: Principal) -> frozenset[Grant]:
    return frozenset(grant for grant in who.grants if grant.role in policy.TABLE[Action.READ])


def _sum(counts: Iterable[Counts]) -> Counts:
    total: Counts = Counter()
    for count in counts:
        total.update(count)
    return total
