"""The hostile program on a machine without libseccomp: the filter is our own."""

import sys

sys.modules["pyseccomp"] = None  # type: ignore[assignment]

from hostile_child import work

from indexer.extract.cage.template import serve

if __name__ == "__main__":
    serve(work)
