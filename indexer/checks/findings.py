"""Names all that may be wrong with a translation, and where: for people, who put it right or say why it is right.

What makes a machine's translation doubtful, `translation_checks`, is among it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.checks import countries, likeness, negation, quantities, signs
from indexer.checks.translation_checks import doubts
from indexer.text import Language

Span = tuple[int, int]

_NUMBER: Final = re.compile(r"[0-9]+(?:[.,:/][0-9]+)*")
_LETTER: Final = re.compile(r"[^\W\d_]{2}")
_LONGEST: Final = 20_000  # characters that are looked at
_MOST_ABOUT: Final = 200  # characters


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """Something that may be wrong. `about` says what it is about, so that the same finding is known again.

    `source` and `target` are the characters of each text that it is about, where that can be said.
    """

    code: str
    about: str = ""
    source: tuple[Span, ...] = ()
    target: tuple[Span, ...] = ()


def findings(source: str, translation: str, source_language: Language, target_language: Language) -> list[CheckFinding]:
    """What may be wrong with a translation, the gravest first.

    The codes are those of `doubts`, and: same_as_source, unrelated, incomplete, negation_lost, negation_added, dates,
    units, country_form, look_alikes, doubled, brackets, end.
    """
    source, translation = source[:_LONGEST], translation[:_LONGEST]
    codes = list(doubts(source, translation, source_language, target_language))
    every = [_numbers(source, translation) if code == "numbers" else CheckFinding(code) for code in codes]
    if "empty" in codes or not source.strip():
        return every
    if source.strip() == translation.strip() and _LETTER.search(source) and "copied" not in codes:
        every.append(CheckFinding("same_as_source"))
    every += _of_meaning(source, translation, source_language, target_language)
    return every + list(_of_signs(source, translation, target_language))


def _numbers(source: str, translation: str) -> CheckFinding:
    """The numbers that are written in one text alone."""
    ours, theirs = (list(_NUMBER.finditer(text)) for text in (source, translation))
    written = [{match[0] for match in matches} for matches in (ours, theirs)]
    lost = [match for match in ours if match[0] not in written[1]]
    added = [match for match in theirs if match[0] not in written[0]]
    about = f"{' '.join(match[0] for match in lost)} | {' '.join(match[0] for match in added)}"
    spans = [tuple(match.span() for match in matches) for matches in (lost, added)]
    return CheckFinding("numbers", about[:_MOST_ABOUT], *spans)


def _of_meaning(
    source: str, translation: str, source_language: Language, target_language: Language
) -> Iterator[CheckFinding]:
    ours = likeness.answered(source, translation, source_language)
    theirs = likeness.answered(translation, source, target_language)
    if likeness.unrelated(ours, theirs):
        yield CheckFinding("unrelated")
    elif likeness.incomplete(source, translation, ours, theirs, target_language):
        yield CheckFinding("incomplete")
    if spans := negation.lost(source, translation, source_language, target_language):
        yield CheckFinding("negation_lost", source=spans)
    if spans := negation.lost(translation, source, target_language, source_language):
        yield CheckFinding("negation_added", target=spans)
    for code, differ in (("dates", quantities.months_differ), ("units", quantities.units_differ)):
        if names := differ(source, translation, source_language, target_language):
            yield CheckFinding(code, " ".join(names))
    for each in countries.forms_differ(source, translation, (source_language, target_language)):
        yield CheckFinding("country_form", each.expected, source=(each.source,))


def _of_signs(source: str, translation: str, target_language: Language) -> Iterator[CheckFinding]:
    if spans := signs.mixed(source, translation, target_language):
        yield CheckFinding("look_alikes", _about(translation, spans), target=spans)
    if spans := signs.doubled(source, translation):
        yield CheckFinding("doubled", _about(translation, spans), target=spans)
    if signs.brackets_differ(source, translation):
        yield CheckFinding("brackets", target=signs.unclosed(translation))
    if signs.end_differs(source, translation):
        yield CheckFinding("end", target=((max(len(translation.rstrip()) - 1, 0), len(translation.rstrip())),))


def _about(text: str, spans: tuple[Span, ...]) -> str:
    return " ".join(text[start:end] for start, end in spans)[:_MOST_ABOUT]
