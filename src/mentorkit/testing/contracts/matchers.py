"""The contract of a Matcher."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import attrs
import numpy as np

from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray, Problem, Solution
from mentorkit.matching.certificate import aimed_at, least_prices, upper_bound
from mentorkit.testing.contracts.check import Subject, expect, for_all
from mentorkit.testing.contracts.problems import (
    RULES,
    best_total,
    copied,
    pooled,
    problem,
    problems,
    tabled,
)


@attrs.frozen
class Asked:
    """A matcher, and problems to ask it."""

    subject: Subject

    @property
    def shapes(self) -> frozenset[str]:
        """The shapes that it solves and the rules it keeps, of those in which it can be asked."""
        return frozenset(({"pairs", "one-pool"} | RULES) & self.subject.bound().solves)

    def solved(self, asked: Problem, matcher: Any = None) -> Solution:
        """What it answers, which must be a Solution."""
        used = self.subject.bound() if matcher is None else matcher
        solution = used.solve(asked)
        found = type(solution).__name__
        expect(isinstance(solution, Solution), f"solve returned {found}, not a Solution")
        return cast(Solution, solution)

    def everywhere(self, test: Callable[[Problem, Solution], None]) -> None:
        """Run a test on drawn problems and what the matcher answers.

        It may refuse those whose rules it finds no plan for.
        """

        def run(drawn: Problem) -> None:
            try:
                solution = self.solved(copied(drawn))
            except Invalid:
                expect(drawn.rules is not None, "solve refused a problem without rules")
            else:
                test(drawn, solution)

        if self.shapes:
            for_all(problems(self.shapes), run)


def it_ends(asked: Asked) -> None:
    """Every problem is solved in the end."""
    asked.everywhere(lambda drawn, solution: None)


def it_names_what_it_solves(asked: Asked) -> None:
    """`solves` is a frozenset of shapes, such as "pairs"."""
    solves = asked.subject.bound().solves
    named = isinstance(solves, frozenset) and all(isinstance(shape, str) for shape in solves)
    expect(named and solves, f"solves is {solves!r}, not a frozenset of shapes")


def pairs_of_whole_numbers(asked: Asked) -> None:
    """Pairs are a NumPy array of whole numbers, shape (k, 2)."""

    def test(drawn: Problem, solution: Solution) -> None:
        pairs = solution.pairs
        expect(
            isinstance(pairs, np.ndarray) and pairs.dtype.kind in "iu",
            f"pairs are {getattr(pairs, 'dtype', type(pairs).__name__)}, not whole numbers",
        )
        expect(pairs.ndim == 2 and pairs.shape[1] == 2, f"pairs have shape {pairs.shape}")

    asked.everywhere(test)


def everybody_exists(asked: Asked) -> None:
    """Pairs are places in the problem's left and right."""

    def test(drawn: Problem, solution: Solution) -> None:
        for pair in _pairs(solution):
            within = all(0 <= at < size for at, size in zip(pair, drawn.allowed.shape, strict=True))
            expect(within, f"{pair} is no pair of {len(drawn.left)} by {len(drawn.right)} people")

    asked.everywhere(test)


def no_pair_twice(asked: Asked) -> None:
    """Two people are matched once."""

    def test(drawn: Problem, solution: Solution) -> None:
        pairs = _pairs(solution)
        expect(len(set(pairs)) == len(pairs), f"a pair comes twice: {pairs}")

    asked.everywhere(test)


def only_allowed_pairs(asked: Asked) -> None:
    """No pair is forbidden."""

    def test(drawn: Problem, solution: Solution) -> None:
        n, m = drawn.allowed.shape
        for i, j in _pairs(solution):
            known = 0 <= i < n and 0 <= j < m
            expect(not known or drawn.allowed[i, j], f"({i}, {j}) is forbidden")

    asked.everywhere(test)


def nobody_beyond_capacity(asked: Asked) -> None:
    """Nobody has more partners than places."""

    def test(drawn: Problem, solution: Solution) -> None:
        pairs = _pairs(solution)
        for side, capacity in enumerate((drawn.left_capacity, drawn.right_capacity)):
            held = [pair[side] for pair in pairs]
            if drawn.one_pool:
                held = [person for pair in pairs for person in pair]
            for person, places in enumerate(capacity.tolist()):
                count = held.count(person)
                expect(
                    count <= places,
                    f"{('left', 'right')[side]} {person} has {count} partners, {places} places",
                )

    asked.everywhere(test)


def rules_are_kept(asked: Asked) -> None:
    """Teams have their least size, and groups their pairs; Invalid says that no plan keeps both.

    Without teams of a least size it is refused only where there is none.
    """

    def test(drawn: Problem) -> None:
        rules = drawn.rules
        if rules is None:
            return
        try:
            pairs = asked.solved(copied(drawn)).pairs
        except Invalid:
            sure = not (rules.least > 1).any() and best_total(drawn) >= 0
            expect(not sure, "solve refused a problem whose groups can have their pairs")
        else:
            expect(rules.keeps(pairs), f"{pairs.tolist()} keep not all rules")

    if asked.shapes & RULES:
        for_all(problems(asked.shapes - {"one-pool"}), test)


