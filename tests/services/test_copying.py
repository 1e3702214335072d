"""A programme with the settings of an old one, and what came of them there."""

from __future__ import annotations

import datetime as dt

import pytest
from worlds import PAIR, START, World

from mentorkit import Actor, Programme, Use
from mentorkit.errors import Conflict, Forbidden
from mentorkit.models import AgreementTemplate, Choice, Policies, RatingScale

pytestmark = pytest.mark.once

OLD = Programme(
    name="Autumn",
    practices=("smart-goals",),
    starts=START.date(),
    policies=Policies(answer=7, length=56, goals="smart"),
    criteria={"skills": Use("skills", weight=4)},
    awards={"first": Choice("milestones", {"meetings": [1]})},
    ratings={"interview": RatingScale()},
    agreement=AgreementTemplate(channels="By telephone.", points={"reply": "By when?"}),
    without=["agreement.points.success"],
)
DAY = dt.date(2027, 9, 1)


def test_a_copy_has_the_settings_and_nobody(world: World) -> None:
    world.begun(OLD, PAIR)
    world.forward(days=8)
    with world.kit() as kit:
        made = kit.programmes.copy("autumn", id="next", starts=DAY, name="Next", key="k")
        assert kit.programmes.copy("autumn", id="next", starts=DAY, name="Next", key="k") == made
        old, new = kit.programmes.get("autumn"), kit.programmes.get("next")
        assert new == made.run
        assert (new.programme.starts, new.programme.name) == (DAY, "Next")
        assert new.blueprint == old.blueprint
        assert kit.programmes.participants("next") == kit.relationships.page("next") == ()
        with pytest.raises(Conflict):
            kit.programmes.copy("autumn", id="next", starts=DAY)
    told = {one.place: one for one in made.settings}
    # What the practice has already is no setting of this programme's.
    assert list(told) == [
        *("name", "starts", "without"),
        *("agreement.channels", "agreement.points.reply", "awards.first", "criteria.skills"),
        *("policies.answer", "policies.length", "ratings.interview"),
    ]
    assert told["without"].stated == '["agreement.points.success"]'
    assert told["policies.answer"].of_format == "14"
    assert told["policies.answer"].stated == "7"
    said = {place: str(one.evidence) for place, one in told.items() if one.evidence is not None}
    assert said == {
        "awards.first": "granted: 0",
        "policies.answer": "proposals expired: 1 of 1",
        "policies.length": "completed: 0 of 1; extended: 0",
    }


def test_only_who_runs_both_copies(world: World) -> None:
    world.begun(OLD, PAIR)
    for actor in (Actor(coordinates=["autumn"]), Actor(coordinates=["next"]), Actor(person="ann")):
        with world.kit(actor=actor) as kit, pytest.raises(Forbidden):
            kit.programmes.copy("autumn", id="next", starts=DAY)
    with world.kit(actor=Actor(coordinates=["autumn", "next"])) as kit:
        assert kit.programmes.copy("autumn", id="next", starts=DAY).run.id == "next"
