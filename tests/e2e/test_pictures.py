"""The comparison of pictures sees what an eye would see, and nothing that an eye would not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import compare, keep, report
from PIL import Image, ImageDraw

PLAIN = ("#f5f4f0", "#1c2127")


def picture(
    path: Path, size: tuple[int, int] = (400, 300), letter: int = 0, ink: str = PLAIN[1], ground: str = PLAIN[0]
) -> Path:
    """A page with a line of a letter's width somewhere, and a block of text."""
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    pen.rectangle((50, 50, 300, 120), fill=ink)
    pen.rectangle((50 + letter, 200, 56 + letter, 212), fill=ink)
    image.save(path)
    return path


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"ink": "#242a31"}, True),  # a shade
        ({"letter": 9}, True),  # one letter elsewhere
        ({"ink": "#f5f4f0"}, False),  # the text is gone
        ({"ground": "#e0dfdb"}, False),  # everything is a little darker
        ({"size": (400, 320)}, False),
    ],
)
def test_a_change_that_is_seen_is_told(tmp_path: Path, change: dict, same: bool) -> None:
    approved = tmp_path / "approved" / "view.webp"
    keep(picture(tmp_path / "old.png"), approved)
    told = compare("view", picture(tmp_path / "view.png", **change), approved, tmp_path / "view.differs.png")
    assert told.same is same
    assert (tmp_path / "view.differs.png").exists() is (not same and "size" not in change)
    written = report(tmp_path, approved.parent, [told]).read_text("utf-8")
    assert "view.webp" in written and "view.png" in written


def test_a_view_that_nobody_approved_is_told(tmp_path: Path) -> None:
    assert not compare("new", picture(tmp_path / "new.png"), tmp_path / "new.webp", tmp_path / "x.png").same
