"""Writes and reads TMX 1.4b. A unit that comes back is known by its source; states and authors go along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from indexer.bitext.exchange.markup import Element, attribute, written
from indexer.bitext.exchange.units import Bitext, ExchangeError, Unit
from indexer.bitext.review.tables import WorkState
from indexer.text import LANGUAGES, digest_of

MEDIA_TYPE: Final = "application/x-tmx+xml"
_LANG: Final = "http://www.w3.org/XML/1998/namespace lang"


def write(bitext: Bitext) -> str:
    """The whole file: the units that have a translation."""
    about = (
        'creationtool="Tolmach" creationtoolversion="1" segtype="sentence" o-tmf="Tolmach" adminlang="en" '
        f'datatype="plaintext" srclang={attribute(bitext.source_language)}'
    )
    props = f'<prop type="x-label">{written(bitext.label)}</prop><prop type="x-title">{written(bitext.title)}</prop>'
    units = "\n".join(_unit(bitext, unit) for unit in bitext.units if unit.target)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header {about}>{props}</header>'
    return f"{head}\n<body>\n{units}\n</body></tmx>\n"


def _unit(bitext: Bitext, unit: Unit) -> str:
    props = f'<prop type="x-state">{unit.state}</prop><prop type="x-version">{unit.version}</prop>'
    author = f" changeid={attribute(unit.author)}" if unit.author else ""
    sides = "".join(
        f"<tuv xml:lang={attribute(language)}{by}><seg>{written(text)}</seg></tuv>"
        for language, text, by in (
            (bitext.source_language, unit.source, ""),
            (bitext.target_language, unit.target, author),
        )
    )
    return f"<tu tuid={attribute(str(unit.number))}>{props}{sides}</tu>"


def read(root: Element, source: str) -> Bitext:
    """The bitext of a file, out of the language `source`. Units without one of our languages are left out.

    Raises ExchangeError.
    """
    if root.local_name != "tmx" or not root.attributes.get("version", "").startswith("1."):
        raise ExchangeError("This is no TMX 1.4.", code="not_tmx")
    (target,) = set(LANGUAGES) - {source}
    props = {
        each.attributes.get("type", ""): each.text()
        for head in root.children("header")
        for each in head.children("prop")
    }
    units = tuple(unit for body in root.children("body") for unit in _units(body, source, target))
    return Bitext("", props.get("x-title", ""), props.get("x-label", ""), source, target, units)


def _units(body: Element, source: str, target: str) -> Iterator[Unit]:
    for tu in body.children("tu"):
        sides = {_language(each): each for each in tu.children("tuv")}
        if source not in sides or target not in sides:
            continue
        props = {each.attributes.get("type", ""): each.text() for each in tu.children("prop")}
        texts = [next((seg.text() for seg in sides[side].children("seg")), "") for side in (source, target)]
        state = props.get("x-state", "")
        is_known_state = state in set(WorkState)
        version = props.get("x-version", "0")
        yield Unit(
            _number(tu.attributes.get("tuid", "")),
            digest_of(texts[0]),
            texts[0],
            texts[1],
            WorkState(state) if is_known_state else WorkState.EDITED,
            max(_number(version), 0),
            sides[target].attributes.get("changeid", ""),
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _language(tuv: Element) -> str:
    return tuv.attributes.get(_LANG, tuv.attributes.get("lang", "")).lower()[:2]
