"""Scores how far a page's text reads like text. Refuses nothing: a low score only calls for a second look.

Looks at some of the words: Cyrillic ones by dictionary, Latin ones by the lexicon and their pairs of letters. What is
in no script that is read here is never good, nor are signs where words should be.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from indexer.analysis import english, russian
from indexer.extract.pages import UNMAPPED
from indexer.lexicon.letter_pairs import in_no_order
from indexer.lexicon.lookup import headwords


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SUSPECT = 0.8
"""A page that scores less is read a second time. Sound pages score above 0.9, but for one in a hundred."""

_SAMPLE = 80  # tokens of a page
_PRIOR = 2  # words of a page that are taken to be good unseen: a few odd words prove nothing
_BAD, _ODD, _FOREIGN, _LIKELY_NAME, _REGIONAL_WORD, _GOOD = 0.0, 0.35, 0.6, 0.7, 0.85, 1.0
_STRANGE, _OTHER_WORD = 0.78, 0.95  # a Latin word that no lexicon holds, and one in the company of another language
_LATIN_UNKNOWN, _ACCENTED = 0.71, 0.72  # until the company of a word tells whether it is of another language
_MOST_GREEK = 0.3  # share of words that are of Greek letters: formulas have fewer
_GREEK = 0.73  # until the small words of the language tell whether it is that
_BY_COMPANY = frozenset({_ODD, _LATIN_UNKNOWN, _ACCENTED, _GREEK})
_SMALL_GREEK = _set("και το του της την των οι τα με για από στο στη να είναι που σε")
_FEWEST_GREEK = 8  # letters
_GREEK_ACCENT = re.compile(r"[\u0386-\u0390\u03aa-\u03b0\u03ca-\u03ce\u1f00-\u1fff]")
_MOST_TOKENS = 2_000
_ASCII_WORD = re.compile(r"[a-z]{2,}")
_SOME_BAD = 0.05  # share of broken words
_REGIONAL_SHARE = 0.04  # of Cyrillic words with Central Asian letters: from here on it is one of those languages

_RUN = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_REGIONAL = re.compile(r"[әғқңөұүһіјҷҳӣӯўӘҒҚҢӨҰҮҺІЈҶҲӢӮЎ]")
_MOJIBAKE = re.compile(r"[\u00c0-\u00ff\u0152\u0153\u0178]{3}|^[\u00c0-\u00ff]{2}$|[\u00d7\u00f7][\u00c0-\u00ff]{2}")
_ACCENTS = re.compile(r"[\u00c0-\u00ff]{4}")
_FEW_ACCENTED = 2
_BROKEN = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe{UNMAPPED}-\U0010ffff]")
_BULLETS = re.compile(r"[\ue000-\uf8ff]{1,2}")
_GREEK_WORD = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]{3}")
_UNREAD = re.compile(
    r"[^\W\d_A-Za-z\u00aa\u00b2\u00b3\u00b9\u00ba\u00bc-\u00be\u00c0-\u024f\u02b0-\u03ff\u0400-\u052f"
    r"\u1d00-\u1fff\u2070-\u209f\u2100-\u218f\u2460-\u249b\ufb00-\ufb06]"
)
_SIGNS = re.compile(r"[\u00a1\u00a2\u00a4-\u00a6\u00a8\u00aa\u00ac\u00af\u00b4\u00b8\u00ba\u00bf]")
_MISREAD_SAMPLE = 240  # tokens of a page
_SHORTEST_RUN = 3  # letters
_WORD_LETTERS = 4  # from so many letters on, a word that is rubbish proves something alone
_RUBBISH_SHARE = 0.5  # of a line's words
_LATIN_RUBBISH = 0.4  # share of Latin words with a capital or digit inside: sound pages have .27 at most
_FEWEST_LATIN = 8
_ODD_INSIDE = re.compile(r"[a-z][A-Z]|[A-Za-z]\d+[A-Za-z]|^[a-z]+\d|\d[a-z]+[A-Z]|^\d[a-z]{2}|[A-Z]{2}[a-z]+[A-Z]")
_ADDRESS = re.compile(r"[/@_\\=<>#&]|\w[.:]\w")
_OTHERS = _set("""
    et le la du il elle être les des une est dans que qui pour sur par avec aux sont ont cette leur der die das und ist
    nicht mit den dem von ein eine auf werden wird sich para los las del con una como por más esta della delle che sono
    gli nel alla com não uma dos nie jest się oraz przez bir bilan uchun va bu bilen üçin hem ve ile için olarak ham
