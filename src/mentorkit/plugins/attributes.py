"""Criteria on attributes: same, different, level-gap, location."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

import mentorkit
from mentorkit.interfaces import IntArray, Kind, Pool
from mentorkit.matching.columns import (
    CountedPoints,
    Counts,
    ValuePoints,
    absent,
    counts,
    numbers,
    text,
    unless,
)
from mentorkit.models import POINT, Level, Message, Participant, Value

points_range = [attrs.validators.ge(0), attrs.validators.le(POINT)]


def label(attribute: str) -> str:
    """An attribute's name as a reader would write it."""
    return attribute.replace("_", " ")


def shown(participant: Participant, attribute: str) -> str:
    """What a person holds, or the word for nothing."""
    return text(participant.value(attribute)) or "not given"


@attrs.frozen
class _Compared(CountedPoints):
    """Whether two people hold equal values of an attribute."""

    attribute: str
    missing: int = attrs.field(default=0, validator=points_range)

    def counted(self, left: Pool, right: Pool) -> Counts:
        """Each value is a number in binary: equal ones agree in every digit.

        So thousands of values need a few columns, where one for each would need thousands.
        """
        lefts, rights = (
            [text(value) for value in pool.values(self.attribute)] for pool in (left, right)
        )
        places = {value: place for place, value in enumerate(dict.fromkeys([*lefts, *rights]))}
        digits = np.arange(max(0, len(places) - 1).bit_length())

        def columns(side: list[str | None]) -> IntArray:
            codes = np.array([places[value] for value in side], dtype=np.int64)
            ones = codes[:, None] >> digits & 1
            return np.hstack([ones, 1 - ones])

        same, other = self._outcomes()
        compared = counts(
            (columns(lefts), columns(rights)),
            lambda agreeing: np.where(agreeing == len(digits), same, other),
        )
        return unless(compared, absent(lefts, rights), self.missing)

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
class LevelGap(ValuePoints):
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

    def values_of(self, pool: Pool) -> Sequence[float | None]:
        """Each level's rank, or the number."""
        column = numbers(pool, self.attribute).tolist()
        return [None if math.isnan(held) else held for held in column]

    def counted(self, left: Pool, right: Pool) -> Counts:
        """By the gap alone where there can be few, else by the two values."""
        columns = [numbers(pool, self.attribute) for pool in (left, right)]
        given = [~np.isnan(column) for column in columns]
        (low, high), unit = _whole(
            *(column[held] for column, held in zip(columns, given, strict=True))
        )
        if not low.size or not high.size:
            return super().counted(left, right)
        first = high.min() - low.max()
        steps = low.max() - low, high - high.min()
        step = int(np.gcd.reduce(np.concatenate(steps))) or 1
        gaps = int(sum(side.max() for side in steps)) // step + 1
        if 2 * gaps > len(np.unique(low)) * len(np.unique(high)):
            return super().counted(left, right)
        places = [np.full(len(column), gaps) for column in columns]
        for place, held, side in zip(places, given, steps, strict=True):
            place[held] = side // step
        ones = [np.ones_like(place) for place in places]

        def worth(index: IntArray) -> IntArray:
            return np.where(index < gaps, self._of_gaps(first, step, unit, index), self.missing)

        lefts = np.stack([places[0], ones[0]], axis=1)
        return counts((lefts, np.stack([ones[1], places[1]], axis=1)), worth)

    def table_of(self, lefts: Sequence[float], rights: Sequence[float]) -> NDArray[Any]:
        """By how far each right value is above each left one."""
        (low, high), unit = _whole(np.array(lefts), np.array(rights))
        table = np.empty((len(lefts), len(rights)), dtype=np.int32)
        for row, held in enumerate(low):
            table[row] = self._of_gaps(-held, 1, unit, high)
        return table

    def _of_gaps(self, first: Any, step: int, unit: int, index: NDArray[Any]) -> IntArray:
        """The points of the gaps `first + index * step`, in so many parts of 1."""
        bounds = {
            name: exact(bound)
            for name in ("least", "most", "ideal")
            if (bound := getattr(self, name)) is not None
        }
        one = math.lcm(unit, *(bound.denominator for bound in bounds.values()))
        parts = one // unit
        largest = abs(int(first)) + step * max(
            map(abs, map(int, (index.min(initial=0), index.max(initial=0))))
        )
        largest = largest * parts + sum(abs(int(bound * one)) for bound in bounds.values()) + one
        if largest * POINT >= 2**62:
            index = index.astype(object)
        gaps = (int(first) + index * step) * parts
        return self._of_whole(gaps, one, **{name: int(held * one) for name, held in bounds.items()})

    @staticmethod
    def _of_whole(
        gaps: NDArray[Any], one: int, least: int, most: int | None = None, ideal: int | None = None
    ) -> IntArray:
        points: NDArray[Any] = np.full(len(gaps), POINT)
        inside = gaps >= least
        if ideal is not None:
            rising = POINT * (gaps - least + one) // (ideal - least + one)
            points = np.where(gaps < ideal, rising, points)
        if most is not None:
            inside &= gaps <= most
            if ideal is not None:
                falling = POINT * (most + one - gaps) // (most + one - ideal)
                points = np.where(gaps > ideal, falling, points)
        return np.where(inside, points, 0).astype(np.int64)

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


