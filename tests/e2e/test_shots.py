"""Somebody looks: every view in both languages, both themes, wide and narrow, beside its approved picture.

`make shots` takes all eight settings of language, theme and width; the suite takes four, in which each two of their
values stand together: what goes wrong only where all three meet waits for `make shots`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import pytest
from pictures import Comparison, compare, keep, report
from playwright.sync_api import Browser, Playwright
from views import FIRST_DAY, VIEWS, WITH_DEMO
from visitor import SWITCHES, Demo, Visitor

ROOT = Path(__file__).resolve().parents[2]
APPROVED = Path(__file__).parent / "approved"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TALLEST = 1800  # pixels of a picture
SIZES = {1440: 900, 360: 740}
Setting = tuple[str, str, int]
SETTINGS = tuple(product(("en", "ru"), ("light", "dark"), SIZES))
HALF = tuple(one for one in SETTINGS if sum(value in one for value in ("ru", "dark", 360)) % 2 == 0)
# The same letters on all machines: one font, and one more for the arrows that it lacks.
SIGNS = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/files</dir><cachedir>{folder}/cache</cachedir>
<match><edit name="family" mode="append" binding="strong"><string>Noto Sans</string></edit></match></fontconfig>"""
# A function: an expression that is not true at once would be evaluated anew, which the content policy forbids.
AT_REST = "() => document.fonts.status === 'loaded' && !document.querySelector('main [aria-busy=true]')"
RUN_AXE = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    const told = ({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`;
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(told).join("; ")}`);
}"""


@dataclass
class Shots:
    """The pictures that were taken, and what axe says of each view."""

    folder: Path
    settings: tuple[Setting, ...]
    violations: dict[str, list[str]] = field(default_factory=dict)
    comparisons: dict[str, Comparison] = field(default_factory=dict)


def names(settings: Iterable[Setting]) -> list[str]:
    """The pictures of every view in these settings."""
    return [f"{view}.{language}.{theme}.{width}" for view in VIEWS for language, theme, width in settings]


def settings_of(config: pytest.Config) -> tuple[Setting, ...]:
    """The settings that this run takes."""
    whole = any(config.getoption(name, default=False) for name in ("--all-settings", "--approve"))
    return SETTINGS if whole else HALF


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", names(settings_of(metafunc.config)))


@pytest.fixture(scope="session")
def our_fonts(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory, promised: Callable[[str, bool, str], None]
) -> Iterator[Browser]:
    """Chromium with the same fonts everywhere."""
    program = shutil.which("chromium")
    promised("chromium", program is not None, "install Debian's package chromium")
    promised("chromium", SIGNS.exists(), "install Debian's package fonts-dejavu-core")
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "files").mkdir()
    for font in (*(Path(fontpkg_noto_sans.__file__).parent / "files").glob("*.ttf"), SIGNS):
        (folder / "files" / font.name).symlink_to(font)
    own = folder / "fonts.conf"
    own.write_text(FONTS.format(folder=folder))
    environment = dict(os.environ) | {"FONTCONFIG_FILE": str(own)}
    switches = [*SWITCHES, "--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"]
    started = playwright.chromium.launch(executable_path=program, args=switches, env=environment)
    yield started
    started.close()


@pytest.fixture(scope="session")
def shots(
    our_fonts: Browser, demo: Any, untouched: Demo, promised: Callable[[str, bool, str], None], request: Any
) -> Iterator[Shots]:
    """Every picture, taken anew; afterwards a report of all."""
    promised("node", AXE.exists(), "npm ci installs axe-core")
    folder = ROOT / ".shots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    taken = Shots(folder, settings_of(request.config))
    for setting in taken.settings:
        for journeys, served in ((WITH_DEMO, demo), (FIRST_DAY, untouched)):
            for journey in journeys:
                walk(our_fonts, journey, served, setting, taken)
    if request.config.getoption("--approve", default=False):
        shutil.rmtree(APPROVED, ignore_errors=True)
        for picture in folder.glob("*.png"):
            keep(picture, APPROVED / f"{picture.stem}.webp")
    yield taken
    written = report(folder, APPROVED, list(taken.comparisons.values()))
    print(f"\nAll pictures side by side: {written}")


def walk(browser: Browser, journey: Any, served: Any, setting: Setting, taken: Shots) -> None:
    """Go a way through the page, and stop at each of its views."""
    language, theme, width = setting
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=theme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    context.add_init_script(f"localStorage.setItem('tolmach.language', '{language}')")
    visitor = Visitor(context.new_page(), served)
    visitor.arrive()
    for view in journey(visitor, served):
        name = f"{view}.{language}.{theme}.{width}"
        shoot(visitor.page, taken.folder / f"{name}.png", width)
        taken.violations[name] = visitor.page.evaluate(f"{AXE.read_text()};({RUN_AXE})()")
    context.close()


def shoot(page: Any, path: Path, width: int) -> None:
    """A picture of the view from its top, as long as it is within a bound."""
    page.wait_for_function(AT_REST)
    page.evaluate("scrollTo(0, 0)")
    height = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")


def test_a_view_looks_as_approved(shots: Shots, name: str) -> None:
    taken = shots.folder / f"{name}.png"
    result = compare(name, taken, APPROVED / f"{name}.webp", shots.folder / f"{name}.differs.png")
    shots.comparisons[name] = result
    assert result.same, f"{name}: {result.why}. Look at .shots/report.html; `make shots ARGS=--approve` approves all."


def test_axe_finds_nothing(shots: Shots, name: str) -> None:
    assert shots.violations[name] == []


def test_no_picture_is_kept_of_a_view_that_is_gone(shots: Shots) -> None:
    assert {path.stem for path in APPROVED.glob("*")} == set(names(SETTINGS))
    assert sum(path.stat().st_size for path in APPROVED.glob("*")) < 11_000_000
    assert all(re.fullmatch(r"[a-z-]+\.(en|ru)\.(light|dark)\.(1440|360)", name) for name in names(SETTINGS))


def test_each_two_values_of_a_setting_are_taken_together() -> None:
    """The suite's four settings show every pair of language, theme and width."""
    for first, second in ((0, 1), (0, 2), (1, 2)):
        assert len({(setting[first], setting[second]) for setting in HALF}) == 4 == len(HALF)
