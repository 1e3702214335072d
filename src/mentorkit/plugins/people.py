"""Criteria and constraints on who the people are to each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import Kind, Pool
from mentorkit.matching.columns import Factors, ListedBans, ListedPoints, column_of, places_of
from mentorkit.models import NOT_AVAILABLE, POINT, Message, Participant


@attrs.frozen
class Preferences(ListedPoints):
    """The left side's ranked wishes: first choice 1000, then in equal steps down to 0.

    `choices` is how many ranks count. Private: nobody reads whom another wished for.
    """

    choices: int = attrs.field(default=5, validator=attrs.validators.ge(1))
    private = True

    def listed(self, left: Pool, right: Pool) -> Factors:
        """Everyone named, by rank."""
        places = places_of(right)
        found = [
            (row, column, POINT * (self.choices - rank) // self.choices)
            for row, named in enumerate(column_of(left, "prefers"))
            for rank, wished in enumerate(named[: self.choices])
            for column in places.get(wished, ())
        ]
        table = np.array(found, dtype=np.int64).reshape(-1, 3)
        return table[:, :2], table[:, 2]

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """Nothing that could be read."""
        return NOT_AVAILABLE


class _Named(ListedBans):
    """A ban on pairs of whom one names the other."""

    __slots__ = ()

    def banned(self, left: Pool, right: Pool) -> Iterator[tuple[int, int]]:
        """Whom either side names."""
        yield from _found(self.named(left), right)
        for column, row in _found(self.named(right), left):
            yield row, column

    def named(self, pool: Pool) -> Iterable[Collection[str]]:
        """The ids that each person of a pool names."""
        raise NotImplementedError


def _found(named: Iterable[Collection[str]], among: Pool) -> Iterator[tuple[int, int]]:
    """Where whoever names somebody stands, and where each of those whom they name."""
    naming = [(index, person) for index, ids in enumerate(named) for person in ids]
    wanted = {person for _, person in naming}
    places: dict[str, list[int]] = {}
    for index, person in enumerate(among.ids):
        if person in wanted:
            places.setdefault(person, []).append(index)
    for index, person in naming:
        yield from ((index, place) for place in places.get(person, ()))


@attrs.frozen
class NotSelf(ListedBans):
    """Nobody is matched with themselves."""

    private = False

    def banned(self, left: Pool, right: Pool) -> Iterator[tuple[int, int]]:
        """Those who are on both sides."""
        both = set(left.ids) & set(right.ids)
        yield from _found([(person,) if person in both else () for person in left.ids], right)

    def say(self, left: Participant, right: Participant) -> Message:
        """That it is one person."""
        return Message("not-self", "they are the same person")


@attrs.frozen
class LineManager(_Named):
    """Nobody is matched with their line manager, in either direction."""

    private = False

    def named(self, pool: Pool) -> Iterable[Collection[str]]:
        """Their manager."""
        return ((held,) if held else () for held in column_of(pool, "manager"))

    def say(self, left: Participant, right: Participant) -> Message:
        """That one manages the other."""
        return Message("line-manager", "one is the other's line manager")


@attrs.frozen
class Avoid(_Named):
    """Nobody is matched with whom they asked to avoid, nor with who asked to avoid them."""

    private = True

    def named(self, pool: Pool) -> Iterable[Collection[str]]:
        """Whom they avoid."""
        return column_of(pool, "avoids")

    def say(self, left: Participant, right: Participant) -> Message:
        """Nothing that could be read."""
        return NOT_AVAILABLE


@attrs.frozen
class NeverAgain(_Named):
    """Nobody is matched again with whom they ended for good."""

    private = True

    def named(self, pool: Pool) -> Iterable[Collection[str]]:
        """With whom they said "not again"."""
        return column_of(pool, "not_again")

    def say(self, left: Participant, right: Participant) -> Message:
        """Nothing that could be read."""
        return NOT_AVAILABLE


@mentorkit.hookimpl
def mentorkit_criteria() -> Iterable[Kind[Any, Any]]:
    """Wishes and bans between people."""
    return [
        mentorkit.kind("preferences", Preferences),
        mentorkit.kind("not-self", NotSelf),
        mentorkit.kind("line-manager", LineManager),
        mentorkit.kind("avoid", Avoid),
        mentorkit.kind("never-again", NeverAgain),
    ]
