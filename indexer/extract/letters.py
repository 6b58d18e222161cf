"""Puts single letters right that look right and are not: by tables, within one word. Refuses to touch a whole alphabet.

People who type Kazakh or Ukrainian without its keyboard take a Latin i or ə; TeX and Quartz draw й as и and a breve;
old Tajik fonts have their letters where Serbian ones are. Scanners write a sign of logic for a hyphen, and headings are
set with spaces between their letters.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from indexer.extract.pages import SOFT_HYPHEN, Line, PageText
from indexer.extract.quality import english_word, known_word

_LATIN: Final = "aceopxyijhsəǝæɵθëïABCEHKMOPTXYIJSƏƎÆƟΘËÏäöü"
_CYRILLIC: Final = "асеорхуіјһѕәәәөөёїАВСЕНКМОРТХУІЈЅӘӘӘӨӨЁЇәөү"
_ALIKE = str.maketrans(_LATIN, _CYRILLIC)
_MIXED = re.compile(rf"[{_LATIN}](?:[\u0400-\u052f]|(?<=[\u0400-\u052f].))")
_DOTTED = re.compile(r"[\u0400-\u052f][iï]|[іїє]")
_SHORT_DOTTED = re.compile(r"(?<![^\W_])(?!ii|i[).])[\u0400-\u052fiïÏ]{1,3}(?![^\W_])")  # but for numerals and labels
_FEWEST_DOTTED: Final = 4  # letters of a page of another alphabet than Russian
_CYRILLIC_LETTER = re.compile(r"[\u0400-\u052f]")
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
_RUN = re.compile(r"[^\W\d_]+")
_ACCENT = re.compile(r"[\u00a8\u02d8\u00b4\u00af]")
_RUN_WITH_ACCENTS = re.compile(r"(?<![^\W\d_])[^\W\d_]*[\u02d8\u00a8\u00af][\w\u02d8\u00a8\u00af]*")
_BEHIND = re.compile(r"[иИуУеЕ][\u02d8\u00a8]|[иИуУ]\u00af")
_BEFORE = re.compile(r"[\u02d8\u00a8][иИуУеЕ]|\u00af[иИуУ]")
_COMBINING = {"\u02d8": "\u0306", "\u00a8": "\u0308", "\u00af": "\u0304"}
_HYPHENS = re.compile(r"[\u00ac\u2010-\u2012\u2212]")
_HYPHEN_AT_END = re.compile(r"(?<=[^\W\d_])[\u00ac\u2010-\u2012\u2212]$")
_BREAK_INSIDE = re.compile(r"(?<=[^\W\d_]{2})\u00ac(?=[^\W\d_]{2})")  # of a line that was filled anew
_HYPHEN_INSIDE = re.compile(r"(?<=\w)[\u2010\u2011](?=\w)")
_TOUCHED = re.compile(r"[\u00a8\u02d8\u00b4\u00af\u00ac\u2010-\u2012\u2212]")
_BEYOND_LATIN = re.compile(r"[^\x00-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\u2000-\u206f]")
_ODD_IN_LATIN = re.compile(r"[A-Za-z](?:[^\W\d_A-Za-z]|(?<=[^\W\d_A-Za-z].))")
_SPACED = re.compile(r"\s[^\W\d_]\s(?:[^\W\d_]\s){4}")
_SHORT_SPACED = re.compile(r"\s[^\W\d_]\s(?:[^\W\d_]\s){2,3}")
_REGIONAL = re.compile(r"[ӘҒҚҢӨҰҮҺІҶҲӢӮЎ]")
_FEWEST_SPACED: Final = 5
_MOST_LETTERS, _LONGEST_SPACED, _SHORTEST_SPACED = 80, 24, 4  # of a row of spaced letters, and of its words
_SMALL_WORDS: Final = frozenset(
    {"и", "в", "о", "с", "к", "на", "по", "об", "от", "из", "не", "до", "за", "при", "для", "или"}
    | {"of", "on", "to", "in", "and", "for", "the", "by"}
)
_WIDER: Final = 1.5
_JOINED: Final = ("fi", "fl", "ff", "ffi", "ffl")
_MOST_WORDS: Final = 40
_FEWEST_OF_WORD: Final = 4
_FEWEST_OF_TWO: Final = 4  # words, in which one letter may stand for two ligatures
_TAJIK = str.maketrans("љЉњЊќЌѓЃўЎїЇ", "ҷҶҳҲқҚғҒӯӮӣӢ")
_TAJIK_ONLY = re.compile(r"[љњќѓЉЊЌЃ]")
_SLAVIC_ONLY = re.compile(r"[јћђѕієЈЋЂЅІЄ]")
_FEWEST_TAJIK = 3
LETTERS: Final = "letters"
"""How a line was repaired whose font names other letters than it draws."""


def put_right(pages: Sequence[PageText]) -> tuple[PageText, ...]:
    """The pages, with letters put right that were typed or drawn as their look-alikes."""
    texts = [" \n ".join([line.text for line in page.lines]) for page in pages]
    tajik, joined = _is_old_tajik(texts), _ligatures(texts)
    return tuple(_page(page, text, tajik, joined) for page, text in zip(pages, texts, strict=True))


def _page(page: PageText, text: str, tajik: bool, joined: Mapping[str, Sequence[str]]) -> PageText:
    """The page, whose lines have this text together."""
    mixed = _CYRILLIC_LETTER.search(text) and _MIXED.search(text)
    changes = not text.isascii() and (tajik or joined or _TOUCHED.search(text) or mixed)
    lines = tuple(_right(line, tajik, joined) for line in page.lines) if changes else page.lines
    if changes and len(_DOTTED.findall(text)) >= _FEWEST_DOTTED:
        lines = tuple(map(_dotted, lines))
    if _SHORT_SPACED.search(f" {text} "):
        lines = tuple(map(_closed_up, lines))
    return page if lines == page.lines else replace(page, lines=lines)


def _ligatures(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What letters stand for ligatures: those with which no word of the document is English, and without it each is.

    So «oèce» and «ænancing» say office and financing; one word that does not become any leaves the letter as it is.
    """
    words: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        if _BEYOND_LATIN.search(text):
            for run in _RUN.findall(" ".join(filter(_ODD_IN_LATIN.search, text.splitlines()))):
                odd = {c for c in run if not c.isascii()}
                if len(odd) == 1 < len(run) and len(words[letter := odd.pop()]) < _MOST_WORDS:
                    words[letter].add(run)
    return {letter: some for letter, runs in words.items() if (some := _made_by(letter, runs))}


