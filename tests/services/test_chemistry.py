"""Chats before an answer: planned, held, rated, and what the ratings do to the next plan."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from fractions import Fraction

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from worlds import World, participant

from mentorkit import Actor, Choice, Conflict, Invalid, Person, Policies, Programme, Use
from mentorkit.blueprint import blueprint_of
from mentorkit.matching import match
from mentorkit.models import Member, Participant, ProgrammeRun, Relationship
from mentorkit.registry import installed
from mentorkit.services.chats import liked_by_all, wished
from mentorkit.services.places import check_link
from mentorkit.store.filling import filled
from mentorkit.store.members import texts

pytestmark = pytest.mark.once

HOUR = dt.timedelta(hours=1)
START = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
MENTEES, MENTORS = ("ann", "bob", "cyn"), ("max", "may", "moe")
WISHES = Programme(
    surveys={"chemistry": Choice("chemistry")},
    criteria={
        "mentees": Use("preferences"),
        "mentors": Use("preferences", between=("mentor", "mentee")),
    },
)


# What ratings come to, against brute force.


def _past(number: int, mentee: str, mentor: str) -> Relationship:
    return Relationship(
        id=f"r{number}",
        programme="p",
        members=(Member(mentee, "mentee"), Member(mentor, "mentor")),
        path=("proposed", "closed"),
        stage="closed",
        outcome="withdrawn",
        since={"proposed": START + number * HOUR},
    )


def said() -> st.SearchStrategy[list[tuple[str, str, int | None, int | None]]]:
    """Chats in the order of time: who with whom, and how each liked it, from -2 to 2."""
    rating = st.none() | st.integers(-2, 2)
    pair = st.tuples(st.sampled_from(MENTEES), st.sampled_from(MENTORS), rating, rating)
    return st.lists(pair, max_size=6)


def stated() -> st.SearchStrategy[dict[str, list[str]]]:
    one = {who: st.lists(st.sampled_from(MENTORS), unique=True) for who in MENTEES}
    other = {who: st.lists(st.sampled_from(MENTEES), unique=True) for who in MENTORS}
    return st.fixed_dictionaries({**one, **other})


def _known(chats: list[tuple[str, str, int | None, int | None]]) -> dict[str, dict[str, int]]:
    """What each said last of each."""
    last: dict[str, dict[str, int]] = {one: {} for one in (*MENTEES, *MENTORS)}
    for mentee, mentor, mine, theirs in chats:
        if mine is not None:
            last[mentee][mentor] = mine
        if theirs is not None:
            last[mentor][mentee] = theirs
    return last


def _ranked(stated: list[str], said: dict[str, int]) -> list[str]:
    """Best rated first, then what was stated and is not rated low; found by sorting ranks."""
    everybody = sorted({*stated, *said})
    kept = [
        one
        for one in everybody
        if said.get(one, 0) > 0 or (one in stated and said.get(one, 0) == 0)
    ]
    return sorted(
        kept,
        key=lambda one: (
            -said[one] if said.get(one, 0) > 0 else 0,
            one if said.get(one, 0) > 0 else f"{stated.index(one)}",
        ),
    )


@given(chats=said(), stated=stated())
def test_ratings_go_before_stated_wishes_and_the_plan_is_the_best_for_them(chats, stated) -> None:
    past = [_past(number, *chat[:2]) for number, chat in enumerate(chats)]
    liking = {
        held.id: {
            who: Fraction(rating, 2)
            for who, rating in zip(held.people, chat[2:], strict=True)
            if rating is not None
        }
        for held, chat in zip(past, chats, strict=True)
    }
    for held, chat in zip(past, chats, strict=True):
        assert liked_by_all(held, liking) == all((rating or 0) > 0 for rating in chat[2:])
    people = [
        Participant(
            person=Person(id=one),
            roles={"mentee" if one in MENTEES else "mentor": 1},
            prefers=stated[one],
        )
        for one in (*MENTEES, *MENTORS)
    ]
    kept = [texts(one) for one in people]
    columns = filled(kept, {}, wished=wished(past, liking))
    last = _known(chats)
    prefers = {one: _ranked(stated[one], last[one]) for one in (*MENTEES, *MENTORS)}
    found = columns.prefers or [()] * len(people)
    assert {one: list(held or ()) for one, held in zip(columns.ids, found, strict=True)} == prefers
    plan = match(columns, Programme(criteria=WISHES.criteria))

    def points(mentee: str, mentor: str) -> int:
        return sum(
            1000 * (5 - prefers[one].index(other)) // 5 if other in prefers[one] else 0
            for one, other in ((mentee, mentor), (mentor, mentee))
        )

    totals = [
        sum(itertools.starmap(points, zip(MENTEES, order, strict=True)))
        for order in itertools.permutations(MENTORS)
    ]
    assert sum(itertools.starmap(points, plan.pairs)) == max(totals)


# Through the services.


def _chatted(world: World, held: Relationship, *, likes: dict[str, int]) -> None:
    """A chat that was asked for, planned, held and rated."""
    with world.kit() as kit:
        kit.relationships.ask_chat(held.id, person=held.people[0])
        chat = kit.sessions.plan(held.id, world.now + HOUR, place="Canteen", public=True)
    world.forward(hours=3)
    with world.kit() as kit:
        kit.sessions.hold(chat.id)
    world.forward()
    with world.kit() as kit:
        for person, rating in likes.items():
            (request,) = [
                one for one in kit.feedback.asked_of(person) if one.relationship == held.id
            ]
            assert request.survey == "chemistry"
            kit.feedback.answer(request.id, {"wish": rating})


TWO = (
    participant("ann", "mentee", prefers=["may", "moe"]),
    participant("may", "mentor"),
    participant("moe", "mentor"),
)


def test_there_is_one_chat_which_is_no_meeting(world: World) -> None:
    (held,) = world.begun(WISHES, TWO[:2])
    with world.kit() as kit:
        with pytest.raises(Conflict, match="ask for a chat first"):
            kit.sessions.plan(held.id, world.now + HOUR)
        kit.relationships.ask_chat(held.id, person="may")
        chat = kit.sessions.plan(held.id, world.now + HOUR)
        assert (chat.chat, str(chat.title)) == (True, "Getting to know each other")
        with pytest.raises(Conflict, match="has its chat already"):
            kit.sessions.plan(held.id, world.now + 2 * HOUR)
        kit.sessions.cancel(chat.id)
        again = kit.sessions.plan(held.id, world.now + 2 * HOUR)
    held = world.active(held)
    world.forward(days=1)
    with world.kit() as kit:
        status = kit.reports.status("autumn")
        assert (status.sessions, status.chats) == ({}, {"cancelled": 1, "planned": 1})
        kit.sessions.hold(again.id, attended=["ann"])
        assert kit.relationships.get(held.id).stage == "active"
        made = kit.sessions.schedule([held.id]).sessions
        assert str(made[0].title) == "Meeting 1"
        status = kit.reports.status("autumn")
        assert status.sessions == {"planned": len(made)}
        assert status.chats == {"cancelled": 1, "held": 1}
    world.forward()
    with world.kit() as kit:
        asked = [(one.survey, one.person) for one in kit.feedback.of(held.id)]
        assert [one for one in asked if one[0] != "self-assessment"] == [("chemistry", "ann")]
        assert kit.recognition.awards("autumn") == ()


@pytest.mark.parametrize(("rating", "mentor"), [(5, "may"), (3, "may"), (1, "moe")])
def test_a_low_rating_takes_a_stated_wish_away(world: World, rating: int, mentor: str) -> None:
    (held,) = world.begun(WISHES, TWO)
    assert held.people == ("ann", "may")
    _chatted(world, held, likes={"ann": rating})
    with world.kit() as kit:
        kit.matching.withdraw(kit.matching.published("autumn").id)
        plan = kit.matching.draft("autumn").plan
        part = kit.programmes.participant("autumn", "ann").participant
    assert plan.pairs == (("ann", mentor),)
    assert part.prefers == ("may", "moe"), "what was stated stays as it is"


def test_a_high_rating_goes_before_what_was_stated(world: World) -> None:
    people = (*TWO[1:], participant("ann", "mentee", prefers=["moe", "may"]))
    with world.kit() as kit:
        kit.programmes.create(WISHES, id="autumn")
        kit.programmes.enrol("autumn", people)
        draft = kit.matching.draft("autumn", forbids=[("ann", "moe")])
        (held,) = kit.matching.publish(draft.id)
    assert held.people == ("ann", "may")
    _chatted(world, held, likes={"ann": 4, "may": 3})
    with world.kit() as kit:
        kit.matching.withdraw(draft.id)
        after = kit.matching.draft("autumn").plan
    assert after.pairs == (("ann", "may"),)
    told = {str(one.message) for held in after.matches for one in held.findings}
    assert told <= {"not available"}


@pytest.mark.parametrize(
    ("likes", "again"),
    [({"ann": 5, "may": 4}, True), ({"ann": 5}, False), ({"ann": 5, "may": 3}, False)],
)
def test_what_expired_though_both_liked_it_may_be_proposed_again(
    world: World, likes: dict[str, int], again: bool
) -> None:
    policies = Policies(next_best=False)
    (held,) = world.begun(attrs.evolve(WISHES, policies=policies), TWO[:2])
    _chatted(world, held, likes=likes)
    world.forward(days=15)
    with world.kit() as kit:
        assert kit.relationships.get(held.id).outcome == "expired"
        assert kit.matching.draft("autumn").plan.pairs == ((("ann", "may"),) if again else ())


def test_nobody_reads_how_somebody_liked_the_chat(world: World) -> None:
    (held,) = world.begun(WISHES, TWO[:2])
    _chatted(world, held, likes={"ann": 2})
    readers = (Actor(person="may"), Actor(person="eve", coordinates=["*"]))
    for actor in (*readers, Actor(person="may", coordinates=["*"])):
        with world.kit(actor=actor) as kit:
            assert not any(request.answers for request in kit.feedback.of(held.id))
    with world.kit(actor=Actor(person="ann")) as kit:
        (own,) = [one for one in kit.feedback.of(held.id) if one.person == "ann"]
        assert dict(own.answers) == {"wish": 2}
    with world.kit() as kit:
        assert not any(request.answers for request in kit.people.export("may").requests)
        assert kit.feedback.tallies("autumn") == ()


# Where they meet.


def test_people_first_meet_in_person_where_others_are(world: World) -> None:
    (held,) = world.begun(WISHES, TWO[:2])
    with world.kit() as kit:
        kit.relationships.ask_chat(held.id, person="ann")
        with pytest.raises(Invalid, match="mark the place as public"):
            kit.sessions.plan(held.id, world.now + HOUR, place="My flat")
        chat = kit.sessions.plan(held.id, world.now + HOUR, link="https://example.org/a")
    held = world.active(held)
    world.forward(hours=3)
    with world.kit() as kit:
        kit.sessions.hold(chat.id)
        with pytest.raises(Invalid, match="public"):
            kit.sessions.plan(held.id, world.now + HOUR, place="My flat")
        first = kit.sessions.plan(held.id, world.now + HOUR, place="Canteen", public=True)
        with pytest.raises(Invalid, match="public"):
            kit.sessions.move(first.id, world.now + 2 * HOUR, place="My flat")
        with pytest.raises(Invalid, match="public"):
            kit.sessions.move(first.id, world.now + 2 * HOUR, public=False)
        moved = kit.sessions.move(first.id, world.now + 2 * HOUR)
        assert (moved.place, moved.public) == ("Canteen", True)
    world.forward(hours=4)
    with world.kit() as kit:
        kit.sessions.hold(first.id)
        assert kit.sessions.plan(held.id, world.now + HOUR, place="My flat").public is False


def test_what_took_place_is_recorded_wherever_it_was(world: World) -> None:
    (held,) = world.begun(WISHES, TWO[:2])
    held = world.active(held)
    with world.kit() as kit:
        past = kit.sessions.record(held.id, world.now - 3 * HOUR, place="My flat")
        assert (past.state, past.place) == ("held", "My flat")


def test_an_office_may_do_without_public_places(world: World) -> None:
    (held,) = world.begun(Programme(policies=Policies(public_first=False)), TWO[:2])
    held = world.active(held)
    with world.kit() as kit:
        assert kit.sessions.plan(held.id, world.now + HOUR, place="Room 3").place == "Room 3"


LABELS = st.sampled_from(["example", "evil", "zoom", "meet", "EXAMPLE", "org", "com", "xample"])
HOSTS = st.lists(LABELS, min_size=2, max_size=4).map(".".join)
ALLOWED = ("example.org", "meet.zoom.com")


@pytest.fixture(scope="module")
def hosted() -> ProgrammeRun:
    stated = Programme(policies=Policies(hosts=ALLOWED))
    blueprint = blueprint_of(stated, installed())
    return ProgrammeRun(id="p", programme=stated, blueprint=blueprint, created=START)


@given(
    host=HOSTS | st.sampled_from([*ALLOWED, "nonexample.org", "nomeet.zoom.com"]),
    before=st.sampled_from(["", "example.org@", "evil.com\\@", "evil.com\\.", "a:b@"]),
    after=st.sampled_from(
        ["", "/", "/x@example.org", "?x=example.org", "#.example.org", ":443", "."]
    ),
)
@example(host="nonexample.org", before="", after="")
@example(host="example.org", before="evil.com\\@", after="")
def test_links_lead_to_hosts_that_are_allowed_or_below_them(hosted, host, before, after) -> None:
    labels = host.lower().split(".")
    fine = not before and any(labels[-len(one.split(".")) :] == one.split(".") for one in ALLOWED)
    with contextlib.nullcontext() if fine else pytest.raises(Invalid, match="must be on"):
        check_link(hosted, f"https://{before}{host}{after}")


def test_links_are_checked_wherever_they_are_given(world: World) -> None:
    policies = Policies(hosts=["meet.example.org"])
    (held,) = world.begun(Programme(policies=policies), TWO[:2])
    held = world.active(held)
    with world.kit() as kit:
        with pytest.raises(Invalid, match=r"must be on meet\.example\.org, not on evil\.org"):
            kit.sessions.plan(held.id, world.now + HOUR, link="https://evil.org/meet.example.org")
        made = kit.sessions.plan(held.id, world.now + HOUR, link="https://meet.example.org/a")
        with pytest.raises(Invalid, match="link"):
            kit.sessions.move(made.id, made.starts, link="https://evil.org/a")
