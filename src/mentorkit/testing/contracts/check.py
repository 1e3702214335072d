"""A promise as a named check, and what checks are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from mentorkit import codec
from mentorkit.errors import Invalid, PluginFailed
from mentorkit.models import Participant
from mentorkit.registry import Registry, installed

T = TypeVar("T")
EXAMPLES = 15


@attrs.frozen(kw_only=True)
class Subject:
    """A kind under test, with what an author says of it.

    `data` are its settings as a programme's file would hold them, `people` a strategy of
    lists of participants, `seconds` the longest that anything may take.
    """

    kind: Any
    data: Mapping[str, Any] = attrs.field(factory=dict)
    people: SearchStrategy[list[Participant]] | None = None
    registry: Registry = attrs.field(factory=installed)
    seconds: float = 20.0

    def settings(self, **others: object) -> Any:
        """The kind's settings, filled from the data as the registry would."""
        return codec.structure(self.kind.settings, {**self.data, **others})

    def bound(self) -> Any:
        """A fresh object of the kind."""
        return self.kind.bind(self.settings())


@attrs.frozen
class Check:
    """One promise about one subject; calling it raises AssertionError where it is broken."""

    name: str
    promise: str
    run: Callable[[], None]

    def __call__(self) -> None:
        self.run()


Promise = Callable[[Any], None]
"""A function that takes a subject; its name is the check's, its docstring the promise."""


def checks_from(promises: tuple[Promise, ...], subject: object) -> tuple[Check, ...]:
    """A check of the subject for each promise."""

    def ready(promise: Promise) -> Check:
        return Check(promise.__name__, (promise.__doc__ or "").strip(), lambda: promise(subject))

    return tuple(ready(promise) for promise in promises)


def expect(true: object, sentence: str) -> None:
    """AssertionError with the sentence, unless it is true."""
    if not true:
        fail(sentence)


def fail(sentence: str) -> NoReturn:
    """AssertionError with the sentence."""
    raise AssertionError(sentence)


def for_all(strategy: SearchStrategy[T], test: Callable[[T], None]) -> None:
    """Run the test on drawn examples, the same ones every time; the simplest fault counts."""

    def one(drawn: T) -> None:
        test(drawn)

    configured = settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    configured(given(strategy)(one))()


def refusal(error: BaseException) -> bool:
    """Whether an error says in the house's way that the input cannot be used."""
    return isinstance(error, Invalid) or (
        isinstance(error, PluginFailed) and isinstance(error.__cause__, Invalid)
    )
