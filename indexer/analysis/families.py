"""Tells which Russian words differ from a verb in aspect alone, or are its noun: задержать, задерживать, задержание.

Endings and the consonants before them say what such a word could be; the dictionary says whether there is one. What
endings do not tell (вербовать, завербовать, вербовка) is a table.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Final

from indexer.analysis import russian
from indexer.analysis.folding import cyrillic

MOST: Final = 6
"""Relatives of one word."""

_Pairs = tuple[tuple[str, tuple[str, ...]], ...]

_PAIRS: Final[_Pairs] = (  # endings of imperfective and perfective verbs, the longest first
    ("ходить", ("йти", "ойти")),
    ("возить", ("везти",)),
    ("водить", ("вести",)),
    ("носить", ("нести",)),
    ("езжать", ("ехать",)),
    ("бегать", ("бежать",)),
    ("летать", ("лететь",)),
    ("ымать", ("ъять",)),
    ("имать", ("ять",)),
    ("ывать", ("ать", "ить", "нуть", "ыть")),
    ("ивать", ("ать", "ить", "еть", "нуть", "ять")),
    ("евать", ("еть",)),
    ("авать", ("ать",)),
    ("екать", ("ечь",)),
    ("егать", ("ечь",)),
    ("ять", ("ить",)),
    ("ать", ("ить", "нуть")),
)
_NOUNS: Final[_Pairs] = (("ание", ("ать",)), ("ение", ("ить", "ять", "еть")), ("яние", ("ять",)), ("тие", ("ть",)))
_SOFT: Final = (  # consonants before -ить, and what they become
    *(("ст", "щ"), ("ск", "щ"), ("ст", "ск"), ("с", "ш"), ("з", "ж"), ("д", "ж"), ("д", "жд"), ("т", "ч"), ("т", "щ")),
    *(("г", "ж"), ("к", "ч"), ("х", "ш"), ("в", "вл"), ("б", "бл"), ("п", "пл"), ("м", "мл"), ("ф", "фл")),
)


@lru_cache(maxsize=1 << 12)
def relatives(exact: str) -> tuple[str, ...]:
    """The stems of the relatives of a folded Russian word, at most `MOST`; none of a word of another kind."""
    lemma, kind = russian.lemma_and_kind(exact) if cyrillic(exact) else ("", "")
    if kind == "noun":
        verbs = _there(_verbs_of(lemma), {"impf", "perf"})
        words = [*_families().get(lemma, ()), *verbs, *(partner for verb in verbs for partner in _partners(verb))]
    elif kind:
        partners = list(dict.fromkeys([*_partners(lemma), *_families().get(lemma, ())]))
        words = [*partners, *(noun for verb in (lemma, *partners) for noun in _there(_nouns_of(verb), {"noun"}))]
    else:
        return ()
    own = russian.stem(exact)
    stems = dict.fromkeys(russian.stem(word) for word in words)
    return tuple(stem for stem in stems if stem != own)[:MOST]


def _partners(verb: str) -> list[str]:
    """The verbs of the other aspect that are there; of either, where the dictionary knows the verb as both."""
    return _there(chain(_changed(verb, _PAIRS, back=False), _changed(verb, _PAIRS, back=True)), {"impf", "perf"})


def _verbs_of(noun: str) -> Iterator[str]:
    return _changed(noun, _NOUNS, back=False)


def _nouns_of(verb: str) -> Iterator[str]:
    return _changed(verb, _NOUNS, back=True)


def _changed(word: str, pairs: _Pairs, back: bool) -> Iterator[str]:
    """The word with another ending, from left to right in the pairs or back; with all that goes with that before it."""
    for left, rights in pairs:
        for right in rights:
            old, new = (right, left) if back else (left, right)
            if word.endswith(old):
                yield from (base + new for base in _bases(word.removesuffix(old), left, right, back))


def _bases(bare: str, left: str, right: str, back: bool) -> Iterator[str]:
    """What may stand before the endings: допуск(ать) and допуст(ить), опазд(ывать) and опозд(ать)."""
    bases = [bare]
    if right in ("ить", "еть"):
        sides = [(hard, soft) if back else (soft, hard) for hard, soft in _SOFT]
        bases += [bare.removesuffix(old) + new for old, new in sides if bare.endswith(old)]
    yield from bases
    if left in ("ивать", "ывать"):
        old, new = ("о", "а") if back else ("а", "о")
        places = ((base, base.rfind(old)) for base in bases)
        yield from (base[:at] + new + base[at + 1 :] for base, at in places if 0 <= len(base) - 4 <= at)


def _there(words: Iterator[str], kinds: set[str]) -> list[str]:
    """Those of these words that the dictionary holds, as words of these kinds."""
    return [word for word in dict.fromkeys(words) if russian.lemma_and_kind(word) in {(word, kind) for kind in kinds}]


@cache
def _families() -> dict[str, tuple[str, ...]]:
    """The other words of the families that each word of the table is of."""
    text = Path(__file__).with_name("russian_families.tsv").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    others: dict[str, tuple[str, ...]] = {}
    for words in lines:
        for word in words:
            more = (other for other in words if other != word)
            others[word] = tuple(dict.fromkeys([*others.get(word, ()), *more]))
    return others
