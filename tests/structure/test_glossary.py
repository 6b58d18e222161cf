"""The glossary ties English, Russian and our names: each name is in the code, and no noun of the design is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from structure.test_documents import rows
from structure.tree import OURS, files, parsed

PATH = "docs/glossary.md"
NOUNS = {  # of the design
    "label", "level", "releasable to", "need to know", "originator", "sealed label", "join of labels", "dominates",
    "reading rule", "person", "grant", "principal", "scope", "meeting", "document", "page", "segment", "passage",
    "translation", "term", "lexicon entry", "reading of a token", "pair",
}  # fmt: skip


def entries() -> list[list[str]]:
    """English, Russian, our name and the meaning of each word."""
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows(PATH)]


def defined() -> Iterator[str]:
    """Every name that our code gives to something."""
    for path in files(".py", *OURS):
        for node in ast.walk(parsed(path)):
            match node:
                case ast.ClassDef(name) | ast.FunctionDef(name) | ast.arg(arg=name):
                    yield name
                case ast.Name(name, ctx=ast.Store()):
                    yield name


def test_every_name_is_in_the_code():
    names = set(defined())
    absent = [name for _, _, name, _ in entries() if name != "–" and name.strip("`") not in names]
    assert not absent, f"{PATH} names what is not in the code: {absent}"


def test_every_noun_of_the_design_is_there():
    assert {english for english, *_ in entries()} >= NOUNS


def test_everything_has_a_name():
    assert not [english for english, _, name, _ in entries() if name == "–"]


def test_each_entry_is_whole_and_in_order():
    table = entries()
    assert [english for english, *_ in table] == sorted(english for english, *_ in table)
    assert all(re.search("[а-яё]", russian) and meaning for _, russian, _, meaning in table)
    assert len({russian for _, russian, *_ in table}) == len(table)


def test_a_name_that_is_not_there_is_noticed():
    assert "Relabeller" in set(defined()) and "Relabeler" not in set(defined())
