"""How the fits of a plan are distributed, as bars of equal width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import attrs

from mentorkit.wording import in_points, points

MOST_BARS = 12
MOST_LABELS = 7
GAP = 0.12
"""The part of a bar's room that is left free."""


@attrs.frozen
class Bar:
    """The fits from `low` to under `high`, in thousandths of a point."""

    low: int
    high: int
    number: int

    @property
    def span(self) -> str:
        """The bar's range in words."""
        return f"{points(self.low)} to under {in_points(self.high)}"


@attrs.frozen
class Drawn:
    """A bar's place in a square of 100 by 100."""

    number: int
    left: float
    middle: float
    width: float
    height: float


@attrs.frozen
class Histogram:
    """Bars side by side, drawn in a square of 100 by 100."""

    bars: tuple[Bar, ...]

    @property
    def highest(self) -> Bar:
        """The bar with most fits, the first of equals."""
        return max(self.bars, key=lambda bar: bar.number)

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """The bars with their places."""
        step, top = 100 / len(self.bars), self.highest.number
        return tuple(
            Drawn(
                bar.number,
                left=(at + GAP / 2) * step,
                middle=(at + 0.5) * step,
                width=(1 - GAP) * step,
                height=100 * bar.number / top,
            )
            for at, bar in enumerate(self.bars)
        )

    @property
    def edges(self) -> tuple[tuple[str, float], ...]:
        """Labels of the axis with their places: few enough to stand apart on a phone."""
        every = -(-(len(self.bars) + 1) // MOST_LABELS)
        lows = [*(bar.low for bar in self.bars), self.bars[-1].high]
        return tuple(
            (points(low), 100 * at / len(self.bars))
            for at, low in enumerate(lows)
            if at % every == 0
        )


def histogram(fits: Sequence[int]) -> Histogram | None:
    """At most twelve bars over the fits, on round edges; None without fits."""
    if not fits:
        return None
    step = _step(min(fits), max(fits))
    numbers = Counter(fit // step for fit in fits)
    return Histogram(
        tuple(
            Bar(at * step, (at + 1) * step, numbers[at])
            for at in range(min(numbers), max(numbers) + 1)
        )
    )


def _step(least: int, most: int) -> int:
    """The narrowest 1, 2 or 5 times a power of ten that keeps the bars few, their edges round."""
    unit = 10  # the page shows two decimals
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            few = most // step - least // step < MOST_BARS
            if few and 20 * step >= max(abs(least), abs(most)):
                return step
        unit *= 10
