"""Rewrites the tables that describe settings, commands, calls, errors and rights: `make docs`."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from structure import described
from structure.test_frontend import preloads

from auth.people import Role
from services.app import create_app
from services.components import Components
from services.settings import Settings
from services.setup import set_up

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home")
        set_up(settings)
        app = create_app(Components(settings))
        put_all("decisions/README.md", described.decision_rows())
        put("settings.md", {"## Settings": described.setting_rows()})
        put(
            "api.md",
            {
                "## Calls": described.route_rows(app),
                "## Shapes": described.shape_rows(app),
                "## Codes of errors": described.error_rows(),
            },
        )
    for name in ("README.md", "SECURITY.md"):
        put_rights(name)
    put_preloads()
    put("commands.md", {f"### `{name}`": parameters for name, parameters in described.commands()})


def put_all(name: str, rows: list[str]) -> None:
    """Put these rows into the only table of a document, under its head."""
    path = DOCS / name
    lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    head = [line for line in lines if line.startswith("|")][:2]
    words = [line for line in lines if not line.startswith("|")]
    path.write_text("\n".join([*words, *head, *rows]) + "\n", encoding="utf-8")


def put_preloads() -> None:
    """Put the modules that come with the page into index.html, above its script."""
    path = DOCS.parent / "frontend" / "index.html"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "modulepreload" not in line]
    at = next(number for number, line in enumerate(lines) if "<script" in line)
    path.write_text("\n".join([*lines[:at], *preloads(), *lines[at:]]) + "\n", encoding="utf-8")


def put_rights(name: str) -> None:
    """Put the rights into the table of them."""
    path = DOCS.parent / name
    table = re.compile(r"(?<=\n)\| (?:Action )?\| expert \|.*?\n(?=\n)", re.DOTALL)
    head = f"| Action | {' | '.join(Role)} |\n|{'---|' * (len(Role) + 1)}\n"
    text = table.sub(head + "\n".join(described.right_rows()) + "\n", path.read_text(encoding="utf-8"), count=1)
    path.write_text(text, encoding="utf-8")


def put(name: str, tables: dict[str, list[str]]) -> None:
    """Put these rows into the tables under these headings, each heading with its text made where it is missing."""
    path = DOCS / name
    text = path.read_text(encoding="utf-8")
    for heading, rows in tables.items():
        if f"\n{heading}\n" not in text:
            text = f"{text.rstrip()}\n\n{heading}\n\nSee `--help`.\n"
        before, after = text.split(f"\n{heading}\n", 1)
        section, rest = split(after)
        text = f"{before}\n{heading}\n{with_rows(section, rows)}{rest}"
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def split(text: str) -> tuple[str, str]:
    """A section's own text, and all from the next heading on."""
    following = re.search(r"^#+ ", text, re.MULTILINE)
    return (text[: following.start()], text[following.start() :]) if following else (text, "")


def with_rows(section: str, rows: list[str]) -> str:
    """The section with these rows in its table, the table's head kept or made."""
    lines = section.rstrip().splitlines()
    at = next((at for at, line in enumerate(lines) if line.startswith("|")), len(lines))
    words, after = lines[:at], [line for line in lines[at:] if not line.startswith("|")]
    head = [line for line in lines if line.startswith("|")][:2] or [
        "| Written | Default | What it is |",
        "|---|---|---|",
    ]
    body = "\n".join(words).strip()
    table = "\n".join([*head, *rows])
    told = "\n".join(after).strip()
    return "\n" + "".join(f"{part}\n\n" for part in (body, table if rows else "", told) if part)


if __name__ == "__main__":
    main()
