"""The engine for packages of Argos Translate: what the port asks of an engine, by `archive` and `argos`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, BinaryIO, Final

from indexer.translate import archive, argos
from indexer.translate.argos import ArgosTranslator, Effort
from indexer.translate.contract import Model, PackageDescription, PackageError, Translator
from indexer.translate.installed import read_json

_TRIAL: Final = Effort(workers=1, longest_translation=8)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class Argos:
    """Argos Translate. See TranslationEngine."""

    name: Final = "argos"
    suffix: Final = ".argosmodel"

    def __init__(self, scratch: Path, effort: Effort = argos.USUAL) -> None:
        """`scratch`: where the library's import makes its directories."""
        self._scratch, self._effort = scratch, effort

    def unpack(self, file: BinaryIO, into: Path) -> None:
        """See TranslationEngine."""
        archive.unpack(file, into)

    def describe(self, folder: Path) -> PackageDescription:
        """See TranslationEngine."""
        said = argos.describe(folder, self._scratch)
        if said.kind != "translate":
            raise PackageError(
                f"The package is of the kind {said.kind!r}; only en and ru translations are of use here."
            )
        return PackageDescription(
            said.source, said.target, said.version, _bound_to(read_json(folder / "metadata.json"))
        )

    def translator(self, model: Model, folder: Path, trial: bool = False) -> Translator:
        """See TranslationEngine."""
        return ArgosTranslator(model, folder, self._scratch, _TRIAL if trial else self._effort)


def _bound_to(metadata: dict[str, Any]) -> frozenset[str] | None:
    """The digests of the only files that a package may translate. Raises PackageError if they cannot be told."""
    if "tolmach" not in metadata:
        return None
    ours = metadata["tolmach"]
    documents = ours.get("documents") if isinstance(ours, dict) else None
    if not isinstance(documents, dict) or not all(map(_SHA256.fullmatch, documents)):
        raise PackageError("The package is bound to documents, but does not say to which.")
    return frozenset(documents)
