"""The command `tolmach`: each file one group of commands."""

from __future__ import annotations

import os

import typer

from services.cli.access import explaining, people, proposals
from services.cli.console import guarded
from services.cli.keeping import hosts, removed, retention, storing
from services.cli.library import (
    bitext,
    documents,
    handling,
    pairing,
    sealed,
    searching,
    segmenting,
    terms,
)
from services.cli.operation import (
    auditing,
    backing_up,
    demo,
    doctor,
    engine,
    keys,
    models,
    openapi,
    recognising,
    running,
    setup,
    translating,
)

app = typer.Typer(
    name="tolmach",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""Tolmach keeps bilingual (English, Russian) documents and lets each person search just what they may read.

    First steps: `tolmach init`, `tolmach agency add`, `tolmach person add`, `tolmach ingest`,
    `tolmach serve --with-worker`.
    Or see it all with a sample corpus: `tolmach demo`.

    Settings come from the environment (`TOLMACH_HOME`, …) or from the TOML file that `TOLMACH_CONFIG` names.
    Exit codes: 0 done, 1 something failed, 2 wrong usage.
    """,
)
for module in (setup, demo, running, documents, handling, pairing, searching, doctor, backing_up, openapi):
    module.register(app)
app.add_typer(people.agency, name="agency")
app.add_typer(people.person, name="person")
app.add_typer(proposals.proposal, name="proposal")
app.add_typer(sealed.sealed, name="sealed")
app.add_typer(removed.removed, name="removed")
app.add_typer(retention.retention, name="retention")
app.add_typer(bitext.bitext, name="bitext")
app.add_typer(terms.terms, name="terms")
app.add_typer(terms.dictionary, name="dictionary")
app.add_typer(explaining.access, name="access")
app.add_typer(auditing.audit, name="audit")
app.add_typer(engine.engine, name="engine")
app.add_typer(keys.keys, name="keys")
app.add_typer(models.models, name="models")
app.add_typer(translating.translate, name="translate")
app.add_typer(segmenting.segmentation, name="segmentation")
app.add_typer(recognising.ocr, name="ocr")
app.add_typer(storing.store, name="store")
app.add_typer(hosts.host, name="host")


def main() -> None:
    """Run the command, turning what may fail into plain words and an exit code. What it writes is its user's alone."""
    os.umask(0o077)
    guarded(app)
