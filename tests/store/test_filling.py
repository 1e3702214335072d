"""Columns filled from what is kept are the people who were kept, less the places taken."""

from __future__ import annotations

import json
from collections import Counter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import Level, Participant, Person, Skill, Window, codec
from mentorkit.store import members
from mentorkit.store.filling import filled
from mentorkit.testing.strategies import populations

pytestmark = pytest.mark.once

TAKEN = st.dictionaries(
    st.tuples(
        st.sampled_from(["p00", "p01", "p02", "nobody"]), st.sampled_from(["mentee", "mentor"])
    ),
    st.integers(0, 3),
)


def with_room(held: Participant, taken: Counter[tuple[str, str]]) -> Participant:
    roles = {role: max(0, most - taken[held.id, role]) for role, most in held.roles.items()}
    if (left := held.person.capacity) is not None:
        for role in sorted(roles):
            roles[role] = min(roles[role], left)
            left -= roles[role]
    return attrs.evolve(held, roles=roles)


@given(populations(protected=("gender", "age")), TAKEN)
def test_what_is_kept_comes_back(held, taken):
    columns = filled([members.texts(one) for one in held], taken)
    assert list(columns) == [with_room(one, Counter(taken)) for one in held]
    types = [repr(one) for one in columns]
    assert types == [repr(with_room(one, Counter(taken))) for one in held]


@given(st.sets(st.sampled_from(["bo", "cy"])), st.sets(st.sampled_from(["bo", "di"])))
def test_who_is_kept_apart_is_told_to_the_engine_alone(stated, asked):
    held = Participant(person=Person(id="ann"), roles={"mentee": 1}, not_again=stated)
    (there,) = filled([members.texts(held)], {}, apart={"ann": sorted(asked), "zed": ["ann"]})
    assert there == attrs.evolve(held, not_again=stated | asked)


def test_what_a_later_version_keeps_is_passed_over():
    whom = {"id": "ann", "shoe_size": 41}
    part = {"roles": {"mentee": 1}, "seeks": [{"name": "law", "depth": 3}], "mood": "good"}
    kept = json.dumps(part), json.dumps(whom)
    (there,) = filled([kept], {})
    assert there == codec.restore(Participant, {**part, "person": whom})
    assert there == Participant(person=Person(id="ann"), roles={"mentee": 1}, seeks=[Skill("law")])


def test_equal_things_are_there_once():
    """A million people share a few levels, skills and windows."""
    one = Participant(
        person=Person(id="ann", attributes={"grade": Level(1, "senior"), "field": "law " * 2}),
        offers=[Skill("law", 2)],
        availability=[Window(0, 540, 600)],
    )
    other = attrs.evolve(one, person=attrs.evolve(one.person, id="bo"))
    ann, bo = filled([members.texts(one), members.texts(other)], {})
    assert ann.offers[0] is bo.offers[0]
    assert ann.availability[0] is bo.availability[0]
    for name in ("grade", "field"):
        assert ann.person.attributes[name] is bo.person.attributes[name]
