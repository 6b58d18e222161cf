"""Turns text of either language into tokens, the same for indexing, asking and highlighting."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from indexer.analysis import english, russian, shapes, surnames
from indexer.analysis.compounds import Compound, compounds
from indexer.analysis.folding import LONGEST, cyrillic, fold, latin, word_character
from indexer.analysis.names import keys as names
from indexer.analysis.names.known import MOST_WORDS

VERSION: int = 6
"""Version of this analysis. It changes whenever a text may give other tokens; an index refuses tokens of another."""

FORM: Final = "^"
"""Begins the key that a word has by its form alone, in a text that is neither English nor Russian."""

MOST_OTHERS: Final = 12
"""Readings of a token at most, beside its stem."""

_MOST_SOLID: Final = 3  # readings of a compound
_ONE = r"[^\W_\u02b9-\u02c0]"
_LETTER = r"[^\W\d_\u02b9-\u02c0]"
_APOSTROPHE = "['’‘`´＇\u02b9-\u02c0]"
_INNER = rf"(?<=[^\W\d_]|[\u0300-\u036f]){_APOSTROPHE}(?={_LETTER})"
# What \w leaves out though it may stand in a word: combining marks, invisible characters. `_pieces` looks closer.
_BEYOND = r"[\u00ad\u0300-\u1fff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u2c00-\ud7ff\uf900-\U000fffff]"
# U.N.O.D.C., N.G.O.s: two letters are initials sooner
_DOTS = r"(?<![^\W_])(?:[A-ZА-ЯЁ]\.){2,11}[A-ZА-ЯЁ](?:\.(?:s(?![^\W_]))?|(?![^\W_]))"
_DOTTED = re.compile(_DOTS)
_RUN = re.compile(
    rf"{_DOTS}|[dDlLдДлЛ](?={_APOSTROPHE}{_LETTER})(?!{_APOSTROPHE}[sS](?!{_ONE}))"  # d'Ivoire, l'Aquila: two words
    rf"|{_ONE}+(?:(?:{_BEYOND}|{_INNER}){_ONE}*)*"
)
_APOSTROPHES = re.compile(_APOSTROPHE)
_PARTED = re.compile(r"[^\w\s\u2010\u2011'’ʻʼ-]")
_WORD = re.compile(r"[^\W\d_][\w'’ʻʼ]+")
_RAW = 256  # characters of a word that are looked at


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text: what is searched for, and where it stands.

    `exact` is the folded surface form; `stem` joins the forms of one word; text[start:end] is the word as written.
    Neither holds a space or a control character, nor more than 64 characters. `others` are further keys that the word
    may be found by at this place, at most `MOST_OTHERS`; they hold no space, no "|" and no "=" at their beginning.
    """

    exact: str
    stem: str
    start: int
    end: int
    others: tuple[str, ...] = ()

    @property
    def readings(self) -> tuple[str, ...]:
        """Every key of this place, the stem first."""
        return (self.stem, *self.others)


def tokens(text: str, by_form: bool = False) -> list[Token]:
    """The tokens of a text in order, one per word or number; offsets are those of the text given.

    `by_form`: of a text in another language than English or Russian. Its words have no stems but their forms; names
    and numbers have the keys that they have in any text.
    """
    analysed = _analysed_by_form if by_form else _analysed
    tokens_of_text = []
    for start, end, word in _words(text):
        exact, stem, others = analysed(word[:_RAW])
        if exact:
            tokens_of_text.append(Token(exact, stem, start, end, others))
    return _with_compounds(text, tokens_of_text)


def exact_forms(text: str) -> list[str]:
    """The exact forms of the tokens of a text, without the cost of their stems."""
    return [exact for _, _, word in _words(text) if (exact := fold(word[:_RAW]))]


def stopword(token: Token) -> bool:
    """Whether the word is too common to weigh in a search of loose words."""
    return token.exact in _stopwords()


def _with_compounds(text: str, words: list[Token]) -> list[Token]:
    """The words, with keys for what several of them are together: at the first and the last, so that phrases go on.

    At those after the first they are also marked by "+": one for the second, two for the third and so on.
    """
    for compound in (*compounds(text, words), *_names_of_several(text, words)):
        keys = compound.keys or _solid(compound.solid)
        for at in range(compound.first, compound.end):
            marked = ["+" * (at - compound.first) + key for key in keys]
            words[at] = _with_others(words[at], [*marked, *keys] if at == compound.end - 1 else marked)
    return words


