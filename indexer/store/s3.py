"""A bucket of an S3 store, through `obstore`, its only importer, on first use. Knows names and bytes, no documents.

Connects to the address it is given and nowhere else: every choice of the library is made here, as it would take what is
not said from the environment (`AWS_…`). Refuses plain HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from indexer.store.contract import GoneError, StoreError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Store

RETRIES: Final = 3
_PATIENCE: Final = timedelta(seconds=30)  # for one read, and for all tries of a request
_WHOLE: Final = timedelta(minutes=30)  # for all of an object
_PART: Final = 8 << 20  # bytes of an object that are sent at once
_PARTS_AT_ONCE: Final = 2
_LISTED: Final = 1_000
_WORDS: Final = 300  # characters of what the library says that are passed on


@dataclass(frozen=True, slots=True)
class BucketAccess:
    """Where a bucket is, and who asks. `authority` is a certificate besides the system's, as PEM; "": none."""

    url: str
    bucket: str
    prefix: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    authority: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """An object by its name, when it was put there, and how large it is in bytes."""

    name: str
    at: datetime
    size: int


def missing() -> str:
    """What is to be installed before a bucket can be used; "" where nothing is."""
    return "" if find_spec("obstore") else "the library obstore is not installed. See requirements/s3.txt"


class Bucket:
    """Objects under a prefix. Every method raises StoreError."""

    def __init__(self, access: BucketAccess) -> None:
        self._access = access
        if why := missing():
            raise StoreError(f"Nothing can be kept in the bucket {access.bucket}: {why}")

    @property
    def address(self) -> str:
        """Where it is."""
        return f"{self._access.url} (bucket {self._access.bucket})"

    def put(self, name: str, pieces: Iterable[bytes]) -> bool:
        """Put an object there, over what was there; gives whether the bucket keeps what it was before, or deleted."""
        rest = iter(pieces)
        beginning = b"".join(_up_to(rest, _PART))
        whole = len(beginning) < _PART
        content = beginning if whole else chain([beginning], rest)
        with self._translated(name):
            stored = self._store.put(
                name, content, use_multipart=not whole, chunk_size=_PART, max_concurrency=_PARTS_AT_ONCE
            )
        return stored["version"] not in (None, "", "null")

    @contextmanager
    def get(self, name: str) -> Iterator[tuple[Iterator[bytes], datetime]]:
        """The bytes of an object, and when it was put there. Raises GoneError."""
        with self._translated(name):
            answer = self._store.get(name)
            yield map(bytes, answer.stream(_PART)), answer.meta["last_modified"]

    def beginning(self, name: str, size: int) -> bytes:
        """The first bytes of an object that has more than these. Raises GoneError."""
        with self._translated(name):
            return bytes(self._store.get_range(name, start=0, length=size))

    def listed(self, folder: str) -> Iterator[Listed]:
        """All objects whose names begin with a folder's."""
        with self._translated(folder):
            for some in self._store.list(folder, chunk_size=_LISTED):
                for each in some:
                    yield Listed(each["path"], each["last_modified"], each["size"])

    def delete(self, names: Sequence[str]) -> None:
        """Delete objects; nothing happens to those that are gone."""
        with self._translated(names[0] if names else ""):
            for at in range(0, len(names), _LISTED):
                self._store.delete(names[at : at + _LISTED])

    @cached_property
    def _store(self) -> S3Store:
        from obstore.store import S3Store

        access = self._access
        options: ClientConfig = {
            "allow_http": False,
            "allow_invalid_certificates": False,
            "connect_timeout": timedelta(seconds=5),
            "read_timeout": _PATIENCE,
            "timeout": _WHOLE,
            "proxy_url": access.url,  # which none is asked through, nor one of the environment (`HTTPS_PROXY`)
            "proxy_excludes": urlsplit(access.url).hostname or "",
        }
        if access.authority:
            options["root_certificate"] = access.authority
        with self._translated(access.bucket):
            return S3Store(
                access.bucket,
                prefix=access.prefix or None,
                client_options=options,
                retry_config={"max_retries": RETRIES, "retry_timeout": _PATIENCE},
                credential_provider=_credentials(access),
                endpoint=access.url,
                aws_endpoint_url_s3=access.url,  # which would go before the other
                region=access.region,
                skip_signature=False,
                virtual_hosted_style_request=False,
                s3_express=False,
                request_payer=False,
                unsigned_payload=False,
                disable_tagging=True,
            )

    @contextmanager
    def _translated(self, name: str) -> Iterator[None]:
        """Raise what the library raises as our own."""
        from obstore.exceptions import BaseError

        try:
            yield
        except FileNotFoundError as error:
            raise GoneError(f"There is no object {name} in {self.address}.") from error
        except (BaseError, OSError, ValueError) as error:
            words = str(error).partition("\n")[0][:_WORDS]
            raise StoreError(f"The store {self.address} does not do what it is asked with {name}: {words}") from error


def _up_to(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The first pieces, until they are of this size or there are no more."""
    while size > 0 and (piece := next(pieces, None)) is not None:
        yield piece
        size -= len(piece)


def _credentials(access: BucketAccess) -> Callable[[], Any]:
    """Who asks: these keys, and no token that the environment may hold."""
    return lambda: {
        "access_key_id": access.key,
        "secret_access_key": access.secret,
        "token": None,
        "expires_at": None,
    }
