"""What members do between meetings: actions, questions, resources, insights."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import PAIR, START, World, participant

from mentorkit import Actor, Conflict, Forbidden, Invalid, Kit, NotFound, Programme
from mentorkit.errors import MentorkitError
from mentorkit.models import Query

pytestmark = pytest.mark.once

FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
GROUP = (
    participant("ann", "mentee"),
    participant("bob", "mentee"),
    participant("may", "mentor", 2),
)
PEOPLE = ("ann", "bob", "may")
DAY = dt.date(2026, 10, 1)
PROGRAMMES = itertools.count()


def a_group(world: World) -> str:
    """A group of three, in a programme of its own."""
    (held,) = world.begun(Programme(topology="group"), GROUP, id=f"p{next(PROGRAMMES)}")
    return held.id


def tried(world: World, person: str, act: Callable[[Kit], Any]) -> Any:
    """What an act of somebody gives, or the kind of its refusal."""
    try:
        with world.kit(actor=Actor(person=person)) as kit:
            return act(kit)
    except MentorkitError as error:
        return type(error)


who = st.sampled_from(PEOPLE)


@FEW
@given(
    owner=who,
    by=who,
    acts=st.lists(st.tuples(who, st.sampled_from(["done", "drop"])), max_size=5),
)
def test_its_owner_does_an_action_and_whoever_added_it_may_drop_it(
    world: World, owner: str, by: str, acts: list[tuple[str, str]]
) -> None:
    group = a_group(world)
    made = tried(world, by, lambda kit: kit.actions.add(group, "call Quinn", owner=owner))
    assert (made.owner, made.by, made.state) == (owner, by, "open")
    state, version = "open", made.version
    for person, act in acts:
        wanted = {"done": "done", "drop": "dropped"}[act]
        expected: object = (wanted, version + (state != wanted))
        if person != owner and (act == "done" or person != by):
            expected = Forbidden
        elif state not in ("open", wanted):
            expected = Conflict
        found = tried(world, person, lambda kit, act=act: getattr(kit.actions, act)(made.id))
        if not isinstance(found, type):
            assert (found.closed is None) == (found.state == "open")
            found = (found.state, found.version)
            state, version = found
        assert found == expected
    assert tried(world, "ann", lambda kit: kit.actions.get(made.id)).state == state


@FEW
@given(
    drawn=st.lists(
        st.tuples(st.sampled_from([None, 0, 1, 9]), st.sampled_from(["low", "normal", "high"])),
        max_size=6,
    )
)
def test_actions_come_by_due_day_then_priority_then_age(
    world: World, drawn: list[tuple[int | None, Any]]
) -> None:
    group = a_group(world)
    for number, (days, priority) in enumerate(drawn):
        world.now += dt.timedelta(minutes=1)
        due = None if days is None else DAY + dt.timedelta(days=days)
        with world.kit() as kit:
            kit.actions.add(group, str(number), due=due, priority=priority, person="ann")
    with world.kit(actor=Actor(person="bob")) as kit:
        found = [int(action.title) for action in kit.actions.of(group)]
    urgent = {"high": 0, "normal": 1, "low": 2}
    expected = sorted(
        range(len(drawn)),
        key=lambda at: (drawn[at][0] is None, drawn[at][0] or 0, urgent[drawn[at][1]], at),
    )
    assert found == expected


def test_an_action_is_of_a_member_and_of_their_meeting(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    others = a_group(world)
    with world.kit() as kit:
        session = kit.sessions.plan(held.id, START + dt.timedelta(days=1))
        made = kit.actions.add(held.id, "read", session=session.id, person="ann")
        assert made.session == session.id
        with pytest.raises(Invalid, match="owner: 'zed' is no member; the members are ann, may"):
            kit.actions.add(held.id, "read", owner="zed", person="ann")
        with pytest.raises(NotFound):
            kit.actions.add(others, "read", session=session.id, person="ann")
        with pytest.raises(Invalid, match="priority: must be one of low, normal, high"):
            kit.actions.add(held.id, "read", priority="urgent", person="ann")  # type: ignore[arg-type]
        for title in ("", " read", "read\nall"):
            with pytest.raises(Invalid, match="title"):
                kit.actions.add(held.id, title, person="ann")


@FEW
@given(asker=who, said=st.lists(st.tuples(who, st.sampled_from(["yes", "no"])), max_size=6))
def test_a_question_has_one_answer_of_each_of_the_others(
    world: World, asker: str, said: list[tuple[str, str]]
) -> None:
    group = a_group(world)
    query = tried(world, asker, lambda kit: kit.exchange.ask(group, "Does it work?"))
    expected: dict[str, tuple[str, dt.datetime]] = {}
    version = query.version
    for person, words in said:
        world.now += dt.timedelta(hours=1)
        found = tried(world, person, lambda kit, held=words: kit.exchange.answer(query.id, held))
        if person == asker:
            assert found is Invalid
            continue
        if expected.get(person, ("",))[0] != words:
            expected[person] = (words, world.now)
            version += 1
        assert found.version == version
    found = tried(world, asker, lambda kit: kit.exchange.get(query.id))
    assert [(one.by, (one.words, one.at)) for one in found.replies] == list(expected.items())


def test_what_is_shared_has_a_link_or_words(world: World) -> None:
    group = a_group(world)
    with world.kit(actor=Actor(person="ann")) as kit:
        page = kit.exchange.share(group, "A guide", link="https://example.org/guide")
        book = kit.exchange.share(group, "A book", words="The third chapter of it.")
        for bad in ({}, {"words": " "}, {"link": "http://example.org"}, {"link": "javascript:a()"}):
            with pytest.raises(Invalid, match=r"^link: "):
                kit.exchange.share(group, "Nothing", **bad)
        for words in ("", " \n"):
            with pytest.raises(Invalid, match="words: is missing"):
                kit.exchange.ask(group, words)
        assert {one.id for one in kit.exchange.resources(group)} == {page.id, book.id}
        assert kit.exchange.queries(group) == ()


@FEW
@given(acts=st.lists(st.tuples(who, st.sampled_from(["tried", "adopted"])), max_size=5))
def test_an_insight_goes_forward_by_its_owners_word_alone(
    world: World, acts: list[tuple[str, str]]
) -> None:
    group = a_group(world)
    made = tried(world, "ann", lambda kit: kit.insights.add(group, "stand up", source="Health"))
    state, since = "heard", {"heard": made.since["heard"]}
    order = ["heard", "tried", "adopted"]
    for person, wanted in acts:
        world.now += dt.timedelta(days=1)
        found = tried(world, person, lambda kit, act=wanted: getattr(kit.insights, act)(made.id))
        if person != "ann":
            assert found is Forbidden
            continue
        if order.index(wanted) < order.index(state):
            assert found is Conflict
            continue
        if state != wanted:
            state, since[wanted] = wanted, world.now
        assert (found.state, dict(found.since)) == (state, since)


def test_a_closed_relationship_exchanges_nothing_more_and_ends_what_it_began(world: World) -> None:
    group = a_group(world)
    with world.kit() as kit:
        query = kit.exchange.ask(group, "Who knows?", person="ann")
        action = kit.actions.add(group, "read", person="ann")
        kit.relationships.end(group, person="may")
        for act in (
            lambda: kit.exchange.ask(group, "Why?", person="ann"),
            lambda: kit.exchange.answer(query.id, "I do", person="bob"),
            lambda: kit.exchange.share(group, "A page", words="here", person="ann"),
            lambda: kit.actions.add(group, "write", person="ann"),
        ):
            with pytest.raises(Conflict, match="is closed"):
                act()
        assert kit.actions.done(action.id).state == "done"
        insight = kit.insights.add(group, "listen first", person="bob")
        assert kit.insights.adopted(insight.id).since.keys() == {"heard", "adopted"}


def test_what_was_read_before_it_changed_is_not_overwritten(world: World) -> None:
    group = a_group(world)
    with world.kit() as kit:
        action = kit.actions.add(group, "read", person="ann")
        query = kit.exchange.ask(group, "Who knows?", person="ann")
        insight = kit.insights.add(group, "listen", person="ann")
        for act in (
            lambda: kit.actions.done(action.id, version=9),
            lambda: kit.exchange.answer(query.id, "I do", person="bob", version=9),
            lambda: kit.insights.tried(insight.id, version=9),
        ):
            with pytest.raises(Conflict, match="is of version"):
                act()


def test_a_question_between_meetings_breaks_the_silence(world: World) -> None:
    """By the house itself: what was asked is seen, and the days are counted anew."""
    from mentorkit import Choice

    programme = Programme(signals={"silent": Choice("silent", {"after": 10})})
    (held,) = world.begun(programme, PAIR)
    world.active(held)
    effects = []
    for day in range(1, 31):
        world.forward(days=1)
        with world.kit() as kit:
            if day == 9:
                kit.exchange.ask(held.id, "Which course?", person="ann")
            if day == 18:
                kit.exchange.share(held.id, "A course", words="This one.", person="may")
            raised = [one for one in kit.feedback.signals("autumn") if one.rule == "silent"]
            effects.append(len(raised))
    assert effects.index(1) == 27, "ten days after what was shared on the 18th"


@FEW
@given(acts=st.lists(st.tuples(st.sampled_from(["act", "ask", "share", "note"]), who), max_size=6))
def test_an_export_has_ones_own_words_and_nobody_elses(
    world: World, acts: list[tuple[str, str]]
) -> None:
    group = a_group(world)
    with world.kit() as kit:
        for act, person in acts:
            said = f"<{person}>"
            if act == "act":
                kit.actions.add(group, said, person=person)
            elif act == "ask":
                query = kit.exchange.ask(group, said, person=person)
                for other in sorted({*PEOPLE} - {person}):
                    kit.exchange.answer(query.id, f"<{other}>", person=other)
            elif act == "share":
                kit.exchange.share(group, said, words=said, person=person)
            else:
                kit.insights.add(group, said, source=said, person=person)
        for person in PEOPLE:
            exported = kit.people.export(person)
            every = (exported.actions, exported.queries, exported.resources, exported.insights)
            parts = [one for part in every for one in part if one.relationship == group]
            wrote = any(by == person for _, by in acts) or any(act == "ask" for act, _ in acts)
            assert [one for one in PEOPLE if f"<{one}>" in repr(parts)] == [person] * wrote
            asked = [one for one in parts if isinstance(one, Query)]
            assert len(asked) == sum(act == "ask" for act, _ in acts)
