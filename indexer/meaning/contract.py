"""What an encoder gives: a vector for a text. Whoever brings another one keeps this contract."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """Makes vectors of texts in English and Russian that lie near where the texts mean the same.

    A vector depends on its text alone, and has the same number of numbers always: 1,024 at most, so that sums are
    exact. Any number of threads may ask at once.
    """

    @property
    def name(self) -> str:
        """The encoder and its version: vectors of another name are made anew."""

    def encode(self, text: str) -> Floats:
        """The vector of one text, by itself, of length 1. The text is as `texts.cleaned` leaves it."""
