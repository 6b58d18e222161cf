"""Reads well-formed pieces into a query; notes each part and how it was taken. Refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from indexer.analysis.tokens import Token, tokens
from indexer.engine.contract import And, Leaf, Not, Or, Query
from indexer.search import names
from indexer.search.query import bridge, leaves, readings
from indexer.search.query.bridge import MOST_SHOWN, Bridge, Carried, CarriedTerm, terms
from indexer.search.query.fields import DATES, FILTERS, SEARCHED, narrowing, point_of
from indexer.search.query.leaves import PartKind, WordMeaning
from indexer.search.query.narrowing import Narrowing
from indexer.search.query.nearness import APART, Neighbour, as_title, pairs, pairs_across
from indexer.search.query.notes import QueryNote, note
from indexer.search.query.pieces import Piece, PieceKind
from indexer.search.query.word_patterns import SIGNS_FOR_LETTERS, WordPattern, word_pattern

MOST_LIKE: Final = 3  # words of a query that stand for others like them


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the query names, and what it was taken to mean: shown to the person who asked.

    `across`: what it also stands for, mostly in the other language; `learned`: what it was learned to stand for.
    `spelled`: also looked for in other spellings.
    """

    part_id: str
    kind: PartKind
    text: str
    leaf: Leaf | None
    excluded: bool = False
    across: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    spelled: bool = False


@dataclass(slots=True)
class _Item:
    """One thing among others side by side: its query, whether it must match, and its words as a neighbour.

    `term`: what the term stands for that it is a word of.
    """

    query: Query | None
    required: bool = False
    neighbour: Neighbour | None = None
    part_at: int = 0
    term: tuple[Leaf, ...] = ()


