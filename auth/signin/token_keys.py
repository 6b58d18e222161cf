"""Keeps the keys that sign tokens in the database, sealed with a key that hosts have which answer people. Shows none.

So every such host has them, and what is changed on one holds on all of them at the next request.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from auth.database import Database, locked
from auth.signin import tokens, vault
from auth.signin.tokens import Key, Signer, SigningKeyError
from auth.signin.vault import VaultError
from auth.tables import SharedRow

FILE: Final = "signing.key"  # among the keys of the home; it opens the row
NAME: Final = "token keys"  # of the row, and what it is bound to
SEALED: Final = select(SharedRow.value).where(SharedRow.name == NAME).scalar_subquery()


class TokenKeys:
    """The keys of one database; opened anew whenever they were changed."""

    def __init__(self, file: Path) -> None:
        """`file` has the key that they are sealed with."""
        self._file = file
        self._opened: tuple[str, Signer] | None = None

    def signer(self, session: Session) -> Signer:
        """The keys as they are now. Raises SigningKeyError, VaultError."""
        return self.opened(session.scalar(select(SEALED)))

    def last_seen(self, session: Session) -> Signer:
        """The keys as they were when they were last read: who believes them looks again. Raises as `signer`."""
        return self._opened[1] if self._opened else self.signer(session)

    def opened(self, row: str | None) -> Signer:
        """The keys in the row `SEALED`; while it is the same, the same object. Raises as `signer`."""
        sealed, opened = row or "", self._opened
        if opened is None or opened[0] != sealed:
            opened = self._opened = (sealed, self._unsealed(sealed))
        return opened[1]

    def create(self, database: Database, earlier: Path) -> None:
        """Make the keys, where none can be opened; those in the file of an earlier version are taken from there.

        Raises SigningKeyError, VaultError, DatabaseError, OSError.
        """
        with database.session() as session:
            row = _row(session)
            try:
                self._unsealed(row.value)
            except (SigningKeyError, VaultError):
                earlier_keys = tokens.signer_of(earlier.read_text("utf-8", "replace")) if earlier.exists() else None
                row.value = self._sealed(earlier_keys or tokens.fresh())
        earlier.unlink(missing_ok=True)

    def rotate(self, database: Database, sign_out: bool = False) -> Key:
        """Sign with a new key from now on; `sign_out`: and believe no other. Raises SigningKeyError, VaultError."""
        with database.session() as session:
            row = _row(session)
            signer = tokens.fresh() if sign_out else tokens.rotated(self._unsealed(row.value))
            row.value = self._sealed(signer)
        return signer.keys[0]

    def _sealed(self, signer: Signer) -> str:
        return vault.sealed_by(vault.load_key(self._file), tokens.text_of(signer), NAME)

    def _unsealed(self, sealed: str) -> Signer:
        if not sealed:
            raise SigningKeyError("There is no key that signs tokens yet. Run: tolmach init")
        return tokens.signer_of(vault.unsealed_by(vault.load_key(self._file), sealed, NAME))


def _row(session: Session) -> SharedRow:
    return locked(session, select(SharedRow).where(SharedRow.name == NAME), SharedRow(name=NAME, value=""))
