"""A person in a programme: what they bring, seek and can do."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import attrs

from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.person import Person, Value, not_blank, sorted_unique

DAY = 24 * 60


@attrs.frozen(order=True)
class Skill:
    """A skill offered or sought. `level` counts from 1; None where nobody asked for levels."""

    name: str = attrs.field(validator=not_blank)
    level: int | None = attrs.field(default=None, order=lambda level: level or 0)

    def __attrs_post_init__(self) -> None:
        if self.level is not None and self.level < 1:
            raise ValueError(f"level of {self.name} must be 1 or more, not {self.level}")

    def __str__(self) -> str:
        return self.name if self.level is None else f"{self.name} (level {self.level})"


@attrs.frozen(order=True)
class Window:
    """A stretch of every week, in the person's own time zone.

    `weekday` is 0 for Monday; `start` and `end` are minutes after that day's midnight,
    half open. An `end` past 1440 reaches into the next day.
    """

    weekday: int
    start: int
    end: int

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday must be 0 (Monday) to 6 (Sunday), not {self.weekday}")
        if not 0 <= self.start < DAY:
            raise ValueError(f"start must be 0 to {DAY - 1} minutes, not {self.start}")
        if not self.start < self.end <= self.start + DAY:
            raise ValueError(f"end must come within a day after start, not at {self.end}")


def _skills(skills: Iterable[Skill]) -> tuple[Skill, ...]:
    skills = sorted(skills)
    for first, second in pairwise(skills):
        if first.name == second.name:
            raise ValueError(f"skill {first.name!r} is listed twice")
    return tuple(skills)


def _windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    return tuple(sorted(set(windows)))


def _ranked(ids: Iterable[str]) -> tuple[str, ...]:
    ids = tuple(ids)
    if len(set(ids)) < len(ids):
        raise ValueError("somebody is listed twice among the preferences")
    return ids


def _capacities(_: object, field: attrs.Attribute[FrozenMap[int]], roles: FrozenMap[int]) -> None:
    for role, capacity in roles.items():
        if not 0 <= capacity <= 1_000_000:
            raise ValueError(f"capacity as {role} must be 0 to 1000000, not {capacity}")


@attrs.frozen(kw_only=True)
class Participant:
    """A person in a programme.

    `roles` says how many partners this person takes at most in each role; 0 is a pause.
    `prefers` ranks people by id, first choice first. `avoids`, `manager` and `not_again`
    name people by id with whom this person is never matched; they are private.
    """

    person: Person
    roles: FrozenMap[int] = attrs.field(default=EMPTY, converter=frozen_map, validator=_capacities)
    offers: tuple[Skill, ...] = attrs.field(default=(), converter=_skills)
    seeks: tuple[Skill, ...] = attrs.field(default=(), converter=_skills)
    interests: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    availability: tuple[Window, ...] = attrs.field(default=(), converter=_windows)
    prefers: tuple[str, ...] = attrs.field(default=(), converter=_ranked)
    avoids: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    manager: str | None = None
    not_again: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)

    @property
    def id(self) -> str:
        """The person's id."""
        return self.person.id

    def value(self, field: str) -> Value | None:
        """What this person holds under `field`: an attribute, or one of `LISTED`.

        None is missing, and so is an empty list.
        """
        match field:
            case "languages":
                return self.person.languages or None
            case "timezone":
                return self.person.timezone
            case "interests":
                return self.interests or None
            case "offers" | "seeks":
                return tuple(skill.name for skill in getattr(self, field)) or None
        return self.person.attributes.get(field)


LISTED = ("languages", "timezone", "interests", "offers", "seeks")
"""Fields besides the attributes that `Participant.value` answers for."""
