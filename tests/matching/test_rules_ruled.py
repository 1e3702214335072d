"""Plans under rules: every plan tried on small problems, another solver on middle ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from rules_cases import Drawn, drawn
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from mentorkit.interfaces import IntArray, Rules, Tables
from mentorkit.matching.rules import upper_bound_under
from mentorkit.matching.solvers import programming, relaxing, shortlist
from mentorkit.matching.solvers.ruled import Ruled, Unreachable, solve_with_rules
from mentorkit.matching.solvers.transport import transport
from mentorkit.testing import instances
from mentorkit.testing.instances import FAMILIES

pytestmark = pytest.mark.once


@attrs.frozen(kw_only=True, eq=False)
class Proven(Ruled):
    """What was found, with what its prices prove."""

    bound: int


def solved(asked: Drawn) -> Proven | Unreachable:
    found = solve_with_rules(asked.pairs, asked.capacity, asked.rules)
    if isinstance(found, Unreachable):
        return found
    most = upper_bound_under(asked.pairs, asked.capacity, asked.rules, found.prices)
    return Proven(pairs=found.pairs, prices=found.prices, bound=most)


def checked(asked: Drawn, found: Ruled) -> int:
    """The total of a plan that keeps everything."""
    assert asked.rules.keeps(found.pairs)
    assert np.array_equal(found.pairs, np.unique(found.pairs, axis=0).reshape(-1, 2))
    assert (found.prices.left >= 0).all()
    assert (found.prices.groups >= 0).all()
    return asked.total(found.pairs)


@given(drawn())
@settings(max_examples=200)
def test_the_best_of_all_plans_is_found_and_bounded(asked):
    found, best = solved(asked), asked.best()
    assert isinstance(found, Ruled) == (best is not None)
    if isinstance(found, Ruled) and best is not None:
        assert checked(asked, found) == best[0] <= found.bound


@given(drawn())
@settings(max_examples=150)
def test_the_bound_is_as_low_as_parts_of_teams_allow(asked):
    """A program of all pairs, in which teams exist by parts, is no lower; but for rounding."""
    found = solved(asked)
    if isinstance(found, Ruled) and found.bound > asked.total(found.pairs):
        assert found.bound <= relaxed(asked) + 0.5


def relaxed(asked: Drawn) -> float:
    """The greatest total if teams may exist by parts, with no pair more than its team."""
    rows, columns = np.nonzero(asked.pairs.allowed)
    matrix, low, high = program(asked, rows, columns)
    k, m = len(rows), asked.shape[1]
    hull = np.zeros((k, k + m))
    hull[np.arange(k), np.arange(k)], hull[np.arange(k), k + columns] = 1, -1
    found = milp(
        np.concatenate([-asked.pairs.values[rows, columns], np.zeros(m)]),
        bounds=Bounds(np.append(np.zeros(k), asked.rules.begun), 1),
        constraints=[LinearConstraint(matrix, low, high), LinearConstraint(hull, -np.inf, 0)],
    )
    return float(-found.fun)


@given(drawn(least=False))
@settings(max_examples=100)
def test_with_groups_alone_the_best_is_proven_and_has_the_most_pairs(asked):
    found, best = solved(asked), asked.best()
    if best is None:
        assert isinstance(found, Unreachable)
        assert found.proven
    else:
        assert isinstance(found, Ruled)
        assert (checked(asked, found), len(found.pairs)) == best
        assert found.bound == best[0]


@given(drawn())
@settings(max_examples=100)
def test_what_is_said_to_be_impossible_is(asked):
    found = solved(asked)
    if not isinstance(found, Unreachable):
        return
    assert asked.best() is None
    for number, most in enumerate(found.most.tolist()):
        alone = Rules.none(asked.shape)
        free = attrs.evolve(
            asked,
            rules=attrs.evolve(alone, groups=asked.rules.groups, wanted=asked.rules.wanted * 0),
        )
        assert most == max(int(free.rules.count(plan)[number]) for plan in free.plans()[0])
    if not found.proven:
        # Without one of the two kinds of rules there is a plan.
        free_sizes = attrs.evolve(
            asked.rules, least=np.where(asked.rules.begun, asked.rules.least, 0)
        )
        assert attrs.evolve(asked, rules=free_sizes).best() is not None


@given(drawn(), st.data())
def test_pins_are_taken_out_beforehand(asked, data):
    """With a pair fixed, what is left is a problem in which the team has begun."""
    if not asked.pairs.allowed.any():
        return
    i, j = data.draw(st.sampled_from(np.argwhere(asked.pairs.allowed).tolist()))
    if not asked.capacity[0][i] or not asked.capacity[1][j]:
        return
    plans, worth = asked.plans()
    pinned = [
        total for plan, total in zip(plans, worth.tolist(), strict=True) if [i, j] in plan.tolist()
    ]
    left, right = (side.copy() for side in asked.capacity)
    left[i] -= 1
    right[j] -= 1
    allowed = asked.pairs.allowed.copy()
    allowed[i, j] = False
    rules = asked.rules
    least, begun = rules.least.copy(), rules.begun.copy()
    least[j], begun[j] = max(0, least[j] - 1), True
    counted = np.minimum(rules.count(np.array([[i, j]])), rules.wanted)
    rest = Drawn(
        pairs=attrs.evolve(asked.pairs, allowed=allowed),
        capacity=(left, right),
        rules=attrs.evolve(rules, least=least, begun=begun, wanted=rules.wanted - counted),
    )
    found = solved(rest)
    assert isinstance(found, Ruled) == bool(pinned)
    if isinstance(found, Ruled):
        assert checked(rest, found) + asked.pairs.values[i, j] == max(pinned)


def family(name: str, n: int, m: int, least: int, room: int) -> Drawn:
    """A made-up instance with teams of so many at least, and a fifth who are worth less."""
    asked = instances.problem(name, n, m)
    group = np.where(np.arange(n) % 5 == 0, 0, -1)
    values = np.where(group[:, None] == 0, asked.values // 2, asked.values)
    none = Rules.none((n, m))
    return Drawn(
        pairs=attrs.evolve(asked.pairs, values=values),
        capacity=(asked.left_capacity, np.full(m, room, dtype=np.int64)),
        rules=attrs.evolve(
            none,
            least=np.full(m, least, dtype=np.int64),
            groups=(group, none.groups[1]),
            wanted=np.array([n // 5 - 1]),
        ),
    )


def program(asked: Drawn, rows: IntArray, columns: IntArray) -> tuple[np.ndarray, ...]:
    """All pairs and then all teams, with the limits of each row."""
    (n, m), k, rules = asked.shape, len(rows), asked.rules
    pair = np.arange(k)
    matrix = np.zeros((n + 2 * m + len(rules.wanted), k + m))
    low, high = np.full(len(matrix), -np.inf), np.full(len(matrix), np.inf)
    matrix[rows, pair] = 1
    high[:n] = asked.capacity[0]
    for at, factor in ((n, asked.capacity[1]), (n + m, rules.least)):
        matrix[at + columns, pair] = 1
        matrix[at + np.arange(m), k + np.arange(m)] = -factor
    high[n : n + m] = 0
    low[n + m : n + 2 * m] = 0
    for number, wanted in enumerate(rules.wanted.tolist()):
        own = [of[who] == number for of, who in zip(rules.groups, (rows, columns), strict=True)]
        matrix[n + 2 * m + number, :k] = sum(own)
        low[n + 2 * m + number] = wanted
    return matrix, low, high


def by_another(asked: Drawn) -> int:
    """The greatest total by a plain program of all pairs, all of them whole."""
    rows, columns = np.nonzero(asked.pairs.allowed)
    matrix, low, high = program(asked, rows, columns)
    k, m = len(rows), asked.shape[1]
    found = milp(
        np.concatenate([-asked.pairs.values[rows, columns], np.zeros(m)]),
        integrality=np.ones(k + m),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, low, high),
        options={"mip_rel_gap": 0.0},
    )
    return round(-found.fun)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(("least", "room"), [(2, 3), (4, 5)])
def test_middle_sizes_agree_with_another_solver(name, least, room):
    asked = family(name, 60, 21, least, room)
    found = solved(asked)
    assert isinstance(found, Ruled)
    assert checked(asked, found) == by_another(asked) <= found.bound
    assert found.bound - asked.total(found.pairs) <= asked.total(found.pairs) // 1000


@pytest.mark.parametrize(("n", "m", "least", "room"), [(30, 12, 4, 6), (40, 14, 5, 8)])
def test_where_half_the_teams_cannot_be_the_best_is_found_within_a_small_gap(n, m, least, room):
    """Whole teams are not those of which the greater part exists."""
    asked = family("plain", n, m, least, room)
    found = solved(asked)
    assert isinstance(found, Ruled)
    assert checked(asked, found) == by_another(asked) < found.bound <= relaxed(asked) + 0.5


@pytest.mark.parametrize("name", FAMILIES)
def test_threads_and_small_parts_make_no_difference(name, monkeypatch):
    asked = family(name, 80, 28, 3, 4)
    best = solved(asked)
    monkeypatch.setattr(shortlist, "SHORTEST", 8)
    monkeypatch.setattr(shortlist, "LONGEST", 8)
    with ThreadPoolExecutor(2) as executor:
        again = solve_with_rules(asked.pairs, asked.capacity, asked.rules, executor)
    alone = solved(asked)
    assert isinstance(best, Ruled)
    assert isinstance(again, Ruled)
    assert isinstance(alone, Ruled)
    assert np.array_equal(again.pairs, alone.pairs)
    assert np.array_equal(again.prices.right, alone.prices.right)
    assert checked(asked, best) == checked(asked, again)


def test_however_little_is_looked_at_the_proof_is_over_all_pairs(monkeypatch):
    """Few pairs to begin with and few offers: others join until none gains."""
    asked = family("plain", 80, 28, 3, 4)
    best = solved(asked)
    monkeypatch.setattr(relaxing, "NEAR", 0)
    monkeypatch.setattr(relaxing, "OFFERS", 1)
    monkeypatch.setattr(relaxing, "AHEAD", 10**9)
    again = solved(asked)
    assert isinstance(best, Ruled)
    assert isinstance(again, Ruled)
    assert again.bound <= best.bound + 1
    assert checked(asked, again) == checked(asked, best)


@pytest.mark.parametrize("name", FAMILIES)
def test_without_rules_it_is_the_plain_problem(name):
    asked = family(name, 90, 30, 0, 3)
    asked = attrs.evolve(asked, rules=Rules.none(asked.shape))
    found = solved(asked)
    assert isinstance(found, Ruled)
    plain = transport(asked.pairs, asked.capacity)
    assert checked(asked, found) == asked.total(plain.pairs) == found.bound
    assert len(found.pairs) == len(plain.pairs)


def gives_up(*_: object, **__: object) -> OptimizeResult:
    return OptimizeResult(x=None, status=4, fun=None)


@given(drawn())
@settings(max_examples=50)
def test_where_highs_gives_up_the_plan_keeps_the_rules_and_the_bound_holds(asked):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(programming, "linprog", gives_up)
        patched.setattr(programming, "milp", gives_up)
        found = solved(asked)
    best = asked.best()
    if isinstance(found, Ruled):
        assert best is not None
        assert checked(asked, found) <= best[0] <= found.bound
    else:
        # Without teams that have begun and groups that want, nobody at all is a plan.
        assert asked.rules.begun.any() or asked.rules.wanted.any()
        assert best is None or not found.proven


@pytest.mark.parametrize("name", ["plain", "twins"])
def test_shuffled_people_have_the_same_total(name):
    asked = family(name, 80, 28, 2, 3)
    random = np.random.default_rng(5)
    rows, columns = (random.permutation(size) for size in asked.shape)
    shuffled = Drawn(
        pairs=asked.pairs.part(rows, columns),
        capacity=(asked.capacity[0][rows], asked.capacity[1][columns]),
        rules=asked.rules.part(rows, columns),
    )
    best, other = solved(asked), solved(shuffled)
    assert isinstance(best, Ruled)
    assert isinstance(other, Ruled)
    assert best.bound == other.bound
    if best.bound == checked(asked, best):
        assert checked(shuffled, other) == best.bound


def small(**rules: object) -> Drawn:
    """Three mentees and two mentors of two places, all pairs worth 1000."""
    asked = family("plain", 3, 2, 0, 2)
    values = np.full((3, 2), 1000, dtype=np.int64)
    return Drawn(
        pairs=attrs.evolve(asked.pairs, values=values, allowed=np.ones((3, 2), dtype=bool)),
        capacity=asked.capacity,
        rules=attrs.evolve(Rules.none((3, 2)), **rules),
    )


def test_a_group_of_nobody_can_be_in_no_pair():
    found = solved(small(wanted=np.array([1])))
    assert isinstance(found, Unreachable)
    assert found.proven
    assert found.most.tolist() == [0]


def test_a_group_that_wants_nothing_changes_nothing():
    found = solved(small(wanted=np.array([0])))
    assert isinstance(found, Ruled)
    assert (len(found.pairs), found.bound) == (3, 3000)


def test_a_group_that_wants_more_than_it_can_have_is_told_how_many():
    groups = (np.array([0, 0, 1]), np.array([-1, -1]))
    found = solved(small(groups=groups, wanted=np.array([3, 1])))
    assert isinstance(found, Unreachable)
    assert found.proven
    assert found.most.tolist() == [2, 1]
    assert not len(found.small)


def test_a_team_that_has_begun_and_cannot_grow_is_named():
    found = solved(small(least=np.array([0, 4]), begun=np.array([False, True])))
    assert isinstance(found, Unreachable)
    assert found.proven
    assert found.small.tolist() == [1]


def test_prices_know_of_the_teams_that_have_begun():
    """Two must go to the first, so the second has no team of four; of a part of it there is."""
    values = np.tile(np.array([0, 1000]), (5, 1))
    asked = Drawn(
        pairs=Tables(
            values=values, wishes_of=(values, values), allowed=np.ones((5, 2), dtype=bool)
        ),
        capacity=(np.ones(5, dtype=np.int64), np.array([2, 5])),
        rules=attrs.evolve(
            Rules.none((5, 2)), least=np.array([2, 4]), begun=np.array([True, False])
        ),
    )
    found = solved(asked)
    assert isinstance(found, Ruled)
    assert (checked(asked, found), found.bound) == (0, 3000)


def test_rules_that_get_into_each_others_way_are_not_called_impossible():
    """Each alone can be kept: three want a mentor, and no team may be of fewer than two."""
    groups = (np.zeros(3, dtype=np.int64), np.array([-1, -1]))
    found = solved(small(least=np.array([2, 2]), groups=groups, wanted=np.array([3])))
    assert isinstance(found, Unreachable)
    assert not found.proven
    assert found.most.tolist() == [3]


def test_ten_thousand_places_of_which_many_must_be_filled():
    values = np.arange(600, dtype=np.int64).reshape(300, 2)
    asked = family("plain", 300, 2, 0, 2)
    asked = Drawn(
        pairs=attrs.evolve(asked.pairs, values=values, allowed=np.ones((300, 2), dtype=bool)),
        capacity=(asked.capacity[0], np.array([10_000, 2])),
        rules=attrs.evolve(Rules.none((300, 2)), least=np.array([299, 0])),
    )
    found = solved(asked)
    assert isinstance(found, Ruled)
    # One may go to the other, who is worth 1 more; the program lets a part of another go.
    assert checked(asked, found) == int(values[:, 0].sum()) + 1 == found.bound - 1
