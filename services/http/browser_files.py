"""The files of the browser pages, served without a thread: they wait for nothing that others have the service do."""

from __future__ import annotations

from pathlib import Path

from fastapi import Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope


class BrowserFiles(StaticFiles):
    """Small files of ours, read in one go where Starlette would ask its threads, which may all be at work."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or that the browser's copy is good, or 404."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        try:
            place, state = self.lookup_path(path)
        except (OSError, ValueError):  # a name that no file can have
            raise HTTPException(404) from None
        if state is None or not Path(place).is_file():
            raise HTTPException(404)
        response = self.file_response(place, state, scope)
        if not isinstance(response, FileResponse):
            return response
        headers = {name: response.headers[name] for name in ("last-modified", "etag")}
        return Response(Path(place).read_bytes(), headers=headers, media_type=response.media_type)

    async def check_config(self) -> None:
        """The folder is part of the program."""
