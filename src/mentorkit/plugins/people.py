"""Criteria and constraints on who the people are to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import BoolArray, IntArray, Kind, Pool
from mentorkit.models import NOT_AVAILABLE, POINT, Message, Participant


@attrs.frozen
class Preferences:
    """The left side's ranked wishes: first choice 1000, then in equal steps down to 0.

    `choices` is how many ranks count. Private: nobody reads whom another wished for.
    """

    choices: int = attrs.field(default=5, validator=attrs.validators.ge(1))
    private = True

    def points(self, left: Pool, right: Pool) -> IntArray:
        """By rank; 0 for everyone not named."""
        table = np.zeros((len(left), len(right)), dtype=np.int64)
        places = _places(right)
        for row in range(len(left)):
            for rank, wished in enumerate(left.row(row).prefers[: self.choices]):
                for column in places.get(wished, ()):
                    table[row, column] = POINT * (self.choices - rank) // self.choices
        return table

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """Nothing that could be read."""
        return NOT_AVAILABLE


def _places(pool: Pool) -> dict[str, list[int]]:
    """Where each id stands; a part of a pool may repeat people."""
    places: dict[str, list[int]] = {}
    for index, person in enumerate(pool.ids):
        places.setdefault(person, []).append(index)
    return places


def _named(left: Pool, right: Pool, named: Callable[[Participant], Iterable[str]]) -> BoolArray:
    """True where one of the pair names the other."""
    table = np.zeros((len(left), len(right)), dtype=bool)
    for one, other, view in ((left, right, table), (right, left, table.T)):
        places = _places(other)
        for row in range(len(one)):
            for person in named(one.row(row)):
                view[row, places.get(person, [])] = True
    return table


@attrs.frozen
class NotSelf:
    """Nobody is matched with themselves."""

    private = False

    def forbids(self, left: Pool, right: Pool) -> BoolArray:
        """True where both are one person."""
        return _named(left, right, lambda participant: (participant.id,))

    def say(self, left: Participant, right: Participant) -> Message:
        """That it is one person."""
        return Message("not-self", "they are the same person")


@attrs.frozen
class LineManager:
    """Nobody is matched with their line manager, in either direction."""

    private = False

    def forbids(self, left: Pool, right: Pool) -> BoolArray:
        """True where one manages the other."""
        return _named(left, right, lambda held: (held.manager,) if held.manager else ())

    def say(self, left: Participant, right: Participant) -> Message:
        """That one manages the other."""
        return Message("line-manager", "one is the other's line manager")


@attrs.frozen
class Avoid:
    """Nobody is matched with whom they asked to avoid, nor with who asked to avoid them."""

    private = True

    def forbids(self, left: Pool, right: Pool) -> BoolArray:
        """True where one avoids the other."""
        return _named(left, right, lambda held: held.avoids)

    def say(self, left: Participant, right: Participant) -> Message:
        """Nothing that could be read."""
        return NOT_AVAILABLE


@attrs.frozen
class NeverAgain:
    """Nobody is matched again with whom they ended for good."""

    private = True

    def forbids(self, left: Pool, right: Pool) -> BoolArray:
        """True where one said "not again" of the other."""
        return _named(left, right, lambda held: held.not_again)

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
