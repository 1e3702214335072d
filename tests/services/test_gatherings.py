"""Programme events: seats by a brute-force account of who signed up when, and the edges."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from worlds import PAIR, START, World, participant

import mentorkit
from mentorkit import Actor, Programme
from mentorkit.errors import Conflict, Forbidden, Invalid, NotFound
from mentorkit.models import Gathering, Policies
from mentorkit.testing.house import TrialHouse, house

pytestmark = pytest.mark.once

PEOPLE = ("ann", "bob", "cyn", "dee", "eve", "fay", "gil")
BEGINS = START + dt.timedelta(days=7)
HOUR = dt.timedelta(hours=1)
TENANTS = itertools.count()


@pytest.fixture(scope="module")
def held() -> Iterator[TrialHouse]:
    with house(start=START) as made:
        yield made


def announced(world: World, seats: int | None = 1) -> Gathering:
    world.begun(Programme(), (*PAIR, participant("bob", "mentee")))
    with world.kit() as kit:
        return kit.gatherings.announce(
            "autumn", "Kick-off", BEGINS, BEGINS + HOUR, link="https://example.org/a", seats=seats
        )


acts = st.lists(
    st.tuples(
        st.sampled_from(
            ("on", "on", "on", "on", "on", "off", "off", "off", "leave", "erase", "seats")
        ),
        st.integers(0, 9),
    ),
    min_size=20,
    max_size=40,
)
"""What is done, and by whom: one of those who are there then. Or how many seats there are."""


@settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=15,
    suppress_health_check=list(HealthCheck),
)
@given(seats=st.sampled_from((1, 2, 1, None)), acts=acts)
@example(seats=1, acts=[*(("on", at) for at in range(4)), ("off", 0)])
def test_seats_go_to_those_who_came_first_and_are_never_more(
    held: TrialHouse, seats: int | None, acts: list[tuple[str, int]]
) -> None:
    """The account: a list in the order of signing up, of which the first have the seats."""
    order: list[str] = []
    there = list(PEOPLE)
    with held.kit(actor=mentorkit.SYSTEM, tenant=f"t{next(TENANTS)}") as kit:
        kit.programmes.create(Programme(), id="p")
        kit.programmes.enrol("p", [participant(id, "mentee") for id in PEOPLE])
        made = kit.gatherings.announce("p", "A talk", BEGINS, BEGINS + HOUR, seats=seats)
        for act, number in acts:
            if act == "seats":
                if seats is None or number < max(1, len(order[:seats])):
                    continue
                seats = number
                kit.gatherings.move(made.id, BEGINS, seats=seats)
            elif there:
                person = there[number % len(there)]
                if act == "on":
                    kit.gatherings.sign_up(made.id, person=person)
                    order += [person] * (person not in order)
                    continue
                if act == "leave":
                    kit.programmes.leave("p", person)
                elif act == "erase":
                    kit.people.remove(person)
                elif person in order:
                    kit.gatherings.sign_off(made.id, person=person)
                there = there if act == "off" else [one for one in there if one != person]
                order = [one for one in order if one != person]
            now = kit.gatherings.get(made.id)
            state = {one.person: one.state for one in kit.gatherings.seats(made.id)}
            assert [one.person for one in kit.gatherings.seats(made.id)] == order
            assert [one for one in order if state[one] == "coming"] == order[:seats]
            assert (now.taken, now.waiting) == (len(order[:seats]), len(order) - now.taken)
            assert now.left == (None if seats is None else seats - now.taken)


def test_what_was_held_keeps_who_came(world: World) -> None:
    made = announced(world)
    with world.kit() as kit:
        for person in ("ann", "may"):
            kit.gatherings.sign_up(made.id, person=person)
        with pytest.raises(Conflict, match="begins only at 2026-09-08 08:00 UTC"):
            kit.gatherings.hold(made.id)
    world.forward(days=7, minutes=5)
    with world.kit() as kit:
        with pytest.raises(Conflict, match="has begun"):
            kit.gatherings.sign_up(made.id, person="bob")
        with pytest.raises(Invalid, match="'zed', who has not signed up"):
            kit.gatherings.hold(made.id, attended=["zed"])
        with pytest.raises(Invalid, match="2 people, and there are 1 seats"):
            kit.gatherings.hold(made.id, attended=["ann", "may"])
        done = kit.gatherings.hold(made.id, attended=["may"])
        assert (done.state, done.taken, done.waiting) == ("held", 1, 0)
        assert kit.gatherings.hold(made.id) == done
        states = {one.person: one.state for one in kit.gatherings.seats(made.id)}
        assert states == {"ann": "missed", "may": "came"}
        for late in (
            lambda: kit.gatherings.sign_off(made.id, person="ann"),
            lambda: kit.gatherings.cancel(made.id),
            lambda: kit.gatherings.move(made.id, BEGINS + HOUR),
        ):
            with pytest.raises(Conflict):
                late()
        kit.people.remove("may")
        (ann, gone) = sorted(kit.gatherings.seats(made.id), key=lambda one: one.number)
        assert (ann.person, gone.state) == ("ann", "came")
        assert gone.person.startswith("erased:")
        (kept,) = kit.people.export("ann").seats
        assert kept == ann


def test_participants_see_the_seats_that_are_left_and_their_own(world: World) -> None:
    made = announced(world, seats=2)
    with world.kit(actor=Actor(person="ann")) as kit:
        assert kit.gatherings.get(made.id).link is None
        mine = kit.gatherings.sign_up(made.id)
        assert kit.gatherings.get(made.id).link == "https://example.org/a"
        with pytest.raises(Forbidden):
            kit.gatherings.sign_up(made.id, person="may")
    with world.kit(actor=Actor(person="may")) as kit:
        (shown,) = kit.gatherings.of("autumn")
        assert (shown.left, shown.link) == (1, None)
        assert kit.gatherings.seats(made.id) == kit.gatherings.seats_of("ann") == ()
        for office in (
            lambda: kit.gatherings.cancel(made.id),
            lambda: kit.gatherings.announce("autumn", "Mine", BEGINS, BEGINS + HOUR),
        ):
            with pytest.raises(Forbidden):
                office()
    with world.kit(actor=Actor(coordinates=["autumn"])) as kit:
        assert kit.gatherings.seats(made.id) == kit.gatherings.seats_of("ann") == (mine,)
    with world.kit(actor=Actor(person="zed")) as kit, pytest.raises(NotFound):
        kit.gatherings.get(made.id)


def test_a_programme_that_closes_cancels_what_is_ahead_of_it(world: World) -> None:
    made = announced(world)
    with world.kit() as kit:
        key = {"key": "one"}
        first = kit.gatherings.announce("autumn", "A talk", START, BEGINS, **key)
        assert kit.gatherings.announce("autumn", "A talk", START, BEGINS, **key) == first
        kit.gatherings.sign_up(made.id, person="ann")
        kit.programmes.close("autumn")
        assert kit.gatherings.get(made.id).state == "cancelled"
        assert kit.gatherings.get(first.id).state == "planned"
        assert kit.gatherings.cancel(made.id).state == "cancelled"
        (told,) = [one for one in kit.reports.journal() if one.kind == "gathering.cancelled"]
        assert (told.subject, told.people, dict(told.facts)) == (made.id, ("ann",), {})
        with pytest.raises(Conflict):
            kit.gatherings.announce("autumn", "Late", BEGINS, BEGINS + HOUR)


def test_links_are_on_hosts_that_the_programme_allows(world: World) -> None:
    world.begun(Programme(policies=Policies(hosts=("example.org",))), PAIR)
    with world.kit() as kit:
        link = "https://other.example.com/a"
        with pytest.raises(Invalid, match=r"must be on example\.org"):
            kit.gatherings.announce("autumn", "A talk", BEGINS, BEGINS + HOUR, link=link)
        made = kit.gatherings.announce("autumn", "A talk", BEGINS, BEGINS + HOUR)
        with pytest.raises(Invalid, match=r"must be on example\.org"):
            kit.gatherings.move(made.id, BEGINS, link=link)


def test_what_cannot_be_is_refused(world: World) -> None:
    made = announced(world)
    with world.kit() as kit:
        with pytest.raises(Invalid, match="after the start"):
            kit.gatherings.announce("autumn", "A talk", BEGINS, BEGINS)
        with pytest.raises(Invalid, match="offset"):
            kit.gatherings.announce("autumn", "A talk", BEGINS.replace(tzinfo=None), BEGINS)
        with pytest.raises(NotFound):
            kit.gatherings.sign_off(made.id, person="ann")
        with pytest.raises(NotFound):
            kit.gatherings.sign_up(made.id, person="zed")
        kit.programmes.leave("autumn", "may")
        with pytest.raises(Conflict, match="does not take part"):
            kit.gatherings.sign_up(made.id, person="may")
        moved = kit.gatherings.move(made.id, BEGINS + HOUR, version=1)
        assert moved.ends - moved.starts == HOUR
        with pytest.raises(Conflict, match="version"):
            kit.gatherings.move(made.id, BEGINS, version=1)


def test_who_has_a_seat_reads_it_today_and_the_office_that_it_is_over(world: World) -> None:
    made = announced(world)
    with world.kit() as kit:
        for person in ("ann", "may"):
            kit.gatherings.sign_up(made.id, person=person)
        kinds = [(one.kind, one.subject) for one in kit.today.of("ann")]
        assert ("gathering.attend", made.id) in kinds
        assert "gathering.attend" not in {one.kind for one in kit.today.of("may")}
    world.now = BEGINS + HOUR
    with world.kit() as kit:
        assert "gathering.attend" not in {one.kind for one in kit.today.of("ann")}
        kinds = [(one.kind, one.subject) for one in kit.today.programme("autumn")]
        assert ("gathering.record", made.id) in kinds
        kit.gatherings.hold(made.id)
        assert "gathering.record" not in {one.kind for one in kit.today.programme("autumn")}


def test_who_leaves_after_it_began_may_have_come(world: World) -> None:
    made = announced(world, seats=1)
    with world.kit() as kit:
        for person in ("ann", "may"):
            kit.gatherings.sign_up(made.id, person=person)
    world.now = BEGINS
    with world.kit() as kit:
        kit.programmes.leave("autumn", "ann")
        held = kit.gatherings.hold(made.id)
        assert (held.taken, held.waiting) == (1, 1)
        assert [one.state for one in kit.gatherings.seats(made.id)] == ["came", "waiting"]
