"""Cuts the text of pages into sentences, each with its place on the page. Loses no word and doubles none."""

import bisect
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.extract.pages import SOFT_HYPHEN, PageText, as_shown
from indexer.extract.quality import known_word
from indexer.segment.cells import Fragment, LineRole, cut
from indexer.segment.languages import Detected, named, settled
from indexer.segment.paragraphs import Paragraph, paragraphs
from indexer.segment.sentences import Splitter, sentence_starts
from indexer.text import Box, Language


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence: the page where it begins, its text and language, and where it stands: (page, box), one a line.

    `language` is one of `WRITTEN`: what is neither en nor ru (languages.py) is never translated.
    A row of a table is one: each cell after the words that head it, as Year 2018 · Returns 64; its boxes are the row's.
    `furniture` marks a page header or footer that has been said before. `marks` are those of its lines.
    """

    ordinal: int
    page: int
    text: str
    language: str
    boxes: tuple[tuple[int, Box], ...]
    furniture: bool
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph's words, and each of its fragments with the index of its first word.

    Words of a table's heads are in none of a row's fragments. A word that a line's end breaks is the last of one
    fragment and the first of the next.
    """

    words: list[str]
    parts: list[tuple[int, Fragment]]

    def boxes(self, first: int, end: int, sizes: Mapping[int, tuple[float, float]]) -> Iterator[tuple[int, Box]]:
        """One box a line touched by the words first..end (without the end), with its page; `sizes` are the pages'."""
        for start, fragment in self._touched(first, end):
            skipped = fragment.first - start
            a, b = max(first, start), min(end, start + len(fragment.tokens))
            box = cut(fragment.line, a + skipped, b + skipped)
            yield fragment.page, as_shown(box, fragment.line.turn, sizes[fragment.page])

    def marks(self, first: int, end: int) -> tuple[str, ...]:
        """The marks of the lines touched by the words first..end, each once."""
        return tuple(dict.fromkeys(mark for _, it in self._touched(first, end) for mark in it.line.marks))

    def _touched(self, first: int, end: int) -> Iterator[tuple[int, Fragment]]:
        """The fragments that hold any of the words first..end."""
        if first == 0 and end == len(self.words):
            return iter(self.parts)
        following = itertools.islice(self.parts, bisect.bisect_right(self.parts, first, key=_end), None)
        return itertools.takewhile(lambda part: part[0] < end, following)

    def raised(self, index: int) -> bool:
        """Whether a word is the small number of a note: its digits are narrower than those of the line would be."""
        word = self.words[index]
        if not word.isdigit() or len(word) > 3:
            return False
        start, fragment = self.parts[bisect.bisect_right(self.parts, index, key=_start) - 1]
        x0, x1 = fragment.line.words[fragment.first + index - start]
        return (x1 - x0) / len(word) < _NOTE_WIDTH * (fragment.line.box[3] - fragment.line.box[1])


def _start(part: tuple[int, Fragment]) -> int:
    return part[0]


def _end(part: tuple[int, Fragment]) -> int:
    """Never less than that of the part before: a part begins with the last word of that one, or after it."""
    return part[0] + len(part[1].tokens)


@dataclass(frozen=True, slots=True)
class _Draft:
    text: str
    boxes: tuple[tuple[int, Box], ...]
    named: str
    written: Language | None
    furniture: bool
    marks: tuple[str, ...]


LONGEST_SEGMENT = 4_000
"""Characters of a segment; the longest sentences that people write have half as many."""

BETWEEN_CELLS = "·"
"""Stands between the cells of a row: no word of a text is searched by it."""

_SHORT = 8
"""Words, with fewer of which a sentence is taken to be in the language of its paragraph."""

_NOTE_WIDTH = 0.33
"""Of a line's height (1.2 em): between the digits of footnote marks and those of text."""


