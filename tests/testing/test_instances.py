"""Made-up instances: the same for a seed, and each family with the trait that makes it hard."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.blueprint import blueprint_of
from mentorkit.errors import Invalid
from mentorkit.interfaces import IntArray
from mentorkit.matching.case import Case, build_case
from mentorkit.matching.pool import ParticipantPool
from mentorkit.models import POINT, Participant
from mentorkit.registry import installed
from mentorkit.testing import instances
from mentorkit.testing.instances import FAMILIES, Family

families = st.sampled_from(FAMILIES)
seeds = st.integers(0, 2**63 - 1)
sizes = st.integers(0, 12)
each_family = pytest.mark.parametrize("family", FAMILIES)


def case_of(family: Family, mentees: int, mentors: int, blocks: int = 1) -> Case:
    held = instances.people(family, mentees, mentors, blocks=blocks)
    return build_case(held, instances.programme(family, blocks=blocks), installed())


def of_role(held: tuple[Participant, ...], role: str) -> list[Participant]:
    return [one for one in held if role in one.roles]


def answers(one: Participant) -> tuple[object, ...]:
    """All that criteria read of a person."""
    attributes = {
        name: held for name, held in one.person.attributes.items() if name != "organisation"
    }
    return one.seeks, one.offers, one.interests, tuple(attributes.items())


@given(families, sizes, sizes, seeds)
@settings(max_examples=30, deadline=None)
def test_the_same_seed_gives_the_same_people(
    family: Family, mentees: int, mentors: int, seed: int
) -> None:
    held = instances.people(family, mentees, mentors, seed=seed)
    assert held == instances.people(family, mentees, mentors, seed=seed)
    assert [one.id for one in held] == sorted({one.id for one in held})
    assert len(of_role(held, "mentee")) == mentees
    assert len(of_role(held, "mentor")) == mentors


@given(families.filter(lambda family: family != "scarce"), sizes, sizes, seeds)
@settings(max_examples=30, deadline=None)
def test_a_person_is_the_same_however_many_there_are(
    family: Family, mentees: int, mentors: int, seed: int
) -> None:
    few = instances.people(family, mentees, mentors, seed=seed, blocks=3)
    many = instances.people(family, mentees + 9, mentors + 5, seed=seed, blocks=3)
    assert set(few) <= set(many)


@each_family
def test_another_seed_gives_other_people(family: Family) -> None:
    first, second = (set(instances.people(family, 50, 20, seed=seed)) for seed in (0, 1))
    assert len(first & second) <= 5


@each_family
def test_the_order_of_the_people_does_not_matter(family: Family) -> None:
    held = list(instances.people(family, 40, 14))
    random.Random(7).shuffle(held)
    shuffled = build_case(held, instances.programme(family), installed())
    assert np.array_equal(shuffled.pairs.worth(), case_of(family, 40, 14).pairs.worth())


@each_family
def test_five_criteria_and_one_pair_in_twenty_forbidden(family: Family) -> None:
    case = case_of(family, 600, 210)
    assert len(case.criteria) == 5
    assert all(use.use.weight for use in case.criteria)
    assert 0.04 < (case.pairs.worth() < 0).mean() < 0.06
    assert blueprint_of(instances.programme(family), installed()).topology == "one-to-one"


@each_family
def test_mentors_have_room_for_a_little_more_than_all_or_for_two_thirds(family: Family) -> None:
    for mentees, mentors in ((1000, 350), (10, 3), (3, 9)):
        held = of_role(instances.people(family, mentees, mentors), "mentor")
        seats = [one.roles["mentor"] for one in held]
        assert seats == instances.seats_of(family, mentees, mentors).tolist()
        if family == "scarce":
            assert sum(seats) == 2 * mentees // 3
            assert max(seats) - min(seats) <= 1
        else:
            assert seats == [3] * mentors


def test_of_the_plain_hardly_two_are_alike_and_of_the_twins_many() -> None:
    plain = Counter(map(answers, instances.people("plain", 2000, 700)))
    assert max(plain.values()) == 1
    twins = instances.people("twins", 2000, 700)
    for role, profiles in (("mentee", 60), ("mentor", 30)):
        counts = sorted(Counter(map(answers, of_role(twins, role))).values())
        assert profiles * 0.8 <= len(counts) <= profiles
        assert counts[-1] > 20 * counts[0]


def test_scores_of_twins_have_few_levels() -> None:
    worths = {family: case_of(family, 300, 100).pairs.worth() for family in FAMILIES}
    levels = {family: np.unique(worth[worth >= 0]) for family, worth in worths.items()}
    assert len(levels["twins"]) <= 17
    assert min(len(held) for family, held in levels.items() if family != "twins") > 200


def test_half_of_each_popular_score_is_the_mentors_own() -> None:
    case = case_of("popular", 300, 100)
    weights = {use.name: use.use.weight for use in case.criteria}
    assert 2 * weights["experience"] == sum(weights.values())
    own = case.forms["experience"].block(slice(None), slice(None))
    assert (own == own[0]).all()
    assert own.min() < POINT / 10
    assert own.max() > POINT * 9 / 10


def share_of_mentors(worth: IntArray) -> float:
    """How much of the scores' variance lies between mentors."""
    held = np.where(worth < 0, np.nan, worth.astype(np.float64))
    return float(np.nanvar(np.nanmean(held, axis=0)) / np.nanvar(held))