def the_lower_comes_first(asked: Asked) -> None:
    """In one pool, the lower index of a pair comes first."""

    def test(drawn: Problem, solution: Solution) -> None:
        for i, j in _pairs(solution):
            expect(not drawn.one_pool or i < j, f"({i}, {j}) is not in the order of the indices")

    asked.everywhere(test)


def the_same_plan_twice(asked: Asked) -> None:
    """The same problem gives the same solution, from a newly bound matcher too."""

    def test(drawn: Problem, solution: Solution) -> None:
        again = asked.solved(copied(drawn))
        expect(
            np.array_equal(solution.pairs, again.pairs),
            f"first {solution.pairs.tolist()}, then {again.pairs.tolist()}",
        )
        expect(_prices(solution) == _prices(again), "the prices differ from one time to the next")

    asked.everywhere(test)


def the_problem_is_left_alone(asked: Asked) -> None:
    """A problem is only read: the engine hands its tables out read-only."""

    def test(drawn: Problem, solution: Solution) -> None:
        asked.solved(copied(drawn))

    asked.everywhere(test)


def names_do_not_matter(asked: Asked) -> None:
    """Other ids in the same order change nothing."""

    def test(drawn: Problem, solution: Solution) -> None:
        left = [f"x{number:03}" for number in range(len(drawn.left))]
        right = [f"a{number:03}" for number in range(len(drawn.right))]
        right = left if drawn.one_pool else right
        renamed = asked.solved(attrs.evolve(copied(drawn), left=left, right=right))
        expect(
            np.array_equal(solution.pairs, renamed.pairs),
            f"{solution.pairs.tolist()} became {renamed.pairs.tolist()} under other names",
        )

    asked.everywhere(test)


def nobody_there(asked: Asked) -> None:
    """Where one side or both are empty, or one is alone in a pool, so is the plan."""
    _nobody(asked, [problem(0, 0), problem(0, 3), problem(3, 0)])
    _nobody(asked, [pooled(problem(0, 0)), pooled(problem(1, 1))])


def nothing_possible(asked: Asked) -> None:
    """Where all is forbidden or nobody has a place, the plan is empty."""
    none, some = np.zeros(3, dtype=np.int64), np.full(3, 2, dtype=np.int64)
    forbidden = tabled(problem(3, 3), allowed=np.zeros((3, 3), dtype=bool))
    _nobody(
        asked,
        [
            forbidden,
            attrs.evolve(forbidden, left_capacity=some, right_capacity=some),
            attrs.evolve(problem(3, 3), left_capacity=none, right_capacity=some),
            attrs.evolve(problem(3, 3), left_capacity=some, right_capacity=none),
            pooled(forbidden),
            pooled(attrs.evolve(problem(3, 3), left_capacity=none)),
        ],
    )


def room_without_end(asked: Asked) -> None:
    """Capacities far above the number of people, and one person against many, are no trouble."""
    if "pairs" not in asked.shapes:
        return
    for n, m in ((3, 4), (1, 300), (300, 1)):
        most = [np.full(size, 1_000_000, dtype=np.int64) for size in (n, m)]
        large = attrs.evolve(problem(n, m), left_capacity=most[0], right_capacity=most[1])
        pairs = _pairs(asked.solved(large))
        expect(len(set(pairs)) == len(pairs) <= n * m, f"{n} by {m} people gave {len(pairs)} pairs")


def honest_prices(asked: Asked) -> None:
    """Prices, if any, are whole numbers of 0 or more, and bound the best plan there is."""

    def test(drawn: Problem, solution: Solution) -> None:
        if solution.prices is None:
            return
        sides = zip(solution.prices, drawn.allowed.shape, least_prices(drawn), strict=True)
        for prices, size, low in sides:
            fine = prices.shape == (size,) and prices.dtype.kind in "iu" and (prices >= low).all()
            expect(fine, f"{prices.tolist()} is not a whole number of 0 or more for each person")
        aim = aimed_at(drawn, solution)
        most = upper_bound(aim, solution.prices, solution.sets, solution.unit, solution.groups)
        best = best_total(aim)
        expect(most >= best, f"the prices bound every plan by {most}, but one is worth {best}")

    asked.everywhere(test)


def _nobody(asked: Asked, empty: list[Problem]) -> None:
    for one in empty:
        if ("one-pool" if one.one_pool else "pairs") not in asked.shapes:
            continue
        pairs = asked.solved(one).pairs
        expect(pairs.shape == (0, 2), f"pairs have shape {pairs.shape}, not (0, 2)")


def _pairs(solution: Solution) -> list[tuple[int, int]]:
    return [(int(i), int(j)) for i, j in solution.pairs]


def _prices(solution: Solution) -> list[list[int]]:
    tables: tuple[IntArray, ...] = solution.prices or ()
    return [table.tolist() for table in tables]


MATCHER = (
    it_ends,
    it_names_what_it_solves,
    pairs_of_whole_numbers,
    everybody_exists,
    no_pair_twice,
    only_allowed_pairs,
    nobody_beyond_capacity,
    rules_are_kept,
    the_lower_comes_first,
    the_same_plan_twice,
    the_problem_is_left_alone,
    names_do_not_matter,
    nobody_there,
    nothing_possible,
    room_without_end,
    honest_prices,
)
"""The one that finds a matcher that never ends comes first, and the others then fail at once."""
