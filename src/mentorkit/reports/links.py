"""Which departments, organisations… the matches link: a table of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import attrs

from mentorkit.models import Level, Match, MatchPlan, Value
from mentorkit.wording import Directory, worded

USUAL = ("department", "organisation", "industry", "location", "site")
"""Attributes to report when the programme names none; the first that people have."""

MOST_VALUES = 12
SHADES = 5

Link = tuple[Value | None, Value | None]


@attrs.frozen
class Cell:
    """How many matches link a row to a column; `shade` 0 (none) to 5 (most)."""

    number: int
    shade: int
    same: bool


@attrs.frozen
class LinkRow:
    """One value's links; the last row may sum up all values that are not shown."""

    label: str
    cells: tuple[Cell, ...]
    total: int


@attrs.frozen(kw_only=True)
class Links:
    """The links between the values of `attribute`, strongest values first."""

    attribute: str
    sides: tuple[str, str]
    columns: tuple[str, ...]
    rows: tuple[LinkRow, ...]
    totals: tuple[int, ...]
    total: int
    across: int
    """How many links join two different values."""


def links(plan: MatchPlan, directory: Directory) -> Links | None:
    """The links by the programme's attribute, or the first usual one; None without any."""
    attribute = _reported(plan, directory)
    if attribute is None:
        return None
    found = Counter(_found(plan.matches, directory, attribute))
    shown = _shown(found)
    hidden = len({value for link in found for value in link} - set(shown))
    table = _table(found, shown, bool(hidden))
    columns = [worded(value) for value in shown] + [f"other ({hidden} values)"] * bool(hidden)
    return Links(
        attribute=attribute,
        sides=(plan.roles[0], plan.roles[-1]),
        columns=tuple(columns),
        rows=_rows(columns, table, len(shown)),
        totals=tuple(sum(column) for column in zip(*table, strict=True)),
        total=found.total(),
        across=sum(number for (left, right), number in found.items() if left != right),
    )


def _reported(plan: MatchPlan, directory: Directory) -> str | None:
    """The programme's own choice or a usual one that somebody in a match has."""
    stated = plan.quality.by
    people = {person for match in plan.matches for person in match.team.people}
    for attribute in USUAL if stated is None else (stated,):
        if any(directory.value(person, attribute) is not None for person in people):
            return attribute
    return None


def _found(matches: Iterable[Match], directory: Directory, attribute: str) -> Iterable[Link]:
    for match in matches:
        values = [directory.value(person, attribute) for person in match.team.people]
        yield from combinations(values, 2)


def _shown(found: Counter[Link]) -> list[Value | None]:
    """The values with most links, steps of a scale in their order; all when they are few."""
    numbers: Counter[Value | None] = Counter()
    for (left, right), number in found.items():
        numbers[left] += number
        numbers[right] += number * (left != right)
    ordered = sorted(numbers, key=lambda value: (-numbers[value], worded(value)))
    most = ordered if len(ordered) <= MOST_VALUES + 1 else ordered[:MOST_VALUES]
    if all(isinstance(value, Level) for value in most):
        return sorted(most, key=lambda value: value.rank if isinstance(value, Level) else 0)
    return list(most)


def _table(found: Counter[Link], shown: list[Value | None], other: bool) -> list[list[int]]:
    """Links from row to column in the order of `shown`; `other` values share the last place."""
    size = len(shown) + other
    place = {value: at for at, value in enumerate(shown)}
    table = [[0] * size for _ in range(size)]
    for (left, right), number in found.items():
        table[place.get(left, size - 1)][place.get(right, size - 1)] += number
    return table


def _rows(labels: list[str], table: list[list[int]], shown: int) -> tuple[LinkRow, ...]:
    most = max(max(row) for row in table)
    return tuple(
        LinkRow(
            label,
            tuple(
                Cell(number, _shade(number, most), same=column == at < shown)
                for column, number in enumerate(row)
            ),
            sum(row),
        )
        for at, (label, row) in enumerate(zip(labels, table, strict=True))
    )


def _shade(number: int, most: int) -> int:
    """Classes of equal width from 1 to the most."""
    return 0 if number == 0 else 1 + (number - 1) * SHADES // most
