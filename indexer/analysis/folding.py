"""Folds a word as it stands in a text to its exact form: one spelling for what readers take for the same word."""

import re
import unicodedata

LONGEST = 64
"""Characters of a token at most; what is longer is cut."""

_LONGEST_RAW = 256
_IGNORABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_APOSTROPHES = re.compile("['’‘`´＇\u02b9-\u02c0]")
_CYRILLIC = re.compile("[\u0400-\u0482\u048a-\u052f\u1c80-\u1c8f\ua640-\ua66e\ua680-\ua69d]")
_LATIN = re.compile(
    "[A-Za-z\u00aa\u00ba\u00c0-\u02b8\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f\ua722-\ua7ff\uab30-\uab6f]"
)
_SIMPLE = re.compile("[a-z0-9]+|[а-я0-9]+")

# By case: H and Н look alike, h and н do not. What looks alike in lower case does so in upper case.
_LATIN_LOOKS = "ABCEHIKMOPTXYaceikopxy"
_CYRILLIC_LOOKS = "АВСЕНІКМОРТХУасеікорху"
_TO_CYRILLIC = str.maketrans(_LATIN_LOOKS, _CYRILLIC_LOOKS)
_TO_LATIN = str.maketrans(_CYRILLIC_LOOKS, _LATIN_LOOKS)
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e", "ħ": "h"}
    | {"ё": "е", "ѐ": "е", "ѝ": "и"}
)


def fold(raw: str) -> str:
    """The exact form of a word, at most `LONGEST` characters; empty when nothing readable is left.

    Folding the result again changes nothing.
    """
    raw = raw[:_LONGEST_RAW]
    folded = raw.casefold()
    if _SIMPLE.fullmatch(folded):
        return folded[:LONGEST]
    for _ in range(4):  # a few letters need a second pass until nothing changes
        folded = _fold_once(raw)
        if folded == raw:
            break
        raw = folded
    return raw


def cyrillic(exact: str) -> bool:
    """Whether a folded word is read as Cyrillic."""
    return len(_CYRILLIC.findall(exact)) > len(_LATIN.findall(exact))


def latin(exact: str) -> bool:
    """Whether a folded word is read as Latin."""
    return bool(_LATIN.search(exact)) and not cyrillic(exact)


def latin_twin(exact: str) -> str:
    """The word of Latin letters that a folded Cyrillic word's capitals look like, or ""."""
    twin = exact.upper().translate(_TO_LATIN).lower() if _CYRILLIC.search(exact) else ""
    return "" if _CYRILLIC.search(twin) else twin


def cyrillic_twin(exact: str) -> str:
    """The word of Cyrillic letters that a folded Latin word's capitals look like, or ""."""
    twin = exact.upper().translate(_TO_CYRILLIC).lower() if _LATIN.search(exact) else ""
    return "" if _LATIN.search(twin) else twin


def word_character(character: str) -> bool:
    """Whether a character may stand in a word: a letter, a digit or a combining mark."""
    return unicodedata.category(character)[0] in "LNM"


def _fold_once(word: str) -> str:
    word = _compatible("".join(c for c in word if not _dropped(c)))
    word = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in word)
    word = _one_script(_unmarked(word)).casefold().translate(_LETTERS)
    return _from_first_letter(word)[:LONGEST]


def _dropped(character: str) -> bool:
    if _APOSTROPHES.match(character) or _IGNORABLE.match(character):
        return True
    return unicodedata.category(character) in ("Cf", "Me")


def _compatible(word: str) -> str:
    """NFKC, save for characters that it would spell with signs or spaces (½, ﷺ): they stay."""
    whole = unicodedata.normalize("NFKC", word)
    if all(map(word_character, whole)):
        return whole
    parts = (unicodedata.normalize("NFKC", c) for c in word)
    kept = (p if all(map(word_character, p)) else c for p, c in zip(parts, word, strict=True))
    return unicodedata.normalize("NFC", "".join(c for c in kept if all(map(word_character, c))))


def _unmarked(word: str) -> str:
    """Without the marks that a reader does not type: accents of Latin, stress of Cyrillic. й, ў, ӣ, ӯ stay letters."""
    if _LATIN.search(word):
        word = "".join(_bare(c) for c in word)
    if _CYRILLIC.search(word) or _LATIN.search(word):
        word = "".join(c for c in word if unicodedata.category(c) != "Mn")
    return word


def _bare(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0] if _LATIN.match(character) else character


def _one_script(word: str) -> str:
    """A word in which letters of one script pose as letters of the other, written in one script.

    The script of the majority wins; Cyrillic when even. When some letter has no double, the word stays as it is.
    """
    of_cyrillic, of_latin = _CYRILLIC.findall(word), _LATIN.findall(word)
    if not of_cyrillic or not of_latin:
        return word
    ways = [word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)]
    pure = [not _LATIN.search(ways[0]), not _CYRILLIC.search(ways[1])]
    first = 0 if len(of_cyrillic) >= len(of_latin) else 1
    return next((ways[i] for i in (first, 1 - first) if pure[i]), word)


def _from_first_letter(word: str) -> str:
    start = next((i for i, c in enumerate(word) if unicodedata.category(c)[0] in "LN"), len(word))
    return word[start:]
