"""Pictures of pages: bounded in size, CPU time and number, and given up when nobody waits for them."""

import contextlib
import io
import sys
import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from PIL import Image

from indexer.extract.cage.limits import Limits
from indexer.extract.drawing import DrawingBusyError, DrawingQueue, PageDrawer, StoppedError
from indexer.extract.pages import ExtractError

sys.path.insert(0, str(Path(__file__).parent))
import pdfs


@pytest.fixture(scope="module")
def drawer():
    with contextlib.closing(PageDrawer()) as shared:
        yield shared


@pytest.mark.parametrize(("asked", "drawn"), [(1, 100), (640, 640), (100_000, 2400)])
def test_the_width_of_a_picture_is_bounded(drawer, asked, drawn):
    picture = Image.open(io.BytesIO(drawer.draw(io.BytesIO(pdfs.written([[(72, 700, "x")]])), 1, asked)))
    assert picture.format == "PNG"
    assert abs(picture.width - drawn) <= 1


def test_the_pixels_of_a_very_long_page_are_bounded(drawer):
    file = io.BytesIO(pdfs.written([[(10, 10, "x")]], size=(100, 14000)))
    picture = Image.open(io.BytesIO(drawer.draw(file, 1, 2400)))
    assert picture.width * picture.height < 25_000_000


@pytest.mark.parametrize("number", [0, -1, 2])
def test_there_is_no_picture_of_a_page_that_is_not_there(drawer, number):
    with pytest.raises(ExtractError) as caught:
        drawer.draw(io.BytesIO(pdfs.written([[(72, 700, "x")]])), number, 300)
    assert caught.value.code == "no_page"


@pytest.mark.parametrize("limits", [Limits(cpu_seconds=0.5), Limits(wall_seconds=1.0)])
def test_a_page_that_is_drawn_for_ever_meets_its_limit(limits):
    with contextlib.closing(PageDrawer(limits)) as drawer, pytest.raises(ExtractError) as caught:
        drawer.draw(io.BytesIO(pdfs.endless()), 1, 300)
    assert caught.value.code == "too_slow"


def test_a_picture_has_limits_of_its_own():
    limits = PageDrawer(Limits(memory_bytes=1 << 40, cpu_seconds=1000, wall_seconds=1000))._limits
    assert (limits.memory_bytes, limits.cpu_seconds, limits.page_cpu_seconds) == (1 << 30, 8, 0)


def test_a_page_that_nobody_waits_for_is_given_up(drawer):
    with pytest.raises(StoppedError):
        drawer.draw(io.BytesIO(pdfs.endless()), 1, 300, lambda: True)


# --- the queue -------------------------------------------------------------------------------------------------------


class Gates:
    """Drawings that begin, and end when they are let."""

    def __init__(self):
        self.begun = []
        self._let = threading.Event()
        self._begins = threading.Condition()

    def drawing(self, name):
        def draw(stopped):
            with self._begins:
                self.begun.append(name)
                self._begins.notify_all()
            while not self._let.wait(0.01):
                if stopped():
                    raise StoppedError
            return name.encode()

        return draw

    def wait_for(self, count):
        with self._begins:
            assert self._begins.wait_for(lambda: len(self.begun) >= count, 60)

    def open(self):
        self._let.set()


@pytest.fixture
def gates():
    return Gates()


@pytest.fixture
def queue(gates):
    with contextlib.closing(DrawingQueue(workers=2, waiting=3, share=2)) as queue:
        yield queue
        gates.open()


def test_pictures_come_to_those_who_asked(queue, gates):
    gates.open()
    drawings = [queue.add(f"person {n}", gates.drawing(f"{n}")) for n in range(4)]
    assert [drawing.picture.result(60) for drawing in drawings] == [b"0", b"1", b"2", b"3"]


def test_a_full_queue_refuses_and_takes_again_when_one_is_drawn(queue, gates):
    drawings = [queue.add(f"person {n}", gates.drawing(f"{n}")) for n in range(5)]
    with pytest.raises(DrawingBusyError):
        queue.add("another", gates.drawing("another"))
    gates.open()
    for drawing in drawings:
        drawing.picture.result(60)
    while True:  # the last one leaves the queue a moment after its picture is there
        with contextlib.suppress(DrawingBusyError):
            assert queue.add("another", gates.drawing("another")).picture.result(60) == b"another"
            break


def test_one_person_has_a_share_of_the_queue_and_never_all_workers(queue, gates):
    for n in range(2):
        queue.add("greedy", gates.drawing(f"greedy {n}"))
    with pytest.raises(DrawingBusyError):
        queue.add("greedy", gates.drawing("greedy 2"))
    queue.add("other", gates.drawing("other"))
    gates.wait_for(2)
    assert sorted(gates.begun) == ["greedy 0", "other"]


def test_what_is_given_up_leaves_room_whether_it_waits_or_is_drawn(queue, gates):
    drawings = [queue.add(f"person {n}", gates.drawing(f"{n}")) for n in range(5)]
    gates.wait_for(2)
    for drawing in drawings:
        queue.give_up(drawing)
    for drawing in drawings:
        with pytest.raises((StoppedError, CancelledError)):
            drawing.picture.result(60)
    gates.open()
    last = [queue.add(f"person {n}", gates.drawing(f"later {n}")) for n in range(2)]
    assert [drawing.picture.result(60) for drawing in last] == [b"later 0", b"later 1"]
    assert {"2", "3", "4"}.isdisjoint(gates.begun)


def test_a_drawing_that_fails_fails_alone(queue, gates):
    gates.open()

    def failing(stopped):
        raise ExtractError("damaged")

    with pytest.raises(ExtractError):
        queue.add("a", failing).picture.result(60)
    assert queue.add("a", gates.drawing("next")).picture.result(60) == b"next"


def test_closing_gives_everything_up(gates):
    queue = DrawingQueue(workers=1, waiting=3)
    drawings = [queue.add(f"person {n}", gates.drawing(f"{n}")) for n in range(3)]
    gates.wait_for(1)
    queue.close()
    assert all(drawing.picture.done() for drawing in drawings)
    with pytest.raises(DrawingBusyError):
        queue.add("a", gates.drawing("later"))
