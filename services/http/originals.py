"""Sends a document's original from wherever it is kept. Leaves no copy of it once it was sent, or nobody takes it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from fastapi.responses import FileResponse
from starlette.types import Receive, Scope, Send


class OriginalResponse(FileResponse):
    """A PDF that the store lends for as long as it is sent."""

    def __init__(self, lent: AbstractContextManager[Path], headers: Mapping[str, str]) -> None:
        """Raises what the store raises."""
        self._lent = ExitStack()
        super().__init__(self._lent.enter_context(lent), media_type="application/pdf", headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See FileResponse."""
        with self._lent:
            await super().__call__(scope, receive, send)
