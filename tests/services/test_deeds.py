"""What rules are told of members' deeds: who and when, as the journal has it, and no word."""

from __future__ import annotations

from worlds import PAIR, World, participant

from mentorkit import Programme
from mentorkit.models import Deed
from mentorkit.services.histories import history


def test_deeds_are_what_the_journal_says_of_members(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    expected = []
    with world.kit() as kit:
        goal = kit.goals.propose(held.id, "lead a meeting", person="may")
        expected.append(Deed(person="may", what="progressed", at=world.now))
        kit.goals.accept(goal.id, person="ann")
    world.forward(days=3)
    with world.kit() as kit:
        kit.relationships.write(held.id, "see you", shared=True, person="ann")
        kit.relationships.write(held.id, "only for me", person="ann")
        kit.goals.record(goal.id, 2.0, person="ann")
    expected += [Deed(person="ann", what=what, at=world.now) for what in ("wrote", "progressed")]
    world.forward(days=1)
    with world.kit() as kit:
        kit.goals.reach(goal.id, person="may")
        past = history(kit._work.rows, kit.relationships.get(held.id))
        events = kit.reports.journal("autumn")
    expected.append(Deed(person="may", what="progressed", at=world.now))
    assert list(past.deeds) == expected
    assert "see you" not in repr(past)
    assert {(one.at, one.people) for one in events} >= {
        (one.at, (one.person,)) for one in past.deeds
    }


def test_another_relationships_deeds_are_not_in_it(world: World) -> None:
    people = [*PAIR, participant("bob", "mentee"), participant("moe", "mentor")]
    one, other = world.begun(Programme(), people)
    with world.kit() as kit:
        kit.goals.propose(one.id, "lead a meeting", person=one.people[0])
        assert history(kit._work.rows, kit.relationships.get(other.id)).deeds == ()
        assert len(history(kit._work.rows, kit.relationships.get(one.id)).deeds) == 1


def test_what_is_exchanged_and_done_between_meetings_is_a_deed_without_words(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    world.active(held)
    secret = "visas for Quito"
    with world.kit() as kit:
        query = kit.exchange.ask(held.id, secret, person="ann")
        kit.exchange.answer(query.id, secret, person="may")
        kit.exchange.answer(query.id, secret, person="may")
        kit.exchange.share(held.id, secret, words=secret, person="may")
        action = kit.actions.add(held.id, secret, owner="ann", person="may")
        other = kit.actions.add(held.id, secret, person="may")
        kit.actions.done(action.id)
        kit.actions.drop(other.id)
        kit.insights.add(held.id, secret, source="Finance", person="ann")
        past = history(kit._work.rows, kit.relationships.get(held.id))
        events = kit.reports.journal("autumn")
    told = [(one.person, one.what) for one in past.deeds]
    assert told == [
        *(("ann", "asked"), ("may", "answered"), ("may", "shared")),
        ("ann", "worked"),
    ]
    assert [(one.owner, one.source, one.state) for one in past.insights] == [
        ("ann", "Finance", "heard")
    ]
    assert secret not in repr(past)
    assert secret not in repr(events)
