"""Criteria on attributes: same, different, level-gap, location."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from typing import Any

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import IntArray, Kind, Pool
from mentorkit.matching.columns import Tabulated, many_hot, numbers, product, tabulate, text
from mentorkit.models import POINT, Level, Message, Participant, Value

points_range = [attrs.validators.ge(0), attrs.validators.le(POINT)]


def label(attribute: str) -> str:
    """An attribute's name as a reader would write it."""
    return attribute.replace("_", " ")


def shown(participant: Participant, attribute: str) -> str:
    """What a person holds, or the word for nothing."""
    return text(participant.value(attribute)) or "not given"


@attrs.frozen
class _Compared:
    """Whether two people hold equal values of an attribute."""

    attribute: str
    missing: int = attrs.field(default=0, validator=points_range)

    def factors(self, left: Pool, right: Pool) -> tuple[IntArray, IntArray]:
        """A column for each value that both pools hold, one for "both given", one constant."""
        lefts = [text(value) for value in left.values(self.attribute)]
        rights = [text(value) for value in right.values(self.attribute)]
        shared = sorted({key for key in lefts if key is not None} & set(rights) - {None})
        same, other = self._outcomes()

        def columns(keys: list[str | None], scale: tuple[int, int, int]) -> IntArray:
            equal = many_hot([() if key is None else (key,) for key in keys], shared)
            given = np.array([[key is not None] for key in keys], dtype=np.int64).reshape(-1, 1)
            return np.hstack([equal * scale[0], given * scale[1], np.ones_like(given) * scale[2]])

        scale = (same - other, other - self.missing, self.missing)
        return columns(lefts, scale), columns(rights, (1, 1, 1))

    def points(self, left: Pool, right: Pool) -> IntArray:
        """1000 or 0; `missing` where one of the two holds nothing."""
        return product(*self.factors(left, right))

    def _outcomes(self) -> tuple[int, int]:
        raise NotImplementedError


@attrs.frozen
class Same(_Compared):
    """Both hold the same value: `same` with its attribute."""

    def _outcomes(self) -> tuple[int, int]:
        return POINT, 0

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The shared value, or both."""
        return _said(self.attribute, left, right)


@attrs.frozen
class Different(_Compared):
    """The two hold different values: `different` with its attribute."""

    def _outcomes(self) -> tuple[int, int]:
        return 0, POINT

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The shared value, or both."""
        return _said(self.attribute, left, right)


def _said(attribute: str, left: Participant, right: Participant) -> Message:
    mine, theirs = shown(left, attribute), shown(right, attribute)
    values = {"attribute": label(attribute), "left": mine, "right": theirs}
    if not (text(left.value(attribute)) and text(right.value(attribute))):
        return Message("unknown", "{attribute} unknown: {left} and {right}", values)
    if mine == theirs:
        return Message("same", "same {attribute}: {left}", values)
    return Message("different", "different {attribute}: {left} and {right}", values)


