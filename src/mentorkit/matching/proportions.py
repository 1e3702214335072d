"""Shares of people with their intervals, by square roots alone: the same everywhere."""

from __future__ import annotations

import math

from mentorkit.models import Estimate

Z = 1.959963984540054
"""The normal deviate that leaves 2.5 % on either side."""


def rate(count: int, size: int) -> Estimate:
    """How many of so many, with the 95 % score interval.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical
    inference, Journal of the American Statistical Association 22, 209-212.
    """
    least, most = _wilson(count, size)
    return _estimate(count / size, least, most)


def difference(one: tuple[int, int], other: tuple[int, int]) -> Estimate:
    """The difference of two rates, each (count, size), with its 95 % interval.

    Newcombe, R. G. (1998), Interval estimation for the difference between independent
    proportions: comparison of eleven methods, Statistics in Medicine 17, 873-890, method 10:
    the square-and-add of both score intervals.
    """
    first, second = one[0] / one[1], other[0] / other[1]
    (first_least, first_most), (second_least, second_most) = _wilson(*one), _wilson(*other)
    value = first - second
    return _estimate(
        value,
        value - _norm(first - first_least, second_most - second),
        value + _norm(first_most - first, second - second_least),
    )


def round_half_up(number: float) -> int:
    """The nearest whole number."""
    return math.floor(number + 0.5)


def _estimate(*shares: float) -> Estimate:
    value, least, most = (round_half_up(1000 * share) for share in shares)
    return Estimate(value=value, least=least, most=most)


def _wilson(count: int, size: int) -> tuple[float, float]:
    centre = count + Z * Z / 2
    spread = Z * math.sqrt(count * (size - count) / size + Z * Z / 4)
    least, most = (centre - spread) / (size + Z * Z), (centre + spread) / (size + Z * Z)
    return max(0.0, least), min(1.0, most)


def _norm(one: float, other: float) -> float:
    # math.hypot is left to the platform's library, and may differ in the last bit.
    return math.sqrt(one * one + other * other)
