"""The root of all our errors: how each is answered, its code for programs, and whether its own words are told."""

from __future__ import annotations

from enum import Enum, auto


class ErrorKind(Enum):
    """How an error is answered. What this is in HTTP, `services/errors.py` says."""

    NOT_SIGNED_IN = auto()
    FORBIDDEN = auto()  # whatever the object
    ABSENT = auto()  # or not for this person: the two must not be told apart
    CONFLICT = auto()  # with how things stand
    NO_LENGTH = auto()
    TOO_LARGE = auto()
    INVALID = auto()  # what was asked makes no sense
    UNPROVEN = auto()  # a program of others brought what does not prove to be theirs
    BUSY = auto()  # more is asked than there is room for; nothing is wrong
    TOO_MANY = auto()  # requests of one person in a short time
    TOO_COSTLY = auto()  # more work than one request may ask for
    UNAVAILABLE = auto()  # now; later it may go
    INTERNAL = auto()  # nobody who asks can do anything about it: the log alone tells


class TolmachError(Exception):
    """Something failed that is expected to fail at times.

    A class names its `kind` and its `code`, which programs and translations of messages go by and which stays. With a
    `sentence`, that is told in place of the error's own words, which may then name what is not for everybody; without
    one, the words are told. At the console, which is the operator's, the words are told, or `operator_sentence`.

    An error may have a code of its own and parameters, which its words name in braces:
    `PeopleError("There is an agency {agency} already.", code="agency_exists", agency="OSCE")`.
    """

    kind: ErrorKind = ErrorKind.INTERNAL
    code: str = "internal"
    sentence: str = ""
    operator_sentence: str = ""

    def __init__(self, words: str = "", /, *, code: str = "", **parameters: str | int) -> None:
        super().__init__(words.format(**parameters) if parameters else words)
        self.code = code or type(self).code
        self.parameters = parameters

    @property
    def answer(self) -> str:
        """What whoever asked is told."""
        return self.sentence or str(self)

    @property
    def operator_answer(self) -> str:
        """What is told at the console."""
        return self.operator_sentence or str(self) or self.sentence or self.code
