"""A promise as a named check, and what checks are made of."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Mapping
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


@attrs.define
class Limit:
    """How long a check may take; after one that does not end, no other is begun."""

    seconds: float
    endless: str = ""

    def keep(self, name: str, work: Callable[[], None]) -> None:
        """Run the work in a thread that cannot keep the tests waiting."""
        __tracebackhide__ = True
        expect(not self.endless, f"it was not asked, because {self.endless} did not end")
        outcome: list[BaseException | None] = []

        def run() -> None:
            try:
                work()
                outcome.append(None)
            except BaseException as error:
                outcome.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(self.seconds)
        if not outcome:
            self.endless = name
            frame = sys._current_frames().get(thread.ident or 0)
            place = traceback.format_stack(frame)[-1].strip() if frame else "nowhere"
            fail(f"it did not end within {self.seconds:g} seconds, and was at {place}")
        if outcome[0] is not None:
            raise outcome[0]


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
