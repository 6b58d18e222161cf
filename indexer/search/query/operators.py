"""Decides which words are operators, and mends what joins nothing: what comes out is well-formed. Refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from indexer.search.query.notes import QueryNote, note
from indexer.search.query.pieces import OPERATORS, Piece

DEEPEST: Final = 50  # parentheses inside one another
_SHORT: Final = 5  # letters of a name in capitals at most: a longer word in capitals is of a text in capitals
_BEGIN: Final = frozenset({"word", "phrase", "field", "open", "not", "plus"})
_END: Final = frozenset({"word", "phrase", "field", "close"})
_OTHERS = re.compile(r"(?:NEAR|ONEAR|ADJ|WITHIN|РЯДОМ)(?:/\d{1,3})?|(?:W|N|P|PRE|S)/\d{1,3}|XOR")  # of other engines
_SIGNS: Final = frozenset({"&&", "||", "+", "-", "!", "(", ")"})


def settled(pieces: Sequence[Piece]) -> tuple[list[Piece], list[QueryNote]]:
    """The pieces with operators where they join something, and what is to be said of those that do not."""
    notes: list[QueryNote] = []
    kept = _mended(_matched(_told_apart(pieces), notes), notes)
    words = dict.fromkeys(each.text for each in kept if each.kind == "word" and each.text in OPERATORS)
    words |= dict.fromkeys(_of_other_engines(kept))
    if words:
        notes.append(note("operator_as_word", word=", ".join(words)))
    return kept, list({(each.code, *each.parameters.values()): each for each in notes}.values())


def _told_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Words in capitals are operators only among small letters, and a lone initial is a name."""
    words = [at for at, each in enumerate(pieces) if _operand(each)]
    if words and all(_capital(pieces[at].text) is not False for at in words) and _some_capital(pieces, words):
        return list(pieces)
    before, after = _neighbours(pieces, words), _neighbours(pieces[::-1], [len(pieces) - 1 - at for at in words][::-1])
    return [
        replace(each, kind=OPERATORS[each.text])
        if each.kind == "word" and each.text in OPERATORS and _joins(each.text, left, right)
        else each
        for each, left, right in zip(pieces, before, after[::-1], strict=True)
    ]


def _of_other_engines(pieces: Sequence[Piece]) -> Iterator[str]:
    """Words between two others, among small letters, that are operators elsewhere."""
    texts = [each.text if each.kind in ("word", "phrase") else "" for each in pieces]
    for left, text, right in zip(texts, texts[1:], texts[2:], strict=False):
        is_span = text == "TO" and left[:1] in ("[", "{")
        if is_span or (left and right and _OTHERS.fullmatch(text) and False in (_capital(left), _capital(right))):
            yield text


def _operand(piece: Piece) -> bool:
    return piece.kind == "phrase" or (piece.kind == "word" and piece.text not in OPERATORS)


def _some_capital(pieces: Sequence[Piece], words: Iterable[int]) -> bool:
    return any(_capital(pieces[at].text) for at in words)


def _capital(text: str) -> bool | None:
    """Whether a text is in capitals; None if it has no letters."""
    if any(character.islower() for character in text):
        return False
    return True if any(character.isupper() for character in text) else None


def _neighbours(pieces: Sequence[Piece], words: Sequence[int]) -> list[str]:
    """For each piece the nearest word or phrase before it."""
    nearest, texts, known = "", [], set(words)
    for at, each in enumerate(pieces):
        texts.append(nearest)
        nearest = each.text if at in known else nearest
    return texts


def _joins(word: str, left: str, right: str) -> bool:
    """Whether an operator's word is one between these neighbours."""
    if word == "И" and (_initial(left) or _initial(right)):
        return False
    cases = (_capital(left), _capital(right))
    if False in cases:
        return True
    return not any(case and len(text) > _SHORT for case, text in zip(cases, (left, right), strict=True))


def _initial(text: str) -> bool:
    letters = text.rstrip(".,")
    return len(letters) == 1 and letters.isupper()


def _matched(pieces: Sequence[Piece], notes: list[QueryNote]) -> list[Piece]:
    """Without parentheses that have no partner, hold nothing or stand too deep inside one another."""
    waiting: list[int] = []
    pairs = {}
    dropped: set[int] = set()
    for at, each in enumerate(pieces):
        if each.kind == "open":
            waiting.append(at)
        elif each.kind == "close" and waiting:
            pairs[waiting[-1]] = at
            if len(waiting) > DEEPEST:
                dropped |= {waiting[-1], at}
            waiting.pop()
        elif each.kind == "close":
            notes.append(note("sign_alone", sign=")"))
            dropped.add(at)
    if waiting:
        notes.append(note("sign_alone", sign="("))
    if dropped & pairs.keys():
        notes.append(note("too_deep", deepest=DEEPEST))
    return [each for at, each in enumerate(pieces) if at not in dropped and at not in waiting]


def _mended(pieces: list[Piece], notes: list[QueryNote]) -> list[Piece]:
    """Until nothing changes: without empty parentheses and without what joins nothing."""
    return _from_behind(_from_front(_filled(pieces, notes), notes), notes)


def _filled(pieces: Sequence[Piece], notes: list[QueryNote]) -> list[Piece]:
    """Without parentheses that hold no word."""
    kept: list[Piece] = []
    starts: list[tuple[int, bool]] = []  # where each open one stands, and whether a word came after it
    for each in pieces:
        if each.kind == "open":
            starts.append((len(kept), False))
            kept.append(each)
        elif each.kind == "close":
            start, some = starts.pop()
            if some:
                kept.append(each)
            else:
                notes.append(note("sign_alone", sign="()"))
                within = [piece for piece in kept[start + 1 :] if piece.kind != "open"]
                kept[start:] = within
        else:
            kept.append(each)
            if each.kind in ("word", "phrase", "field") and starts and not starts[-1][1]:
                starts = [(start, True) for start, _ in starts]
    return kept


def _from_front(pieces: Sequence[Piece], notes: list[QueryNote]) -> list[Piece]:
    """What needs something before it has it, or is a word or left out."""
    kept: list[Piece] = []
    for each in pieces:
        if each.kind in ("and", "or") and not (kept and kept[-1].kind in _END):
            kept += _as_word(each, notes)
        else:
            kept.append(each)
    return kept


def _from_behind(pieces: Sequence[Piece], notes: list[QueryNote]) -> list[Piece]:
    """What needs something after it has it, or is a word or left out."""
    kept: list[Piece] = []
    for each in reversed(pieces):
        if each.kind in ("and", "or", "not", "plus") and not (kept and kept[-1].kind in _BEGIN):
            kept += _as_word(each, notes)
        else:
            kept.append(each)
    return kept[::-1]


def _as_word(piece: Piece, notes: list[QueryNote]) -> list[Piece]:
    """A word that is no operator; a sign is left out."""
    if piece.text not in _SIGNS:
        return [replace(piece, kind="word")]
    notes.append(note("sign_alone", sign=piece.text))
    return []
