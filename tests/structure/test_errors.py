"""One root of errors: each class has a kind and a code, and what may not be told has a sentence in its place."""

from __future__ import annotations

import ast
import builtins

from structure.described import error_classes, error_rows
from structure.tree import OURS, files, parsed

from auth.errors import ErrorKind, TolmachError

ROOT = "TolmachError"
ALONE = "deploy/verify_audit.py"  # runs where nothing else of Tolmach is
BUILT_IN = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)}
TELL_THEMSELVES = {ErrorKind.INVALID, ErrorKind.CONFLICT, ErrorKind.ABSENT, ErrorKind.INTERNAL}


def bases(*paths: str) -> dict[str, set[str]]:
    """Every class of these files, and the last parts of its bases' names."""
    return {
        node.name: {ast.unparse(base).split(".")[-1] for base in node.bases}
        for path in paths
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    }


def descends(name: str, ancestors: set[str], classes: dict[str, set[str]]) -> bool:
    """Whether a class is one of these or comes from one of them."""
    return name in ancestors or any(descends(base, ancestors, classes) for base in classes.get(name, ()))


def rootless(classes: dict[str, set[str]]) -> list[str]:
    """The exceptions that do not come from the root."""
    return [
        name
        for name in classes
        if descends(name, BUILT_IN, classes) and not descends(name, {ROOT}, classes | {ROOT: set()})
    ]


def test_every_exception_of_ours_comes_from_the_root():
    assert rootless(bases(*(path for path in files(".py", *OURS) if path not in (ALONE, "auth/errors.py")))) == []


def test_an_exception_beside_the_root_is_seen():
    classes = {"LooseError": {"ValueError"}, "LooserError": {"LooseError"}, "GoodError": {ROOT, "ValueError"}}
    assert rootless(classes) == ["LooseError", "LooserError"]


def test_a_code_names_one_class_and_is_as_programs_like_it():
    codes = [each.code for each in error_classes() if "code" in vars(each)]
    assert len(codes) == len(set(codes))
    assert all(code.replace("_", "").isalnum() and code.islower() for code in codes)


def test_a_code_is_told_in_one_way():
    codes = [row.split("`")[1] for row in error_rows()]
    assert len(codes) == len(set(codes)), f"Told in two ways: {sorted({c for c in codes if codes.count(c) > 1})}"


def test_whatever_is_told_has_a_code_of_its_own():
    bare = [
        each.__name__
        for each in error_classes()
        if each.kind is not ErrorKind.INTERNAL and each.code == TolmachError.code
    ]
    assert not bare, f"These are answered, and have no code: {bare}"


def test_what_fails_within_hides_its_words():
    telling = [each.__name__ for each in error_classes() if each.kind not in TELL_THEMSELVES and not each.sentence]
    assert not telling, f"The words of these may name what is not for everybody: they need a sentence: {telling}"


def test_the_table_holds_classes_and_errors_with_codes_of_their_own():
    table = "\n".join(error_rows())
    assert "| `no_document` | 404 | There is no such document, or you may not read it. |" in table
    assert "| `agency_exists` | 422 | There is an agency {agency} already. |" in table
    assert "| `query_length` | 422 | A query may have at most" in table
    assert "home" not in {row.split("`")[1] for row in error_rows()}
