"""The built-in formats: what they bring, what they go with, and what they refuse."""

from __future__ import annotations

from itertools import combinations

import pytest
from history_cases import BEGUN, DAY, LONG, relationship, session
from hypothesis import given
from hypothesis import strategies as st

import mentorkit
from mentorkit import (
    Agreement,
    Choice,
    Conflict,
    History,
    Participant,
    Person,
    Policies,
    Practice,
    Programme,
    Topology,
    Use,
)
from mentorkit.blueprint import blueprint_of, compose
from mentorkit.models import SLOTS
from mentorkit.registry import installed

MADE = {
    name: installed().bind("formats", Choice(name), "")
    for name in installed().names("formats")
    if installed().provider("formats", name).distribution == "mentorkit"
}
TOPOLOGIES = [made for made in MADE.values() if isinstance(made, Topology)]
PRACTICES = [made for made in MADE.values() if isinstance(made, Practice)]
TOGETHER = [
    chosen for size in range(len(PRACTICES) + 1) for chosen in combinations(PRACTICES, size)
]

every_topology = pytest.mark.parametrize("topology", TOPOLOGIES, ids=lambda made: made.name)
all_together = pytest.mark.parametrize(
    "chosen", TOGETHER, ids=lambda chosen: "+".join(made.name for made in chosen) or "alone"
)


def test_the_formats():
    assert {made.name for made in TOPOLOGIES} == {"one-to-one", "group", "flash", "peer", "cross"}
    assert {made.name for made in PRACTICES} == {"smart-goals", "cross-functional"}


@every_topology
@all_together
def test_they_go_together_exactly_where_the_facts_are_there(topology, chosen):
    refused = [made for made in chosen if set(made.needs) - set(topology.facts)]
    if not refused:
        blueprint = compose(topology, chosen)
        assert compose(topology, reversed(chosen)) == blueprint
        assert blueprint.practices == tuple(sorted(made.name for made in chosen))
        for slot in SLOTS:
            for made in (topology, *chosen):
                assert getattr(made, slot).items() <= getattr(blueprint, slot).items()
        return
    with pytest.raises(Conflict) as error:
        compose(topology, chosen)
    assert repr(topology.name) in str(error.value)
    assert any(repr(made.name) in str(error.value) for made in refused)


@pytest.mark.parametrize("practice", ["smart-goals", "cross-functional"])
def test_the_refusal_names_both_and_why(practice):
    programme = Programme(topology="flash", practices=[practice])
    words = f"practice '{practice}' does not go with topology 'flash': it needs meets:often"
    with pytest.raises(Conflict, match=words):
        blueprint_of(programme, installed())


@every_topology
@all_together
def test_every_kind_they_name_is_there_and_takes_their_settings(topology, chosen):
    for made in (topology, *chosen):
        for slot in ("surveys", "signals", "awards", "sections"):
            for name, choice in getattr(made, slot).items():
                installed().bind(slot, choice, f"{slot}.{name}")
        for name, use in made.constraints.items():
            installed().bind("criteria", use, f"constraints.{name}")
    policies = topology.policies
    installed().bind("matchers", policies.matcher, "policies.matcher")
    installed().bind("schedulers", policies.scheduler, "policies.scheduler")


@every_topology
def test_every_first_meeting_opens_with_an_icebreaker(topology):
    assert topology.openings["icebreaker"].endswith("?")


@every_topology
def test_nobody_meets_whom_they_must_not(topology):
    """Every topology keeps people from themselves, their manager, and whom they rule out."""
    assert {"avoid", "line-manager", "never-again", "not-self"} <= set(topology.constraints)


OFTEN = {"chemistry", "self-assessment", "pulse", "after-session", "closing"}
WATCHED = {"silent", "late", "one-sided", "extended-again", "ends-soon"}


def test_one_to_one():
    blueprint = blueprint_of(Programme(), installed())
    assert [role.name for role in blueprint.roles] == ["mentee", "mentor"]
    assert blueprint.shape == "pairs"
    assert blueprint.path == ("proposed", "agreeing", "active", "closed")
    assert blueprint.policies == Policies(
        matcher=Choice("optimal"),
        base=0,
        floor=0,
        scheduler=Choice("series"),
        cadence=14,
        length=180,
        minutes=60,
        goals="open",
        answer=14,
        next_best=True,
    )
    assert set(blueprint.surveys) == OFTEN
    assert set(blueprint.signals) == WATCHED
    assert set(blueprint.awards) == {"milestones", "completion", "giving-back"}


@pytest.mark.parametrize("names", ["one-to-one", "group+smart-goals", "cross"])
@given(cadence=st.integers(3, 60), length=st.integers(28, 400), data=st.data())
def test_nobody_is_asked_too_often_nor_too_little(names, cadence, length, data):
    """However often they meet: at the start, at the close, and in between at most every 15 days."""
    topology, *practices = names.split("+")
    blueprint = blueprint_of(Programme(topology=topology, practices=practices), installed())
    days = range(cadence, length, cadence)
    came = [data.draw(st.sampled_from([("ann", "bo"), ("ann",), ("bo",)])) for _ in days]
    met = [
        session(number, day, attended=there)
        for number, (day, there) in enumerate(zip(days, came, strict=True), 1)
    ]
    end = BEGUN + (length + 1) * DAY
    closed = relationship(
        "closed",
        outcome="completed",
        since={**dict.fromkeys(LONG, BEGUN), "closed": end},
        agreement=Agreement(starts=BEGUN.date(), ends=BEGUN.date() + length * DAY),
    )
    history = History(relationship=closed, sessions=tuple(met))
    for person in closed.people:
        asked = [
            (ask.at, name, ask)
            for name, choice in blueprint.surveys.items()
            for ask in installed().bind("surveys", choice, name).asks(history)
            if person in ask.people
        ]
        last = [name for at, name, _ in asked if at == end]
        assert sorted(last) == ["closing", "self-assessment"]
        between = [name for at, name, _ in asked if BEGUN < at < end]
        assert set(between) <= {"pulse", "after-session", "goal-check"}
        assert ("after-session" in between) == any(person in there for there in came)
        # One more, of the first meeting, however short it is.
        assert len(between) <= 1 + length // 45 + length // 50 + length // 60 * len(practices)
        regular = [ask for _, name, ask in asked if name in ("pulse", "goal-check")]
        assert all(ask.until < end for ask in regular), "there is time to act on it"
        assert sum(name == "pulse" for name in between) == (length - 14) // 45


