"""Asks a search for a person: weighs a long text first, and helps where nothing is found. Looks inside the scope alone.

What it reads of words (weights, live forms) comes through `find`, from live documents that the person may search, and
from terms and dictionaries that were imported, and words that were learned, inside the same scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from auth import policy
from auth.database import Database
from auth.people import Principal
from auth.policy import Action
from indexer.analysis.shapes import without_footnote
from indexer.analysis.tokens import tokens
from indexer.engine.budget import OverBudgetError
from indexer.engine.contract import Engine, Leaf, Near, Or, Phrase, Request, Term
from indexer.lexicon.termbase.known import known_words
from indexer.meaning.fusion import Meaning
from indexer.memory.learned.words import NOTHING_LEARNED, learned_words
from indexer.search.find import Results, find, suggestions, weights
from indexer.search.keyboard import in_other_layout
from indexer.search.parse import LONGEST, Parsed, carried_over, heaviest, loose_words, of_text, parse
from indexer.search.places import PlaceCounts
from indexer.search.query.bridge import LEARNED_OFF, OFF, Crossing
from indexer.search.query.leaves import of_words
from indexer.search.query.notes import QueryNote, note
from indexer.search.query.reader import Part
from indexer.search.query.spelling import allowed, beginnings, nearest, nearest_in_other_form
from indexer.search.query.word_patterns import WordPattern

MOST_FORMS: Final = 2_000  # of one beginning, that are compared with a word
MOST_MENDED: Final = 4  # words of a query
MOST_OF_PASSAGE: Final = 24  # words by which passages like one are looked for
KEYBOARD, SPELLING, HEAVIEST = "keyboard", "spelling", "heaviest_words"  # notes that are switched off by name
MEANING: Final = "meaning"  # as they are


@dataclass(frozen=True, slots=True)
class SearchOffer:
    """Another search that finds something, and how many documents."""

    kind: Literal["fewer"]
    query: str
    total: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found, how the query was read in the end, and what else may be asked where nothing was found."""

    results: Results
    parsed: Parsed
    offers: tuple[SearchOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """A person who asks. Every call raises EngineError and IndexDisagreesError."""

    database: Database
    engine: Engine
    principal: Principal
    counts: PlaceCounts
    meaning: Meaning | None = None

    def parsed(self, text: str, every: bool = False, crossing: Crossing | None = None) -> Parsed:
        """A query read, carried over by what was imported or learned and the person may know of. Raises QueryError."""
        if crossing and len(text) <= LONGEST:
            crossing = self._knowing(crossing, text)
        return parse(text, every, crossing=crossing)

    def _knowing(self, crossing: Crossing, text: str) -> Crossing:
        """With what the words of a text mean by what was imported or learned inside the scope."""
        if OFF in crossing.off:
            return crossing
        with self.database.reading() as session:
            scope = policy.scope_for(session, self.principal, Action.SEARCH)
            learned = NOTHING_LEARNED if LEARNED_OFF in crossing.off else learned_words(session, scope, text)
            return replace(crossing, known=known_words(session, scope, text), learned=learned)

    def outcome(self, parsed: Parsed, request: Request) -> Outcome:
        """Search; where no word finds anything, for what may have been meant.

        The query of `request` counts for nothing.
        """
        parsed = self.settled(parsed)
        results = self._find(parsed, request)
        by_meaning, plain = results.answer.by_meaning or 0, Outcome(results, _said(parsed, results))
        if results.answer.total > by_meaning or not parsed.leaves:
            return plain
        try:
            if helped := self._helped(parsed, request):
                return helped
            return plain if by_meaning else replace(plain, offers=self._offers(parsed, request))
        except OverBudgetError:  # counted inside the scope: help costs more here than one search may
            return plain

    def similar(self, text: str, crossing: Crossing, request: Request) -> Outcome:
        """Search for what is like a passage's text: by its heaviest words, in either language."""
        words = of_text(text, self._knowing(crossing, text))
        weighed = weights(self.database, self.engine, self.principal, words.leaves)
        parsed = carried_over(heaviest(words, weighed, MOST_OF_PASSAGE))
        return Outcome(self._find(parsed, request), parsed)

    def settled(self, parsed: Parsed) -> Parsed:
        """The query as it is asked: words with signs for letters by live forms, of a long text the heaviest words."""
        if parsed.like:
            alike = {each.text: self._alike(each) for each in parsed.like}
            parsed = parse(parsed.text, parsed.every, alike, parsed.crossing)
        if parsed.long:
            weighs = HEAVIEST not in parsed.off
            weighed = weights(self.database, self.engine, self.principal, parsed.leaves) if weighs else None
            parsed = heaviest(parsed, weighed)
        return parsed

    def _find(self, parsed: Parsed, request: Request) -> Results:
        request = replace(request, query=parsed.query)
        if self.meaning and request.sort == "relevance" and MEANING not in parsed.off and (text := loose_words(parsed)):
            meant = self.meaning.of(text)
            return find(self.database, self.engine, self.principal, request, self.counts, meant)
        return find(self.database, self.engine, self.principal, request, self.counts)

    def _alike(self, word: WordPattern) -> tuple[str, ...]:
        """The live forms inside the scope that a word with signs for letters stands for."""
        ways = [suggestions(self.database, self.engine, self.principal, start, MOST_FORMS) for start in word.starts]
        return word.chosen([form for forms in ways for form in forms])

    def _helped(self, parsed: Parsed, request: Request) -> Outcome | None:
        """What is found when words that stand nowhere are mended."""
        mended = self._mended(parsed)
        if mended is None:
            return None
        results = self._find(mended, request)
        by_words = results.answer.total - (results.answer.by_meaning or 0)
        return Outcome(results, _said(mended, results)) if by_words else None

    def _mended(self, parsed: Parsed) -> Parsed | None:
        """The query with words that stand nowhere replaced by live ones; None where there are none."""
        if parsed.off >= {KEYBOARD, SPELLING}:
            return None
        words = [part for part in parsed.parts if _unquoted(part)][:MOST_MENDED]
        swapped = {part.part_id: in_other_layout(part.text) for part in words}
        other = {part_id: _leaf(text) for part_id, text in swapped.items()}
        asked = [leaf for leaf in (*(part.leaf for part in words), *other.values()) if leaf]
        weighed = weights(self.database, self.engine, self.principal, list(dict.fromkeys(asked)))
        dead = [part for part in words if part.leaf and not weighed[part.leaf]]
        of_keys = {p.part_id: swapped[p.part_id] for p in dead if weighed.get(other[p.part_id] or _NONE, 0.0)}
        of_keys = {} if KEYBOARD in parsed.off else of_keys
        spelled = (
            {} if of_keys or SPELLING in parsed.off else {p.part_id: form for p in dead if (form := self._live_form(p))}
        )
        if not of_keys and not spelled:
            return None
        text = _replaced(parsed, of_keys or spelled)
        if len(text) > LONGEST:
            return None
        said = note(KEYBOARD if of_keys else SPELLING, text=parsed.text, instead=text)
        return _with_note(self.parsed(text, parsed.every, parsed.crossing), said)

    def _live_form(self, part: Part) -> str | None:
        """The nearest live form inside the scope."""
        exact = tokens(part.text)[0].exact
        if not isinstance(part.leaf, Term) or not allowed(exact):
            return None
        looked_at: list[str] = []
        for beginning in (*beginnings(exact), exact[0]):  # by one letter alone where nothing else helps: it costs most
            forms = suggestions(self.database, self.engine, self.principal, beginning, MOST_FORMS)
            bare = [without_footnote(form) or form for form in forms]
            if form := nearest(exact, bare):
                return form
            looked_at += bare
        return nearest_in_other_form(exact, looked_at)

    def _offers(self, parsed: Parsed, request: Request) -> tuple[SearchOffer, ...]:
        """The words of a query that demands several, as alternatives."""
        words = [part for part in parsed.parts if part.leaf and not part.excluded]
        loose = Or(tuple(dict.fromkeys(leaf for part in words for leaf in _apart(part))))
        if len(loose.parts) < 2:
            return ()
        asked = replace(request, query=loose, offset=0, limit=0)
        total = find(self.database, self.engine, self.principal, asked, self.counts).answer.total
        named = [part for part in parsed.parts if part in words or part.kind == "filter"]
        text = " ".join(part.text if part.kind == "filter" else part.text.strip('"«»“”„') for part in named)
        return (SearchOffer("fewer", text, total),) if total else ()


_NONE: Final = Term("")


def _unquoted(part: Part) -> bool:
    """Whether a part is a word as such, not quoted and not excluded: what somebody may have mistyped.

    In the other layout some letters are punctuation, so that a word may have been read as several.
    """
    return part.kind in ("word", "phrase") and not part.excluded and part.text[0] not in '"«“„='


def _leaf(text: str) -> Leaf | None:
    words = tokens(text)
    return of_words(words) if len(words) == 1 else None


def _apart(part: Part) -> Sequence[Leaf]:
    """A part of a query, the words of a phrase each by itself."""
    if isinstance(part.leaf, Phrase | Near) and part.kind != "field":
        return [of_words([word]) for word in tokens(part.text)]
    return [part.leaf] if part.leaf else []


def _replaced(parsed: Parsed, texts: Mapping[str, str]) -> str:
    """The query as typed, these of its parts written otherwise."""
    written, at = [], 0
    for part in parsed.parts:
        if part.kind == "off":  # its words are parts themselves
            continue
        start = parsed.text.find(part.text, at)
        if start >= 0:
            written += [parsed.text[at:start], texts.get(part.part_id, part.text)]
            at = start + len(part.text)
    return "".join([*written, parsed.text[at:]])


def _said(parsed: Parsed, results: Results) -> Parsed:
    """The query, with a note where its meaning was searched too."""
    number = results.answer.by_meaning
    return parsed if number is None else _with_note(parsed, note(MEANING, papers=number))


def _with_note(parsed: Parsed, said: QueryNote) -> Parsed:
    return replace(parsed, notes=(*parsed.notes, said))
