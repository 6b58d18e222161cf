"""`tolmach ingest`, `status` and `retry`: documents, at the operator's console."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from sqlalchemy import func, select

from auth import policy
from auth.policy import Action
from indexer.handling import lifecycle, questions
from indexer.handling.attaching import Confirmed
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents, recognised
from indexer.library.intake import Attached
from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline import expected_end, pauses
from indexer.pipeline.expected_end import TranslationForecast
from indexer.pipeline.stages import encode
from services.cli.console import AsJson, event, fail, opened, put, say
from services.cli.library import batch
from services.cli.library.manifest import Item, from_folders, from_manifest
from services.installation.disk import forecast


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (ingest, status, retry, answer, attachment):
        app.command()(command)


def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="PDF files and folders of them", exists=True)] = None,
    originator: Annotated[str, typer.Option(help="Code of the agency that the documents come from")] = "",
    level: Annotated[str, typer.Option(help="Level of the marking scheme")] = "",
    releasable_to: Annotated[
        str, typer.Option(help="ALL, or codes separated by commas; omitted: the originator alone")
    ] = "",
    need_to_know: Annotated[str, typer.Option(help="Expression: returnees&(finance|courts)")] = "",
    date: Annotated[str, typer.Option(help="Date of the documents, YYYY-MM-DD")] = "",
    embargo_until: Annotated[str, typer.Option(help="Day or moment (UTC) before which nobody may read them")] = "",
    expires_at: Annotated[str, typer.Option(help="Day or moment (UTC) from which nobody may read them")] = "",
    review_on: Annotated[str, typer.Option(help="Day by which their label is to be reviewed")] = "",
    marking_reason: Annotated[str, typer.Option(help="Why papers that bear a stronger marking are taken in")] = "",
    manifest: Annotated[
        Path | None, typer.Option(help="CSV with a line a file: file, level, title_en, …", exists=True)
    ] = None,
    wait: Annotated[bool, typer.Option(help="Work until the documents are searchable")] = False,
    as_json: AsJson = False,
) -> None:
    """Take PDFs in. Safe to repeat or to go on with: what is here already is recognised."""
    columns = {
        "originator": originator,
        "level": level,
        "releasable_to": releasable_to,
        "need_to_know": need_to_know,
        "date": date,
        "embargo_until": embargo_until,
        "expires_at": expires_at,
        "review_on": review_on,
        "marking_reason": marking_reason,
    }
    items = from_folders(paths or [], columns)
    if manifest is not None:
        items += from_manifest(manifest, columns)
    _check_usage(items)
    components = opened()
    try:
        lines = batch.take_in(components, items)
        if wait:
            batch.work(components)
            lines = batch.refreshed(components, lines)
    finally:
        components.close()
    _report(lines, as_json)


def _check_usage(items: list[Item]) -> None:
    if not items:
        raise typer.BadParameter("Nothing to take in: name PDF files, folders that hold some, or a --manifest.")
    if any(not item.columns.get("originator") or not item.columns.get("level") for item in items):
        raise typer.BadParameter("Say --originator and --level, or give both in the manifest.")


def _report(lines: list[batch.IntakeLine], as_json: bool) -> None:
    counted = Counter("duplicate" if line.receipt.duplicate else line.receipt.state for line in lines)
    refused = [line for line in lines if line.receipt.state in (State.QUARANTINED, batch.REFUSED)]
    if as_json:
        put({"counts": dict(counted), "documents": [line.as_json() for line in lines]})
    else:
        say(", ".join(f"{count} {state}" for state, count in counted.items()))
        for line in refused:
            say(f"  [bold]{escape(str(line.path))}[/]: {line.receipt.code}: {escape(line.receipt.message)}")
    if refused:
        raise typer.Exit(1)


def status(as_json: AsJson = False) -> None:
    """How many documents are in which state, what is stuck and why, when translation ends, how long the disk lasts."""
    components = opened()
    with components.database.reading() as session:
        counted = session.execute(select(DocumentRow.state, func.count()).group_by(DocumentRow.state))
        counts = {row[0]: row[1] for row in counted}
        everything = policy.operator_scope(session, Action.INTAKE)
        stuck = documents.listed(session, everything, 0, 1_000, State.QUARANTINED)
        open_questions = questions.unanswered(session)
        to_recognise = recognised.waiting(session)
        to_encode = encode.waiting(session, components.encoder) if components.encoder else None
        held_up = pauses.holds(session, pauses.TRANSLATION)
        recognition_held_up = pauses.holds(session, pauses.RECOGNITION)
        translation = expected_end.forecast(session, components.packages, components.home.models, held_up)
    quarantined = [
        {"document_id": r.id, "filename": r.filename, "stage": r.stage, "code": r.code, "message": r.message}
        for r in stuck
    ]
    disk = forecast(components)
    components.trail.record(event(Action.STATUS))
    if as_json:
        sentences = {document: [each.sentence for each in some] for document, some in open_questions.items()}
        put(
            {
                "documents": counts,
                "quarantined": quarantined,
                "questions": sentences,
                "recognition": {"documents": to_recognise, "paused": recognition_held_up},
                **({"meaning": {"documents": to_encode}} if to_encode is not None else {}),
                "translation": asdict(translation) | {"expected": translation.expected},
                "disk": disk.as_json(),
            }
        )
        return
    say(", ".join(f"{count} {state}" for state, count in counts.items()) or "No documents yet.")
    for row in quarantined:
        say(escape(f"  {row['document_id']} {row['filename']}: {row['code']} at {row['stage']}: {row['message']}"))
    for document, some in open_questions.items():
        for each in some:
            say(escape(f"  {document}: {each.sentence} tolmach answer {document} {each.code} {'|'.join(each.answers)}"))
    if to_recognise:
        paused = " (paused; go on with: tolmach ocr resume)" if recognition_held_up else ""
        say(f"{to_recognise} documents have pages to be recognised{paused}.")
    if to_encode:
        say(f"{to_encode} documents wait for vectors of what their passages mean.")
    if translation.documents or translation.unread:
        say(_translation(translation))
    lasts = (
        "nothing is added" if disk.days_left is None else f"it lasts {disk.days_left:,} days at the last week's pace"
    )
    say(f"The audit trail has {disk.trail_bytes:,} bytes; the disk has {disk.free_bytes:,} free: {lasts}.")


def _translation(forecast: TranslationForecast) -> str:
    """What waits to be translated, and for how long, in words."""
    waits = f"{forecast.documents} documents with about {forecast.sentences:,} sentences wait to be translated"
    more = f", and {forecast.unread} that have yet to be read" if forecast.unread else ""
    if forecast.seconds is None:
        models = ", ".join(forecast.unmeasured)
        end = f"nobody knows how long, as {models} was not measured: tolmach models measure"
    else:
        took = timedelta(seconds=max(60, round(forecast.seconds)))
        end = f"{'once it goes on, ' if forecast.paused else ''}about {_long(took)} with one worker"
    paused = " Translation is paused; go on with: tolmach translate resume" if forecast.paused else ""
    return escape(f"{waits}{more}: {end}.{paused}")


def _long(time: timedelta) -> str:
    """So many minutes, hours or days, whichever says it best."""
    minutes = time.total_seconds() / 60
    if minutes < 120:
        return f"{minutes:.0f} minutes"
    return f"{minutes / 60:.0f} hours" if minutes < 60 * 48 else f"{time.days} days"


def retry(document_id: str) -> None:
    """Send a quarantined document through the pipeline again."""
    components = opened()
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.INTAKE)
    if not lifecycle.retry(components.database, components.trail, scope, document_id, event("retry", document_id)):
        fail("There is nothing to try again: it did not fail, or its file was refused. Then bring a good copy.")
    say("It will be tried again by the worker: tolmach worker --once")


def answer(
    document_id: str,
    question: Annotated[str, typer.Argument(help="hidden or marking")],
    answered: Annotated[str, typer.Argument(metavar="ANSWER", help="keep_out, picture or take_in; confirm")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail")],
) -> None:
    """Answer what `tolmach status` asks of a document: of text that its pages hide, or of its own marking."""
    components = opened()
    with components.database.reading() as session:
        scope = policy.operator_scope(session, Action.INTAKE)
    answering = event("answer", document_id, reason=reason)
    questions.answer(components.database, components.trail, scope, document_id, question, answered, answering)
    say(f"Document {document_id}: {question} is answered.")


def attachment(
    document_id: str,
    number: Annotated[int, typer.Argument(help="Which of its attachments, counted from 1; 0 names them")] = 0,
    alike_reason: Annotated[
        str, typer.Option(help="Why it is right though a stricter paper has almost this text")
    ] = "",
    marking_reason: Annotated[str, typer.Option(help="Why it is right though it bears a stronger marking")] = "",
) -> None:
    """Name the files inside a document, or take one in as a document of its own, under the same label: PDFs alone."""
    components = opened()
    try:
        with components.database.reading() as session:
            scope = policy.operator_scope(session, Action.INTAKE)
            row = documents.get(session, scope, document_id)
            if row is None:
                raise AbsentError
            names = json.loads(row.attachments or "[]")
        if not number:
            components.trail.record(event("list_intake", document_id))
            say("\n".join(escape(f"{at}. {name}") for at, name in enumerate(names, 1)) or "There are none.")
            return
        confirmed = Confirmed(alike_reason, marking_reason)
        taking = event(Action.INTAKE, document_id)
        receipt = components.attaching.take(scope, Attached(document_id, number), confirmed, taking)
    finally:
        components.close()
    say(f"It is document {receipt.document_id}: {'here already' if receipt.duplicate else receipt.state}.")
