"""Tells languages that are neither English nor Russian, so that nobody takes them for these. Refuses to guess.

Those of Central Asia are named, any other is "other". By letters that Russian has not, and by the small words that
every sentence of a language has; names are not enough. What is too short to tell goes by the rest of its document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from indexer.extract.quality import known_word
from indexer.text import LANGUAGES, UNNAMED, WRITTEN, Language

_LETTERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ky": frozenset("ңөү"),
        "uk": frozenset("іїєґ"),
        "uz": frozenset("ўқғҳ"),
        "tg": frozenset("ҷҳқғӯӣ"),
        "kk": frozenset("әғқңөұүһі"),
    }
)
"""Letters of each language that Russian has not; those of fewer first, for of two that fit the smaller is meant."""

_SMALL_WORDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        line.split()[0]: frozenset(line.split()[1:])
        for line in """
        en the of and to in is was for on that with by as are be at from which has have its not
        fr le la les des du et une est dans pour que qui sur par au aux ce cette ont été sont avec
        es el los las del una que por para con como se su al más fue esta este sus ha son y
        de der die das und den von zu mit sich des auf für ist im dem nicht ein eine als auch
        tr ve bir bu için ile olarak olan da de daha çok gibi sonra kadar ise ya
        uz va bilan uchun bu ham bo'lgan bo‘lgan boʻlgan yoki esa kerak mumkin haqida hamda bo'yicha
        it il di che e la per una sono con del della non dei le alla nel gli si da
        """.strip().splitlines()
    }
)
"""Words that every sentence has; those of English beside them, for a text has to have far fewer of these."""

_LANGUAGES_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        word: tuple(code for code, small in _SMALL_WORDS.items() if word in small)
        for word in frozenset().union(*_SMALL_WORDS.values())
    }
)
_SMALL_FOREIGN: Final = frozenset().union(*(small for code, small in _SMALL_WORDS.items() if code != "en"))
_CYRILLIC_ALONE: Final = ("kk", "ky", "tg")
_OWN: Final = frozenset().union(*_LETTERS.values())
_TELLING: Final = re.compile(f"[{''.join(sorted(_OWN))}]")
_LATIN: Final = re.compile(r"[a-z]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['‘ʻ’][^\W\d_]+)*")
_FEWEST: Final = 3  # different words that tell
_SHARE: Final = 0.18  # of all words, that tell by their letters
_SMALL_SHARE: Final = 0.15  # of all words, that are small words of a language
_KNOWN_SHARE: Final = 0.6  # of the words of a sentence, from which on it is English or Russian in any company
LONGEST: Final = 4_000  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Detected:
    """A sentence, what it is `named` by itself, or "", and what its letters make it, None where it has none."""

    text: str
    named: str
    written: Language | None


def settled(sentences: Sequence[Detected], said: str = "") -> list[str]:
    """The language of each sentence of a document, one of `WRITTEN`; `said` is what somebody said of the document.

    Where most of a document is in another language, what cannot be told goes with it, but for what is English or
    Russian by its words. What has no letters goes with the sentence before it, or else with the first one after it.
    """
    main = None if said else _main(sentences)
    told = [
        _as_said(each, said)
        if said
        else each.named or (main.named if main and _goes_with(each, main) else each.written)
        for each in sentences
    ]
    current = next(filter(None, told), said or LANGUAGES[0])
    filled = []
    for language in told:
        current = language or current
        filled.append(current)
    return filled


def _as_said(sentence: Detected, said: str) -> str | None:
    """The language of a sentence of a document in a language that somebody said.

    What has the letters of that language is in it, but for what is English or Russian by its words, or else French.
    """
    if said in LANGUAGES:
        return said if sentence.written == said else sentence.named or sentence.written
    if sentence.written is None or not _may_be(sentence, said):
        return sentence.named or sentence.written
    return said if sentence.named or _is_unknown(sentence.text) else sentence.written


def _may_be(sentence: Detected, said: str) -> bool:
    return sentence.written == "ru" or said not in _CYRILLIC_ALONE


def _is_unknown(text: str) -> bool:
    """Whether the words of a text are not those of a language that we know."""
    words = _WORD.findall(text[:LONGEST])
    return sum(map(known_word, words)) < _KNOWN_SHARE * len(words)


def _main(sentences: Sequence[Detected]) -> Detected | None:
    """The longest sentence in the other language that most of a document is in; None of one in English or Russian."""
    letters: Counter[str] = Counter()
    for each in sentences:
        letters[each.named or each.written or ""] += len(each.text)
    language = max(sorted(letters), key=lambda code: letters[code], default="")
    return max((each for each in sentences if each.named == language), key=_length, default=None) if language else None


def _length(sentence: Detected) -> int:
    return len(sentence.text)


def _goes_with(sentence: Detected, main: Detected) -> bool:
    """Whether it is in the letters of another sentence, and its words are not those of a language that we know."""
    return sentence.written == main.written and _is_unknown(sentence.text)


def named(text: str) -> str:
    """What of `WRITTEN` the language of a text is, if it is surely neither English nor Russian; else ""."""
    code = _code(text[:LONGEST].casefold())
    return code if code in ("", *WRITTEN) else UNNAMED


def _code(text: str) -> str:
    if len(_TELLING.findall(text)) >= _FEWEST and (by_letters := _by_letters(_WORD.findall(text))):
        return by_letters
    return _by_small_words(text.split()) if _LATIN.search(text) else ""


def _by_letters(words: list[str]) -> str:
    telling = [letters for word in words if (letters := _OWN.intersection(word))]
    if len(telling) < _FEWEST or len(telling) < _SHARE * len(words):
        return ""
    fits = {code: sum(letters <= alphabet for letters in telling) for code, alphabet in _LETTERS.items()}
    return max(fits, key=lambda code: fits[code])


def _by_small_words(words: list[str]) -> str:
    if len(_SMALL_FOREIGN.intersection(words)) < _FEWEST:
        return ""
    counts = Counter(code for word in words for code in _LANGUAGES_OF.get(word, ()))
    best = max(counts, key=lambda code: counts[code])
    different = len(_SMALL_WORDS[best].intersection(words))
    sure = different >= _FEWEST and counts[best] >= max(_SMALL_SHARE * len(words), 2 * counts["en"] + 1)
    return best if best != "en" and sure else ""
