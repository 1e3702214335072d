"""What all criteria and constraints of a programme say together of each pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.matching.both_ways import Combined, Turned
from mentorkit.matching.forms import Form, Listing, Total
from mentorkit.matching.pool import ParticipantPool
from mentorkit.matching.scored import ScoredPairs, with_bans
from mentorkit.matching.scoring import BoundUse
from mentorkit.models import POINT, Policies

LARGEST = 2**51
"""Whole numbers up to 2**53 are exact in floating point, and sums of a few stay below."""


def score_pairs(
    criteria: Sequence[BoundUse],
    forms: Mapping[str, Form],
    constraints: Sequence[BoundUse],
    left: ParticipantPool,
    right: ParticipantPool,
    policies: Policies,
) -> ScoredPairs:
    """The fit of each pair, and the two directed scores: see `_Sums`."""
    bans, closed = list[Form](), np.empty((0, 2), dtype=np.int64)
    for use in constraints:
        form = use.form(left, right)
        if isinstance(form, Listing) and not use.scores:
            closed = np.concatenate([closed, form.pairs()])
        else:
            bans.append(form)
    one_pool = left is right
    sums = _Sums.of(criteria, forms, left, right, policies)
    net, others = sums.net(bans)
    if one_pool:
        # Whatever one way forbids, is forbidden.
        themselves = np.repeat(np.arange(len(left)), 2).reshape(-1, 2)
        closed = np.concatenate([closed, closed[:, ::-1], themselves])
        bans = [*bans, *map(Turned, bans)]
        others = (*others, *map(Turned, others))
    shape = (len(left), len(right))
    return ScoredPairs(
        shape=shape,
        fits=sums.fits,
        net=net,
        sides=sums.sides,
        bans=tuple(bans),
        others=others,
        closed=Listing.of(np.empty((0, 2), dtype=np.int64), np.empty(0, dtype=np.int64), shape),
        base=sums.base,
        floor=(policies.floor or 0) * POINT,
        highest=sums.highest,
    ).closing(closed)


@attrs.frozen(kw_only=True, eq=False, slots=False)
class _Sums:
    """What the uses of criteria come to for each pair.

    With two roles every use counts once in the fit, and in the directed score of whose wish
    it is. In one pool everyone is seen in both roles: each use counts in the score of the
    one whose wish it would be, and the fit is the sum of the two. Where the weaker counts,
    the fit is the lower of the two scores.
    """

    terms: tuple[tuple[Form, int, str], ...]
    """Each form with its weight and whose wish it is."""
    shape: tuple[int, int]
    one_pool: bool
    weaker: bool
    base: int
    highest: int
    """No fit is above this."""

    @classmethod
    def of(
        cls,
        criteria: Sequence[BoundUse],
        forms: Mapping[str, Form],
        left: ParticipantPool,
        right: ParticipantPool,
        policies: Policies,
    ) -> _Sums:
        """Invalid where they cannot be added up exactly."""
        one_pool, weaker = left is right, policies.combine == "weaker"
        counting = [use for use in criteria if use.use.weight]
        own = POINT * sum(use.use.weight for use in counting)
        highest = own * 2 if one_pool and not weaker else own
        base = (policies.base or 0) * POINT
        if highest + base >= LARGEST:
            raise Invalid("", "the weights are too large to be added up exactly")
        terms = []
        for use in counting:
            form, wish = forms[use.name], use.wish_of
            if one_pool:
                form = use.flipped.form(left, right) if wish == "right" else form
                wish = "left"
            terms.append((form, use.use.weight, wish))
        return cls(
            terms=tuple(terms),
            shape=(len(left), len(right)),
            one_pool=one_pool,
            weaker=weaker,
            base=base,
            highest=highest,
        )

    @cached_property
    def fits(self) -> Total | Combined:
        one, other = self.sides
        if self.one_pool or (self.weaker and one is not other):
            return self._combined(one, other)
        return self._all

    @cached_property
    def sides(self) -> tuple[Total, Form]:
        """The two directed scores."""
        if self.one_pool:
            return self._all, Turned(self._all)
        if all(wish == "both" for _, _, wish in self.terms):
            return self._all, self._all
        return self._total("left", "both"), self._total("right", "both")

    @cached_property
    def _all(self) -> Total:
        """What every use adds."""
        return self._total("left", "right", "both")

    def net(self, bans: Sequence[Form]) -> tuple[Total | Combined, tuple[Form, ...]]:
        """The fits, far below 0 where a ban applies, and the bans that this leaves out."""
        most = self.highest + self.base
        if self.weaker and not self.one_pool:
            left, others = with_bans(self._of("left", "both"), bans, self.shape, most)
            return self._combined(left, self.sides[1]), others
        together, others = with_bans(self._of("left", "right", "both"), bans, self.shape, most)
        if self.one_pool:
            return self._combined(together, Turned(together)), others
        return together, others

    def _of(self, *wishes: str) -> list[tuple[Form, int]]:
        return [(form, weight) for form, weight, wish in self.terms if wish in wishes]

    def _total(self, *wishes: str) -> Total:
        return Total.of(self._of(*wishes), self.shape, self.highest + self.base)

    def _combined(self, one: Total, other: Form) -> Combined:
        return Combined(one, other, self.weaker, self.highest + self.base)
