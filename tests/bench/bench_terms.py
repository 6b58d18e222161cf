"""Measures which terms are found in inflected forms, and which words of sentences a gloss explains rightly.

`terms/inflected.tsv`: a sentence with a term in some form, and the term. `terms/glossed.tsv`: a word of a sentence, and
the meanings that are right for it there, as somebody judged who read both; the gloss is right that offers one of them.
Nothing is installed or imported: what ships is measured. Each way of finding a term is: in memory, and in a database.
"""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from figures import record
from sqlalchemy.orm import Session

from auth import policy
from auth.database import Database
from auth.expression import ALWAYS
from auth.labels import ALL, Label
from auth.policy import Action, Scope
from indexer.analysis.tokens import tokens
from indexer.lexicon.gloss import Gloss, glosses
from indexer.lexicon.termbase.concept_rows import APPROVED, Placing, keep, matcher, prepared
from indexer.lexicon.termbase.known import shipped_concepts, terms_in
from indexer.text import Language
from services.setup import migrate

DATA = Path(__file__).with_name("terms")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'terms.sqlite'}")
        migrate(database)
        nobody = Scope(Action.READ, frozenset())
        with database.session() as session:
            kept = filled(session)
        with database.reading() as session:
            figures = {
                "inflected.shipped": share(in_memory(session, nobody)),
                "inflected.kept": share(in_database(session, kept)),
                **{f"gloss.{language}": share(right) for language, right in glossed(session, nobody).items()},
            }
        database.close()
    record("terms", "make bench-terms", {name: round(value, 4) for name, value in figures.items()})


def filled(session: Session) -> Scope:
    """The glossary kept in a database as an import would be, and the scope that holds it."""
    label = Label.of(10, ALL, ALWAYS, ["UN"])
    rule = policy.keep_rule(session, label.rule)
    keep(session, map(prepared, shipped_concepts().values()), Placing.of("terms", rule, label, APPROVED))
    return Scope(Action.READ, frozenset({rule}))


def in_memory(session: Session, scope: Scope) -> Iterator[bool]:
    for sentence, term in rows("inflected.tsv"):
        spans = terms_in(session, scope, sentence, "ru")
        yield any(word.text == term for span in spans for entry in span.entries for word in entry.concept.words)


def in_database(session: Session, scope: Scope) -> Iterator[bool]:
    for sentence, term in rows("inflected.tsv"):
        words = tokens(sentence)
        matches = matcher(session, scope, words, "ru", ["terms"]).matches(words, sentence)
        yield any(match.owner.word.text == term for match in matches)


def glossed(session: Session, scope: Scope) -> dict[str, list[bool]]:
    """By language, of each judged word whether its gloss offers what is right."""
    known: dict[str, Gloss] = {}
    right: dict[str, list[bool]] = defaultdict(list)
    for name, sentence, word, meanings in rows("glossed.tsv"):
        language: Language = "ru" if name == "ru" else "en"
        if sentence not in known:
            (known[sentence],) = glosses(session, scope, [sentence], language)
        at = sentence.index(word)
        offered = {each for told in known[sentence] if told.start <= at < told.end for each in told.meanings}
        right[language].append(not offered.isdisjoint(meanings.split("|")))
    return right


def rows(name: str) -> Iterator[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def share(outcomes: Iterator[bool] | list[bool]) -> float:
    found = list(outcomes)
    return sum(found) / len(found)


if __name__ == "__main__":
    main()
