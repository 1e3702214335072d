"""One programme's people, scored: all that matchers and explanations need."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import cached_property
from itertools import pairwise

import attrs
import numpy as np

from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray, Problem
from mentorkit.matching.forms import Form, Listing, Total
from mentorkit.matching.pool import ParticipantPool
from mentorkit.matching.scored import ScoredPairs, with_bans
from mentorkit.matching.scoring import Bound, bound_uses
from mentorkit.models import (
    POINT,
    Blueprint,
    Choice,
    MatchPlan,
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

LARGEST = 2**51
"""Whole numbers up to 2**53 are exact in floating point, and sums of a few stay below."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
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
    forms: Mapping[str, Form]
    """What each use of a criterion says of all pairs, by its name."""
    pairs: ScoredPairs
    """What all criteria together say of them, and which a constraint or the coordinator
    forbids; pins are not closed here."""
    capacity: tuple[IntArray, IntArray]
    pins: IntArray
    """(k, 2): indices of the pairs that the coordinator has fixed."""
    record: Record
    executor: Executor | None = None
    """Where passes over all pairs may be done, in parts."""

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
    def problem(self) -> Problem:
        """What matchers see: the pinned pairs and their seats are taken out."""
        taken = [
            np.bincount(self.pins[:, side], minlength=len(self.capacity[side])) for side in (0, 1)
        ]
        return Problem(
            left=self.left.ids,
            right=self.right.ids,
            pairs=self.pairs.closing(self.pins),
            left_capacity=self.capacity[0] - taken[0],
            right_capacity=self.capacity[1] - taken[1],
            seed=self.programme.seed,
            executor=self.executor,
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
            if self.ruled_out(i, j):
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
        if not said and self.ruled_out(i, j):
            said.append(Message("coordinator", "the coordinator has ruled this pair out"))
        return tuple(dict.fromkeys(said))

    def ruled_out(self, i: int, j: int) -> bool:
        """Whether a constraint or the coordinator forbids a pair; the floor does not count."""
        return bool(self.pairs.forbidden(np.array([[i, j]]))[0])

    def fit(self, i: int, j: int) -> int:
        """The sum of the criteria for one pair."""
        return int(self.pairs.fits.at(np.array([[i, j]]))[0])

    def total(self, pairs: IntArray) -> int:
        """What pairs are worth together: their fits, and the base for each."""
        return int(self.pairs.fits.at(pairs).sum()) + self.base * len(pairs)


def build_case(
    people: Iterable[Participant],
    programme: Programme,
    registry: Registry,
    *,
    pins: Iterable[Pair] = (),
    forbids: Iterable[Pair] = (),
    previous: MatchPlan | None = None,
    executor: Executor | None = None,
) -> Case:
    """Score the people of a programme. Invalid for anything that does not fit together."""
    people, forbids = _unique(people), tuple(forbids)
    blueprint = blueprint_of(programme, registry)
    left, right = _pools(people, blueprint, programme)
    criteria = bound_uses(blueprint, registry, "criteria")
    constraints = bound_uses(blueprint, registry, "constraints")
    forms = {use.name: use.form(left, right) for use in criteria}
    pairs = _scored(criteria, forms, constraints, left, right, blueprint.policies)
    pairs = pairs.closing(_forbidden(left, right, forbids))
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
        forms=forms,
        pairs=pairs,
        capacity=(capacity[0], capacity[1]),
        pins=np.empty((0, 2), dtype=np.int64),
        record=_record(people, programme, forbids, registry, blueprint, previous),
        executor=executor,
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


def _scored(
    criteria: Sequence[Bound],
    forms: Mapping[str, Form],
    constraints: Sequence[Bound],
    left: ParticipantPool,
    right: ParticipantPool,
    policies: Policies,
) -> ScoredPairs:
    """The fit of each pair, in which every use counts once, and the two directed scores."""
    shape = (len(left), len(right))
    counting = [use for use in criteria if use.use.weight]
    highest = POINT * sum(use.use.weight for use in counting)
    base, floor = ((points or 0) * POINT for points in (policies.base, policies.floor))
    if highest + base >= LARGEST:
        raise Invalid("", "the weights are too large to be added up exactly")

    def total(*sides: str) -> Total:
        terms = [(forms[use.name], use.use.weight) for use in counting if use.wish_of in sides]
        return Total.of(terms, shape, highest + base)

    fits = total("left", "right", "both")
    one_sided = any(use.wish_of != "both" for use in counting)
    bans, closed = list[Form](), np.empty((0, 2), dtype=np.int64)
    for use in constraints:
        form = use.form(left, right)
        if isinstance(form, Listing) and not use.scores:
            closed = np.concatenate([closed, form.pairs()])
        else:
            bans.append(form)
    net, others = with_bans(
        [(forms[use.name], use.use.weight) for use in counting], bans, shape, highest + base
    )
    return ScoredPairs(
        shape=shape,
        fits=fits,
        net=net,
        sides=(total("left", "both"), total("right", "both")) if one_sided else (fits, fits),
        bans=tuple(bans),
        others=others,
        closed=Listing.of(np.empty((0, 2), dtype=np.int64), np.empty(0, dtype=np.int64), shape),
        base=base,
        floor=floor,
        highest=highest,
    ).closing(closed)


def scored_between(case: Case, left: ParticipantPool, right: ParticipantPool) -> ScoredPairs:
    """What the case's criteria and constraints say of other people."""
    forms = {use.name: use.form(left, right) for use in case.criteria}
    policies = case.blueprint.policies
    return _scored(case.criteria, forms, case.constraints, left, right, policies)


def _forbidden(left: ParticipantPool, right: ParticipantPool, forbids: Iterable[Pair]) -> IntArray:
    """The coordinator's pairs as indices, whichever of the two is the mentor."""
    found = set()
    for one, other in forbids:
        places = {
            (left.places[first], right.places[second])
            for first, second in ((one, other), (other, one))
            if first in left.places and second in right.places
        }
        if not places:
            raise Invalid(f"forbid {one} with {other}", "they take part in no two fitting roles")
        found |= places
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def _record(
    people: tuple[Participant, ...],
    programme: Programme,
    forbids: Iterable[Pair],
    registry: Registry,
    blueprint: Blueprint,
    previous: MatchPlan | None,
) -> Record:
    used = [
        registry.provider("formats", name) for name in (blueprint.topology, *blueprint.practices)
    ]
    uses = [*blueprint.criteria.values(), *blueprint.constraints.values()]
    used += [registry.provider("criteria", use.kind) for use in uses]
    return Record(
        people=_digest(people),
        previous=None if previous is None else _digest(previous),
        programme=programme,
        forbids=tuple(sorted({(min(pair), max(pair)) for pair in forbids})),
        versions={plugin.distribution: plugin.version for plugin in used},
    )


def _digest(content: object) -> str:
    return hashlib.sha256(codec.to_json(content, compact=True).encode()).hexdigest()
