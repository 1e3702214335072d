"""Checks are waited for no longer than they may take, and share a thread otherwise."""

from __future__ import annotations

import threading
from contextvars import ContextVar

import pytest

from mentorkit.testing.contracts.check import Limit

pytestmark = pytest.mark.once

SEEN = ContextVar("SEEN", default=0)


def thread_of(limit: Limit) -> int:
    """The thread that the limit has a check done in."""
    found: list[int] = []
    limit.keep("quick", lambda: found.append(threading.get_ident()))
    return found[0]


def test_checks_share_a_thread_beside_the_tests():
    """A new thread costs Hypothesis a look through all objects there are."""
    threads = {thread_of(Limit(60.0)) for _ in range(5)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_after_one_that_does_not_end_others_are_done_in_another_thread():
    free = threading.Event()
    limit, stuck = Limit(0.1), thread_of(Limit(60.0))
    try:
        with pytest.raises(AssertionError, match=r"did not end within 0\.1 seconds"):
            limit.keep("slow", free.wait)  # type: ignore[arg-type]
        assert thread_of(Limit(60.0)) != stuck
        with pytest.raises(AssertionError, match="because slow did not end"):
            thread_of(limit)
    finally:
        free.set()


def test_what_a_check_raises_is_raised_here_and_the_next_is_done():
    def fail() -> None:
        raise KeyboardInterrupt("oh")

    with pytest.raises(KeyboardInterrupt, match="oh"):
        Limit(60.0).keep("broken", fail)
    assert thread_of(Limit(60.0)) != threading.get_ident()


def test_nothing_that_a_check_sets_in_its_context_reaches_the_next():
    seen: list[int] = []
    Limit(60.0).keep("sets", lambda: SEEN.set(1))  # type: ignore[arg-type, return-value]
    Limit(60.0).keep("reads", lambda: seen.append(SEEN.get()))
    assert seen == [0]
