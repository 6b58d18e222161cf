"""The style sheets keep to themselves: what one file styles, no other file does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from structure.tree import files, text

CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")


def selectors(sheet: str) -> Iterator[str]:
    """Every selector of a style sheet, those of a list one by one."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    for prelude in re.findall(r"([^{};]+)\{", bare):
        if not prelude.strip().startswith("@"):
            yield from (selector.strip() for selector in re.split(r",(?![^(]*\))", prelude))


def styled(sheet: str) -> set[str]:
    """The classes of the elements that a style sheet styles: those in the last part of a selector."""
    return {name for selector in selectors(sheet) for name in CLASS.findall(re.split(r"[\s>+~]+", selector)[-1])}


def test_no_class_is_styled_in_two_files() -> None:
    stylers = defaultdict(list)
    for path in files(".css", "frontend"):
        for name in styled(text(path)):
            stylers[name].append(path)
    assert stylers
    twice = {name: paths for name, paths in stylers.items() if len(paths) > 1}
    assert not twice, f"Whoever changes one of these does not see the other: {twice}"


def test_the_measure_measures() -> None:
    sheet = "/* .no {} */ .a .b:not(.c, .d), p > .e { margin: 0 }\n@media (width > 1px) { .f.g::after { color: red } }"
    assert list(selectors(sheet)) == [".a .b:not(.c, .d)", "p > .e", ".f.g::after"]
    assert styled(".a .b, p > .e { } @media print { .f.g::after { } }") == {"b", "e", "f", "g"}
