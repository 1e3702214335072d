"""Makes Kinds: from a class of settings, or from one plain function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from mentorkit.errors import PluginFailed
from mentorkit.interfaces import Pool
from mentorkit.models import POINT, Message, Participant

if TYPE_CHECKING:
    from mentorkit.interfaces import IntArray

S = TypeVar("S")
T = TypeVar("T")


@attrs.frozen
class NoSettings:
    """The settings of a kind that has none."""


@attrs.frozen
class MadeKind(Generic[S, T]):
    """A Kind made by `kind` or `criterion`."""

    name: str
    settings: type[S]
    bind: Callable[[S], T]


def _itself(settings: S) -> S:
    return settings


def kind(name: str, settings: type[S], bind: Callable[[S], Any] = _itself) -> MadeKind[S, Any]:
    """A Kind called `name`. Without `bind`, a settings object does the work itself."""
    return MadeKind(name, settings, bind)


@attrs.frozen
class PairCriterion:
    """A Criterion that asks a plain function about one pair after the other.

    Slower than a criterion on columns: a Python call for every pair.
    """

    name: str
    fit: Callable[[Participant, Participant], float]
    words: Callable[[Participant, Participant, int], str] | None

    def points(self, left: Pool, right: Pool) -> IntArray:
        """Each fit, 0 to 1, rounded once to thousandths."""
        import numpy as np

        rights = [right.row(j) for j in range(len(right))]
        table = np.empty((len(left), len(right)), dtype=np.int64)
        for i in range(len(left)):
            mentee = left.row(i)
            for j, mentor in enumerate(rights):
                table[i, j] = self._asked(mentee, mentor)
        return table

    def _asked(self, left: Participant, right: Participant) -> int:
        where = f"criterion {self.name!r} for {left.id!r} with {right.id!r}"
        try:
            fit = float(self.fit(left, right))
        except Exception as error:
            raise PluginFailed(f"{where} raised {type(error).__name__}: {error}") from error
        if not 0.0 <= fit <= 1.0:
            raise PluginFailed(f"{where} gave {fit}; a fit is a number from 0 to 1")
        return round(fit * POINT)

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The author's words, or the criterion's name and the fit in per cent."""
        if self.words is not None:
            return Message(self.name, "{words}", {"words": self.words(left, right, points)})
        return Message(
            "fit", "{name}: {percent} % fit", {"name": self.name, "percent": points // 10}
        )


def criterion(
    name: str,
    *,
    settings: type[Any] = NoSettings,
    say: Callable[[Participant, Participant, int], str] | None = None,
) -> Callable[[Callable[..., float]], MadeKind[Any, PairCriterion]]:
    """Make a criterion of a function `fit(mentee, mentor)` that returns 0.0 to 1.0.

    With a `settings` class, the function takes the settings as a third argument. A
    Python file that holds such a function is a plugin.

    >>> @criterion("same-club")
    ... def same_club(mentee, mentor):
    ...     return mentee.value("club") == mentor.value("club")
    >>> same_club.name
    'same-club'
    """

    def make(fit: Callable[..., float]) -> MadeKind[Any, PairCriterion]:
        wants_settings = len(inspect.signature(fit).parameters) > 2

        def bind(chosen: Any) -> PairCriterion:
            if not wants_settings:
                return PairCriterion(name, fit, say)
            return PairCriterion(name, lambda left, right: fit(left, right, chosen), say)

        return MadeKind(name, settings, bind)

    return make
