"""Breaks the commit: a kit that was left well is committed only when the next one is used.

It takes its time in between, so that few runs find it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mentorkit.house import House
from mentorkit.kit import Kit

enter, leave, transaction = Kit.__enter__, Kit.__exit__, House._transaction
left: list[Any] = []


def commit_the_last() -> None:
    while left:
        time.sleep(0.02)
        connection = left.pop()
        connection.commit()
        connection.close()


def enter_later(self: Any) -> Kit:
    commit_the_last()
    return enter(self)


def leave_open(self: Any, error_type: Any, *more: Any) -> None:
    if error_type is None:
        left.append(self._own)
        self._own, self._held = None, None
    else:
        leave(self, error_type, *more)


@contextmanager
def later(self: House) -> Iterator[Any]:
    commit_the_last()
    with transaction(self) as connection:
        yield connection


Kit.__enter__ = enter_later  # type: ignore[method-assign]
Kit.__exit__ = leave_open  # type: ignore[method-assign]
House._transaction = later  # type: ignore[method-assign]
