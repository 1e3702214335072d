"""What is planned lies ahead, today included, and nothing is planned twice."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import PAIR, START, World, participant

from mentorkit import Conflict, Invalid, Kit, Offer, Policies, Programme, Session, Window

pytestmark = pytest.mark.once

FEW = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York")
"""Kiritimati is a day ahead of Pago Pago, most of the time."""
COUNT = itertools.count()
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def a_pair(world: World, zone: str = "UTC") -> str:
    """A pair that meets, in a programme of its own in that zone."""
    stated = Programme(starts=START.date() - 2 * DAY, policies=Policies(timezone=zone))
    (held,) = world.begun(stated, PAIR, id=f"p{next(COUNT)}")
    return world.active(held).id


def accepted(act: Any, *arguments: Any, **named: Any) -> bool:
    """Whether this can be done, and else a place is named."""
    try:
        act(*arguments, **named)
    except Invalid as error:
        return not error.faults[0].path
    return True


@FEW
@given(
    zone=st.sampled_from(ZONES),
    hours=st.integers(0, 72),
    days=st.integers(-3, 3),
)
def test_nothing_is_due_on_a_day_that_is_over_where_they_are(
    world: World, zone: str, hours: int, days: int
) -> None:
    world.now = START
    pair = a_pair(world, zone)
    world.now = START + dt.timedelta(hours=hours)
    today = world.now.astimezone(ZoneInfo(zone)).date()
    due = today + days * DAY
    with world.kit() as kit:
        assert accepted(kit.goals.propose, pair, "g", due=due, person="ann") == (days >= 0)
        assert accepted(kit.actions.add, pair, "a", due=due, person="ann") == (days >= 0)
        with pytest.raises(Invalid, match=f"due: must be today, {today} in {zone}, or later"):
            kit.actions.add(pair, "a", due=today - DAY, person="ann")


@FEW
@given(
    zone=st.sampled_from(ZONES),
    seconds=st.integers(0, 3 * 24 * 3600),
    minutes=st.integers(-3 * 24 * 60, 3 * 24 * 60) | st.integers(-2, 2),
)
def test_nothing_begins_in_the_past(world: World, zone: str, seconds: int, minutes: int) -> None:
    """This very minute is not past, whatever its seconds."""
    world.now = START
    pair = a_pair(world, zone)
    with world.kit() as kit:
        run = kit.relationships.get(pair).programme
        talk = kit.gatherings.announce(run, "A walk", START + 9 * DAY, START + 10 * DAY)
        planned = kit.sessions.plan(pair, START + 9 * DAY)
    world.now = START + dt.timedelta(seconds=seconds)
    starts = world.now.replace(second=0) + minutes * MINUTE
    ahead = minutes >= 0
    with world.kit() as kit:
        made = kit.gatherings.announce
        assert accepted(made, run, "A talk", starts, starts + MINUTE) == ahead
        assert accepted(kit.gatherings.move, talk.id, starts) == ahead
        assert accepted(kit.sessions.move, planned.id, starts, minutes=1) == ahead
        other = starts + 3 * MINUTE if ahead else starts - 3 * MINUTE
        assert accepted(kit.sessions.plan, pair, other, minutes=1) == ahead


@FEW
@given(
    zone=st.sampled_from(ZONES),
    hours=st.integers(0, 72),
    days=st.integers(-3, 3),
)
def test_office_hours_begin_today_at_the_earliest(
    world: World, zone: str, hours: int, days: int
) -> None:
    world.now = START
    run = f"p{next(COUNT)}"
    with world.kit() as kit:
        kit.programmes.create(Programme(topology="flash"), id=run)
        kit.programmes.enrol(run, PAIR)
    world.now = START + dt.timedelta(hours=hours)
    today = world.now.astimezone(ZoneInfo(zone)).date()
    stated = _hours(today + days * DAY, zone)
    with world.kit() as kit:
        assert accepted(kit.booking.offer, run, stated, person="may") == (days >= 0)


def _hours(first: dt.date, zone: str = "UTC", **more: Any) -> Offer:
    last = first + 9 * DAY
    return Offer(first=first, last=last, windows=[Window(2, 540, 660)], timezone=zone, **more)


ACTS = ("plan", "record", "missed", "cancel", "move", "hold")


@FEW
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(ACTS), st.integers(-12, 12), st.integers(1, 4), st.integers(0, 9)
        ),
        min_size=4,
        max_size=12,
    )
)
def test_they_have_one_meeting_at_a_time(
    world: World, acts: list[tuple[str, int, int, int]]
) -> None:
    """By an account of what took which quarters of hours."""
    world.now = START
    pair = a_pair(world)
    quarter = 15 * MINUTE
    there: dict[str, tuple[str, int, int]] = {}
    for act, at, length, number in acts:
        planned = [id for id, held in there.items() if held[0] == "planned"]
        id = planned[number % len(planned)] if planned else ""
        taken = {
            step
            for other, (state, first, last) in there.items()
            for step in range(first, last)
            if state in ("planned", "held", *(["missed"] if act == "missed" else []))
            and (other != id or act in ("plan", "record", "missed"))
        }
        starts, minutes = START + at * quarter, 15 * length
        if id and act in ("move", "hold"):
            length = there[id][2] - there[id][1]
        free = not taken & set(range(at, at + length))
        try:
            with world.kit() as kit:
                made = _done(kit, act, pair, id, starts, minutes)
        except (Conflict, Invalid):
            made = None
        right = at >= 0 if act in ("plan", "move") else at <= 0
        if act in ("cancel", "move", "hold") and not id:
            assert made is None
        elif act == "cancel":
            there[id] = ("cancelled", 0, 0)
        else:
            assert (made is not None) == (free and right), (act, at, length, there)
        if made is not None and act != "cancel":
            there[made.id] = (made.state, at, at + length)


def _done(
    kit: Kit, act: str, pair: str, session: str, starts: dt.datetime, minutes: int
) -> Session | None:
    if act == "plan":
        return kit.sessions.plan(pair, starts, minutes=minutes)
    if act in ("record", "missed"):
        return kit.sessions.record(pair, starts, minutes=minutes, missed=act == "missed")
    if not session:
        return None
    if act == "cancel":
        return kit.sessions.cancel(session)
    if act == "move":
        return kit.sessions.move(session, starts)
    return kit.sessions.hold(session, starts=starts)


def test_what_is_there_already_is_named(world: World) -> None:
    pair = a_pair(world, "America/New_York")
    with world.kit() as kit:
        run = kit.relationships.get(pair).programme
        made = kit.sessions.plan(pair, START + DAY, key="k")
        assert kit.sessions.plan(pair, START + DAY, key="k") == made
        with pytest.raises(Conflict) as twice:
            kit.sessions.plan(pair, START + DAY + 59 * MINUTE)
        assert str(twice.value) == (
            "there is already Meeting 1 of 2026-09-02 04:00 America/New_York, which is planned:"
            f" {made.id}"
        )
        with pytest.raises(Invalid) as past:
            kit.sessions.plan(pair, START - DAY)
        assert str(past.value) == (
            "starts: must lie ahead of 2026-09-01 04:00 America/New_York, not at 2026-08-31 04:00;"
            " what took place is recorded: `record`, or mentorkit meet … --held"
        )
        talk = kit.gatherings.announce(run, "A talk", START + DAY, START + 2 * DAY)
        kit.gatherings.announce(run, "A talk", START + 2 * DAY, START + 3 * DAY)
        with pytest.raises(Conflict, match=f"there is already 'A talk' at that time: {talk.id}"):
            kit.gatherings.announce(run, "a talk", START + DAY, START + 3 * DAY)
        kit.gatherings.cancel(talk.id)
        kit.gatherings.announce(run, "A talk", START + DAY, START + 3 * DAY)


def test_the_same_office_hours_are_offered_once(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(topology="flash"), id="flash")
        kit.programmes.enrol("flash", (*PAIR, participant("moe", "mentor")))
        stated = _hours(START.date())
        made = kit.booking.offer("flash", stated, person="may")
        with pytest.raises(Conflict, match=f"'may' offers these office hours already: {made.id}"):
            kit.booking.offer("flash", stated, person="may")
        kit.booking.offer("flash", stated, person="moe")
        kit.booking.offer("flash", _hours(START.date(), minutes=60), person="may")
        kit.booking.withdraw(made.id)
        assert kit.booking.offer("flash", stated, person="may").state == "open"


def test_what_is_recorded_was_held_by_those_who_came(world: World) -> None:
    pair = a_pair(world)
    with world.kit() as kit:
        held = kit.sessions.record(pair, START - DAY, attended=["may"], minutes=30, key="k")
        assert (held.state, held.attended) == ("held", ("may",))
        assert kit.sessions.record(pair, START, missed=True, key="k") == held
        missed = kit.sessions.record(pair, START - 2 * DAY, missed=True)
        assert (missed.state, missed.attended) == ("missed", ())
        for more in ({}, {"missed": True}):
            with pytest.raises(Conflict, match="begins only at 2026-09-02 08:00 UTC"):
                kit.sessions.record(pair, START + DAY, **more)
        with pytest.raises(Invalid, match="names 'zed'"):
            kit.sessions.record(pair, START - 3 * DAY, attended=["zed"])
        assert len(kit.sessions.of(pair)) == 2


def test_a_meeting_that_took_place_at_another_time_is_held_then(world: World) -> None:
    pair = a_pair(world)
    with world.kit() as kit:
        planned = kit.sessions.plan(pair, START + 3 * DAY, minutes=45)
        with pytest.raises(Invalid, match=r"record.*|hold"):
            kit.sessions.move(planned.id, START - DAY)
        with pytest.raises(Conflict, match="begins only"):
            kit.sessions.hold(planned.id, starts=START + DAY)
        held = kit.sessions.hold(planned.id, starts=START - DAY)
    assert (held.state, held.starts, held.ends) == ("held", START - DAY, START - DAY + 45 * MINUTE)
