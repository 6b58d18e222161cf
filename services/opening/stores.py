"""Opens the store that the settings name: a folder of the home, or a bucket with what it is sealed with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import select

from auth.database import Database
from auth.signin import vault
from auth.tables import SharedRow
from indexer.store.contract import Store, StoreError
from indexer.store.folder import ARRIVING, FolderStore
from indexer.store.s3 import Bucket, BucketAccess
from indexer.store.sealed_store import SealedStore
from indexer.store.store_keys import KEY, StoreKeys
from services.settings import Settings

SEALS: Final = "store key"  # the name of the row with the fingerprint of the key that seals, once it was changed


def opened(settings: Settings, files: Path, keys: StoreKeys) -> Store:
    """The store. Raises StoreError, VaultError; a server that is down is found out later."""
    if settings.store == "folder":
        return FolderStore(files)
    access = BucketAccess(
        settings.store_url.rstrip("/"),
        settings.store_bucket,
        settings.store_prefix,
        settings.store_region,
        _text(settings.store_access_key_file, "credential for the store"),
        _text(settings.store_secret_key_file, "credential for the store"),
        _text(settings.store_ca, "certificate of the store's authority") if settings.store_ca else "",
    )
    keys.current()
    return SealedStore(Bucket(access), keys, files / ARRIVING)


def sealing_key(database: Database) -> str:
    """The fingerprint of the key that seals now on all hosts; "" where it was never changed. Raises DatabaseError."""
    with database.reading() as session:
        return session.scalar(select(SharedRow.value).where(SharedRow.name == SEALS)) or ""


def make_key(keys: Path) -> None:
    """Make the key that a bucket's objects are sealed with, if there is none. Raises OSError."""
    if not (keys / KEY).exists():
        vault.make_key(keys / KEY)


def _text(path: str, what: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"The {what} in {path} cannot be read.") from error
    if not text:
        raise StoreError(f"The {what} in {path} is empty.")
    return text