""")
_FEWEST_OTHERS = 0.06
_MARKS = "().,;:!?\"'«»“”‘’[]–—-"
_NOISE, _NOISE_SAMPLE, _FEWEST_NOISY = 0.55, 60, 12
_COMMONEST = _set("the of and to in for on is with that by from at as be are was this which")
_CODE = re.compile(r"[\\$=;/<>&#@`]|[(){}]\s*$|\(\)")
_HARMLESS = re.compile(r"[ -z\u2010-\u2027№§©]*|[ -@\[-`\u2010-\u2027№§«»А-яЁё]*")  # no word of it is impossible
_BRACED = re.compile(r"[^\W\d_][{|}~]+[^\W\d_]|[{|}~]{2}[^\W\d_]|^~[^\W\d_]|[^\W\d_][}~]$")
_SYMBOL_INSIDE = re.compile(r"[^\W\d_][${}|!~^\\<>=]+[^\W\d_]|[^\W\d_][${}|^~\\]|[${}|^~\\][^\W\d_]")
_SOUTH_SLAVIC = re.compile(r"[ѓђћќљњџ]", re.IGNORECASE)
_SIGN_INSIDE = re.compile(r"[а-яёіәңғүұқөһ][№¤¶µ§][а-яёіәңғүұқөһ]", re.IGNORECASE)
_SIGNS_ALONE = re.compile(r"(?!(.)\1*$)(?=.*[^\d.,:;/()%+–—-])[^A-Za-z\u00c0-\u024f\u0370-\u052f]{3,}")
_MOST_SIGNS = 0.3  # share of a page's words
_FEWEST_SIGNS = 8
_MOST_LETTERS_ALONE = 0.6  # share of a page's words
_ALONE = frozenset("авикосуябжг")
_RUSSIAN_SMALL = _set("и в на с по о не для от из к что за или при как у до")
_OF_SOME_LANGUAGE = _RUSSIAN_SMALL | _set("""
    да се са е та і із що й од је у као су која және мен бен пен үшін осы бұл бар да де деп менен бул жана үчүн
    ва дар аз ба бо ки барои ин ва билан учун бир ҳам нь энэ болон ба бөгөөд ҡа һәм менән
