"""Extracts of Wiktionary as kaikki.org gives them: a line of JSON for each word and part of speech."""

from __future__ import annotations

import json
import re
from typing import Any, BinaryIO

from indexer.lexicon.termbase.formats.reading import Entries, RefusedEntry, entry, lines
from indexer.lexicon.termbase.terms import Concept, TermError, checked


def read(stream: BinaryIO) -> Entries:
    """The entries of English words with Russian translations, and of Russian ones with English glosses.

    Words of other languages, and those without a translation, are passed over: they are most of such a file.
    """
    for number, line in lines(stream):
        if line == "":
            continue
        try:
            concept = _concept(json.loads(line or ""))
            if concept:
                yield checked(concept)
        except TermError as error:
            yield RefusedEntry(f"line {number}", error.code)
        except (ValueError, RecursionError, AttributeError, TypeError):
            yield RefusedEntry(f"line {number}", "line")


def _concept(word: dict[str, Any]) -> Concept | None:
    senses = _translations(word) if word.get("lang_code") == "en" else []
    if word.get("lang_code") == "ru":
        senses = [_gloss(sense) for sense in word.get("senses", ())]
    return entry(str(word.get("word", "")), senses, str(word.get("pos", "")))


def _translations(word: dict[str, Any]) -> list[list[str]]:
    """The Russian translations of an English word, by the sense that each is given for."""
    senses: dict[str, list[str]] = {}
    told = [
        *word.get("translations", ()),
        *(each for s in word.get("senses", ()) for each in s.get("translations", ())),
    ]
    for each in told:
        if "ru" in (each.get("lang_code"), each.get("code")) and each.get("word"):
            senses.setdefault(str(each.get("sense", "")), []).append(str(each["word"]))
    return list(senses.values())


def _gloss(sense: dict[str, Any]) -> list[str]:
    """The last, narrowest gloss of a sense, part by part; what is an explanation is left out."""
    gloss = str((sense.get("glosses") or [""])[-1])
    return [part for part in re.split("[,;]", gloss) if 0 < len(part.split()) <= 5]
