"""One capacity across programmes: whatever is drafted and published, nobody exceeds it."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import World, participant

from mentorkit import SYSTEM, Conflict, Kit, Participant, Person, Policies, Programme, Skill
from mentorkit.testing.house import TrialHouse, house

IDS = ("ann", "bob", "may", "moe")
PLACES = st.sampled_from([1, 2, 0])
ROLES = st.fixed_dictionaries({"mentee": PLACES, "mentor": PLACES})
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["both", "both", "both", "draft", "publish", "decline", "pause"]),
        st.sampled_from("xyz"),
        st.integers(0, 9),
    ),
    min_size=4,
    max_size=10,
)
FORMATS = {"x": "one-to-one", "y": "one-to-one", "z": "group"}
Roles = dict[str, dict[str, dict[str, int]]]
"""By programme, person and role: how many partners they take."""
EACH = Policies(base=1)
"""Every match is worth something, so that as many as possible are made."""
SKILLS = [Skill("Python")]


def stated(person: str, roles: dict[str, int], capacity: int | None) -> Participant:
    return Participant(
        person=Person(id=person, capacity=capacity), roles=roles, offers=SKILLS, seeks=SKILLS
    )


@pytest.fixture(scope="module")
def trial() -> Iterator[TrialHouse]:
    with house() as held:
        yield held


NUMBER = itertools.count()


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries({one: st.sampled_from([1, 2, None, 0, 3]) for one in IDS}),
    st.fixed_dictionaries(
        {name: st.fixed_dictionaries(dict.fromkeys(IDS, ROLES)) for name in FORMATS}
    ),
    STEPS,
)
def test_nobody_exceeds_a_capacity_whatever_is_published(
    trial: TrialHouse, most: dict[str, int | None], roles: Roles, steps: list[Any]
) -> None:
    tenant = f"t{next(NUMBER)}"
    drafts: list[str] = []
    with trial.kit(actor=SYSTEM, tenant=tenant) as kit:
        for programme, topology in FORMATS.items():
            kit.programmes.create(Programme(topology=topology, policies=EACH), id=programme)
            people = [stated(one, roles[programme][one], most[one]) for one in IDS]
            kit.programmes.enrol(programme, people)
        for step, programme, at in steps:
            if step in ("draft", "both"):
                drafts.append(kit.matching.draft(programme).id)
            if step == "both":
                # What was drafted just now can always be published.
                kit.matching.publish(drafts[-1])
            elif step == "publish" and drafts:
                with contextlib.suppress(Conflict):
                    kit.matching.publish(drafts[at % len(drafts)])
            elif step == "decline":
                for one in _open(kit, programme)[:1]:
                    kit.relationships.decline(one.id, person=one.people[0])
            elif step == "pause":
                person = IDS[at % len(IDS)]
                if not any(person in one.people for one in _open(kit, programme)):
                    roles[programme][person] = dict.fromkeys(roles[programme][person], 0)
                    paused = stated(person, roles[programme][person], most[person])
                    kit.programmes.enrol(programme, [paused])
            _check(kit, roles, most)


def _open(kit: Kit, programme: str) -> list[Any]:
    return [one for one in kit.relationships.page(programme) if one.stage != "closed"]


def _check(kit: Kit, held: Roles, most: dict[str, int | None]) -> None:
    """Count the partners of everybody, one by one."""
    everywhere: Counter[str] = Counter()
    for programme in held:
        here: Counter[tuple[str, str]] = Counter()
        for one in _open(kit, programme):
            for mine, theirs in itertools.permutations(one.members, 2):
                if mine.role != theirs.role:
                    here[mine.person, mine.role] += 1
        for (person, role), partners in here.items():
            assert partners <= held[programme][person][role]
            everywhere[person] += partners
    for person, partners in everywhere.items():
        assert most[person] is None or partners <= most[person]


def test_a_capacity_is_left_to_the_first_role(world: World) -> None:
    both = stated("bob", {"mentor": 2, "mentee": 1}, 2)
    others = [
        participant("ann", "mentee"),
        participant("cyn", "mentee"),
        participant("may", "mentor"),
    ]
    with world.kit() as kit:
        kit.programmes.create(Programme(policies=EACH), id="autumn")
        kit.programmes.enrol("autumn", [both, *others])
        pairs = kit.matching.draft("autumn").plan.pairs
        assert sum("bob" in pair for pair in pairs) == 2
        assert ("bob", "may") in pairs


def test_two_drafts_do_not_share_the_last_place(world: World) -> None:
    may = participant("may", "mentor", 2)
    may = attrs.evolve(may, person=attrs.evolve(may.person, capacity=1))
    with world.kit() as kit:
        for programme, mentee in (("autumn", "ann"), ("spring", "bob")):
            kit.programmes.create(Programme(policies=EACH), id=programme)
            kit.programmes.enrol(programme, [may, participant(mentee, "mentee")])
        first, second = (kit.matching.draft(programme).id for programme in ("autumn", "spring"))
        (made,) = kit.matching.publish(first)
        with pytest.raises(Conflict, match="'may' has no place left; draft the plan again"):
            kit.matching.publish(second)
        assert kit.matching.draft("spring").plan.pairs == ()
        kit.relationships.decline(made.id, person="ann")
        assert kit.matching.draft("spring").plan.pairs == (("bob", "may"),)
        assert kit.matching.audit(first, "department").by == "department"


def test_whoever_pauses_after_the_draft_is_given_nobody(world: World) -> None:
    people = [participant("ann", "mentee"), participant("may", "mentor")]
    with world.kit() as kit:
        kit.programmes.create(Programme(policies=EACH), id="autumn")
        kit.programmes.enrol("autumn", people)
        drafted = kit.matching.draft("autumn")
        kit.programmes.enrol("autumn", [participant("may", "mentor", 0)])
        with pytest.raises(Conflict, match="'may' has no place left"):
            kit.matching.publish(drafted.id)
