"""The files of the repository, and their Python read into syntax trees: what the tests of structure look at."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("auth", "indexer", "services", "frontend")  # what the caps hold for
OURS = (*CODE, "deploy")  # the packages of the wheel
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@cache
def kept() -> tuple[str, ...]:
    """Every file that is in git or would be added to it, relative to the root."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return tuple(sorted({path for path in listed.split("\0") if path and (ROOT / path).is_file()}))


def files(suffix: str, *folders: str) -> list[str]:
    """The files that end so, in these folders or anywhere."""
    return [path for path in kept() if path.endswith(suffix) and (not folders or path.split("/")[0] in folders)]


def text(path: str) -> str:
    """What a file holds."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: str) -> ast.Module:
    """A Python file as a syntax tree."""
    return ast.parse(text(path), path)


def functions(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a Python file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def code_lines(path: str) -> frozenset[int]:
    """The numbers of the lines that hold code: no docstring, comment or blank line."""
    docstrings: set[int] = set()
    for node in ast.walk(parsed(path)):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            docstrings.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    tokens = tokenize.generate_tokens(io.StringIO(text(path)).readline)
    lines = {line for t in tokens if t.type not in SILENT for line in range(t.start[0], t.end[0] + 1)}
    return frozenset(lines - docstrings)


def called(node: ast.Call) -> str:
    """The last part of the name that is called: `Scope` of `policy.Scope(…)`."""
    match node.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def calls(path: str) -> Iterator[ast.Call]:
    """Every call in a Python file."""
    yield from (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))


def imported(path: str) -> set[str]:
    """The top-level modules that a Python file imports."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found
