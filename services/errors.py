"""Every error as an RFC 9457 problem: the one home of status codes. Refuses to name what a person may not see."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from auth.errors import ErrorKind, TolmachError
from auth.signin.second_factors import PasskeyRequest
from indexer.bitext.review.workbench import StaleVersionError
from indexer.search.parse import QueryError

_log = logging.getLogger(__name__)


class NotSignedInError(TolmachError):
    """No valid token came with the request."""

    kind = ErrorKind.NOT_SIGNED_IN
    code = "not_signed_in"
    sentence = "Sign in first: your session is over or was never begun."


class ForbiddenError(TolmachError):
    """No role that the person holds opens this action, whatever the object."""

    kind = ErrorKind.FORBIDDEN
    code = "forbidden"
    sentence = "None of your roles allows this."


class PasswordFirstError(TolmachError):
    """Somebody who signed in by a one-time code asked for more than choosing a password."""

    kind = ErrorKind.FORBIDDEN
    code = "password_to_choose"
    sentence = "Choose a password first: a one-time code opens nothing else."


class SecondFactorFirstError(TolmachError):
    """Somebody's role would open this in a session that began with a second factor, and they have none yet."""

    kind = ErrorKind.FORBIDDEN
    code = "second_factor_to_set_up"
    sentence = "Set up a second factor first: the role that opens this holds only with one."


class PasskeyWantedError(TolmachError):
    """Name and password are right, and a passkey is asked for: `request` is what the browser is to sign."""

    kind = ErrorKind.FORBIDDEN
    code = "passkey_wanted"
    sentence = "Confirm this with your passkey, or with a code if you have one."

    def __init__(self, request: PasskeyRequest) -> None:
        super().__init__()
        self.request = request


class TooLargeError(TolmachError):
    """The body is larger than anything that is taken in."""

    kind = ErrorKind.TOO_LARGE
    code = "body_too_large"
    sentence = "This is larger than anything that is taken in. Split the document and upload the parts."


class NoLengthError(TolmachError):
    """The body does not say how long it is."""

    kind = ErrorKind.NO_LENGTH
    code = "no_length"
    sentence = "Send a Content-Length: bodies of unknown length are not read."


class LogoutTokenError(TolmachError):
    """What announces a logout is no token of our issuer, or was announced before."""

    kind = ErrorKind.UNPROVEN
    code = "logout_token"
    sentence = "This is no logout token for this service, or it came before."


class WrongError(TolmachError):
    """What was sent makes no sense; the message says what would."""

    kind = ErrorKind.INVALID
    code = "wrong"


STATUS: Final[Mapping[ErrorKind, HTTPStatus]] = {
    ErrorKind.NOT_SIGNED_IN: HTTPStatus.UNAUTHORIZED,
    ErrorKind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorKind.ABSENT: HTTPStatus.NOT_FOUND,
    ErrorKind.CONFLICT: HTTPStatus.CONFLICT,
    ErrorKind.NO_LENGTH: HTTPStatus.LENGTH_REQUIRED,
    ErrorKind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorKind.UNPROVEN: HTTPStatus.BAD_REQUEST,
    ErrorKind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorKind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorKind.TOO_COSTLY: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorKind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorKind.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorKind.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}
PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "parameters"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "parameters": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
    },
}
DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {  # what every call may answer besides, for its description
    status: {"description": what, "content": {"application/problem+json": {"schema": PROBLEM}}}
    for status, what in (("4XX", "Refused: why, in words"), ("503", "Not now: why, in words"))
}
_HEADERS: Final[Mapping[int, dict[str, str]]] = {
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "5"},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": "60"},
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
}


def problem(
    status: int, code: str, detail: str, parameters: Mapping[str, str | int] | None = None, **more: object
) -> JSONResponse:
    """A problem body: `detail` in English for people, `code` and `parameters` for programs and other languages."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "parameters": parameters or {},
        **more,
    }
    return JSONResponse(body, status, _HEADERS.get(status), media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Make the app answer every error as a problem."""
    app.add_exception_handler(TolmachError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def _counted(request: Request, code: str) -> None:
    request.app.state.components.meter.refused(code)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TolmachError)  # noqa: S101
    if error.kind is ErrorKind.INTERNAL:
        return unforeseen(request, error)
    _counted(request, error.code)
    if error.kind is ErrorKind.UNAVAILABLE:
        _log.error("%s: %s", type(error).__name__, error)
    more = _more(error)
    parameters = {} if error.sentence else error.parameters
    return problem(STATUS[error.kind], error.code, error.answer, parameters, **more)


def _more(error: TolmachError) -> dict[str, object]:
    """What an error tells besides: where a query is wrong, what another person saved first, what a passkey signs."""
    if isinstance(error, QueryError):
        return {"position": error.position}
    if isinstance(error, StaleVersionError):
        return {"current": {"version": error.version, "text": error.text}}
    if isinstance(error, PasskeyWantedError):
        return {"passkey": {"options": error.request.options, "or_code": error.request.or_code}}
    return {}


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    _counted(request, "invalid_request")
    errors = [
        {
            "at": ".".join(map(str, each["loc"])),
            "message": each["msg"],
            "code": each["type"],
            "parameters": _numbers(each.get("ctx", {})),
        }
        for each in error.errors()
    ]
    return problem(422, "invalid_request", "What was sent does not fit this call.", errors=errors)


def _numbers(context: Mapping[str, object]) -> dict[str, int | float]:
    """The limits that a field did not keep. Nothing else of what pydantic tells: it may quote what was sent."""
    numbers = {name: value for name, value in context.items() if isinstance(value, int | float)}
    return {name: value for name, value in numbers.items() if math.isfinite(value)}


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error.__cause__, OSError):  # FastAPI takes it for a body that makes no sense
        _counted(request, "no_room")
        _log.error("an upload could not be kept until it was read: %s", error.__cause__.strerror)
        no_room = "The service has no room to take this in at the moment. Try again in a few minutes."
        return problem(503, "no_room", no_room)
    status = HTTPStatus(error.status_code)
    code = f"http_{status.value}"
    _counted(request, code)
    answer = problem(status, code, status.description or str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def unforeseen(request: Request, error: Exception) -> JSONResponse:
    """What is said of an error that nobody foresaw: nothing, and to the log everything."""
    _counted(request, TolmachError.code)
    _log.error("unforeseen error", exc_info=error)
    return problem(500, "internal", "Something failed that should not have. The operator's log says what.")
