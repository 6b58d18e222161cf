"""What a host needs of a home for the work that it does; and no more is taken there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

from auth.audit.trail import AUDITOR_KEY, SIGNING_KEY
from auth.errors import ErrorKind, TolmachError
from auth.signin import token_keys, vault
from indexer.store import store_keys
from services.components import Components
from services.opening import engines
from services.settings import Settings


class HostError(TolmachError):
    """This host cannot work beside the others; the message says why, and what to do."""

    kind = ErrorKind.INTERNAL
    code = "host"


class HostRole(StrEnum):
    """What a host does: it answers people, it takes papers through the pipeline, or it recognises pages alone."""

    API = "api"
    WORKER = "worker"
    OCR = "ocr"


SCHEME: Final = "scheme.toml"
DATABASE_KEY: Final = f"keys/{vault.FILE}"
SIGNING_KEYS: Final = f"keys/{token_keys.FILE}"  # opens those that sign tokens
STAMPS: Final = f"keys/{engines.STAMPS}"
STORE_KEY: Final = f"keys/{store_keys.KEY}"
NEXT_STORE_KEY: Final = f"keys/{store_keys.NEXT}"  # while the other is changed for it
CHECKPOINTS: Final = f"keys/{SIGNING_KEY}"
AUDITOR: Final = f"keys/{AUDITOR_KEY}"
ALIKE: Final = (SCHEME, DATABASE_KEY, SIGNING_KEYS, STAMPS, STORE_KEY, CHECKPOINTS)  # on every host that has it


def needed(settings: Settings, role: HostRole) -> list[str]:
    """The files of the home without which a host does not do this work."""
    files = [SCHEME, CHECKPOINTS]
    if settings.store == "s3":
        files.append(STORE_KEY)
    if role is HostRole.API:
        files.append(SIGNING_KEYS)
    if role is not HostRole.OCR:
        files += [DATABASE_KEY, STAMPS, *_engine_keys(settings, role)]
    return files


def _engine_keys(settings: Settings, role: HostRole) -> Iterator[str]:
    if settings.engine == "elasticsearch" and not (
        settings.elasticsearch_username or settings.elasticsearch_api_key_file
    ):
        yield f"keys/{engines.READER}"
        if role is HostRole.WORKER:
            yield f"keys/{engines.WRITER}"


def export(components: Components, role: HostRole, folder: Path) -> list[str]:
    """Copy what a host needs into a new or empty folder, which is its home then; gives the files. Raises HostError."""
    if folder.exists() and any(folder.iterdir()):
        raise HostError(f"{folder} is not empty. Give a folder that is new or empty.")
    home = components.home
    lacking = [name for name in needed(components.settings, role) if not (home.path / name).exists()]
    if lacking:
        raise HostError(f"This host has no {', '.join(lacking)} itself. Run this on one that has.")
    (folder / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    names = needed(components.settings, role)
    names += [name for name in (AUDITOR, NEXT_STORE_KEY) if (home.path / name).exists()]
    for name in names:
        shutil.copy2(home.path / name, folder / name)
    if role is HostRole.WORKER and home.models.is_dir():
        shutil.copytree(home.models, folder / home.models.name)
        names.append(f"{home.models.name}/")
    return names
