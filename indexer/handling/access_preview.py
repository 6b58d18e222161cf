"""Shows what a change to access would do: who would gain and lose how many documents. Refuses to keep the change.

It discloses counts by level and agency, never which documents, and speaks of this moment: a grant that begins later
gains nothing yet. A document with several originators counts under each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class _Readable:
    """The rules that a person may read under."""

    agency: str
    rules: frozenset[str]


NOBODY = _Readable("", frozenset())


def preview(session: Session, change: Change) -> Effect:
    """What a change would do. The session must be one that may write; nothing stays written. Raises PeopleError."""
    access.lock(session)
    counts_by_rule = _counts_by_rule(session)
    inside = [rule for rule in policy.known_rules(session) if rule.digest in counts_by_rule]
    before = _readable(people.everybody(session), inside)
    with access.dry_run(session, change):
        after = _readable(people.everybody(session), inside)
    differences = [
        _difference(username, before.get(username, NOBODY), after.get(username, NOBODY), counts_by_rule)
        for username in sorted({*before, *after})
    ]
    return Effect(tuple(difference for difference in differences if difference.gains or difference.losses))


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


def _readable(everybody: Iterable[Principal], rules: list[ReadingRule]) -> dict[str, _Readable]:
    """What each person may read under, by user name; people with the same agency and grants are judged once."""
    judged: dict[tuple[str, frozenset[Grant]], frozenset[str]] = {}
    readable = {}
    for who in everybody:
        key = (who.agency, frozenset(grant for grant in who.grants if grant.role in policy.TABLE[Action.READ]))
        if key not in judged:
            judged[key] = policy.scope_among(rules, who, Action.READ).rules if key[1] else frozenset()
        readable[who.username] = _Readable(who.agency, judged[key])
    return readable


def _difference(username: str, before: _Readable, after: _Readable, counts_by_rule: Mapping[str, Counts]) -> Difference:
    return Difference(
        username,
        after.agency or before.agency,
        _sum(counts_by_rule[digest] for digest in after.rules - before.rules),
        _sum(counts_by_rule[digest] for digest in before.rules - after.rules),
    )


def _sum(counts: Iterable[Counts]) -> Counts:
    total: Counts = Counter()
    for count in counts:
        total.update(count)
    return total
