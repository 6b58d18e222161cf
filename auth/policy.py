"""Decides who may read what: the only maker of Scope. Refuses whatever its table does not list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.database import locking
from auth.expression import satisfied
from auth.labels import ALL, Label, ReadingRule, dominates
from auth.people import READING_ROLES, Grant, Principal, Role
from auth.tables import RuleRow


class Action(StrEnum):
    """What somebody may want to do."""

    SEARCH = "search"  # find documents, be offered words
    READ = "read"  # open a document, its pages and their images
    DOWNLOAD = "download"  # take the original file away
    INTAKE = "intake"  # bring a document in, and see how it fares, before and after its time as well
    LABEL = "label"  # give a document another label, embargo, expiry, review date or legal hold
    REMOVE = "remove"  # take a document out for good
    EDIT = "edit"  # better translations and terms
    APPROVE = "approve"  # let somebody else's translation pass
    ENQUIRE = "enquire"  # ask another agency whether it holds something, and never be told
    RECEIVE = "receive"  # see what other agencies ask one's own, and close it
    STATUS = "status"  # how the service is
    ADMINISTER = "administer"  # change agencies, people and grants
    PREVIEW = "preview"  # who would gain and lose what by such a change
    EXPLAIN = "explain"  # which rule lets a person read, or does not
    AUDIT = "audit"  # read the trail


TABLE: Final[dict[Action, frozenset[Role]]] = {
    Action.SEARCH: frozenset({Role.EXPERT, Role.TRANSLATOR, Role.REVIEWER}),
    Action.READ: frozenset({Role.EXPERT, Role.TRANSLATOR, Role.REVIEWER, Role.REGISTRAR}),
    Action.DOWNLOAD: frozenset({Role.EXPERT, Role.TRANSLATOR, Role.REVIEWER, Role.REGISTRAR}),
    Action.INTAKE: frozenset({Role.REGISTRAR}),
    Action.LABEL: frozenset({Role.REGISTRAR}),
    Action.REMOVE: frozenset({Role.REGISTRAR}),
    Action.EDIT: frozenset({Role.TRANSLATOR}),
    Action.APPROVE: frozenset({Role.REVIEWER}),
    Action.ENQUIRE: frozenset({Role.EXPERT}),
    Action.RECEIVE: frozenset({Role.REGISTRAR}),
    Action.STATUS: frozenset({Role.ADMINISTRATOR}),
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
    Action.PREVIEW: frozenset({Role.ADMINISTRATOR}),
    Action.EXPLAIN: frozenset({Role.ADMINISTRATOR, Role.REGISTRAR}),
    Action.AUDIT: frozenset({Role.AUDITOR}),
}
DISCLOSES: Final[dict[Action, str]] = {  # what an answer may tell of documents that the person may not read
    Action.STATUS: "how many documents are in which state, over all labels, and whether the disk has room for long",
    Action.PREVIEW: "how many documents of which level and agency each person would gain or lose",
    Action.AUDIT: "who did what when: identifiers and labels of documents, reasons, which and how many were found,"
    " the digests of files that were disposed of",
}
UNLABELLED: Final = frozenset(  # actions on no document: the role alone decides
    {
        Action.ENQUIRE,
        Action.RECEIVE,
        Action.STATUS,
        Action.ADMINISTER,
        Action.PREVIEW,
        Action.EXPLAIN,
        Action.AUDIT,
    }
)
UNPUBLISHED: Final = frozenset({Action.INTAKE, Action.LABEL, Action.REMOVE})  # reach documents outside their time too

_PUBLISHED_ALONE: Final = READING_ROLES - {Role.REGISTRAR}  # these roles read the same under the same label

REACHES: Final[dict[Action, tuple[Action, ...]]] = {  # by whose scopes an action reaches a document, if not by its own
    Action.READ: (Action.READ, Action.INTAKE),  # whoever may take a document in may see it outside its time too
    Action.DOWNLOAD: (Action.DOWNLOAD, Action.INTAKE),
    Action.EXPLAIN: (Action.READ, Action.INTAKE),  # only documents that one may know of
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The reading rules, by digest, that somebody satisfies for one action now. Made here and nowhere else."""

    action: Action
    rules: frozenset[str]

    def covers(self, rule: str) -> bool:
        """Whether the rule of this digest is inside."""
        return rule in self.rules


