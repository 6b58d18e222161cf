"""Concordances, and documents out to other tools and back: inside the scope, with their label, all recorded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Final, Literal

from fastapi import File, Response, UploadFile

from auth import policy
from auth.audit.trail import check_secret
from auth.policy import Action
from indexer import word_file
from indexer.bitext.concordance import ConcordanceLine, concordance
from indexer.bitext.exchange import bilingual, bringing, tmx, xliff
from indexer.bitext.exchange.units import Bitext, Unit, bitext_of
from indexer.bitext.review.tables import WorkState
from indexer.engine.contract import Request, positive_leaves
from indexer.handling.lifecycle import AbsentError
from indexer.library import documents
from indexer.memory.matches import lending_rules
from indexer.search.parse import parse
from indexer.search.query.bridge import Crossing
from indexer.text import digest_of
from services.http.filenames import disposition
from services.routes.authentication import Caller, CurrentUser, GuardedRoute, guarded_router
from services.routes.bitext.translations import bench_of, opened_for_work, task_on, way_of
from services.routes.documents import opened_document
from services.routes.search import asking_of, on_budget
from services.schemas.bitext.exchange import (
    BroughtSchema,
    ConcordanceAnswer,
    ConcordanceBody,
    ConcordanceLineSchema,
)
from services.schemas.labels import marking

MOST_DOCUMENTS: Final = 100  # that a concordance looks into
LARGEST_FILE: Final = 50_000_000  # bytes of a bitext that comes in
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one
Format = Literal["xliff", "tmx", "html", "docx"]
ENDINGS: Final = {"xliff": ".xlf", "tmx": ".tmx", "html": ".html", "docx": ".docx"}


class BitextRoute(GuardedRoute):
    """The route that takes bitexts: of some size, and only from whoever may bring one."""

    def largest_body(self, caller: Caller) -> int:
        """As large as the largest bitext and the form around it."""
        caller.require(Action.EDIT)
        return LARGEST_FILE + 100_000


router = guarded_router()
uploads = guarded_router("", BitextRoute)


@router.post("/concordance")
def look_up(body: ConcordanceBody, caller: CurrentUser) -> ConcordanceAnswer:
    """Sentences that hold these words, and what they are in the other language."""
    lines = _lines(caller, body, "concordance")
    return ConcordanceAnswer(lines=[ConcordanceLineSchema.of(line) for line in lines])


@router.post("/concordance/export", response_class=Response)
def export_concordance(body: ConcordanceBody, caller: CurrentUser, format: Literal["csv", "tmx"] = "csv") -> Response:
    """The same as a file: CSV, or TMX where all sentences are of one language."""
    lines = _lines(caller, body, "export_concordance")
    if format == "csv":
        return Response(_csv(lines), media_type="text/csv; charset=utf-8", headers=_attached("concordance.csv"))
    return Response(_tmx(lines), media_type=tmx.MEDIA_TYPE, headers=_attached("concordance.tmx"))


@router.get("/exports/{document_id}", response_class=Response)
def export_bitext(document_id: str, caller: CurrentUser, format: Format = "xliff") -> Response:
    """A document's bitext for other tools, as XLIFF 2.1 or TMX 1.4b; or side by side for people, as HTML or DOCX."""
    if format in ("html", "docx"):
        return _for_people(caller, document_id, format)
    components = caller.components
    with components.database.reading() as session:
        row, _, _ = opened_for_work(caller, session, document_id)
        label = documents.label_of(session, row)
        bitext = bitext_of(session, row, marking(label, components.scheme))
        headers = {"Content-Disposition": disposition(row, label, components.scheme, ENDINGS[format])}
    caller.record("export", row.id, detail={"format": format, "label": label.rule.as_text()})
    writer = xliff if format == "xliff" else tmx
    return Response(writer.write(bitext), media_type=writer.MEDIA_TYPE, headers=headers)


