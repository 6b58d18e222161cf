"""Every regular expression of ours is linear: on twice the text it takes about twice the steps, whatever the text."""

from __future__ import annotations

import ast
import importlib
import math
import re
from collections.abc import Iterator

import pytest
from backtracking import Steps, TooManyStepsError, hard_texts
from structure.tree import files, parsed

from auth import expression

SIZES = (24, 48)
MOST = 2.9  # twice the text, twice the steps; four times the steps is a square
ENOUGH = 6 * SIZES[1]  # steps below which nothing is proven


def methods_by_name(tree: ast.AST) -> dict[str, str]:
    """How each name of the module that looks like an expression's is used: `fullmatch`, `match`, or `search`."""
    used: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
    return {name: next(iter(methods)) if len(methods) == 1 else "search" for name, methods in used.items()}


def expressions() -> Iterator[tuple[str, str, re.Pattern[str], str]]:
    """Every expression: where it is, what it is called, itself, and how it is used."""
    for path in files(".py", "auth", "indexer", "services"):
        if path.endswith("__main__.py"):
            continue
        tree = parsed(path)
        methods = methods_by_name(tree)
        module = importlib.import_module(path.removesuffix("/__init__.py").removesuffix(".py").replace("/", "."))
        for name, value in vars(module).items():
            own = name in {target.id for target in ast.walk(tree) if isinstance(target, ast.Name)}
            for pattern in patterns(value) if own else ():
                yield path, name, pattern, methods.get(name, "search")
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(ast.Name("re"), method), args=[ast.Constant(str(text)), *_]):
                    if method not in ("compile", "escape"):
                        yield path, text, re.compile(text), method


def terminals() -> Iterator[tuple[str, str, re.Pattern[str], str]]:
    """What the grammar makes words of."""
    for terminal in expression._parser().terminals:
        yield "auth/expression.py", terminal.name, re.compile(terminal.pattern.to_regexp()), "match"


def patterns(value: object) -> list[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        return [value] if isinstance(value.pattern, str) else []
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, tuple | list):
        return [pattern for part in value for pattern in patterns(part)]
    return []


def steps(pattern: re.Pattern[str], text: str, method: str) -> float:
    """The steps; infinitely many where they are too many to count."""
    counting = Steps(pattern, text)
    try:
        if method in ("match", "fullmatch"):
            return counting.from_the_start(method == "fullmatch")
        return counting.all_matches()
    except TooManyStepsError:
        return math.inf


def counted(pattern: re.Pattern[str], text: tuple[str, str, str], method: str, times: int) -> list[float]:
    """The steps at both sizes, each so many times as large."""
    head, pump, tail = text
    return [steps(pattern, head + pump * (times * size // len(pump)) + tail, method) for size in SIZES]


def worst(pattern: re.Pattern[str], method: str) -> tuple[float, str]:
    """The largest growth of steps on twice the text, and the text that shows it."""
    growth, shown = 0.0, ""
    for head, pump, tail in hard_texts(pattern):
        small, large = counted(pattern, (head, pump, tail), method, 1)
        if large >= MOST * small and large > ENOUGH:  # or is a part of bounded length only not at its bound yet?
            small, large = counted(pattern, (head, pump, tail), method, 8)
        larger = math.inf if large == math.inf else large / max(small, 1)
        if large > ENOUGH and larger > growth:
            growth, shown = larger, f"{head!r} + {pump!r} * n + {tail!r}"
        if growth >= MOST:
            break
    return growth, shown


ALL = sorted(
    {
        (path, name, pattern.pattern, pattern.flags, method)
        for path, name, pattern, method in (*expressions(), *terminals())
    }
)


@pytest.mark.parametrize(("path", "name", "pattern", "flags", "method"), ALL, ids=[f"{p}:{n[:30]}" for p, n, *_ in ALL])
def test_an_expression_is_linear(path: str, name: str, pattern: str, flags: int, method: str) -> None:
    growth, text = worst(re.compile(pattern, flags), method)
    assert growth < MOST, f"{path}: {name} takes {growth:.1f} times the steps on twice this text: {text}"


def test_the_count_sees_squares_and_worse():
    for square in (r"(?:a+)+$", r"(?:['’]s)+$", r"a+$", r"(?:a|b)*c", r"\d+\s*%", r"\w+@"):
        assert worst(re.compile(square), "search")[0] > MOST, square
    for line in (r"a+", r"[ab]*c?", r"(?<!a)a+$", r"\bfoo\b", r"(?:a|b)+"):
        assert worst(re.compile(line), "search")[0] < MOST, line
    assert worst(re.compile(r"a+$"), "fullmatch")[0] < MOST


def test_the_count_matches_as_python_does():
    text = "x 12.30 ab-cd a.b. «q w» 2015-03-04 ёж S/RES/2178 www.un.org"
    for _, _, pattern, _ in expressions():
        ours = Steps(pattern, text)
        for start in {match.start() for match in pattern.finditer(text) if match.end() > match.start()}:
            match = pattern.match(text, start)  # which, other than finditer, may be empty beside another one
            assert match and next(ours.run(ours.items, 0, start), None) == match.end(), (pattern.pattern, start)


def test_every_expression_was_looked_at():
    compiled = sum(
        isinstance(node, ast.Call) and ast.unparse(node.func) in ("re.compile",)
        for path in files(".py", "auth", "indexer", "services")
        for node in ast.walk(parsed(path))
    )
    assert len(ALL) >= compiled > 60
