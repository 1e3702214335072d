"""A first programme uses what people really state, and nothing protected."""

from __future__ import annotations

import datetime

import pytest

from mentorkit import Level, Participant, Person, Skill, Window
from mentorkit.enrolment import propose_programme

STARTS = datetime.date(2026, 9, 1)


def people(size: int = 4, **columns: list[object]) -> list[Participant]:
    """One person for each place of the columns, which are fields or else attributes."""
    made = []
    for index in range(size):
        held = {name: cells[index] for name, cells in columns.items() if cells[index] is not None}
        own = {name: held.pop(name) for name in ("languages", "timezone") if name in held}
        parts = ("offers", "seeks", "interests", "availability", "prefers", "roles")
        part = {name: held.pop(name) for name in parts if name in held}
        person = Person(id=f"p{index}", attributes=held, **own)
        made.append(Participant(person=person, **part))
    return made


C = (Skill("C"),)
FREE = (Window(0, 540, 600),)
STEPS = [Level(rank, f"step {rank}") for rank in range(8)]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, {}),
        ({"offers": [C, C, (), ()], "seeks": [(), (), C, C]}, {"skills": {}}),
        ({"offers": [C, C, C, C]}, {}),
        ({"interests": [("a",), ("b",), (), ()]}, {"interests": {}}),
        ({"languages": [("en",), ("fr",), (), ()]}, {"language": {}}),
        ({"languages": [("en",), ("en",), (), ()]}, {}),
        ({"availability": [FREE, FREE, (), ()]}, {"availability": {}}),
        (
            {"grade": [STEPS[0], STEPS[1], STEPS[2], STEPS[1]]},
            {"grade-gap": {"attribute": "grade", "least": 1, "most": 2, "ideal": 1}},
        ),
        (
            {"grade": [STEPS[0], STEPS[7], STEPS[7], STEPS[3]]},
            {"grade-gap": {"attribute": "grade", "least": 1, "most": 3, "ideal": 2}},
        ),
        ({"years": [1, 9, 12, 8]}, {"years-gap": {"attribute": "years", "least": 2}}),
        ({"grade": [5, 6, 5, 8]}, {"grade-gap": {"attribute": "grade", "least": 1}}),
        ({"industry": ["a", "b", "a", None]}, {"same-industry": {"attribute": "industry"}}),
        (
            {"department": ["a", "b", "a", "b"]},
            {"different-department": {"attribute": "department"}},
        ),
        ({"location": ["a", "b", "a", "b"]}, {"location": {"attribute": "location"}}),
        ({"industry": ["a", "b", "c", "d"]}, {}),
        ({"industry": ["a", "a", "a", "a"]}, {}),
        ({"industry": ["a", None, None, None]}, {}),
        ({"hat": ["a", "b", "a", "b"]}, {"same-hat": {"attribute": "hat"}}),
        ({"gender": ["a", "b", "a", "b"]}, {}),
        ({"ethnic_origin": ["a", "b", "a", "b"]}, {}),
    ],
)
def test_criteria_follow_the_fields(columns, expected):
    criteria = propose_programme(people(**columns)).criteria
    assert {name: dict(use.settings) for name, use in criteria.items()} == expected


def test_zones_need_the_first_day():
    zoned = people(timezone=["UTC", "Asia/Tokyo", None, None], availability=[FREE, FREE, (), ()])
    assert list(propose_programme(zoned).criteria) == []
    programme = propose_programme(zoned, STARTS)
    assert programme.starts == STARTS
    assert list(programme.criteria) == ["availability", "time-zones"]


def test_wishes_count_for_the_side_that_states_them():
    stated = people(roles=[{"mentee": 1}, {"mentor": 1}, {}, {}], prefers=[("p1",), (), (), ()])
    criteria = propose_programme(stated).criteria
    assert list(criteria) == ["mentee-wishes"]
    assert criteria["mentee-wishes"].between == ("mentee", "mentor")
    assert criteria["mentee-wishes"].wish_of == "left"
