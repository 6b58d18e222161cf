"""The keys that objects in a bucket are sealed with: one, or two while the first is changed for the next. Shows none.

They are read whenever they are needed, so every process of a host has them as they are, whoever put them there.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from auth.durable import sync, write_new
from auth.signin import vault
from indexer.store.contract import StoreError
from indexer.store.sealed_streams import SealedStreams

KEY: Final = "store.key"  # among the keys of the home
NEXT: Final = "store-next.key"  # what takes its place; only while that goes on


class StoreKeys:
    """The keys in a folder. `agreed` gives the fingerprint of the one that seals now; "": nobody ever changed it."""

    def __init__(self, folder: Path, agreed: Callable[[], str] = lambda: "") -> None:
        self._folder, self._agreed = folder, agreed

    def opening(self) -> list[SealedStreams]:
        """All that open something, the next one first. Raises VaultError."""
        following = self.following()  # before the other: it may take its place in between
        return [*([following] if following else []), self.current()]

    def sealing(self) -> SealedStreams:
        """The one that seals now. Raises VaultError; StoreError where this host lacks it."""
        agreed, keys = self._agreed(), self.opening()
        if not agreed:
            return keys[-1]
        for key in keys:
            if key.fingerprint == agreed:
                return key
        raise StoreError(
            f"The bucket is sealed with a key that is not in {self._folder}. Bring {KEY}, and {NEXT} where there is "
            "one, from a host that works."
        )

    def can_seal(self) -> bool:
        """Whether this host has the one that seals now. Raises VaultError."""
        agreed = self._agreed()
        return not agreed or any(key.fingerprint == agreed for key in self.opening())

    def current(self) -> SealedStreams:
        """The key; while it is changed, the one before. Raises VaultError."""
        return SealedStreams(vault.load_key(self._folder / KEY))

    def following(self) -> SealedStreams | None:
        """The key that takes its place; None where none does. Raises VaultError."""
        path = self._folder / NEXT
        return SealedStreams(vault.load_key(path)) if path.exists() else None

    def make_following(self) -> None:
        """Make the next key, unless there is one. Raises OSError."""
        made = self._folder / f".{NEXT}.{secrets.token_hex(8)}"
        write_new(made, secrets.token_hex(vault.KEY_BYTES).encode())
        try:
            with suppress(FileExistsError):
                os.link(made, self._folder / NEXT)  # whole, or not at all
        finally:
            made.unlink()
        sync(self._folder)

    def forget_earlier(self) -> None:
        """Put the next key in the place of the other, which is gone then. Raises OSError."""
        with suppress(FileNotFoundError):  # another process of this host did
            os.replace(self._folder / NEXT, self._folder / KEY)  # noqa: PTH105
        sync(self._folder)