def segment(pages: Sequence[PageText], language: str = "", splitter: Splitter = sentence_starts) -> list[Segment]:
    """The sentences of a document in reading order; every word of every line is in exactly one.

    `language` is that of the document where somebody said so: then it is not looked for.
    """
    blocks = paragraphs(pages)
    spelling = _spelling(blocks)
    sizes = {page.number: (page.width, page.height) for page in pages}
    drafts = [draft for block in blocks for draft in _drafts(block, spelling, sizes, splitter)]
    languages = settled([Detected(draft.text, draft.named, draft.written) for draft in drafts], language)
    return [
        Segment(
            ordinal=i,
            page=draft.boxes[0][0],
            text=draft.text,
            language=language,
            boxes=draft.boxes,
            furniture=draft.furniture,
            marks=draft.marks,
        )
        for i, (draft, language) in enumerate(zip(drafts, languages, strict=True))
    ]


_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


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
    tokens = {token for lines in fragments for line in lines for token in line}
    words = frozenset(key for token in tokens for key in _keys(token))
    joined = sum(_bare(a + b) in words for a, b in broken)
    hyphenated = sum(_key(a, b) in words for a, b in broken)
    return Spelling(words, joined >= hyphenated)


def _keys(token: str) -> Iterator[str]:
    """The word, and what is compared of one with a hyphen: endings may differ."""
    word = _bare(token)
    yield word
    if "-" in word:
        left, _, right = word.partition("-")
        yield _key(left, right)


def _key(left: str, right: str) -> str:
    return f"{_bare(left)}-{_bare(right)[:4]}"


def _bare(token: str) -> str:
    """The word without case and punctuation."""
    return token.casefold().strip("«»“”\"'()[],.;:!?…")


_PARTICLES = frozenset({"то", "либо", "нибудь", "таки"})


_SHORTEST_HALF = 2
_FIRST_HALVES = frozenset(
    [
        "вице",
        "экс",
        "обер",
        "контр",
        "мини",
        "co",
        "non",
        "self",
        "cross",
        "counter",
        "anti",
        "pre",
        "post",
        "sub",
        "inter",
    ]
)
_HANGING = re.compile(rf"[^\W_]-$|{SOFT_HYPHEN}$")
_AND = frozenset({"and", "or", "to", "и", "или", "либо"})


def join_hyphenated(left: str, right: str, spelling: Spelling) -> str:
    """A word whose halves a line's end parts, with its hyphen or without.

    As the document writes it elsewhere; if it does not, the hyphen stays before a capital or digit, after one,
    before a Russian particle, between two scripts, in a document that breaks no words, and between two words that are
    none together: вице-премьер, социально-экономический, community-based.
    """
    left = _stem(left)
    if _bare(left + right) in spelling.words:
        return left + right
    needed = (
        not spelling.breaks_words
        or _key(left, right) in spelling.words
        or not right[:1].islower()
        or not left[-1:].islower()
        or _bare(right) in _PARTICLES
        or bool(_CYRILLIC.search(left)) != bool(_CYRILLIC.search(right))
        or _two_words(_bare(left), _bare(right))
    )
    return f"{left}-{right}" if needed else left + right


def _two_words(left: str, right: str) -> bool:
    """Whether both halves are words, the first perhaps one that is only ever the first half, and the whole is none."""
    if known_word(left + right) or not known_word(right) or min(len(left), len(right)) < _SHORTEST_HALF:
        return False
    return left in _FIRST_HALVES or (bool(_CYRILLIC.search(left)) and left.endswith("о")) or known_word(left)


def _text(block: Paragraph, spelling: Spelling) -> _Text:
    if block.heads:
        return _row(block, spelling)
    words: list[str] = []
    parts: list[tuple[int, Fragment]] = []
    broken = False
    for fragment in block.fragments:
        tokens = fragment.tokens
        if broken and tokens[0] in _AND:
            words[-1] = _stem(words[-1]) + "-"
        elif broken:
            tokens = (join_hyphenated(words.pop(), tokens[0], spelling), *tokens[1:])
        parts.append((len(words), fragment))
        words += tokens
        broken = tokens[-1].endswith((SOFT_HYPHEN, "-")) and bool(_HANGING.search(tokens[-1]))
    if broken:
        words[-1] = _stem(words[-1]) + "-"
    return _Text(words, parts)


