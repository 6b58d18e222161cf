"""Compares pictures of the page with approved ones, and writes a report that shows both side by side."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from PIL import Image, ImageChops

# How far a channel may differ, of 255, and on what share of the points: the edge of a letter may, one letter may lie
# elsewhere; a colour that everything has may not.
BOUNDS = ((60, 0.002), (16, 0.05))
COLOURS = (16, 32, 64, 256)  # of an approved picture: its most common ones; the nearest to all where that is not enough


@dataclass(frozen=True)
class Comparison:
    """How a picture stands beside the approved one. `share` is of the points that differ; 1 where there is none."""

    name: str
    share: float
    why: str

    @property
    def same(self) -> bool:
        """Whether nobody needs to look."""
        return not self.why


def compare(name: str, taken: Path, approved: Path, marked: Path) -> Comparison:
    """Compare two pictures, and mark where they differ in a third."""
    if not approved.exists():
        return Comparison(name, 1, "nobody has approved this view yet")
    new, old = (Image.open(path).convert("RGB") for path in (taken, approved))
    if new.size != old.size:
        return Comparison(name, 1, f"it is {new.size[0]} × {new.size[1]}, not {old.size[0]} × {old.size[1]}")
    share = 0.0
    for faint, allowed in BOUNDS:
        differing = _differing(new, old, faint)
        share = _share(differing)
        if share > allowed:
            grey = new.convert("L").convert("RGB")
            Image.composite(Image.new("RGB", new.size, "#e0006c"), grey, differing).save(marked)
            return Comparison(name, share, f"{share:.2%} of it differs")
    return Comparison(name, share, "")


def _differing(new: Image.Image, old: Image.Image, faint: int) -> Image.Image:
    """White where a channel differs by more than this."""
    channels = ImageChops.difference(new, old).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    return most.point([255 if value > faint else 0 for value in range(256)])


def _share(differing: Image.Image) -> float:
    return differing.histogram()[255] / (differing.width * differing.height)


def keep(taken: Path, approved: Path) -> None:
    """Approve a picture, kept small: with as few colours as leave most of what may differ to the page itself."""
    approved.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(taken).convert("RGB")
    fewer = chain((_with_few(picture, colours) for colours in COLOURS), (_with_near(each) for each in [picture]))
    kept = next((each for each in fewer if _is_near(each, picture)), picture)
    kept.save(approved, lossless=True, quality=100, method=6)


def _is_near(kept: Image.Image, picture: Image.Image) -> bool:
    return all(_share(_differing(picture, kept, faint)) <= allowed / 4 for faint, allowed in BOUNDS)


def _with_few(picture: Image.Image, most: int) -> Image.Image:
    counted = picture.getcolors(picture.width * picture.height) or []
    colours = [colour for _, colour in sorted(counted, reverse=True)[:most]]
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in (colours * 256)[:256] for channel in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")


def _with_near(picture: Image.Image) -> Image.Image:
    """With colours that lie between those it has: a page of a paper in the colours of night has thousands."""
    return picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).convert("RGB")


def report(folder: Path, approved: Path, comparisons: list[Comparison]) -> Path:
    """Write a page that shows each picture beside the approved one, those that differ first."""
    rows = []
    for one in sorted(comparisons, key=lambda comparison: -comparison.share):
        pictures = [approved / f"{one.name}.webp", folder / f"{one.name}.png", folder / f"{one.name}.differs.png"]
        shown = "".join(f'<td><img loading="lazy" src="{path.as_uri()}"></td>' for path in pictures if path.exists())
        why = html.escape(one.why or "the same")
        rows.append(f"<tr><th colspan=3>{html.escape(one.name)}: {why}</th></tr><tr>{shown}</tr>")
    style = (
        "img { max-width: 100%; border: 1px solid #888 } td { width: 33%; vertical-align: top } th { text-align: left }"
    )
    page = folder / "report.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style><table>{''.join(rows)}</table>", "utf-8")
    return page
