"""One person's searches run one after the other, a few wait, more are refused; what costs much lets others go first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from indexer.engine.budget import give_way
from indexer.search import turns as module
from indexer.search.turns import AT_ONCE, MOST, SLICE, USUAL, SearchesWaitError, Turns


def test_one_persons_searches_never_run_together_and_a_few_may_wait() -> None:
    turns, running, most, release = Turns(), [], [], threading.Event()
    waiting = threading.Semaphore(0)

    def search() -> None:
        waiting.release()
        with turns.of("ann"):
            running.append(1)
            most.append(len(running))
            release.wait()
            running.pop()

    threads = [threading.Thread(target=search) for _ in range(MOST)]
    for thread in threads:
        thread.start()
    for _ in threads:
        waiting.acquire()
    while turns._turns["ann"].asked < MOST:
        pass
    with pytest.raises(SearchesWaitError), turns.of("ann"):
        pass
    with turns.of("bob"):  # at once, whatever ann waits for
        pass
    release.set()
    for thread in threads:
        thread.join()
    assert most == [1] * MOST
    assert turns._turns == {}


def test_a_turn_is_given_back_by_a_search_that_fails() -> None:
    turns = Turns()
    for _ in range(2 * MOST):
        with pytest.raises(ZeroDivisionError), turns.of("ann"):
            raise ZeroDivisionError
    assert turns._turns == {}


def works(seconds: float = 2 * USUAL) -> None:
    """Keep a processor busy, then look whether to give way, as a search does."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass
    give_way()


@contextmanager
def beside(search: Callable[[], None]) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=search)
    thread.start()
    yield thread
    thread.join()


def until(happened: Callable[[], object]) -> None:
    while not happened():
        time.sleep(0.001)


def waits(turns: Turns) -> bool:
    return bool(turns._changed._waiters)  # type: ignore[attr-defined]


def test_a_search_that_costs_much_waits_for_one_that_costs_little(monkeypatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 60)
    turns, done = Turns(), []

    def much() -> None:
        with turns.of("ann"):
            works()
        done.append("much")

    with ExitStack() as after, turns.of("bob"):
        after.enter_context(beside(much))
        until(lambda: waits(turns) or done)
        done.append("little")
    assert done == ["little", "much"]


def test_it_waits_for_a_while_only() -> None:
    turns, done = Turns(), threading.Event()

    def much() -> None:
        with turns.of("ann"):
            for _ in range(3):
                works()
        done.set()

    with turns.of("bob"), beside(much):
        done.wait()  # for ever, were it to wait until bob has done
        assert turns._turns["bob"].runs


def test_searches_that_cost_alike_do_not_wait_for_one_another(monkeypatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 60)
    turns, done = Turns(), threading.Event()

    def alike() -> None:
        with turns.of("ann"):
            works()
        done.set()

    with turns.of("bob"):
        turns._turns["bob"].before = 2 * USUAL
        with beside(alike):
            until(lambda: waits(turns) or done.is_set())
            assert done.is_set()


def test_of_many_at_once_each_waits_before_it_begins_while_somebody_else_searches(monkeypatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 60)
    turns, done, first_may_end = Turns(), [], threading.Event()

    def first() -> None:
        with turns.of("ann"):
            first_may_end.wait()

    def second() -> None:
        with turns.of("ann"):
            done.append("second of ann")

    with beside(first):
        until(lambda: turns._turns.get("ann") and turns._turns["ann"].runs)
        with beside(second):
            until(lambda: turns._turns["ann"].asked == 2)
            with turns.of("bob"):
                first_may_end.set()
                until(lambda: waits(turns) or done)
                done.append("bob")
    assert done == ["bob", "second of ann"]
    assert turns._turns == {}


def test_of_many_at_once_the_one_under_way_waits_for_somebody_who_asks_for_one(monkeypatch) -> None:
    """Though theirs costs as much: whoever asks for eight at a time would have half of the processor for ever."""
    monkeypatch.setattr(module, "PATIENCE", 60)
    turns, done, queued = Turns(), [], threading.Event()

    def first() -> None:
        with turns.of("ann"):
            queued.wait()
            works()
            done.append("ann")

    def second() -> None:
        with turns.of("ann"):
            pass

    with ExitStack() as after, turns.of("bob"):
        turns._turns["bob"].before = 60
        after.enter_context(beside(first))
        until(lambda: turns._turns.get("ann") and turns._turns["ann"].runs)
        after.enter_context(beside(second))
        until(lambda: turns._turns["ann"].asked == 2)
        queued.set()
        until(lambda: waits(turns) or done)
        done.append("bob")
    assert done == ["bob", "ann"]


def test_nobody_who_asks_for_one_waits_for_one_of_many_that_costs_little(monkeypatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 60)
    turns, done, release = Turns(), [], threading.Event()

    def one_of_many() -> None:
        with turns.of("ann"):
            release.wait()

    def one() -> None:
        with turns.of("bob"):
            works()
        done.append("bob")

    with beside(one_of_many), beside(one_of_many):
        until(lambda: turns._turns.get("ann") and turns._turns["ann"].asked == 2)
        with beside(one):
            until(lambda: waits(turns) or done)
            before_ann = list(done)
            release.set()
    assert before_ann == ["bob"]


def test_a_usual_search_waits_for_none_that_costs_less(monkeypatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 60)
    turns, done = Turns(), threading.Event()

    def usual() -> None:
        with turns.of("ann"):
            for _ in range(3):
                works(SLICE)
        done.set()

    with turns.of("bob"), beside(usual):
        until(lambda: waits(turns) or done.is_set())
        assert done.is_set()


def test_a_few_work_at_once_and_the_others_begin_in_the_order_of_asking(monkeypatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 60)
    turns, begun, may_end = Turns(), list[int](), [threading.Event() for _ in range(3 * AT_ONCE)]

    def search(number: int) -> None:
        with turns.of(f"person {number}"):
            begun.append(number)
            may_end[number].wait()

    with ExitStack() as after:
        for number in range(3 * AT_ONCE):
            after.enter_context(beside(lambda number=number: search(number)))  # type: ignore[misc]
            until(lambda number=number: len(begun) + len(turns._waiting) == number + 1)
        assert begun == list(range(AT_ONCE))
        for number, event in enumerate(may_end):
            event.set()
            until(lambda number=number: len(begun) == min(3 * AT_ONCE, AT_ONCE + number + 1))
    assert begun == list(range(3 * AT_ONCE))
    assert (turns._working, len(turns._waiting), turns._turns) == (0, 0, {})


def test_a_search_that_gives_way_leaves_its_place_to_another(monkeypatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 60)
    monkeypatch.setattr(module, "LONGEST", 60)
    monkeypatch.setattr(module, "AT_ONCE", 1)
    turns, done = Turns(), []

    def much() -> None:
        with turns.of("ann"):
            until(lambda: turns._waiting)  # bob, who cannot begin
            works()
            done.append("much")

    with beside(much):
        until(lambda: turns._working)
        with turns.of("bob"):
            done.append("little")
    assert done == ["little", "much"]


def test_nobody_waits_for_ever_until_they_begin(monkeypatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.01)
    monkeypatch.setattr(module, "AT_ONCE", 1)
    turns, begun, working = Turns(), threading.Event(), list[int]()

    def search() -> None:
        with turns.of("bob"):
            working.append(turns._working)
            begun.set()

    with turns.of("ann"), beside(search):
        begun.wait()  # for ever, were it to wait until ann has done
    assert working == [2]
