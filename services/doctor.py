"""Looks at every part of an installation and says what works, what is missing, and what opens a connection."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from auth.audit.keys import AuditKeyError
from auth.audit.trail import TrailError
from auth.database import DatabaseError
from auth.scheme import SchemeError
from auth.signin.tokens import KeyFileError
from indexer.engine.contract import EngineError
from indexer.engine.elastic.engine import ElasticEngine
from indexer.extract.pages import ExtractError
from indexer.library.tables import DocumentRow
from indexer.pipeline.index_sync import apply_due_index_changes
from indexer.pipeline.reindex import searchable
from services.components import Components

_EXPECTED = (AuditKeyError, DatabaseError, EngineError, ExtractError, KeyFileError, SchemeError, TrailError, OSError)
_SMALLEST_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and in words how it is or what to do."""

    what: str
    well: bool
    words: str


def examine(components: Components) -> Iterator[Finding]:
    """Look at everything, one after the other; a part that fails does not keep the others from being looked at."""
    looks: dict[str, Callable[[Components], str]] = {
        "database": _database,
        "marking scheme": lambda components: ", ".join(level.code for level in components.scheme.levels),
        "signing key": lambda components: f"{components.home.key} is in order" if components.signer else "",
        "audit trail": lambda components: f"{components.trail.verify()} entries, unbroken",
        "checkpoints": lambda components: f"signed with the key {components.trail.own_key()}",
        "search terms": _sealing,
        "search index": _index,
        "scripts": _scripts,
        "PDF reader": _reader,
    }
    for what, look in looks.items():
        try:
            yield Finding(what, True, look(components))
        except _EXPECTED as error:
            yield Finding(what, False, str(error))
    yield _models(components)


def connections(components: Components) -> list[str]:
    """Every address that this configuration connects to; nothing else ever is."""
    url = make_url(components.settings.url)
    found = [f"database: {url.host}:{url.port or 5432}"] if url.host else []
    if components.settings.engine == "elasticsearch":
        found.append(f"search engine: {components.settings.elasticsearch_url}")
    return found


def _database(components: Components) -> str:
    with components.database.reading() as session:
        counted = session.execute(select(DocumentRow.state, func.count()).group_by(DocumentRow.state))
        states = ", ".join(f"{count} {state}" for state, count in counted)
    return f"{components.database.engine.dialect.name}: {states or 'no documents'}"


def _sealing(components: Components) -> str:
    sealer = components.trail.sealer()
    if sealer is None:
        return "not kept in the trail: there is no auditor's key (see: tolmach audit use)"
    return f"sealed in the trail to the auditor's key {sealer.key_id}"


def _index(components: Components) -> str:
    apply_due_index_changes(components.database, components.engine)
    held = {document_id: holding.rule for document_id, holding in components.engine.holdings().items()}
    expected = searchable(components.database)
    if held != expected:
        differing = len(held.items() ^ expected.items())
        raise EngineError(f"{differing} entries differ from the database. Run: tolmach engine reindex")
    return f"{components.settings.engine}: {len(held)} documents, as in the database"


def _scripts(components: Components) -> str:
    engine = components.engine
    if not isinstance(engine, ElasticEngine):
        return "the embedded engine runs none"
    if engine.runs_scripts():
        raise EngineError(
            "Elasticsearch runs scripts that a search brings. Set in elasticsearch.yml of every node: "
            "script.allowed_types: inline, script.allowed_contexts: similarity"
        )
    return "Elasticsearch refuses every script but a similarity's"


def _reader(components: Components) -> str:
    components.reader.render(io.BytesIO(_SMALLEST_PDF), 1, 100)
    return "starts, and draws a page"


def _models(components: Components) -> Finding:
    problems = components.packages.check()
    if problems:
        return Finding("translation", False, "; ".join(problem.message for problem in problems))
    names = ", ".join(model.name for model in components.packages.models())
    return Finding("translation", True, names or "no package installed: documents stay in their own language")