def allows(principal: Principal, action: Action) -> bool:
    """Whether some role that the person holds now opens the action at all."""
    return any(grant.role in TABLE[action] for grant in principal.grants)


def permits(principal: Principal, action: Action, label: Label) -> bool:
    """Whether the person may do this now to a document of this label."""
    return action not in UNLABELLED and any(
        grant.role in TABLE[action] and _reads(grant, principal.agency, label.rule) for grant in principal.grants
    )


def scope_for(session: Session, principal: Principal, action: Action) -> Scope:
    """All reading rules that `permits` would accept for this person and action now."""
    return scope_among(known_rules(session), principal, action)


def reaching(session: Session, principal: Principal, action: Action) -> tuple[Scope, ...]:
    """The scopes in which the person may do this to a document, the nearest first: for most actions, one."""
    return tuple(scope_for(session, principal, way) for way in REACHES.get(action, (action,)))


def scope_among(rules: Iterable[ReadingRule], principal: Principal, action: Action) -> Scope:
    """As `scope_for`, out of the rules given."""
    return Scope(
        action,
        frozenset(rule.digest for rule in rules if permits(principal, action, Label(rule, frozenset()))),
    )


def shaping(session: Session, scope: Scope, rule: str) -> Scope:
    """Of a scope the rules that everyone satisfies who may read under `rule`, a digest.

    What has one of them may shape what is shown of a document under that rule.
    """
    document = Label(rule_of(session, rule), frozenset())
    weaker = (each.digest for each in known_rules(session) if dominates(document, Label(each, frozenset())))
    return Scope(scope.action, scope.rules & frozenset(weaker))


def reach_of(principal: Principal) -> str:
    """What a person may read now, as text that is kept and compared: their agency and grants."""
    grants = {(str(grant.role), grant.clearance, tuple(sorted(grant.words))) for grant in principal.grants}
    return json.dumps([principal.agency, sorted(grants)], ensure_ascii=False)


def lies_inside(reach: str, principal: Principal) -> bool:
    """Whether whoever had this reach could know of no document that the person may not read now. A doubt is a no.

    By grants alone, whatever rules there are, so that none of them shows. Documents are released to agencies: of
    another agency nobody's rights lie inside one's own.
    """
    agency, grants = json.loads(reach)
    return agency == principal.agency and all(
        any(_covers(own, Grant(Role(role), clearance, frozenset(words))) for own in principal.grants)
        for role, clearance, words in grants
    )


def _covers(own: Grant, other: Grant) -> bool:
    alike = own.role == other.role or {own.role, other.role} <= _PUBLISHED_ALONE
    return alike and own.clearance >= other.clearance and own.words >= other.words


def operator_scope(session: Session, action: Action) -> Scope:
    """Everything: for the machine's operator at its console, who holds the files and keys anyway."""
    return Scope(action, frozenset(rule.digest for rule in known_rules(session)))


def _reads(grant: Grant, agency: str, rule: ReadingRule) -> bool:
    return (
        rule.level <= grant.clearance
        and (rule.releasable_to == ALL or agency in rule.releasable_to)
        and satisfied(rule.need_to_know, grant.words)
    )


def known_rules(session: Session) -> list[ReadingRule]:
    """Every reading rule that a document has or had."""
    return [_rule(text) for text in session.scalars(select(RuleRow.rule))]


def keep_rule(session: Session, rule: ReadingRule) -> str:
    """Make a rule known, so that scopes can hold it; gives its digest. It is not cleared away before this ends."""
    if session.scalar(locking(select(RuleRow).where(RuleRow.digest == rule.digest), as_named=True)) is None:
        session.add(RuleRow(digest=rule.digest, rule=rule.as_text()))
        session.flush()
    return rule.digest


def rule_of(session: Session, digest: str) -> ReadingRule:
    """The rule of a digest; of an unknown one, that of SEALED."""
    row = session.get(RuleRow, digest)
    return _rule(row.rule if row else "")


def rule_in(text: str) -> ReadingRule:
    """The rule that was kept as this text; of "", that of SEALED."""
    return _rule(text)


@lru_cache(maxsize=100_000)
def _rule(text: str) -> ReadingRule:
    return ReadingRule.from_text(text)
