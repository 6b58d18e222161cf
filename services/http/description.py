"""The description of the API (OpenAPI), as `tolmach openapi` writes it. It is served nowhere."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

_FORM: Final = "Body_"  # how FastAPI's name for the form of an operation begins


def operation_id(route: APIRoute) -> str:
    """What an operation is called: as its function, which says what it does."""
    return route.name


def description(app: FastAPI) -> dict[str, Any]:
    """The description, as one JSON object. A form is called after its operation: `TakeInForm` of `take_in`."""
    if app.openapi_schema is None:
        app.openapi_schema = _with_honest_names(get_openapi(title=app.title, version=app.version, routes=app.routes))
    return app.openapi_schema


def _with_honest_names(described: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(described)
    for name in described["components"]["schemas"]:
        if name.startswith(_FORM):
            honest = "".join(map(str.capitalize, name.removeprefix(_FORM).split("_"))) + "Form"
            text = text.replace(f'"{name}"', f'"{honest}"').replace(f'/{name}"', f'/{honest}"')
    renamed: dict[str, Any] = json.loads(text)
    return renamed
