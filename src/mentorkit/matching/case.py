"""One programme's people, scored: all that matchers and explanations need."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from functools import cached_property
from itertools import pairwise

import attrs
import numpy as np

from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.errors import Invalid
from mentorkit.interfaces import BoolArray, IntArray, Pairs, Problem, Rules
from mentorkit.matching.changed import Staying
from mentorkit.matching.forms import Form, Listing
from mentorkit.matching.pool import ParticipantPool
from mentorkit.matching.protection import guarded
from mentorkit.matching.scored import ScoredPairs
from mentorkit.matching.scoring import BoundUse, bound_uses
from mentorkit.matching.totals import score_pairs
from mentorkit.models import (
    POINT,
    Blueprint,
    Choice,
    Columns,
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

ROLES = {"pairs": 2, "one-pool": 1}
"""The shapes that the engine matches, and how many roles each has."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Case:
    """The left and right people of a programme, in id order, with what is known of each pair.

    Scores are thousandths of a point. Where people are matched within one pool, left and
    right are the same, and every pair is told both ways round.
    """

    programme: Programme
    blueprint: Blueprint
    registry: Registry
    left: ParticipantPool
    right: ParticipantPool
    criteria: tuple[BoundUse, ...]
    constraints: tuple[BoundUse, ...]
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
        roles = self.blueprint.roles
        return roles[0].name, roles[-1].name

    @property
    def one_pool(self) -> bool:
        """Whether people are matched with others of their own role."""
        return len(self.blueprint.roles) == 1

    @property
    def sides(self) -> tuple[int, ...]:
        """The sides of which there is something to tell: in one pool both are the same."""
        return (0,) if self.one_pool else (0, 1)

    @property
    def weaker(self) -> bool:
        """Whether a pair's fit is the lower of its directed scores, not the sum."""
        return self.blueprint.policies.combine == "weaker"

    @property
    def base(self) -> int:
        """What any match earns."""
        return (self.blueprint.policies.base or 0) * POINT

    @property
    def floor(self) -> int:
        """The fit below which nobody is matched."""
        return (self.blueprint.policies.floor or 0) * POINT

    @property
    def stay(self) -> int:
        """What a pair of the plan before is worth more."""
        return (self.blueprint.policies.stay or 0) * POINT

    @property
    def least(self) -> int:
        """The fewest left people of a team: whoever on the right has any, has so many."""
        left = self.blueprint.roles[0]
        return 1 if self.one_pool or left.most == 1 else max(left.least, 1)

    @property
    def shown(self) -> tuple[BoundUse, ...]:
        """The criteria that count and whose findings anyone may read."""
        return tuple(use for use in self.criteria if use.use.weight and not use.private)

    @cached_property
    def fixed(self) -> frozenset[tuple[int, int]]:
        """The pinned pairs, to be looked up."""
        return frozenset((i, j) for i, j in self.pins.tolist())

    @cached_property
    def problem(self) -> Problem:
        """What matchers see: the pinned pairs and their seats are taken out."""
        pins = self.seats(self.pins)
        pairs: Pairs = self.pairs.closing(pins)
        if self.stay and self.record.stays:
            pairs = Staying(pairs, self._stays, self.stay)
        taken = [np.bincount(pins[:, side], minlength=len(self.capacity[side])) for side in (0, 1)]
        return Problem(
            left=self.left.ids,
            right=self.right.ids,
            pairs=pairs,
            left_capacity=self.capacity[0] - taken[0],
            right_capacity=self.capacity[1] - taken[1],
            seed=self.programme.seed,
            executor=self.executor,
            one_pool=self.one_pool,
            rules=self._rules(taken[1]),
        )

    def _rules(self, pinned: IntArray) -> Rules | None:
        """The least size of teams, of which some begin with pinned partners."""
        if self.least == 1:
            return None
        least = np.maximum(self.least - pinned, 0)
        begun = (pinned > 0) & (least > 0)
        return attrs.evolve(Rules.none(self.pairs.shape), least=least, begun=begun)

    @cached_property
    def _stays(self) -> Listing:
        """The pairs of an earlier plan that are worth more for it."""
        pairs = self.seats(self.indices(self.record.stays))
        return Listing.of(pairs, np.ones(len(pairs), dtype=np.int64), self.pairs.shape)

    def aimed(self, pairs: IntArray) -> int:
        """What pairs are worth together to matchers: those that stay count more."""
        if not self.stay or not self.record.stays:
            return self.total(pairs)
        stays = self._stays.at(pairs[~self.is_pinned(pairs)])
        return self.total(pairs) + self.stay * int(stays.sum())

    def is_pinned(self, pairs: IntArray) -> BoolArray:
        """(k,): which of the pairs the coordinator has fixed."""
        return np.array([pair in self.fixed for pair in map(tuple, pairs.tolist())], dtype=bool)

    def seats(self, pairs: IntArray) -> IntArray:
        """Pairs as left people see them: in one pool, each both ways round."""
        return np.concatenate([pairs, pairs[:, ::-1]]) if self.one_pool else pairs

    def index(self, pair: Pair) -> tuple[int, int]:
        """Where a pair stands in the tables; Invalid, saying why, where it has no place."""
        order = f"; name the {self.roles[0]} first, then the {self.roles[1]}"
        for person, pool, role in zip(pair, (self.left, self.right), self.roles, strict=True):
            if person not in pool.places:
                raise Invalid(
                    f"pair {pair[0]} with {pair[1]}",
                    f"{person!r} is no {role} with room{'' if self.one_pool else order}",
                )
        i, j = self.left.places[pair[0]], self.right.places[pair[1]]
        return (min(i, j), max(i, j)) if self.one_pool else (i, j)

    def indices(self, pairs: Iterable[Pair]) -> IntArray:
        """(k, 2): where pairs stand in the tables; Invalid as in `index`."""
        return np.array([self.index(pair) for pair in pairs], dtype=np.int64).reshape(-1, 2)

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
        for side in self.sides:
            count = Counter(self.seats(np.array(sorted(places)).reshape(-1, 2))[:, side].tolist())
            over = sorted(i for i, held in count.items() if held > self.capacity[side][i])
            if over:
                person = (self.left, self.right)[side].ids[over[0]]
                raise Invalid(
                    f"pins of {person}",
                    f"are more than this {self.roles[side]} has room for"
                    f" ({self.capacity[side][over[0]]})",
                )
        ordered = {min(pair, pair[::-1]) if self.one_pool else pair for pair in pins}
        fixed = tuple(sorted({*self.record.pins, *ordered}))
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
        ways = ((left, right), (right, left)) if self.one_pool else ((left, right),)
        said = [
            constraint.say(one.row(0), other.row(0), 0)
            for constraint in self.constraints
            for one, other in ways
            if constraint.forbids(one, other)[0, 0]
        ]
        if not said and self.ruled_out(i, j):
            said.append(Message("coordinator", "the coordinator has ruled this pair out"))
        return tuple(dict.fromkeys(said))

    def ruled_out(self, i: int, j: int) -> bool:
        """Whether a constraint or the coordinator forbids a pair; the floor does not count."""
        return bool(self.pairs.forbidden(np.array([[i, j]]))[0])

    def fit(self, i: int, j: int) -> int:
        """The fit of one pair."""
        return int(self.pairs.fits.at(np.array([[i, j]]))[0])

    def total(self, pairs: IntArray) -> int:
        """What pairs are worth together: their fits, and the base for each."""
        return int(self.pairs.fits.at(pairs).sum()) + self.base * len(pairs)


