"""Binds a blueprint's criteria and constraints and asks them about every pair.

What plugins return is checked here, once, so that everything after may rely on it. A
constraint that breaks stops the match: eligibility fails closed.
"""

from __future__ import annotations

from typing import cast

import attrs
import numpy as np

from mentorkit.errors import Fault, Invalid, PluginFailed, below
from mentorkit.interfaces import (
    BoolArray,
    Constraint,
    Counted,
    Criterion,
    Factored,
    IntArray,
    Listed,
    Pool,
)
from mentorkit.matching.forms import Asked, Form, Listing, Lookup, Product, product_bound
from mentorkit.matching.protection import Seen, seen
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


class UseFailed(PluginFailed):
    """A use of a criterion or constraint failed; whoever asked it is not to blame."""


@attrs.frozen(kw_only=True)
class BoundUse:
    """A use bound to its object, seen from the topology's left and right role.

    `turned` is True where the use looks from the right role at the left one. `reads` are the
    protected attributes that it may read; None where nobody has any.
    """

    name: str
    use: Use
    turned: bool
    private: bool
    reads: frozenset[str] | None = None
    _asked: Criterion | Constraint
    scores: bool = attrs.field(init=False)
    """Whether it gives points; a constraint only forbids."""

    @scores.default
    def _scores(self) -> bool:
        # Asked once: looking for a Protocol's members takes long.
        return isinstance(self._asked, Criterion)

    def form(self, left: Pool, right: Pool) -> Form:
        """What it says of all pairs: points, and for a bare constraint 1 where it allows.

        Arrays, if it has any, are read from the people now and never again.
        """
        if self.turned:
            return _turned(attrs.evolve(self, turned=False).form(right, left), self, left, right)
        shape = (len(left), len(right))
        asked = self._asked
        pools = self._seen(left), self._seen(right)
        with self._blamed():
            if isinstance(asked, Factored):
                found: object = asked.factors(*pools)
            elif isinstance(asked, Counted):
                found = asked.counted(*pools)
            elif isinstance(asked, Listed):
                found = asked.listed(*pools)
            else:
                return Asked(self.points, left, right)
        if isinstance(asked, Factored):
            return self._product(found, left, right)
        if isinstance(asked, Counted):
            return self._lookup(found, shape)
        return self._listing(found, shape)

    def points(self, left: Pool, right: Pool) -> IntArray:
        """Its checked points, 0 to 1000, shape (len(left), len(right)).

        A bare constraint gives 1 where it allows and 0 where it forbids.
        """
        if self.turned:
            return attrs.evolve(self, turned=False).points(right, left).T
        left, right = self._seen(left), self._seen(right)
        table = np.empty((len(left), len(right)), dtype=np.int64)
        for start in range(0, len(left), BLOCK):
            part = left[start : start + BLOCK]
            with self._blamed():
                found: object = (
                    self._asked.points(part, right)
                    if isinstance(self._asked, Criterion)
                    else self._asked.forbids(part, right)
                )
            table[start : start + BLOCK] = self._checked(found, part, right)
        return table

    def forbids(self, left: Pool, right: Pool) -> BoolArray:
        """Where the constraint rules a pair out; a criterion does where it gives 0 points."""
        ruled_out: BoolArray = self.points(left, right) == 0
        return ruled_out

    def say(self, left: Participant, right: Participant, points: int) -> Message:
        """The use's words for a pair; "not available" where they are private."""
        if self.private:
            return NOT_AVAILABLE
        if self.turned:
            left, right = right, left
        if self.reads is not None:
            left, right = seen(left, self.reads), seen(right, self.reads)
        with self._blamed():
            if self.scores:
                message = cast(Criterion, self._asked).say(left, right, points)
            else:
                message = cast(Constraint, self._asked).say(left, right)
            str(message)
        if not isinstance(message, Message):
            raise UseFailed(
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

    @property
    def flipped(self) -> BoundUse:
        """The same use, looking the other way."""
        return attrs.evolve(self, turned=not self.turned)

    def _blamed(self) -> Blamed:
        return Blamed(self.place, UseFailed)

    def _seen(self, pool: Pool) -> Pool:
        return pool if self.reads is None else Seen(pool, self.reads)

    def _product(self, found: object, left: Pool, right: Pool) -> Product:
        shape = (len(left), len(right))
        match found:
            case (np.ndarray() as one, np.ndarray() as other) if _factors(one, other, shape):
                product = Product.of(one, other)
                wrong = product.beyond(POINT)
                if wrong:
                    points = int(product.at(np.array([wrong]))[0])
                    raise UseFailed(self._outside(points, left.ids[wrong[0]], right.ids[wrong[1]]))
                return product
        raise UseFailed(f"{self.place} must return factors as {_FACTORS}")

    def _lookup(self, found: object, shape: tuple[int, int]) -> Lookup:
        match found:
            case (np.ndarray() as one, np.ndarray() as other, np.ndarray() as table) if (
                _factors(one, other, shape) and table.dtype.kind in "iu" and table.ndim == 1
            ):
                if product_bound(one, other) < max(1, len(table)) and not (
                    (one < 0).any() or (other < 0).any()
                ):
                    self._in_range(table.min(initial=0), table.max(initial=0))
                    return Lookup(Product.of(one, other), table.astype(np.float32))
        raise UseFailed(
            f"{self.place} must return counts as {_FACTORS}, none below 0, and a table of whole"
            " numbers that is long enough for every product of the two"
        )

    def _listing(self, found: object, shape: tuple[int, int]) -> Listing:
        match found:
            case (np.ndarray() as pairs, np.ndarray() as points) if (
                pairs.dtype.kind in "iu"
                and points.dtype.kind in "iu"
                and pairs.shape == (len(points), 2)
                and ((pairs >= 0) & (pairs < shape)).all()
                and len(np.unique(pairs, axis=0)) == len(pairs)
            ):
                self._in_range(points.min(initial=0), points.max(initial=0))
                if not self.scores:
                    points = np.ones_like(points)
                return Listing.of(pairs.astype(np.int64), points.astype(np.int64), shape)
        raise UseFailed(
            f"{self.place} must list pairs of indices (k, 2), each once, and whole points (k,)"
        )

    def _in_range(self, least: float, most: float) -> None:
        if least < 0 or most > POINT:
            wrong = least if least < 0 else most
            raise UseFailed(f"{self.place} gave {wrong:.0f}; points are 0 to {POINT}")

    def _checked(self, points: object, left: Pool, right: Pool) -> IntArray:
        shape = (len(left), len(right))
        if not self.scores:
            if isinstance(points, np.ndarray) and points.dtype == bool and points.shape == shape:
                return (~points).astype(np.int64)
            raise UseFailed(f"{self.place} returned no table of truths of shape {shape}")
        if not isinstance(points, np.ndarray) or points.dtype.kind not in "iu":
            raise UseFailed(f"{self.place} must return whole numbers as a NumPy array")
        if points.shape != shape:
            raise UseFailed(f"{self.place} returned shape {points.shape}, not {shape}")
        wrong = np.argwhere((points < 0) | (points > POINT))
        if len(wrong):
            i, j = wrong[0]
            raise UseFailed(self._outside(points[i, j], left.ids[i], right.ids[j]))
        return points.astype(np.int64, copy=False)

    def _outside(self, points: int, left: str, right: str) -> str:
        return f"{self.place} gave {points} for {left!r} with {right!r}; points are 0 to {POINT}"


_FACTORS = (
    "two arrays of whole numbers, a row for each person and the same number of columns in both"
)


def _factors(one: np.ndarray, other: np.ndarray, shape: tuple[int, int]) -> bool:
    whole = one.dtype.kind in "iu" and other.dtype.kind in "iu"
    rows = (one.shape[:-1], other.shape[:-1]) == ((shape[0],), (shape[1],))
    return whole and rows and one.shape[-1] == other.shape[-1]


def _turned(form: Form, bound: BoundUse, left: Pool, right: Pool) -> Form:
    """A form seen from the other side."""
    match form:
        case Product():
            return Product(form.right, form.left)
        case Lookup():
            return Lookup(Product(form.index.right, form.index.left), form.table)
        case Listing():
            return Listing.of(form.pairs()[:, ::-1], form.points, (len(left), len(right)))
    return Asked(bound.points, left, right)


@attrs.frozen
class Blamed:
    """Turns whatever a plugin's object raises into an error that names its use."""

    place: str
    failed: type[PluginFailed] = PluginFailed

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Invalid):
            faults = [Fault(fault.path or self.place, fault.sentence) for fault in error.faults]
            raise Invalid(faults=faults) from error
        if isinstance(error, UseFailed):
            return
        if isinstance(error, PluginFailed):
            raise self.failed(f"{self.place}: {error}") from error
        if isinstance(error, Exception | SystemExit):
            raise self.failed(
                f"{self.place} raised {kind.__name__ if kind else ''}: {error}"
            ) from error


