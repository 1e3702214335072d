"""A promise as a named check, and what checks are made of."""

from __future__ import annotations

import contextvars
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import Any, NoReturn, TypeVar

import attrs
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from mentorkit import codec
from mentorkit.errors import Invalid, PluginFailed
from mentorkit.models import Participant
from mentorkit.registry import Registry, installed

T = TypeVar("T")
EXAMPLES = 15
PHASES = (Phase.generate, Phase.shrink)
"""Draw examples, and simplify one that shows a fault."""


@attrs.frozen(kw_only=True)
class Subject:
    """A kind under test, with what an author says of it.

    `data` are its settings as a programme's file would hold them, `people` a strategy of
    lists of participants.
    """

    kind: Any
    data: Mapping[str, Any] = attrs.field(factory=dict)
    people: SearchStrategy[list[Participant]] | None = None
    registry: Registry = attrs.field(factory=installed)

    def settings(self, **others: object) -> Any:
        """The kind's settings, filled from the data as the registry would."""
        return codec.structure(self.kind.settings, {**self.data, **others})

    def bound(self) -> Any:
        """A fresh object of the kind."""
        return self.kind.bind(self.settings())


class Worker:
    """A thread that does one work after the other, and cannot keep the tests waiting.

    The first time that Hypothesis draws in a thread it looks through all objects there are, which
    takes longer than most checks: hence one thread for many of them.
    """

    def __init__(self) -> None:
        self._works: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._outcomes: SimpleQueue[BaseException | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def outcome(self, work: Callable[[], None], seconds: float) -> BaseException | None:
        """What the work raised; `queue.Empty` is raised where it has not ended by then."""
        self._works.put(work)
        return self._outcomes.get(timeout=seconds)

    def place(self) -> str:
        """Where in the code it is."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        return traceback.format_stack(frame)[-1].strip() if frame else "nowhere"

    def _serve(self) -> None:
        while True:
            self._outcomes.put(_raised(self._works.get()))


def _raised(work: Callable[[], None]) -> BaseException | None:
    __tracebackhide__ = True
    try:
        contextvars.Context().run(work)
    except BaseException as error:
        return error
    return None


_IDLE: list[Worker] = []


@attrs.define
class Limit:
    """How long a check may take; after one that does not end, no other is begun."""

    seconds: float
    endless: str = ""

    def keep(self, name: str, work: Callable[[], None]) -> None:
        """Do the work beside the tests, and wait for it no longer than that."""
        __tracebackhide__ = True
        expect(not self.endless, f"it was not asked, because {self.endless} did not end")
        worker = _IDLE.pop() if _IDLE else Worker()
        try:
            error = worker.outcome(work, self.seconds)
            _IDLE.append(worker)
        except Empty:
            error = self._late(name, worker)
        if error is not None:
            raise error

    def _late(self, name: str, worker: Worker) -> AssertionError:
        self.endless = name
        place = worker.place()
        return AssertionError(f"it did not end within {self.seconds:g} seconds, and was at {place}")


@attrs.frozen
class Check:
    """One promise about one subject; calling it raises AssertionError where it is broken."""

    name: str
    promise: str
    run: Callable[[], None]

    def __call__(self) -> None:
        __tracebackhide__ = True
        self.run()


Promise = Callable[[Any], None]
"""A function that takes a subject; its name is the check's, its docstring the promise."""


def checks_from(promises: tuple[Promise, ...], subject: object, limit: Limit) -> tuple[Check, ...]:
    """A check of the subject for each promise, within the limit that they share."""

    def ready(promise: Promise) -> Check:
        def run() -> None:
            __tracebackhide__ = True
            limit.keep(promise.__name__, lambda: promise(subject))

        return Check(promise.__name__, (promise.__doc__ or "").strip(), run)

    return tuple(ready(promise) for promise in promises)


def expect(true: object, sentence: str) -> None:
    """AssertionError with the sentence, unless it is true."""
    __tracebackhide__ = True
    if not true:
        fail(sentence)


def fail(sentence: str) -> NoReturn:
    """AssertionError with the sentence."""
    __tracebackhide__ = True
    raise AssertionError(sentence)


def for_all(
    strategy: SearchStrategy[T], test: Callable[[T], None], examples: int = EXAMPLES
) -> None:
    """Run the test on drawn examples, the same ones every time; the simplest fault counts."""
    __tracebackhide__ = True

    last: list[T] = []

    def one(drawn: T) -> None:
        __tracebackhide__ = True
        last[:] = [drawn]
        test(drawn)

    configured = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=PHASES,
        print_blob=False,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        configured(given(strategy)(one))()
    except Exception as error:
        error.add_note(f"It was asked about {last[0]}" if last else "Nothing could be drawn")
        raise


def refusal(error: BaseException) -> bool:
    """Whether an error says in the house's way that the input cannot be used."""
    return isinstance(error, Invalid) or (
        isinstance(error, PluginFailed) and isinstance(error.__cause__, Invalid)
    )
