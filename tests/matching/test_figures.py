"""The figures of a plan against naive counts, and what may not be read from them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matching_cases import Drawn, drawn_cases

import mentorkit
from mentorkit import Participant, Person, Policies, Programme
from mentorkit.matching import blocks

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """All that is worked out in blocks crosses several."""
    with pytest.MonkeyPatch.context() as held:
        held.setattr(blocks, "AT_ONCE", 5)
        yield


@given(drawn_cases())
def test_total_mean_least_and_load(drawn):
    plan = drawn.match()
    fits = [drawn.fit(pair) for pair in plan.pairs]
    figures = plan.quality
    assert figures.matches == len(fits)
    assert figures.mean == (sum(fits) // len(fits) if fits else None)
    assert figures.least == (min(fits) if fits else None)
    for side, role in enumerate(("mentee", "mentor")):
        held = Counter(pair[side] for pair in plan.pairs)
        expected = Counter(str(held[own]) for own in drawn.side(side))
        assert dict(figures.load[role]) == dict(expected)
    idle = {(held.person, held.role) for held in plan.unmatched}
    assert idle == {
        (own, role)
        for side, role in enumerate(("mentee", "mentor"))
        for own in drawn.side(side)
        if all(pair[side] != own for pair in plan.pairs)
    }


@given(drawn_cases())
def test_ranks(drawn):
    plan = drawn.match()
    for side, role in enumerate(("mentee", "mentor")):
        counts: Counter[str] = Counter()
        for pair in plan.pairs:
            better = [
                other
                for other in drawn.cells
                if other[side] == pair[side]
                and drawn.allowed(other)
                and drawn.wish(side, other) > drawn.wish(side, pair)
            ]
            counts[str(len(better) + 1)] += 1
        assert dict(plan.quality.ranks[role]) == dict(counts)


@given(drawn_cases())
def test_blocking_pairs(drawn):
    plan = drawn.match()

    def eager(side: int, pair: tuple[str, str]) -> bool:
        mine = [held for held in plan.pairs if held[side] == pair[side]]
        wish = drawn.wish(side, pair)
        return len(mine) < drawn.room(side, pair[side]) or any(
            drawn.wish(side, held) < wish for held in mine
        )

    blocking = [
        pair
        for pair in drawn.cells
        if drawn.allowed(pair) and pair not in plan.pairs and eager(0, pair) and eager(1, pair)
    ]
    assert plan.quality.blocking_pairs == len(blocking)
    if drawn.matcher.kind == "stable":
        assert not blocking


def crowd(mentees: list[int], mentors: int) -> list[Participant]:
    """As many mentees of each team as stated; the last team is not given."""
    teams = [
        (f"t{team}", count) if team < len(mentees) - 1 else (None, count)
        for team, count in enumerate(mentees)
    ]
    names = [name for name, count in teams for _ in range(count)]
    people = [
        Participant(
            person=Person(id=f"e{number:02}", attributes={"team": name} if name else {}),
            roles={"mentee": 1},
        )
        for number, name in enumerate(names)
    ]
    return people + [
        Participant(person=Person(id=f"o{number:02}"), roles={"mentor": 1})
        for number in range(mentors)
    ]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=5), st.integers(0, 12))
def test_groups(sizes, mentors):
    people = crowd(sizes, mentors)
    plan = mentorkit.match(people, Programme(policies=Policies(by="team")))
    rates = [rate for rate in plan.quality.groups if rate.role == "mentee"]
    matched = {pair[0] for pair in plan.pairs}
    teams: dict[str, list[bool]] = {}
    for held in people:
        if "mentee" in held.roles:
            name = str(held.value("team") or "not given")
            teams.setdefault(name, []).append(held.id in matched)
    assert [rate.value for rate in rates] == sorted(teams)
    for rate in rates:
        if rate.people is not None:
            assert rate.people == len(teams[rate.value]) >= 5
            assert rate.matched == sum(teams[rate.value])
        else:
            assert rate.matched is None
    small = {name for name, group in teams.items() if len(group) < 5}
    hidden = {rate.value for rate in rates if rate.people is None}
    assert small <= hidden
    assert bool(small) == bool(hidden)


@given(st.lists(st.integers(1, 8), min_size=2, max_size=5), st.integers(0, 12))
@example([1, 1, 1, 1, 1, 7], 0)
def test_what_is_hidden_cannot_be_found_by_subtraction(sizes, mentors):
    """The total less what is shown leaves more than one possibility for every hidden size."""
    plan = mentorkit.match(crowd(sizes, mentors), Programme(policies=Policies(by="team")))
    rates = [rate for rate in plan.quality.groups if rate.role == "mentee"]
    hidden = [rate for rate in rates if rate.people is None]
    left = sum(sizes) - sum(rate.people or 0 for rate in rates)
    if not hidden or len(hidden) == len(rates):
        return
    assert left >= 5
    possible = [
        parts
        for parts in itertools.product(range(1, left + 1), repeat=len(hidden))
        if sum(parts) == left and any(part < 5 for part in parts)
    ]
    for position in range(len(hidden)):
        assert len({parts[position] for parts in possible}) > 1


def test_without_an_attribute_there_are_no_groups():
    assert mentorkit.match(crowd([5], 5)).quality.groups == ()


def test_a_drawn_case_knows_its_own_arithmetic():
    """The naive counts above rest on this."""
    import numpy as np

    drawn = Drawn(
        people=(
            Participant(person=Person(id="p0"), roles={"mentee": 1}),
            Participant(person=Person(id="p1"), roles={"mentor": 2}),
        ),
        open_points=np.array([[0, 500], [0, 0]]),
        secret_points=np.array([[0, 1000], [0, 0]]),
        bans=np.zeros((2, 2), dtype=bool),
        weights=(2, 3),
        wishes_of=("both", "left"),
        base=1,
        floor=4,
        seed=0,
        matcher=mentorkit.Choice("optimal"),
    )
    assert drawn.fit(("p0", "p1")) == 4000
    assert (drawn.wish(0, ("p0", "p1")), drawn.wish(1, ("p0", "p1"))) == (4000, 1000)
    assert drawn.allowed(("p0", "p1"))
    assert drawn.match().quality.total == 5000
