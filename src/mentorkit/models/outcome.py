"""What came of it: figures from outside, and how people's answers changed."""

from __future__ import annotations

import datetime
import math

import attrs

from mentorkit.errors import Invalid
from mentorkit.models.audit import Estimate
from mentorkit.models.message import Message
from mentorkit.models.plain import not_blank, shown


def _as_float(value: object) -> object:
    """A whole number as a float, which 1 and 1.0 are; anything else as it is."""
    return float(value) if type(value) is int else value


def _finite(_: object, field: attrs.Attribute[float], value: float) -> None:
    if not isinstance(value, float) or not math.isfinite(value):
        raise Invalid(field.name, f"must be a number, not {shown(value)}")


@attrs.frozen(kw_only=True)
class Figure:
    """What was measured of a person on a day, by whoever runs the programme.

    A measure of which all values are 0 or 1 tells of people for whom something holds.
    """

    person: str = attrs.field(validator=not_blank)
    measure: str = attrs.field(validator=not_blank)
    on: datetime.date
    value: float = attrs.field(converter=_as_float, validator=_finite)


@attrs.frozen(kw_only=True)
class Change:
    """How the same people of a role answered a question the first and the last time.

    `change` is the mean of what the last answer is more than the first, with its interval, in
    thousandths of a step. `more`, `same` and `less` count people by it. All are None where too
    few `people` answered twice, or where it is not over yet.
    """

    survey: str
    question: str
    text: Message
    role: str
    people: int | None = None
    change: Estimate | None = None
    more: int | None = None
    same: int | None = None
    less: int | None = None