def _names_of_several(text: str, words: Sequence[Token]) -> Iterator[Compound]:
    """The known names of several words, the first with a capital, with nothing but blanks and hyphens between them."""
    for at, word in enumerate(words[:-1]):
        if names.begins_several(text[word.start : word.end]):
            length, keys = names.of_several([each.exact for each in words[at : at + MOST_WORDS]])
            if length and not _PARTED.search(text, word.end, words[at + length - 1].start):
                yield Compound(at, at + length, keys=keys)


def may_be_one(piece: str) -> bool:
    """Whether words of a piece may be found by a key that they have together alone: a number, a known name."""
    return any(map(str.isdigit, piece)) or any(map(names.begins_several, _WORD.findall(piece)))


def _solid(solid: str) -> list[str]:
    """The readings of a compound written as one word, and its keys as a name."""
    _, stem, others = _analysed(solid[:_RAW])
    readings = [stem, *(key for key in others if not key.startswith(names.MARK))]
    return [*readings[:_MOST_SOLID], *(key for key in others if key.startswith(names.MARK))]


def _with_others(word: Token, keys: list[str]) -> Token:
    others = dict.fromkeys([*word.others, *(key for key in keys if key and key != word.stem)])
    return Token(word.exact, word.stem, word.start, word.end, tuple(others)[:MOST_OTHERS])


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each word starts and ends, and the word without what clings to its end and the dots of an abbreviation."""
    for match in _RUN.finditer(text):
        start, run = match.start(), match.group()
        if run.isalnum():
            yield start, match.end(), run
        elif _DOTTED.fullmatch(run):
            yield start, match.end(), run.replace(".", "")
        else:
            yield from ((start + offset, start + offset + len(word), word) for offset, word in _pieces(run))


def _pieces(run: str) -> Iterator[tuple[int, str]]:
    """The words of a run that holds more than letters and digits."""
    plain = "".join(c if _belongs(c) else " " for c in run)
    for match in _RUN.finditer(plain):
        word = match.group()
        end = len(word)
        while not word_character(word[end - 1]):
            end -= 1
        yield match.start(), _without_possessive(word[:end])


def _without_possessive(word: str) -> str:
    """The word without its 's, however often that is said."""
    end = len(word)
    while end > 1 and word[end - 1] in "sS" and _APOSTROPHES.match(word[end - 2]):
        end -= 2
    return word[:end]


def _belongs(character: str) -> bool:
    return (
        word_character(character)
        or unicodedata.category(character) == "Cf"
        or _APOSTROPHES.match(character) is not None
    )


@lru_cache(maxsize=1 << 16)
def _analysed(raw: str) -> tuple[str, str, tuple[str, ...]]:
    """Exact form, stem and other readings of a word as written."""
    exact = fold(raw)
    readings = dict.fromkeys(reading[:LONGEST] for reading in _readings(raw, exact))
    stem, *others = readings
    as_name = () if exact in _stopwords() else names.keys(raw, exact)
    return exact, stem, tuple(dict.fromkeys([*others[: MOST_OTHERS - names.MOST], *as_name]))


def form_key(exact: str) -> str:
    """The key of a folded word by its form alone; letters that a Russian keyboard lacks as people type them on it."""
    return (FORM + exact.translate(russian.REGIONAL))[:LONGEST]


def _analysed_by_form(raw: str) -> tuple[str, str, tuple[str, ...]]:
    """As `_analysed`, of a word in neither of our languages; of what is no word, the same. Capitals stay an acronym."""
    exact = fold(raw)
    if not exact.isalpha():
        return _analysed(raw)
    acronym = (exact,) if raw.isupper() and len(raw) > 1 else ()
    return exact, form_key(exact), tuple(dict.fromkeys((*acronym, *names.keys(raw, exact))))


def _readings(raw: str, exact: str) -> Iterator[str]:
    """The readings of a folded word, that of its most likely lemma first."""
    yield from _of_language(exact, raw[:1].isupper())
    if raw.isalpha() and raw[1:].islower():  # as most words are: their shape tells nothing
        return
    ordinary = raw.isupper() and cyrillic(exact) and russian.known(exact)
    yield from shapes.readings(raw, exact, ordinary)
    if bare := shapes.without_footnote(exact):
        yield from _of_language(bare, raw[:1].isupper())


def _of_language(exact: str, capital: bool) -> Iterator[str]:
    if not cyrillic(exact):
        yield english.stem(exact) if latin(exact) else exact
        return
    for word in russian.spellings(exact):
        analysed = russian.analysed(word)
        yield from analysed.stems
        yield from surnames.keys(word, analysed.surname, capital) if word.isalpha() else ()


@cache
def _stopwords() -> frozenset[str]:
    text = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
