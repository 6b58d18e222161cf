"""The service itself: whether it lives, how its queue fares, and its marking scheme."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import func, select

from auth.database import now
from auth.policy import Action
from indexer.library.tables import DocumentRow
from indexer.pipeline import expected_end, pauses
from indexer.pipeline.expected_end import Expected
from indexer.pipeline.stages import encode
from services.components import Components
from services.installation.disk import forecast
from services.routes.authentication import CurrentUser, components_of, guarded_router, public_router
from services.schemas.labels import LevelSchema, SchemeSchema

public = public_router()
router = guarded_router()


class Health(BaseModel):
    """Whether the service can answer."""

    status: str


class ModelSchema(BaseModel):
    """A translation model that is installed."""

    source: str
    target: str
    name: str


class Status(BaseModel):
    """How many documents are in which state, over all labels, and what the service works with.

    `engine` is the search engine's name; `index_due` counts documents whose change the index has yet to follow.
    `translation_waits` documents; `translation_ends` within an hour, a day, a week or later, at the measured speed of
    the models and with one worker.
    `vectors_wait` documents, null where searches know no meaning.
    `disk_lasts` for two months at the last week's pace; `tolmach status` tells the operator how long.
    """

    documents: dict[str, int]
    index_due: int
    engine: str
    models: list[ModelSchema]
    translation_paused: bool
    translation_waits: int
    translation_ends: Expected
    vectors_wait: int | None
    disk_lasts: bool


@public.get("/health")
async def health(request: Request) -> Health:
    """Whether the database answers."""
    await asyncio.to_thread(_ask_database, components_of(request))  # threads that nothing else uses: behind no work
    return Health(status="ok")


def _ask_database(components: Components) -> None:
    with components.database.reading() as session:
        session.execute(select(1))


@router.get("/status")
def status(caller: CurrentUser) -> Status:
    """How the pipeline fares."""
    caller.require(Action.STATUS)
    components = caller.components
    with components.database.reading() as session:
        counted = session.execute(select(DocumentRow.state, func.count()).group_by(DocumentRow.state))
        states: dict[str, int] = {row[0]: row[1] for row in counted}
        held_up = pauses.holds(session, pauses.TRANSLATION)
        translation = expected_end.forecast(session, components.packages, components.home.models, held_up)
        vectors = encode.waiting(session, components.encoder) if components.encoder else None
        due = session.scalar(select(func.count()).select_from(DocumentRow).where(DocumentRow.due_at <= now()))
    models = [ModelSchema(source=m.source, target=m.target, name=m.name) for m in components.packages.models()]
    disk_lasts = forecast(components).lasts
    caller.record(Action.STATUS)
    return Status(
        documents=states,
        index_due=due or 0,
        engine=components.settings.engine,
        models=models,
        translation_paused=translation.paused,
        translation_waits=translation.documents,
        translation_ends=translation.expected,
        vectors_wait=vectors,
        disk_lasts=disk_lasts,
    )


@router.get("/scheme")
def scheme(caller: CurrentUser) -> SchemeSchema:
    """The levels, their names, colours and banners."""
    return SchemeSchema(levels=[LevelSchema(**asdict(level)) for level in caller.components.scheme.levels])
