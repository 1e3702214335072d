"""What a coordinator decides: the programme, its format and the uses of criteria."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from math import isfinite
from typing import Any, Literal

import attrs

from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.person import not_blank, sorted_unique

Side = Literal["left", "right", "both"]


def freeze(data: object) -> Any:
    """Plain data as TOML and JSON give it, with lists as tuples and tables as FrozenMaps.

    Dates and times become ISO text, so that what was read from TOML equals what comes
    back from JSON. Raises ValueError for anything else, NaN and None included.
    """
    if isinstance(data, Mapping):
        return FrozenMap({key: freeze(held) for key, held in data.items()})
    if isinstance(data, list | tuple):
        return tuple(freeze(held) for held in data)
    if isinstance(data, datetime.date | datetime.time):
        return data.isoformat()
    if isinstance(data, str | bool | int) or (isinstance(data, float) and isfinite(data)):
        return data
    raise ValueError(f"must be text, a number, true or false, a list or a table, not {data!r}")


@attrs.frozen
class Choice:
    """A kind by name with its settings, as plain data until the registry binds them."""

    kind: str = attrs.field(validator=not_blank)
    settings: FrozenMap[Any] = attrs.field(default=EMPTY, converter=freeze)


@attrs.frozen
class Use(Choice):
    """One binding of a criterion or constraint in a programme.

    `between` names the two roles it looks at (the topology's, in order, when None).
    `wish_of` says whose wish a criterion states: a pair has two directed scores, and a
    wish of both counts in each. `weight` is what a perfect fit earns, in points.
    """

    between: tuple[str, str] | None = attrs.field(default=None, kw_only=True)
    weight: int = attrs.field(
        default=1,
        kw_only=True,
        validator=[attrs.validators.ge(0), attrs.validators.le(1_000_000)],
    )
    wish_of: Side = attrs.field(
        default="both", kw_only=True, validator=attrs.validators.in_(("left", "right", "both"))
    )


_points = attrs.validators.optional([attrs.validators.ge(0), attrs.validators.le(1_000_000)])


@attrs.frozen(kw_only=True)
class Policies:
    """Decisions with one value each; None is left to the practices and the topology.

    `base` is what any match earns, `floor` the points below which nobody is matched, both
    in the unit of the weights. `by` is the attribute whose links and rates are reported.
    """

    matcher: Choice | None = None
    base: int | None = attrs.field(default=None, validator=_points)
    floor: int | None = attrs.field(default=None, validator=_points)
    by: str | None = None


def constraints_only(
    _: object, field: attrs.Attribute[FrozenMap[Use]], uses: FrozenMap[Use]
) -> None:
    """Refuse weights and wishes where they would be ignored; an attrs validator."""
    for name, use in uses.items():
        if use.weight != 1 or use.wish_of != "both":
            raise ValueError(f"{name} is a constraint; weight and wish_of belong to criteria")


@attrs.frozen(kw_only=True)
class Programme:
    """A mentoring programme as its coordinator states it, ready to be written to a file.

    `starts` is its first day; `seed` decides what is left to chance. Criteria and
    constraints here come on top of the topology's and the practices' own, and win where
    the name is the same.
    """

    name: str = "Mentoring programme"
    topology: str = "one-to-one"
    practices: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    starts: datetime.date | None = None
    seed: int = attrs.field(
        default=0, validator=[attrs.validators.ge(0), attrs.validators.lt(2**63)]
    )
    policies: Policies = Policies()
    criteria: FrozenMap[Use] = attrs.field(default=EMPTY, converter=frozen_map)
    constraints: FrozenMap[Use] = attrs.field(
        default=EMPTY, converter=frozen_map, validator=constraints_only
    )


@attrs.frozen(kw_only=True)
class Role:
    """A part that people play in a team, and how many of them at least and at most."""

    name: str = attrs.field(validator=not_blank)
    least: int = 1
    most: int = 1

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.least <= self.most or self.most < 1:
            raise ValueError(f"role {self.name}: least {self.least} to most {self.most} is empty")


@attrs.frozen(kw_only=True)
class Topology:
    """Who meets whom: the base of a blueprint.

    `shape` is the matching problem (see the explanation of shapes), `path` the stages a
    relationship passes, and `facts` what practices may rely on, such as `meets:often`.
    """

    name: str
    shape: str
    roles: tuple[Role, ...]
    path: tuple[str, ...]
    facts: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    policies: Policies = Policies()
    criteria: FrozenMap[Use] = attrs.field(default=EMPTY, converter=frozen_map)
    constraints: FrozenMap[Use] = attrs.field(
        default=EMPTY, converter=frozen_map, validator=constraints_only
    )


@attrs.frozen(kw_only=True)
class Practice:
    """What people do: a fragment that adds uses and policies, and the facts it needs."""

    name: str
    needs: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    policies: Policies = Policies()
    criteria: FrozenMap[Use] = attrs.field(default=EMPTY, converter=frozen_map)
    constraints: FrozenMap[Use] = attrs.field(
        default=EMPTY, converter=frozen_map, validator=constraints_only
    )


@attrs.frozen(kw_only=True)
class Blueprint:
    """What a topology, its practices and a programme's overrides compose to.

    All that services and the engine read of a format.
    """

    topology: str
    practices: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    shape: str
    roles: tuple[Role, ...]
    path: tuple[str, ...]
    facts: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    policies: Policies = Policies()
    criteria: FrozenMap[Use] = attrs.field(default=EMPTY, converter=frozen_map)
    constraints: FrozenMap[Use] = attrs.field(default=EMPTY, converter=frozen_map)
