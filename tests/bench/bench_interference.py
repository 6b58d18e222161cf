"""Measures non-interference: worlds and mutants compared, calls that nobody would make, and what answers take.

ARGS="--profiles 4 --stride 8": of how many random people everything is asked, and of the nasty strings every so many
in each text field.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import factories
import numpy as np
import pytest
from asgi_client import asked
from figures import ROOT, record
from fuzz import Stage, drawn, nastily
from matrix import OFFICES, PairedWorlds, Worlds, profile
from paired_worlds import ABSENT
from route_table import ROUTES
from scenarios import SCENARIOS
from schemathesis import GenerationMode
from structure.tree import code_lines, files
from test_fuzz import EXAMPLES
from test_leak_mutants import MUTANTS, PEOPLE, first_difference

from services.app import create_app
from services.components import Components

SEED = "bench"
REPEATS = 200  # of each call that is timed
NAMES = 40  # of people who are there, and as many of people who are not
TRIES = 3  # under each name: nobody is slowed down yet

Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profiles", type=int, default=4)
    parser.add_argument("--stride", type=int, default=8)
    given = parser.parse_args()
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for measure in (
            lambda at: interference(at, given.profiles),
            mutants,
            lambda at: strangers(at, given.stride),
            times,
        ):
            at = Path(folder) / f"{len(figures)}"
            at.mkdir()
            figures |= measure(at)
    record("interference", "make bench-interference", figures | sizes())


def interference(folder: Path, profiles: int) -> Figures:
    """Every fate for every one, on the embedded engine."""
    everybody = [*(profile(number, SEED) for number in range(profiles)), OFFICES]
    worlds = compared = found = searches = 0
    with closing(Worlds(folder, everybody)) as made:
        for people in everybody:
            with closing(PairedWorlds(made, people)) as paired_worlds:
                for scenario in SCENARIOS:
                    different = list(paired_worlds.differences_by(scenario, SEED))
                    print(*different[:3], sep="\n", end="")
                    found += len(different)
                worlds += paired_worlds.worlds_compared
                compared += paired_worlds.comparisons
                searches += sum(paired_worlds.statuses["POST", "/api/search"].values())
                readable = f"{len(paired_worlds.seen)} of {len(made.items)} readable"
                print(f"{people[0].username}: {readable}, {found} differences")
    return {
        "people": sum(map(len, everybody)),
        "endpoints": len(ROUTES),
        "fates": len(SCENARIOS),
        "worlds": worlds,
        "searches": searches,
        "comparisons": compared,
        "differences": found,
    }


def mutants(folder: Path) -> Figures:
    """How many broken guards are caught."""
    caught = 0
    with closing(Worlds(folder, [PEOPLE])) as worlds, closing(PairedWorlds(worlds, PEOPLE)) as paired_worlds:
        for mutant in MUTANTS:
            with pytest.MonkeyPatch.context() as patch:
                mutant.break_it(patch)
                shown = first_difference(paired_worlds, mutant)
            print(f"{mutant.name}: {'caught' if shown else 'not caught'}")
            caught += bool(shown)
    return {"mutants": len(MUTANTS), "mutants_caught": caught}


def strangers(folder: Path, stride: int) -> Figures:
    """Calls drawn from the OpenAPI document, and nasty strings."""
    place = Path(os.environ.get("TOLMACH_TEST_DATA", ROOT.parent / "shared" / "data")) / "authz" / "blns.json"
    strings = json.loads(place.read_text(encoding="utf-8")) if place.exists() else []
    with factories.quick_passwords(), closing(factories.fresh(folder / "home")) as components:
        stage = Stage(components)
        wrong = [each for mode in EXAMPLES for each in _drawn_everywhere(stage, mode)]
        broken = list(nastily(stage, strings, stride))
    print(*wrong[:5], *broken[:5], sep="\n")
    return {
        "routes": len(ROUTES),
        "schemathesis_cases": stage.tried["cases"],
        "schemathesis_failures": len(wrong),
        "text_fields": stage.tried["fields"],
        "strings_tried": stage.tried["strings"],
        "strings_that_break": len(broken),
    }


def _drawn_everywhere(stage: Stage, mode: GenerationMode) -> Iterator[str]:
    for method, path in ROUTES:
        yield from drawn(stage, stage.described[path][method], 2 * EXAMPLES[mode], mode)


def times(folder: Path) -> Figures:
    """How long refusals of hidden and of absent documents take, and sign-ins under names known and unknown."""
    with closing(factories.fresh(folder / "home")) as components:
        hidden = _hidden_document(components)
        app, headers = create_app(components), factories.bearer(components, "outsider")
        figures: Figures = {}
        for name, path in (("document", ""), ("page", "/pages/1"), ("file", "/file")):
            there, not_there = (
                (lambda of=of, path=path: asked(app, "GET", f"/api/documents/{of}{path}", headers=headers))
                for of in (hidden, ABSENT)
            )
            figures |= _compared(f"time_{name}", [there] * REPEATS, [not_there] * REPEATS)
        hits, misses = (
            (lambda word=word: asked(app, "POST", "/api/search", headers=headers, json={"query": word}))
            for word in ("zeppelin", "dirigible")
        )
        figures |= _compared("time_search", [hits] * REPEATS, [misses] * REPEATS)
        known, unknown = ([f"{kind}{number}" for number in range(NAMES)] for kind in ("known", "unknown"))
        return figures | _compared(
            "time_sign_in", *([_sign_in(app, n) for n in names * TRIES] for names in (known, unknown))
        )


def _hidden_document(components: Components) -> str:
    """Of another agency than the outsider's, who reads another one about the same."""
    for code in ("A", "B"):
        factories.agency(components, code)
    factories.person(components, "outsider", "A", ["expert"])
    for number in range(NAMES):
        factories.person(components, f"known{number}", "A", ["expert"])
    factories.take(components, factories.pdf("A paper about balloons.", pages=3), factories.label(components, "A"))
    under = factories.label(components, "B", releasable_to="B")
    taken = factories.take(components, factories.pdf("A paper about zeppelins.", pages=3), under)
    components.worker().run()
    return taken.document_id


def _sign_in(app: object, username: str) -> Callable[[], object]:
    return lambda: asked(app, "POST", "/api/session", json={"username": username, "password": "wrong"})


def _compared(name: str, these: Sequence[Callable[[], object]], those: Sequence[Callable[[], object]]) -> Figures:
    """The ratio of the medians, and how often one of these takes longer than one of those: 0.5 where nothing tells."""
    taken: tuple[list[float], list[float]] = ([], [])
    order = [(0, call) for call in these] + [(1, call) for call in those]
    random.Random(name).shuffle(order)
    for which, call in order:
        start = time.perf_counter()
        call()
        taken[which].append(time.perf_counter() - start)
    one, other = map(np.array, taken)
    longer = (one[:, None] > other).mean() + (one[:, None] == other).mean() / 2
    return {f"{name}_ratio": round(float(median(one) / median(other)), 3), f"{name}_auc": round(float(longer), 3)}


def sizes() -> Figures:
    """Lines of test per line of code of what decides on access."""
    code = sum(len(code_lines(path)) for path in files(".py", "auth"))
    tests = [path for path in files(".py", "tests") if path.startswith(("tests/unit/auth/", "tests/security/"))]
    lines = sum(len(code_lines(path)) for path in tests)
    return {"auth_lines": code, "auth_test_lines": lines, "auth_test_lines_per_line": round(lines / code, 2)}


if __name__ == "__main__":
    main()
