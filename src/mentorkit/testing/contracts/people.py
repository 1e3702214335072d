"""People for the contracts to ask about, drawn so fast that every check can have many.

A person is a few bytes, each of which picks what one field holds from a short list that
begins with nothing; so the simplest example of a fault has the least data.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import attrs
import hypothesis.strategies as st

from mentorkit.interfaces import Criterion, Pool
from mentorkit.matching import ParticipantPool
from mentorkit.models import FrozenMap, Level, Participant, Person, Skill, Value, Window

V = TypeVar("V")
Fields = Mapping[str, Sequence[Value]]

ON = datetime.date(2026, 3, 30)
IDS = tuple(f"p{number:02}" for number in range(5))
FAMILIES: Mapping[str, tuple[Value, ...]] = {
    "words": ("red", "blue", "DE/Berlin"),
    "numbers": (0, 2, 2.5),
    "levels": (Level(0, "junior"), Level(1, "senior")),
    "truths": (True, False),
    "lists": (("red",), ("blue", "red")),
}
"""The sorts of value that an attribute may hold."""

_ROLES = (("mentee",), ("mentor",), ("mentee", "mentor"))
_OFFERED = ((), (Skill("SQL"),), (Skill("SQL", 1), Skill("Python", 3)), (Skill("Python"),))
_SOUGHT = ((), (Skill("SQL", 2),), (Skill("Python", 2), Skill("SQL", 1)), (Skill("chess"),))
_FREE = ((), (Window(0, 540, 600),), (Window(6, 1380, 1560),), (Window(0, 0, 1440),))
_NAMED = ((), (), (IDS[0],), (IDS[2], IDS[1]), (IDS[3], "who-left"))


@attrs.frozen
class Population:
    """Pools of the left and the right people; some are in both."""

    left: ParticipantPool
    right: ParticipantPool

    def __repr__(self) -> str:
        people = {
            pool.ids[i]: pool.row(i) for pool in (self.left, self.right) for i in range(len(pool))
        }
        return "\n".join(str(people[person]) for person in sorted(people)) or "nobody"

    def table(self, asked: Any) -> Any:
        """What a criterion or a constraint answers for all pairs."""
        return table(asked, self.left, self.right)


def table(asked: Any, left: Pool, right: Pool) -> Any:
    """The points of a criterion, or what a constraint forbids."""
    return asked.points(left, right) if isinstance(asked, Criterion) else asked.forbids(left, right)


def populations(
    fields: Fields, people: st.SearchStrategy[list[Participant]] | None = None
) -> st.SearchStrategy[Population]:
    """Populations of up to five, whose attributes hold what `fields` lists, or of `people`."""
    if people is not None:
        return people.map(_of_both_roles)
    width = 12 + len(fields)
    drawn = st.lists(st.binary(min_size=width, max_size=width), max_size=len(IDS))
    return drawn.map(lambda codes: drawn_from(fields, codes))


def drawn_from(fields: Fields, codes: Sequence[bytes]) -> Population:
    """The population that these codes write down, 12 bytes and one for each field a person."""
    ids = [f"p{number:02}" for number in range(len(codes))]
    return _of_both_roles(map(_decoder(fields), ids, codes))


def _of_both_roles(people: Any) -> Population:
    people = list(people)
    roles = sorted({role for held in people for role in held.roles}) or ["mentee"]
    pools = [[held for held in people if role in held.roles] for role in (roles[0], roles[-1])]
    return Population(ParticipantPool(pools[0], ON), ParticipantPool(pools[1], ON))


def _decoder(fields: Fields) -> Callable[[str, bytes], Participant]:
    def participant(own: str, code: bytes) -> Participant:
        rest = iter(code)

        def pick(choices: Sequence[V]) -> V:
            return choices[next(rest) % len(choices)]

        # Two values come often, for most faults show where people agree.
        held = {
            name: pick((None, *values, *tuple(values[:2]) * 5)) for name, values in fields.items()
        }
        person = Person(
            id=own,
            timezone=pick((None, "UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns")),
            languages=pick(((), ("en",), ("de", "en"), ("fr",))),
            attributes={name: value for name, value in held.items() if value is not None},
        )
        return Participant(
            person=person,
            roles=dict.fromkeys(pick(_ROLES), 1 + pick((0, 1))),
            offers=pick(_OFFERED),
            seeks=pick(_SOUGHT),
            interests=pick(((), ("chess",), ("chess", "music"), ("climbing",))),
            availability=pick(_FREE),
            prefers=pick(_NAMED),
            avoids=pick(_NAMED),
            manager=pick((None, None, IDS[0], IDS[1])),
            not_again=pick(_NAMED),
        )

    return participant


def blank(own: str, **attributes: Value) -> Participant:
    """Somebody who gives nothing but an id and these attributes."""
    return Participant(person=Person(id=own, attributes=attributes), roles={"mentee": 1})


def pair_pool(*people: Participant) -> ParticipantPool:
    """A pool of these people."""
    return ParticipantPool(people, ON)


class _Watched(FrozenMap[Any]):
    """Attributes that remember which of them were asked for."""

    __slots__ = ("asked",)

    def __init__(self, items: Mapping[str, Any], asked: set[str]) -> None:
        super().__init__(items)
        self.asked = asked

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)


def attributes_read(asked: Any) -> tuple[str, ...]:
    """The attributes that a criterion or constraint asks people for, found by watching it."""
    seen: set[str] = set()
    while True:
        known = sorted(seen)
        for values in FAMILIES.values():
            people = [blank(own, **dict.fromkeys(known, values[0])) for own in IDS[:2]]
            for held in people:
                # A frozen model: nobody but this spy changes one.
                watched = _Watched(held.person.attributes, seen)
                object.__setattr__(held.person, "attributes", watched)
            attempt(asked, *people)
        if known == sorted(seen):
            return tuple(known)


def attempt(asked: Any, left: Participant, right: Participant) -> Exception | None:
    """The error that asking about one pair raises."""
    try:
        table(asked, pair_pool(left), pair_pool(right))
    except Exception as error:
        return error
    return None


def readable(asked: Any) -> Fields:
    """For each attribute that is asked for, the values that can be read."""
    fields: dict[str, list[Value]] = {}
    for name in attributes_read(asked):
        fields[name] = []
        for values in FAMILIES.values():
            pairs = [(one, other) for one in values for other in values]
            if not any(attempt(asked, *_holding(name, *pair)) for pair in pairs):
                fields[name] += values
    return fields


def _holding(name: str, one: Value, other: Value) -> tuple[Participant, Participant]:
    return blank(IDS[0], **{name: one}), blank(IDS[1], **{name: other})


def unread(asked: Any, refused: Callable[[BaseException], bool]) -> list[str]:
    """Values that are neither read nor refused, with what they raised."""
    return [
        f"{name} = {value!r} raised {type(error).__name__}: {error}"
        for name in attributes_read(asked)
        for values in FAMILIES.values()
        for value in values
        if (error := attempt(asked, *_holding(name, value, value))) and not refused(error)
    ]
