"""A plan under review: changed a little, solved again at once, and as proven as before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor

import numpy as np

from mentorkit.blueprint import check_protected
from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray, Solution
from mentorkit.matching.asking import Found
from mentorkit.matching.blocks import among
from mentorkit.matching.case import Case, build_case, scored_between
from mentorkit.matching.certifying import certify
from mentorkit.matching.plan import describe
from mentorkit.matching.pool import ParticipantPool
from mentorkit.matching.solvers.resolving import Resolving
from mentorkit.matching.solvers.transport import Start, transport
from mentorkit.models import Choice, MatchPlan, Moves, Pair, Participant, Programme
from mentorkit.registry import Registry, installed

MORE = 2**16
"""Places that may be added."""
OPTIMAL = Choice("optimal")
_AGAIN = "which is not reviewed; match again with previous="
_ONE_POOL = f"matches within one pool, {_AGAIN}"
_RULES = f"is a rule on the whole plan, {_AGAIN}"


class Review:
    """The plan of the greatest total, while a coordinator pins, forbids and lets people join.

    Each change says who moves and keeps the plan proven; it costs a small part of matching
    afresh, since only what it touches is looked at. `plan` says all that a plan carries.
    Pairs are (mentee's id, mentor's id). Raises as `match` does, and then changes nothing.
    """

    def __init__(
        self,
        people: Iterable[Participant],
        programme: Programme | None = None,
        *,
        pins: Iterable[Pair] = (),
        forbids: Iterable[Pair] = (),
        registry: Registry | None = None,
        executor: Executor | None = None,
    ) -> None:
        people = tuple(people)
        self._programme = programme or Programme()
        self._registry = registry or installed()
        self._pins, self._forbids = set(pins), set(forbids)
        self._case = self._built(people)
        self._people = {held.id: held for held in people}
        problem = self._case.problem
        best = transport(problem.pairs, problem.capacity, executor)
        room = (problem.left_capacity.copy(), problem.right_capacity.copy())
        self._added = 0
        self._solving = Resolving(problem.pairs, room, MORE)
        self._solving.begin(Start(best.pairs, best.prices))
        self._solving.solved(executor)
        self._solving.ready()
        self._ids = (list(problem.left), list(problem.right))
        self._places = [{own: at for at, own in enumerate(ids)} for ids in self._ids]

    @property
    def pairs(self) -> frozenset[Pair]:
        """The matched pairs, pinned ones included."""
        return frozenset(self._named(self._solving.best_pairs()) | self._pins)

    @property
    def plan(self) -> MatchPlan:
        """The plan as it stands, with reasons and its proof."""
        case = self._built(self._people.values())
        prices = self._solving.best().prices
        held = tuple(
            np.array([price[place[own]] for own in pool.ids], dtype=np.int64)
            for price, place, pool in zip(
                prices, self._places, (case.left, case.right), strict=True
            )
        )
        # Whoever has no place left costs nothing, whatever their price.
        held = tuple(
            np.where(room > 0, price, 0)
            for price, room in zip(held, case.problem.capacity, strict=True)
        )
        pairs = case.indices(sorted(self.pairs))
        solution = Solution(pairs=pairs, prices=(held[0], held[1]))
        return describe(case, pairs, certify(case, Found(problem=case.problem, solution=solution)))

    def pin(self, left: str, right: str) -> Moves:
        """Keep a pair together. Invalid where it is forbidden, or one of them has no room.

        It may lie below the floor: that is the coordinator's decision.
        """
        i, j = self._index(left, right)
        place = f"pin {left} with {right}"
        if self._forbidden(left, right):
            raise Invalid(place, "is forbidden")
        for person, side, at in ((left, 0, i), (right, 1, j)):
            if not self._solving.room[side][at]:
                raise Invalid(place, f"{person!r} has no place left")

        def change() -> None:
            self._solving.pin(i, j)
            self._pins.add((left, right))

        return self._changed(change)

    def forbid(self, left: str, right: str) -> Moves:
        """Rule a pair out, whichever of the two is the mentor. Invalid where it is pinned."""
        self._index(left, right)
        both = {(left, right), (right, left)}
        if both & self._pins:
            raise Invalid(f"forbid {left} with {right}", "is pinned")

        def change() -> None:
            for one, other in sorted(both):
                if one in self._places[0] and other in self._places[1]:
                    self._solving.forbid(self._places[0][one], self._places[1][other])
            self._forbids.add((left, right))

        return self._changed(change)

    def leave(self, person: str) -> Moves:
        """Somebody drops out. Invalid where they take no part, or are in a pinned pair."""
        if person not in self._people:
            raise Invalid(f"person {person!r}", "takes no part")
        if any(person in pair for pair in self._pins):
            raise Invalid(f"person {person!r}", "is in a pinned pair")

        def change() -> None:
            for side, places in enumerate(self._places):
                if person in places:
                    self._solving.leave(side, places.pop(person))
            self._forbids = {pair for pair in self._forbids if person not in pair}
            del self._people[person]

        return self._changed(change)

    def join(self, participant: Participant) -> Moves:
        """Somebody joins late. Invalid where they are there already."""
        if participant.id in self._people:
            raise Invalid(f"person {participant.id!r}", "is there already")
        check_protected([participant], self._case.blueprint.protected)
        added = self._added + sum(participant.roles.values())
        if added > MORE:
            words = f"brings the places that were added above {MORE:,}; match again with previous="
            raise Invalid(f"person {participant.id!r}", words)

        def change() -> None:
            self._people[participant.id] = participant
            self._added = added
            for side, role in enumerate(self._case.roles):
                if places := participant.roles.get(role):
                    worth = self._worth(side, participant)
                    self._places[side][participant.id] = len(self._ids[side])
                    self._ids[side].append(participant.id)
                    self._solving.join(side, worth, places)

        return self._changed(change)

    def _built(self, people: Iterable[Participant]) -> Case:
        case = build_case(
            people,
            self._programme,
            self._registry,
            pins=self._pins,
            forbids=self._forbids,
        )
        if case.one_pool:
            raise Invalid("topology", f"{case.blueprint.topology!r} {_ONE_POOL}")
        if case.blueprint.policies.parity is not None:
            raise Invalid("policies.parity", _RULES)
        if case.problem.rules is not None:
            raise Invalid(
                "topology", f"{case.blueprint.topology!r} has teams of a least size, {_AGAIN}"
            )
        return case.solved_by(OPTIMAL)

    def _changed(self, change: Callable[[], None]) -> Moves:
        before, pinned = self._solving.best_pairs(), set(self._pins)
        change()
        after = self._solving.best_pairs()
        comes = self._named(after[~among(after, before)]) | (self._pins - pinned)
        goes = self._named(before[~among(before, after)])
        return Moves(comes=tuple(sorted(comes - goes)), goes=tuple(sorted(goes - comes)))

    def _named(self, pairs: IntArray) -> set[Pair]:
        left, right = self._ids
        return {(left[i], right[j]) for i, j in pairs.tolist()}

    def _index(self, left: str, right: str) -> tuple[int, int]:
        for person, places, role in zip((left, right), self._places, self._case.roles, strict=True):
            if person not in places:
                raise Invalid(f"pair {left} with {right}", f"{person!r} is no {role} with room")
        return self._places[0][left], self._places[1][right]

    def _forbidden(self, left: str, right: str) -> bool:
        if {(left, right), (right, left)} & self._forbids:
            return True
        pools = [ParticipantPool([self._people[own]], self._case.left.on) for own in (left, right)]
        pair = np.array([[0, 0]])
        return bool(scored_between(self._case, *pools).forbidden(pair)[0])

    def _worth(self, side: int, participant: Participant) -> IntArray:
        """What everybody of the other side is worth to somebody; below 0 where it may not be."""
        there = [own for own in self._ids[1 - side] if own in self._places[1 - side]]
        own = ParticipantPool([participant], self._case.left.on)
        others = ParticipantPool([self._people[held] for held in there], own.on)
        pools = (others, own) if side else (own, others)
        table = scored_between(self._case, *pools).worth().astype(np.int64)
        worth = np.full(len(self._ids[1 - side]), -1, dtype=np.int64)
        worth[[self._places[1 - side][held] for held in others.ids]] = table.ravel()
        return np.maximum(worth, -1)
