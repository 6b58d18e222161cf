"""Cuts a paragraph into sentences: a splitter for each language, then one table for what both get wrong.

The only importer of razdel (Russian) and nupunkt (English). Why these: docs/decisions/019-two-sentence-splitters.md.
"""

import bisect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from indexer.text import Language

Splitter = Callable[[str, Language], Sequence[int]]
"""Says where sentences begin in a paragraph, but for the first: each after a space. `sentence_starts` is one."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FOLLOWED = _set("""
    mr mrs ms messrs dr prof gen col lt capt maj sgt adm amb hon sen rep rev para paras subpara subparas sect sects
    chap vol vols fig figs pp cf vs viz approx incl e.g i.e
    ст док докл рез прил рис табл гл разд подразд п пп подп абз ч им ул просп пер пл корп проф акад доц ген полк см ср
    напр т.е т.н тов гр св чл вып изд
""")
"""Abbreviations that something follows in the same sentence, unless it begins with one of _OPENERS."""

_FOLLOWED_BY = {
    "долл": re.compile("США"),
    **dict.fromkeys(_set("doc docs res"), re.compile(r"[A-Z\d]")),
    **dict.fromkeys(_set("no nos art arts sec secs p"), re.compile(r"\d|[IVX]+\b")),
    **dict.fromkeys(_set("jan feb mar apr jun jul aug sep sept oct nov dec"), re.compile(r"\d")),
}
"""Abbreviations, also words or ends of sentences, that go on only before this."""

_OPENERS = _set("""
    The This That These Those It He She They We There In On At For By With From If When While However But And As Its
    His Her Their Nobody Nothing Such Some Many Several All Each Both Another After Before During Since Under Although
    Thus Therefore Then So Who What Where Why How To No Not
    Он Она Оно Они Это Этот Эта Эти Его Её Ее Их В Во На По С Со К Ко Из За Для До От При После Перед Под О Об Однако
    Но А И Если Когда Как Так Также Кроме Затем Тем Такой Такие Мы Вы Не Нет Ни Все Всё Что Чтобы Кто Там Тогда Теперь
    Поэтому Потом Согласно Ранее Позднее Среди Между Через Без Был Была Было Были
""")
"""Words that have a capital only where a sentence begins."""

_CANDIDATE = re.compile(r"[.!?…][\"'»”’)\]\d]*\s")
_WORD = re.compile(r"[^ ]*")
_LAST = re.compile(r"(?:^|[\s(«“\"—–-])((?:[^\W\d_]+\.)*[^\W\d_]+)\.$")
_HEADING = re.compile(
    r"(?:(?:Статья|Глава|Раздел|Часть|Пункт|Приложение|Article|Chapter|Section|Part|Annex|Rule) )?"
    r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[A-Za-zА-Яа-яё])[.)]"
)
_AFTER_ABBREVIATION = re.compile(r" (?<=[^\W\d_]\. )(?=([A-ZА-ЯЁ][^\W\d_]*) )")
_LOOK_BACK = 200  # characters: longer than any heading's number and any abbreviation
_NOTE_MARK = re.compile(r"\d(?<=[a-zа-яё)»”]\.\d)\d? (?=[A-ZА-ЯЁ«“])")
_QUOTED = re.compile(r"«(?<=[\w:,;] «)[^«»]{1,60}»|“(?<=[\w:,;] “)[^“”]{1,60}”")


def sentences(text: str, language: Language) -> list[str]:
    """The sentences of one paragraph of words with single spaces between them."""
    edges = [0, *sentence_starts(text, language), len(text)]
    return [text[a:b].strip() for a, b in itertools.pairwise(edges)]


def sentence_starts(text: str, language: Language) -> list[int]:
    """Where sentences begin in a paragraph, but for the first: each after a space."""
    if not _CANDIDATE.search(text):
        return []
    proposed = _russian(text) if language == "ru" else _english(text)
    quoted = [match.span() for match in _QUOTED.finditer(text)]  # one after the other
    starts: list[int] = []
    for start in sorted({*proposed, *_missed(text)}):
        begun = starts[-1] if starts else 0
        before = bisect.bisect_left(quoted, (start,)) - 1
        inside = before >= 0 and start < quoted[before][1]
        if begun < start and text[start - 1].isspace() and not inside and not _goes_on(text, begun, start):
            starts.append(start)
    return starts


def _russian(text: str) -> list[int]:
    import razdel

    return [part.start for part in razdel.sentenize(text)][1:]


def _english(text: str) -> list[int]:
    import nupunkt

    return [start for start, _ in nupunkt.sent_spans(text)][1:]


def _missed(text: str) -> Iterator[int]:
    """Beginnings that splitters take for what follows an abbreviation, and those after a footnote's number."""
    for match in _AFTER_ABBREVIATION.finditer(text):
        left = text[max(0, match.start() - 4) : match.start()]
        if match.group(1) in _OPENERS and not re.search(r"(?:^|\W)[A-ZА-ЯЁ]\.$", left):
            yield match.end()
    for match in _NOTE_MARK.finditer(text):
        yield match.end()


def _goes_on(text: str, begun: int, start: int) -> bool:
    """Whether the sentence that began at `begun` goes on at `start`, after an abbreviation or a mere number."""
    left = text[max(begun, start - _LOOK_BACK) : start].rstrip()
    if _HEADING.fullmatch(left):
        return True
    last = _LAST.search(left[-24:])
    if last is None:
        return False
    word = last.group(1).casefold()
    if word in _FOLLOWED:
        return _WORD.match(text, start).group() not in _OPENERS  # type: ignore[union-attr]  # it may be empty
    if word in _FOLLOWED_BY:
        return bool(_FOLLOWED_BY[word].match(text, start))
    return _is_town(word, left)


def _is_town(word: str, left: str) -> bool:
    """«г. Душанбе» is a town, «2014 г.» a year."""
    return word == "г" and not re.search(r"\d\)? ?г\.$", left)