@dataclass(slots=True)
class QueryReader:
    """Walks the pieces once. `every`: words side by side must all match, as if each had a + before it.

    `bridge` carries words over into the other language; without one they stand for themselves. `off`: identifiers of
    parts that are taken as typed.
    """

    pieces: Sequence[Piece]
    every: bool = False
    alike: Mapping[str, Sequence[str]] | None = None
    bridge: Bridge | None = None
    off: frozenset[str] = frozenset()
    like: list[WordPattern] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    notes: list[QueryNote] = field(default_factory=list)
    narrowing: Narrowing = field(default_factory=Narrowing)
    words: int = 0  # that are searched, each of those inside phrases too
    _at: int = 0
    _before: str = "p"  # what the identifiers of parts begin with
    _numbered: int = 0
    _excluding: bool = False
    _inside: int = 0  # parentheses, and alternatives of an OR

    def query(self) -> Query | None:
        """The query of all pieces; None where nothing in them can be searched for."""
        return self._any_of()

    def _next(self, *kinds: PieceKind) -> Piece | None:
        """The next piece, taken, if it is of one of these kinds."""
        if self._at < len(self.pieces) and self.pieces[self._at].kind in kinds:
            self._at += 1
            return self.pieces[self._at - 1]
        return None

    def _any_of(self) -> Query | None:
        alternatives = [self._all_of()]
        while self._next("or"):
            self._inside += 1
            alternatives.append(self._all_of())
            self._inside -= 1
        return joined(Or, alternatives)

    def _all_of(self) -> Query | None:
        conditions = [self._side_by_side()]
        while self._next("and"):
            conditions.append(self._side_by_side())
        return joined(And, conditions)

    def _side_by_side(self) -> Query | None:
        items: list[_Item] = []
        begin = self._at
        while self._at < len(self.pieces) and self.pieces[self._at].kind not in ("and", "or", "close"):
            items.append(self._item())
        _join_solid(items)
        self._carry_terms(items)
        if begin == 0 and self._at == len(self.pieces):
            for item in [item for item in items if item.query][:1]:
                item.term += as_title([item.neighbour for item in items])
        return _together(items, self.every)

    def _item(self) -> _Item:
        """A word, a phrase, a field or what parentheses hold, with the signs before it."""
        required = excluded = False
        while sign := self._next("plus", "not"):
            required = required or sign.kind == "plus"
            excluded = excluded != (sign.kind == "not")
        self._excluding = self._excluding != excluded
        item = self._primary()
        self._excluding = self._excluding != excluded
        if excluded:
            return _Item(None if item.query is None else Not(item.query))
        return replace(item, required=required or item.required)

    def _primary(self) -> _Item:
        if self._next("open"):
            self._inside += 1
            query = self._any_of()
            self._inside -= 1
            self._next("close")
            return _Item(query)
        piece = self.pieces[self._at]
        self._at += 1
        if piece.kind == "field":
            return self._field(piece)
        return self._searched(piece)

    def _searched(self, piece: Piece) -> _Item:
        """A word or a phrase."""
        if self._next_id() in self.off:
            return self._as_typed(piece)
        quoted = piece.kind == "phrase"
        meaning = leaves.phrase(piece.text, piece.after) if quoted else self._word(piece.text)
        self._note(meaning, piece.text)
        counts = meaning.words and not quoted and not self._excluding
        neighbour = Neighbour(meaning.words, common=meaning.leaf is None) if counts else None
        if meaning.kind == "like":
            return _Item(Or(meaning.forms))
        if meaning.kind == "near":
            return _Item(_near(meaning), neighbour=neighbour)
        if counts and meaning.leaf and any(map(str.isspace, piece.text)):  # a number in groups is its parts as well
            return _Item(Or((meaning.leaf, *readings.words_alone(piece.text))))
        if neighbour and meaning.leaf and meaning.kind in ("word", "phrase"):
            carried = self._carry_word(meaning.words, piece.text)
            neighbour = replace(neighbour, across=carried.close)
            return _Item(_with(meaning, carried.leaves), neighbour=neighbour, part_at=len(self.parts) - 1)
        return _Item(meaning.leaf, neighbour=neighbour, part_at=len(self.parts) - 1)

    def _as_typed(self, piece: Piece) -> _Item:
        """A word in this form alone; what has quotation marks or = as its words; what is excluded, not at all."""
        words = tokens(piece.text)
        if self._excluding or not words or piece.text[0] == "=" or (piece.kind == "phrase" and len(words) > 1):
            return self._apart(piece, piece.text)
        self.words += len(words)
        self._part("form", piece.text, leaves.as_typed(words))
        return _Item(self.parts[-1].leaf)

    def _apart(self, piece: Piece, typed: str) -> _Item:
        """A part that is switched off, and its words, if it is not excluded, each as a part inside it."""
        inside = f"{self._next_id()}."
        self._part("off", typed, None)
        outer = self._before, self._numbered
        self._before, self._numbered = inside, 0
        words = [] if self._excluding else tokens(piece.text)
        items = [self._searched(Piece("word", piece.text[word.start : word.end])) for word in words]
        self._before, self._numbered = outer
        return _Item(_together(items, self.every))

    def _carry_word(self, words: Sequence[Token], text: str) -> Carried:
        """What a word means in the other language, and other spellings of a name."""
        if self.bridge is None:
            return Carried()
        part_id = self.parts[-1].part_id
        meant, spelled = self.bridge.word(words, text, part_id), self.bridge.spelling(words, text, part_id)
        self._show(len(self.parts) - 1, meant)
        self._show(len(self.parts) - 1, spelled)
        return replace(meant, leaves=(*meant.leaves, *spelled.leaves), close=(*meant.close, *spelled.close))

    def _carry_terms(self, items: Sequence[_Item]) -> None:
        """What words side by side are together stands beside each of them, so that it matches in their place."""
        if self.bridge is None:
            return
        ids = [self.parts[item.part_at].part_id if item.neighbour else "" for item in items]
        for what, together in ((bridge.OFF, self.bridge.term), (names.OFF, self.bridge.name)):
            carried = [self.bridge.carries(each, what) for each in ids]
            words = [item.neighbour if carries else None for item, carries in zip(items, carried, strict=True)]
            self._carry(items, terms(together, words))

    def _carry(self, items: Sequence[_Item], found: Iterable[CarriedTerm]) -> None:
        for term in found:
            of_term = [item for item in items[term.first : term.end] if item.query]
            for item in of_term:
                item.term += term.carried.leaves
            for item in of_term[:1]:
                self._show(item.part_at, term.carried)

    def _show(self, part_at: int, carried: Carried) -> None:
        part = self.parts[part_at]
        texts = dict.fromkeys([*carried.texts, *part.across]) if carried.texts else part.across
        self.parts[part_at] = replace(
            part,
            across=tuple(texts)[:MOST_SHOWN],
            learned=part.learned or carried.learned,
            spelled=part.spelled or carried.spelled,
        )

    def _word(self, text: str) -> WordMeaning:
        """A word; one with signs for letters by the forms that it stands for, as far as they are known."""
        if self.alike is not None and text in self.alike:
            return leaves.like(text, self.alike[text])
        if self.alike is None and len(self.like) < MOST_LIKE and (like := word_pattern(text)):
            self.like.append(like)
        return leaves.word(text)

    def _note(self, meaning: WordMeaning, text: str) -> None:
        if meaning.note:
            self.notes.append(replace(meaning.note, part_id=self._next_id()))
        self.words += leaves.length(meaning.leaf) + len(meaning.forms)
        self._part(meaning.kind, text, meaning.leaf)

    def _part(self, kind: PartKind, text: str, leaf: Leaf | None) -> None:
        self.parts.append(Part(self._next_id(), kind, text, leaf, self._excluding))
        self._numbered += 1

    def _next_id(self) -> str:
        return f"{self._before}{self._numbered + 1}"

    def _field(self, piece: Piece) -> _Item:
        """A field that is searched must match, others narrow the whole search; words of unknown ones are like any."""
        name, typed = piece.field.casefold(), f"{piece.field}:{piece.text}"
        if (field := SEARCHED.get(name)) and (words := tokens(piece.text)):
            if self._next_id() in self.off:
                return self._apart(piece, typed)
            leaf = readings.in_field(field, leaves.of_words(words))
            self.words += len(words)
            if SIGNS_FOR_LETTERS.search(piece.text):
                self.notes.append(note("field_signs", text=typed))
            self._part("field", typed, leaf)
            return _Item(leaf, required=True)
        if (point := point_of(name, piece.text)) and self._next_id() not in self.off:
            self.words += 1
            self._part("field", typed, point)
            return _Item(point, required=True)
        narrowed = narrowing(name, piece.text)
        if narrowed is None:
            code = "date_unreadable" if name in DATES else "value_unknown" if name in FILTERS else "field_unknown"
            self.notes.append(note(code, field=name, text=typed))
            items = [self._searched(Piece("word", each)) for each in piece.text.strip('"«»“”„').split()]
            return _Item(_together(items, name in FILTERS or self.every))
        if self._next_id() in self.off:
            self._part("off", typed, None)
            return _Item(None)
        if self._excluding:
            self.notes.append(note("field_not_excluded", field=name))
            self._part("ignored", typed, None)
            return _Item(None)
        if self._inside:
            self.notes.append(note("field_everywhere", field=name))
        self.narrowing = self.narrowing.and_also(narrowed)
        self._part("filter", typed, None)
        return _Item(None)


