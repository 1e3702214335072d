"""People in groups, and which groups' figures are not shown, so that they tell of nobody.

A figure is not shown where it rests on fewer than five people, nor where what is shown of
other groups, taken from the role's total, would leave such a one. A count, such as of those
who are matched, rests on the whole group: it may be small, and says of nobody who it is. A
mean rests on those whose numbers it is of.

That is enough where readers know who is in which group anyway, as they know departments. Of
a protected attribute they do not, but they may know who is matched and with what fit, and
could tell from figures on these who is in the group. So a count is shown only where five or
more are in it and five or more are not; and a mean from twenty people up, which are so many
ways to choose them from those whom the reader knows that it does not tell whom it is of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set

import attrs

from mentorkit.matching.columns import text
from mentorkit.models import Value

FEWEST = 5
"""What rests on fewer people is not shown."""
MANY = 20
"""The same of means by a protected attribute."""


def grouped(values: Iterable[Value | None]) -> dict[str, list[int]]:
    """The places of the people who hold the same value, by that value, in its order."""
    groups: dict[str, list[int]] = {}
    for place, value in enumerate(values):
        groups.setdefault(text(value) or "not given", []).append(place)
    return dict(sorted(groups.items()))


def hidden(
    sizes: Mapping[str, int], also: Collection[str] = (), fewest: int = FEWEST
) -> frozenset[str]:
    """The groups whose figures are not shown, where each rests on so many people.

    They are the small groups, those in `also`, and as many of the next as it takes that the
    sum does not tell. What is shown, taken from the role's total, leaves the sum of the
    hidden groups. It tells too much if it is one group's, itself small, or as small as the
    number of groups.
    """
    small = {value for value, size in sizes.items() if size < fewest or value in also}
    order = sorted(sizes, key=lambda value: (value not in small, sizes[value], value))
    count = len(small)
    while 0 < count < len(order):
        together = sum(sizes[value] for value in order[:count])
        if count > 1 and together >= fewest and together > count:
            break
        count += 1
    return frozenset(order[:count])


@attrs.frozen(kw_only=True)
class Shown:
    """The groups whose figures of each sort are shown."""

    groups: Set[str]
    matched: Set[str]
    envious: Set[str]
    means: Set[str]

    @classmethod
    def of(
        cls,
        groups: Mapping[str, Collection[int]],
        matched: Collection[int],
        envious: Collection[int],
        protected: bool,
    ) -> Shown:
        """For people in groups, of whom some are matched, and some envious."""
        sizes = {value: len(group) for value, group in groups.items()}
        small = hidden(sizes)
        counts = [_count(groups, held) for held in (matched, envious)]
        telling = [_telling(sizes, held, small) if protected else small for held in counts]
        bases = {value: count for value, count in counts[0].items() if count}
        few = hidden(bases, small, MANY if protected else FEWEST)
        return cls(
            groups=sizes.keys() - small,
            matched=sizes.keys() - telling[0],
            envious=sizes.keys() - telling[1],
            means=bases.keys() - few,
        )


def _count(groups: Mapping[str, Collection[int]], people: Collection[int]) -> dict[str, int]:
    held = set(people)
    return {value: len(held.intersection(group)) for value, group in groups.items()}


def _telling(
    sizes: Mapping[str, int], counts: Mapping[str, int], small: frozenset[str]
) -> frozenset[str]:
    """The groups whose count would tell who is in them, where it is known who is counted."""
    if not any(counts.values()) or counts == sizes:
        return small
    fewer = {value: min(counts[value], size - counts[value]) for value, size in sizes.items()}
    return hidden(fewer, small)
