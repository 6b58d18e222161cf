"""What is installed beside us takes none of our names, and comes under a licence that suits Apache-2.0."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
from structure.tree import OURS, text

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
ELSEWHERE = {"colorama", "tzdata"}  # for Windows alone
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "PSF-2.0",
    "Zlib",
    "any-OSI",
}
EXCEPTIONS = {
    "psycopg": "LGPL-3.0-only: deliberate. An optional, unchanged library that an operator may replace.",
    "psycopg-binary": "LGPL-3.0-only: deliberate, as psycopg.",
    "certifi": "MPL-2.0: a list of authorities, unchanged; the Elasticsearch client needs it.",
    "pathspec": "MPL-2.0: part of the build backend alone; nothing of it is in the wheel.",
}
CLASSIFIERS = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "Apache Software License": "Apache-2.0",
}
LOOSE = {  # what authors wrote into the old free field
    "MIT license": "MIT",
    "ISC License": "ISC",
    "Apache License, Version 2.0": "Apache-2.0",
    "MIT, BSD": "MIT AND BSD",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",  # pdfium's: BSD and alike
}


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(distribution: str) -> str:
    """The licence that a distribution states, as an SPDX expression where it can be told."""
    about = metadata.metadata(distribution)
    stated = about.get("License-Expression") or (about.get("License") or "").strip()
    named = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if c.startswith("License :: ")]
    if stated and len(stated) < 80:
        return LOOSE.get(stated, stated)
    return " AND ".join(CLASSIFIERS.get(name, name) for name in named if name != "OSI Approved")


def suits(expression: str) -> bool:
    """Whether an SPDX expression may be met with allowed licences: all of an AND, one of an OR."""
    return bool(expression) and any(
        all(part.strip(" ()") in ALLOWED for part in choice.split(" AND ")) for choice in expression.split(" OR ")
    )


def pinned() -> list[str]:
    """Every distribution that running Tolmach needs."""
    return sorted(set(map(normal, PINNED.findall(text("requirements/runtime.txt")))) - ELSEWHERE)


def test_nothing_else_provides_our_names():
    providers = metadata.packages_distributions()
    others = {name: set(providers.get(name, ())) - {"tolmach"} for name in OURS}
    assert not {name: found for name, found in others.items() if found}


@pytest.mark.parametrize("distribution", pinned())
def test_the_licence_suits(distribution):
    stated = licence(distribution)
    assert suits(stated) != (distribution in EXCEPTIONS), f"{distribution} is under {stated!r}"


def test_every_exception_is_needed():
    assert set(EXCEPTIONS) <= set(pinned())


def test_a_licence_can_be_refused():
    assert suits("Apache-2.0 OR GPL-3.0-only") and suits("MIT AND (0BSD)")
    assert not suits("GPL-3.0-only") and not suits("MIT AND AGPL-3.0-only") and not suits("")
