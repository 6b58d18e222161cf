"""Reads segmentation rules (SRX 2.0), and says where sentences begin by them. Refuses a file that is not wholly usable.

What is honoured: `languagerule`, `languagemap`, `cascade`, `break`, `beforebreak`, `afterbreak`. Sentences end only at
spaces. Rules of which one breaks stand in place of our own for their language; where all are exceptions, before them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from auth.errors import ErrorKind, TolmachError
from indexer.guarded_xml import XmlElement, entries
from indexer.segment.rules.expressions import Nodes, RuleExpressionError
from indexer.segment.rules.walks import Walks
from indexer.segment.sentences import Splitter
from indexer.text import LANGUAGES, Language

MOST_BYTES: Final = 1_000_000
_CODES: Final[dict[Language, tuple[str, ...]]] = {"en": ("en", "en-gb", "en_gb"), "ru": ("ru", "ru-ru", "ru_ru")}


class SegmentationRulesError(TolmachError, ValueError):
    """The file holds no rules that can be used; the message says why."""

    kind = ErrorKind.INVALID
    code = "srx"


@dataclass(frozen=True, slots=True)
class SrxRule:
    """Whether a sentence ends where `before` matches what stands before a place, and `after` what follows."""

    breaks: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """The rules for one language, in their order, ready to be walked."""

    breaks: tuple[bool, ...]
    before: Nodes
    after: Nodes


Rules = dict[Language, LanguageRules]


@lru_cache(maxsize=8)
def read(content: bytes) -> Rules:
    """The rules of a file, by language: those languages alone that it has rules for.

    Raises SegmentationRulesError, RuleExpressionError and XmlError.
    """
    if len(content) > MOST_BYTES:
        raise SegmentationRulesError("The file is larger than any rules that are taken in.", code="srx_large")
    root = next(entries(io.BytesIO(content), "srx"), None)
    if root is None or root.attributes.get("version") != "2.0":
        raise SegmentationRulesError("The file holds no segmentation rules of the version SRX 2.0.", code="srx_version")
    named = {each.attributes.get("languagerulename", ""): list(_rules(each)) for each in root.all("languagerule")}
    maps = list(root.all("languagemap"))
    cascades = any(each.attributes.get("cascade") == "yes" for each in root.all("header"))
    read_rules = {each: _compiled(_of_language(each, named, maps, cascades)) for each in LANGUAGES}
    rules = {language: some for language, some in read_rules.items() if some.breaks}
    if not rules:
        raise SegmentationRulesError("The file has no rules for English or Russian.", code="srx_languages")
    return rules


def _rules(languagerule: XmlElement) -> Iterator[SrxRule]:
    for rule in languagerule.all("rule"):
        before, after = ("".join(each.text for each in rule.all(name)) for name in ("beforebreak", "afterbreak"))
        yield SrxRule(rule.attributes.get("break", "yes") == "yes", before, after)


def _of_language(
    language: Language, named: dict[str, list[SrxRule]], maps: list[XmlElement], cascades: bool
) -> list[SrxRule]:
    """The rules of all maps that name a language, or of the first of them."""
    rules: list[SrxRule] = []
    for each in maps:
        if _names(each.attributes.get("languagepattern", ""), language):
            name = each.attributes.get("languagerulename", "")
            if name not in named:
                raise SegmentationRulesError(
                    "Rules are named that are not there: {name}.", code="srx_absent", name=name
                )
            rules += named[name]
            if not cascades:
                break
    return rules


def _names(pattern: str, language: Language) -> bool:
    nodes = Nodes(backwards=False)
    nodes.take_in(f"(?i)(?:{pattern})$")
    return any(Walks(nodes).matching(code, 0) for code in _CODES[language])


def _compiled(rules: Sequence[SrxRule]) -> LanguageRules:
    before, after = Nodes(backwards=True), Nodes(backwards=False)
    for number, rule in enumerate(rules, 1):
        try:
            before.take_in(rule.before)
            after.take_in(rule.after)
        except RuleExpressionError as error:
            raise SegmentationRulesError(
                "Rule {number} cannot be used: {why}", code="srx_rule", number=number, why=str(error)
            ) from error
    return LanguageRules(tuple(rule.breaks for rule in rules), before, after)


def splitter(rules: Rules, ours: Splitter) -> Splitter:
    """What says where sentences begin, but for the first: each after a space. `ours` decides what the rules do not.

    To be made for each document.
    """
    walking = {language: _Walking(some) for language, some in rules.items()}

    def starts(text: str, language: Language) -> Sequence[int]:
        own = walking.get(language)
        return ours(text, language) if own is None else own.starts(text, () if own.alone else ours(text, language))

    return starts


class _Walking:
    """The rules of one language at work on one document."""

    def __init__(self, rules: LanguageRules) -> None:
        self._breaks = rules.breaks
        self._before, self._after = Walks(rules.before), Walks(rules.after)
        self.alone = any(rules.breaks)

    def starts(self, text: str, ours: Sequence[int]) -> list[int]:
        """As `splitter`. A rule may name the place before a space or the one after it."""
        kept = set(ours)
        starts = []
        for place in (at + 1 for at, letter in enumerate(text) if letter == " "):
            decided = [self._decided(text, each) for each in (place - 1, place)]
            if True in decided or (place in kept and False not in decided):
                starts.append(place)
        return starts

    def _decided(self, text: str, place: int) -> bool | None:
        """Whether a sentence ends at a place, as the first rule that fits says; None where none does."""
        before = self._before.matching(text, place)
        both = before & self._after.matching(text, place) if before else before
        return self._breaks[min(both)] if both else None
