"""The files of the browser pages, served without a thread: they wait for nothing that others have the service do.

An address that holds the version of all files (`/static/v-…/`) is kept by browsers for good; one of another version is
not there, so that a page that is open never mixes two. What is served is compressed once.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Scope

FOR_GOOD: Final = "public, max-age=31536000, immutable"
_VERSIONED: Final = re.compile(r"v-([0-9a-f]{16})/(.+)")
_FIXED: Final = b'"/static/'


class BrowserFiles(StaticFiles):
    """Small files of ours, read in one go where Starlette would ask its threads, which may all be at work."""

    def __init__(self, directory: Path) -> None:
        """The files of this folder."""
        super().__init__(directory=directory)
        self._folder = directory

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or that the browser's copy is good, or 404."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        versioned = _VERSIONED.fullmatch(path)
        if versioned is None:
            return self._file(path, scope)
        if versioned[1] != self._version():
            raise HTTPException(404)
        response = self._file(versioned[2], scope)
        response.headers["Cache-Control"] = FOR_GOOD
        return response

    async def page(self, scope: Scope) -> Response:
        """The one page, whose addresses hold the version of the files."""
        page = (self._folder / "index.html").read_bytes()
        page = page.replace(_FIXED, _FIXED + f"v-{self._version()}/".encode())
        return _packed(
            page, "text/html; charset=utf-8", {"etag": f'W/"{hashlib.sha256(page).hexdigest()[:16]}"'}, scope
        )

    def _file(self, path: str, scope: Scope) -> Response:
        try:
            place, state = self.lookup_path(path)
        except (OSError, ValueError):  # a name that no file can have
            raise HTTPException(404) from None
        if state is None or not Path(place).is_file():
            raise HTTPException(404)
        response = self.file_response(place, state, scope)
        if not isinstance(response, FileResponse):
            return response
        headers = {"last-modified": response.headers["last-modified"], "etag": f"W/{response.headers['etag']}"}
        return _packed(Path(place).read_bytes(), response.media_type or "", headers, scope)

    def _version(self) -> str:
        """A digest of all files: the same wherever the same files are served, another as soon as one is changed."""
        files = sorted(path for path in self._folder.rglob("*") if path.suffix in _SERVED)
        return _digest(tuple((str(path), path.stat().st_mtime_ns) for path in files))

    async def check_config(self) -> None:
        """The folder is part of the program."""


_SERVED: Final = {".js", ".css", ".svg", ".html"}


@lru_cache(maxsize=2)
def _digest(files: tuple[tuple[str, int], ...]) -> str:
    whole = hashlib.sha256()
    for path, _ in files:
        whole.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return whole.hexdigest()[:16]


@lru_cache(maxsize=500)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _packed(content: bytes, kind: str, headers: dict[str, str], scope: Scope) -> Response:
    """The answer, compressed for whoever takes that. These files are public: their sizes tell nothing."""
    headers = headers | {"vary": "Accept-Encoding"}
    if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
        return Response(_gzipped(content), headers=headers | {"content-encoding": "gzip"}, media_type=kind)
    return Response(content, headers=headers, media_type=kind)
