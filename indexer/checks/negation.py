"""Compares whether a sentence and its translation deny: a negation that got lost or came in turns the meaning round.

What denies in one language is often said without a denial in the other, so only what is plain on one side is looked
for, and whatever may answer for it on the other is let pass. Russian denies its verb even after «никогда» or «никто»;
these alone answer for nothing.
"""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = {  # what is hardly ever left out in the other language
    "en": re.compile(
        r"\b(?:not|never|nobody|nothing|cannot|neither|nor|no|unlikely|unable)\b(?! (?:only|just|less|more|longer))"
        r"|n['’]t\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(r"\b(?:не|нельзя)\b(?! (?:только|менее|более|раз|столько|просто)\b)", re.IGNORECASE),
}
_ANSWERS: Final = {
    "en": re.compile(
        r"\b(?:not?|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|unless|hardly|barely|few|little"
        r"|fail\w{0,4}|lack\w{0,3}|los[est]\w{0,3}|refus\w{1,4}|den(?:y|ied|ies|ying)|rather|instead|until|only|yet"
        r"|stop\w{0,4}|avoid\w{0,3}|miss\w{0,4}|prevent\w{0,4}|despite|although|though|beyond|too|different\w{0,2}"
        r"|other|another|else|wrong|absen\w{1,3}|ignor\w{1,5}|continu\w{1,5}|still|away|remain\w{0,3}|must)\b"
        r"|n['’]t\b|\bnon-?[a-z]{3,}|\bun(?!i[tvoq]|der|til)[a-z]{3,}|\bdis(?!tr|cu|pl|co)[a-z]{3,}"
        r"|\b(?:in|im|ir|il)(?:ad|ac|ca|def|eff|ex|se[cn]|suf|vis|mor|pos|prop|reg|rel|leg|el)[a-z]{2,}|\b[a-z]{3,}less\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"\b(?:не|нет|без|нельзя|нету|невозможн\w{1,3}|отсутств\w{1,6}|отказ\w{1,7}|вместо|вряд|отнюдь|лиш[ье]\w{0,4}"
        r"|отриц\w{1,6}|прекра\w{1,6}|запре\w{1,6}|мало|редко|едва|потер\w{1,4}|утра\w{1,6}|пропу\w{1,6})\b"
        r"|\bне(?!дел|котор|скольк|обход|фт|м[её]?ц|бо|бе|рв|ред|взир|йр|кто|что)[а-яё]{3,}"
        r"|\bбе(?:з(?!опас|ум)|с(?!ед|плат|п?ла?))[а-яё]{3,}",
        re.IGNORECASE,
    ),
}


def lost(text: str, other: str, language: str, other_language: str) -> tuple[tuple[int, int], ...]:
    """Where a text, in characters, denies plainly while nothing in the other answers for it."""
    if _ANSWERS[other_language].search(other):
        return ()
    return tuple(match.span() for match in _PLAIN[language].finditer(text))