def _made_by(letter: str, runs: Collection[str]) -> tuple[str, ...]:
    """The ligatures that make words of all these; none if one becomes none, or may become two."""
    if max(map(len, runs)) < _FEWEST_OF_WORD or any(map(english_word, runs)):
        return ()
    alone = tuple(joined for joined in _JOINED if all(english_word(run.replace(letter, joined)) for run in runs))
    if alone:
        return alone if len(alone) == 1 else ()
    made = [tuple(_words_of(run, letter, _JOINED)) for run in runs]
    several = len(runs) >= _FEWEST_OF_TWO and all(len(of_run) == 1 for of_run in made)
    return tuple(dict.fromkeys(joined for of_run in made for joined in of_run)) if several else ()


def _words_of(run: str, letter: str, joined: Sequence[str]) -> Iterator[str]:
    """Those of these ligatures that make a word of the run in the letter's place."""
    return (each for each in joined if english_word(run.replace(letter, each)))


def _with_ligatures(run: str, joined: Mapping[str, Sequence[str]]) -> str:
    """The run with what makes a word of it in place of the letter that stands for ligatures."""
    for letter in set(run) & joined.keys():
        made = list(_words_of(run, letter, joined[letter])) if len(joined[letter]) > 1 else joined[letter]
        run = run.replace(letter, made[0]) if made else run
    return run


def _right(line: Line, tajik: bool, joined: Mapping[str, Sequence[str]]) -> Line:
    told = line.text.translate(_TAJIK) if tajik else line.text
    if joined and not told.isascii():
        told = _RUN.sub(lambda match: _with_ligatures(match[0], joined), told)
    text = _text(told)
    if text == line.text:
        return line
    return replace(line, text=text, repaired=line.repaired or (LETTERS if told != line.text else ""))


def _text(text: str) -> str:
    if _ACCENT.search(text):
        text = _RUN_WITH_ACCENTS.sub(_accented, text)
    if _HYPHENS.search(text):
        text = _HYPHEN_INSIDE.sub("-", _HYPHEN_AT_END.sub(SOFT_HYPHEN, _BREAK_INSIDE.sub("", text)))
    return _RUN.sub(_one_alphabet, text) if _MIXED.search(text) else text


def _dotted(line: Line) -> Line:
    """The line with short words of i and ï in Cyrillic, as Ukrainian has them, unless there is Latin in the line."""
    text = _SHORT_DOTTED.sub(lambda match: match[0].translate(_ALIKE), line.text)
    if text == line.text or _LATIN_LETTER.search(text):
        return line
    return replace(line, text=text)


