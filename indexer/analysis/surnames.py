"""Gives the key that all forms of a Russian or Central Asian surname share: his, hers and the family's.

A dictionary reads a surname that it does not hold as a form of some noun (Токаев as of Токай), each form as of another.
Their endings are few and regular, so the key is the word without them.
"""

import re
from typing import Final

_MARK: Final = "~"  # keeps these keys apart from stems
_POSSESSIVE = re.compile(r"(.{2,}(?:[ое]в|[иы]н))(?:а|у|ым|е|ой|ою|ы|ых|ыми)?")
_ADJECTIVAL = re.compile(r"(.{2,}[^аеиоуыэюяйь])(?:[иыо]й|[ое]го|[ое]му|[иы]ми?|ом|ем|ая|яя|ей|[ую]ю|[иы]е|[иы]х)")
_NOMINAL = re.compile(r"(.{2,}[^аеиоуыэюяйь])(?:а|я|у|ю|е|[оеё]м|[оеё]й|ы|и|ь|[ая]ми?|[ая]х)?")


_TOLD = re.compile(r".+[аеиоуыэюя]ев\w{0,3}")  # no adjective ends so: in small letters too a name is told


def keys(word: str, unusual: bool, capital: bool) -> tuple[str, ...]:
    """The keys of a folded word in Russian letters that may be a surname: one that is unusual or has a capital.

    `unusual`: it is no ordinary word as far as is known. Names in -ов, -ев, -ин, -ын are told by themselves; of all
    others an ordinary word has its lemma instead.
    """
    possessive = _POSSESSIVE.fullmatch(word)
    if possessive:
        told = unusual or capital or _TOLD.fullmatch(word)
        return (_MARK + possessive[1],) if told else ()
    matches = (ending.fullmatch(word) for ending in (_ADJECTIVAL, _NOMINAL)) if unusual else ()
    return tuple(dict.fromkeys(_MARK + match[1] for match in matches if match))
