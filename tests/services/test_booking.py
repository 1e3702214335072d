"""Office hours: what is open can be booked, and what is booked is not open any more."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import START, World, opened, participant

from mentorkit import (
    Actor,
    Conflict,
    Forbidden,
    Instead,
    Invalid,
    Kit,
    NotFound,
    Offer,
    Participant,
    Person,
    Policies,
    Programme,
    Session,
    Window,
)
from mentorkit.models import OfficeHours, Opening

pytestmark = pytest.mark.once

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAYS = Offer(
    first=dt.date(2026, 9, 1),
    last=dt.date(2026, 10, 31),
    windows=[Window(2, 9 * 60, 11 * 60)],
    timezone="Europe/Berlin",
)
"""Four half hours on each, at the summer's 9:00; the first is 2026-09-02."""
PEOPLE = (
    participant("ann", "mentee"),
    participant("bob", "mentee", 9),
    participant("cyn", "mentee", avoids=["may"]),
    participant("may", "mentor"),
    participant("moe", "mentor"),
)


def on(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A time in September in Berlin."""
    return dt.datetime(2026, 9, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def flash(world: World) -> World:
    with world.kit() as kit:
        kit.programmes.create(Programme(topology="flash"), id="flash")
        kit.programmes.enrol("flash", PEOPLE)
    return world


def offered(world: World, person: str = "may", **more: Any) -> OfficeHours:
    with world.kit() as kit:
        return kit.booking.offer("flash", attrs.evolve(WEDNESDAYS, **more), person=person)


def times(openings: tuple[Opening, ...] | list[Opening], most: int = 4) -> list[str]:
    """Those of the first openings, in Berlin."""
    return [f"{one.starts.astimezone(BERLIN):%m-%d %H:%M}" for one in openings[:most]]


def taken(kit: Kit, person: str) -> list[Session]:
    held = kit.relationships.of(person)
    found = [session for one in held for session in kit.sessions.of(one.id)]
    return [session for session in found if session.state == "planned"]


def test_hours_are_cut_into_slots_and_booked(flash: World) -> None:
    hours = offered(flash, link="https://example.org/room")
    with flash.kit() as kit:
        found = kit.booking.openings("flash", until=on(16, 0))
        clocks = ("09:00", "09:30", "10:00", "10:30")
        assert times(found, 9) == [f"09-{day} {clock}" for day in ("02", "09") for clock in clocks]
        session = kit.booking.book(hours.id, on(2, 9, 30), person="ann", question="Why?", key="k")
        assert kit.booking.book(hours.id, on(2, 9, 30), person="ann", key="k") == session
        assert (session.starts, session.ends) == (on(2, 9, 30), on(2, 10))
        assert session.link == "https://example.org/room"
        icebreaker, question = session.agenda
        assert (icebreaker.id, str(question)) == ("session.opening.icebreaker", "Why?")
        (held,) = kit.relationships.of("ann")
        assert (held.stage, held.people) == ("booked", ("ann", "may"))
        assert times(kit.booking.openings("flash")) == [
            "09-02 09:00", "09-02 10:00", "09-02 10:30", "09-09 09:00",
        ]  # fmt: skip
    flash.now = session.ends
    with flash.kit() as kit:
        kit.sessions.hold(session.id)
    flash.forward()
    with flash.kit() as kit:
        assert kit.relationships.get(held.id).outcome == "completed"
        assert {request.person for request in kit.feedback.of(held.id)} == {"ann", "may"}


@pytest.mark.parametrize(
    "wrong", [on(2, 9, 15), on(3, 9), on(2, 8, 30), on(2, 11), on(2, 9) + dt.timedelta(seconds=1)]
)
def test_a_slot_that_is_not_offered_is_not_sold_whatever_the_client_says(
    flash: World, wrong: dt.datetime
) -> None:
    hours = offered(flash)
    with flash.kit() as kit, pytest.raises(Conflict, match="not available"):
        kit.booking.book(hours.id, wrong, person="ann")
    with flash.kit() as kit:
        assert not kit.relationships.of("ann")


def test_what_is_shown_can_be_booked_and_nothing_else(flash: World) -> None:
    """With buffers, a finer step, seats, limits and other meetings: each opening, tried alone."""
    hours = offered(flash, every=15, before=15, after=30, seats=2, daily=2, notice=25 * 60, ahead=9)
    offered(flash, "moe")
    with flash.kit() as kit:
        kit.booking.book(hours.id, on(9, 9, 30), person="ann")
        found = {
            one.starts for one in kit.booking.openings("flash", person="bob") if one.person == "may"
        }
    every = {
        on(day, 9) + dt.timedelta(minutes=15 * step) for day in (2, 9, 16) for step in range(8)
    }
    booked = set()
    for starts in sorted(every):
        try:
            with flash.kit() as kit:
                kit.booking.book(hours.id, starts, person="bob")
                booked.add(starts)
                raise KeyError
        except (Conflict, KeyError):
            pass
    assert booked == found == {on(9, 9, 30), on(9, 10, 30)}


SLOTS = [on(day, 9) + dt.timedelta(minutes=30 * half) for day in (2, 9) for half in range(4)]


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_of_anybody_only_what_they_can_book_is_shown(data: st.DataObject) -> None:
    """Each opening, tried alone: with places, pauses, roles, meetings and limits of any kind."""
    # Whatever is drawn: who takes part how, what is offered, and what was booked before.
    places = st.integers(0, 2)
    drawn: dict[str, Any] = {
        id: {"roles": data.draw(st.dictionaries(st.sampled_from(["mentee", "mentor"]), places))}
        for id in ("ann", "bob", "may")
    }
    drawn["ann"]["avoids"] = data.draw(st.sampled_from([(), ("may",), ("moe",)]))
    drawn["moe"] = {"roles": {"mentor": 1}}
    people = [Participant(person=Person(id=id), **held) for id, held in drawn.items()]
    limits = {
        "seats": data.draw(st.integers(1, 2)),
        "daily": data.draw(st.sampled_from([None, 1, 2])),
        "notice": data.draw(st.sampled_from([0, 30 * 60])),
        "ahead": data.draw(st.sampled_from([None, 3])),
    }
    with tempfile.TemporaryDirectory() as folder, opened(f"sqlite:///{folder}/flash.db") as world:
        with world.kit() as kit:
            kit.programmes.create(Programme(topology="flash"), id="flash")
            kit.programmes.enrol("flash", people)
            stated = attrs.evolve(WEDNESDAYS, last=dt.date(2026, 9, 10), **limits)
            hosts = [id for id, held in drawn.items() if held["roles"].get("mentor")]
            hours = {id: kit.booking.offer("flash", stated, person=id).id for id in hosts}
        tries = st.tuples(
            st.sampled_from(sorted(drawn)), st.sampled_from(hosts), st.sampled_from(SLOTS)
        )
        for person, host, starts in data.draw(st.lists(tries, max_size=4)):
            with contextlib.suppress(Conflict, Invalid), world.kit() as kit:
                kit.booking.book(hours[host], starts, person=person)
        for person in drawn:
            with world.kit() as kit:
                found = kit.booking.openings("flash", person=person)
            with world.kit(actor=Actor(person=person)) as kit:
                mine = kit.booking.openings("flash")
            shown = {(one.person, one.starts) for one in found}
            assert shown == {
                (host, starts)
                for host in hosts
                for starts in SLOTS
                if _bookable(world, hours[host], starts, person)
            }
            if drawn[person]["roles"].get("mentee"):
                assert mine == found


def _bookable(world: World, hours: str, starts: dt.datetime, person: str) -> bool:
    """Whether it can be booked; nothing is left of the try."""
    try:
        with world.kit() as kit:
            kit.booking.book(hours, starts, person=person)
            raise KeyError
    except KeyError:
        return True
    except (Conflict, Invalid):
        return False


def test_nothing_is_shown_to_whom_no_place_is_left(flash: World) -> None:
    hours = offered(flash)
    with flash.kit() as kit:
        kit.booking.book(hours.id, on(2, 9), person="ann")
        assert kit.booking.openings("flash", person="ann") == ()
        assert kit.booking.openings("flash", person="may") == ()
        assert kit.booking.openings("flash")
    with flash.kit(actor=Actor(person="ann")) as kit:
        assert kit.booking.openings("flash") == ()
    with flash.kit(actor=Actor(person="may")) as kit:
        assert kit.booking.openings("flash")


def test_other_meetings_and_buffers_of_the_host_count_in_whichever_programme(flash: World) -> None:
    (pair,) = flash.begun(Programme(), (participant("eva", "mentee"), participant("may", "mentor")))
    flash.active(pair)
    with flash.kit() as kit:
        kit.sessions.plan(pair.id, on(2, 10), minutes=20)
    hours = offered(flash, before=10, after=10)
    with flash.kit() as kit:
        assert times(kit.booking.openings("flash"), 3) == [
            "09-02 09:00",
            "09-02 10:30",
            "09-09 09:00",
        ]
        with pytest.raises(Conflict):
            kit.booking.book(hours.id, on(2, 9, 30), person="ann")
        kit.booking.book(hours.id, on(2, 10, 30), person="ann")
        assert times(kit.booking.openings("flash"), 2) == ["09-02 09:00", "09-09 09:00"]


def test_nobody_books_while_they_meet_somebody_else(flash: World) -> None:
    offered(flash)
    hours = offered(flash, "moe")
    with flash.kit() as kit:
        mine = kit.booking.openings("flash", person="bob")
        kit.booking.book(mine[0].office_hours, on(2, 9), person="bob")
        left = kit.booking.openings("flash", person="bob")
        assert all(one.starts != on(2, 9) for one in left)
        assert len(left) == len(mine) - 2
        with pytest.raises(Conflict, match="another meeting"):
            kit.booking.book(hours.id, on(2, 9), person="bob")


@pytest.mark.parametrize("who", ["may", "bob"])
def test_whoever_has_a_seat_elsewhere_is_busy(flash: World, who: str) -> None:
    hours = offered(flash)
    with flash.kit() as kit:
        talk = kit.gatherings.announce("flash", "A talk", on(2, 9), on(2, 9, 10))
        before = kit.booking.openings("flash", person="bob")
        kit.gatherings.sign_up(talk.id, person=who)
        assert kit.booking.openings("flash", person="bob") == before[1:]
        with pytest.raises(Conflict):
            kit.booking.book(hours.id, on(2, 9), person="bob")
        kit.gatherings.cancel(talk.id)
        assert kit.booking.openings("flash", person="bob") == before


def test_a_seat_is_sold_once_and_what_is_full_is_closed(flash: World) -> None:
    hours = offered(flash, seats=2, daily=1)
    with flash.kit() as kit:
        kit.booking.book(hours.id, on(2, 9), person="ann")
        (left,) = [one for one in kit.booking.openings("flash") if one.starts < on(3, 0)]
        assert (left.starts, left.seats) == (on(2, 9), 1)
        kit.booking.book(hours.id, on(2, 9), person="bob")
        assert times(kit.booking.openings("flash"), 1) == ["09-09 09:00"]
        assert len(taken(kit, "may")) == 2


def test_a_place_is_taken_until_the_meeting_is_over(flash: World) -> None:
    hours = offered(flash)
    with flash.kit() as kit:
        kit.booking.book(hours.id, on(2, 9), person="ann")
        with pytest.raises(Conflict, match="no place left"):
            kit.booking.book(hours.id, on(9, 9), person="ann")


def test_whom_somebody_avoids_is_not_available_and_nothing_says_why(flash: World) -> None:
    hours = offered(flash)
    theirs = offered(flash, "moe")
    with flash.kit() as kit:
        assert {one.person for one in kit.booking.openings("flash", person="cyn")} == {"moe"}
        with pytest.raises(Conflict) as caught:
            kit.booking.book(hours.id, on(2, 9), person="cyn")
        assert str(caught.value) == "this slot is not available; look at what is open now"
        with pytest.raises(Conflict) as caught:
            kit.booking.book(theirs.id, on(2, 9, 1), person="cyn")
        assert str(caught.value) == "this slot is not available; look at what is open now"


def test_a_move_leaves_nothing_behind(flash: World) -> None:
    hours = offered(flash)
    with flash.kit() as kit:
        session = kit.booking.book(hours.id, on(2, 9), person="ann")
        with pytest.raises(Conflict, match="not available"):
            kit.sessions.move(session.id, on(2, 9, 10))
        with pytest.raises(Conflict, match="not available"):
            kit.sessions.move(session.id, on(2, 9, 30), minutes=60)
        moved = kit.sessions.move(session.id, on(2, 9, 30), version=session.version)
        assert kit.sessions.move(session.id, on(2, 9, 30), version=session.version) == moved
        assert (moved.id, moved.starts, moved.ends) == (session.id, on(2, 9, 30), on(2, 10))
        assert taken(kit, "may") == taken(kit, "ann") == [moved]
        assert times(kit.booking.openings("flash"), 2) == ["09-02 09:00", "09-02 10:00"]
        with pytest.raises(Conflict, match="version"):
            kit.sessions.move(session.id, on(2, 9), version=session.version)


def test_a_booking_is_not_in_its_own_way(flash: World) -> None:
    hours = offered(flash, every=15, daily=1, after=30)
    with flash.kit() as kit:
        session = kit.booking.book(hours.id, on(2, 9), person="ann")
        assert kit.sessions.move(session.id, on(2, 9, 15)).starts == on(2, 9, 15)
        with pytest.raises(Conflict, match="not available"):
            kit.booking.book(hours.id, on(2, 10, 30), person="bob")


def test_a_cancelled_slot_is_open_again_and_its_relationship_ends(flash: World) -> None:
    hours = offered(flash)
    with flash.kit() as kit:
        before = kit.booking.openings("flash")
        session = kit.booking.book(hours.id, on(2, 9), person="ann")
        kit.sessions.cancel(session.id)
        assert kit.booking.openings("flash") == before
        assert kit.relationships.get(session.relationship).outcome == "ended"
        again = kit.booking.book(hours.id, on(2, 9), person="ann")
        assert again.id != session.id
        assert taken(kit, "may") == [again]


def test_holidays_and_days_out_of_office_are_not_offered(world: World) -> None:
    away = Instead(dt.date(2026, 9, 9), dt.date(2026, 9, 10))
    may = participant("may", "mentor", exceptions=[away])
    stated = Programme(topology="flash", policies=Policies(holidays=["DE"]))
    with world.kit() as kit:
        kit.programmes.create(stated, id="flash")
        kit.programmes.enrol("flash", (PEOPLE[0], may))
    saturdays = [Window(2, 600, 630), Window(5, 600, 630)]
    offered(world, windows=saturdays, last=dt.date(2026, 10, 7))
    with world.kit() as kit:
        days = [str(one.starts.date()) for one in kit.booking.openings("flash")]
    assert "2026-09-09" not in days
    assert "2026-10-03" not in days  # the Day of German Unity, a Saturday
    assert {"2026-09-02", "2026-09-12", "2026-09-16"} <= set(days)


def test_hours_keep_their_clock_when_it_changes_and_whoever_moves_house(flash: World) -> None:
    offered(flash, windows=[Window(2, 540, 570), Window(6, 60, 300)], last=dt.date(2026, 11, 5))
    with flash.kit() as kit:
        moved = attrs.evolve(
            PEOPLE[3], person=attrs.evolve(PEOPLE[3].person, timezone="Asia/Tokyo")
        )
        kit.programmes.enrol("flash", [moved])
        found = kit.booking.openings("flash")
    mornings = [one for one in found if one.starts.weekday() == 2]
    assert {f"{one.starts.astimezone(BERLIN):%H:%M}" for one in mornings} == {"09:00"}
    assert {f"{one.starts:%H:%M}" for one in mornings} == {"07:00", "08:00"}
    # On the night of 2026-10-25 the hour from 2:00 comes twice: ten half hours, not eight.
    night = [one for one in found if one.starts.astimezone(BERLIN).date() == dt.date(2026, 10, 25)]
    assert len(night) == 10
    assert all(one.ends - one.starts == dt.timedelta(minutes=30) for one in found)


def test_hours_past_midnight_are_the_day_s_on_which_they_begin(flash: World) -> None:
    offered(
        flash,
        windows=[Window(2, 23 * 60, 25 * 60)],
        first=dt.date(2026, 9, 9),
        last=dt.date(2026, 9, 9),
    )
    with flash.kit() as kit:
        found = kit.booking.openings("flash")
        assert times(found) == ["09-09 23:00", "09-09 23:30", "09-10 00:00", "09-10 00:30"]
        kit.booking.book(found[3].office_hours, found[3].starts, person="ann")
        assert times(kit.booking.openings("flash")) == ["09-09 23:00", "09-09 23:30", "09-10 00:00"]


def test_withdrawn_hours_and_those_who_left_offer_nothing(flash: World) -> None:
    hours, theirs = offered(flash), offered(flash, "moe")
    with flash.kit() as kit:
        session = kit.booking.book(hours.id, on(2, 9), person="ann")
        gone = kit.booking.withdraw(hours.id, version=hours.version)
        assert kit.booking.withdraw(hours.id, version=hours.version) == gone
        assert kit.sessions.get(session.id).state == "planned"
        kit.programmes.leave("flash", "moe")
        assert kit.booking.openings("flash") == ()
        for held in (hours, theirs):
            with pytest.raises(Conflict):
                kit.booking.book(held.id, on(2, 10), person="bob")
        kit.people.remove("moe")
        assert [held.id for held in kit.booking.of("flash")] == [hours.id]


def test_people_offer_and_book_in_their_own_name(flash: World) -> None:
    with flash.kit(actor=Actor(person="may")) as kit:
        hours = kit.booking.offer("flash", attrs.evolve(WEDNESDAYS, link="https://example.org/x"))
        assert kit.booking.offer("flash", WEDNESDAYS, key="k") == kit.booking.offer(
            "flash", WEDNESDAYS, key="k"
        )
        with pytest.raises(Forbidden):
            kit.booking.book(hours.id, on(2, 9), person="ann")
    with flash.kit(actor=Actor(person="ann")) as kit:
        assert kit.booking.get(hours.id).offer.link is None
        assert kit.booking.openings("flash")
        with pytest.raises(Forbidden):
            kit.booking.openings("flash", person="bob")
        with pytest.raises(Forbidden):
            kit.booking.withdraw(hours.id)
        with pytest.raises(Invalid, match="as mentor"):
            kit.booking.offer("flash", WEDNESDAYS)
        assert kit.booking.book(hours.id, on(2, 9)).link == "https://example.org/x"
    with flash.kit(actor=Actor(person="zed")) as kit:
        assert kit.booking.openings("flash") == kit.booking.of("flash") == ()
        with pytest.raises(NotFound):
            kit.booking.book(hours.id, on(2, 9, 30))


def test_a_format_without_booking_has_no_office_hours(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="flash")
        kit.programmes.enrol("flash", PEOPLE)
        with pytest.raises(Conflict, match="'one-to-one' has no office hours"):
            kit.booking.offer("flash", WEDNESDAYS, person="may")
        assert kit.booking.openings("flash") == ()


def test_a_meeting_moves_and_a_past_one_is_logged(world: World) -> None:
    (held,) = world.begun(Programme(), (participant("ann", "mentee"), participant("may", "mentor")))
    world.active(held)
    with world.kit() as kit:
        planned = kit.sessions.plan(held.id, on(9, 10), place="Cafe", public=True)
        moved = kit.sessions.move(planned.id, on(10, 9), minutes=30, link="https://example.org")
        assert (moved.starts, moved.ends) == (on(10, 9), on(10, 9, 30))
        assert (moved.place, moved.link) == ("Cafe", "https://example.org")
        assert kit.sessions.of(held.id) == (moved,)
        with pytest.raises(Invalid, match="offset"):
            kit.sessions.move(planned.id, dt.datetime(2026, 9, 9))
        for link in ("http://example.org", "javascript:alert(1)", "https://", "https://a b"):
            with pytest.raises(Invalid, match="https"):
                kit.sessions.move(planned.id, on(10, 9), link=link)
            with pytest.raises(Invalid, match="https"):
                kit.sessions.plan(held.id, on(11, 9), link=link)
        past = kit.sessions.record(held.id, START - dt.timedelta(days=1))
        assert past.state == "held"
        with pytest.raises(Conflict, match="held"):
            kit.sessions.move(past.id, on(12, 9))
