"""What a report rests on: fits of the plans, and figures that are looked at and not kept."""

from __future__ import annotations

import datetime as dt

import pytest
from worlds import PAIR, World, participant

from mentorkit import Invalid, Policies, Programme, Use
from mentorkit.models import Figure
from mentorkit.services.reports import Reports

pytestmark = pytest.mark.once

DAY = dt.date(2026, 9, 1)


def test_fits_are_those_of_the_plan_also_when_one_of_two_is_erased(world: World) -> None:
    people = [*PAIR, participant("bob", "mentee"), participant("moe", "mentor")]
    made = world.begun(Programme(criteria={"skills": Use("skills")}), people)
    with world.kit() as kit:
        run = kit.programmes.get("autumn")
        assert Reports(kit._work)._chronicle(run).fits == {held.id: 1000 for held in made}
        kit.people.remove("ann")
        assert Reports(kit._work)._chronicle(run).fits == {held.id: 1000 for held in made}


def test_figures_of_others_are_counted_and_none_are_kept(world: World) -> None:
    world.begun(Programme(), PAIR)
    figures = [
        Figure(person=person, measure="hours", on=DAY, value=3) for person in ("may", "zoe", "ann")
    ]
    with world.kit() as kit:
        run = kit.programmes.get("autumn")
        before = kit.reports.journal()
        told = [kit.reports.report("autumn", given) for given in (figures, figures[::-1])]
        assert told[0] == told[1]
        chronicle = Reports(kit._work)._chronicle(run, figures)
        assert [figure.person for figure in chronicle.figures] == ["ann", "may"]
        assert chronicle.strange == 1
        assert kit.reports.journal() == before
        twice = [*figures, Figure(person="ann", measure="hours", on=DAY, value=4)]
        with pytest.raises(Invalid, match="'hours' of 'ann' twice on 2026-09-01"):
            kit.reports.report("autumn", twice)
    with pytest.raises(Invalid, match="must be a number"):
        Figure(person="ann", measure="hours", on=DAY, value=float("nan"))


def test_how_answers_changed_is_told_when_nobody_can_answer_any_more(world: World) -> None:
    """Neither while a survey at the close is open, nor before those who closed were asked."""
    people = [participant(f"e{n}", "mentee") for n in range(12)]
    people += [participant(f"m{n}", "mentor") for n in range(12)]
    made = world.begun(Programme(policies=Policies(length=28)), people)
    for held in made:
        world.active(held)

    def told() -> tuple[str, set[str | int]]:
        with world.kit() as kit:
            part = {one.title.id: one for one in kit.reports.report("autumn").parts}["change"]
        return part.sentences[0].id, {row[3] for row in part.rows if row[0] == "self-assessment"}

    def answer() -> None:
        with world.kit() as kit:
            for request in (one for held in made for one in kit.feedback.of(held.id)):
                if request.survey == "self-assessment" and request.state == "open":
                    kit.feedback.answer(request.id, {"confidence": 3})

    world.forward()
    answer()
    world.forward(days=15)
    *most, last = made
    with world.kit() as kit:
        for held in most:
            kit.relationships.complete(held.id)
    world.forward()
    answer()
    world.forward(days=12)
    with world.kit() as kit:
        assert kit.relationships.get(last.id).stage == "active"
        kit.programmes.close("autumn")
    # For the others it is over, but the last ones have not even been asked.
    world.now += dt.timedelta(days=3)
    assert told() == ("change.open", {"not shown"})
    world.forward()
    assert told() == ("change.open", {"not shown"})
    answer()
    assert told() == ("change.open", {"not shown"})
    world.forward(days=14)
    assert told() == ("change.told", {12})
