"""Cuts the text of pages into sentences, each with its place on the page. Loses no word and doubles none."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.extract.layout import Fragment, Paragraph, Role, cut, paragraphs
from indexer.extract.model import SOFT_HYPHEN, Box, PageText
from indexer.sentences import Language, sentence_starts


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence: the page where it begins, its text and language, and where it stands: (page, box), one a line.

    `furniture` marks a page header or footer that has been said before.
    """

    ordinal: int
    page: int
    text: str
    language: Language
    boxes: tuple[tuple[int, Box], ...]
    furniture: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a paragraph, and where it stands: in two places if a hyphen broke it."""

    text: str
    places: tuple[tuple[Fragment, int], ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    words: tuple[_Word, ...]
    language: Language | None
    furniture: bool


def segment(pages: Sequence[PageText]) -> list[Segment]:
    """The sentences of a document in reading order; every word of every line is in exactly one."""
    blocks = paragraphs(pages)
    spelling = _spelling(blocks)
    drafts = [draft for block in blocks for draft in _drafts(block, spelling)]
    languages = _languages([draft.language for draft in drafts])
    return [
        Segment(
            ordinal=i,
            page=draft.words[0].places[0][0].page,
            text=" ".join(word.text for word in draft.words),
            language=language,
            boxes=_boxes(draft.words),
            furniture=draft.furniture,
        )
        for i, (draft, language) in enumerate(zip(drafts, languages, strict=True))
    ]


# --- words -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a document tells about its hyphens: the words it writes unbroken, and whether it breaks words at all."""

    words: frozenset[str] = frozenset()
    breaks_words: bool = True


def _spelling(blocks: Sequence[Paragraph]) -> Spelling:
    """Learn from the whole document; word processors that never break a word leave only true hyphens at line ends."""
    fragments = [[f.tokens for f in block.fragments] for block in blocks]
    broken = [
        (a[-1].removesuffix(SOFT_HYPHEN), b[0])
        for tokens in fragments
        for a, b in itertools.pairwise(tokens)
        if a[-1].endswith(SOFT_HYPHEN)
    ]
    if not broken:
        return Spelling()
    words = frozenset(key for tokens in fragments for line in tokens for token in line for key in _keys(token))
    joined = sum(_bare(a + b) in words for a, b in broken)
    hyphenated = sum(_key(a, b) in words for a, b in broken)
    return Spelling(words, joined >= hyphenated)


def _keys(token: str) -> Iterator[str]:
    """The word, and what is compared of one with a hyphen: endings may differ."""
    word = _bare(token)
    yield word
    left, hyphen, right = word.partition("-")
    if hyphen:
        yield _key(left, right)


def _key(left: str, right: str) -> str:
    return f"{_bare(left)}-{_bare(right)[:4]}"


def _bare(token: str) -> str:
    return token.casefold().strip("«»“”\"'()[],.;:!?…")


_PARTICLES = frozenset({"то", "либо", "нибудь", "таки"})


_HANGING = re.compile(r"[^\W\d_]-$")
_AND = frozenset({"and", "or", "to", "и", "или", "либо"})


def join_hyphenated(left: str, right: str, spelling: Spelling) -> str:
    """A word whose halves a line's end parts, with its hyphen or without.

    As the document writes it elsewhere; if it does not, the hyphen stays before a capital or digit, after one,
    before a Russian particle, and in a document that breaks no words.
    """
    left = left.removesuffix(SOFT_HYPHEN)
    if _bare(left + right) in spelling.words:
        return left + right
    needed = (
        not spelling.breaks_words
        or _key(left, right) in spelling.words
        or not right[:1].islower()
        or not left[-1:].islower()
        or _bare(right) in _PARTICLES
    )
    return f"{left}-{right}" if needed else left + right


