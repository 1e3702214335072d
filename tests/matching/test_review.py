"""A plan under review, changed again and again, is as good as one matched afresh."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from mentorkit import Invalid, Participant, Person, match
from mentorkit.matching import Review, verify
from mentorkit.testing import instances

pytestmark = pytest.mark.once

FAMILY = "twins"
PROGRAMME = instances.programme(FAMILY)
PEOPLE = instances.people(FAMILY, 24, 9)
LATE = tuple(
    held for held in instances.people(FAMILY, 40, 15) if held.id not in {one.id for one in PEOPLE}
)


CHANGES = st.tuples(st.sampled_from(["pin", "forbid", "leave", "join"]), st.integers(0, 999))


@given(st.lists(CHANGES, max_size=6))
@settings(max_examples=30, deadline=None)
def test_any_run_of_changes_ends_where_matching_afresh_does(changes):
    review = Review(PEOPLE, PROGRAMME)
    people = {held.id: held for held in PEOPLE}
    late, pins, forbids = list(LATE), [], []
    for what, number in changes:
        mentees, mentors = (
            sorted(own for own, held in people.items() if role in held.roles)
            for role in ("mentee", "mentor")
        )
        pair = mentees[number % len(mentees)], mentors[number // 7 % len(mentors)]
        before = review.pairs
        try:
            if what == "pin":
                moves = review.pin(*pair)
                pins.append(pair)
            elif what == "forbid":
                moves = review.forbid(*pair)
                forbids.append(pair)
            elif what == "leave":
                moves = review.leave(pair[number % 2])
                gone = pair[number % 2]
                del people[gone]
                forbids = [held for held in forbids if gone not in held]
            elif late:
                person = late.pop(number % len(late))
                moves = review.join(person)
                people[person.id] = person
            else:
                continue
        except Invalid:
            assert review.pairs == before
            continue
        assert before - set(moves.goes) | set(moves.comes) == review.pairs
    plan = review.plan
    afresh = match(people.values(), PROGRAMME, pins=pins, forbids=forbids)
    assert plan.quality.total == afresh.quality.total
    assert len(plan.matches) == len(afresh.matches)
    assert plan.certificate.gap == 0
    assert verify(plan, people.values()) == ()


def test_people_who_are_there_twice_are_refused_as_by_match():
    with pytest.raises(Invalid, match="there twice"):
        Review([*PEOPLE, PEOPLE[0]], PROGRAMME)


def test_what_cannot_be_is_refused_and_changes_nothing():
    review = Review(PEOPLE, PROGRAMME)
    (left, right), *_ = sorted(review.pairs)
    review.pin(left, right)
    for wrong in (
        lambda: review.pin(left, right),
        lambda: review.forbid(left, right),
        lambda: review.leave(left),
        lambda: review.leave("nobody"),
        lambda: review.join(PEOPLE[0]),
        lambda: review.pin(right, left),
    ):
        before = review.pairs
        with pytest.raises(Invalid):
            wrong()
        assert review.pairs == before


@pytest.mark.parametrize("there", [(), PEOPLE[:1], PEOPLE[-1:]])
def test_a_review_may_begin_with_nobody(there):
    review = Review(there, PROGRAMME)
    assert review.pairs == frozenset()
    for held in (*PEOPLE[:3], *PEOPLE[-3:]):
        if held not in there:
            review.join(held)
    everybody = {held.id: held for held in (*there, *PEOPLE[:3], *PEOPLE[-3:])}
    assert review.plan.quality.total == match(everybody.values(), PROGRAMME).quality.total


def both(own: str, **others) -> Participant:
    return Participant(person=Person(id=own), roles={"mentee": 1, "mentor": 1}, **others)


def test_a_pair_is_ruled_out_whoever_is_the_mentor():
    people = [both("ann"), both("bo")]
    review = Review(people)
    assert review.pairs == {("ann", "bo"), ("bo", "ann")}
    review.forbid("ann", "bo")
    assert review.pairs == set()
    assert verify(review.plan, people) == ()


def test_a_pinned_pair_cannot_be_ruled_out_the_other_way_round():
    review = Review([both("ann"), both("bo")], pins=[("bo", "ann")])
    with pytest.raises(Invalid, match="is pinned"):
        review.forbid("ann", "bo")
    assert ("bo", "ann") in review.plan.pairs


def test_no_more_places_join_than_the_proof_was_prepared_for():
    review = Review(PEOPLE, PROGRAMME)
    large = Participant(person=Person(id="zoe"), roles={"mentor": 2**16 + 1})
    before = review.pairs
    with pytest.raises(Invalid, match="above 65,536"):
        review.join(large)
    assert review.pairs == before
    review.join(attrs.evolve(large, roles={"mentor": 2**16}))
    with pytest.raises(Invalid, match="above 65,536"):
        review.join(both("yan"))
