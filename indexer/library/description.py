"""The grammar of what a document is described by. Refuses values without end: each becomes a choice in every search."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from auth.errors import ErrorKind, TolmachError

LONGEST_NAME: Final = 200  # characters of a symbol, a meeting, a body, a keyword
LONGEST_TITLE: Final = 2_000  # characters
MOST_COUNTRIES: Final = 250
MOST_KEYWORDS: Final = 50
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_SHOWN: Final = frozenset({"L", "M", "N", "P", "S", "Z"})  # general categories; Z but its line separators


class DescriptionError(TolmachError, ValueError):
    """What is said of a document is not written as it should be; the message says how it should."""

    kind = ErrorKind.INVALID
    code = "description"


def country_list(text: str) -> str:
    """Codes of countries (ISO 3166-1, two capital letters), each once, separated by commas. Raises DescriptionError."""
    codes = _parts(text, MOST_COUNTRIES)
    if any(not _COUNTRY.fullmatch(code) for code in codes):
        raise DescriptionError(
            "A country is written as its two capital letters (ISO 3166), several with commas between: KZ,UZ.",
            code="country",
        )
    return ",".join(codes)


def keyword_list(text: str) -> str:
    """Keywords, each once, separated by commas. Raises DescriptionError."""
    return ",".join(name(part) for part in _parts(text, MOST_KEYWORDS))


def name(text: str) -> str:
    """One line of characters that can be seen, not too many. Raises DescriptionError."""
    check_length(text, LONGEST_NAME)
    if any(unicodedata.category(sign)[0] not in _SHOWN or sign in "\u2028\u2029" for sign in text):
        raise DescriptionError("A name is one line, without invisible signs.", code="description_sign")
    return text


def check_length(text: str, longest: int) -> None:
    """Raise DescriptionError where a text has more characters."""
    if len(text) > longest:
        raise DescriptionError("{longest} characters are the most here.", code="description_length", longest=longest)


def _parts(text: str, most: int) -> list[str]:
    """What stands between the commas, each once."""
    parts = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(parts) > most:
        raise DescriptionError("A list like this may have at most {most} values.", code="description_number", most=most)
    return parts
