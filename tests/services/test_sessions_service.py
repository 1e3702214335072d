"""Sessions: planned without clashes, held in the order of the flow, with what they owe."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from worlds import PAIR, World, participant

from mentorkit import (
    Choice,
    Conflict,
    Instead,
    Invalid,
    Policies,
    Programme,
    Travel,
    Window,
)

pytestmark = pytest.mark.once

DAY = dt.date

GROUP = (
    participant("ann", "mentee"),
    participant("bob", "mentee"),
    participant("may", "mentor", 2),
)


def test_a_series_is_planned_once(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    with world.kit() as kit:
        planned = kit.sessions.schedule([held.id])
        assert [session.number for session in planned.sessions] == list(range(1, 14))
        assert not planned.unplaced
        apart = [(b.starts - a.starts).days for a, b in pairwise(planned.sessions)]
        assert set(apart) == {14}
        again = kit.sessions.schedule([held.id])
        assert (again.sessions, again.unplaced) == ((), ())
        assert kit.sessions.of(held.id) == planned.sessions


def test_nobody_is_in_two_meetings_at_once(world: World) -> None:
    people = [participant("ann", "mentee"), participant("bob", "mentee")]
    people.append(participant("may", "mentor", 2))
    made = world.begun(Programme(), people)
    for held in made:
        world.active(held)
    with world.kit() as kit:
        first = kit.sessions.schedule([made[0].id]).sessions
        second = kit.sessions.schedule([made[1].id]).sessions
    assert len(first) == len(second) == 13
    for one in first:
        assert all(one.ends <= other.starts or other.ends <= one.starts for other in second)


def test_nobody_meets_while_they_have_a_seat_elsewhere(world: World) -> None:
    """A weekly meeting on Thursdays at 9:00: on the second, may is at a talk, and ann waits."""
    free = {"availability": [Window(3, 540, 600)]}
    people = [
        participant(name, role, **free) for name, role in (("ann", "mentee"), ("may", "mentor"))
    ]
    (held,) = world.begun(Programme(policies=Policies(cadence=7, length=28)), people)
    world.active(held)
    days = [dt.datetime(2026, 9, day, 9, 30, tzinfo=dt.UTC) for day in (17, 24)]
    with world.kit() as kit:
        for at, who in zip(days, ("may", "ann"), strict=True):
            talk = kit.gatherings.announce(
                "autumn", "A talk", at, at + dt.timedelta(hours=1), seats=1
            )
            for person in (who, "may" if who == "ann" else "ann"):
                kit.gatherings.sign_up(talk.id, person=person)
            if who == "ann":
                kit.gatherings.cancel(talk.id)
        planned = kit.sessions.schedule([held.id])
    found = {str(session.starts.date()) for session in planned.sessions}
    assert "2026-09-17" not in found
    assert "2026-09-24" in found
    assert len(planned.unplaced) == 1


def test_holidays_exceptions_and_travel_are_kept(world: World) -> None:
    """A weekly meeting on Thursdays, 9:00 in Berlin: 2026-10-01 on the way, 2026-12-24 off."""
    thursdays = [Window(3, 540, 600)]
    tokyo = Travel(DAY(2026, 10, 1), DAY(2026, 10, 1), "Asia/Tokyo")
    ann, may = (
        participant(name, role, availability=thursdays, **more)
        for name, role, more in (
            ("ann", "mentee", {"exceptions": [Instead(DAY(2026, 10, 8), DAY(2026, 10, 9))]}),
            (
                "may",
                "mentor",
                {"travel": [tokyo]},
            ),
        )
    )
    policies = Policies(timezone="Europe/Berlin", cadence=7, length=126, holidays=["DE", "US"])
    (held,) = world.begun(Programme(policies=policies), (ann, may))
    world.active(held)
    with world.kit() as kit:
        planned = kit.sessions.schedule([held.id])
    days = {str(session.starts.date()) for session in planned.sessions}
    assert {"2026-09-24", "2026-10-15", "2026-12-17"} <= days
    assert not {"2026-10-01", "2026-10-08", "2026-11-26"} & days  # the last is Thanksgiving
    assert len(planned.unplaced) == 3


def test_limits_count_what_is_planned_or_held_already(world: World) -> None:
    scheduler = Choice("flexible", {"weekly": 1, "before": 30, "notice": 5 * 1440})
    policies = Policies(scheduler=scheduler, cadence=7, length=21)
    (held,) = world.begun(Programme(policies=policies), PAIR)
    world.active(held)
    with world.kit() as kit:
        met = kit.sessions.record(held.id, world.now - dt.timedelta(hours=2))
        sessions = kit.sessions.schedule([held.id]).sessions
    weeks = [session.starts.isocalendar().week for session in sessions]
    assert len(weeks) == len(set(weeks)) >= 2
    assert met.starts.isocalendar().week not in weeks
    assert min(session.starts for session in sessions) >= world.now + dt.timedelta(days=5)


def test_a_flow_goes_in_order_and_each_session_owes_its_output(world: World) -> None:
    programme = Programme(topology="group", practices=["cross-functional"])
    people = [
        participant("ann", "mentee"),
        participant("bob", "mentee"),
        participant("may", "mentor", 2),
    ]
    (held,) = world.begun(programme, people)
    world.active(held)
    with world.kit() as kit:
        sessions = kit.sessions.schedule([held.id]).sessions
        assert len(sessions) == 4
        assert all(session.due and session.agenda for session in sessions)
        with pytest.raises(Conflict, match="begins only"):
            kit.sessions.hold(sessions[0].id)
        world.now = sessions[1].ends
        with pytest.raises(Conflict, match="comes first"):
            kit.sessions.hold(sessions[1].id, outputs={sessions[1].due[0]: "x"})
        with pytest.raises(Invalid, match=sessions[0].due[0]):
            kit.sessions.hold(sessions[0].id, outputs={sessions[0].due[0]: "  "})
        assert kit.sessions.get(sessions[0].id).state == "planned"
        for session in sessions[:2]:
            done = kit.sessions.hold(session.id, outputs={session.due[0]: "done"})
            assert done.state == "held"
            assert done.attended == ("ann", "bob", "may")


def test_what_came_of_a_meeting_is_final(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    with world.kit() as kit:
        one, two, three, *_ = kit.sessions.schedule([held.id]).sessions
        world.now = three.ends
        done = kit.sessions.hold(one.id, attended=["ann"])
        assert kit.sessions.hold(one.id) == done
        with pytest.raises(Conflict, match="held"):
            kit.sessions.cancel(one.id)
        kit.sessions.miss(two.id)
        with pytest.raises(Conflict, match="missed"):
            kit.sessions.hold(two.id)
        with pytest.raises(Invalid, match="'eve'"):
            kit.sessions.hold(three.id, attended=["eve"])
        kit.relationships.end(held.id)
        states = {session.id: session.state for session in kit.sessions.of(held.id)}
        known = {one.id: "held", two.id: "missed", three.id: "planned"}
        assert {id: states.pop(id) for id in known} == known
        assert set(states.values()) == {"cancelled"}


def test_one_meeting_more_at_any_time(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    with world.kit() as kit, pytest.raises(Conflict, match="proposed"):
        kit.sessions.plan(held.id, world.now)
    world.active(held)
    berlin = dt.datetime(2026, 9, 9, 10, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    with world.kit() as kit:
        planned = kit.sessions.plan(held.id, berlin, minutes=30, place="Cafe", public=True, key="k")
        assert planned.starts == berlin
        assert planned.ends - planned.starts == dt.timedelta(minutes=30)
        assert kit.sessions.plan(held.id, berlin, key="k") == planned
        with pytest.raises(Invalid, match="offset"):
            kit.sessions.plan(held.id, berlin.replace(tzinfo=None))


def test_a_flash_meeting_closes_its_relationship(world: World) -> None:
    (held,) = world.begun(Programme(topology="flash"), PAIR)
    with world.kit() as kit:
        (session,) = kit.sessions.schedule([held.id]).sessions
        world.now = session.ends
        kit.sessions.hold(session.id)
        assert kit.relationships.get(held.id).stage == "met"
    world.forward()
    with world.kit() as kit:
        closed = kit.relationships.get(held.id)
        assert (closed.stage, closed.outcome) == ("closed", "completed")
        assert {request.person for request in kit.feedback.of(held.id)} == {"ann", "may"}
