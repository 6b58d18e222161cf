"""Stems Russian words by their lemma: the only file that imports pymorphy3, and only at the first Russian word."""

import re
import threading
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

Parse: TypeAlias = Any  # pymorphy3 has no types that a reader could use
Analyzer: TypeAlias = Any

_TWO_LETTERS = str.maketrans({"ҷ": "дж", "җ": "дж"})
REGIONAL: Final = str.maketrans("қғҳўҷӣӯңөүұһіә", "кгхучиуноуухиа")
_VERBS = frozenset(["VERB", "INFN", "PRTF", "PRTS", "GRND"])
_ADVERBS = frozenset(["ADVB", "PRED"])
_ADJECTIVES = frozenset(["ADJF", "ADJS", "COMP"])
_NOUN_WEIGHT = 3.0  # a word that no dictionary holds is a noun more often than its ending tells
_DOUBTFUL = 0.1
_RARE = 0.01  # of a word's uses: a lemma that has fewer is none of its readings
_MOST_STEMS = 3
_NAMES = frozenset(["Name", "Surn", "Geox", "Orgn"])
_MOST_NAMES = 2

_ADJECTIVE = "ый"  # the one ending of all adjectives and their adverbs: keeps правый apart from право
_ADJECTIVE_ENDING = re.compile(r"(?<=..)(ый|ий|ой)$")
_NOMINAL_ENDING = re.compile(r"(?<=..)(ый|ий|ой)$|(?<=...)(ое|ее|ая)$")
_PLURAL_ENDING = re.compile(r"(?<=..)(ые|ие)$")
_ADVERB_ENDING = re.compile(r"(?<=...)[оеи]$")
_REFLEXIVE = re.compile(r"(?<=...)(ся|сь)$")
_HARD_ENDING = re.compile(r"(?<=..)[аоы]$")
_ANY_ENDING = re.compile(r"(?<=..)[аяоеьйыи]$")
_SURNAME = re.compile(r"(?<=...)[ое]в$")
_NEW_VERB = re.compile(r"([ое]ва|[иы]ва|ну|и)ть(ся)?$")  # how Russian makes verbs of new words

_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class WordAnalysis:
    """What a word may be: its stems, the likeliest first, whether it may be a surname, and of which names a form.

    `ordinary`: a dictionary holds it as something else than a name.
    """

    stems: tuple[str, ...]
    surname: bool
    names: tuple[str, ...] = ()
    ordinary: bool = False


def stem(exact: str) -> str:
    """The stem of a folded Cyrillic word: its lemma, with endings that tell too little made one or left out.

    Of several lemmas the likeliest wins; their likelihoods add up where they share a stem. Letters of Central
    Asian alphabets are first folded as people type them on a Russian keyboard.
    """
    return analysed(exact.translate(REGIONAL)).stems[0]


def analysed(word: str) -> WordAnalysis:
    """What a folded word in Russian letters may be. Of a guessed word only the likeliest stem is told."""
    parses = _analyzer().parse(word)
    in_dictionary = bool(_analyzer().word_is_known(word))
    weights: dict[str, float] = {}
    first: dict[str, Parse] = {}
    for parse in parses:
        candidate = _of_known(word, parse) if in_dictionary else _of_unknown(parse)
        weights[candidate] = weights.get(candidate, 0.0) + (parse.score if in_dictionary else _credit(parse))
        first.setdefault(candidate, parse)
    best = max(weights, key=weights.__getitem__, default=word)
    rivals = [candidate for candidate in weights if weights[candidate] > 0.8 * weights[best]] if in_dictionary else []
    if len(rivals) > 1:
        best = max(rivals, key=lambda candidate: (_attested(first[candidate]), weights[candidate]))
    others = [other for other in weights if weights[other] >= _RARE] if in_dictionary else []
    stems = dict.fromkeys([best or word, *sorted(others, key=weights.__getitem__, reverse=True)])
    surname = not in_dictionary or any("Surn" in parse.tag for parse in parses)
    named = [parse for parse in parses if in_dictionary and not _NAMES.isdisjoint(parse.tag.grammemes)]
    names = tuple(dict.fromkeys(word if _of_family(word, each) else _lemma(each) for each in named))[:_MOST_NAMES]
    return WordAnalysis(tuple(stems)[:_MOST_STEMS], surname, names, in_dictionary and len(named) < len(parses))


def spellings(exact: str) -> tuple[str, ...]:
    """A folded word as people type it on a Russian keyboard: most letters of other alphabets have one way."""
    word, other = exact.translate(REGIONAL), exact.translate(_TWO_LETTERS).translate(REGIONAL)
    return (word,) if other == word else (word, other)


