"""Criteria and constraints on who the people are to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import numpy as np

import mentorkit
from mentorkit.interfaces import Kind, Pool
from mentorkit.matching.columns import Factors, ListedBans, ListedPoints, places_of
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
            for row in range(len(left))
            for rank, wished in enumerate(left.row(row).prefers[: self.choices])
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
        places = places_of(right)
        for row in range(len(left)):
            for person in self.named(left.row(row)):
                yield from ((row, column) for column in places.get(person, ()))
        places = places_of(left)
        for column in range(len(right)):
            for person in self.named(right.row(column)):
                yield from ((row, column) for row in places.get(person, ()))

    def named(self, participant: Participant) -> Iterable[str]:
        """The ids that somebody names."""
        raise NotImplementedError


@attrs.frozen
class NotSelf(_Named):
    """Nobody is matched with themselves."""

    private = False

    def named(self, participant: Participant) -> Iterable[str]:
        """Oneself."""
        return (participant.id,)

    def say(self, left: Participant, right: Participant) -> Message:
        """That it is one person."""
        return Message("not-self", "they are the same person")


@attrs.frozen
class LineManager(_Named):
    """Nobody is matched with their line manager, in either direction."""

    private = False

    def named(self, participant: Participant) -> Iterable[str]:
        """Their manager."""
        return (participant.manager,) if participant.manager else ()

    def say(self, left: Participant, right: Participant) -> Message:
        """That one manages the other."""
        return Message("line-manager", "one is the other's line manager")


@attrs.frozen
class Avoid(_Named):
    """Nobody is matched with whom they asked to avoid, nor with who asked to avoid them."""

    private = True

    def named(self, participant: Participant) -> Iterable[str]:
        """Whom they avoid."""
        return participant.avoids

    def say(self, left: Participant, right: Participant) -> Message:
        """Nothing that could be read."""
        return NOT_AVAILABLE


@attrs.frozen
class NeverAgain(_Named):
    """Nobody is matched again with whom they ended for good."""

    private = True

    def named(self, participant: Participant) -> Iterable[str]:
        """With whom they said "not again"."""
        return participant.not_again

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