""")
_ONLY_RUSSIAN = re.compile(r"[ыэ]")
_SHARE_OF_SMALL = 0.05  # of Russian words; sound prose has .2
_SHARE_OF_ANY = 0.03
_MISSPELT = 0.35  # share of small Russian words: sound pages have .2 at most
_FEWEST_MISSPELT = 20
_TORN = 0.12  # share of small Russian words that are pieces of up to three letters
_STRAY = re.compile(
    r"[a-z\u0370-\u03ff\u0530-\u058f](?:"  # first the letter that is rare, for the rest is looked at only there
    r"(?<=[A-Za-z][\u0370-\u052f][a-z])|(?<=[\u0370-\u03ff\u0430-\u044f][a-z])(?<!\w..)[a-z]"
    r"|(?<=[а-яё][\u0370-\u03ff\u0530-\u058f])|(?<=[\u0370-\u03ff\u0530-\u058f])[а-яё])"
)
_BEYOND_LATIN = re.compile(r"[\u0370-\u058f]")
_INNER_CAPITAL = re.compile(r"[а-яё][А-ЯЁ]")
_DIGIT_INSIDE = re.compile(r"[А-Яа-яёЁ]\d+[А-Яа-яёЁ$]")

_FOLLOWERS = {
    **{"a": "bcdgiklmnprstuvy", "b": "adeilorsu", "c": "acehiklortu", "d": "aeiorsuvy", "e": "abcdefgilmnopqrstuvwxy"},
    **{"f": "aefioru", "g": "aehilnorsu", "h": "aeiortuy", "i": "abcdefgklmnoprstvxz", "j": "ou", "k": "einsy"},
    **{"l": "adefilmostuvy", "m": "aebimopsuy", "n": "acdefgiklnostuvy", "o": "abcdefgiklmnoprstuvwxy"},
    **{"p": "aehiloprstuy", "q": "u", "r": "acdegiklmnoprstuvy", "s": "acdehiklmnopqrstuwy", "t": "acehilmnorstuwy"},
    **{"u": "abcdegilmnprstx", "v": "aeio", "w": "aehinorst", "x": "acitp", "y": "eaiolmnpst", "z": "aeio"},
}
"""Letters that follow each other in 98 % of English text; letters in no order do so one time in three."""


def quality(lines: Iterable[str]) -> float:
    """From 0 (no word looks like one) to 1. A page without words scores 1: there is nothing to doubt."""
    tokens = [token for line in lines for token in line.split()]
    sample = tokens[:: max(1, len(tokens) // _SAMPLE)]
    return _drawn_to_one([*marks(sample), *[_BAD] * _no_words(sample)])


def suspect(lines: Sequence[str], mark: float) -> bool:
    """Whether a page of this quality is to be read a second time: for its score, or for words of accents alone."""
    return mark < SUSPECT or len(_ACCENTS.findall(" ".join(lines))) >= _FEW_ACCENTED


def score(tokens: Sequence[str]) -> float:
    """The mean of what the words say, drawn towards 1 where they are few."""
    return _drawn_to_one(marks(tokens))


def _drawn_to_one(said: Sequence[float]) -> float:
    return (sum(said) + _PRIOR) / (len(said) + _PRIOR)


def marks(tokens: Sequence[str]) -> list[float]:
    """What each word says, from 0 to 1; a word in no dictionary says less in the company of broken ones."""
    said = [mark for mark in map(_mark, tokens) if mark is not None]
    if _BY_COMPANY.isdisjoint(said):
        return said
    unknown = _ODD if said.count(_BAD) > _SOME_BAD * len(said) else _FOREIGN
    if _regional(tokens):
        unknown = _REGIONAL_WORD
    other = _other(tokens)
    greek = _GREEK in said and any(token.casefold() in _SMALL_GREEK for token in tokens)
    meanings = {
        _ODD: unknown,
        _LATIN_UNKNOWN: _OTHER_WORD if other else _STRANGE,
        _ACCENTED: _OTHER_WORD if other else _LIKELY_NAME,
        _GREEK: _BAD if said.count(_GREEK) > _MOST_GREEK * len(tokens) and not greek else _OTHER_WORD,
    }
    return [meanings.get(mark, mark) for mark in said]


def _no_words(tokens: Sequence[str]) -> int:
    """How many words of a page are none: signs where words should be, or letters that stand apart, one by one."""
    signs = sum(map(_signs_alone, tokens))
    letters = sum([len(token) == 1 and token.isalpha() for token in tokens])
    count = signs if signs >= _FEWEST_SIGNS and signs > _MOST_SIGNS * len(tokens) else 0
    return count + (letters if letters > _MOST_LETTERS_ALONE * max(len(tokens), _FEWEST_MISSPELT) else 0)


@lru_cache(maxsize=20_000)
def _signs_alone(token: str) -> bool:
    return bool(_SIGNS_ALONE.fullmatch(token))


def rubbish(text: str) -> bool:
    """Whether what a line says is nothing: most of its letters are in words that cannot be any."""
    if _HARMLESS.fullmatch(text) or _CODE.search(text):
        return False
    tokens = [token for token in text.split()[:_MOST_TOKENS] if len(token) > 1 and not token.isdigit()]
    letters = sum(map(len, tokens))
    bad = sum(len(token) for token in tokens if _impossible(token))
    return bad > _RUBBISH_SHARE * letters and bad >= _WORD_LETTERS


@lru_cache(maxsize=20_000)
def _impossible(token: str) -> bool:
    """Whether no language writes this: half of it in an alphabet that is not read here, signs among letters."""
    if _BROKEN.search(token) and not _BULLETS.fullmatch(token):
        return True
    runs = _RUN.findall(token)
    if not runs:
        return len(set(_SIGNS.findall(token))) > 1
    if len(_UNREAD.findall(token)) > len(token) / 2 or any(_MOJIBAKE.search(run) or _mixed(run) for run in runs):
        return True
    if len(max(runs, key=len)) < _SHORTEST_RUN or not _BRACED.search(token):
        return False
    return not any(len(run) > _SHORTEST_RUN and known_word(run) for run in runs)


def known_word(run: str) -> bool:
    """Whether the dictionary of its alphabet holds a word."""
    word = run.lower()
    return _known_russian(word) if _CYRILLIC.search(word) else english_word(word)


class _Shape(NamedTuple):
    """What a token is without the marks around it, and what of it tells whether its page was read wrongly."""

    bare: str
    address: bool
    odd_inside: bool | None  # a Latin word has a capital or a digit inside; None of what is none, and of addresses
    cyrillic: bool
    small: bool
    plain: bool  # of small letters or digits of ASCII, four at least
    command: bool


@lru_cache(maxsize=40_000)
def _shape(token: str) -> _Shape:
    bare = token.strip(_MARKS)
    small, ascii_word = bare.islower(), bare.isascii() and bare.isalpha()
    if ascii_word and (small or bare.istitle()):  # as most English words are
        odd_inside = False if len(bare) > 2 else None
        return _Shape(bare, False, odd_inside, False, small, len(bare) > 3 and small, False)
    address = bool(_ADDRESS.search(token))
    latin = not address and len(_LATIN.findall(token)) >= 3
    return _Shape(
        bare,
        address,
        bool(_ODD_INSIDE.search(bare)) if latin else None,
        bool(_CYRILLIC.search(bare)),
        small,
        len(bare) > 3 and small and bare.isascii() and bare.isalnum(),
        "\\" in token,
    )


def latin_rubbish(tokens: Sequence[str]) -> bool:
    """Whether a text is Russian that was read as Latin: small words with capitals and digits inside."""
    return _latin_rubbish(list(map(_shape, tokens)))


def _latin_rubbish(shapes: Sequence[_Shape]) -> bool:
    latin = [shape.odd_inside for shape in shapes if shape.odd_inside is not None]
    return len(latin) >= _FEWEST_LATIN and sum(latin) > _LATIN_RUBBISH * len(latin)


def misread(texts: Sequence[str]) -> bool:
    """Whether a page was read wrongly as a whole: Russian by Latin letters, or English of which few words are left."""
    tokens = [token for text in texts for token in text.split()]
    tokens = tokens[:: max(1, len(tokens) // _MISREAD_SAMPLE)]
    shapes = list(map(_shape, tokens))
    return _latin_rubbish(shapes) or _noise(tokens, shapes) or _cyrillic_noise(tokens, shapes)


def strays(texts: Sequence[str]) -> int:
    """How many words have a letter of another alphabet inside: a font whose table does not tell it."""
    whole = "\n".join(texts)
    if not (_BEYOND_LATIN.search(whole) and _STRAY.search(whole)):
        return 0
    return sum(1 for text in texts if _STRAY.search(text) for word in text.split() if _STRAY.search(word))


@lru_cache(maxsize=20_000)
def _small_word(word: str) -> bool:
    """Whether a Russian text has this as a word of up to three letters."""
    return word in _ALONE if len(word) == 1 else _known_russian(word)


def gibberish(words: Sequence[str]) -> bool:
    """Whether words are none in any language: their letters do not follow each other as letters do."""
    some = words[:_MISREAD_SAMPLE]
    return not _regional(some) and (in_no_order(some, known_word) or _greek_without_accents(some))


def _greek_without_accents(words: Sequence[str]) -> bool:
    """Whether words are of Greek letters alone, without a single accent."""
    greek = [word for word in words if _GREEK_WORD.search(word)]
    whole = "".join(greek)
    all_greek = len(greek) > 1 and len(greek) == sum(1 for word in words if len(word) > 2 and word.isalpha())
    return all_greek and len(whole) >= _FEWEST_GREEK and not _GREEK_ACCENT.search(whole)


def _cyrillic_noise(tokens: Sequence[str], shapes: Sequence[_Shape]) -> bool:
    """Whether a text is Russian with most words misspelt, or in Cyrillic letters and no language that has them."""
    small = [shape.bare for shape in shapes if shape.cyrillic and shape.small]
    if len(small) < _FEWEST_MISSPELT or (set(_REGIONAL.findall("".join(small))) - set("іј") and _regional(tokens)):
        return False
    words = [word for word in small if len(word) > 3 and word.isalpha() and len(set(word)) > 2]
    if len(words) < _FEWEST_NOISY:
        return False
    unknown = (len(words) - sum(map(_known_russian, words))) / len(words)
    if unknown > _NOISE and sum(1 for word in small if word in _OF_SOME_LANGUAGE) < _SHARE_OF_ANY * len(small):
        return True
    pieces = sum(1 for word in small if len(word) < 4 and not _small_word(word))
    in_russian = sum(1 for word in small if word in _RUSSIAN_SMALL) > _SHARE_OF_SMALL * len(small)
    wrong = unknown > _MISSPELT or pieces > _TORN * len(small)
    return in_russian and wrong and any(_ONLY_RUSSIAN.search(word) for word in small)


def _noise(tokens: Sequence[str], shapes: Sequence[_Shape]) -> bool:
    """Whether most small words of a text are no English, though its commonest ones are."""
    words = [shape.bare for shape in shapes if shape.plain and not shape.address]
    if len(words) < _FEWEST_NOISY or sum([shape.cyrillic for shape in shapes if not shape.address]) > len(words):
        return False
    words = words[:: max(1, len(words) // _NOISE_SAMPLE)]
    commands = sum([shape.command for shape in shapes])
    if (
        20 * commands > len(tokens)
        or len(words) < _FEWEST_NOISY
        or _COMMONEST.isdisjoint([shape.bare for shape in shapes if not shape.address])
    ):
        return False
    unknown = len(words) - sum(map(english_word, words))
    return unknown > _NOISE * len(words) and not _other(tokens)


@lru_cache(maxsize=20_000)
def _known_russian(word: str) -> bool:
    return russian.known(word)


@lru_cache(maxsize=20_000)
def english_word(word: str) -> bool:
    """Whether the lexicon holds the word, in any form."""
    small = word.lower()
    return small in _english_forms() or english.stem(small) in _english_stems()


def unread(text: str) -> int:
    """How many words are of scripts that are not read here: neither Latin, Cyrillic nor Greek."""
    return sum(1 for token in text.split() if len(_UNREAD.findall(token)) > 1) if _UNREAD.search(text) else 0


def _other(tokens: Sequence[str]) -> bool:
    """Whether a Latin text is in another language than English, by its commonest words."""
    return sum(1 for token in tokens if token.casefold() in _OTHERS) > _FEWEST_OTHERS * len(tokens)


def _regional(tokens: Sequence[str]) -> bool:
    """Whether the text is in a language of Central Asia, by its letters."""
    if not _REGIONAL.search("".join(tokens)):
        return False
    cyrillic = sum(1 for token in tokens if _CYRILLIC.search(token))
    return sum(1 for token in tokens if _REGIONAL.search(token)) > _REGIONAL_SHARE * cyrillic


@lru_cache(maxsize=20_000)
def _mark(token: str) -> float | None:
    """What a token says for the page; None if nothing: numbers, signs, single letters, short capitals."""
    if _BROKEN.search(token):
        return None if _BULLETS.fullmatch(token) else _BAD
    runs = _RUN.findall(token)
    if not runs:
        return _BAD if len(set(_SIGNS.findall(token))) > 1 else None
    if len(_UNREAD.findall(token)) > len(token) / 2:
        return _BAD if len(token) > 1 else None
    if _GREEK_WORD.search(token):
        return _GREEK
    if any(_MOJIBAKE.search(run) or _mixed(run) for run in runs):
        return _BAD
    if _CYRILLIC.search(token):
        return _russian(token, runs)
    longest = max(runs, key=len)
    return _english(longest) if len(longest) > 2 else None


def _mixed(run: str) -> bool:
    """Whether a run of letters is of both alphabets; one letter at an end may be a mark or a slip of the keyboard."""
    return bool(_CYRILLIC.search(run[1:-1]) and _LATIN.search(run[1:-1]))


def _russian(token: str, runs: Sequence[str]) -> float | None:
    odd = _SYMBOL_INSIDE.search(token) or _DIGIT_INSIDE.search(token) or _SIGN_INSIDE.search(token)
    marks = [_russian_word(run) for run in runs if len(run) > 2]
    all_in_dictionary = bool(marks) and min(marks) == _GOOD
    if (odd or _INNER_CAPITAL.search(token)) and not all_in_dictionary:
        return _BAD
    return min(marks, default=None)


def _russian_word(run: str) -> float:
    if len(set(run)) == 1:
        return _LIKELY_NAME  # xxx: filled in for something
    if _known_russian(run.lower()):
        return _GOOD
    if _SOUTH_SLAVIC.search(run):
        return _FOREIGN
    return _LIKELY_NAME if run.istitle() or _LATIN.search(run) else _ODD


def _english(run: str) -> float | None:
    """By the lexicon, and by the share of letter pairs that English has; short capitals are an abbreviation."""
    if run.isupper() and len(run) < 6:
        return None
    word = run.lower()
    if not word.isascii():
        return _ACCENTED if _LATIN.search(word) else None
    if english_word(word):
        return _GOOD
    hits = sum(second in _FOLLOWERS.get(first, "") for first, second in pairwise(word))
    share = hits / (len(word) - 1)
    if share < 0.7:
        return _LIKELY_NAME if share >= 0.5 else _BAD
    return _REGIONAL_WORD if run.istitle() else _LATIN_UNKNOWN


@cache
def _english_forms() -> frozenset[str]:
    """The words of the shipped lexicon's headwords."""
    return frozenset(_ASCII_WORD.findall("\n".join(headwords()).lower()))


@cache
def _english_stems() -> frozenset[str]:
    return frozenset(map(english.stem, _english_forms()))