def build_case(
    people: Iterable[Participant] | Columns,
    programme: Programme,
    registry: Registry,
    *,
    pins: Iterable[Pair] = (),
    forbids: Iterable[Pair] = (),
    stays: Iterable[Pair] = (),
    previous: MatchPlan | None = None,
    executor: Executor | None = None,
) -> Case:
    """Score the people of a programme. Invalid for anything that does not fit together.

    `stays` are pairs that the programme's policy `stay` makes worth more.
    """
    blueprint = blueprint_of(programme, registry)
    people = guarded(people, blueprint.protected)
    everybody, forbids = _everybody(people, programme), tuple(forbids)
    left, right = _pools(everybody, blueprint)
    capacity = _capacity(left, right, blueprint)
    criteria = bound_uses(blueprint, registry, "criteria")
    constraints = bound_uses(blueprint, registry, "constraints")
    forms = {use.name: use.form(left, right) for use in criteria}
    pairs = score_pairs(criteria, forms, constraints, left, right, blueprint.policies)
    pairs = pairs.closing(_forbidden(left, right, forbids))
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
        capacity=capacity,
        pins=np.empty((0, 2), dtype=np.int64),
        record=_record(everybody, programme, forbids, registry, blueprint, previous),
        executor=executor,
    )
    if case.stay:
        there = (pair for pair in stays if pair[0] in left.places and pair[1] in right.places)
        case = attrs.evolve(case, record=attrs.evolve(case.record, stays=tuple(sorted(there))))
    return case.pinned(pins)


