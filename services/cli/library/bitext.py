"""`tolmach bitext`: a pair or a document in both languages as a file for other tools."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from auth.audit.entries import Event
from auth.labels import join
from auth.policy import Action, Scope
from indexer.bitext.exchange import tmx, xliff
from indexer.bitext.exchange.of_pair import bitext_of_pair
from indexer.bitext.exchange.units import Bitext, bitext_of
from indexer.library import documents
from indexer.pairs import pairs
from indexer.pairs.pairs import NoPairError
from services.cli.acting import As, Otp, PasswordStdin, acting, event_of, scope_of
from services.cli.console import fail, opened, say
from services.components import Components
from services.schemas.labels import marking

bitext = typer.Typer(no_args_is_help=True, help="Texts and their translations side by side.")


class BitextFormat(StrEnum):
    """A format of other tools."""

    XLIFF = "xliff"
    TMX = "tmx"


@bitext.command()
def export(
    name: Annotated[str, typer.Argument(metavar="PAIR_ID", help="A pair, or a document with its translation")],
    format: Annotated[BitextFormat, typer.Option(help="xliff or tmx")] = BitextFormat.XLIFF,
    to: Annotated[
        Path | None, typer.Option(help="The file to write, which must not be there yet; else standard output")
    ] = None,
    username: As = None,
    password_stdin: PasswordStdin = False,
    otp: Otp = "",
) -> None:
    """Write the aligned sentences of a pair, or those of a document with their translations, with their label.

    XLIFF 2.1 or TMX 1.4b.
    """
    components = opened()
    try:
        by = acting(components, username, password_stdin, otp)
        scope = scope_of(components, by, Action.EDIT)
        event = event_of(by, "export", name[:64])
        with components.database.reading() as session:
            content, event = _content(components, session, scope, name, event)
        components.trail.record(replace(event, detail={**event.detail, "format": format.value}))
    finally:
        components.close()
    _write(xliff.write(content) if format is BitextFormat.XLIFF else tmx.write(content), to)
    say(f"{len(content.units)} units are in {to or 'the output'}.")


def _content(components: Components, session: Session, scope: Scope, name: str, event: Event) -> tuple[Bitext, Event]:
    """What is exported, and what the trail is to say of it. Ends the command where there is nothing of that name."""
    try:
        pair = pairs.get(session, scope, name)
    except NoPairError:
        row = documents.get(session, scope, name)
        if row is None:
            detail = documents.why_refused(session, name)
            components.trail.record(replace(event, decision="refused", detail=detail))
            fail("There is no such pair or document, or you may not read it.")
        label = documents.label_of(session, row)
        content = bitext_of(session, row, marking(label, components.scheme))
        return content, replace(event, detail={"label": label.rule.as_text()})
    label = join(*(documents.label_of(session, row) for row in (pair.first, pair.second)))
    content = bitext_of_pair(session, scope, pair, marking(label, components.scheme))
    papers = (pair.first.id, pair.second.id)
    return content, replace(
        event, object=papers[0], detail={"pair": name, "other": papers[1], "label": label.rule.as_text()}, shown=papers
    )


def _write(text: str, to: Path | None) -> None:
    if to is None:
        sys.stdout.write(text)
        return
    try:
        with to.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        fail(f"The file cannot be written: {error.strerror}.")
