"""A first programme for the people there are: criteria on what they really state."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from mentorkit.enrolment import words
from mentorkit.models import Level, Participant, Programme, Use, Value
from mentorkit.models.plain import LONGEST_NAME

_WEIGHTS = {
    "skills": 5,
    "preferences": 4,
    "availability": 3,
    "language": 3,
    "level-gap": 3,
    "interests": 2,
    "same": 2,
    "time-zones": 2,
    "different": 1,
    "location": 1,
}
_ALIKE = ("profession", "industry")
_APART = ("organisation", "department")
_LEAST_GAP = {"grade": 1, "years": 2}
_LEAST_SHARE = 0.5


def propose_programme(
    people: Sequence[Participant], starts: datetime.date | None = None
) -> Programme:
    """A programme whose criteria use the fields that people fill and differ in.

    Time zones are compared on the first day, so criteria that need them are proposed
    only if `starts` is given. Protected attributes are never used.
    """
    zones = _distinct(people, "timezone")
    criteria: dict[str, Use] = {}
    if any(one.seeks for one in people) and any(one.offers for one in people):
        criteria["skills"] = _use("skills")
    if len(_distinct(people, "interests")) > 1:
        criteria["interests"] = _use("interests")
    if len(_distinct(people, "languages")) > 1:
        criteria["language"] = _use("language")
    if len(zones) > 1 and starts is not None:
        criteria["time-zones"] = _use("time-zones")
    if any(one.availability for one in people) and (not zones or starts is not None):
        criteria["availability"] = _use("availability")
    criteria |= _wishes(people)
    names = sorted({name for one in people for name in one.person.attributes})
    told = [name for name in names if _tells(people, name)]
    criteria |= {use_name: use for name in told for use_name, use in _attribute(people, name)}
    if not criteria:
        criteria = {f"same-{name[:45].strip()}": _use("same", attribute=name) for name in told[:3]}
    return Programme(starts=starts, criteria=criteria)


def _use(kind: str, **settings: object) -> Use:
    return Use(kind, settings, weight=_WEIGHTS[kind])


def _distinct(people: Iterable[Participant], field: str) -> set[Value]:
    found: set[Value] = set()
    for one in people:
        held = one.value(field)
        found |= set(held) if isinstance(held, tuple) else {held} if held is not None else set()
    return found


def _wishes(people: Sequence[Participant]) -> dict[str, Use]:
    """The ranked wishes of each side, as that side's alone."""
    sides = {"mentee": ("mentee", "mentor"), "mentor": ("mentor", "mentee")}
    return {
        f"{role}-wishes": Use(
            "preferences", between=between, wish_of="left", weight=_WEIGHTS["preferences"]
        )
        for role, between in sides.items()
        if any(one.prefers and role in one.roles for one in people)
    }


def _tells(people: Sequence[Participant], name: str) -> bool:
    """Whether enough people state an attribute, and it differs among some.

    Words that are different for everybody tell nothing either; numbers do.
    """
    if words.has(words.head_words(name), words.PROTECTED):
        return False
    stated = [held for one in people if (held := one.value(name)) is not None]
    different = len(_distinct(people, name))
    common = different < len(stated) or all(isinstance(held, int | float) for held in stated)
    return len(stated) >= _LEAST_SHARE * len(people) and different > 1 and common


def _attribute(people: Sequence[Participant], name: str) -> Iterable[tuple[str, Use]]:
    values = [held for one in people if (held := one.value(name)) is not None]
    use = name[: LONGEST_NAME - len("different-")].strip()
    if all(isinstance(held, Level) for held in values):
        ranks = [held.rank for held in values if isinstance(held, Level)]
        long = max(ranks) - min(ranks) > 5
        steps = {"least": 1, "most": 3, "ideal": 2} if long else {"least": 1, "most": 2, "ideal": 1}
        yield f"{use}-gap", _use("level-gap", attribute=name, **steps)
    elif name in _LEAST_GAP and all(isinstance(held, int | float) for held in values):
        yield f"{use}-gap", _use("level-gap", attribute=name, least=_LEAST_GAP[name])
    elif name in _ALIKE:
        yield f"same-{name}", _use("same", attribute=name)
    elif name in _APART:
        yield f"different-{name}", _use("different", attribute=name)
    elif name == "location" and all(isinstance(held, str) for held in values):
        yield name, _use("location", attribute=name)
