"""Passes over all pairs, in parts, on any executor.

Each part is whole in itself and its result depends on nothing else, so who works it out,
and how often it is begun, makes no difference to the plan.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

from mentorkit.errors import MentorkitError

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 32
"""Parts handed out before their turn, so that as many may be worked out at once."""

_log = logging.getLogger(__name__)


def in_turn(
    work: Callable[[T], R], parts: Iterable[T], executor: Executor | None = None
) -> Iterator[R]:
    """What `work` makes of each part, in the order of the parts.

    A part that the executor loses (a killed worker, a broken connection, something that
    cannot be sent) is worked out here. What a plugin does wrong is raised as it is.
    """
    if executor is None:
        yield from map(work, parts)
        return
    waiting: deque[tuple[T, Future[R] | None]] = deque()
    for part in parts:
        waiting.append((part, _handed_out(executor, work, part)))
        if len(waiting) > AHEAD:
            yield _result(work, *waiting.popleft())
    while waiting:
        yield _result(work, *waiting.popleft())


def _handed_out(executor: Executor, work: Callable[[T], R], part: T) -> Future[R] | None:
    try:
        return executor.submit(work, part)
    except Exception as error:
        _lost(error)
        return None


def _result(work: Callable[[T], R], part: T, future: Future[R] | None) -> R:
    if future is not None:
        try:
            return future.result()
        except MentorkitError:
            raise
        except Exception as error:
            _lost(error)
    return work(part)


def _lost(error: Exception) -> None:
    # The name alone: a message may quote what was sent.
    _log.warning("the executor lost a part (%s); it is worked out here", type(error).__name__)
