"""Counts how many of the Wycheproof vectors of JOSE our reader of tokens takes for one of ours: none may be."""

from __future__ import annotations

from figures import record
from morphology.measure import data_folder
from wycheproof import figures

if __name__ == "__main__":
    record("tokens", "make bench-tokens", figures(data_folder() / "authz" / "wycheproof"))
