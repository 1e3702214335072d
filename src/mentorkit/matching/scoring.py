"""Binds a blueprint's criteria and constraints and asks them about every pair.

What plugins return is checked here, once, so that everything after may rely on it. A
constraint that breaks stops the match: eligibility fails closed.
"""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.errors import Fault, Invalid, PluginFailed, below
from mentorkit.interfaces import BoolArray, Constraint, Criterion, Factored, IntArray, Pool
from mentorkit.matching.columns import product
from mentorkit.models import (
    NOT_AVAILABLE,
    POINT,
    Blueprint,
    Finding,
    Message,
    Participant,
    Use,
)
from mentorkit.registry import Registry

BLOCK = 256
"""Left people asked about at once, which bounds the memory a criterion needs."""


@attrs.frozen(kw_only=True)
class Bound:
    """A use bound to its object, seen from the topology's left and right role.

    `turned` is True where the use looks from the right role at the left one.
    """

    name: str
    use: Use
    turned: bool
    private: bool
    _asked: Criterion | Constraint

    def points(self, left: Pool, right: Pool) -> IntArray:
        """The criterion's checked points, 0 to 1000, shape (len(left), len(right))."""
        criterion = self._asked
        assert isinstance(criterion, Criterion)
        if self.turned:
            return attrs.evolve(self, turned=False).points(right, left).T
        if isinstance(criterion, Factored):
            with self._blamed():
                factors = criterion.factors(left, right)
            return self._checked(self._multiplied(factors, left, right), left, right)
        table = np.empty((len(left), len(right)), dtype=np.int64)
        for start in range(0, len(left), BLOCK):
            part = left[start : start + BLOCK]
            with self._blamed():
                points = criterion.points(part, right)
            table[start : start + BLOCK] = self._checked(points, part, right)
        return table

    def forbids(self, left: Pool, right: Pool) -> BoolArray:
        """Where the constraint rules a pair out; a criterion does where it gives 0 points."""
        if isinstance(self._asked, Criterion):
            return np.equal(self.points(left, right), 0)
        if self.turned:
            return attrs.evolve(self, turned=False).forbids(right, left).T
        with self._blamed():
            table = self._asked.forbids(left, right)
        shape = (len(left), len(right))
        if not isinstance(table, np.ndarray) or table.dtype != bool or table.shape != shape:
            raise PluginFailed(f"{self.place} returned no table of truths of shape {shape}")
        return table

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The use's words for a pair; "not available" where they are private."""
        if self.private:
            return NOT_AVAILABLE
        if self.turned:
            left, right = right, left
        with self._blamed():
            if isinstance(self._asked, Criterion):
                message = self._asked.say(left, right, points)
            else:
                message = self._asked.say(left, right)
            str(message)
        if not isinstance(message, Message):
            raise PluginFailed(
                f"{self.place} says {message!r} of {left.id!r} with {right.id!r};"
                " it must return a Message"
            )
        return message

    def finding(self, left: Participant, right: Participant, points: int) -> Finding:
        """What this criterion says of a pair that has these points."""
        return Finding(self.name, points, self.use.weight, self.say(left, right, points))

    @property
    def place(self) -> str:
        """The name by which errors call this use."""
        return f"{self.name} ({self.use.kind})"

    @property
    def wish_of(self) -> str:
        """Whose wish it is, in the topology's order of sides."""
        if not self.turned or self.use.wish_of == "both":
            return self.use.wish_of
        return "right" if self.use.wish_of == "left" else "left"

    def _blamed(self) -> Blamed:
        return Blamed(self.place)

    def _multiplied(self, factors: object, left: Pool, right: Pool) -> IntArray:
        match factors:
            case (np.ndarray() as one, np.ndarray() as other):
                whole = one.dtype.kind in "iu" and other.dtype.kind in "iu"
                rows = (one.shape[:-1], other.shape[:-1]) == ((len(left),), (len(right),))
                if whole and rows and one.shape[-1] == other.shape[-1]:
                    return product(one, other)
        raise PluginFailed(
            f"{self.place} must return factors as two arrays of whole numbers, a row for each"
            " person and the same number of columns in both"
        )

    def _checked(self, points: IntArray, left: Pool, right: Pool) -> IntArray:
        shape = (len(left), len(right))
        if not isinstance(points, np.ndarray) or points.dtype.kind not in "iu":
            raise PluginFailed(f"{self.place} must return whole numbers as a NumPy array")
        if points.shape != shape:
            raise PluginFailed(f"{self.place} returned shape {points.shape}, not {shape}")
        wrong = np.argwhere((points < 0) | (points > POINT))
        if len(wrong):
            i, j = wrong[0]
            raise PluginFailed(
                f"{self.place} gave {points[i, j]} for {left.ids[i]!r} with {right.ids[j]!r};"
                f" points are 0 to {POINT}"
            )
        return points.astype(np.int64, copy=False)


@attrs.frozen
class Blamed:
    """Turns whatever a plugin's object raises into an error that names its use."""

    place: str

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Invalid):
            faults = [Fault(fault.path or self.place, fault.sentence) for fault in error.faults]
            raise Invalid(faults=faults) from error
        if isinstance(error, PluginFailed):
            raise PluginFailed(f"{self.place}: {error}") from error
        if isinstance(error, Exception | SystemExit):
            raise PluginFailed(
                f"{self.place} raised {kind.__name__ if kind else ''}: {error}"
            ) from error


def bound_uses(blueprint: Blueprint, registry: Registry, slot: str) -> tuple[Bound, ...]:
    """All uses of a slot ("criteria" or "constraints"), bound, in the order of their names.

    Invalid with the faults of all of them.
    """
    roles = tuple(role.name for role in blueprint.roles)
    bound, faults = [], list[Fault]()
    for name, use in getattr(blueprint, slot).items():
        try:
            bound.append(_bound(name, use, roles, registry, slot))
        except Invalid as error:
            faults += error.faults
    if faults:
        raise Invalid(faults=faults)
    return tuple(bound)


def _bound(name: str, use: Use, roles: tuple[str, ...], registry: Registry, slot: str) -> Bound:
    path = below(slot, name)
    asked = registry.bind("criteria", use, path)
    if slot == "criteria" and not isinstance(asked, Criterion):
        raise Invalid(f"{path}.kind", f"{use.kind!r} only forbids; use it among constraints")
    if not isinstance(asked, Criterion | Constraint):
        raise PluginFailed(f"{path}: {use.kind!r} binds to neither criterion nor constraint")
    between = use.between or roles
    if sorted(between) != sorted(roles):
        raise Invalid(f"{path}.between", f"must name the roles {' and '.join(roles)}")
    return Bound(
        name=name,
        use=use,
        turned=between != roles,
        private=bool(getattr(asked, "private", False)),
        asked=asked,
    )


def points_of_pairs(bound: Bound, left: Pool, right: Pool, pairs: IntArray) -> list[int]:
    """The points of each pair, from small square blocks of which the diagonal is kept."""
    points: list[int] = []
    for start in range(0, len(pairs), 32):
        some = pairs[start : start + 32]
        points += bound.points(left[some[:, 0]], right[some[:, 1]]).diagonal().tolist()
    return points