def bound_uses(blueprint: Blueprint, registry: Registry, slot: str) -> tuple[BoundUse, ...]:
    """All uses of a slot ("criteria" or "constraints"), bound, in the order of their names.

    Invalid with the faults of all of them.
    """
    bound, faults = [], list[Fault]()
    for name, use in getattr(blueprint, slot).items():
        try:
            bound.append(_bound(name, use, blueprint, registry, slot))
        except Invalid as error:
            faults += error.faults
    if faults:
        raise Invalid(faults=faults)
    return tuple(bound)


def _bound(name: str, use: Use, blueprint: Blueprint, registry: Registry, slot: str) -> BoundUse:
    path = below(slot, name)
    asked = registry.bind("criteria", use, path)
    if slot == "criteria" and not isinstance(asked, Criterion):
        raise Invalid(f"{path}.kind", f"{use.kind!r} only forbids; use it among constraints")
    if not isinstance(asked, Criterion | Constraint):
        raise PluginFailed(f"{path}: {use.kind!r} binds to neither criterion nor constraint")
    roles = tuple(role.name for role in blueprint.roles)
    between = use.between or roles
    if sorted(set(between)) != sorted(roles):
        raise Invalid(f"{path}.between", f"must name the roles {' and '.join(roles)}")
    reads = _reads(name, blueprint)
    return BoundUse(
        name=name,
        use=use,
        turned=between[0] != roles[0],
        # What it says of two people would tell others what they are.
        private=bool(getattr(asked, "private", False) or reads),
        reads=reads,
        asked=asked,
    )


def _reads(name: str, blueprint: Blueprint) -> frozenset[str] | None:
    """The protected attributes that a use of that name may read, if there are any at all."""
    stated = blueprint.protected
    if not stated:
        return None
    return frozenset(attribute for attribute in stated if name in stated[attribute].uses)
