"""Passes on executors of every sort, also on such that fail in the middle."""

from __future__ import annotations

import logging
import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import PluginFailed
from mentorkit.matching.parallel import AHEAD, in_turn


def doubled(number: int) -> int:
    return 2 * number


def doubled_or_dead(number: int) -> int:
    """Kills the worker that it runs in, but not the process of the tests."""
    if number == 3 and get_context().parent_process() is not None:  # type: ignore[attr-defined]
        os._exit(1)
    return 2 * number


class Deferred(Executor):
    """Works nothing out until a result is asked for, and breaks at some parts."""

    def __init__(self, broken: set[int], refused: set[int]) -> None:
        self.broken, self.refused, self.handed = broken, refused, 0

    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.handed += 1
        if self.handed - 1 in self.refused:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future[Any] = Future()
        if self.handed - 1 in self.broken:
            future.set_exception(ConnectionError("worker lost"))
        else:
            future.set_result(work(*args))
        return future


@given(st.integers(0, 3 * AHEAD), st.sets(st.integers(0, 99)), st.sets(st.integers(0, 99)))
def test_whatever_an_executor_loses_is_worked_out_here(size, broken, refused):
    executor = Deferred(broken, refused)
    assert list(in_turn(doubled, range(size), executor)) == [2 * part for part in range(size)]


def test_threads_and_processes_keep_the_order():
    expected = [2 * part for part in range(100)]
    for pool in (ThreadPoolExecutor(3), ProcessPoolExecutor(2, get_context("spawn"))):
        with pool:
            assert list(in_turn(doubled, range(100), pool)) == expected
    assert list(in_turn(doubled, range(100))) == expected


def test_a_killed_worker_loses_nothing(caplog):
    with (
        caplog.at_level(logging.WARNING),
        ProcessPoolExecutor(2, get_context("spawn")) as pool,
    ):
        assert list(in_turn(doubled_or_dead, range(10), pool)) == [2 * part for part in range(10)]
    assert "worked out here" in caplog.text


def test_what_a_plugin_does_wrong_is_raised():
    def fails(part: int) -> int:
        raise PluginFailed("criterion 'x' raised ValueError")

    with ThreadPoolExecutor(1) as pool, pytest.raises(PluginFailed, match="criterion 'x'"):
        list(in_turn(fails, range(3), pool))
