"""Translates a document. Refuses to take it out of the searches where that fails: it stays as searchable as it was."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_
from sqlalchemy.orm import Session

from indexer.library.states import State
from indexer.library.tables import DocumentRow
from indexer.pipeline import pauses
from indexer.pipeline.stages.stage import Change, Progress, Queue, Stage, StageFailedError
from indexer.text import OTHER
from indexer.translate import translations
from indexer.translate.contract import Provenance, TranslationError
from indexer.translate.translations import Work


class Translate(Stage):
    """Translates the document into the other language, if there is a model for it that was not tried yet."""

    name = "translate"

    def work(self, document_id: str, progress: Progress) -> Change:
        """See Stage."""
        packages = self._context.packages
        fingerprint = packages.fingerprint()
        with self._context.database.reading() as session:
            row = session.get_one(DocumentRow, document_id)
            target = OTHER.get(row.language)
            model = packages.for_document(row.language, target, row.sha256) if target else None
            work = translations.work_on(session, row, model) if model else None
        if model is None or work is None:
            return lambda _, row: _tried(row, fingerprint)
        try:
            translator = packages.open(model)
            texts = translations.translated(work, translator, progress)
        except TranslationError as problem:
            raise StageFailedError("translation_failed", str(problem)) from problem
        return lambda session, row: _keep(session, row, translator.provenance, work, texts, fingerprint)

    def queues(self) -> tuple[Queue, ...]:
        """Those that were not tried with the models that there are, the newest first.

        None while translation is paused, or where this host has other models than all are to have: hosts would undo
        each other's work.
        """
        packages = self._context.packages
        if not packages.models():
            return ()
        tried, these = DocumentRow.models_tried, packages.fingerprint()
        waiting = (tried == "", and_(tried > "", tried < these), tried > these)  # the first have no translation yet
        order = (tried.desc(), DocumentRow.taken_at.desc())
        now = and_(DocumentRow.state == self._state, pauses.goes_on(pauses.TRANSLATION), pauses.models_are(these))
        return tuple(Queue(and_(now, which), order) for which in waiting)

    def failure(self, code: str, message: str) -> Change:
        """It is tried again when the set of models changes, or by `retry`."""
        fingerprint = self._context.packages.fingerprint()

        def change(_: Session, row: DocumentRow) -> None:
            row.models_tried, row.stage, row.code, row.message = fingerprint, "translate", "translation_failed", message

        return change


def _tried(row: DocumentRow, fingerprint: str) -> None:
    row.models_tried = fingerprint


def _keep(
    session: Session, row: DocumentRow, provenance: Provenance, work: Work, texts: Mapping[str, str], fingerprint: str
) -> None:
    if row.rule != work.rule:  # the memory lent by another label: the work is done again
        return
    translations.keep(session, row, provenance, work, texts)
    row.stage, row.code, row.message, row.models_tried, row.state = "", "", "", fingerprint, State.TRANSLATING
