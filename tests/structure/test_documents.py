"""README and docs say what is so: settings, commands, calls, folders, rights, figures and links."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

import pytest
from structure import described
from structure.tree import ROOT, files, kept, text

from auth.policy import TABLE
from services import settings
from services.app import create_app

FIGURE = re.compile(r"<!-- figure:([a-z_]+)\.([\w.]+) -->(.*?)<!-- /figure -->", re.DOTALL)
OPENED = re.compile(r"<!-- figure:[a-z]")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
DOCUMENTS = files(".md")


def rows(path: str, heading: str = "") -> list[str]:
    """The rows of the tables under a heading of a document, or in all of it, without heads and rules."""
    part = text(path)
    if heading:
        assert f"\n{heading}\n" in part, f"{path} has no heading {heading!r}"
        part = re.split(r"^#+ ", part.split(f"\n{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    lines = part.splitlines()
    rules = {at for at, line in enumerate(lines) if re.fullmatch(r"\|[-:| ]+\|", line)}
    return [line for at, line in enumerate(lines) if line.startswith("|") and at not in rules and at + 1 not in rules]


def same(written: list[str], so: list[str], path: str) -> None:
    """Fail with the rows to add and to take away."""
    missing, stale = [r for r in so if r not in written], [r for r in written if r not in so]
    assert not missing and not stale, f"{path} lacks:\n{chr(10).join(missing)}\nand must lose:\n{chr(10).join(stale)}"


def test_every_setting_is_described():
    same(rows("docs/settings.md", "## Settings"), described.setting_rows(), "docs/settings.md")


def test_no_other_variable_is_described():
    named = set(re.findall(r"TOLMACH_([A-Z_]+)\b", text("docs/settings.md")))
    known = {name.upper() for name in settings.Settings.__slots__} | settings.ELSEWHERE
    assert named == known


def test_every_command_is_described():
    described_commands = re.findall(r"^### `(tolmach [^`]+)`$", text("docs/commands.md"), re.MULTILINE)
    assert sorted(described_commands) == sorted(name for name, _ in described.commands())


@pytest.mark.parametrize(("command", "parameters"), list(described.commands()))
def test_every_option_is_described(command, parameters):
    same(rows("docs/commands.md", f"### `{command}`"), parameters, f"docs/commands.md, {command}")


def test_every_call_is_described(components):
    app = create_app(components)
    same(rows("docs/api.md", "## Calls"), described.route_rows(app), "docs/api.md")
    same(rows("docs/api.md", "## Shapes"), described.shape_rows(app), "docs/api.md")


def test_every_code_of_an_error_is_described():
    same(rows("docs/api.md", "## Codes of errors"), described.error_rows(), "docs/api.md")


def test_the_map_shows_the_folders():
    shown = re.findall(r"^\| `([\w./-]+)/` \|", text("README.md"), re.MULTILINE)
    absent = [folder for folder in shown if not (ROOT / folder).is_dir()]
    assert not absent, f"README's map names folders that are not there: {absent}"
    there = {path.split("/")[0] for path in kept() if "/" in path and not path.startswith(".")}
    assert there <= set(shown), f"README's map lacks {sorted(there - set(shown))}"


ARCHITECTURE = "docs/architecture.md"


def test_the_architecture_shows_every_folder():
    shown = {row.split("`")[1].rstrip("/") for row in rows(ARCHITECTURE) if re.match(r"\| `[\w/]+/` \|", row)}
    so = {str(PurePosixPath(path).parent) for path in files(".py", "auth", "indexer", "services")}
    assert shown == so


def test_the_architecture_names_files_that_are_there():
    absent = []
    for row in rows(ARCHITECTURE):
        folder = ROOT
        for name in re.findall(r"`([\w/]+(?:\.py|/))`", row.split("|")[2]):
            place = ROOT / name if (ROOT / name).exists() else folder / name
            folder = place.parent if place.suffix else place
            absent += [] if place.exists() else [name]
    assert not absent, f"{ARCHITECTURE} names what is not there: {absent}"


def test_the_table_of_rights_is_the_policys():
    so = described.right_rows()
    for path in ("README.md", "SECURITY.md"):
        written = [row for row in rows(path) if row.split("|")[1].strip() in set(TABLE)]
        same(written, so, path)


def as_written(value: float, written: str) -> str:
    """A figure with as many decimals, and the same marks between thousands, as it is quoted with."""
    decimals = len(written.partition(".")[2])
    return f"{value:{',' if ',' in written else ''}.{decimals}f}"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_figure_was_measured(path):
    content = text(path)
    assert len(OPENED.findall(content)) == len(FIGURE.findall(content)), f"{path}: a figure is not closed"
    for name, key, written in FIGURE.findall(content):
        measured = json.loads(text(f"docs/figures/{name}.json"))["figures"]
        assert key in measured, f"{path} quotes {name}.{key}, which was not measured"
        assert written == as_written(measured[key], written), f"{path}: {name}.{key} is {measured[key]}, not {written}"


@pytest.mark.parametrize("path", files(".json", "docs"))
def test_a_file_of_figures_says_where_they_come_from(path):
    content = json.loads(text(path))
    assert set(content) == {"command", "commit", "date", "machine", "figures"}
    assert content["figures"] and all(isinstance(value, int | float) for value in content["figures"].values())
    makes, target = content["command"].split()[:2]
    bench = ROOT / "tests" / "bench" / f"bench_{target.removeprefix('bench-')}.py"
    assert makes == "make" and bench.exists(), "no benchmark makes these figures"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_lead_somewhere(path):
    targets = LINK.findall(CODE.sub("", text(path)))
    broken = [target for target in targets if not ((ROOT / path).parent / target).exists()]
    assert not broken, f"{path} links to what is not there: {broken}"


DECISIONS = [path for path in DOCUMENTS if path.startswith("docs/decisions/") and not path.endswith("/README.md")]


@pytest.mark.parametrize("path", DECISIONS)
def test_a_decision_is_one_page(path):
    lines = text(path).rstrip().splitlines()
    assert len(lines) <= 40
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]


def test_decisions_are_numbered_and_listed():
    named = [re.fullmatch(r"docs/decisions/(\d{3})-[a-z0-9-]+\.md", path) for path in DECISIONS]
    assert all(named), f"A decision is called 001-its-name.md: {DECISIONS}"
    numbers = [int(match[1]) for match in named if match]
    assert len(set(numbers)) == len(numbers)
    assert all(text(path).startswith(f"# {number}. ") for number, path in zip(numbers, DECISIONS, strict=True))
    same(rows("docs/decisions/README.md"), described.decision_rows(), "docs/decisions/README.md")


def test_figures_are_rounded_as_written():
    assert as_written(12.345, "12.3") == "12.3"
    assert as_written(1590.2, "1,590") == "1,590"
    assert as_written(0.9995, "0.99") != "0.99"
    quoted = "<!-- figure:" + "search.mrr_ru -->0.96<!-- /figure -->"
    assert FIGURE.findall(quoted) == [("search", "mrr_ru", "0.96")]
    assert LINK.findall("[a](b.md#c) [d](https://x) [e](f)") == ["b.md", "f"]