@pytest.mark.parametrize("made", [case_of, instances.problem])
def test_mentors_differ_most_where_they_are_popular(made: object) -> None:
    def share(family: Family) -> float:
        return share_of_mentors(made(family, 400, 140).pairs.worth())  # type: ignore[operator]

    assert share("popular") > 0.6
    assert max(share("plain"), share("scarce")) < 0.2


def test_regions_are_of_one_size_and_kept_apart() -> None:
    case = case_of("plain", 60, 40, blocks=20)
    regions = [
        [one.person.attributes["region"] for one in (pool.row(i) for i in range(len(pool)))]
        for pool in (case.left, case.right)
    ]
    assert set(Counter(regions[0]).values()) == {3}
    assert set(Counter(regions[1]).values()) == {2}
    apart = np.not_equal.outer(*map(np.array, regions))
    assert (case.pairs.worth()[apart] < 0).all()
    assert (case.pairs.worth()[~apart] >= 0).mean() > 0.8


@given(families, sizes, sizes, seeds)
@settings(max_examples=30, deadline=None)
def test_a_problem_is_well_formed(family: Family, mentees: int, mentors: int, seed: int) -> None:
    made, again = (instances.problem(family, mentees, mentors, seed=seed) for _ in range(2))
    assert made.shape == made.pairs.shape == (mentees, mentors)
    assert np.array_equal(made.pairs.worth(), again.pairs.worth())
    assert made.values.min(initial=0) >= 0
    assert made.values.max(initial=0) <= 1_000_000
    assert np.array_equal(made.wishes[0], made.wishes[1])
    assert np.array_equal(made.wishes[0] * made.allowed, made.values)
    assert made.left_capacity.tolist() == [1] * mentees
    assert np.array_equal(made.right_capacity, instances.seats_of(family, mentees, mentors))


@each_family
def test_a_row_is_the_same_however_many_there_are(family: Family) -> None:
    few, many = (instances.problem(family, mentees, 9) for mentees in (12, 20))
    assert np.array_equal(few.pairs.worth(), many.pairs.worth(slice(12)))


@each_family
def test_topics_agree_as_often_as_they_oppose(family: Family) -> None:
    table = instances.problem(family, 600, 210).wishes[0]
    assert 420_000 < table.mean() < 520_000
    assert 80_000 < table.std() < 200_000


@each_family
def test_a_problem_forbids_one_pair_in_twenty_at_random(family: Family) -> None:
    allowed = instances.problem(family, 600, 210).allowed
    assert 0.045 < 1 - allowed.mean() < 0.055
    assert (~allowed).mean(axis=0).max() < 0.12
    assert (~allowed).mean(axis=1).max() < 0.15


