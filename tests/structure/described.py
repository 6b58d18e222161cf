"""What the program itself says of its settings, commands and calls, as the tables that the documents must hold."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import typer
from fastapi import FastAPI
from route_table import ROUTES
from structure.tree import CODE, OURS, called, calls, files, parsed, text

from auth.errors import ErrorKind, TolmachError
from auth.people import Role
from auth.policy import TABLE
from indexer.extract.pages import MESSAGES, ExtractError
from services import cli, settings
from services.errors import STATUS

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


def decision_rows() -> list[str]:
    """A row for each decision: its number and what it says, with a link."""
    paths = [path for path in files(".md") if re.match(r"docs/decisions/\d", path)]
    heads = [text(path).split("\n")[0].removeprefix("# ").split(". ", 1) for path in paths]
    return [
        f"| {number} | [{says}]({path.split('/')[-1]}) |" for path, (number, says) in zip(paths, heads, strict=True)
    ]


def error_rows() -> list[str]:
    """A row for each code of an error that the API tells of: its status, and its words in English."""
    told = {error for error in _errors() if error[1] is not ErrorKind.INTERNAL}
    rows = [(code, STATUS[kind].value, words.replace("|", chr(92) + "|")) for code, kind, words in told]
    return [f"| `{code}` | {status} | {words} |" for code, status, words in sorted(rows)]


def _errors() -> Iterator[tuple[str, ErrorKind, str]]:
    """Code, kind and words of every class of error, and of every error that is made with a code of its own."""
    classes = {each.__name__: each for each in error_classes()}
    for each in classes.values():
        if "code" in vars(each):
            yield each.code, each.kind, each.sentence or inspect.cleandoc(each.__doc__ or "").split("\n")[0]
    for path in files(".py", *OURS):
        for call in calls(path):
            made = classes.get(called(call))
            codes = [k.value.value for k in call.keywords if k.arg == "code" and isinstance(k.value, ast.Constant)]
            if made and codes:
                yield codes[0], made.kind, _words(path, call)
    yield from ((code, ExtractError.kind, ExtractError.sentence) for code in MESSAGES)


def _words(path: str, call: ast.Call) -> str:
    """The words that an error is made with: a text, or the name that was given one on the line before."""
    first = call.args[0]
    if isinstance(first, ast.Name):
        given = [
            node
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Assign) and node.lineno < call.lineno and ast.unparse(node.targets[0]) == first.id
        ]
        first = max(given, key=lambda node: node.lineno).value
    return str(ast.literal_eval(first))


def error_classes() -> list[type[TolmachError]]:
    """Every class of our errors: all that hangs under the root once all modules are there."""
    for path in files(".py", *CODE):
        if path.endswith("__main__.py"):
            continue
        importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    classes: list[type[TolmachError]] = []
    waiting = [TolmachError]
    while waiting:
        waiting.extend(below := waiting.pop().__subclasses__())
        classes += below
    return classes


def route_rows(app: FastAPI) -> list[str]:
    """A row for each call: method and path, its parameters, the shapes that go in and out, what it does, an example."""
    rows = []
    for path, methods in app.openapi()["paths"].items():
        for method, call in methods.items():
            assert method in METHODS
            about = inspect.cleandoc(call["description"]).split("\n")[0]
            example = _example(ROUTES[method.upper(), path].call)
            rows.append(f"| `{method.upper()} {path}` | {_goes_in(call)} | {_comes_out(call)} | {about} | {example} |")
    return rows


def _example(call: Mapping[str, Any]) -> str:
    """The body of the example call that the tests make."""
    if "json" in call:
        return f"`{json.dumps(call['json'], ensure_ascii=False)}`"
    fields = [f"{name}={value}" for name, value in call.get("data", {}).items()]
    fields += [f"{name}=@{file[0]}" for name, file in call.get("files", {}).items()]
    return f"`{' '.join(fields)}`" if fields else "–"


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
