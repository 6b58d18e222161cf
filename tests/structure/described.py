"""What the program itself says of its settings, commands and calls, as the tables that the documents must hold."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import typer
from fastapi import FastAPI
from structure.tree import parsed

from auth.people import Role
from auth.policy import TABLE
from services import cli, settings

METHODS = ("get", "post", "put", "patch", "delete")
FRAMEWORKS = {"HTTPValidationError", "ValidationError"}  # FastAPI's guess; our errors are problems


def cell(value: object) -> str:
    """A value in code type, or a dash where there is none."""
    return f"`{value}`" if value not in (None, "") else "–"


def right_rows() -> list[str]:
    """A row for each action: which roles open it."""
    return [
        f"| {action} | " + " | ".join("yes" if role in roles else "–" for role in Role) + " |"
        for action, roles in TABLE.items()
    ]


def setting_rows() -> list[str]:
    """A row for each setting: its variable, its default, and its own description."""
    node = next(n for n in parsed("services/settings.py").body if getattr(n, "name", "") == "Settings")
    assert isinstance(node, ast.ClassDef)
    said = {}
    for item, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(item, ast.AnnAssign) and isinstance(after, ast.Expr):
            said[ast.unparse(item.target)] = ast.literal_eval(after.value)
    return [
        f"| `{settings.PREFIX}{field.name.upper()}` | {cell(field.default)} | {said[field.name]} |"
        for field in fields(settings.Settings)
    ]


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command, and a row for each argument and option: how it is written, its default, its help."""

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
        if hasattr(command, "commands"):
            for name, below in command.commands.items():
                yield from walk(below, (*path, name))
        else:
            yield " ".join(path), [_parameter(p) for p in command.params]

    yield from walk(typer.main.get_command(cli.app), ("tolmach",))


def _parameter(parameter: Any) -> str:
    written = ", ".join([*parameter.opts, *parameter.secondary_opts])
    if parameter.param_type_name == "argument":
        written = parameter.name.upper()
    default = "required" if parameter.required else cell(_default(parameter))
    return f"| `{written}` | {default} | {(getattr(parameter, 'help', None) or '').replace('|', chr(92) + '|')} |"


def _default(parameter: Any) -> object:
    if parameter.name == "scheme_file":
        return "the scheme that comes with Tolmach"
    return {True: "on", False: None}[parameter.default] if isinstance(parameter.default, bool) else parameter.default


def route_rows(app: FastAPI) -> list[str]:
    """A row for each call: method and path, its parameters, the shapes that go in and out, what it does."""
    rows = []
    for path, methods in app.openapi()["paths"].items():
        for method, call in methods.items():
            assert method in METHODS
            about = inspect.cleandoc(call["description"]).split("\n")[0]
            rows.append(f"| `{method.upper()} {path}` | {_goes_in(call)} | {_comes_out(call)} | {about} |")
    return rows


def _goes_in(call: dict[str, Any]) -> str:
    query = [f"`?{p['name']}`" for p in call.get("parameters", ()) if p["in"] == "query"]
    bodies = [_shape(media["schema"]) for media in call.get("requestBody", {}).get("content", {}).values()]
    return ", ".join([*bodies, *query]) or "–"


def _comes_out(call: dict[str, Any]) -> str:
    status, answer = next((s, a) for s, a in call["responses"].items() if s.startswith("2"))
    shapes = [_shape(media["schema"]) for media in answer.get("content", {}).values() if media.get("schema")]
    return f"{status} {', '.join(shapes)}".strip()


def _shape(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"list of {_shape(schema['items'])}"
    return f"`{schema['$ref'].split('/')[-1]}`" if "$ref" in schema else ""


def shape_rows(app: FastAPI) -> list[str]:
    """A row for each JSON shape: its fields (those that may be left out with a question mark) and what it is."""
    shapes = app.openapi()["components"]["schemas"]
    return [
        f"| `{name}` | {_fields(shape)} | {inspect.cleandoc(shape.get('description', '')).split(chr(10))[0] or '–'} |"
        for name, shape in sorted(shapes.items())
        if name not in FRAMEWORKS
    ]


def _fields(shape: dict[str, Any]) -> str:
    required = shape.get("required", ())
    return ", ".join(f"`{name}{'' if name in required else '?'}`" for name in shape.get("properties", {}))
