"""One person's searches run one after the other, a few wait, more are refused; others are not kept waiting."""

from __future__ import annotations

import threading

import pytest

from indexer.search.turns import MOST, SearchesWaitError, Turns


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
