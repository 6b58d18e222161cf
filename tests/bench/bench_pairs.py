"""Measures which papers are found to be pairs, in the sample and among manuals and United Nations papers, and which
differences are found that were planted between two human versions. `make bench-pairs`."""

from __future__ import annotations

from figures import record
from pairing import differences, large, pairing, sample, versions


def main() -> None:
    papers = sample()
    figures = {f"sample_{name}": value for name, value in pairing(papers).items()}
    figures |= differences(versions(papers))
    figures |= {f"manuals_{name}": value for name, value in pairing(large()).items()}
    record("pairs", "make bench-pairs", figures)


if __name__ == "__main__":
    main()