def _words(block: Paragraph, spelling: Spelling) -> list[_Word]:
    words: list[_Word] = []
    broken = False
    for fragment in block.fragments:
        for i, token in enumerate(fragment.tokens, fragment.first):
            if broken and token in _AND:
                words[-1] = _Word(words[-1].text.removesuffix(SOFT_HYPHEN) + "-", words[-1].places)
                words.append(_Word(token, ((fragment, i),)))
            elif broken:
                left = words.pop()
                text = join_hyphenated(left.text, token, spelling)
                words.append(_Word(text, (*left.places, (fragment, i))))
            else:
                words.append(_Word(token, ((fragment, i),)))
            broken = token.endswith(SOFT_HYPHEN)
        if _HANGING.search(fragment.tokens[-1]) and not broken:
            words[-1] = _Word(words[-1].text[:-1] + SOFT_HYPHEN, words[-1].places)
            broken = True
    if broken:
        words[-1] = _Word(words[-1].text.removesuffix(SOFT_HYPHEN) + "-", words[-1].places)
    return words


# --- languages -------------------------------------------------------------------------------------------------------


_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_NAME = re.compile(r"\S*(?:[@/\\_#=\d]|[^\W\d_][.:][^\W\d_])\S*")


def language_of(text: str) -> Language | None:
    """Russian if at least a third of the letters is Cyrillic, else English; None without letters.

    Addresses, file names and symbols count only where there is nothing else.
    """
    for counted in (_NAME.sub("", text), text):
        cyrillic, latin = len(_CYRILLIC.findall(counted)), len(_LATIN.findall(counted))
        if cyrillic or latin:
            return "ru" if 2 * cyrillic >= latin else "en"
    return None


def _languages(known: Sequence[Language | None]) -> list[Language]:
    """Fill the gaps: the language before it, or else the first one after it; a document without letters is English."""
    current: Language = next((language for language in known if language), "en")
    filled = []
    for language in known:
        current = language or current
        filled.append(current)
    return filled


# --- sentences -------------------------------------------------------------------------------------------------------


def _drafts(block: Paragraph, spelling: Spelling) -> Iterator[_Draft]:
    words = _words(block, spelling)
    text = " ".join(word.text for word in words)
    language = language_of(text)
    furniture = block.role is Role.FURNITURE
    starts = sentence_starts(text, language or "en") if block.role is Role.BODY else []
    first = 0
    for end in _cuts(words, starts):
        yield _draft(words[first:end], language, furniture)
        first = end
    yield _draft(words[first:], language, furniture)


def _cuts(words: Sequence[_Word], starts: Sequence[int]) -> Iterator[int]:
    """The index of the word that begins each sentence but the first; a raised note number stays with the one before."""
    wanted, at = set(starts), 0
    for i, word in enumerate(words):
        if at in wanted:
            if i + 1 < len(words) and _raised(word):
                wanted.add(at + len(word.text) + 1)
            else:
                yield i
        at += len(word.text) + 1


_NOTE_WIDTH = 0.33


def _raised(word: _Word) -> bool:
    """Whether it is the small number of a note: its digits are narrower than those of the line would be."""
    fragment, index = word.places[0]
    x0, x1 = fragment.line.words[index]
    height = fragment.line.box[3] - fragment.line.box[1]
    return word.text.isdigit() and len(word.text) < 4 and (x1 - x0) / len(word.text) < _NOTE_WIDTH * height


def _draft(words: Sequence[_Word], paragraph: Language | None, furniture: bool) -> _Draft:
    own = language_of(" ".join(word.text for word in words))
    return _Draft(tuple(words), own or paragraph, furniture)


# --- boxes -----------------------------------------------------------------------------------------------------------


def _boxes(words: Sequence[_Word]) -> tuple[tuple[int, Box], ...]:
    """One box a line touched, from the first to the last of these words on it."""
    runs: list[tuple[Fragment, int, int]] = []
    for word in words:
        for fragment, index in word.places:
            if runs and runs[-1][0] is fragment:
                runs[-1] = (fragment, runs[-1][1], index + 1)
            else:
                runs.append((fragment, index, index + 1))
    return tuple((fragment.page, cut(fragment.line, first, end)) for fragment, first, end in runs)
