"""Who may take part, and with what: pure functions.

The hours that a month holds are counted as four weeks: who meets for an hour every two weeks
needs two hours a month.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

import attrs

from mentorkit.errors import Fault, Invalid, below
from mentorkit.models import Blueprint, Message, Participant, Person, Programme, Protected

T = TypeVar("T", Person, Participant)
MONTH = 28
"""Days in which the hours of a month are counted."""
HOURS = "waiting.hours"
"""The id of the reason of those who have too few hours."""


def minutes_needed(blueprint: Blueprint, cadence: int, minutes: int) -> Fraction:
    """The minutes a month that meetings with one partner take.

    `cadence` and `minutes` are those of relationships in it. Of a format that meets only once,
    or a few times, no more than so many meetings fall into a month.
    """
    meetings = Fraction(MONTH, cadence)
    most = 1 if "meets:once" in blueprint.facts else blueprint.policies.meetings
    return minutes * (meetings if most is None else min(meetings, Fraction(most)))


def too_few_hours(held: Participant, needed: Fraction) -> Message | None:
    """Why somebody has to wait who offers fewer hours than one partner takes.

    Nobody has to who says nothing of hours, or takes no partner.
    """
    if held.hours is None or not any(held.roles.values()) or round(held.hours * 60) >= needed:
        return None
    hours = f"{math.ceil(needed / 6) / 10:g}"
    words = "offers fewer than the {hours} hours a month that meetings with one partner take"
    return Message(HOURS, words, {"hours": hours})


def check_roles(people: Iterable[Participant], blueprint: Blueprint) -> None:
    """Refuse roles that the format does not have, which would never be matched."""
    known = [role.name for role in blueprint.roles]
    faults = [
        Fault(
            below(below(f"person {held.id!r}", "roles"), role),
            f"is no role of {blueprint.topology!r}; it has {', '.join(known)}",
        )
        for held in people
        for role in held.roles
        if role not in known
    ]
    if faults:
        raise Invalid(faults=faults)


def check_role_names(roles: Iterable[str], blueprint: Blueprint) -> None:
    """Refuse names of roles that the format does not have."""
    known = [role.name for role in blueprint.roles]
    for role in roles:
        if role not in known:
            raise Invalid(
                "roles", f"{role!r} is no role of {blueprint.topology!r}; it has {', '.join(known)}"
            )


def rated(programme: Programme) -> Programme:
    """The programme as it is matched: what people were rated on is shown to its uses alone.

    It is so as protected attributes are, of which nothing is said.
    """
    shown = {
        name: Protected("rated by the coordinator", scale.uses)
        for name, scale in programme.ratings.items()
        if scale.uses
    }
    if not shown:
        return programme
    return attrs.evolve(programme, protected={**programme.protected, **shown}, ratings={})


def check_unrated(people: Iterable[Participant], ratings: Collection[str]) -> None:
    """Refuse attributes under the name of a rating, which is the office's to give."""
    faults = [
        Fault(
            f"person {held.id!r}, {below('attributes', name)}",
            "is a rating in this programme, which people are given one by one; leave it out",
        )
        for held in people
        for name in ratings
        if name in held.person.attributes
    ]
    if faults:
        raise Invalid(faults=faults)


def own_words(given: Participant, known: Participant, fixed: Collection[str]) -> Participant:
    """What somebody states of themselves, on top of what is `known` of them.

    A bare Person, with nothing but the id, leaves what is known of the person. `fixed` fields
    and attributes stay as they are known; Invalid where they are stated otherwise.
    """
    person = given.person
    if person == Person(id=given.id):
        person = known.person
    faults: list[Fault] = []
    fields = {name for name in fixed if name in _OF_PERSON}
    person = _kept(person, known.person, fields, faults)
    attributes = dict(person.attributes)
    for name in sorted(set(fixed) - _OF_PERSON - _OF_PARTICIPANT):
        there = known.person.attributes
        if attributes.get(name, there.get(name)) != there.get(name):
            faults.append(_fault(f"attributes.{name}"))
        elif name in there:
            attributes[name] = there[name]
    held = attrs.evolve(given, person=attrs.evolve(person, attributes=attributes))
    held = _kept(held, known, set(fixed) & _OF_PARTICIPANT, faults)
    if faults:
        raise Invalid(faults=faults)
    return held


def _kept(given: T, known: T, fields: Collection[str], faults: list[Fault]) -> T:
    """A value with these fields as they are known; a fault for each that is stated otherwise."""
    held: dict[str, Any] = {}
    for name in sorted(fields):
        was, now = getattr(known, name), getattr(given, name)
        if now not in (was, attrs.fields_dict(type(given))[name].default):
            faults.append(_fault(name))
        held[name] = was
    return attrs.evolve(given, **held)


def _fault(place: str) -> Fault:
    return Fault(place, "is not for people to state of themselves here; leave it as it is")


_OF_PERSON = frozenset(attrs.fields_dict(Person)) - {"id", "attributes"}
_OF_PARTICIPANT = frozenset(attrs.fields_dict(Participant)) - {"person"}


def differences(before: Participant, after: Participant) -> tuple[str, ...]:
    """The names of the fields, roles and attributes in which two statements differ.

    Of protected attributes it says that they differ, and not in which.
    """
    found = [name for name in sorted(_OF_PERSON) if _differ(before.person, after.person, name)]
    found += _within("attributes", before.person.attributes, after.person.attributes)
    plain = sorted(_OF_PARTICIPANT - {"roles"})
    found += [name for name in plain if _differ(before, after, name)]
    return (*found, *_within("roles", before.roles, after.roles))


def _differ(before: object, after: object, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _within(table: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    names = sorted({*before, *after})
    return [below(table, name) for name in names if before.get(name) != after.get(name)]