@attrs.frozen
class LevelGap:
    """How far the right side stands above the left on a scale or in a number.

    A gap between `least` and `most` scores; `ideal` scores 1000 and each step away from
    it loses an equal share, so that the first gap outside would score 0. Without an
    ideal, every gap in the range scores 1000. Gaps may be negative: right below left.
    """

    attribute: str
    least: float = 0.0
    most: float | None = None
    ideal: float | None = None
    missing: int = attrs.field(default=0, validator=points_range)

    def __attrs_post_init__(self) -> None:
        most = float("inf") if self.most is None else self.most
        if self.least > most:
            raise ValueError(f"least ({self.least:g}) must not be above most ({most:g})")
        if self.ideal is not None and not self.least <= self.ideal <= most:
            raise ValueError(f"ideal ({self.ideal:g}) must lie between least and most")

    def points(self, left: Pool, right: Pool) -> IntArray:
        """1000 at the ideal, less away from it, 0 outside the range."""
        return self._tabulated(left, right).points()

    def factors(self, left: Pool, right: Pool) -> tuple[IntArray, IntArray]:
        """One column for each level on the left."""
        return self._tabulated(left, right).factors()

    def _tabulated(self, left: Pool, right: Pool) -> Tabulated:
        lefts, rights = (
            [None if np.isnan(held) else float(held) for held in numbers(pool, self.attribute)]
            for pool in (left, right)
        )
        return tabulate(lefts, rights, self._points, self.missing)

    def _points(self, left: Any, right: Any) -> int:
        gap, least = exact(right) - exact(left), exact(self.least)
        most = None if self.most is None else exact(self.most)
        ideal = None if self.ideal is None else exact(self.ideal)
        if gap < least or (most is not None and gap > most):
            return 0
        if ideal is None or gap == ideal:
            return POINT
        if gap < ideal:
            return int(POINT * (gap - least + 1) / (ideal - least + 1))
        if most is None:
            return POINT
        return int(POINT * (most + 1 - gap) / (most + 1 - ideal))

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """Both levels and which is above."""
        mine, theirs = left.value(self.attribute), right.value(self.attribute)
        values = {
            "attribute": label(self.attribute),
            "left": shown(left, self.attribute),
            "right": shown(right, self.attribute),
        }
        if mine is None or theirs is None:
            return Message("gap-unknown", "{attribute} unknown: {right} and {left}", values)
        gap = exact(_rank(theirs)) - exact(_rank(mine))
        values["gap"] = text(float(abs(gap))) or ""
        if gap == 0:
            return Message("gap-none", "{attribute} {right}, the same as {left}", values)
        side = "above" if gap > 0 else "below"
        return Message(f"gap-{side}", "{attribute} {right}, {gap} " + side + " {left}", values)


@lru_cache(maxsize=4096)
def exact(number: float) -> Fraction:
    """A number as it is written: in binary, 0.3 - 0.1 is a little less than 0.2."""
    return Fraction(str(number))


def _rank(value: Value) -> float:
    return value.rank if isinstance(value, Level) else float(value)  # type: ignore[arg-type]


@attrs.frozen
class Location:
    """How near two places are, each written from wide to narrow: `DE/Berlin/Mitte`.

    Points are the share of leading parts that agree, of the longer place's parts.
    """

    attribute: str = "location"
    separator: str = attrs.field(default="/", validator=attrs.validators.min_len(1))
    missing: int = attrs.field(default=0, validator=points_range)

    def points(self, left: Pool, right: Pool) -> IntArray:
        """1000 in the same place, 0 where not even the widest part agrees."""
        return self._tabulated(left, right).points()

    def factors(self, left: Pool, right: Pool) -> tuple[IntArray, IntArray]:
        """One column for each place on the left."""
        return self._tabulated(left, right).factors()

    def _tabulated(self, left: Pool, right: Pool) -> Tabulated:
        lefts, rights = (
            [text(value) for value in pool.values(self.attribute)] for pool in (left, right)
        )
        return tabulate(lefts, rights, self._points, self.missing)

    def _points(self, left: Value, right: Value) -> int:
        mine, theirs = self._parts(str(left)), self._parts(str(right))
        return POINT * len(self._shared(mine, theirs)) // max(len(mine), len(theirs))

    def _parts(self, place: str) -> list[str]:
        return [part.strip() for part in place.split(self.separator)]

    def _shared(self, mine: list[str], theirs: list[str]) -> list[str]:
        """The leading parts that agree, whatever their case."""
        both = zip(mine, theirs, strict=False)
        return [one for one, _ in takewhile(lambda pair: _equal(*pair), both)]

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The shared place, or both."""
        mine, theirs = shown(left, self.attribute), shown(right, self.attribute)
        shared = self._shared(self._parts(mine), self._parts(theirs))
        if not points or mine == theirs or not shared:
            return _said(self.attribute, left, right)
        values = {"attribute": label(self.attribute), "shared": self.separator.join(shared)}
        return Message("same-in-part", "same {attribute} in part: {shared}", values)


def _equal(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


@mentorkit.hookimpl
def mentorkit_criteria() -> Iterable[Kind[Any, Any]]:
    """Criteria that compare one attribute of two people."""
    return [
        mentorkit.kind("same", Same),
        mentorkit.kind("different", Different),
        mentorkit.kind("level-gap", LevelGap),
        mentorkit.kind("location", Location),
    ]