def _row(block: Paragraph, spelling: Spelling) -> _Text:
    """The cells of a row with what heads each, and a sign between them."""
    words: list[str] = []
    parts: list[tuple[int, Fragment]] = []
    for fragment, heads in zip(block.fragments, block.heads, strict=True):
        tokens = fragment.tokens
        if heads is not None:
            words += (BETWEEN_CELLS, *heads) if words else heads
        elif words[-1].endswith(SOFT_HYPHEN):
            tokens = (join_hyphenated(words.pop(), tokens[0], spelling), *tokens[1:])
        parts.append((len(words), fragment))
        words += tokens
    return _Text([word.replace(SOFT_HYPHEN, "-") for word in words], parts)


def _stem(word: str) -> str:
    return word[:-1] if word.endswith((SOFT_HYPHEN, "-")) else word


# --- languages -------------------------------------------------------------------------------------------------------


_NAME_INSIDE = re.compile(r"[@/\\_#=\d]|[^\W\d_][.:][^\W\d_]")


def language_of(text: str) -> Language | None:
    """Russian if at least a third of the letters is Cyrillic, else English; None without letters.

    Addresses, file names and symbols count only where there is nothing else.
    """
    if text.isascii() or not _CYRILLIC.search(text):
        return "en" if _LATIN.search(text) else None
    if not _LATIN.search(text):
        return "ru"
    counted = " ".join(word for word in text.split() if not _NAME_INSIDE.search(word))
    cyrillic, latin = len(_CYRILLIC.findall(counted)), len(_LATIN.findall(counted))
    return "ru" if 2 * cyrillic >= latin else "en"


# --- sentences -------------------------------------------------------------------------------------------------------


def _drafts(
    block: Paragraph, spelling: Spelling, sizes: Mapping[int, tuple[float, float]], splitter: Splitter
) -> Iterator[_Draft]:
    text = _text(block, spelling)
    whole = " ".join(text.words)
    language, other = language_of(whole), named(whole)
    starts = splitter(whole, language or "en") if block.role is LineRole.BODY else []
    edges = [0, *_firsts(text, starts), len(text.words)]
    for first, end in _bounded(text.words, edges):
        sentence = " ".join(text.words[first:end])
        own = (other if len(edges) == 2 else named(sentence)) or _of_its_paragraph(sentence, other)
        written = (language_of(sentence) or language) if len(sentence) < len(whole) else language
        boxes = tuple(text.boxes(first, end, sizes))
        yield _Draft(sentence, boxes, own, written, block.role is LineRole.FURNITURE, text.marks(first, end))


def _of_its_paragraph(sentence: str, other: str) -> str:
    """Another language that its paragraph is in, if a sentence is too short to be told from that."""
    return other if len(sentence.split()) < _SHORT else ""


def _bounded(words: Sequence[str], edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first word and the end of each sentence; one of more than `LONGEST_SEGMENT` characters is cut at a word."""
    for first, end in itertools.pairwise(edges):
        if sum(map(len, words[first:end])) + end - first <= LONGEST_SEGMENT:
            yield first, end
            continue
        begun, length = first, 0
        for i in range(first, end):
            length += len(words[i]) + 1
            if length > LONGEST_SEGMENT and i > begun:
                yield begun, i
                begun, length = i, len(words[i]) + 1
        yield begun, end


def _firsts(text: _Text, starts: Sequence[int]) -> Iterator[int]:
    """The index of the first word of each sentence but the first; a raised number stays with the sentence before."""
    if not starts:
        return
    beginnings, at = set(starts), 0
    for i, word in enumerate(text.words):
        if at in beginnings:
            if i + 1 < len(text.words) and text.raised(i):
                beginnings.add(at + len(word) + 1)
            else:
                yield i
        at += len(word) + 1
