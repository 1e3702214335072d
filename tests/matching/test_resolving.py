"""A solved problem that changes again and again is as good as one solved afresh."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from mentorkit import Tables
from mentorkit.interfaces import IntArray, Problem
from mentorkit.matching.certificate import upper_bound
from mentorkit.matching.solvers.resolving import Resolving
from mentorkit.matching.solvers.transport import transport
from mentorkit.testing.contracts.problems import problem, tabled

pytestmark = pytest.mark.once


def made(values: IntArray, allowed: IntArray, places: tuple[IntArray, IntArray]) -> Problem:
    return attrs.evolve(
        tabled(
            problem(*values.shape),
            values=values,
            wishes=(values, values),
            allowed=allowed.astype(bool),
        ),
        left_capacity=places[0],
        right_capacity=places[1],
    )


@given(st.integers(0, 2**32), st.data())
@settings(max_examples=150, deadline=None)
def test_any_run_of_changes_ends_where_solving_afresh_does(seed, data):
    drawn = np.random.default_rng(seed)
    n, m = (data.draw(st.integers(1, 14)) for _ in range(2))
    values = drawn.integers(0, data.draw(st.sampled_from([2, 5, 5000])), (n, m)) * 10
    allowed = drawn.random((n, m)) > 0.2
    places = drawn.integers(1, 3, n), drawn.integers(1, 4, m)
    pairs = Tables(values=values, wishes_of=(values, values), allowed=allowed)
    kept = Resolving(pairs, (places[0].copy(), places[1].copy()), more=100)
    kept.solved()
    kept.ready()
    for _ in range(data.draw(st.integers(1, 6))):
        n, m = values.shape
        what = data.draw(st.sampled_from(["pin", "forbid", "leave", "join"]))
        i, j = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, m - 1))
        side = data.draw(st.integers(0, 1))
        if what == "forbid":
            allowed[i, j] = False
            kept.forbid(i, j)
        elif what == "pin" and places[0][i] and places[1][j] and allowed[i, j]:
            allowed[i, j] = False
            places[0][i] -= 1
            places[1][j] -= 1
            kept.pin(i, j)
        elif what == "leave":
            person = (i, j)[side]
            places[side][person] = 0
            kept.leave(side, person)
        elif what == "join":
            room, worth = data.draw(st.integers(1, 3)), drawn.integers(-1, 5, (n, m)[1 - side]) * 10
            worth[worth < 0] = -1
            stack = (np.vstack, np.hstack)[side]
            line = worth[None, :] if side == 0 else worth[:, None]
            values, allowed = stack([values, np.maximum(line, 0)]), stack([allowed, line >= 0])
            places = tuple(
                np.append(held, room) if at == side else held for at, held in enumerate(places)
            )
            kept.join(side, worth, room)
        afresh = made(values, allowed, places)
        best = kept.best()
        rows, columns = best.pairs.T
        total = int(values[rows, columns].sum())
        assert allowed[rows, columns].all()
        assert (np.bincount(rows, minlength=len(places[0])) <= places[0]).all()
        assert (np.bincount(columns, minlength=len(places[1])) <= places[1]).all()
        again = transport(afresh.pairs, afresh.capacity)
        assert total == int(values[again.pairs[:, 0], again.pairs[:, 1]].sum())
        assert len(best.pairs) == len(again.pairs)
        assert upper_bound(afresh, best.prices) == total
