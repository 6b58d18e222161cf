"""Gives names the keys that their spellings share in either script: which sounds of consonants, with vowels between.

Zhaparov, Japarov, Жапаров; Qaraghandy, Караганда, Қарағанды. Vowels differ most between spellings, so only their places
count; what the letters of one alphabet leave open (x, j) has a key for each way.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from indexer.analysis.folding import cyrillic

LONGEST: Final = 40  # letters of a name that are looked at
MOST_WAYS: Final = 4  # to read the letters of one name
FEW: Final = 3  # consonants; with fewer the vowels count by their sound

# A sound has one sign: j for ж, q for ч, w for ш and щ, c for ц, h for all of г, х, kh and gh.
_CYRILLIC: Final = str.maketrans(
    dict(zip("бвдзклмнпрстфхцчшщгжқғҳһңҷҗ", "bvdzklmnprstfhcqwwhjkhhhnjj", strict=True))
    | dict(zip("аәяеэоөўуүұюӯиіӣый", "aaaeeooouuuuuiiiii", strict=True))
)
_CYRILLIC_PAIRS: Final = (("дж", "ж"), ("нг", "н"), ("тс", "ц"))
_LATIN: Final = {
    **dict(zip("abdefghiklmnopqrstuvwyz", "abdefhhiklmnopkrstuvviz", strict=True)),
    **{"shch": "w", "tsch": "q", "sch": "w", "sh": "w", "sz": "w", "tch": "q", "ch": "q"},
    **{"dzh": "j", "dj": "j", "zh": "j", "kh": "h", "gh": "h", "ph": "f", "th": "t", "ck": "k", "qu": "ku"},
    **{"ts": "c", "tz": "c", "ng": "n", "c": "k", "ce": "se", "ci": "si", "cy": "si"},
}
_OPEN: Final = {"x": ("ks", "h"), "j": ("j", "i")}
_MARKED: Final = str.maketrans(
    {"ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "zh", "ğ": "gh", "ı": "i", "ə": "a", "ł": "l", "ø": "o"}
)
_LETTERS: Final = re.compile("|".join(sorted([*_LATIN, *_OPEN], key=len, reverse=True)))
_MUTE: Final = re.compile("(?<=[aeiouy])h$")  # Abdullah
_VOWELS: Final = re.compile("[aeiou]+")
_DOUBLE: Final = re.compile(r"(.)\1+")
_VOICED: Final = {"d": "t", "b": "p"}  # at the end


def keys(raw: str) -> tuple[str, ...]:
    """The keys of a name as written, without its endings; none of what has no sound of its own."""
    sounds = _of_cyrillic(raw) if cyrillic(raw) else _of_latin(raw)
    return tuple(dict.fromkeys(key for each in sounds if len(key := _shape(each)) > 1))


def _of_cyrillic(raw: str) -> list[str]:
    word = raw[:LONGEST].casefold().replace("ё", "е")
    for pair, letter in _CYRILLIC_PAIRS:
        word = word.replace(pair, letter)
    return ["".join(sound for sound in word.translate(_CYRILLIC) if sound.isascii())]


def _of_latin(raw: str) -> list[str]:
    """The sounds of a word in Latin letters, in each of the ways in which it may be read."""
    marked = unicodedata.normalize("NFC", raw[:LONGEST].casefold()).translate(_MARKED)
    word = _MUTE.sub("", "".join(c for c in unicodedata.normalize("NFD", marked) if "a" <= c <= "z"))
    ways = [""]
    for letters in _LETTERS.findall(word):
        sounds = _OPEN.get(letters) or (_LATIN[letters],)
        ways = [way + sound for way in ways for sound in sounds][:MOST_WAYS]
    return ways


def _shape(sounds: str) -> str:
    """What of the sounds all spellings share: doubled ones once, vowels as places, none at the end."""
    sounds = _DOUBLE.sub(r"\1", sounds)
    consonants = len(_VOWELS.sub("", sounds))
    if consonants >= FEW:
        sounds = _VOWELS.sub(".", sounds).rstrip(".")
    elif consonants > 1:
        sounds = sounds.rstrip("aeiou")
    return sounds[:-1] + _VOICED.get(sounds[-1], sounds[-1]) if sounds else ""
