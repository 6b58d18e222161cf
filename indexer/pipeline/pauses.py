"""What of the pipeline is held up, on every host at once: a row of the database each."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from auth.database import put
from auth.tables import SharedRow

TRANSLATION: Final = "translation paused"
RECOGNITION: Final = "recognition paused"
MODELS: Final = "models"


def holds(session: Session, what: str) -> bool:
    """Whether this is held up now."""
    return session.scalar(select(SharedRow.name).where(SharedRow.name == what)) is not None


def goes_on(what: str) -> ColumnElement[bool]:
    """That this is not held up, as part of a query."""
    return ~select(SharedRow.name).where(SharedRow.name == what).exists()


def models_are(fingerprint: str) -> ColumnElement[bool]:
    """That nothing is said of the models that all hosts are to have, or that these are the ones; as part of a query."""
    return ~select(SharedRow.name).where(SharedRow.name == MODELS, SharedRow.value != fingerprint).exists()


def pause(session: Session, what: str) -> None:
    """Hold it up."""
    put(session, SharedRow(name=what, value="yes"))


def resume(session: Session, what: str) -> None:
    """Let it go on."""
    session.execute(delete(SharedRow).where(SharedRow.name == what))
