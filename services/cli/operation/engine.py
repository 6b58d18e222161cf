"""`tolmach engine`: the search index, at the operator's console."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from indexer.engine.elastic.engine import ElasticEngine
from indexer.engine.elastic.setup import prepare, renew_keys
from indexer.pipeline.reindex import reindex as bring_up_to_date
from services.cli.console import event, fail, opened, say
from services.cli.library import batch
from services.components import Components
from services.opening import engines

engine = typer.Typer(no_args_is_help=True, help="The search index.")


@engine.command()
def setup(
    username: Annotated[str, typer.Option(help="Administrator of Elasticsearch; nothing of it is kept")] = "elastic",
    password_stdin: Annotated[bool, typer.Option(help="Read the password from standard input")] = False,
    shards: Annotated[int, typer.Option(min=1, help="Shards of a new index")] = 1,
    replicas: Annotated[int, typer.Option(min=0, help="Copies of a new index on other machines")] = 0,
) -> None:
    """Make the index in Elasticsearch, and keys in the home: to read, to write, to make anew. Safe to repeat."""
    components = opened()
    if components.settings.engine != "elasticsearch":
        fail("The embedded engine needs no setting up. For Elasticsearch, set TOLMACH_ENGINE=elasticsearch.")
    password = (
        sys.stdin.readline().rstrip("\n") if password_stdin else typer.prompt("Password", hide_input=True, err=True)
    )
    administrator = engines.administrator(components.settings, username, password)
    try:
        prepare(administrator, components.settings.elasticsearch_prefix, shards, replicas)
        keys = renew_keys(administrator, components.settings.elasticsearch_prefix)
    finally:
        administrator.close()
    _write(components.home.keys / engines.READER, keys.reader)
    _write(components.home.keys / engines.WRITER, keys.writer)
    _write(components.home.keys / engines.MANAGER, keys.manager)
    components.trail.record(event("engine setup"))
    components.close()
    say(f"The index is there, and three keys lie in [bold]{components.home.keys}[/].")


@engine.command()
def reindex(
    abandon: Annotated[bool, typer.Option(help="Give up an interrupted renewal, and leave the index as it is")] = False,
) -> None:
    """Make the index anew from the database; searching goes on meanwhile. Safe to interrupt and to repeat."""
    components = opened()
    index = engines.opened_to_renew(components.settings, components.home.index, components.home.keys)
    try:
        if abandon:
            _abandon(components, index)
            return
        with batch.bar() as bar:
            task = bar.add_task("Indexing", total=None)
            bring_up_to_date(
                components.database, index, lambda done, total: bar.update(task, completed=done, total=total)
            )
        components.trail.record(event("reindex"))
        say("The index holds just what the database says.")
    finally:
        index.close()
        components.close()


def _abandon(components: Components, index: object) -> None:
    if isinstance(index, ElasticEngine) and index.abandon():
        components.trail.record(event("reindex abandoned"))
        say("The renewal is given up; the index answers as before.")
    else:
        say("No renewal was begun.")


def _write(path: Path, secret: str) -> None:
    """Put a secret into a file that its owner alone may read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secret)
    new.replace(path)
