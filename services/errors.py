"""Every error as an RFC 9457 problem: the one home of status codes. Refuses to name what a person may not see."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, IntegrityError
from starlette.exceptions import HTTPException

from auth.audit.trail import TrailError
from auth.changes.proposals import NoProposalError, ProposalError
from auth.database import DatabaseError
from auth.expression import ExpressionError
from auth.passwords import WeakPasswordError
from auth.people import PeopleError, UnknownError
from auth.scheme import SchemeError
from auth.signin.tokens import KeyFileError
from indexer.engine.contract import EngineError
from indexer.extract.drawing import BusyError, StoppedError
from indexer.extract.pages import ExtractError
from indexer.handling.lifecycle import AbsentError, HeldError
from indexer.library.files import StoreError
from indexer.library.intake import DescriptionError, LabelError
from indexer.search.find import IndexDisagreesError
from indexer.search.parse import QueryError

_log = logging.getLogger(__name__)


class NotSignedInError(Exception):
    """No valid token came with the request."""


class ForbiddenError(Exception):
    """No role that the person holds opens this action, whatever the object."""


class TooLargeError(Exception):
    """The body is larger than anything that is taken in."""


class NoLengthError(Exception):
    """The body does not say how long it is."""


class WrongError(Exception):
    """What was sent makes no sense; the message says what would."""


PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {  # what every call may answer besides, for its description
    status: {"description": what, "content": {"application/problem+json": {"schema": PROBLEM}}}
    for status, what in (("4XX", "Refused: why, in words"), ("503", "Not now: why, in words"))
}
NOT_FOUND = "There is no such document, or you may not read it."
_RETRY = {"Retry-After": "5"}

_FIXED: dict[type[Exception], tuple[int, str]] = {
    NotSignedInError: (401, "Sign in first: your session is over or was never begun."),
    ForbiddenError: (403, "None of your roles allows this."),
    AbsentError: (404, NOT_FOUND),
    NoProposalError: (404, "There is no such proposal, or it is not for you to decide on."),
    HeldError: (409, "A legal hold forbids removing this document. Lift the hold first, with a reason."),
    NoLengthError: (411, "Send a Content-Length: bodies of unknown length are not read."),
    TooLargeError: (413, "This is larger than anything that is taken in. Split the document and upload the parts."),
    IndexDisagreesError: (503, "The search index is being repaired. Try again in a few minutes."),
    EngineError: (503, "Search does not answer at the moment. Try again in a few minutes."),
    DatabaseError: (503, "The service cannot reach its database at the moment. Try again in a few minutes."),
    KeyFileError: (503, "The service cannot tell who is signed in at the moment. Try again in a few minutes."),
    TrailError: (503, "The service cannot keep its audit trail at the moment, so nothing can be shown."),
    IntegrityError: (409, "Somebody changed the same thing at the same moment. Look at it again, then try again."),
    DataError: (422, "What was sent holds a character or a number that cannot be kept."),
    BusyError: (503, "Many pages are being drawn at the moment. Try again in a few seconds."),
    StoppedError: (503, "The page is not drawn any more, for nobody waited for it."),
    StoreError: (503, "The file store does not answer at the moment. Try again in a few minutes."),
}
_TELLING: dict[type[Exception], int] = {  # whose own words are the answer
    UnknownError: 404,
    ProposalError: 409,
    DescriptionError: 422,
    ExpressionError: 422,
    LabelError: 422,
    PeopleError: 422,
    QueryError: 422,
    SchemeError: 422,
    WeakPasswordError: 422,
    WrongError: 422,
}


def problem(status: int, detail: str, **more: object) -> JSONResponse:
    """A problem body."""
    headers = _RETRY if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else headers
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Make the app answer every error as a problem."""
    for kind, (status, detail) in _FIXED.items():
        app.add_exception_handler(kind, _fixed(status, detail))
    for kind, status in _TELLING.items():
        app.add_exception_handler(kind, _telling(status))
    app.add_exception_handler(ExtractError, _extract)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def _fixed(status: int, detail: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def answer(_: Request, error: Exception) -> JSONResponse:
        if status == HTTPStatus.SERVICE_UNAVAILABLE and not isinstance(error, BusyError | StoppedError):
            _log.error("%s: %s", type(error).__name__, error)
        return problem(status, detail)

    return answer


def _telling(status: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def answer(_: Request, error: Exception) -> JSONResponse:
        more = {"position": error.position} if isinstance(error, QueryError) else {}
        return problem(status, str(error), **more)

    return answer


async def _extract(_: Request, error: Exception) -> JSONResponse:
    if isinstance(error, ExtractError) and error.code == "no_page":
        return problem(404, NOT_FOUND)
    return problem(503, "This page cannot be drawn at the moment. Its text and the original file can be opened.")


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [{"at": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
    return problem(422, "What was sent does not fit this call.", errors=errors)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error.__cause__, OSError):  # FastAPI takes it for a body that makes no sense
        _log.error("an upload could not be kept until it was read: %s", error.__cause__.strerror)
        return problem(503, "The service has no room to take this in at the moment. Try again in a few minutes.")
    answer = problem(error.status_code, HTTPStatus(error.status_code).description or str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def unforeseen(error: Exception) -> JSONResponse:
    """What is said of an error that nobody foresaw: nothing, and to the log everything."""
    _log.error("unforeseen error", exc_info=error)
    return problem(500, "Something failed that should not have. The operator's log says what.")
