"""One programme's people, scored: all that matchers and explanations need."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

import attrs
import numpy as np

from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.errors import Invalid
from mentorkit.interfaces import BoolArray, IntArray, Problem
from mentorkit.matching.pool import ParticipantPool
from mentorkit.matching.scoring import Bound, bound_uses
from mentorkit.models import (
    POINT,
    Blueprint,
    Choice,
    Member,
    Message,
    Pair,
    Participant,
    Policies,
    Programme,
    Record,
    Team,
)
from mentorkit.registry import Registry


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """The left and right people of a programme, in id order, with what is known of each pair.

    Scores are thousandths of a point.
    """

    programme: Programme
    blueprint: Blueprint
    registry: Registry
    left: ParticipantPool
    right: ParticipantPool
    criteria: tuple[Bound, ...]
    constraints: tuple[Bound, ...]
    fits: IntArray
    """(n, m): the sum of the criteria."""
    wishes: tuple[IntArray, IntArray]
    """(n, m) each: what the left person sees in the right one, and the reverse."""
    ruled_out: BoolArray
    """(n, m): True where a constraint or the coordinator forbids the pair."""
    capacity: tuple[IntArray, IntArray]
    pins: IntArray
    """(k, 2): indices of the pairs that the coordinator has fixed."""
    record: Record

    @property
    def roles(self) -> tuple[str, str]:
        """The names of the left and the right role."""
        left, right = self.blueprint.roles
        return left.name, right.name

    @property
    def base(self) -> int:
        """What any match earns."""
        return (self.blueprint.policies.base or 0) * POINT

    @property
    def floor(self) -> int:
        """The fit below which nobody is matched."""
        return (self.blueprint.policies.floor or 0) * POINT

    @property
    def shown(self) -> tuple[Bound, ...]:
        """The criteria that count and whose findings anyone may read."""
        return tuple(use for use in self.criteria if use.use.weight and not use.private)

    @cached_property
    def fixed(self) -> frozenset[tuple[int, int]]:
        """The pinned pairs, to be looked up."""
        return frozenset((i, j) for i, j in self.pins.tolist())

    @cached_property
    def allowed(self) -> BoolArray:
        """(n, m): True where a pair may be, capacities apart."""
        return ~self.ruled_out & (self.fits >= self.floor)

    @cached_property
    def problem(self) -> Problem:
        """What matchers see: the pinned pairs and their seats are taken out."""
        allowed = self.allowed.copy()
        allowed[self.pins[:, 0], self.pins[:, 1]] = False
        taken = [
            np.bincount(self.pins[:, side], minlength=len(self.capacity[side])) for side in (0, 1)
        ]
        return Problem(
            left=self.left.ids,
            right=self.right.ids,
            values=self.fits + self.base,
            wishes=self.wishes,
            allowed=allowed,
            left_capacity=self.capacity[0] - taken[0],
            right_capacity=self.capacity[1] - taken[1],
            seed=self.programme.seed,
        )

    def index(self, pair: Pair) -> tuple[int, int]:
        """Where a pair stands in the tables; Invalid, saying why, where it has no place."""
        for person, pool, role in zip(pair, (self.left, self.right), self.roles, strict=True):
            if person not in pool.places:
                raise Invalid(
                    f"pair {pair[0]} with {pair[1]}",
                    f"{person!r} is no {role} with room; name the {self.roles[0]} first,"
                    f" then the {self.roles[1]}",
                )
        return self.left.places[pair[0]], self.right.places[pair[1]]

    def pinned(self, pins: Iterable[Pair]) -> Case:
        """This case with more pairs fixed. Invalid where one is forbidden or has no room.

        A pin may lie below the floor: that is the coordinator's decision.
        """
        pins = tuple(sorted(pins))
        places = set(self.fixed)
        for pair in pins:
            i, j = self.index(pair)
            if self.ruled_out[i, j]:
                raise Invalid(f"pin {pair[0]} with {pair[1]}", f"is forbidden: {self.bans(i, j)}")
            places.add((i, j))
        for side in (0, 1):
            count = Counter(place[side] for place in places)
            over = sorted(i for i, held in count.items() if held > self.capacity[side][i])
            if over:
                person = (self.left, self.right)[side].ids[over[0]]
                raise Invalid(
                    f"pins of {person}",
                    f"are more than this {self.roles[side]} has room for"
                    f" ({self.capacity[side][over[0]]})",
                )
        fixed = tuple(sorted({*self.record.pins, *pins}))
        return attrs.evolve(
            self,
            pins=np.array(sorted(places), dtype=np.int64).reshape(-1, 2),
            record=attrs.evolve(self.record, pins=fixed),
        )

    def solved_by(self, matcher: Choice) -> Case:
        """This case with another matcher."""

        def choose(policies: Policies) -> Policies:
            return attrs.evolve(policies, matcher=matcher)

        programme = attrs.evolve(self.programme, policies=choose(self.programme.policies))
        return attrs.evolve(
            self,
            programme=programme,
            blueprint=attrs.evolve(self.blueprint, policies=choose(self.blueprint.policies)),
            record=attrs.evolve(self.record, programme=programme),
        )

    def team(self, i: int, j: int) -> Team:
        """The team of a left and a right person."""
        people = (self.left.ids[i], self.right.ids[j])
        return Team(tuple(Member(*held) for held in zip(people, self.roles, strict=True)))

    def bans(self, i: int, j: int) -> str:
        """What forbids a pair, in words."""
        return "; ".join(str(message) for message in self.forbidding(i, j))

    def forbidding(self, i: int, j: int) -> tuple[Message, ...]:
        """What each constraint that forbids a pair says, or that the coordinator does."""
        left, right = self.left[i : i + 1], self.right[j : j + 1]
        said = [
            constraint.say(left.row(0), right.row(0), 0)
            for constraint in self.constraints
            if constraint.forbids(left, right)[0, 0]
        ]
        if not said and self.ruled_out[i, j]:
            said.append(Message("coordinator", "the coordinator has ruled this pair out"))
        return tuple(dict.fromkeys(said))

    def total(self, pairs: IntArray) -> int:
        """What pairs are worth together: their fits, and the base for each."""
        return int(self.fits[pairs[:, 0], pairs[:, 1]].sum()) + self.base * len(pairs)


def build_case(
    people: Iterable[Participant],
    programme: Programme,
    registry: Registry,
    *,
    pins: Iterable[Pair] = (),
    forbids: Iterable[Pair] = (),
) -> Case:
    """Score the people of a programme. Invalid for anything that does not fit together."""
    people, forbids = _unique(people), tuple(forbids)
    blueprint = blueprint_of(programme, registry)
    left, right = _pools(people, blueprint, programme)
    criteria = bound_uses(blueprint, registry, "criteria")
    constraints = bound_uses(blueprint, registry, "constraints")
    fits, wishes = _scores(criteria, left, right)
    ruled_out = np.zeros(fits.shape, dtype=bool)
    for constraint in constraints:
        ruled_out |= constraint.forbids(left, right)
    _forbid(ruled_out, left, right, forbids)
    capacity = tuple(
        np.array([pool.row(i).roles[role.name] for i in range(len(pool))], dtype=np.int64)
        for pool, role in zip((left, right), blueprint.roles, strict=True)
    )
    case = Case(
        programme=programme,
        blueprint=blueprint,
        registry=registry,
        left=left,
        right=right,
        criteria=criteria,
        constraints=constraints,
        fits=fits,
        wishes=wishes,
        ruled_out=ruled_out,
        capacity=(capacity[0], capacity[1]),
        pins=np.empty((0, 2), dtype=np.int64),
        record=_record(people, programme, forbids, registry, blueprint),
    )
    return case.pinned(pins)


def _unique(people: Iterable[Participant]) -> tuple[Participant, ...]:
    people = sorted(people, key=lambda participant: participant.id)
    for one, other in pairwise(people):
        if one.id == other.id:
            raise Invalid(f"person {one.id!r}", "is there twice; ids must be unique")
    return tuple(people)


def _pools(
    people: Iterable[Participant], blueprint: Blueprint, programme: Programme
) -> tuple[ParticipantPool, ParticipantPool]:
    if blueprint.shape != "pairs" or len(blueprint.roles) != 2:
        raise Invalid("topology", f"{blueprint.topology!r} does not match pairs of two roles")
    left, right = (
        ParticipantPool((held for held in people if held.roles.get(role.name)), programme.starts)
        for role in blueprint.roles
    )
    return left, right


def _scores(
    criteria: Iterable[Bound], left: ParticipantPool, right: ParticipantPool
) -> tuple[IntArray, tuple[IntArray, IntArray]]:
    """The fit of each pair, in which every use counts once, and the two directed scores."""
    fits, lefts, rights = (np.zeros((len(left), len(right)), dtype=np.int64) for _ in range(3))
    for bound in criteria:
        if not bound.use.weight:
            continue
        score = bound.points(left, right) * bound.use.weight
        fits += score
        for side, wishes in (("left", lefts), ("right", rights)):
            if bound.wish_of in (side, "both"):
                wishes += score
    return fits, (lefts, rights)


def _forbid(
    ruled_out: BoolArray, left: ParticipantPool, right: ParticipantPool, forbids: Iterable[Pair]
) -> None:
    """Rule the coordinator's pairs out, whichever of the two is the mentor."""
    for one, other in forbids:
        found = False
        for first, second in ((one, other), (other, one)):
            if first in left.places and second in right.places:
                ruled_out[left.places[first], right.places[second]] = True
                found = True
        if not found:
            raise Invalid(f"forbid {one} with {other}", "they take part in no two fitting roles")


def _record(
    people: tuple[Participant, ...],
    programme: Programme,
    forbids: Iterable[Pair],
    registry: Registry,
    blueprint: Blueprint,
) -> Record:
    digest = hashlib.sha256(codec.to_json(people).encode()).hexdigest()
    used = [
        registry.provider("formats", name) for name in (blueprint.topology, *blueprint.practices)
    ]
    uses = [*blueprint.criteria.values(), *blueprint.constraints.values()]
    used += [registry.provider("criteria", use.kind) for use in uses]
    return Record(
        people=digest,
        programme=programme,
        forbids=tuple(sorted({(min(pair), max(pair)) for pair in forbids})),
        versions={plugin.distribution: plugin.version for plugin in used},
    )