def test_a_group_is_one_to_one_with_several_mentees():
    one, group = MADE["one-to-one"], MADE["group"]
    assert [(role.name, role.least, role.most) for role in group.roles] == [
        ("mentee", 2, 3),
        ("mentor", 1, 1),
    ]
    assert set(group.facts) == {*one.facts, "several:mentees"}
    for slot in {*SLOTS} - {"openings"} | {"policies", "path", "shape"}:
        assert getattr(group, slot) == getattr(one, slot)


def test_flash_is_one_meeting():
    flash = MADE["flash"]
    assert flash.path == ("booked", "met", "closed")
    assert "meets:once" in flash.facts
    assert (flash.policies.meetings, flash.policies.minutes) == (1, 30)
    assert set(flash.surveys) == {"after-session"}
    assert set(flash.signals) == {"late"}


@pytest.mark.parametrize("topology", ["one-to-one", "group"])
def test_smart_goals_refuses_vague_goals_and_holds_the_start(topology):
    programme = Programme(topology=topology, practices=["smart-goals"])
    blueprint = blueprint_of(programme, installed())
    assert blueprint.policies.goals == "smart"
    assert set(blueprint.surveys) == {*OFTEN, "goal-check"}
    assert set(blueprint.signals) == {*WATCHED, "goal-agreed", "goal-review"}
    assert "goal-reached" in blueprint.awards


def test_a_coordinator_goes_before_both():
    programme = Programme(practices=["smart-goals"], policies=Policies(goals="open", cadence=7))
    policies = blueprint_of(programme, installed()).policies
    assert (policies.goals, policies.cadence, policies.length) == ("open", 7, 180)


def test_cross_functional_is_a_flow_of_four():
    blueprint = blueprint_of(
        Programme(topology="group", practices=["cross-functional"]), installed()
    )
    steps = sorted(blueprint.sessions.values(), key=lambda step: step.order)
    assert [step.order for step in steps] == [1, 2, 3, 4]
    assert [step.outputs for step in steps] == [
        ("goals",),
        ("growth areas",),
        ("action plan",),
        ("lessons",),
    ]
    assert blueprint.policies.meetings == len(steps)
    assert all(len(set(step.prompts)) == len(step.prompts) >= 2 for step in steps)
    assert blueprint.sections["links"] == Choice("links", {"attribute": "department"})


@given(
    departments=st.lists(st.sampled_from((None, "red", "blue", "green")), min_size=2, max_size=8),
    mentors=st.integers(1, 4),
)
def test_cross_functional_never_matches_within_a_department(departments, mentors):
    people = [
        Participant(
            person=Person(id=f"p{at}", attributes={"department": held} if held else {}),
            roles={"mentor": 3} if at < mentors else {"mentee": 1},
        )
        for at, held in enumerate(departments)
    ]
    programme = Programme(
        topology="group",
        practices=["cross-functional"],
        policies=Policies(base=1),
        criteria={"language": Use("language")},
    )
    pairs = mentorkit.match(people, programme).pairs
    known = dict(zip((each.id for each in people), departments, strict=True))
    for mentee, mentor in pairs:
        assert None not in (known[mentee], known[mentor])
        assert known[mentee] != known[mentor]
    placed = {mentee for mentee, _ in pairs}
    mentees = [each.id for each in people[mentors:]]
    left_over = [own for own in mentees if known[own] and own not in placed]
    for mentor in [each.id for each in people[:mentors] if known[each.id]]:
        could = [own for own in left_over if known[own] != known[mentor]]
        team = sum(other == mentor for _, other in pairs)
        # A team of two or three is made wherever it can be.
        assert team != 1
        assert team == 3 or len(could) < (1 if team else 2)


@pytest.mark.parametrize("field", ["avoids", "not_again", "manager"])
@pytest.mark.parametrize("mine", [True, False])
def test_who_must_not_meet_does_not_meet(field, mine):
    def someone(own: str, role: str, other: str, names: bool) -> Participant:
        held = {field: other if field == "manager" else [other]} if names else {}
        return Participant(person=Person(id=own), roles={role: 1}, **held)

    people = [someone("ann", "mentee", "bo", mine), someone("bo", "mentor", "ann", not mine)]
    assert mentorkit.match(people).pairs == ()


def test_peers_are_one_pool():
    """A topology of one role: both of a pair are peers, and by `cross` both must gain."""
    one, peer, cross = MADE["one-to-one"], MADE["peer"], MADE["cross"]
    assert [(role.name, role.least, role.most) for role in peer.roles] == [("peer", 2, 2)]
    assert peer.shape == cross.shape == "one-pool"
    assert peer.policies == one.policies
    assert cross.policies.combine == "weaker"
