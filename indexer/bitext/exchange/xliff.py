"""Writes bitexts as XLIFF 2.1 (ISO 21720) and reads 2.0 to 2.2. States, versions and authors go along and come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from indexer.bitext.exchange.markup import Element, attribute, written
from indexer.bitext.exchange.units import Bitext, ExchangeError, Unit
from indexer.bitext.review.tables import WorkState
from indexer.text import LANGUAGES, digest_of

MEDIA_TYPE: Final = "application/xliff+xml"
_CORE: Final = "urn:oasis:names:tc:xliff:document:2."  # of 2.0 and 2.1; 2.2 has one of its own
_OURS: Final = "urn:tolmach:exchange:1"
_AS_STATE: Final = {
    "initial": WorkState.MACHINE,
    "translated": WorkState.EDITED,
    "reviewed": WorkState.SUBMITTED,
    "final": WorkState.APPROVED,
}
_STATES: Final = {state: name for name, state in _AS_STATE.items()}
_LARGEST: Final = 2**31 - 1


def write(bitext: Bitext) -> str:
    """The whole file."""
    languages = f"srcLang={attribute(bitext.source_language)} trgLang={attribute(bitext.target_language)}"
    head = f'<xliff xmlns="{_CORE}0" xmlns:t="{_OURS}" version="2.1" {languages}>'
    notes = f'<notes><note category="label">{written(bitext.label)}</note></notes>'
    opened = f"<file id={attribute('f' + bitext.document_id)} original={attribute(bitext.title)}>{notes}"
    units = "\n".join(map(_unit, bitext.units))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{opened}\n{units}\n</file></xliff>\n'


def _unit(unit: Unit) -> str:
    ours = f't:digest="{unit.source_digest}" t:version="{unit.version}" t:author={attribute(unit.author)}'
    target = f"<target>{written(unit.target, cp=True)}</target>" if unit.target else ""
    return (
        f'<unit id="s{unit.number}" xml:space="preserve" {ours}><segment state="{_STATES[unit.state]}">'
        f"<source>{written(unit.source, cp=True)}</source>{target}</segment></unit>"
    )


def read(root: Element) -> Bitext:
    """The bitext of a file; several files in one come one after the other. Raises ExchangeError."""
    version = root.attributes.get("version", "")
    if root.local_name != "xliff" or version not in ("2.0", "2.1", "2.2"):
        raise ExchangeError("This is no XLIFF 2.0, 2.1 or 2.2.", code="not_xliff")
    source, target = (root.attributes.get(name, "").lower()[:2] for name in ("srcLang", "trgLang"))
    if source not in LANGUAGES or target not in LANGUAGES or source == target:
        raise ExchangeError(
            "The file does not translate out of the document's language into the other.", code="other_languages"
        )
    files = list(root.children("file"))
    if not files:
        raise ExchangeError("This is no XLIFF 2.0, 2.1 or 2.2.", code="not_xliff")
    label = next((note.text() for note in files[0].descendants("note")), "")
    units = tuple(unit for file in files for unit in _units(file))
    named = files[0].attributes
    return Bitext(named.get("id", "").removeprefix("f"), named.get("original", ""), label, source, target, units)


def _units(file: Element) -> Iterator[Unit]:
    for unit in file.descendants("unit"):
        parts = list(unit.children("segment"))
        source = "".join(each.text() for part in parts for each in part.children("source"))
        target = "".join(each.text() for part in parts for each in part.children("target"))
        states = [_AS_STATE.get(part.attributes.get("state", "initial"), WorkState.MACHINE) for part in parts]
        state = min(states, key=list(WorkState).index, default=WorkState.MACHINE)
        name, ours = unit.attributes.get("id", ""), f"{_OURS} "
        digest = unit.attributes.get(f"{ours}digest", digest_of(source))
        number = _number(name.removeprefix("s")) if name.startswith("s") else -1
        version = max(_number(unit.attributes.get(f"{ours}version", "0")), 0)
        yield Unit(number, digest, source, target, state, version, unit.attributes.get(f"{ours}author", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= _LARGEST else -1
