"""Makes Kinds: from a class of settings, or from one plain function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from mentorkit.errors import Invalid, PluginFailed
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
    """A Kind made by `kind`."""

    name: str
    settings: type[S]
    bind: Callable[[S], T]


@attrs.frozen
class FunctionKind(MadeKind[Any, "PairCriterion"]):
    """A Kind made by `criterion`; `home` is the module of its function."""

    home: str


def _itself(settings: S) -> S:
    return settings


def kind(name: str, settings: type[S], bind: Callable[[S], Any] = _itself) -> MadeKind[S, Any]:
    """A Kind called `name`. Without `bind`, a settings object does the work itself."""
    return MadeKind(name, settings, bind)


@attrs.frozen
class PairCriterion:
    """A Criterion that asks a plain function about one pair after the other.

    A Python call for every pair: good for some hundreds of people, where a criterion on
    columns is a hundred times as fast.
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
        fit = self._called(self.fit, left, right)
        try:
            number = -1.0 if isinstance(fit, str | bytes) else float(fit)
        except (TypeError, ValueError, OverflowError):
            number = -1.0
        if not 0.0 <= number <= 1.0:
            where = self._where(left, right)
            raise PluginFailed(f"{where} gave {fit!r}; a fit is a number from 0 to 1")
        return round(number * POINT)

    def _called(
        self, function: Callable[..., Any], left: Participant, right: Participant, *more: int
    ) -> Any:
        try:
            return function(left, right, *more)
        except Invalid:
            raise
        except Exception as error:
            where = self._where(left, right)
            raise PluginFailed(f"{where} raised {type(error).__name__}: {error}") from error

    def _where(self, left: Participant, right: Participant) -> str:
        return f"criterion {self.name!r} for {left.id!r} with {right.id!r}"

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The author's words, or the criterion's name and the fit in per cent."""
        if self.words is not None:
            words = self._called(self.words, left, right, points)
            if not isinstance(words, str):
                where = self._where(left, right)
                raise PluginFailed(f"{where} said {words!r}; what it says is text")
            return Message(self.name, "{words}", {"words": words})
        return Message(
            "fit", "{name}: {percent} % fit", {"name": self.name, "percent": points // 10}
        )


def criterion(
    name: str,
    *,
    settings: type[Any] = NoSettings,
    say: Callable[[Participant, Participant, int], str] | None = None,
) -> Callable[[Callable[..., float]], FunctionKind]:
    """Make a criterion of a function `fit(mentee, mentor)` that returns 0.0 to 1.0.

    With a `settings` class, the function takes the settings as a third argument; a
    function that does not is refused with PluginFailed. A Python file that holds a
    function so marked is a plugin.

    The function is called for every pair, some hundred thousand a second: for more than
    some hundreds of people, give the Criterion itself a form in arrays.

    >>> @criterion("same-club")
    ... def same_club(mentee, mentor):
    ...     return mentee.value("club") == mentor.value("club")
    >>> same_club.name
    'same-club'
    """

    if not isinstance(name, str):
        raise PluginFailed('criterion needs a name: @mentorkit.criterion("my-name")')
    wants_settings = settings is not NoSettings

    def make(fit: Callable[..., float]) -> FunctionKind:
        _check_call(name, fit, 3 if wants_settings else 2)

        def bind(chosen: Any) -> PairCriterion:
            if not wants_settings:
                return PairCriterion(name, fit, say)
            return PairCriterion(name, lambda left, right: fit(left, right, chosen), say)

        return FunctionKind(name, settings, bind, getattr(fit, "__module__", ""))

    return make


def _check_call(name: str, fit: Callable[..., float], arguments: int) -> None:
    try:
        inspect.signature(fit).bind(*range(arguments))
    except TypeError:
        words = ("mentee", "mentor", "settings")[:arguments]
        raise PluginFailed(
            f"the function of criterion {name!r} must take ({', '.join(words)}), which is what"
            " it is called with"
        ) from None
