"""A draft of who is matched with whom, with reasons, proof and record.

Scores are whole thousandths of a point: a criterion's 0 to 1000 times its weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import attrs

from mentorkit.errors import Invalid, below
from mentorkit.models.frozenmap import EMPTY, FrozenMap, frozen_map
from mentorkit.models.message import Message
from mentorkit.models.programme import Programme, freeze

POINT = 1000
"""Thousandths in a point; a perfect fit under weight 1."""

Pair = tuple[str, str]
"""Two people by id, in the order of the topology's roles: (mentee, mentor). In one pool, in
the order of their ids."""


@attrs.frozen(order=True)
class Member:
    """A person, by id, in a role of a team."""

    person: str
    role: str


@attrs.frozen
class Team:
    """People matched to work together; members in the order of the topology's roles."""

    members: tuple[Member, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """The members' ids."""
        return tuple(member.person for member in self.members)


@attrs.frozen
class Finding:
    """What one use of a criterion says of a pair: 0 to 1000 `points`, its weight, words.

    `of` is the person whose score it adds to, None where it adds to the fit of both alike.
    """

    use: str
    points: int
    weight: int
    message: Message
    of: str | None = None

    @property
    def score(self) -> int:
        """What it adds to the pair, in thousandths of a point."""
        return self.points * self.weight

    @property
    def lost(self) -> int:
        """What a perfect fit would have added on top."""
        return (POINT - self.points) * self.weight


def fit_of(findings: Iterable[Finding], people: Iterable[str], *, weaker: bool) -> int:
    """What findings make of a pair's fit: their sum, or the weaker of the two people's."""
    own = dict.fromkeys(people, 0)
    common = 0
    for found in findings:
        if found.of is None:
            common += found.score
        elif found.of in own:  # a plan that somebody else wrote may name a stranger
            own[found.of] += found.score
    return common + (min(own.values()) if weaker else sum(own.values()))


@attrs.frozen(kw_only=True)
class Match:
    """One team of the plan.

    `fit` sums the criteria or, where `weaker`, is the lower of the `wishes`: the two directed
    scores (each side's own). `findings` hold every criterion that is not private, strongest
    first.
    """

    team: Team
    fit: int
    wishes: tuple[int, int]
    findings: tuple[Finding, ...]
    pinned: bool = False
    weaker: bool = False

    @property
    def shown_fit(self) -> int:
        """The fit that anyone may see: without the private criteria, which a sum would tell."""
        return fit_of(self.findings, self.team.people, weaker=self.weaker)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The up to five findings that speak most for the match."""
        return tuple(found for found in self.findings if found.score > 0)[:5]

    @property
    def caveat(self) -> Finding | None:
        """The finding that leaves most to wish for, if any does."""
        lacking = [found for found in self.findings if found.lost > 0]
        return max(lacking, key=lambda found: (found.lost, found.use), default=None)


@attrs.frozen(kw_only=True)
class Unmatched:
    """A person left without a partner in a role, the deciding cause and what would help."""

    person: str
    role: str
    cause: Message
    remedy: Message | None = None


@attrs.frozen(kw_only=True)
class GroupRate:
    """How many of those with one value of an attribute were matched, in one role.

    Both counts are None in a group of fewer than five, which is too few to show, and in
    the next larger one where the sum would otherwise give a single small group away.
    """

    value: str
    role: str
    people: int | None
    matched: int | None


def _counted(_: object, field: attrs.Attribute[Any], tables: FrozenMap[FrozenMap[int]]) -> None:
    """Refuse a table of counts that are not by whole numbers; an attrs validator."""
    for role, counts in tables.items():
        for number in counts:
            if not re.fullmatch("[0-9]{1,9}", number):
                raise Invalid(
                    below(below(field.name, role), number), "must be by a whole number, such as 1"
                )


@attrs.frozen(kw_only=True)
class Quality:
    """Figures to judge a plan by.

    `total` is the objective: every fit plus the programme's base for each match. `mean`
    and `least` are over the fits, None without matches. `ranks` counts, for each role, the
    matches that are the n-th best of all possible by the person's own wish (ties share
    the better rank). `load` counts, for each role, people by number of partners. `groups`
    are by the attribute `by`.
    """

    matches: int
    total: int
    mean: int | None
    least: int | None
    blocking_pairs: int
    ranks: FrozenMap[FrozenMap[int]] = attrs.field(converter=freeze, validator=_counted)
    load: FrozenMap[FrozenMap[int]] = attrs.field(converter=freeze, validator=_counted)
    by: str | None = None
    groups: tuple[GroupRate, ...] = ()


@attrs.frozen(kw_only=True)
class OddSet:
    """An odd number of people of one pool, of whom one is always left over, and its price.

    It holds `people`, by id, and all who are in the `sets` that it names: the numbers, from
    0, of others that come before it. A set of 2k + 1 people costs k times its price.
    """

    price: int
    people: tuple[str, ...]
    sets: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class GroupBound:
    """How many of a group's `places` must be filled, and what one more is worth for its sake.

    The group are the people of a role with one `value` of the attribute that parity is by.
    """

    value: str
    places: int
    wanted: int
    price: int


@attrs.frozen(kw_only=True)
class Freely:
    """The best plan without parity: its pairs, and the prices that prove it.

    What groups are due follows from how many places it fills. `bound`, `gap`, `prices` and
    `unit` are as in a `Certificate`; `cost` is how much less the total with parity is.
    """

    pairs: tuple[Pair, ...]
    cost: int
    bound: int | None = None
    gap: int | None = None
    prices: FrozenMap[FrozenMap[int]] = attrs.field(default=EMPTY, converter=freeze)
    unit: int = 1


@attrs.frozen(kw_only=True)
class Certificate:
    """Figures that anyone can check without trusting the matcher (`matching.verify`).

    `prices`, by role and id, bound the total of every feasible plan by `bound`; people
    that are not named have price 0. `gap` 0 proves the plan best. None: no bound is
    claimed.

    Where a matcher puts the number of matches first, each counts `lift` more, in the bound
    as in the total that it is held against. Where it puts the worst match first, `bound`
    is over plans whose every match is worth at least `least`. The prices `many` bound the
    matches of all plans, and `above` those there could be if each had to be worth more.

    Where pairs of an earlier plan are to stay, each that does counts `stay` more, likewise.

    Where people are matched within one pool, `sets` have prices too. All prices are in
    `unit`-ths of a thousandth of a point.

    Where teams have a least size, `bound` is over plans that keep it, and a price of the right
    role may be below 0. Where parity binds `groups`, it is over plans that fill as many places
    of each; `freely` is the best plan that need not.
    """

    bound: int | None = None
    gap: int | None = None
    prices: FrozenMap[FrozenMap[int]] = attrs.field(default=EMPTY, converter=freeze)
    lift: int = 0
    least: int = 0
    many: FrozenMap[FrozenMap[int]] = attrs.field(default=EMPTY, converter=freeze)
    above: FrozenMap[FrozenMap[int]] = attrs.field(default=EMPTY, converter=freeze)
    sets: tuple[OddSet, ...] = ()
    unit: int = 1
    stay: int = 0
    groups: tuple[GroupBound, ...] = ()
    freely: Freely | None = None


@attrs.frozen(kw_only=True)
class Explanation:
    """Why two people are matched, or why not, by id in the order of the topology's roles.

    `forbidden` says what rules the pair out. Where nothing does and they are not matched,
    `cost` is what the total would lose if they were (in thousandths of a point; 0 is a
    tie), with the pairs that would come and go; None where that was not worked out. The fit
    is the lower of the two people's scores where `weaker`.
    """

    pair: Pair
    matched: bool
    fit: int
    findings: tuple[Finding, ...]
    forbidden: tuple[Message, ...] = ()
    cost: int | None = None
    comes: tuple[Pair, ...] = ()
    goes: tuple[Pair, ...] = ()
    weaker: bool = False

    @property
    def shown_fit(self) -> int:
        """The fit that anyone may see: see `Match`."""
        return fit_of(self.findings, self.pair, weaker=self.weaker)


@attrs.frozen(kw_only=True)
class Moves:
    """What differs between two plans: the pairs that come together, and those that part."""

    comes: tuple[Pair, ...]
    goes: tuple[Pair, ...]


@attrs.frozen(kw_only=True)
class Record:
    """All that a plan depends on: the same record gives the same plan, byte for byte.

    `people` is a digest, so the record reveals nobody. `previous` is one too, of the plan
    that was begun from, and `stays` those of its pairs that were worth more for it.
    """

    people: str
    programme: Programme
    pins: tuple[Pair, ...] = ()
    forbids: tuple[Pair, ...] = ()
    versions: FrozenMap[str] = attrs.field(default=EMPTY, converter=frozen_map)
    previous: str | None = None
    stays: tuple[Pair, ...] = ()


def _some(_: object, field: attrs.Attribute[Any], roles: tuple[str, ...]) -> None:
    """Refuse no roles at all; an attrs validator."""
    if not roles:
        raise Invalid(field.name, "must name the roles of the topology")


@attrs.frozen(kw_only=True)
class MatchPlan:
    """A draft of matches for a programme, to be reviewed before anyone is told.

    `roles` are the topology's, in its order; the left side of a pair comes first. In one
    pool there is one role, and the lower id comes first.
    """

    matcher: str
    roles: tuple[str, ...] = attrs.field(validator=_some)
    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    quality: Quality
    certificate: Certificate
    record: Record
    notes: tuple[Message, ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The matched pairs by id, in the order of the topology's roles."""
        return tuple((match.team.people[0], match.team.people[1]) for match in self.matches)