def test_a_problem_of_twins_has_few_values_and_few_kinds_of_rows() -> None:
    table = instances.problem("twins", 1000, 350).wishes[0]
    assert len(np.unique(table)) <= 11
    assert 48 <= len(np.unique(table, axis=0)) <= 60
    plain = instances.problem("plain", 1000, 350).wishes[0]
    assert len(np.unique(plain)) > 10_000


@given(families.filter(lambda family: family != "popular"), sizes, st.integers(0, 6), seeds)
@settings(max_examples=60, deadline=None)
def test_everyone_in_a_pool_names_the_best(
    family: Family, size: int, candidates: int, seed: int
) -> None:
    worth = edges_of(family, size, size, seed)
    expected = set[tuple[int, int]]()
    for one in range(size):
        others = [other for other in range(size) if edge(one, other) in worth]
        others.sort(key=lambda other: (-worth[edge(one, other)], (other - one) % size))
        expected.update(edge(one, other) for other in others[:candidates])
    found = edges_of(family, size, candidates, seed)
    assert list(found) == sorted(expected)
    assert found.items() <= worth.items()


def edge(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def edges_of(family: Family, size: int, candidates: int, seed: int) -> dict[Any, int]:
    ends, weights = instances.pool(family, size, candidates, seed=seed)
    assert ends.shape == (len(weights), 2)
    return dict(zip(map(tuple, ends.tolist()), weights.tolist(), strict=True))


def test_a_complete_pool_has_every_pair_but_those_of_two_thirds_where_scarce() -> None:
    for family in FAMILIES:
        found = edges_of(family, 9, 9, 0)
        missing = set(combinations(range(9), 2)) - set(found)
        assert missing == (
            set(combinations([0, 1, 3, 4, 6, 7], 2)) if family == "scarce" else set()
        )


def test_half_of_a_popular_pools_weight_is_what_its_two_people_add() -> None:
    plain, popular = (edges_of(family, 30, 5, 3) for family in ("plain", "popular"))
    assert list(plain) == list(popular)
    plain, popular = (edges_of(family, 30, 30, 3) for family in ("plain", "popular"))
    added = {pair: 2 * popular[pair] - plain[pair] for pair in plain}
    assert max(added.values()) > 2 * min(added.values())
    for a, b, c, d in combinations(range(30), 4):
        assert abs(added[a, b] + added[c, d] - added[a, c] - added[b, d]) <= 8


def test_weights_in_a_pool_of_twins_have_few_levels() -> None:
    levels = {family: len(np.unique(instances.pool(family, 600, 5)[1])) for family in FAMILIES}
    assert levels["twins"] <= 11
    assert min(held for family, held in levels.items() if family != "twins") > 1000


DIGESTS = {
    "plain": "30489543614a74cd",
    "popular": "39b5f5e21c700078",
    "twins": "dc211ded26dbd62f",
    "scarce": "0b8b31e501a028c0",
}


@each_family
def test_every_machine_makes_the_same(family: Family) -> None:
    """Taken once; a change of them changes what others have compared with."""
    problem = instances.problem(family, 30, 10, seed=5)
    tables = [problem.pairs.worth(), problem.right_capacity, *instances.pool(family, 40, 4, seed=5)]
    digest = hashlib.sha256(
        ParticipantPool(instances.people(family, 30, 10, seed=5, blocks=2)).digest().encode()
        + b"".join(table.astype("<i8").tobytes() for table in tables)
    )
    assert digest.hexdigest()[:16] == DIGESTS[family]


def test_a_family_nobody_knows_is_refused() -> None:
    for make in (instances.people, instances.problem, instances.pool):
        with pytest.raises(Invalid, match="family: must be one of plain, popular, twins, scarce"):
            make("rich", 3, 1)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="not 'rich'"):
        instances.programme("rich")  # type: ignore[arg-type]
