"""Checks a translation against the termbase: a term that it leaves out, and a word that is not to be used any more.

Terms are known in any inflected form. Only those count that everyone may know of who may read the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.analysis.tokens import tokens
from indexer.checks.findings import CheckFinding
from indexer.lexicon.termbase.known import TermEntry, TermSpan, shipped_concepts, terms_of
from indexer.lexicon.termbase.runs import RunMatcher, run_of
from indexer.lexicon.termbase.terms import TermWord
from indexer.text import Language

AVOIDED: Final = frozenset({"superseded", "forbidden"})  # statuses of words that are found and not to be written
_MOST_TOLD: Final = 3  # words that may stand for a term
_MOST_ABOUT: Final = 200  # characters


def term_findings(
    session: Session, scope: Scope, source: str, translation: str, languages: tuple[Language, Language]
) -> Iterator[CheckFinding]:
    """What the terms inside the scope say of a translation, in the order of the texts.

    The codes: term_missed, where a term of the source has none of its words in the translation, and term_superseded,
    where a word of the translation is superseded or forbidden and another is not.
    """
    (ours,) = terms_of(session, scope, [source], languages[0])
    (theirs,) = terms_of(session, scope, [translation], languages[1])
    answers = {word.text for span in ours for word in _words(span, languages[1])}
    there = _standing(answers, translation)
    for span in ours:
        words = _words(span, languages[1])
        if _binds(source, span) and there.isdisjoint(word.text for word in words):
            usable = [word.text for word in words if word.status not in AVOIDED][:_MOST_TOLD]
            yield _finding("term_missed", source, span, usable, in_source=True)
    for span in theirs:
        if all(entry.word.status in AVOIDED for entry in span.entries):
            usable = [each.text for entry in span.entries for each in _instead(entry)][:_MOST_TOLD]
            if usable:
                yield _finding("term_superseded", translation, span, usable, in_source=False)


def _binds(text: str, span: TermSpan) -> bool:
    """Whether a term is to be translated as such: of what ships, single words say too many other things, as minute."""
    own = any(entry.concept_id not in shipped_concepts() for entry in span.entries)
    return own or len(tokens(text[span.start : span.end])) > 1


def _words(span: TermSpan, language: Language) -> list[TermWord]:
    """All that the concepts of a place are called in a language."""
    return [word for entry in span.entries for word in entry.concept.of(language)]


def _instead(entry: TermEntry) -> list[TermWord]:
    """What a concept is to be called in the language of the word that was found."""
    return [word for word in entry.concept.of(entry.word.language) if word.status not in AVOIDED]


def _standing(words: set[str], text: str) -> set[str]:
    """Those of these words that stand in a text, in any form, within longer terms too."""
    matcher = RunMatcher((run, word) for word in sorted(words) if (run := run_of(word)))
    return {match.owner for match in matcher.matches(tokens(text), text)}


def _finding(code: str, text: str, span: TermSpan, usable: list[str], in_source: bool) -> CheckFinding:
    about = f"{text[span.start : span.end]} → {', '.join(usable)}"[:_MOST_ABOUT]
    place = ((span.start, span.end),)
    return CheckFinding(code, about, source=place if in_source else (), target=() if in_source else place)