@uploads.post("/translations/{document_id}/import")
def import_bitext(document_id: str, file: Annotated[UploadFile, File()], caller: CurrentUser) -> BroughtSchema:
    """Save what an XLIFF or TMX file says otherwise than the document, as one's own versions. Safe to repeat."""
    caller.require(Action.EDIT)
    with task_on(caller, Action.EDIT, document_id, 0) as task:
        with caller.components.database.reading() as session:
            row = documents.get(session, task.scope, document_id)
            if row is None:
                raise AbsentError(document_id)
            document = bitext_of(session, row, "")
        caller.record("import", document_id)
        content = bringing.parsed(file.file.read(LARGEST_FILE + 1), document.source_language)
        own = replace(task, event=replace(task.event, detail={"import": 1}))
        return BroughtSchema.of(bringing.bring(bench_of(caller), own, document, content))


def _for_people(caller: Caller, document_id: str, format: Format) -> Response:
    caller.require(Action.DOWNLOAD)
    components = caller.components
    with components.database.reading() as session:
        opened = opened_document(caller, session, Action.DOWNLOAD, document_id)
        if opened is None:
            caller.record("export", document_id[:64], "refused", documents.why_refused(session, document_id))
            raise AbsentError
        row, label, scope = opened
        caller.record("export", row.id, detail={"format": format, "label": label.rule.as_text()})
        pages = (documents.page(session, scope, row.id, number) for number in range(1, row.pages + 1))
        sentences = [segment for page in pages if page for segment in page.segments]
        headers = {"Content-Disposition": disposition(row, label, components.scheme, ENDINGS[format])}
    title = row.title_en or row.title_ru or row.filename
    about = (title, marking(label, components.scheme), row.language)
    if format == "docx":
        word = bilingual.write_word(*about, sentences)
        return Response(word, media_type=word_file.MEDIA_TYPE, headers=headers)
    return Response(bilingual.write(*about, sentences), media_type=bilingual.MEDIA_TYPE, headers=headers)


def _lines(caller: Caller, body: ConcordanceBody, action: str) -> list[ConcordanceLine]:
    """The lines of a concordance; the trail has the words, sealed, and which documents are shown."""
    way_of(caller)
    caller.require(Action.SEARCH)
    check_secret(body.query)
    lending = _lending(caller, body)
    parsed = parse(body.query, True, crossing=Crossing(None, frozenset({"across"})))
    with on_budget(caller, action, body.query):
        outcome = asking_of(caller).outcome(parsed, Request(parsed.query, limit=MOST_DOCUMENTS))
        with caller.components.database.reading() as session:
            scope = policy.scope_for(session, caller.principal, Action.SEARCH)
            rows = [hit.row for hit in outcome.results.hits]
            leaves = positive_leaves(outcome.parsed.query)
            lines = concordance(session, scope, rows, leaves, body.limit, body.people_only, lending)
    shown = tuple(dict.fromkeys(line.document.id for line in lines))
    event = caller.event(action, body.document_id or "", detail={"total": len(lines)})
    caller.components.trail.record(replace(event, secret=body.query, shown=shown))
    return lines


def _lending(caller: Caller, body: ConcordanceBody) -> list[str] | None:
    """The rules under which documents may lend to the one that is translated. Raises AbsentError."""
    if body.document_id is None:
        return None
    with caller.components.database.reading() as session:
        row, scope, _ = opened_for_work(caller, session, body.document_id)
        return lending_rules(session, scope, documents.label_of(session, row))


def _csv(lines: Iterable[ConcordanceLine]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["document_id", "page", "source_language", "source", "target", "origin", "side"])
    for line in lines:
        schema = ConcordanceLineSchema.of(line)
        texts = (schema.source_text, schema.target_text)
        safe = [f"'{text}" if text.startswith(FORMULA) else text for text in texts]
        writer.writerow([schema.document_id, schema.page, schema.source_language, *safe, schema.origin, schema.side])
    return file.getvalue()


def _tmx(lines: list[ConcordanceLine]) -> str:
    """The lines as TMX: those of the first one's language."""
    language = lines[0].sentence.language if lines else "en"
    units = tuple(_unit(line) for line in lines if line.sentence.language == language)
    return tmx.write(Bitext("", "Concordance", "", language, "ru" if language == "en" else "en", units))


def _unit(line: ConcordanceLine) -> Unit:
    text = line.sentence.text
    state = WorkState.MACHINE if line.translation.origin == "machine" else WorkState.APPROVED
    return Unit(line.sentence.ordinal, digest_of(text), text, line.translation.text, state, 0, "")


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
