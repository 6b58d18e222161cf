"""Waits for a page's picture without holding a thread, as long as its caller does. Refuses to wait in a full queue."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import Request

from indexer.extract.drawing import Stopped, StoppedError
from services.components import Components


async def drawn_picture(
    request: Request, components: Components, person_id: str, document_id: str, number: int, width: int
) -> bytes:
    """The page as PNG, drawn when its turn comes. Raises ExtractError, DrawingBusyError; StoppedError if they left."""

    def draw(stopped: Stopped) -> bytes:
        with components.store.open(document_id) as file:
            return components.drawer.draw(file, number, width, stopped)

    drawing = components.drawings.add(person_id, draw)
    picture = asyncio.wrap_future(drawing.picture)
    left = asyncio.create_task(_left(request))
    try:
        either: set[asyncio.Future[Any]] = {picture, left}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not picture.done():
            raise StoppedError
        return picture.result()
    finally:
        left.cancel()
        picture.cancel()
        components.drawings.give_up(drawing)


async def _left(request: Request) -> None:
    """Return when the caller is gone. (`is_disconnected` sees nothing from under a middleware.)"""
    while (await request.receive())["type"] != "http.disconnect":
        pass
