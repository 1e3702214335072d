"""The pairs of one mentor become teams, none too large, and none too small unseen."""

from __future__ import annotations

from collections import Counter

import hypothesis.strategies as st
from hypothesis import given

from mentorkit.matching import match, teams, verify
from mentorkit.models import Choice, Participant, Person, Policies, Programme, Role, Topology
from mentorkit.plugin_loading import Plugin
from mentorkit.registry import Registry, installed


def grouping(least: int, most: int) -> Registry:
    """A registry with one format more: teams of such sizes."""
    from mentorkit import NoSettings, kind

    made = Topology(
        name="made-up",
        shape="pairs",
        roles=(Role(name="mentee", least=least, most=most), Role(name="mentor")),
        path=("active", "closed"),
        policies=Policies(matcher=Choice("optimal")),
    )
    plugin = Plugin(
        name="made-up",
        distribution="tests",
        version="1",
        status="loaded",
        kinds=(("formats", kind("made-up", NoSettings, lambda _: made)),),
    )
    return Registry((*installed().plugins, plugin))


@given(
    places=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    mentees=st.integers(0, 12),
    sizes=st.tuples(st.integers(1, 3), st.integers(1, 3)).map(sorted),
)
def test_every_pair_is_in_one_team_of_a_right_size_or_told(places, mentees, sizes) -> None:
    least, most = sizes
    people = [
        Participant(person=Person(id=f"m{at}"), roles={"mentor": number})
        for at, number in enumerate(places)
    ]
    people += [
        Participant(person=Person(id=f"e{at}"), roles={"mentee": 1}) for at in range(mentees)
    ]
    registry = grouping(least, most)
    plan = match(people, Programme(topology="made-up"), registry=registry)
    assert verify(plan, people, registry) == ()
    made, small = teams(plan, registry.bind("formats", Choice("made-up"), "").roles)
    pairs = [(one, team.people[-1]) for team in (*made, *small) for one in team.people[:-1]]
    assert sorted(pairs) == sorted(plan.pairs)
    for team in made:
        assert least <= len(team.people) - 1 <= most
        assert [member.role for member in team.members][-1] == "mentor"
    for team in small:
        assert len(team.people) - 1 < least
    assert len(plan.notes) == len(small)
    assert all(team.people[-1] in str(note) for team, note in zip(small, plan.notes, strict=True))
    for mentor, number in Counter(other for _, other in plan.pairs).items():
        shares = [len(team.people) - 1 for team in made if team.people[-1] == mentor]
        assert sum(shares) == most_placed(number, least, most)
        assert not shares or max(shares) - min(shares) <= 1


def most_placed(people: int, least: int, most: int) -> int:
    """How many people can be in teams of such sizes, at the most."""
    return max(min(people, count * most) for count in range(people + 1) if count * least <= people)
