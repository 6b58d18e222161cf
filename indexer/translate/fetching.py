"""Fetches a translation package from the one address that the operator names. Refuses all but TLS, and too much.

What comes is whatever the address sends: it is believed only by its digest, which the installation compares.
"""

from __future__ import annotations

import ipaddress
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from indexer.translate.contract import PackageError

LARGEST: Final = 2_000_000_000  # bytes of a package
PATIENCE: Final = 60  # seconds without a byte
_PIECE: Final = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file at the address, and the SHA-256 that it must have."""

    name: str
    sha256: str


OFFICIAL: Final[Mapping[str, PackageFile]] = {
    "en-ru": PackageFile(
        "translate-en_ru-1_9.argosmodel", "591d743ae103752b88ffc38785c50421320f4eff93c8967e0d3d2e14d4e27811"
    ),
    "ru-en": PackageFile(
        "translate-ru_en-1_9.argosmodel", "e9ba8bf722d10a4a4c39f74289d5938fd47eac08dbe4ed0afd22d89445a5c3ac"
    ),
}
DIRECTIONS: Final = tuple(OFFICIAL)


class _OnlyThere(HTTPRedirectHandler):
    """Follows the address to other places of its own alone: no connection is opened to what nobody named."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Where to ask next. Raises PackageError."""
        own, other = urlsplit(req.full_url), urlsplit(newurl)
        if (own.scheme, own.netloc) != (other.scheme, other.netloc):
            raise PackageError(
                f"The address sends one on to {other.scheme}://{other.netloc}, which is not followed: nobody named it. "
                "If you trust that one, set TOLMACH_MODELS_ADDRESS to it."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def fetched(address: str, package: PackageFile, beside: Path) -> Iterator[Path]:
    """The file, for as long as the block lasts, in a folder of its own beside the packages. Raises PackageError."""
    if not address:
        raise PackageError(
            "Nothing is fetched unless you say where from: set TOLMACH_MODELS_ADDRESS, or bring the file and run: "
            "tolmach models install FILE"
        )
    url = f"{address.rstrip('/')}/{quote(package.name, safe='')}"
    _check(url)
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetched-", dir=beside) as folder:
        path = Path(folder) / Path(package.name).name
        try:
            with path.open("wb") as file:
                _copy(url, file)
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, PackageError):
                raise
            raise PackageError(f"{package.name} could not be fetched from {address}: {error}") from error
        yield path


def _copy(url: str, file: IO[bytes]) -> None:
    opener = build_opener(_OnlyThere)
    read = 0
    with opener.open(url, timeout=PATIENCE) as answer:
        while piece := answer.read(_PIECE):
            read += len(piece)
            if read > LARGEST:
                raise PackageError("What the address sends is larger than any package. Nothing was installed.")
            file.write(piece)


def _check(url: str) -> None:
    """Raise PackageError of an address that is not TLS, but for this machine's own."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise PackageError("Packages are fetched by https:// alone; http:// is for this machine's loopback address.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