def joined(kind: type[And] | type[Or], parts: Sequence[Query | None]) -> Query | None:
    """The parts that are there as one query; None if there are none."""
    present = tuple(part for part in parts if part is not None)
    if len(present) > 1:
        return kind(present)
    return present[0] if present else None


def _join_solid(items: Sequence[_Item]) -> None:
    """Two words that a text may write as one stand for that one too, each of them."""
    for first, second in pairwise(items):
        near = [each.neighbour for each in (first, second) if each.neighbour and len(each.neighbour.words) == 1]
        if len(near) == 2 and (solid := readings.solid(near[0].words[0], near[1].words[0])):
            for item in (first, second):
                item.term += (solid,) if item.query else ()


def _together(items: Sequence[_Item], every: bool) -> Query | None:
    """Things side by side: alternatives, but for those that must match and those that must not.

    Neighbours that stand side by side in a text too count for more. A pair holds its first word, so that it stands
    beside that word as one more alternative and changes nothing of what matches.
    """
    neighbours = [item.neighbour for item in items]
    nearby, across = pairs(neighbours), pairs_across(neighbours)
    groups = [
        (item.query, (*nearby[at], *across[at], *item.term), every or item.required)
        for at, item in enumerate(items)
        if item.query and not isinstance(item.query, Not)
    ]
    required = [joined(Or, [query, *near]) for query, near, must in groups if must]
    optional: list[Query] = [query for query, _, must in groups if not must]
    optional += dict.fromkeys(leaf for _, near, must in groups if not must for leaf in near)
    if required and optional:
        first = next(query for query, _, must in groups if must)
        required.append(Or((first, *optional)))
    excluded = [item.query for item in items if isinstance(item.query, Not)]
    return joined(And, [*(required or [joined(Or, optional)]), *excluded])


def _with(meaning: WordMeaning, carried: Sequence[Leaf]) -> Query | None:
    """A word in every reading, and what it also stands for."""
    query = readings.word(meaning.words[0]) if len(meaning.words) == 1 else meaning.leaf
    return Or((query, *carried)) if query and carried else query


def _near(meaning: WordMeaning) -> Query | None:
    """Words that must stand near one another: then each counts as well, and for more side by side."""
    words = [replace(readings.term(word), share=APART) for word in meaning.words]
    side_by_side = [pair for begun in pairs([Neighbour((word,)) for word in meaning.words]) for pair in begun]
    return meaning.leaf and And((meaning.leaf, Or((meaning.leaf, *dict.fromkeys(words), *side_by_side))))
