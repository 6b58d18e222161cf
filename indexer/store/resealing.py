"""Brings what lies in a bucket under its next key, object by object. Refuses to lose what does not open.

Pictures are deleted, and drawn again when somebody looks: their names are made with the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from indexer.store.arriving import WaitingFiles
from indexer.store.contract import BrokenError, GoneError
from indexer.store.s3 import Listed
from indexer.store.sealed_bucket import CHECKS, ORIGINALS, PICTURES, SealedBucket
from indexer.store.sealed_streams import SealedStreams


@dataclass(slots=True)
class Resealing:
    """One walk over a bucket. `is_over`: whether a document was removed for good; its original must not come back.

    `anew` counts what was not under the key and is now, or is gone; `broken` are the objects that do not open.
    """

    bucket: SealedBucket
    waiting: WaitingFiles
    key: SealedStreams
    is_over: Callable[[str], bool]
    anew: int = 0
    broken: list[str] = field(default_factory=list)

    def steps(self) -> Iterator[tuple[int, int]]:
        """Look at every object; tells after each how many were looked at, and of how many. Raises StoreError.

        Whoever is stopped in between loses nothing.
        """
        every = [each for folder in (CHECKS, ORIGINALS, PICTURES) for each in self.bucket.bucket.listed(folder)]
        for done, each in enumerate(every, 1):
            with suppress(GoneError):  # removed just now
                self._bring(each)
            yield done, len(every)

    def _bring(self, each: Listed) -> None:
        if self.bucket.is_under(self.key, each):
            return
        folder, _, rest = each.name.partition("/")
        try:
            if folder == PICTURES:
                self.bucket.delete([each.name])
            else:
                self._reseal(each.name)
        except BrokenError:
            self.broken.append(each.name)
            return
        self.anew += 1
        if folder == ORIGINALS and self.is_over(rest):
            self.bucket.delete([each.name])

    def _reseal(self, name: str) -> None:
        with self.waiting.nameless_file() as file:
            with self.bucket.get(name) as (pieces, _):
                for piece in pieces:
                    file.write(piece)
            file.seek(0)
            self.bucket.put(lambda _: name, cast(BinaryIO, file))
