"""The termbase: terms are proposed by translators and approved by reviewers who did not propose them.

Everything is read inside a scope: a term outside it is not there. What was approved is never changed, but replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from heapq import merge
from itertools import islice
from typing import Final, Literal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from auth.database import locking
from auth.errors import ErrorKind, TolmachError
from auth.labels import Label
from auth.people import Principal
from auth.policy import Scope, keep_rule, rule_of
from auth.tables import PersonRow
from indexer.analysis.tokens import Token, tokens
from indexer.lexicon.termbase.concept_rows import APPROVED, PROPOSED, Placing, concepts_of, keep, prepared
from indexer.lexicon.termbase.known import shipped_concepts
from indexer.lexicon.termbase.runs import Run, own_readings, run_of
from indexer.lexicon.termbase.tables import ConceptEventRow, ConceptRow, ConceptWordRow, VocabularyRow
from indexer.lexicon.termbase.terms import Concept, checked

MOST_WAITING: Final = 200  # proposals of one person
MOST_QUERY_WORDS: Final = 8
WITHDRAWN: Final = "withdrawn"
REPLACED: Final = "replaced"

TermState = Literal["approved", "proposed", "rejected", "withdrawn", "replaced"]
Verdict = Literal["approved", "rejected"]


class NoTermError(TolmachError, LookupError):
    """No term of that identifier is there for this person."""

    kind = ErrorKind.ABSENT
    code = "no_term"
    sentence = "There is no such term, or it is not for you."


class TermDecisionError(TolmachError, ValueError):
    """The term cannot be decided on by this person or as it stands; the message says why."""

    kind = ErrorKind.CONFLICT
    code = "term_decision"


@dataclass(frozen=True, slots=True)
class TermEvent:
    """Something that was done to a term."""

    act: str
    by: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A term as people see it. `label` is None of one that ships; `vocabulary` names the file that it came in."""

    concept_id: str
    concept: Concept
    state: TermState
    label: Label | None
    vocabulary: str = ""
    licence: str = ""
    replaces: str = ""
    history: tuple[TermEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class TermQuery:
    """Which terms are looked for: those that hold all words of `text` in any form, of one state."""

    text: str = ""
    state: TermState = APPROVED
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TermsFound:
    """Some of the terms that were looked for, by their first English word, and how many there are."""

    total: int
    terms: tuple[ShownTerm, ...]


def search(session: Session, scope: Scope, query: TermQuery) -> TermsFound:
    """The terms inside the scope that were looked for, those that ship among them."""
    words = tokens(query.text)[:MOST_QUERY_WORDS]
    shipped = _shipped(words) if query.state == APPROVED else []
    listed = _listed(scope, words, query.state)
    counted = session.scalar(select(func.count()).select_from(listed.subquery())) or 0 if scope.rules else 0
    own = _own(session, listed, query) if scope.rules else []
    headings = merge(shipped, own)
    some = [concept_id for _, concept_id in islice(headings, query.offset, query.offset + query.limit)]
    terms = _terms(session, scope, some)
    return TermsFound(counted + len(shipped), tuple(terms[each] for each in some if each in terms))


def get(session: Session, scope: Scope, concept_id: str) -> ShownTerm:
    """A term with its history. Raises NoTermError."""
    term = _terms(session, scope, [concept_id]).get(concept_id)
    if term is None:
        raise NoTermError
    events = select(ConceptEventRow).where(ConceptEventRow.concept == concept_id).order_by(ConceptEventRow.number)
    history = (TermEvent(each.act, each.by, each.at.isoformat(), each.reason) for each in session.scalars(events))
    return replace(term, history=tuple(history))


def approved(session: Session, scope: Scope) -> Iterator[ShownTerm]:
    """Every approved term inside the scope, by its first English word, without those that ship."""
    query = _listed(scope, (), APPROVED).order_by(ConceptRow.heading, ConceptRow.id)
    ids = [concept_id for _, concept_id in session.execute(query)] if scope.rules else []
    for start in range(0, len(ids), 1_000):
        some = ids[start : start + 1_000]
        terms = _terms(session, scope, some)
        yield from (terms[each] for each in some)


def propose(
    session: Session, scope: Scope, by: Principal, concept: Concept, label: Label, reason: str, replaces: str = ""
) -> str:
    """Propose a term, in place of another one if that is named, which must have the same reading rule.

    Gives its identifier. Raises TermError, NoTermError, TermDecisionError.
    """
    good = checked(concept)
    if replaces:
        old = _locked(session, scope, replaces)
        if old.rule != label.rule.digest or old.state != APPROVED:
            raise TermDecisionError(
                "A term can be replaced while it is approved, by one with the same label.", code="term_label_kept"
            )
    session.scalar(locking(select(PersonRow.id).where(PersonRow.id == by.person_id)))  # theirs are counted in turn
    theirs = select(func.count()).select_from(ConceptRow)
    theirs = theirs.where(ConceptRow.proposed_by == by.person_id, ConceptRow.state == PROPOSED)
    if (session.scalar(theirs) or 0) >= MOST_WAITING:
        raise TermDecisionError("{most} of your proposals wait already.", code="term_waiting", most=MOST_WAITING)
    placing = Placing.of("terms", keep_rule(session, label.rule), label, PROPOSED)
    (concept_id,) = keep(session, [prepared(good)], replace(placing, proposed_by=by.person_id, replaces=replaces))
    _tell(session, concept_id, "proposed", by, reason)
    return concept_id


def decide(session: Session, scope: Scope, by: Principal, concept_id: str, verdict: Verdict, reason: str) -> None:
    """Approve or reject what somebody else proposed. What it replaces is approved no more, in the same transaction.

    Raises NoTermError, TermDecisionError.
    """
    row = _waiting(session, scope, concept_id)
    if row.proposed_by == by.person_id:
        raise TermDecisionError("Somebody else must decide on what you proposed yourself.", code="own_term")
    if verdict == APPROVED and row.replaces:
        old = _locked(session, scope, row.replaces)
        if old.state != APPROVED:
            raise TermDecisionError("The term that it replaces was replaced meanwhile.", code="term_replaced")
        old.state = REPLACED
        _tell(session, old.id, REPLACED, by, reason)
    row.state = verdict
    _tell(session, concept_id, verdict, by, reason)


def withdraw(session: Session, scope: Scope, by: Principal, concept_id: str, reason: str) -> None:
    """Take back what one proposed oneself. Raises NoTermError, TermDecisionError."""
    row = _waiting(session, scope, concept_id)
    if row.proposed_by != by.person_id:
        raise TermDecisionError("Only who proposed a term can take it back.", code="not_own_term")
    row.state = WITHDRAWN
    _tell(session, concept_id, WITHDRAWN, by, reason)


def _waiting(session: Session, scope: Scope, concept_id: str) -> ConceptRow:
    row = _locked(session, scope, concept_id)
    if row.state != PROPOSED:
        raise TermDecisionError("The term was decided on already.", code="term_decided")
    return row


def _locked(session: Session, scope: Scope, concept_id: str) -> ConceptRow:
    """A term inside the scope, locked until the transaction ends. Raises NoTermError."""
    query = select(ConceptRow).where(ConceptRow.id == concept_id, ConceptRow.kind == "terms")
    row = session.scalar(locking(query.where(ConceptRow.rule.in_(scope.rules)))) if scope.rules else None
    if row is None or row.state not in _SEEN:
        raise NoTermError
    return row


_SEEN: Final = frozenset({APPROVED, PROPOSED, "rejected", WITHDRAWN, REPLACED})


def _tell(session: Session, concept_id: str, act: str, by: Principal, reason: str) -> None:
    count = select(func.count()).select_from(ConceptEventRow).where(ConceptEventRow.concept == concept_id)
    number = (session.scalar(count) or 0) + 1
    session.add(ConceptEventRow(concept=concept_id, number=number, act=act, by=by.username, reason=reason))
    session.flush()


def _listed(scope: Scope, words: Sequence[Token], state: str) -> Select[str, str]:
    """Headings and identifiers of the terms of a state that hold all the words, each in any of its readings."""
    query = select(ConceptRow.heading, ConceptRow.id)
    query = query.where(ConceptRow.kind == "terms", ConceptRow.state == state, ConceptRow.rule.in_(scope.rules))
    if not words:
        return query
    row = ConceptWordRow
    holding = select(row.concept).where(row.concept == ConceptRow.id)
    for word in words:
        readings = (row.pattern.contains(f"|{reading}|", autoescape=True) for reading in own_readings(word))
        holding = holding.where(or_(*readings))
    return query.where(holding.exists())


def _own(session: Session, listed: Select[str, str], query: TermQuery) -> list[tuple[str, str]]:
    """As many of the terms in the database as may be shown."""
    some = listed.order_by(ConceptRow.heading, ConceptRow.id).limit(query.offset + query.limit)
    return sorted((heading, concept_id) for heading, concept_id in session.execute(some))


def _shipped(words: Sequence[Token]) -> list[tuple[str, str]]:
    """The terms that ship and hold all the words, by heading."""
    readings = [frozenset(own_readings(word)) for word in words]
    return sorted(
        (concept.heading, concept_id)
        for concept_id, concept in shipped_concepts().items()
        if not readings or any(_holds(run, readings) for run in _shipped_runs()[concept_id])
    )


@cache
def _shipped_runs() -> Mapping[str, Sequence[Run]]:
    """How the words of each term that ships are looked for: worked out once."""
    return {
        concept_id: [run for word in concept.words if (run := run_of(word.text))]
        for concept_id, concept in shipped_concepts().items()
    }


def _holds(run: Run, readings: Sequence[frozenset[str]]) -> bool:
    return all(any(each & own for own in run.readings) for each in readings)


def _terms(session: Session, scope: Scope, ids: Sequence[str]) -> Mapping[str, ShownTerm]:
    """The terms of these identifiers that are there for whoever has the scope."""
    terms = {
        each: ShownTerm(each, shipped_concepts()[each], APPROVED, None) for each in ids if each in shipped_concepts()
    }
    concepts = concepts_of(session, scope, [each for each in ids if each not in terms])
    rows = select(ConceptRow, VocabularyRow).outerjoin(VocabularyRow, VocabularyRow.id == ConceptRow.vocabulary)
    rows = rows.where(ConceptRow.id.in_(concepts), ConceptRow.kind == "terms", ConceptRow.state.in_(_SEEN))
    for row, file in session.execute(rows):
        label = Label(rule_of(session, row.rule), frozenset(filter(None, row.originators.split(","))))
        name, licence = (file.name, file.licence) if file else ("", "")
        state: TermState = row.state  # type: ignore[assignment]
        terms[row.id] = ShownTerm(row.id, concepts[row.id], state, label, name, licence, row.replaces)
    return terms
