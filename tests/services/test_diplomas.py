"""What certificates say, and who gets them."""

from __future__ import annotations

import datetime as dt

import pytest
from worlds import PAIR, START, World

from mentorkit import Actor, Programme
from mentorkit.errors import Forbidden, NotFound
from mentorkit.models import Diploma, Policies

pytestmark = pytest.mark.once


def said(held: Diploma) -> list[str]:
    return [str(one) for one in held.evidence]


def test_it_counts_what_its_person_did(world: World) -> None:
    (made,) = world.begun(Programme(name="Autumn", policies=Policies(length=60)), PAIR)
    world.active(made)
    with world.kit() as kit:
        for day, came in ((0, ("ann", "may")), (10, ("ann", "may")), (20, ("may",))):
            at = START + dt.timedelta(days=day)
            held = kit.sessions.plan(made.id, at, minutes=90)
            world.now = at + dt.timedelta(hours=2)
            kit.sessions.hold(held.id, attended=came)
        goal = kit.goals.propose(made.id, "lead a team", person="ann")
        kit.goals.accept(goal.id, person="may")
        kit.goals.reach(goal.id, person="ann")
        with pytest.raises(NotFound, match="not completed"):
            kit.recognition.completion(made.id, "ann")
        kit.relationships.complete(made.id)
        ann, may = (kit.recognition.completion(made.id, one) for one in ("ann", "may"))
    assert said(ann) == ["Meetings: 2", "Hours in them: 3", "Goals reached: 1"]
    assert said(may) == ["Meetings: 3", "Hours in them: 4.5", "Goals reached: 1"]
    assert (ann.name, ann.role, ann.programme, ann.record) == ("Ann", "mentee", "Autumn", made.id)
    assert (ann.begun, ann.on) == (START.date(), world.now.date())
    with world.kit() as kit, pytest.raises(Forbidden):
        kit.recognition.completion(made.id, "zed")


def test_an_awards_rests_on_what_its_rule_found_until_it_is_revoked(world: World) -> None:
    (made,) = world.begun(Programme(), PAIR)
    world.active(made)
    with world.kit() as kit:
        held = kit.sessions.plan(made.id, START)
        world.now += dt.timedelta(hours=2)
        kit.sessions.hold(held.id)
    world.forward(hours=1)
    with world.kit() as kit:
        thanks = kit.recognition.thank(made.id, "ann", "you are kind", giver="may")
        first = next(one for one in kit.recognition.of("ann") if one.rule != "thanks")
        diploma = kit.recognition.diploma(first.id)
        assert (str(diploma.title), said(diploma)) == ("First meeting", ["Meetings: 1"])
    for actor, title in ((Actor(person="ann"), "you are kind"), (COORDINATOR, "thanks")):
        with world.kit(actor=actor) as kit:
            assert str(kit.recognition.diploma(thanks.id).title) == title
    with world.kit(actor=Actor(person="zed")) as kit, pytest.raises(NotFound):
        kit.recognition.diploma(first.id)
    with world.kit() as kit:
        kit.recognition.revoke(first.id)
        with pytest.raises(NotFound, match="revoked"):
            kit.recognition.diploma(first.id)
        kit.people.remove("ann")
        with pytest.raises(NotFound):
            kit.recognition.diploma(thanks.id)


COORDINATOR = Actor(coordinates=["autumn"])