def _closed_up(line: Line) -> Line:
    """The line with words of spaced letters closed up, as in «Р Е З О Л Ю Ц И Я»; where words part, gaps are wider."""
    if not _SPACED.search(f" {line.text} ") and not _SHORT_SPACED.fullmatch(f" {line.text} "):
        return line
    tokens, at = line.text.split(), 0
    groups: list[tuple[int, int]] = []
    alone = all(len(token) == 1 and token.isalpha() for token in tokens)
    if alone and "".join(tokens).isupper() and (words := _word_alone(line, tokens)):
        return _regrouped(line, tokens, words)
    while at < len(tokens):
        end = at
        while end < len(tokens) and len(tokens[end]) == 1 and tokens[end].isalpha():
            end += 1
        groups += _spaced_words(line, tokens, at, end) if end - at >= _FEWEST_SPACED else ()
        if end - at < _FEWEST_SPACED:
            groups += [(i, i + 1) for i in range(at, max(end, at + 1))]
        at = max(end, at + 1)
    return _regrouped(line, tokens, groups)


def _word_alone(line: Line, tokens: Sequence[str]) -> list[tuple[int, int]]:
    """The words of a line of capitals alone: a short one, or one in a language whose words no dictionary holds."""
    whole = "".join(tokens)
    if len(tokens) < _FEWEST_SPACED:
        return [(0, len(tokens))] if known_word(whole) else []
    return _by_gaps(line, 0, len(tokens)) if _REGIONAL.search(whole) else []


def _spaced_words(line: Line, tokens: Sequence[str], first: int, end: int) -> list[tuple[int, int]]:
    """The words that a run of single letters is, by its gaps; the letters as they are if these are no words."""
    words = _by_gaps(line, first, end)
    read = ["".join(tokens[a:b]) for a, b in words]
    good = sum(len(word) for word in read if len(word) > 2 and known_word(word))
    if 2 * good > end - first:
        return words
    return _by_dictionary(tokens, first, end) or [(i, i + 1) for i in range(first, end)]


def _by_dictionary(tokens: Sequence[str], first: int, end: int) -> list[tuple[int, int]]:
    """The fewest known words that a run of letters with even gaps is; none if it is no row of such."""
    if end - first > _MOST_LETTERS:
        return []
    best: dict[int, list[int]] = {first: [first]}
    for at in range(first + 1, end + 1):
        before = [a for a in range(max(first, at - _LONGEST_SPACED), at) if a in best and _is_word(tokens[a:at])]
        if before:
            best[at] = [*best[min(before, key=lambda a: len(best[a]))], at]
    return list(pairwise(best.get(end, [])))


def _is_word(letters: Sequence[str]) -> bool:
    word = "".join(letters).lower()
    return word in _SMALL_WORDS if len(word) < _SHORTEST_SPACED else known_word(word)


def _by_gaps(line: Line, first: int, end: int) -> list[tuple[int, int]]:
    gaps = [line.words[i + 1][0] - line.words[i][1] for i in range(first, end - 1)]
    usual = sorted(gaps)[len(gaps) // 2]
    cuts = [i + 1 + first for i, gap in enumerate(gaps) if gap > max(_WIDER * usual, usual + 1)]
    return list(pairwise([first, *cuts, end]))


def _regrouped(line: Line, tokens: Sequence[str], groups: Sequence[tuple[int, int]]) -> Line:
    return replace(
        line,
        text=" ".join("".join(tokens[a:b]) for a, b in groups),
        words=tuple((line.words[a][0], line.words[b - 1][1]) for a, b in groups),
        fonts=tuple(line.fonts[a] for a, _ in groups) if line.fonts else (),
    )


def _accented(match: re.Match[str]) -> str:
    """The word with its accents, which stand behind their letters, or before them where that alone makes a word."""
    behind = _BEHIND.sub(_composed, match[0])
    before = _BEFORE.sub(_composed, match[0])
    first, second = (_BEFORE.sub(_composed, behind), _BEHIND.sub(_composed, before))
    return second if known_word(second) and not known_word(first) else first


def _composed(match: re.Match[str]) -> str:
    letter, accent = sorted(match[0], key=str.isalpha, reverse=True)
    composed = unicodedata.normalize("NFC", letter + _COMBINING[accent])
    return composed if len(composed) == 1 else match[0]


def _one_alphabet(match: re.Match[str]) -> str:
    """The run in Cyrillic, if it is so but for letters that look alike."""
    run = match[0]
    cyrillic = sum(1 for c in run if "\u0400" <= c <= "\u052f")
    if not 0 < cyrillic < len(run) or 2 * cyrillic <= len(run):
        return run
    changed = run.translate(_ALIKE)
    return changed if all("\u0400" <= c <= "\u052f" for c in changed) else run


def _is_old_tajik(texts: Sequence[str]) -> bool:
    """Whether letters of Serbian and Macedonian stand in a text without those of them that Tajik fonts leave alone."""
    texts = [text for text in texts if not text.isascii()]
    tajik = sum(len(_TAJIK_ONLY.findall(text)) for text in texts)
    return tajik >= _FEWEST_TAJIK and 20 * sum(len(_SLAVIC_ONLY.findall(text)) for text in texts) < tajik
