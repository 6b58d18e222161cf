"""Gives the key that all forms of a Russian or Central Asian surname share: his, hers and the family's.

A dictionary reads a surname that it does not hold as a form of some noun (Токаев as of Токай), each form as of another.
Their endings are few and regular, so the key is the word without them.
"""

from typing import Final

_MARK: Final = "~"  # keeps these keys apart from stems
_SHORTEST: Final = 3  # letters of a key
_VOWELS: Final = frozenset("аеиоуыэюя")
_NAMES = ("ов", "ев", "ин", "ын")
_POSSESSIVE = ("ыми", "ым", "ой", "ою", "ых", "а", "у", "е", "ы", "")  # the longest first
_ADJECTIVAL = (
    *("ого", "его", "ому", "ему", "ыми", "ими", "ый", "ий", "ой", "ей", "ым", "им", "ом", "ем", "ая", "яя"),
    *("ую", "юю", "ые", "ие", "ых", "их"),
)
_NOMINAL = ("ами", "ями", "ом", "ем", "ой", "ей", "ам", "ям", "ах", "ях", "а", "я", "у", "ю", "е", "ы", "и", "ь", "")


def keys(word: str, unusual: bool, capital: bool) -> tuple[str, ...]:
    """The keys of a folded word in Russian letters that may be a surname: one that is unusual or has a capital.

    `unusual`: it is no ordinary word as far as is known. Names in -ов, -ев, -ин, -ын are told by themselves; of all
    others an ordinary word has its lemma instead.
    """
    possessive = _bare(word, _POSSESSIVE)
    if possessive.endswith(_NAMES):
        after_vowel = possessive.endswith("ев") and possessive[-3] in _VOWELS  # no adjective ends so
        return (_MARK + possessive,) if unusual or capital or after_vowel else ()
    bare = (_bare(word, _ADJECTIVAL), _bare(word, _NOMINAL)) if unusual else ()
    return tuple(dict.fromkeys(_MARK + key for key in bare if key and key[-1] not in _VOWELS and key[-1] not in "йь"))


def adjectival(word: str) -> str:
    """A folded Russian word in -ский or -цкий without its ending, as a surname may be though it is ordinary; or ""."""
    bare = _bare(word, _ADJECTIVAL)
    return bare if bare.endswith(("ск", "цк")) and len(bare) > _SHORTEST + 1 else ""


def _bare(word: str, endings: tuple[str, ...]) -> str:
    """The word without the first of these endings that it has, or "" where too little is left."""
    ending = next((ending for ending in endings if word.endswith(ending)), None)
    bare = word.removesuffix(ending) if ending is not None else ""
    return bare if len(bare) >= _SHORTEST else ""
