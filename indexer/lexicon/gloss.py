"""Glosses a sentence that has no translation: under its words what they mean, so that one sees what it is about.

It translates nothing: no order, no grammar, up to three senses of a word. Imported entries come from the scope alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy.orm import Session

from auth.policy import Scope
from indexer.analysis.folding import cyrillic, latin
from indexer.analysis.tokens import Token, stopword, tokens
from indexer.lexicon.lookup import Translation, shipped
from indexer.lexicon.termbase.known import KINDS, TermSpan, terms_of
from indexer.lexicon.termbase.runs import MOST_WORDS as MOST_RUN
from indexer.lexicon.transliteration import in_latin
from indexer.text import Language

MOST_SENSES: Final = 3
MOST_WORDS: Final = 5_000  # of one page
NEGATIONS: Final = {
    **dict.fromkeys(["не", "ни", "нет", "нельзя", "никто", "ничто", "ничего", "никогда", "нигде", "никакой"], "not"),
    **dict.fromkeys(["not", "no", "never", "nor", "none", "nobody", "nothing", "cannot"], "не"),
    "без": "without",
    "without": "без",
}
_NEGATED: Final = ("n't", "n’t")

GlossKind = Literal["term", "word", "name", "number", "negation"]


@dataclass(frozen=True, slots=True)
class GlossWord:
    """text[start:end], what kind of thing it is, and what it means: the likeliest first; a number is itself."""

    start: int
    end: int
    kind: GlossKind
    meanings: tuple[str, ...]


Gloss = tuple[GlossWord, ...]


def glosses(session: Session, scope: Scope, texts: Sequence[str], language: Language) -> list[Gloss]:
    """The gloss of each of some texts of one language; of those beyond the bound, nothing."""
    within, left = [], MOST_WORDS
    for text in texts:
        left -= text.count(" ") + 1
        within.append(text if left >= 0 else "")
    spans = terms_of(session, scope, within, language, KINDS)
    told = (tuple(_gloss(text, of_text, language)) for text, of_text in zip(within, spans, strict=True))
    return [gloss if _says_more(gloss, text) else () for gloss, text in zip(told, within, strict=True)]


def _says_more(gloss: Gloss, text: str) -> bool:
    """Whether it says anything but what stands there: of a symbol or a number alone it does not."""
    return any(word.meanings != (text[word.start : word.end],) for word in gloss)


def _gloss(text: str, spans: Sequence[TermSpan], language: Language) -> Iterator[GlossWord]:
    words = tokens(text)
    begins = {span.start: span for span in spans}
    at = 0
    while at < len(words):
        span = begins.get(words[at].start)
        length, translations = _known(words, at, language)
        end = words[at + length - 1].end
        if span and span.end > end:  # a longer term than the lexicon's
            yield GlossWord(span.start, span.end, "term", _of_span(span, language))
            at += sum(word.start < span.end for word in words[at : at + MOST_RUN])
            continue
        written = text[words[at].start : end]
        senses = _senses(translations, written, language)
        if language == "en" and length == 1:
            senses = _verbs_too(words[at], senses, written)
        told = _told(text, words, at, length, senses, _of_span(span, language) if span else ())
        if told:
            yield told
        at += length


def _told(
    text: str, words: Sequence[Token], at: int, length: int, senses: tuple[str, ...], of_term: tuple[str, ...]
) -> GlossWord | None:
    """What a word, or a headword of several words, is to be glossed as; None for one that needs no gloss."""
    word, end = words[at], words[at + length - 1].end
    written = text[word.start : end]
    if any(map(str.isdigit, written)):
        return GlossWord(word.start, end, "number", (written,))
    if negation := NEGATIONS.get(word.exact) or ("не" if written.lower().endswith(_NEGATED) else ""):
        return GlossWord(word.start, end, "negation", (negation,))
    if length == 1 and stopword(word):
        return None
    abbreviated = written.isupper() and len(written) > 1
    meanings = dict.fromkeys([*of_term, *senses] if abbreviated or length > 1 else [*senses, *of_term])
    if meanings:
        return GlossWord(word.start, end, "term" if length > 1 else "word", tuple(meanings)[:MOST_SENSES])
    if written[:1].isupper():
        return GlossWord(word.start, end, "name", (in_latin(written) if cyrillic(word.exact) else written,))
    return None


def _known(words: Sequence[Token], at: int, language: Language) -> tuple[int, tuple[Translation, ...]]:
    """How many words the longest headword takes that begins here, and what it means; one word where none does."""
    own = cyrillic(words[at].exact) if language == "ru" else latin(words[at].exact)
    for match in shipped().starting_at(words, at, language) if own else ():
        if match.length == 1 or _weighs(words[at : at + match.length]):
            return match.length, match.translations
    return 1, ()


def _weighs(words: Sequence[Token]) -> bool:
    """Whether a headword of several words says more than common ones, and takes no negation away."""
    return words[0].exact not in NEGATIONS and not all(map(stopword, words))


def _senses(translations: Sequence[Translation], written: str, language: Language) -> tuple[str, ...]:
    """The first word of each sense, the likeliest first; nothing of a name that is written with a small letter."""
    if written[:1].islower():
        meant = [each for each in translations if not each.entry.lemma[:1].isupper()]
        translations = meant or translations
    if language == "ru":
        likely = sorted(translations, key=lambda each: -each.weight * len(each.entry.senses))
        return tuple(dict.fromkeys(each.text for each in likely))[:MOST_SENSES]
    seen: dict[tuple[int, float], str] = {}
    for each in translations:
        seen.setdefault((id(each.entry), each.weight), each.text)
    return tuple(dict.fromkeys(seen.values()))[:MOST_SENSES]


def _verbs_too(word: Token, senses: tuple[str, ...], written: str) -> tuple[str, ...]:
    """The senses of an English word, with the verb's after the first where it ends as a form of one may: remains."""
    if not word.exact.endswith(("ed", "ing", "s")) or not senses:
        return senses
    verbs = _senses(shipped().of_verb(word), written, "en")
    return tuple(dict.fromkeys((*senses[:1], *verbs[:1], *senses[1:])))[:MOST_SENSES]


def _of_span(span: TermSpan, language: Language) -> tuple[str, ...]:
    """What a term is called in the other language: preferred words first, those of the first senses before others."""
    words = [
        (word.status != "preferred", word.sense, word.text)
        for entry in span.entries
        for word in entry.concept.words
        if word.language != language and (entry.word.sense == 1 or word.sense == 1)
    ]
    return tuple(dict.fromkeys(text for _, _, text in sorted(words, key=lambda word: word[:2])))[:MOST_SENSES]