def _whole(*columns: NDArray[Any]) -> tuple[list[NDArray[Any]], int]:
    """Columns of numbers, just as they are written, in whole numbers of so many parts of 1."""
    places = [np.unique(column, return_inverse=True) for column in columns]
    fractions = [[Fraction(str(held)) for held in held.tolist()] for held, _ in places]
    unit = math.lcm(*{held.denominator for side in fractions for held in side})
    parts = [[held.numerator * (unit // held.denominator) for held in side] for side in fractions]
    small = all(abs(held) < 2**60 for side in parts for held in side)
    kind = np.int64 if small else object
    return [
        np.array(side, dtype=kind)[place] for side, (_, place) in zip(parts, places, strict=True)
    ], unit


@lru_cache(maxsize=4096)
def exact(number: float) -> Fraction:
    """A number as it is written: in binary, 0.3 - 0.1 is a little less than 0.2."""
    return Fraction(str(number))


def _rank(value: Value) -> float:
    return value.rank if isinstance(value, Level) else float(value)  # type: ignore[arg-type]


@attrs.frozen
class Location(ValuePoints):
    """How near two places are, each written from wide to narrow: `DE/Berlin/Mitte`.

    Points are the share of leading parts that agree, of the longer place's parts.
    """

    attribute: str = "location"
    separator: str = attrs.field(default="/", validator=attrs.validators.min_len(1))
    missing: int = attrs.field(default=0, validator=points_range)

    def values_of(self, pool: Pool) -> Sequence[str | None]:
        """Each place as it is written."""
        return [text(value) for value in pool.values(self.attribute)]

    def table_of(self, lefts: Sequence[str], rights: Sequence[str]) -> IntArray:
        """1000 in the same place, 0 where not even the widest part agrees."""
        mine, theirs = ([self._parts(place) for place in side] for side in (lefts, rights))
        agree = np.ones((len(mine), len(theirs)), dtype=bool)
        shared = np.zeros(agree.shape, dtype=np.int64)
        for one, other in zip(*_part_columns(mine, theirs), strict=True):
            agree &= np.equal.outer(one, other)
            shared += agree
        sizes = (np.array([len(p) for p in side], dtype=np.int64) for side in (mine, theirs))
        return POINT * shared // np.maximum.outer(*sizes)

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


def _part_columns(mine: list[list[str]], theirs: list[list[str]]) -> Iterator[IntArray]:
    """The first parts of all the places of a side, then the second ones, as numbers.

    Equal parts have equal numbers, whatever their case; what a place lacks agrees with nothing.
    """
    codes: dict[str, int] = {}
    depth = max(map(len, [*mine, *theirs]), default=0)
    for side, lacking in ((mine, -1), (theirs, -2)):
        rows = [
            [codes.setdefault(part.casefold(), len(codes)) for part in parts]
            + [lacking] * (depth - len(parts))
            for parts in side
        ]
        yield np.array(rows, dtype=np.int64).reshape(len(side), depth).T


@mentorkit.hookimpl
def mentorkit_criteria() -> Iterable[Kind[Any, Any]]:
    """Criteria that compare one attribute of two people."""
    return [
        mentorkit.kind("same", Same),
        mentorkit.kind("different", Different),
        mentorkit.kind("level-gap", LevelGap),
        mentorkit.kind("location", Location),
    ]