def known(word: str) -> bool:
    """Whether the dictionary holds a lower-case Russian word, with or without the dots of its ё."""
    analyzer = _analyzer()  # to look for other spellings takes twice as long
    return analyzer.word_is_known(word, strict=True) or ("е" in word and bool(analyzer.word_is_known(word)))


def lemma_and_kind(exact: str) -> tuple[str, str]:
    """The likeliest lemma of a word of the dictionary, and whether that is a verb (`impf`, `perf`) or a `noun`.

    Both are "" of a word that it does not hold; the kind is, of other parts of speech.
    """
    if not _analyzer().word_is_known(exact):
        return "", ""
    parse = _analyzer().parse(exact)[0]
    kind = "noun" if parse.tag.POS == "NOUN" else str(parse.tag.aspect or "") if parse.tag.POS in _VERBS else ""
    return _REFLEXIVE.sub("", _lemma(parse)), kind


def lemmas(exact: str) -> tuple[str, ...]:
    """The dictionary forms that a folded Cyrillic word may be a form of, the likeliest first, with е for ё."""
    parses = _analyzer().parse(exact.translate(REGIONAL))
    return tuple(dict.fromkeys(_lemma(parse) for parse in parses))


def _of_known(word: str, parse: Parse) -> str:
    """The stem by one parse of a word that the dictionary holds."""
    lemma, part = _lemma(parse), parse.tag.POS
    if "Abbr" in parse.tag:
        return lemma
    if _of_family(word, parse):
        return word
    if part in _VERBS:
        return _REFLEXIVE.sub("", lemma)
    if part in _ADJECTIVES or part in _ADVERBS:
        return _ADVERB_ENDING.sub(_ADJECTIVE, _ADJECTIVE_ENDING.sub(_ADJECTIVE, lemma))
    return _of_noun(lemma, "Pltm" in parse.tag) if part == "NOUN" else lemma


def _of_family(word: str, parse: Parse) -> bool:
    """Whether what is parsed as several of a name is a surname sooner: Исмаилов is no number of Ismails."""
    several = "Name" in parse.tag and "plur" in parse.tag and word == _lemma(parse) + word[-2:]
    return several and _SURNAME.search(word) is not None


def _of_noun(lemma: str, always_plural: bool) -> str:
    """Nouns that are adjectives by form (рабочий, будущее, данные) meet those adjectives; -а, -о and none meet."""
    ending = _PLURAL_ENDING if always_plural else _NOMINAL_ENDING
    adjective = ending.sub(_ADJECTIVE, lemma)
    return adjective if adjective != lemma else _HARD_ENDING.sub("", lemma)


def _of_unknown(parse: Parse) -> str:
    """The stem by one guessed parse. The guess often misses the gender, and takes a surname for a plural."""
    lemma, part = _lemma(parse), parse.tag.POS
    if part in _VERBS:
        return _REFLEXIVE.sub("", lemma)
    bare = _ADJECTIVE_ENDING.sub("", lemma) if part in _ADJECTIVES else lemma
    if _SURNAME.search(bare):
        return bare if _given_name(bare[:-2]) else bare[:-2]
    return bare if part in _ADJECTIVES else _ANY_ENDING.sub("", bare)


def _credit(parse: Parse) -> float:
    """How far to trust a guessed parse."""
    credit = float(parse.score)
    if parse.tag.POS == "NOUN":
        credit *= _NOUN_WEIGHT
    elif parse.tag.POS in _VERBS and not _NEW_VERB.search(_lemma(parse)):
        credit *= _DOUBTFUL
    if "Fixd" in parse.tag:
        credit *= _DOUBTFUL
    if _short_tail(parse):
        credit *= _DOUBTFUL
    return credit


def _short_tail(parse: Parse) -> bool:
    """Whether the guess rests on a short dictionary word found at the end: исма + иловый."""
    guessed = any(type(method[0]).__name__ == "UnknownPrefixAnalyzer" for method in parse.methods_stack)
    return guessed and len(parse.methods_stack[0][1]) < 7


def _attested(parse: Parse) -> int:
    """How many forms of the lemma the annotated corpus behind the dictionary has seen: tells common from rare."""
    seen = _analyzer().prob_estimator.p_t_given_w
    return sum(1 for form in parse.lexeme if seen.prob(form.word, form.tag) > 0)


def _lemma(parse: Parse) -> str:
    return str(parse.normal_form).replace("ё", "е")


def _given_name(word: str) -> bool:
    return bool(_analyzer().word_is_known(word)) and any("Name" in p.tag for p in _analyzer().parse(word))


def _analyzer() -> Analyzer:
    with _loading:
        return _loaded()


@cache
def _loaded() -> Analyzer:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()
