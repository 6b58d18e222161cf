"""Draws pages as pictures, in the cage, a few at a time. Refuses what finds no room in its queue.

Nobody's pages keep others waiting for long: one person has at most `SHARE` pictures asked for and not yet drawn, and
never all the workers; a picture has seconds of CPU time; and one that nobody waits for any more is given up.
"""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from auth.errors import ErrorKind, TolmachError
from indexer.extract import answers
from indexer.extract.cage.keeper import Cage, StoppedError, readable
from indexer.extract.cage.limits import Limits
from indexer.extract.pages import ExtractError
from indexer.extract.precheck import precheck

WORKERS: Final = 2
WAITING: Final = 16
SHARE: Final = 4

_MEMORY = 1 << 30
_CPU_SECONDS = 8
_WALL_SECONDS = 40

Stopped = Callable[[], bool]
"""Says whether nobody waits for the picture any more."""


class DrawingBusyError(TolmachError):
    """So many pictures wait to be drawn, all in all or for this person, that no more may wait."""

    kind = ErrorKind.BUSY
    code = "drawing_busy"
    sentence = "Many pages are being drawn at the moment. Try again in a few seconds."


class PageDrawer:
    """Draws pages; safe to share between threads, each of which draws in a child of its own."""

    def __init__(self, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self._limits = replace(
            limits,
            memory_bytes=min(limits.memory_bytes, _MEMORY),
            cpu_seconds=min(limits.cpu_seconds, _CPU_SECONDS),
            page_cpu_seconds=0,
            wall_seconds=min(limits.wall_seconds, _WALL_SECONDS),
        )
        self._cage = Cage("indexer.extract.children.pdfium_child")

    def draw(self, file: BinaryIO, page: int, width: int, stopped: Stopped = lambda: False) -> bytes:
        """A page as PNG, `width` pixels wide (kept within 100 to 2400). Raises ExtractError, StoppedError."""
        if page < 1:
            raise ExtractError("no_page")
        precheck(file)
        with readable(file) as descriptor:
            frames = list(self._cage.answers({"page": page, "width": width}, descriptor, self._limits, stopped))
        with answers.checked():
            ((_, payload),) = frames
            return answers.picture(payload)

    def close(self) -> None:
        """End the processes. The drawer may be used again: it then starts others."""
        self._cage.close()


@dataclass(frozen=True, eq=False)
class Drawing:
    """A picture on its way, for whom, and what draws it."""

    person_id: str
    draw: Callable[[Stopped], bytes]
    picture: "Future[bytes]" = field(default_factory=Future)
    given_up: threading.Event = field(default_factory=threading.Event)


class DrawingQueue:
    """The pictures that wait, and the few threads that draw them; started when the first one comes."""

    def __init__(self, workers: int = WORKERS, waiting: int = WAITING, share: int = SHARE) -> None:
        self._workers, self._most, self._share = workers, workers + waiting, share
        self._changed = threading.Condition()
        self._waiting: list[Drawing] = []
        self._running: list[Drawing] = []
        self._threads: list[threading.Thread] = []
        self._closed = False

    def add(self, person_id: str, draw: Callable[[Stopped], bytes]) -> Drawing:
        """Have a picture drawn when its turn comes. Raises DrawingBusyError."""
        drawing = Drawing(person_id, draw)
        with self._changed:
            pending = [*self._waiting, *self._running]
            theirs = sum(other.person_id == person_id for other in pending)
            if len(pending) >= self._most or theirs >= self._share or self._closed:
                raise DrawingBusyError
            self._waiting.append(drawing)
            if len(self._threads) < self._workers:
                self._threads.append(threading.Thread(target=self._work, daemon=True))
                self._threads[-1].start()
            self._changed.notify_all()
        return drawing

    def give_up(self, drawing: Drawing) -> None:
        """Nobody waits for this picture any more: it leaves the queue, or its child is ended."""
        drawing.given_up.set()
        with self._changed, contextlib.suppress(ValueError):
            self._waiting.remove(drawing)
            drawing.picture.cancel()

    def close(self) -> None:
        """Give up what waits and what is drawn, and wait until the threads are done."""
        with self._changed:
            self._closed = True
            pending = [*self._waiting, *self._running]
            self._changed.notify_all()
        for drawing in pending:
            self.give_up(drawing)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while drawing := self._next():
            try:
                drawing.picture.set_result(drawing.draw(drawing.given_up.is_set))
            except BaseException as error:  # whatever it is, who waits is to have it
                drawing.picture.set_exception(error)
            finally:
                with self._changed:
                    self._running.remove(drawing)
                    self._changed.notify_all()

    def _next(self) -> Drawing | None:
        """The drawing whose turn it is, when there is one; None at the end."""
        with self._changed:
            while not self._closed:
                drawing = self._first_in_turn()
                if drawing is None:
                    self._changed.wait()
                    continue
                self._waiting.remove(drawing)
                if drawing.picture.set_running_or_notify_cancel():
                    self._running.append(drawing)
                    return drawing
        return None

    def _first_in_turn(self) -> Drawing | None:
        """The first one whose person leaves a worker to others."""
        busy = Counter(other.person_id for other in self._running)
        most = max(1, self._workers - 1)
        return next((drawing for drawing in self._waiting if busy[drawing.person_id] < most), None)


__all__ = ["Drawing", "DrawingBusyError", "DrawingQueue", "PageDrawer", "StoppedError"]
