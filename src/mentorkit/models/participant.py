"""A person in a programme: what they bring, seek and can do."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, TypeVar

import attrs

from mentorkit.errors import Invalid, below
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.person import Person, Value, attributes_of, check_attributes
from mentorkit.models.plain import MOST, known_zone, not_blank, shown, sorted_unique, whole

DAY = 24 * 60
MONTH = 31 * 24
"""Hours that the longest month has."""


@attrs.frozen(order=True)
class Skill:
    """A skill offered or sought. `level` counts from 1; None where nobody asked for levels."""

    name: str = attrs.field(validator=not_blank)
    level: int | None = attrs.field(
        default=None,
        order=lambda level: level or 0,
        validator=attrs.validators.optional(whole(1, MOST)),
    )

    def __str__(self) -> str:
        return self.name if self.level is None else f"{self.name} (level {self.level})"


@attrs.frozen(order=True)
class Window:
    """A stretch of every week, in the person's own time zone.

    `weekday` is 0 for Monday; `start` and `end` are minutes after that day's midnight,
    half open. An `end` past 1440 reaches into the next day.
    """

    weekday: int = attrs.field(validator=whole(0, 6))
    start: int = attrs.field(validator=whole(0, DAY - 1))
    end: int = attrs.field(validator=whole(1, 2 * DAY - 1))

    def __attrs_post_init__(self) -> None:
        if not self.start < self.end <= self.start + DAY:
            raise Invalid("end", f"must come within a day after {self.start}, not at {self.end}")


def windows_of(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Each window once, in order; an attrs converter."""
    return tuple(sorted(set(windows)))


@attrs.frozen(order=True)
class Instead:
    """Days, from `first` to `last`, on which these windows hold instead of the weekly ones.

    Without any, the person is out of office. Each day begins and ends in the zone in which
    the person then is; what holds on a day before reaches no further than its midnight.
    """

    first: datetime.date
    last: datetime.date
    windows: tuple[Window, ...] = attrs.field(default=(), converter=windows_of)

    def __attrs_post_init__(self) -> None:
        _check_days(self.first, self.last)
        days = range(min((self.last - self.first).days + 1, 7))
        weekdays = {(self.first.weekday() + number) % 7 for number in days}
        for window in self.windows:
            if window.weekday not in weekdays:
                raise Invalid("windows", f"none of these days is a weekday {window.weekday}")


@attrs.frozen(order=True)
class Travel:
    """Days, from `first` to `last`, that a person spends in another zone.

    Whatever windows hold on those days hang on its clocks.
    """

    first: datetime.date
    last: datetime.date
    timezone: str = attrs.field(validator=known_zone)

    def __attrs_post_init__(self) -> None:
        _check_days(self.first, self.last)


def _check_days(first: datetime.date, last: datetime.date) -> None:
    if last < first:
        raise Invalid("last", f"must not come before {first}, not on {last}")


def _skills(skills: Iterable[Skill]) -> tuple[Skill, ...]:
    skills = sorted(skills)
    for first, second in pairwise(skills):
        if first.name == second.name:
            raise Invalid("", f"skill {first.name!r} is listed twice")
    return tuple(skills)


D = TypeVar("D", Instead, Travel)


def _apart(spans: Iterable[D]) -> tuple[D, ...]:
    """Spans of days in order; no day is in two of them."""
    found = tuple(sorted(set(spans)))
    for one, other in pairwise(found):
        if other.first <= one.last:
            raise Invalid("", f"{other.first} is stated twice; each day is in one span at most")
    return found


def _exceptions(spans: Iterable[Instead]) -> tuple[Instead, ...]:
    return _apart(spans)


def _travel(spans: Iterable[Travel]) -> tuple[Travel, ...]:
    return _apart(spans)


def _ranked(ids: Iterable[str]) -> tuple[str, ...]:
    ids = tuple(ids)
    if len(set(ids)) < len(ids):
        raise Invalid("", "somebody is listed twice among the preferences")
    return ids


def _capacities(_: object, field: attrs.Attribute[FrozenMap[int]], roles: FrozenMap[int]) -> None:
    for role, capacity in roles.items():
        if type(capacity) is not int or not 0 <= capacity <= 1_000_000:
            raise Invalid(
                below(field.name, role),
                f"must be a capacity from 0 to 1000000, not {shown(capacity)}",
            )


def _number(value: object) -> Any:
    return float(value) if type(value) is int and abs(value) <= MONTH else value


def _hours(_: object, field: attrs.Attribute[float | None], value: float | None) -> None:
    if value is not None and not (type(value) is float and 0 <= value <= MONTH):
        raise Invalid(
            field.name, f"must be a number of hours from 0 to {MONTH} a month, not {shown(value)}"
        )


@attrs.frozen(kw_only=True)
class Participant:
    """A person in a programme.

    `roles` says how many partners this person takes at most in each role; 0 is a pause.
    `availability` are the windows of every week; on the days of `exceptions` others hold, and
    on those of `travel` they hang in another zone. No day is in two of either.
    `prefers` ranks people by id, first choice first. `avoids`, `manager` and `not_again`
    name people by id with whom this person is never matched; all but the manager are
    private. `hours` are what this person has for it each month, all partners together; None
    is unknown. `aims` are their goals and hopes and `brings` what they bring, in their own
    words. `protected` holds protected attributes apart from the person's others: being
    there means that the person agreed to the purpose that the programme states for it.
    """

    person: Person
    roles: FrozenMap[int] = attrs.field(default=EMPTY, converter=frozen_map, validator=_capacities)
    offers: tuple[Skill, ...] = attrs.field(default=(), converter=_skills)
    seeks: tuple[Skill, ...] = attrs.field(default=(), converter=_skills)
    interests: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    availability: tuple[Window, ...] = attrs.field(default=(), converter=windows_of)
    exceptions: tuple[Instead, ...] = attrs.field(default=(), converter=_exceptions)
    travel: tuple[Travel, ...] = attrs.field(default=(), converter=_travel)
    prefers: tuple[str, ...] = attrs.field(default=(), converter=_ranked)
    avoids: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    manager: str | None = None
    not_again: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    hours: float | None = attrs.field(default=None, converter=_number, validator=_hours)
    aims: str = ""
    brings: str = ""
    protected: FrozenMap[Value] = attrs.field(
        default=EMPTY, converter=attributes_of, validator=check_attributes
    )

    @property
    def id(self) -> str:
        """The person's id."""
        return self.person.id

    def value(self, field: str) -> Value | None:
        """What this person holds under `field`: an attribute, or one of `LISTED`.

        None is missing, and so is an empty list. Protected attributes are never among them.
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
        held = self.person.attributes.get(field)
        return None if held == () else held


LISTED = ("languages", "timezone", "interests", "offers", "seeks")
"""Fields besides the attributes that `Participant.value` answers for."""
