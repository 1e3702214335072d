"""Means and their differences with intervals, by Student's distribution."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from mentorkit.matching.proportions import round_half_up
from mentorkit.models import Estimate

TAIL = 0.975
"""Of the distribution, below the deviate: 2.5 % are left on either side."""


def mean(values: Sequence[float]) -> Estimate:
    """The mean of at least two numbers, with its 95 % interval, in thousandths.

    Student (1908), The probable error of a mean, Biometrika 6, 1-25: the mean, and on either
    side t s / sqrt(n) with n - 1 degrees of freedom.
    """
    value, spread = statistics.fmean(values), statistics.variance(values) / len(values)
    return _estimate(value, spread, len(values) - 1)


def mean_difference(one: Sequence[float], other: Sequence[float]) -> Estimate:
    """By how much the mean of some is above that of others, with its 95 % interval.

    In thousandths; of at least two numbers each, whose spreads may differ. Welch, B. L. (1947),
    The generalization of "Student's" problem when several different population variances are
    involved, Biometrika 34, 28-35, with the degrees of freedom of Satterthwaite.
    """
    first, second = (statistics.variance(held) / len(held) for held in (one, other))
    spread = first + second
    freedom = math.inf
    if spread:
        freedom = spread**2 / (first**2 / (len(one) - 1) + second**2 / (len(other) - 1))
    return _estimate(statistics.fmean(one) - statistics.fmean(other), spread, freedom)


def _estimate(value: float, spread: float, freedom: float) -> Estimate:
    if not spread:
        half = 0.0
    else:
        # SciPy loads when an interval is asked for, not with every report.
        from scipy.special import stdtrit

        half = float(stdtrit(freedom, TAIL)) * math.sqrt(spread)
    bounds = (value, value - half, value + half)
    middle, least, most = (round_half_up(1000 * bound) for bound in bounds)
    return Estimate(value=middle, least=least, most=most)
