"""The browser page keeps its layers: a view imports no other view, a class is styled where it is used or for all."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import normpath

import pytest
from structure.tree import files, text

MOST_MODULES = 12  # in one folder
SHARED = {"languages", "text", "state", "service", "parts"}
MAY_IMPORT = {  # besides its own; a view may import all that is shared, the shell the views too
    "languages": set(),
    "state": set(),
    "service": set(),
    "text": {"languages"},
    "parts": {"languages", "text", "service"},
}
STYLES_OF_ALL = {"shell", "parts"}
IMPORT = re.compile(r"""\bfrom\s+"([^"]+)"|\bimport\s*\(?\s*"([^"]+)\"""")
GIVEN_CLASS = re.compile(r"""\bclass(?:List\.\w+\(|: )((?:"[^"]*"|`[^`]*`|[^,"`}\n])*)""")
QUOTED = re.compile(r"""["`]([^"`]*)["`]""")
SCRIPTS = files(".js", "frontend")


def folder_of(path: str) -> str:
    """The folder of frontend/ that holds a file; "" for frontend/ itself."""
    parts = PurePosixPath(path).parts
    return parts[1] if len(parts) > 2 else ""


def imports(path: str) -> Iterator[str]:
    """The files that a module imports, relative to the root; not those whose types its comments name."""
    for one, other in IMPORT.findall(re.sub(r"/\*.*?\*/", "", text(path), flags=re.DOTALL)):
        yield normpath(PurePosixPath(path).parent / (one or other))


def views() -> set[str]:
    """The folders that hold views."""
    return {folder_of(path) for path in SCRIPTS} - SHARED - {"shell"}


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_folder_imports_what_it_may(path: str) -> None:
    own = folder_of(path)
    allowed = SHARED | views() if own == "shell" else MAY_IMPORT.get(own, SHARED)
    strangers = [target for target in imports(path) if folder_of(target) not in allowed | {own}]
    assert not strangers, f"{own}/ imports {sorted(allowed)} and itself, not {strangers}"
    assert not [target for target in imports(path) if target not in SCRIPTS]


def test_no_folder_is_crowded() -> None:
    sizes = Counter(folder_of(path) for path in SCRIPTS)
    assert not sizes[""], "frontend/ itself holds no module"
    assert {"search", "reader", "account", "signin", "intake", "people", "trail"} <= views()
    assert not {folder: size for folder, size in sizes.items() if size > MOST_MODULES}


def selectors(sheet: str) -> Iterator[str]:
    """Every selector of a style sheet, those of a list one by one."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    for prelude in re.findall(r"([^{};]+)\{", bare):
        if not prelude.strip().startswith("@"):
            yield from (selector.strip() for selector in re.split(r",(?![^(]*\))", prelude))


def styled(sheet: str) -> set[str]:
    """The classes of the elements that a style sheet styles: those in the last part of a selector."""
    subjects = (re.split(r"[\s>+~]+", selector)[-1] for selector in selectors(sheet))
    return {name for subject in subjects for name in re.findall(r"\.([A-Za-z_][\w-]*)", subject)}


def used(script: str) -> set[str]:
    """The classes that a script gives to elements."""
    quoted = (string for value in GIVEN_CLASS.findall(script) for string in QUOTED.findall(value))
    return {name for string in quoted for name in re.sub(r"\$\{[^}]*\}", "", string).split()}


def stylers() -> dict[str, list[str]]:
    """The style sheets of each class."""
    found = defaultdict(list)
    for path in files(".css", "frontend"):
        for name in styled(text(path)):
            found[name].append(path)
    return found


def test_no_class_is_styled_in_two_files() -> None:
    assert stylers()
    twice = {name: paths for name, paths in stylers().items() if len(paths) > 1}
    assert not twice, f"Whoever changes one of these does not see the other: {twice}"


ROOT = re.compile(r"""\bnode(?: = h\("\w+", \{ class: |\.classList\.add\()"([^"]+)\"""")
ENTERED = re.compile(r'(?:import\(|from )"\.\./(\w+/[\w-]+-view\.js)"')  # by the shell
OF_THE_PAGE = {"body.reading"}  # what the shell says of the page while the reader is shown


def roots(folder: str) -> set[str]:
    """The classes of the elements that hold the views of a folder, but for the one that all bear."""
    entered = {
        f"frontend/{path}" for path in SCRIPTS if folder_of(path) == "shell" for path in ENTERED.findall(text(path))
    }
    own = [text(path) for path in entered if folder_of(path) == folder]
    return {name for script in own for names in ROOT.findall(script) for name in names.split()} - {"work"}


def blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """The outermost rules of a style sheet, inside its layers and conditions: selectors, and all that they hold."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    depth, begun, prelude = 0, 0, ""
    for at, sign in enumerate(bare):
        if sign == "{" and depth == 0:
            prelude, depth, begun = bare[begun:at].strip(), 1, at + 1
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
            if depth == 0 and prelude.startswith(("@layer", "@media", "@container")):
                yield from blocks(bare[begun:at])
            elif depth == 0 and not prelude.startswith("@page"):
                yield prelude, bare[begun:at]
            begun = at + 1 if depth == 0 else begun


def strays(sheet: str, allowed: set[str]) -> list[str]:
    """The selectors that reach what stands under none of these classes."""
    under = re.compile(rf"(?::where\()?\.(?:{'|'.join(map(re.escape, allowed))})(?![\w-])")
    lines = (one.strip() for selector, _ in blocks(sheet) for one in re.split(r",(?![^(]*\))", selector))
    return [line for line in lines if not under.match(line) and line.split()[0] not in OF_THE_PAGE]


@pytest.mark.parametrize("path", [path for path in files(".css", "frontend") if folder_of(path) not in STYLES_OF_ALL])
def test_the_styles_of_a_view_stand_under_its_root(path: str) -> None:
    """A sheet that came with one view stays for those entered later, and must not reach them."""
    allowed = roots(folder_of(path))
    assert allowed and not strays(text(path), allowed)


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_class_is_styled_where_it_is_used_or_for_all(path: str) -> None:
    allowed = {folder_of(path)} | (STYLES_OF_ALL if folder_of(path) != "shell" else STYLES_OF_ALL | views())
    sheets = stylers()
    elsewhere = {name: at for name in used(text(path)) for at in sheets.get(name, ()) if folder_of(at) not in allowed}
    assert not elsewhere, f"The style sheet of another view reaches what {path} makes: {elsewhere}"


def test_every_style_sheet_comes_with_the_page_or_with_a_view() -> None:
    linked = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)">', text("frontend/index.html"))
    entered = set(re.findall(r'sheet: "([^"]+)"', text("frontend/shell/routes.js")))
    assert not entered & set(linked)
    assert sorted(f"frontend/{path}" for path in {*linked, *entered}) == files(".css", "frontend")


def test_views_are_loaded_when_they_are_first_entered() -> None:
    """What the sign-in shows comes with the page, every other view by its route."""
    first = {folder_of(path) for path in reached("frontend/shell/app.js")} & views()
    assert first == {"account", "signin"}
    routed = set(re.findall(r'await import\("\.\./(\w+)/', text("frontend/shell/routes.js")))
    assert routed == {folder_of(path) for path in SCRIPTS} - SHARED - {"shell", "signin"}


FIRST = ("frontend/shell/app.js", "frontend/search/search-view.js")  # whose modules come with the page


def preloads() -> list[str]:
    """The lines of index.html that fetch the first modules at once, not one after the other as each names the next."""
    modules = sorted({module for first in FIRST for module in reached(first)} - {FIRST[0]})
    return [f'  <link rel="modulepreload" href="/static/{path.removeprefix("frontend/")}">' for path in modules]


def test_the_first_modules_are_fetched_at_once() -> None:
    lines = [line for line in text("frontend/index.html").splitlines() if "modulepreload" in line]
    assert lines == preloads(), "`make docs` renews them"
    assert len(lines) > 20


def reached(path: str, known: set[str] | None = None) -> set[str]:
    """The modules that come with one, by the imports at their heads."""
    known = {path} if known is None else known | {path}
    for target in re.findall(r'^import (?:[^;"]* from )?"([^"]+)"', text(path), flags=re.MULTILINE):
        file = normpath(PurePosixPath(path).parent / target)
        if file not in known:
            known |= reached(file, known)
    return known


def test_the_measures_measure() -> None:
    sheet = "/* .no {} */ .a .b:not(.c, .d), p > .e { margin: 0 }\n@media (width > 1px) { .f.g::after { color: red } }"
    assert list(selectors(sheet)) == [".a .b:not(.c, .d)", "p > .e", ".f.g::after"]
    assert styled(".a .b, p > .e { } @media print { .f.g::after { } }") == {"b", "e", "f", "g"}
    nested = "@layer x { :where(.a, .b) { .c { margin: 0 } } @media print { .a:not(.d) .e, .f { margin: 0 } } .ab { } }"
    assert strays(nested, {"a", "b"}) == [".f", ".ab"]
    script = 'h("p", { class: "a b" }); h("i", { class: `c ${kind}` });\n'
    script += 'h("b", { id: "x", class: lit ? "d" : "e" })); n.classList.add("f")'
    assert used(script) == {"a", "b", "c", "d", "e", "f"}
    assert imports("frontend/shell/app.js") and "frontend/parts/dom.js" in set(imports("frontend/shell/app.js"))


def test_an_auditor_is_told_in_words_what_every_act_was() -> None:
    recorded = re.compile(r"""\b(?:record|event|_note)\(\s*(?:caller,\s*)?"(\w+)\"""")
    acts = {act for path in files(".py", "services") for act in recorded.findall(text(path))}
    told = set(re.findall(r"^  act_(\w+):", text("frontend/trail/strings.js"), re.MULTILINE))
    assert len(acts) > 30
    assert not acts - told
