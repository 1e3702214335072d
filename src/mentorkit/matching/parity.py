"""Parity: what the groups of a role must at least be given, and what it costs the total.

A group's share is the places that its people fill of those they have. It may be so many
percentage points below the share of the whole role, and no more: what that comes to in
places, rounded down, is due to it. How much the whole role fills is seen from the best plan
without the bound: so no plan can keep it by leaving others out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray, Problem, Rules
from mentorkit.matching.case import Case
from mentorkit.matching.columns import text
from mentorkit.matching.protection import Seen
from mentorkit.matching.suppression import FEWEST, grouped
from mentorkit.models import Certificate, GroupBound, Message, Parity
from mentorkit.models.plain import MOST
from mentorkit.wording import points


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Shares:
    """The groups of a role that parity binds, of g in all."""

    case: Case
    within: int
    side: int
    """Whose groups they are: 0 for the left people, 1 for the right."""
    values: tuple[str, ...]
    """(g,): the value that each group has in common, in order."""
    group: IntArray
    """The group of each person of the role, -1 for none."""

    @classmethod
    def of(cls, case: Case) -> Shares | None:
        """Those of the case's policy `parity`, if it has one, and groups that are large enough.

        Invalid where it cannot be meant.
        """
        parity = case.blueprint.policies.parity
        if parity is None:
            return None
        if case.one_pool:
            topology = case.blueprint.topology
            words = f"is for pairs of two roles, and {topology!r} matches within one"
            raise Invalid("policies.parity", words)
        side = _side(case, parity)
        pool = (case.left, case.right)[side]
        values = Seen(pool, frozenset(case.blueprint.protected)).values(parity.by)
        known = [place for place, value in enumerate(values) if text(value)]
        if len(values) and not known:
            words = f"nobody among the {case.roles[side]}s has {parity.by!r}"
            raise Invalid("policies.parity.by", words)
        groups = grouped([values[place] for place in known])
        large = {value: held for value, held in groups.items() if len(held) >= FEWEST}
        if not large:
            return None
        group = np.full(len(values), -1, dtype=np.int64)
        for number, held in enumerate(large.values()):
            group[[known[place] for place in held]] = number
        return cls(case=case, within=parity.within, side=side, values=tuple(large), group=group)

    @cached_property
    def places(self) -> IntArray:
        """(g,): how many places each group's people have."""
        return self._summed(self.case.capacity[self.side])

    def wanted(self, pairs: IntArray) -> IntArray:
        """(g,): the places each group must fill where the whole role fills those of these pairs."""
        room = int(self.case.capacity[self.side].sum())
        share = 100 * len(pairs) - self.within * room
        # In Python's whole numbers: places may be so many that the product leaves 64 bits.
        least = [max(places * share // (100 * room), 0) for places in self.places.tolist()]
        return np.array(least, dtype=np.int64)

    def kept(self, pairs: IntArray, wanted: IntArray) -> bool:
        """Whether these pairs fill so many places of each group."""
        return bool((self._filled(pairs) >= wanted).all())

    def problem_wanting(self, wanted: IntArray) -> Problem:
        """The case's problem with so many places of each group wanted, its pins among them."""
        problem = self.case.problem
        pins = self._filled(self.case.pins)
        sides = [np.full(size, -1, dtype=np.int64) for size in problem.shape]
        sides[self.side] = self.group
        rules = attrs.evolve(
            problem.rules or Rules.none(problem.shape),
            groups=(sides[0], sides[1]),
            wanted=np.maximum(wanted - pins, 0),
            names=tuple(
                f"{value}, besides {given} of pinned pairs" if given else value
                for value, given in zip(self.values, pins.tolist(), strict=True)
            ),
        )
        return attrs.evolve(problem, rules=rules)

    def bounds(self, wanted: IntArray, prices: IntArray | None) -> tuple[GroupBound, ...]:
        """What is wanted of each group, for a certificate; without prices, they are 0."""
        priced = np.zeros_like(wanted) if prices is None else prices
        columns = (self.values, self.places.tolist(), wanted.tolist(), priced.tolist())
        return tuple(
            GroupBound(value=value, places=places, wanted=least, price=price)
            for value, places, least, price in zip(*columns, strict=True)
        )

    def read(self, bounds: Sequence[GroupBound]) -> tuple[IntArray, IntArray]:
        """What a certificate wants of each group, and its prices. Invalid where it is of others."""
        values = tuple((bound.value, bound.places) for bound in bounds)
        if values != tuple(zip(self.values, self.places.tolist(), strict=True)):
            raise Invalid("certificate.groups", "are not those that parity binds")
        if not all(0 <= number <= MOST for held in bounds for number in (held.wanted, held.price)):
            raise Invalid("certificate.groups", f"must want and be priced from 0 to {MOST}")
        wanted, prices = (
            np.array([getattr(held, name) for held in bounds], dtype=np.int64)
            for name in ("wanted", "price")
        )
        return wanted, prices

    def _filled(self, pairs: IntArray) -> IntArray:
        """(g,): how many places of each group these pairs fill."""
        return self._summed(np.bincount(pairs[:, self.side], minlength=len(self.group)))

    def _summed(self, numbers: IntArray) -> IntArray:
        """(g,): the numbers of each group's people together."""
        held = self.group >= 0
        sums: IntArray = np.zeros(len(self.values), dtype=np.int64)
        np.add.at(sums, self.group[held], numbers[held])
        return sums


def told(case: Case, certificate: Certificate) -> tuple[Message, ...]:
    """What a coordinator is to know of the policy: that it is kept, and what it costs."""
    parity = case.blueprint.policies.parity
    if parity is None:
        return ()
    values: dict[str, str | int] = {
        "by": parity.by,
        "within": parity.within,
        "fewest": FEWEST,
        "role": case.roles[_side(case, parity)],
    }
    free = certificate.freely
    if free is None:
        said = "parity by {by} binds nobody: no group of {role}s has {fewest} people or more"
        return (Message("parity.nobody", said, values),)
    room = int(case.capacity[_side(case, parity)].sum())
    values["share"] = f"{100 * len(free.pairs) / room:.1f}" if room else "0"
    said = (
        "each group of {role}s by {by} that has {fewest} people or more fills what is due to it:"
        " {within} percentage points less than {share} % of its places, rounded down"
    )
    if free.cost == 0:
        said += "; the best total keeps that anyway"
    elif free.cost > 0:
        values["cost"] = points(free.cost)
        said += "; that takes {cost} points from the total"
    return (Message("parity", said, values),)


def _side(case: Case, parity: Parity) -> int:
    if parity.role is None:
        return 0
    if parity.role not in case.roles:
        words = f"must be {' or '.join(case.roles)}, not {parity.role!r}"
        raise Invalid("policies.parity.role", words)
    return case.roles.index(parity.role)