def case_again(
    plan: MatchPlan, people: Iterable[Participant] | Columns, registry: Registry
) -> Case:
    """The case that a plan was made of. Invalid where it cannot be of these people."""
    record = plan.record
    case = build_case(
        people,
        record.programme,
        registry,
        pins=record.pins,
        forbids=record.forbids,
        stays=record.stays,
    )
    if case.record.people != record.people:
        raise Invalid("people", "are not those that the plan was made for")
    if any(len(match.team.members) != 2 for match in plan.matches):
        raise Invalid("matches", "a team is not a pair")
    return case


def _everybody(people: Iterable[Participant] | Columns, programme: Programme) -> ParticipantPool:
    everybody = ParticipantPool(people, programme.starts)
    for one, other in pairwise(everybody.ids):
        if one == other:
            raise Invalid(f"person {one!r}", "is there twice; ids must be unique")
    return everybody


def _pools(
    everybody: ParticipantPool, blueprint: Blueprint
) -> tuple[ParticipantPool, ParticipantPool]:
    if ROLES.get(blueprint.shape) != len(blueprint.roles):
        words = "does not match pairs of two roles, nor within one"
        raise Invalid("topology", f"{blueprint.topology!r} {words}")
    pools = [everybody[np.flatnonzero(everybody.room(role.name))] for role in blueprint.roles]
    return pools[0], pools[-1]


def _capacity(
    left: ParticipantPool, right: ParticipantPool, blueprint: Blueprint
) -> tuple[IntArray, IntArray]:
    roles = blueprint.roles
    places = [
        np.array(pool.room(role.name), dtype=np.int64)
        for pool, role in zip((left, right), (roles[0], roles[-1]), strict=True)
    ]
    if len(roles) == 1:
        for i in np.nonzero(places[0] > 1)[0][:1].tolist():
            raise Invalid(
                f"person {left.ids[i]!r}",
                f"has {places[0][i]} places as a {roles[0].name}; in one pool everyone has"
                " one partner at most, so this must be 1, or 0 for a pause",
            )
    return places[0], places[1]


def scored_between(case: Case, left: ParticipantPool, right: ParticipantPool) -> ScoredPairs:
    """What the case's criteria and constraints say of other people."""
    forms = {use.name: use.form(left, right) for use in case.criteria}
    policies = case.blueprint.policies
    return score_pairs(case.criteria, forms, case.constraints, left, right, policies)


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
    everybody: ParticipantPool,
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
        people=everybody.digest(),
        previous=None if previous is None else _digest(previous),
        programme=programme,
        forbids=tuple(sorted({(min(pair), max(pair)) for pair in forbids})),
        versions={plugin.distribution: plugin.version for plugin in used},
    )


def _digest(content: object) -> str:
    return hashlib.sha256(codec.to_json(content, compact=True).encode()).hexdigest()
