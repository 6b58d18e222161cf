"""Functions and files stay short, names say something, and every module says what it is for."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import PurePath

import pytest
from structure.tree import CODE, OURS, code_lines, files, functions, kept, parsed, text

FUNCTION, FILE = 50, 400  # lines of code
MODULES = 12  # in one folder
SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "core", "manager", "managers", "misc"}
MUTE = {"asked", "found", "given", "held", "known", "made", "one", "told", "wanted"}  # of what?
SPEAKING = ("auth", "services")  # where no name is mute any more
API_FIELDS = {"services/schemas/handling.py": {"held"}}  # what clients rely on
CONTROL = ("if", "for", "while", "switch", "catch", "else", "try", "do", "return")
JS_FUNCTION = re.compile(
    r"^(?P<indent>\s*)(?:.*\bfunction\b.*|.*=>|(?:static |async |get |set |#)*(?P<name>\w+)\([^;]*\)) \{$"
)


def javascript_lines(source: str) -> list[str]:
    """The lines of JavaScript without comments and blank ones; a comment begins its line, as all of ours do."""
    bare = re.sub(r"^\s*/\*.*?\*/\s*$", "", source, flags=re.DOTALL | re.MULTILINE)
    return [line for line in bare.splitlines() if line.strip() and not line.lstrip().startswith("//")]


def javascript_functions(source: str) -> dict[str, int]:
    """The first line of every function, and how many lines of code it has."""
    found, lines = {}, javascript_lines(source)
    for at, line in enumerate(lines):
        opens = JS_FUNCTION.match(line)
        if opens and opens["name"] not in CONTROL:
            end = next((i for i in range(at + 1, len(lines)) if lines[i].startswith(opens["indent"] + "}")), len(lines))
            found[line.strip()] = end - at + 1
    return found


def test_functions_are_short():
    too_long = [
        f"{path}:{node.lineno} {node.name}: {size} lines"
        for path in files(".py", *CODE)
        for node in functions(path)
        if (size := len(code_lines(path) & set(range(node.lineno, (node.end_lineno or 0) + 1)))) > FUNCTION
    ]
    too_long += [
        f"{path} {name}: {size} lines"
        for path in files(".js", *CODE)
        for name, size in javascript_functions(text(path)).items()
        if size > FUNCTION
    ]
    assert not too_long, f"A function has at most {FUNCTION} lines of code:\n" + "\n".join(too_long)


def test_files_are_short():
    sizes = {path: len(code_lines(path)) for path in files(".py", *CODE)}
    sizes |= {path: len(javascript_lines(text(path))) for path in files(".js", *CODE)}
    too_long = [f"{path}: {size} lines" for path, size in sizes.items() if size > FILE]
    assert not too_long, f"A file has at most {FILE} lines of code:\n" + "\n".join(too_long)


def test_names_say_something():
    empty = [
        path
        for path in kept()
        if SAY_NOTHING & {PurePath(part).stem.lower().strip("_") for part in PurePath(path).parts}
    ]
    assert not empty, f"No file or folder is named {', '.join(sorted(SAY_NOTHING))}: {empty}"


def named(path: str) -> set[str]:
    """The names that a Python file gives to functions, parameters and variables."""
    names = {node.name for node in functions(path)}
    names |= {node.arg for node in ast.walk(parsed(path)) if isinstance(node, ast.arg)}
    stored = {n.id for n in ast.walk(parsed(path)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return {name.strip("_") for name in names | stored}


@pytest.mark.parametrize("path", files(".py", *SPEAKING))
def test_a_name_says_the_kind_of_thing_that_it_holds(path):
    mute = named(path) & MUTE - API_FIELDS.get(path, set())
    assert not mute, f"{path}: what kind of thing is {', '.join(sorted(mute))}?"


def is_sentence(line: str) -> bool:
    """Whether a line begins like a sentence and holds the end of one."""
    return bool(re.match(r"""[A-ZА-ЯЁ`"“«]""", line) and re.search(r"""[.!?][)`"”»]?(?= |$)""", line))


@pytest.mark.parametrize("path", files(".py", *OURS))
def test_a_module_says_what_it_is_for(path):
    first = (ast.get_docstring(parsed(path)) or "").split("\n")[0]
    assert is_sentence(first), f"{path} begins with a docstring whose first line is a sentence, not with {first!r}"


def test_a_test_says_what_it_holds():
    silent = [path for path in files(".py", "tests") if not ast.get_docstring(parsed(path))]
    assert not silent, f"These begin without a docstring: {silent}"


@pytest.mark.parametrize("path", files(".js", *CODE))
def test_a_script_says_what_it_is_for(path):
    first = text(path).split("\n")[0]
    assert first.startswith("// "), f"{path} begins with a comment that says what it is for"
    assert is_sentence(first.removeprefix("// ")), f"{path} begins with a whole sentence on its first line: {first!r}"


def test_tests_are_no_packages():
    packages = files("__init__.py", "tests")
    assert not packages, f"pytest imports tests by their path, so no package is needed: {packages}"


def test_the_measures_measure():
    source = (
        "// Says.\n\nexport function long(a) {\n  // no\n  if (a) {\n    b();\n  }\n}\nconst f = (x) => {\n  y();\n};\n"
    )
    assert javascript_functions(source) == {"export function long(a) {": 5, "const f = (x) => {": 3}
    here = "tests/structure/test_caps.py"
    one = next(node for node in functions(here) if node.name == "test_tests_are_no_packages")
    assert len(code_lines(here) & set(range(one.lineno, one.end_lineno + 1))) == 3
    assert not is_sentence("decides") and not is_sentence("Decides") and is_sentence("Decides it.")


def test_no_class_name_stands_twice():
    names = Counter(
        node.name for path in files(".py", *CODE) for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)
    )
    twice = sorted(name for name, count in names.items() if count > 1)
    assert not twice, f"A name says which of its kind it is: {twice}"


def test_no_folder_is_crowded():
    folders = Counter(path.rpartition("/")[0] for path in files(".py", *CODE) if not path.endswith("__init__.py"))
    crowded = {folder: count for folder, count in folders.items() if count > MODULES}
    assert not crowded, f"More than {MODULES} modules: {crowded}"
