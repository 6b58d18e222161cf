"""What lies in git names no machine of a developer and no package registry, so that it works anywhere."""

from __future__ import annotations

import os
import re

from structure.tree import ROOT, files, kept

HOME = re.compile(r"(?<![\w.$}~-])/(?:home|root|Users|work)/[\w.-]+")
REGISTRY = re.compile(r"--index-ur[l]|https?://[^ ]*(?:pypi|pythonhosted|npmjs)")


def found(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern occurs in files of text."""
    places = []
    for path in kept():
        try:
            lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a PDF or a picture
        places += [f"{path}:{number}: {m[0]}" for number, line in enumerate(lines, 1) if (m := pattern.search(line))]
    return places


def test_no_file_names_a_developers_home():
    assert not found(HOME)


def test_no_file_names_a_package_registry():
    assert not found(REGISTRY)


def test_the_patterns_match_what_they_are_for():
    slash = "/"
    assert HOME.search(f"see {slash}home/anna/tolmach") and HOME.search(f'"{slash}root/x"')
    assert not HOME.search("services/home/x") and not HOME.search("$HOME/papers/x")
    assert REGISTRY.search("-" + "-index-url x") and REGISTRY.search("see https" + "://files.pythonhosted.org/x")
    assert not REGISTRY.search("--no-emit-index-url")


def test_scripts_can_be_run():
    scripts = [".ci/run", *files(".sh")]
    assert scripts[0] in kept(), ".ci/run is missing"
    assert not [path for path in scripts if not os.access(ROOT / path, os.X_OK)]
