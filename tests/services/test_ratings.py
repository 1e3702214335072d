"""Ratings: dated, the office's alone, read by the uses that are named and told to nobody."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from worlds import World, participant

from mentorkit import Actor, Forbidden, Invalid, Person, Policies, Programme, Use
from mentorkit.models import Rating, RatingScale

DAY = dt.date(2026, 8, 20)
SCALE = RatingScale(least=0, most=10, uses=["well-rated", "no-worse"])
STATED = Programme(
    criteria={"well-rated": Use("level-gap", {"attribute": "interview", "least": 1, "most": 10})},
    constraints={"no-worse": Use("level-gap", {"attribute": "interview", "least": 0, "most": 10})},
    ratings={"interview": SCALE, "essay": RatingScale(shown=True)},
)
PEOPLE = [
    participant("ann", "mentee"),
    participant("bob", "mentee"),
    participant("may", "mentor"),
    participant("moe", "mentor"),
]


@pytest.fixture
def rated(world: World) -> World:
    with world.kit() as kit:
        kit.programmes.create(STATED, id="autumn")
        kit.programmes.enrol("autumn", PEOPLE)
        for person, value in (("ann", 5), ("bob", 8), ("may", 6), ("moe", 9)):
            kit.programmes.rate("autumn", person, "interview", value, on=DAY)
    return world


def test_a_rating_is_dated_and_a_second_of_a_day_takes_its_place(rated: World) -> None:
    with rated.kit() as kit:
        before = kit.programmes.participant("autumn", "ann")
        assert before.ratings == (Rating(field="interview", value=5, on=DAY, shown=False),)
        told = kit.reports.journal()
        assert kit.programmes.rate("autumn", "ann", "interview", 5, on=DAY) == before
        assert kit.reports.journal() == told
        kit.programmes.rate("autumn", "ann", "interview", 7)
        kit.programmes.rate("autumn", "ann", "interview", 6, on=DAY)
        held = kit.programmes.participant("autumn", "ann")
        assert [(one.value, one.on) for one in held.ratings] == [(6, DAY), (7, dt.date(2026, 9, 1))]
        last = kit.reports.journal()[-1]
        assert (last.kind, last.people, last.facts) == (
            "participants.rated",
            ("ann",),
            {"field": "interview"},
        )
        for wrong, words in (
            (("talk", 5, DAY), "'talk' is no rating of this programme; it has essay, interview"),
            (("interview", 11, DAY), "must be a whole number from 0 to 10, not 11"),
            (("interview", True, DAY), "must be a whole number"),
            (("interview", 5, dt.date(2026, 9, 2)), "no day after 2026-09-01"),
        ):
            with pytest.raises(Invalid, match=words):
                kit.programmes.rate("autumn", "ann", wrong[0], wrong[1], on=wrong[2])


def test_criteria_read_the_latest_and_say_nothing_of_it(rated: World) -> None:
    with rated.kit() as kit:
        plan = kit.matching.draft("autumn").plan
        assert plan.pairs == (("ann", "may"), ("bob", "moe"))
        assert [finding.use for one in plan.matches for finding in one.findings] == []
        assert [one.reasons for one in plan.matches] == [(), ()]
        kit.programmes.rate("autumn", "may", "interview", 8)
        kit.programmes.rate("autumn", "moe", "interview", 7)
        drafted = kit.matching.draft("autumn")
        assert drafted.plan.pairs == (("ann", "moe"), ("bob", "may"))
        made = kit.matching.publish(drafted.id)
        assert [held.reasons for held in made] == [(), ()]
        assert kit.matching.audit(drafted.id, "department").by == "department"


def test_nobody_rates_themselves_or_reads_what_is_not_shown(rated: World) -> None:
    with rated.kit() as kit:
        kit.programmes.rate("autumn", "ann", "essay", 2, on=DAY)
    with rated.kit(actor=Actor(person="ann")) as kit:
        with pytest.raises(Forbidden):
            kit.programmes.rate("autumn", "ann", "interview", 10)
        held = kit.programmes.participant("autumn", "ann")
        assert [one.field for one in held.ratings] == ["essay"]
        (mine,) = kit.people.export("ann").enrolments
        assert [(one.field, one.value, one.on) for one in mine.ratings] == [
            ("essay", 2, DAY),
            ("interview", 5, DAY),
        ]
        clever = attrs.evolve(
            held.participant, person=Person(id="ann", attributes={"interview": 10})
        )
        with pytest.raises(Invalid, match=r"attributes\.interview: is a rating"):
            kit.programmes.restate("autumn", clever)
    with rated.kit() as kit:
        kit.people.put([Person(id="zoe", attributes={"interview": 10}), clever.person])
        before = kit.matching.draft("autumn").plan
        assert before.pairs == (("ann", "may"), ("bob", "moe"))
    bare = participant("ann", "mentee", aims="to lead")
    with rated.kit(actor=Actor(person="ann")) as kit:
        held = kit.programmes.restate("autumn", attrs.evolve(bare, person=Person(id="ann")))
        assert held.participant.aims == "to lead"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (attrs.evolve(STATED, policies=Policies(by="interview")), "policies.by"),
        (attrs.evolve(STATED, criteria={}), r"ratings\.interview\.uses"),
    ],
)
def test_a_rating_has_its_uses_and_groups_nobody(
    world: World, stated: Programme, words: str
) -> None:
    with world.kit() as kit, pytest.raises(Invalid, match=words):
        kit.programmes.create(stated, id="autumn")
