"""What was written down of a meeting put right, and what followed from it with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import PAIR, World, participant

from mentorkit import Actor, Choice, Conflict, Forbidden, Invalid, Kit, Programme, Relationship

pytestmark = pytest.mark.once

AWARDED = Programme(
    awards={"milestones": Choice("milestones", {"meetings": [1, 2]})},
    surveys={"meeting": Choice("after-session", {})},
)


def begun(world: World, programme: Programme = AWARDED) -> Relationship:
    (held,) = world.begun(programme, PAIR)
    return world.active(held)


def logged(world: World, held: Relationship, days: int = 1, **more: Any) -> str:
    """A meeting of some days ago that was held."""
    with world.kit() as kit:
        starts = world.now - dt.timedelta(days=days)
        return kit.sessions.record(held.id, starts, minutes=60, **more).id


def earned(kit: Kit, programme: str = "autumn") -> set[tuple[str, str, tuple[str, ...]]]:
    return {(one.person, one.key, one.evidence) for one in kit.recognition.awards(programme)}


def told(kit: Kit, kind: str) -> list[str]:
    """What events of a kind are about."""
    return [one.subject for one in kit.reports.journal("autumn") if one.kind == kind]


def asked(kit: Kit) -> set[tuple[str, str | None]]:
    return {
        (one.person, one.session) for who in ("ann", "may") for one in kit.feedback.asked_of(who)
    }


def test_length_day_and_who_came_are_put_right(world: World) -> None:
    held = begun(world)
    id = logged(world, held)
    began = world.now - dt.timedelta(days=2)
    with world.kit() as kit:
        put = kit.sessions.correct(id, minutes=90, starts=began, attended=["ann"])
        assert (put.ends - put.starts, put.starts) == (dt.timedelta(minutes=90), began)
        assert (put.attended, put.state, put.number) == (("ann",), "held", 1)
        told = [
            one.subject for one in kit.reports.journal("autumn") if one.kind.endswith("corrected")
        ]
        assert told == [id]
        assert kit.sessions.correct(id, minutes=90) == put
        later = [one for one in kit.reports.journal("autumn") if one.kind.endswith("corrected")]
        assert len(later) == 1
        with pytest.raises(Conflict, match="version"):
            kit.sessions.correct(id, minutes=30, version=put.version - 1)


def test_awards_and_questions_follow_from_what_is_true(world: World) -> None:
    held = begun(world)
    first, second = logged(world, held, 3), logged(world, held, 2)
    world.forward(hours=1)
    with world.kit() as kit:
        assert {key for _, key, _ in earned(kit)} == {
            f"meetings:{number}:{who}" for number in (1, 2) for who in ("ann", "may")
        }
        asked_before = asked(kit)
        assert ("may", first) in asked_before
        kit.sessions.correct(first, attended=["ann"])
        assert {key for who, key, _ in earned(kit) if who == "may"} == {"meetings:1:may"}
        assert ("may", "meetings:1:may", (second,)) in earned(kit)
        assert asked(kit) == asked_before - {("may", first)}
    world.forward(hours=1)
    with world.kit() as kit:
        assert len(told(kit, "award.revoked")) == 1
        kit.sessions.correct(first, attended=["ann", "may"])
    world.forward(hours=1)
    with world.kit() as kit:
        assert ("may", "meetings:2:may", (first, second)) in earned(kit)


def test_an_award_that_was_taken_back_on_purpose_stays_so(world: World) -> None:
    held = begun(world)
    id = logged(world, held)
    world.forward(hours=1)
    with world.kit() as kit:
        award = next(one for one in kit.recognition.awards("autumn") if one.person == "ann")
        kit.recognition.revoke(award.id)
        kit.sessions.correct(id, attended=["may"])
        kit.sessions.correct(id, attended=["ann", "may"])
    world.forward(hours=1)
    with world.kit() as kit:
        assert {who for who, _, _ in earned(kit)} == {"may"}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_is_as_if_it_had_been_logged_so_from_the_first(
    world: World, data: st.DataObject
) -> None:
    """Whatever was written down before, the same is earned in the end."""
    came = st.sampled_from([None, ["ann"], ["may"], ["ann", "may"]])
    truth = data.draw(st.lists(came, min_size=1, max_size=3))
    wrong = data.draw(st.lists(came, min_size=len(truth), max_size=len(truth)))
    made = [_lived(world, first) for first in (truth, wrong)]
    world.forward(hours=1)
    with world.kit() as kit:
        for _, ids in made:
            for id, people in zip(ids, truth, strict=True):
                kit.sessions.correct(id, state="held" if people else "missed", attended=people)
    world.forward(hours=1)
    with world.kit() as kit:
        for award in kit.recognition.awards(made[0][0]):
            assert award.evidence
        ends = [
            {(who, key, tuple(map(ids.index, on))) for who, key, on in earned(kit, programme)}
            for programme, ids in made
        ]
    assert ends[0] == ends[1]


def _lived(world: World, came: list[list[str] | None]) -> tuple[str, list[str]]:
    """A programme of its own, and its meetings as they were written down."""
    with world.kit() as kit:
        programme = f"p{len(kit.programmes.page(limit=1000))}"
    (held,) = world.begun(AWARDED, PAIR, programme)
    world.active(held)
    ids = []
    with world.kit() as kit:
        for at, people in enumerate(came):
            starts = world.now - dt.timedelta(days=9 - at)
            missed = people is None
            made = kit.sessions.record(held.id, starts, minutes=60, attended=people, missed=missed)
            ids.append(made.id)
    return programme, ids


def test_what_became_of_it_is_put_right_too(world: World) -> None:
    held = begun(world)
    id = logged(world, held)
    with world.kit() as kit:
        assert kit.sessions.correct(id, state="missed").attended == ()
        with pytest.raises(Invalid, match="say that it was held"):
            kit.sessions.correct(id, attended=["ann"])
        back = kit.sessions.correct(id, state="held")
        assert (back.state, back.attended) == ("held", ("ann", "may"))
        assert kit.sessions.correct(id, state="cancelled").state == "cancelled"


def test_what_cannot_be_true_is_refused(world: World) -> None:
    held = begun(world)
    id = logged(world, held)
    with world.kit() as kit:
        planned = kit.sessions.schedule([held.id]).sessions[0]
        with pytest.raises(Conflict, match="planned still"):
            kit.sessions.correct(planned.id, minutes=30)
        with pytest.raises(Invalid, match="minutes"):
            kit.sessions.correct(id, minutes=0)
        with pytest.raises(Invalid, match="to come"):
            kit.sessions.correct(id, starts=world.now + dt.timedelta(hours=1))
        with pytest.raises(Invalid, match="'eve'"):
            kit.sessions.correct(id, attended=["eve"])
        with pytest.raises(Invalid, match="nobody"):
            kit.sessions.correct(id, attended=[])
        cancelled = kit.sessions.cancel(planned.id)
        with pytest.raises(Conflict, match="begins only"):
            kit.sessions.correct(cancelled.id, state="held")
    with world.kit(actor=Actor(person="eve")) as kit, pytest.raises(Forbidden):
        kit.sessions.correct(id, minutes=30)
    with world.kit(actor=Actor(person="may")) as kit:
        kit.sessions.correct(id, minutes=30)
        kit.relationships.complete(held.id)
        with pytest.raises(Conflict, match="has closed"):
            kit.sessions.correct(id, minutes=60)


def test_nobody_was_in_two_meetings_at_once(world: World) -> None:
    held = begun(world)
    first, second = logged(world, held, 3), logged(world, held, 2)
    with world.kit() as kit:
        with pytest.raises(Conflict, match="there is already"):
            kit.sessions.correct(first, starts=world.now - dt.timedelta(days=2, minutes=30))
        with pytest.raises(Conflict, match="there is already"):
            kit.sessions.correct(
                first, minutes=24 * 60 - 1, starts=world.now - dt.timedelta(days=2.5)
            )
        assert kit.sessions.correct(second, minutes=30).state == "held"


def test_a_step_of_the_flow_is_held_once(world: World) -> None:
    programme = Programme(topology="group", practices=["cross-functional"])
    people = [participant("ann", "mentee"), participant("may", "mentor", 2)]
    (held,) = world.begun(programme, [*people, participant("bob", "mentee")])
    world.active(held)
    with world.kit() as kit:
        first, *_ = kit.sessions.schedule([held.id]).sessions
        world.now = first.ends
        kit.sessions.miss(first.id)
        with pytest.raises(Invalid, match=first.due[0]):
            kit.sessions.correct(first.id, state="held")
        kit.sessions.schedule([held.id])
        with pytest.raises(Conflict, match="taken the place"):
            kit.sessions.correct(first.id, state="held", outputs={first.due[0]: "x"})


def test_the_one_meeting_that_was_booked_stays_held(world: World) -> None:
    (held,) = world.begun(Programme(topology="flash"), PAIR)
    with world.kit() as kit:
        made = kit.sessions.record(held.id, world.now - dt.timedelta(days=1), missed=True)
        kit.sessions.correct(made.id, state="held")
        assert kit.relationships.get(held.id).stage == "met"
        put = kit.sessions.correct(made.id, minutes=15)
        assert put.ends - put.starts == dt.timedelta(minutes=15)
        with pytest.raises(Conflict, match="one meeting"):
            kit.sessions.correct(made.id, state="missed")
