"""Keeps concepts in the database and reads them back, inside a scope. Of what lies outside it, nothing is read.

A word is kept with what it is looked up by, as the analysis of a version made it; `renew` brings older ones in line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from sqlalchemy import BindParameter, Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from auth.database import Database, new_id
from auth.labels import Label
from auth.policy import Scope
from indexer.analysis.tokens import VERSION, Token
from indexer.lexicon.termbase.runs import Run, RunMatcher, anchors_in, run_of
from indexer.lexicon.termbase.tables import ConceptRow, ConceptWordRow
from indexer.lexicon.termbase.terms import Concept, TermWord
from indexer.text import Language

Kind = Literal["terms", "dictionary"]
Prepared = tuple[Concept, list[Run | None]]
IMPORTING: Final = "importing"
PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
MOST_CANDIDATES: Final = 20_000  # words that share an anchor with a text and are compared with it
_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A word of a concept: of one that ships, or of one in the database."""

    concept_id: str
    word: TermWord


@dataclass(frozen=True, slots=True)
class Placing:
    """Under which label and in which state concepts are kept, and what of."""

    kind: Kind
    rule: str
    originators: str
    state: str
    vocabulary: str | None = None
    proposed_by: str = ""
    replaces: str = ""

    @staticmethod
    def of(kind: Kind, rule: str, label: Label, state: str, vocabulary: str | None = None) -> Placing:
        """Under a label whose rule has this digest."""
        return Placing(kind, rule, ",".join(sorted(label.originators)), state, vocabulary)


def prepared(concept: Concept) -> Prepared:
    """The concept with how each of its words is looked for: what costs time, so done outside a transaction."""
    return concept, [run_of(word.text) for word in concept.words]


def keep(session: Session, concepts: Iterable[Prepared], placing: Placing) -> list[str]:
    """Keep concepts that were prepared; gives their identifiers."""
    rows: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    about = asdict(placing)
    for concept, runs in concepts:
        concept_id = new_id()
        described = {name: getattr(concept, name) for name in ("heading", "domain", "part_of_speech", "source", "note")}
        rows.append({"id": concept_id, **about, **described})
        for place, (word, run) in enumerate(zip(concept.words, runs, strict=True)):
            words.append({"concept": concept_id, "place": place, **_word_columns(word), **_run_columns(run)})
    if rows:
        session.execute(insert(ConceptRow), rows)
        session.execute(insert(ConceptWordRow), words)
    return [row["id"] for row in rows]


def concepts_of(session: Session, scope: Scope, ids: Collection[str]) -> dict[str, Concept]:
    """The concepts of these identifiers that lie inside the scope."""
    rows: dict[str, ConceptRow] = {}
    words: dict[str, list[TermWord]] = defaultdict(list)
    if not scope.rules or not ids:
        return {}
    for some in _parts(list(ids)):
        inside = select(ConceptRow).where(ConceptRow.id.in_(some), ConceptRow.rule.in_(scope.rules))
        rows |= {row.id: row for row in session.scalars(inside)}
        of_them = select(ConceptWordRow).where(ConceptWordRow.concept.in_(some))
        for word in session.scalars(of_them.order_by(ConceptWordRow.concept, ConceptWordRow.place)):
            words[word.concept].append(_word(word.language, word.text, word.status, word.sense))
    return {
        concept_id: Concept(tuple(words[concept_id]), row.domain, row.part_of_speech, row.source, row.note)
        for concept_id, row in rows.items()
    }


def matcher(
    session: Session, scope: Scope, words: Sequence[Token], languages: Sequence[Language], kinds: Collection[Kind]
) -> RunMatcher[KnownWord]:
    """What finds, among these words, the approved concepts' words of these languages that lie inside the scope."""
    return RunMatcher(_candidates(session, scope, anchors_in(words), languages, kinds))


def renew(database: Database) -> None:
    """Bring what words are looked up by in line with this version of the analysis, where an older one made it."""
    old = ~ConceptWordRow.anchor.startswith(_versioned(""), autoescape=True)
    while True:
        with database.session() as session:
            rows = session.scalars(select(ConceptWordRow).where(old).limit(_BATCH)).all()
            for row in rows:
                own = (ConceptWordRow.concept == row.concept, ConceptWordRow.place == row.place)
                session.execute(update(ConceptWordRow).where(*own).values(**_run_columns(run_of(row.text))))
        if not rows:
            return


def _candidates(
    session: Session, scope: Scope, anchors: Sequence[str], languages: Sequence[Language], kinds: Collection[Kind]
) -> list[tuple[Run, KnownWord]]:
    if not scope.rules or not anchors or not languages:
        return []
    asked = {"kinds": list(kinds), "rules": list(scope.rules), "languages": list(languages)}
    candidates: list[tuple[Run, KnownWord]] = []
    for some in _parts(anchors):
        of_these = session.execute(_CANDIDATES, {"anchors": [_versioned(each) for each in some], **asked})
        for anchor, exact, pattern, concept_id, language, text, status, sense in of_these:
            word = _word(language, text, status, sense)
            candidates.append((Run(anchor.partition(":")[2], exact, pattern), KnownWord(concept_id, word)))
    return candidates[:MOST_CANDIDATES]


def _any_of(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def _query_of_candidates() -> Select[str, str, str, str, str, str, str, int]:
    row = ConceptWordRow
    seen = select(ConceptRow.id).where(ConceptRow.id == row.concept, ConceptRow.state == APPROVED)
    seen = seen.where(ConceptRow.kind.in_(_any_of("kinds")), ConceptRow.rule.in_(_any_of("rules")))
    query = select(row.anchor, row.exact, row.pattern, row.concept, row.language, row.text, row.status, row.sense)
    query = query.where(row.anchor.in_(_any_of("anchors")), row.language.in_(_any_of("languages")))
    query = query.where(seen.exists())  # a join would begin at the concepts, all of them
    return query.order_by(row.text, row.sense).limit(MOST_CANDIDATES)


_CANDIDATES: Final = _query_of_candidates()  # made once: every search asks it


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many at a time as one statement takes."""
    return (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))


def _word_columns(word: TermWord) -> dict[str, Any]:
    return {"language": word.language, "text": word.text, "status": word.status, "sense": word.sense}


def _run_columns(run: Run | None) -> dict[str, str]:
    run = run or Run("", "", "")
    return {"anchor": _versioned(run.anchor), "exact": run.exact, "pattern": run.pattern}


def _versioned(anchor: str) -> str:
    return f"{VERSION}:{anchor}"


def _word(language: str, text: str, status: str, sense: int) -> TermWord:
    return TermWord("ru" if language == "ru" else "en", text, status, sense)
