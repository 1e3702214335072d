"""What a coordinator decides: the programme, its format and the uses of criteria."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, Literal, get_args

import attrs

from mentorkit.errors import Invalid, below
from mentorkit.models.agreement import AgreementTemplate, point_texts
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.participant import LISTED
from mentorkit.models.plain import (
    MOST,
    in_order,
    known_zone,
    not_blank,
    plain,
    shown,
    sorted_unique,
    whole,
)

Side = Literal["left", "right", "both"]
Combine = Literal["sum", "weaker"]


def freeze(data: object, path: str = "", deepest: int = 20) -> Any:
    """Plain data as TOML and JSON give it, with lists as tuples and tables as FrozenMaps.

    Dates and times become ISO text, so that what was read from TOML equals what comes
    back from JSON. Raises Invalid, naming the place below `path`, for anything else:
    None, NaN, whole numbers beyond 64 bits and nesting more than `deepest` deep included.
    """
    if deepest < 0:
        raise Invalid(path, "is nested too deeply")
    if isinstance(data, Mapping):
        for key in data:
            if not isinstance(key, str) or not plain(key):
                raise Invalid(path, f"must have names as keys, not {shown(key)}")
        held = {key: freeze(held, below(path, key), deepest - 1) for key, held in data.items()}
        return FrozenMap(held)
    if isinstance(data, list | tuple):
        return tuple(freeze(held, below(path, at), deepest - 1) for at, held in enumerate(data))
    if isinstance(data, datetime.date | datetime.time):
        return data.isoformat()
    if plain(data):
        return data
    raise Invalid(
        path, f"must be text, a number, true or false, a list or a table, not {shown(data)}"
    )


@attrs.frozen
class Choice:
    """A kind by name with its settings, as plain data until the registry binds them."""

    kind: str = attrs.field(validator=not_blank)
    settings: FrozenMap[Any] = attrs.field(default=EMPTY, converter=freeze)

    def __attrs_post_init__(self) -> None:
        for own in attrs.fields(type(self)):
            if own.name != "settings" and own.name in self.settings:
                raise Invalid(own.name, "belongs to every choice; no setting is called so")


def _side(_: object, field: attrs.Attribute[Side], value: Side) -> None:
    if value not in get_args(Side):
        raise Invalid(field.name, f"must be left, right or both, not {shown(value)}")


@attrs.frozen
class Use(Choice):
    """One binding of a criterion or constraint in a programme.

    `between` names the two roles it looks at (the topology's, in order, when None).
    `wish_of` says whose wish a criterion states: a pair has two directed scores, and a
    wish of both counts in each. `weight` is what a perfect fit earns, in points.
    """

    between: tuple[str, str] | None = attrs.field(default=None, kw_only=True)
    weight: int = attrs.field(default=1, kw_only=True, validator=whole(0, 1_000_000))
    wish_of: Side = attrs.field(default="both", kw_only=True, validator=_side)


Goals = Literal["open", "smart"]

_points = attrs.validators.optional(whole(0, 1_000_000))
_days = attrs.validators.optional(whole(1, 3650))
_minutes = attrs.validators.optional(whole(5, 24 * 60))
_meetings = attrs.validators.optional(whole(1, 1000))


def _goals(_: object, field: attrs.Attribute[Goals | None], value: Goals | None) -> None:
    if value is not None and value not in get_args(Goals):
        raise Invalid(field.name, f"must be open or smart, not {shown(value)}")


def _combine(_: object, field: attrs.Attribute[Combine | None], value: Combine | None) -> None:
    if value is not None and value not in get_args(Combine):
        raise Invalid(field.name, f"must be sum or weaker, not {shown(value)}")


@attrs.frozen(kw_only=True)
class Parity:
    """A bound on how unequally the groups of a role are matched.

    The places that the people with each value of the attribute `by` fill, as a share of
    those they have, may be at most `within` percentage points below the share of the whole
    role, which is the topology's first unless named. Groups of fewer than five are not bound.
    """

    by: str = attrs.field(validator=not_blank)
    within: int = attrs.field(validator=whole(0, 100))
    role: str | None = None


def _hosts(_: object, field: attrs.Attribute[Any], value: tuple[str, ...] | None) -> None:
    """Refuse what is no name of a host; an attrs validator."""
    for at, host in enumerate(value or ()):
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host):
            raise Invalid(
                f"{field.name}[{at}]", f"must be a host like 'meet.example.org', not {host!r}"
            )


@attrs.frozen(kw_only=True)
class Policies:
    """Decisions with one value each; None is left to the practices and the topology.

    `base` is what any match earns, `floor` the points below which nobody is matched, both
    in the unit of the weights. A pair's fit is the `sum` of its criteria or, where `combine`
    is `weaker`, the lower of the two directed scores, so that nobody only gives. Where one
    plan follows another, each pair of the earlier one is worth `stay` points more. `parity`
    bounds how unequally groups are matched. `by` is the attribute whose links and rates are
    reported.
    A relationship lasts `length` days and meets every `cadence` days for `minutes`, at most
    `meetings` times. `goals` is "smart" where a vague goal is refused. `timezone` is where
    its days begin, and that of people who name none. A proposal that not all have answered
    after `answer` days expires. Where `next_best` is true, those whose proposal expired or was
    declined are proposed to the next best by themselves. Where there is `approval`, whoever
    applies waits for the coordinator's word. `fixed` are fields and attributes that people do
    not state of themselves, such as "manager". `safeguarding` is the id of the person whom
    reports of conduct reach. Where people first meet in person, the place is public unless
    `public_first` is false. Links to meetings are on one of the `hosts`, or below one, where
    any are named. On the public holidays of the countries or parts of them in
    `holidays`, such as DE or DE-BE, nobody is asked to meet.
    """

    matcher: Choice | None = None
    base: int | None = attrs.field(default=None, validator=_points)
    floor: int | None = attrs.field(default=None, validator=_points)
    combine: Combine | None = attrs.field(default=None, validator=_combine)
    stay: int | None = attrs.field(default=None, validator=_points)
    parity: Parity | None = None
    by: str | None = None
    scheduler: Choice | None = None
    timezone: str | None = attrs.field(default=None, validator=known_zone)
    length: int | None = attrs.field(default=None, validator=_days)
    cadence: int | None = attrs.field(default=None, validator=_days)
    minutes: int | None = attrs.field(default=None, validator=_minutes)
    meetings: int | None = attrs.field(default=None, validator=_meetings)
    goals: Goals | None = attrs.field(default=None, validator=_goals)
    holidays: tuple[str, ...] | None = attrs.field(
        default=None, converter=attrs.converters.optional(sorted_unique)
    )
    answer: int | None = attrs.field(default=None, validator=_days)
    next_best: bool | None = None
    approval: bool | None = None
    fixed: tuple[str, ...] | None = attrs.field(
        default=None, converter=attrs.converters.optional(sorted_unique)
    )
    safeguarding: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(not_blank)
    )
    public_first: bool | None = None
    hosts: tuple[str, ...] | None = attrs.field(
        default=None, converter=attrs.converters.optional(sorted_unique), validator=_hosts
    )


def constraints_only(
    _: object, field: attrs.Attribute[FrozenMap[Use]], uses: FrozenMap[Use]
) -> None:
    """Refuse weights and wishes where they would be ignored; an attrs validator."""
    for name, use in uses.items():
        if use.weight != 1 or use.wish_of != "both":
            raise Invalid(
                below(field.name, name),
                "is a constraint, which has no weight and no wish_of; criteria do",
            )


@attrs.frozen(kw_only=True)
class Step:
    """One session of a flow: its place in the order, and what it must bring forth.

    A session of this step is not held before those of lower `order`, nor completed without
    each of its `outputs`, which are names such as "action plan".
    """

    order: int = attrs.field(validator=whole(0, 1000))
    title: str = attrs.field(validator=not_blank)
    prompts: tuple[str, ...] = attrs.field(default=(), converter=in_order)
    outputs: tuple[str, ...] = attrs.field(default=(), converter=in_order)


@attrs.frozen(kw_only=True)
class Fragment:
    """What topologies, practices, programmes and blueprints all hold: uses by name.

    Every slot but `policies` and `agreement` unites by name when formats are composed.
    `openings` are prompts with which a relationship's first meeting opens, such as an icebreaker.
    """

    policies: Policies = Policies()
    agreement: AgreementTemplate = attrs.field(factory=AgreementTemplate)
    criteria: FrozenMap[Use] = attrs.field(default=EMPTY, converter=frozen_map)
    constraints: FrozenMap[Use] = attrs.field(
        default=EMPTY, converter=frozen_map, validator=constraints_only
    )
    sessions: FrozenMap[Step] = attrs.field(default=EMPTY, converter=frozen_map)
    openings: FrozenMap[str] = attrs.field(
        default=EMPTY, converter=frozen_map, validator=point_texts
    )
    surveys: FrozenMap[Choice] = attrs.field(default=EMPTY, converter=frozen_map)
    signals: FrozenMap[Choice] = attrs.field(default=EMPTY, converter=frozen_map)
    awards: FrozenMap[Choice] = attrs.field(default=EMPTY, converter=frozen_map)
    sections: FrozenMap[Choice] = attrs.field(default=EMPTY, converter=frozen_map)


SLOTS = tuple(
    field.name for field in attrs.fields(Fragment) if field.name not in ("policies", "agreement")
)
"""The slots of a fragment that hold uses by name."""


@attrs.frozen
class Protected:
    """Why a programme knows a protected attribute, in a sentence, and who may read it.

    `uses` are the names of criteria and constraints to which it is shown, and "parity" where
    that policy is by it; nothing else of a match sees it. Without any, it is there for audits
    alone.
    """

    purpose: str = attrs.field(validator=not_blank)
    uses: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)


def _no_field(
    _: object, field: attrs.Attribute[FrozenMap[Protected]], stated: FrozenMap[Protected]
) -> None:
    for name in stated:
        if name in LISTED:
            raise Invalid(
                below(field.name, name), "is a field that everybody has; choose another name"
            )


@attrs.frozen(kw_only=True)
class RatingScale:
    """What somebody may be rated on, such as in an interview, in points from `least` to `most`.

    `uses` are the names of criteria and constraints that read the latest rating, as an
    attribute of its name; what they say of a pair is private. Where it is not `shown`, those
    rated read it in their export alone.
    """

    least: int = attrs.field(default=1, validator=whole(0, 1000))
    most: int = attrs.field(default=5, validator=whole(0, 1000))
    uses: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    shown: bool = False

    def __attrs_post_init__(self) -> None:
        if self.least >= self.most:
            raise Invalid("most", f"must be above least, which is {self.least}")


def _ratings(
    _: object, field: attrs.Attribute[FrozenMap[RatingScale]], stated: FrozenMap[RatingScale]
) -> None:
    for name in stated:
        if name in LISTED:
            raise Invalid(
                below(field.name, name), "is a field that everybody has; choose another name"
            )


@attrs.frozen(kw_only=True)
class Programme(Fragment):
    """A mentoring programme as its coordinator states it, ready to be written to a file.

    `starts` is its first day; `seed` decides what is left to chance. The uses here come on
    top of the topology's and the practices' own, and win where the name is the same.
    `without` names those of the format that it does without, such as "surveys.pulse".
    `protected` says of each protected attribute that people may state, what it is for.
    `ratings` are what the coordinator rates people on.
    """

    name: str = "Mentoring programme"
    topology: str = "one-to-one"
    practices: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    without: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    starts: datetime.date | None = None
    seed: int = attrs.field(default=0, validator=whole(0, MOST))
    protected: FrozenMap[Protected] = attrs.field(
        default=EMPTY, converter=frozen_map, validator=_no_field
    )
    ratings: FrozenMap[RatingScale] = attrs.field(
        default=EMPTY, converter=frozen_map, validator=_ratings
    )


@attrs.frozen(kw_only=True)
class Role:
    """A part that people play in a team, and how many of them at least and at most."""

    name: str = attrs.field(validator=not_blank)
    least: int = attrs.field(default=1, validator=whole(0, MOST))
    most: int = attrs.field(default=1, validator=whole(1, MOST))

    def __attrs_post_init__(self) -> None:
        if self.least > self.most:
            raise Invalid("most", f"must not be below least, which is {self.least}")


@attrs.frozen(kw_only=True)
class Topology(Fragment):
    """Who meets whom: the base of a blueprint.

    `shape` is the matching problem (see the explanation of shapes), `path` the stages a
    relationship passes, and `facts` what practices may rely on, such as `meets:often`.
    """

    name: str
    shape: str
    roles: tuple[Role, ...]
    path: tuple[str, ...]
    facts: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)


@attrs.frozen(kw_only=True)
class Practice(Fragment):
    """What people do: a fragment that adds uses and policies, and the facts it needs."""

    name: str
    needs: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)


@attrs.frozen(kw_only=True)
class Blueprint(Fragment):
    """What a topology, its practices and a programme's overrides compose to.

    All that services and the engine read of a format.
    """

    topology: str
    practices: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    shape: str
    roles: tuple[Role, ...]
    path: tuple[str, ...]
    facts: tuple[str, ...] = attrs.field(default=(), converter=sorted_unique)
    protected: FrozenMap[Protected] = attrs.field(default=EMPTY, converter=frozen_map)
    ratings: FrozenMap[RatingScale] = attrs.field(default=EMPTY, converter=frozen_map)
