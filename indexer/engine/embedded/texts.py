"""Every text of the embedded index as columns in memory: of which passage and document it is, and how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.embedded.segments import Numbers

DOCUMENT_BITS, ORDINAL_BITS = 28, 8  # shifts of a row: document number | ordinal of the passage | length byte
_LARGEST_ORDINAL = (1 << (DOCUMENT_BITS - ORDINAL_BITS)) - 1


@dataclass(frozen=True, slots=True)
class TextColumns:
    """Texts by number, those of a segment from `bases[segment]` on; their passages are numbered as they come.

    A text of a removed document is of document 0, which there is not.
    """

    bases: Numbers
    lengths: NDArray[np.uint8]
    passages: Numbers  # of each text
    documents: Numbers  # of each text
    passage_documents: Numbers
    passage_ordinals: Numbers

    @classmethod
    def of(cls, segments: Sequence[Numbers]) -> TextColumns:
        """The columns of these segments' rows."""
        rows = np.concatenate([np.zeros(0, np.int64), *segments])
        keys = rows >> ORDINAL_BITS
        first = np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]
        return cls(
            np.cumsum([0, *map(len, segments)]),
            (rows & 0xFF).astype(np.uint8),
            np.cumsum(first) - 1,
            rows >> DOCUMENT_BITS,
            rows[first] >> DOCUMENT_BITS,
            keys[first] & _LARGEST_ORDINAL,
        )

    def none(self) -> NDArray[np.bool_]:
        """No passage of all."""
        return np.zeros(len(self.passage_documents), np.bool_)
