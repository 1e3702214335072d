"""What two people are to each other, made of what each is to the other.

A directed score runs from a left person to a right one. Seen from the other side it is
`Turned`; the two together are `Combined`.
"""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.interfaces import IntArray, Selection
from mentorkit.matching.forms import Form, Table, Total, exact_type


@attrs.frozen(eq=False)
class Turned:
    """A form of which left and right have changed places."""

    form: Form

    def block(self, rows: Selection, columns: Selection) -> Table:
        return self.form.block(columns, rows).T

    def at(self, pairs: IntArray) -> IntArray:
        return self.form.at(pairs[:, ::-1])

    def part(self, rows: Selection, columns: Selection) -> Turned:
        return Turned(self.form.part(columns, rows))


@attrs.frozen(eq=False)
class Combined:
    """Two directed scores of each pair as one: their sum or, where `weaker`, the lower."""

    one: Total
    other: Form
    weaker: bool
    most: int
    """No combined score is above this."""

    @property
    def shape(self) -> tuple[int, int]:
        """(n, m)."""
        return self.one.shape

    def block(self, rows: Selection, columns: Selection) -> Table:
        one, other = self.one.block(rows, columns), self.other.block(rows, columns)
        if self.weaker:
            lower: Table = np.minimum(one, other)
            return lower
        total: Table = one.astype(exact_type(self.most), copy=False) + other
        return total

    def at(self, pairs: IntArray) -> IntArray:
        one, other = self.one.at(pairs), self.other.at(pairs)
        return np.minimum(one, other) if self.weaker else one + other

    def part(self, rows: Selection, columns: Selection) -> Combined:
        one, other = self.one.part(rows, columns), self.other.part(rows, columns)
        return attrs.evolve(self, one=one, other=other)
