"""The service itself: whether it lives, how its queue fares, and its marking scheme."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import BaseModel
from sqlalchemy import func, select

from auth.policy import Action
from indexer.library.tables import DocumentRow
from services.routes.authentication import Asking, OpenParts, guarded_router, public_router
from services.schemas.schemas import LevelShape, SchemeShape

public = public_router()
router = guarded_router()


class Health(BaseModel):
    """Whether the service can answer."""

    status: str


class Status(BaseModel):
    """How many documents are in which state, over all labels: what an administrator is told, and no more."""

    documents: dict[str, int]


@public.get("/health")
def health(parts: OpenParts) -> Health:
    """Whether the database answers."""
    with parts.database.reading() as session:
        session.execute(select(1))
    return Health(status="ok")


@router.get("/status")
def status(asking: Asking) -> Status:
    """How the pipeline fares."""
    asking.must(Action.STATUS)
    with asking.parts.database.reading() as session:
        counted = session.execute(select(DocumentRow.state, func.count()).group_by(DocumentRow.state))
        states = {row[0]: row[1] for row in counted}
    asking.record(Action.STATUS)
    return Status(documents=states)


@router.get("/scheme")
def scheme(asking: Asking) -> SchemeShape:
    """The levels, their names, colours and banners."""
    return SchemeShape(levels=[LevelShape(**asdict(level)) for level in asking.parts.scheme.levels])
