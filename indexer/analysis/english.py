"""Stems English words, and every other word in Latin letters: removes inflection, keeps one word apart from another.

Snowball's English stemmer also removes what makes new words, and so takes authority for author, execution for
executive and organization for organ. This one does its steps 0, 1 and 5 (M. F. Porter, "Porter2", 2002), with tables
for irregular forms and for British spelling.
"""

import re
from functools import cache
from pathlib import Path

_REGION = re.compile(r"[aeiouy][^aeiouy]")
_SHORT = re.compile(r"[^aeiouy][aeiouy][^aeiouywx]$|^[aeiouy][^aeiouy]$")
_VOWEL = re.compile(r"[aeiouy]")
_PAST = ("ingly", "edly", "ing", "ed")  # the longest first
_ISE = re.compile(
    r"(?<=..)(al|an|ar|il|ic|er|or|on|in|im|om|at|iv|it|id|ac|th|rd|gn|og|es|as|et|rn)"
    r"is(e|ed|es|ing|er|ers)$"
)


def stem(exact: str) -> str:
    """The stem of a folded Latin word."""
    base = _table("english_irregular.tsv").get(exact)
    if base is not None:
        return _bare(base) if base != exact else exact
    bare = _bare(exact)
    return _spellings().get(bare, bare)


def other_stem(exact: str) -> str:
    """The stem of a form of an irregular word as of a word of its own: wound, to wound; "" of other words."""
    own = _bare(exact) if exact in _table("english_irregular.tsv") else ""
    return own if own != stem(exact) else ""


def other_forms(exact: str) -> tuple[str, ...]:
    """Forms of a word that its stem does not tell, since they are forms of another word too: lives of to live."""
    regular = (exact + "s", exact + "es", exact.removesuffix("s"))
    bases = {form: _table("english_irregular.tsv").get(form, exact) for form in regular if form != exact}
    return tuple(form for form, base in bases.items() if base not in (exact, form) and len(exact) > 1)


def _bare(word: str) -> str:
    """The word without its inflection."""
    if len(word) <= 2:
        return word
    word = _past(_singular(_ize(word)))
    if word.endswith("y") and len(word) > 2 and word[-2] not in "aeiouy":
        word = word[:-1] + "i"
    return _without_double(_without_e(word))


def _ize(word: str) -> str:
    """organisation, organise as organization, organize."""
    word = re.sub(r"isation(s|al|ally)?$", r"ization\1", word)
    return _ISE.sub(r"\1iz\2", word)


def _singular(word: str) -> str:
    if not word.endswith(("s", "ied")) or word.endswith(("us", "ss", "sis")):
        return word
    if len(word) <= 3:  # acronyms are not inflected: IED, AIS
        return word
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "xes", "ches", "shes", "oes")) and len(word) > 4:
        return word[:-2]
    return word[:-1] if re.search(r"[aeiouy]", word[:-2]) else word


def _past(word: str) -> str:
    """Without -ed, -ing, -edly, -ingly, and with the e that they had taken away."""
    if word.endswith("eed"):
        agreed = len(word) - 3 >= _r1(word) and not word.endswith(("ceed", "deed"))
        return word[:-1] if agreed else word
    vowel = _VOWEL.search(word)
    stems = (word.removesuffix(ending) for ending in _PAST if word.endswith(ending))
    bare = next((bare for bare in stems if len(bare) > 1 and vowel and vowel.end() <= len(bare)), None)
    if bare is None:
        return word
    word = bare
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        return word[:-1]
    return word + "e" if _SHORT.search(word) and _r1(word) == len(word) else word


def _without_e(word: str) -> str:
    if not word.endswith("e"):
        return word
    last = len(word) - 1
    silent = last >= _r2(word) or (last >= _r1(word) and not _SHORT.search(word[:-1]))
    return word[:-1] if silent else word


def _without_double(word: str) -> str:
    """travell(ed) as travel, programm(e) as program, boycott as boycot(ted)."""
    double = len(word) > 4 and word[-1] == word[-2] and word[-1] in "bdfglmnprt"
    return word[:-1] if double else word


def _r1(word: str) -> int:
    """Where the region after the first consonant that follows a vowel begins."""
    match = _REGION.search(word)
    return match.end() if match else len(word)


def _r2(word: str) -> int:
    """Where the same region of that region begins."""
    match = _REGION.search(word, _r1(word))
    return match.end() if match else len(word)


@cache
def _table(name: str) -> dict[str, str]:
    """A two-column table: the word as met, the word to take it for."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {form: base for base, forms in rows for form in forms.split()}


@cache
def _spellings() -> dict[str, str]:
    return {_bare(british): _bare(american) for british, american in _table("english_spellings.tsv").items()}
