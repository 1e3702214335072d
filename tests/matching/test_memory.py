"""Long and thin pools need no square tables."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

import mentorkit
from mentorkit import Participant, Person, Policies, Programme, Use
from mentorkit.matching import verify
from mentorkit.matching.columns import product


def crowd(role: str, count: int) -> list[Participant]:
    """People of whom no two are alike."""
    return [
        Participant(
            person=Person(
                id=f"{role}{number:05}",
                attributes={"level": number / 10, "team": f"t{number}", "location": f"x/{number}"},
            ),
            roles={role: 1},
        )
        for number in range(count)
    ]


def test_a_match_of_one_against_many():
    people = [*crowd("mentee", 3000), *crowd("mentor", 1)]
    programme = Programme(
        starts=datetime.date(2026, 1, 1),
        criteria={"gap": Use("level-gap", {"attribute": "level", "least": -99.5})},
        policies=Policies(by="location"),
    )
    plan = mentorkit.match(people, programme)
    assert len(plan.pairs) == 1
    assert plan.certificate.gap == 0
    assert verify(plan, people) == ()


@pytest.mark.parametrize("largest", [1, 2**11, 2**12, 2**13, 2**26, 2**31, 2**40])
def test_products_are_exact_whatever_the_size(largest):
    """float32 to 2**24, float64 to 2**53, then whole numbers."""
    chance = np.random.default_rng(largest)
    left, right = (chance.integers(-largest, largest + 1, (3, 4)) for _ in range(2))
    left[:, -1] = 0 if largest > 2**30 else left[:, -1]
    exact = [
        [sum(int(a) * int(b) for a, b in zip(one, other, strict=True)) for other in right]
        for one in left
    ]
    if max(abs(held) for row in exact for held in row) < 2**63:
        assert product(left, right).tolist() == exact
    most = np.full((1, 3), largest - 1)
    if largest < 2**31:
        assert product(most, most).tolist() == [[3 * (largest - 1) ** 2]]
    small = np.full((2, 3), 200, dtype=np.uint8)
    assert product(small, small).tolist() == [[120_000] * 2] * 2
