"""Drafts and what is published of them."""

from __future__ import annotations

from collections import Counter

import attrs
import pytest
from worlds import PAIR, START, World, participant

from mentorkit import Conflict, NotFound, Programme, match
from mentorkit.testing import instances


def test_publishing_twice_gives_the_same_relationships(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        kit.programmes.enrol("autumn", PAIR)
        draft = kit.matching.draft("autumn", key="k")
        assert kit.matching.draft("autumn", key="k") == draft
        assert kit.matching.latest("autumn") == draft
        made = kit.matching.publish(draft.id)
        assert [held.people for held in made] == [("ann", "may")]
        journal = kit.reports.journal()
        assert kit.matching.publish(draft.id) == made
        assert kit.reports.journal() == journal
        with pytest.raises(NotFound, match="draft one first"):
            kit.matching.latest("autumn")


def test_a_later_draft_replaces_the_earlier(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        kit.programmes.enrol("autumn", PAIR)
        first, second = kit.matching.draft("autumn"), kit.matching.draft("autumn")
        with pytest.raises(Conflict, match="replaced"):
            kit.matching.publish(first.id)
        with pytest.raises(Conflict, match="version"):
            kit.matching.publish(second.id, version=7)
        assert len(kit.matching.publish(second.id, version=second.version)) == 1


def test_who_left_since_the_draft_stops_publishing(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        kit.programmes.enrol("autumn", PAIR)
        draft = kit.matching.draft("autumn")
        kit.programmes.leave("autumn", "may")
        with pytest.raises(Conflict, match="'may' takes part no longer"):
            kit.matching.publish(draft.id)
        assert kit.relationships.page("autumn") == ()
        assert kit.matching.get(draft.id).state == "draft"


def test_taken_places_are_taken_and_tried_pairs_are_not_tried_again(world: World) -> None:
    people = [participant("ann", "mentee"), participant("may", "mentor", 2)]
    (held,) = world.begun(Programme(), people)
    with world.kit() as kit:
        kit.programmes.enrol("autumn", [participant("bob", "mentee")])
        assert kit.matching.draft("autumn").plan.pairs == (("bob", "may"),)
        kit.relationships.decline(held.id, person="may")
        # Ann is free again, but not for May, who turned her down.
        assert kit.matching.draft("autumn").plan.pairs == (("bob", "may"),)
        kit.programmes.enrol("autumn", [participant("moe", "mentor")])
        plan = kit.matching.draft("autumn").plan
        assert set(plan.pairs) == {("ann", "moe"), ("bob", "may")}


def test_a_draft_is_what_matching_the_enrolled_gives(world: World) -> None:
    programme = attrs.evolve(instances.programme("plain"), starts=START.date())
    people = [*instances.people("plain", 12, 5), participant("ann", "mentee", avoids=["may"])]
    begun = world.begun(programme, people[::2])
    with world.kit() as kit:
        kit.relationships.decline(begun[0].id, person=begun[0].people[0])
        kit.programmes.enrol("autumn", people)
        kit.programmes.leave("autumn", people[-2].id)
        draft = kit.matching.draft("autumn")
        there = kit.relationships.page("autumn")
    taken = Counter(
        (one.person, one.role) for held in there if held.stage != "closed" for one in held.members
    )
    assert 1 < len(taken) < 2 * len(begun)
    free = [
        attrs.evolve(
            held, roles={role: most - taken[held.id, role] for role, most in held.roles.items()}
        )
        for held in people
        if held.id != people[-2].id
    ]
    able = {held.id for held in free if any(held.roles.values())}
    tried = [held.people for held in there if set(held.people) <= able]
    assert draft.plan == match(free, programme, forbids=tried)
    assert draft.plan.record.forbids


def test_groups_join_the_pairs_of_one_mentor(world: World) -> None:
    mentees = [participant(f"e{number}", "mentee") for number in range(5)]
    people = [*mentees, participant("may", "mentor", 5)]
    made = world.begun(Programme(topology="group"), people)
    sizes = sorted(len(held.people) for held in made)
    assert sizes == [3, 4]
    assert sorted(one for held in made for one in held.people if one != "may") == [
        "e0", "e1", "e2", "e3", "e4",
    ]  # fmt: skip
    assert all(held.reasons == () for held in made)
    with world.kit() as kit:
        assert kit.matching.draft("autumn").plan.matches == ()


def test_a_group_of_too_few_is_not_made(world: World) -> None:
    people = [participant("ann", "mentee"), participant("may", "mentor", 3)]
    assert world.begun(Programme(topology="group"), people) == ()
