"""What a programme asks of a plan as a whole: teams of a least size, and parity."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from matching_cases import REGISTRY, Drawn, Pair, drawn_cases, registry_with

import mentorkit
from mentorkit import (
    Choice,
    Invalid,
    NoSettings,
    Participant,
    Person,
    PluginFailed,
    Policies,
    Programme,
    Use,
)
from mentorkit.matching import explain, match, parity, verify
from mentorkit.matching.asking import solve
from mentorkit.matching.case import build_case
from mentorkit.matching.certifying import certify
from mentorkit.matching.plan import describe
from mentorkit.models import Parity, Protected

OPTIMAL = (Choice("optimal"),)


@pytest.fixture(autouse=True, scope="module")
def small_groups() -> Iterator[None]:
    """Groups of two are bound, too, so that every plan can be tried."""
    with pytest.MonkeyPatch.context() as held:
        held.setattr(parity, "FEWEST", 2)
        yield


@attrs.frozen(kw_only=True)
class Bound(Drawn):
    """A case whose programme asks for teams of two, or for parity, or both."""

    teams: bool
    within: int | None
    role: str | None = None

    @classmethod
    def of(cls, drawn: Drawn, **rules: Any) -> Bound:
        held = {name: getattr(drawn, name) for name in attrs.fields_dict(Drawn)}
        return cls(**held | rules)

    @property
    def programme(self) -> Programme:
        programme = super().programme
        bound = None
        if self.within is not None:
            bound = Parity(by="department", within=self.within, role=self.role)
        return attrs.evolve(
            programme,
            topology="group" if self.teams else "one-to-one",
            policies=attrs.evolve(programme.policies, parity=bound),
        )

    def match(self, **others: Any) -> mentorkit.MatchPlan:
        held = {"pins": self.pins, "forbids": self.forbids, **others}
        return match(self.people, self.programme, registry=REGISTRY, **held)

    def verify(self, plan: mentorkit.MatchPlan) -> list[str]:
        return [fault.path for fault in verify(plan, self.people, REGISTRY)]

    def plans(self) -> list[frozenset[Pair]]:
        """All plans that keep pins, bans, capacities and the size of teams."""
        pins = frozenset(self.pins)
        open_ = [pair for pair in self.cells if self.allowed(pair) and pair not in pins]
        found = []
        for size in range(len(open_) + 1):
            for some in combinations(open_, size):
                if self.fits(plan := pins | set(some)):
                    found.append(plan)
        return found

    def fits(self, plan: frozenset[Pair]) -> bool:
        loads = [
            [(own, sum(pair[side] == own for pair in plan)) for own in self.side(side)]
            for side in (0, 1)
        ]
        if any(
            load > self.room(side, own) for side, held in enumerate(loads) for own, load in held
        ):
            return False
        return not self.teams or all(load != 1 for _, load in loads[1])

    def groups(self) -> dict[str, list[str]]:
        """The people of each group that is large enough."""
        side = 1 if self.role == "mentor" else 0
        held: dict[str, list[str]] = {}
        for participant in self.people:
            own = participant.person.attributes.get("department")
            if own and participant.id in self.side(side):
                held.setdefault(str(own), []).append(participant.id)
        return {own: people for own, people in sorted(held.items()) if len(people) >= 2}

    def wanted(self, count: int) -> dict[str, int]:
        """What so many matches leave to each group at least, in whole numbers."""
        side = 1 if self.role == "mentor" else 0
        everybody = sum(self.room(side, own) for own in self.side(side))
        found = {}
        for group, people in self.groups().items():
            places = sum(self.room(side, own) for own in people)
            points = 100 * count - (self.within or 0) * everybody
            found[group] = max(0, places * points // (100 * everybody))
        return found

    def gives(self, plan: frozenset[Pair], wanted: dict[str, int]) -> bool:
        side = 1 if self.role == "mentor" else 0
        groups = self.groups()
        return all(
            sum(pair[side] in groups[group] for pair in plan) >= least
            for group, least in wanted.items()
        )

    def best(self, plans: list[frozenset[Pair]]) -> tuple[int, int]:
        """The greatest total and, of that, the most matches."""
        return max((self.worth(plan), len(plan)) for plan in plans)


def bound_cases(**rules: st.SearchStrategy[Any]) -> st.SearchStrategy[Bound]:
    """Cases of few pairs, so that all plans can be tried."""
    cases = st.one_of(drawn_cases(5, OPTIMAL), drawn_cases(6, OPTIMAL).map(divided))
    return st.tuples(cases, st.fixed_dictionaries(rules)).map(
        lambda drawn: trimmed(Bound.of(drawn[0], **drawn[1]))
    )


def divided(drawn: Drawn) -> Drawn:
    """Four mentees of two groups, and places for two of them: parity often costs something."""
    people = [
        Participant(
            person=Person(id=f"p{at}", attributes={"department": "red" if at < 2 else "blue"}),
            roles={"mentee": 1} if at < 4 else {"mentor": 1},
        )
        for at in range(len(drawn.open_points))
    ]
    return attrs.evolve(drawn, people=tuple(people), floor=0, weights=(1, 3))


def trimmed(drawn: Bound) -> Bound:
    """The same with no more than ten pairs that may be."""
    open_ = [pair for pair in drawn.cells if drawn.allowed(pair)]
    return attrs.evolve(drawn, forbids=tuple(open_[10:]))


@given(bound_cases(teams=st.just(True), within=st.none()))
def test_no_team_is_too_small_and_the_gap_is_true(drawn):
    best, _ = drawn.best(drawn.plans())
    plan = drawn.match()
    assert drawn.fits(frozenset(plan.pairs))
    assert plan.quality.total <= best <= plan.certificate.bound
    assert plan.certificate.gap == plan.certificate.bound - plan.quality.total
    # So few people that the best is always found, if not always proven.
    assert plan.quality.total == best
    assert drawn.verify(plan) == []


@given(
    bound_cases(
        teams=st.just(False),
        within=st.sampled_from([0, 5, 10, 25, 50, 100]),
        role=st.sampled_from([None, "mentee", "mentor"]),
    ),
    st.data(),
)
def test_no_plan_that_keeps_parity_is_worth_more(drawn, data):
    """What is due follows from the best plan without the bound."""
    open_ = sorted(pair for pair in drawn.cells if drawn.allowed(pair))
    if open_ and data.draw(st.booleans()):
        drawn = attrs.evolve(drawn, pins=(data.draw(st.sampled_from(open_)),))
    plans = drawn.plans()
    if not drawn.side(1 if drawn.role == "mentor" else 0):
        return
    free, count = drawn.best(plans)
    wanted = drawn.wanted(count)
    kept = [plan for plan in plans if drawn.gives(plan, wanted)]
    try:
        plan = drawn.match()
    except Invalid as error:
        refused = error
    else:
        refused = None
    if refused is not None:
        missing = "policies.parity.by" in {fault.path for fault in refused.faults}
        assert missing if kept else any(f"group {own}: must" in str(refused) for own in wanted)
        assert not missing or not drawn.groups()
        return
    assert kept
    total, _ = drawn.best(kept)
    assert plan.quality.total == total
    assert drawn.gives(frozenset(plan.pairs), wanted)
    assert plan.certificate.gap == 0
    assert {held.value: held.wanted for held in plan.certificate.groups} == wanted
    if wanted:
        assert plan.certificate.freely.cost == free - total
        assert len(plan.certificate.freely.pairs) == count
        assert plan.certificate.freely.gap == 0
    assert [note.id for note in plan.notes] == ["parity" if wanted else "parity.nobody"]
    assert drawn.verify(plan) == []


@given(bound_cases(teams=st.just(True), within=st.sampled_from([0, 10, 50])), st.data())
def test_both_together_with_pins(drawn, data):
    plans = drawn.plans()
    open_ = sorted(pair for pair in drawn.cells if drawn.allowed(pair))
    if open_ and data.draw(st.booleans()):
        drawn = attrs.evolve(drawn, pins=(data.draw(st.sampled_from(open_)),))
        plans = drawn.plans()
    try:
        plan = drawn.match()
    except Invalid:
        return
    made = frozenset(plan.pairs)
    assert made in plans
    wanted = {held.value: held.wanted for held in plan.certificate.groups}
    assert drawn.gives(made, wanted)
    best = max(drawn.worth(plan) for plan in plans if drawn.gives(plan, wanted))
    assert plan.quality.total <= best <= plan.certificate.bound
    assert drawn.verify(plan) == []
    again = drawn.match(previous=plan)
    assert drawn.verify(again) == []
    if plan.certificate.gap == 0:
        # Nobody moves for nothing, and what is proven stays so.
        assert again.pairs == plan.pairs
        assert again.certificate.gap == 0


@given(bound_cases(teams=st.booleans(), within=st.sampled_from([0, 10])))
def test_what_is_false_of_rules_is_found(drawn):
    try:
        plan = drawn.match()
    except Invalid:
        return
    certificate = plan.certificate
    forged = []
    if certificate.freely is not None:
        forged = [
            ("certificate.freely", {"freely": attrs.evolve(certificate.freely, **change)})
            for change in (
                {"bound": certificate.freely.bound + 1},
                {"gap": certificate.freely.gap - 1},
                {"cost": certificate.freely.cost + 1},
                {"pairs": certificate.freely.pairs * 2 or certificate.freely.pairs},
            )
            if attrs.evolve(certificate.freely, **change) != certificate.freely
        ]
        forged.append(("certificate.freely", {"freely": None}))
    for number, group in enumerate(certificate.groups):
        others = list(certificate.groups)
        for change in ({"places": group.places + 1}, {"value": "none"}):
            others[number] = attrs.evolve(group, **change)
            forged.append(("certificate.groups", {"groups": tuple(others)}))
        if not group.price:
            # More is stated than the pairs give, or than there are places.
            others[number] = attrs.evolve(group, wanted=group.places + 1)
            forged.append(("certificate.groups", {"groups": tuple(others)}))
    if certificate.groups:
        forged.append(("certificate.groups", {"groups": ()}))
    for place, change in forged:
        claimed = attrs.evolve(plan, certificate=attrs.evolve(certificate, **change))
        assert place in drawn.verify(claimed)
    for left_out in plan.matches:
        left = tuple(held for held in plan.matches if held is not left_out)
        assert drawn.verify(attrs.evolve(plan, matches=left))


@given(bound_cases(teams=st.just(False), within=st.sampled_from([0, 10, 30])), st.booleans())
def test_groups_are_due_what_they_are_due_and_nothing_else(drawn, less):
    """Other numbers, be they lower or higher, with prices that prove a plan best under them."""
    case = build_case(drawn.people, drawn.programme, REGISTRY)
    try:
        shares, honest = parity.Shares.of(case), solve(case)
    except Invalid:
        return
    if shares is None or honest.free is None:
        return
    due = np.array([held.wanted for held in honest.bounds])
    other = np.maximum(due - 1, 0) if less else due + 1
    if np.array_equal(other, due):
        return
    try:
        found = solve(case, due=other)
    except Invalid:
        return
    found = attrs.evolve(found, free=honest.free)
    forged = describe(case, found.solution.pairs, certify(case, found))
    assert forged.certificate.gap == 0
    assert drawn.verify(forged) == ["certificate.groups"]


@given(bound_cases(teams=st.just(False), within=st.sampled_from([0, 10, 30])))
def test_a_plan_that_does_not_give_groups_their_due_is_found(drawn):
    """The best plan without parity, with all that is due stated."""
    case = build_case(drawn.people, drawn.programme, REGISTRY)
    try:
        honest = solve(case)
    except Invalid:
        return
    if honest.free is None:
        return
    free = attrs.evolve(honest.free, groups=np.zeros(len(honest.bounds), dtype=np.int64))
    found = attrs.evolve(honest, solution=free)
    forged = describe(case, free.pairs, certify(case, found))
    kept = parity.Shares.of(case).kept(free.pairs, np.array([one.wanted for one in honest.bounds]))
    assert drawn.verify(forged) == ([] if kept and forged.certificate.gap == 0 else ["matches"])


@given(bound_cases(teams=st.just(False), within=st.sampled_from([0, 10])), st.data())
def test_why_not_never_finds_more_than_is_proven(drawn, data):
    """The other plan is due to give the groups just as much."""
    if drawn.cells:
        try:
            plan = drawn.match()
        except Invalid:
            return
        told = explain(
            plan, drawn.people, data.draw(st.sampled_from(drawn.cells)), registry=REGISTRY
        )
        assert told.cost is None or told.cost >= 0


@given(bound_cases(teams=st.just(False), within=st.sampled_from([0, 10])), st.integers(1, 5))
def test_what_parity_costs_is_told_without_the_points_for_staying(drawn, points):
    before = attrs.evolve(drawn, within=None, open_points=drawn.open_points.T).match()
    stated = drawn.programme
    staid = attrs.evolve(stated, policies=attrs.evolve(stated.policies, stay=points))
    try:
        plan = match(drawn.people, staid, registry=REGISTRY, previous=before, forbids=drawn.forbids)
    except Invalid:
        return
    assert drawn.verify(plan) == []
    freely = plan.certificate.freely
    if freely is not None:
        assert freely.cost == drawn.worth(freely.pairs) - plan.quality.total


@given(bound_cases(teams=st.just(True), within=st.none()))
def test_a_team_that_is_too_small_is_found(drawn):
    plan = drawn.match()
    case = build_case(drawn.people, drawn.programme, REGISTRY)
    pairs = indexed(case, plan.pairs)
    for number, (_, mentor) in enumerate(plan.pairs):
        short = np.delete(pairs, number, axis=0)
        faults = verify(describe(case, short, plan.certificate), drawn.people, REGISTRY)
        two = sum(other == mentor for _, other in plan.pairs) == 2
        assert (f"the team of {mentor} is too small" in [held.sentence for held in faults]) == two


def indexed(case, pairs):
    return np.array([case.index(pair) for pair in pairs], dtype=np.int64).reshape(-1, 2)


@pytest.mark.parametrize("rule", ["least-sizes", "parity"])
def test_a_matcher_that_does_not_keep_what_it_says_is_found(rule):
    class Careless:
        solves = frozenset({"pairs", rule})

        def solve(self, problem: Any) -> mentorkit.Solution:
            return mentorkit.Solution(pairs=np.array([[0, 0], [1, 1]]))

    registry = registry_with(
        ("matchers", mentorkit.kind("careless", NoSettings, lambda _: Careless()))
    )
    people = [grouped(f"{own}{at}", own) for own in "ab" for at in range(2)]
    people += [Participant(person=Person(id=f"m{at}"), roles={"mentor": 3}) for at in range(2)]
    parity = Parity(by="department", within=0) if rule == "parity" else None
    programme = Programme(
        topology="one-to-one" if parity else "group",
        policies=Policies(matcher=Choice("careless"), parity=parity),
    )
    with pytest.raises(PluginFailed, match="made a team or a group smaller than the rules"):
        match(people, programme, registry=registry)


def teams_of(*sizes: int, mentees: int = 4) -> list[Participant]:
    """Mentors of such room, and mentees who all could go to anyone."""
    mentors = [
        Participant(person=Person(id=f"m{at}"), roles={"mentor": size})
        for at, size in enumerate(sizes)
    ]
    return mentors + [
        Participant(person=Person(id=f"e{at}"), roles={"mentee": 1}) for at in range(mentees)
    ]


def made(people: list[Participant], **others: Any) -> mentorkit.MatchPlan:
    return match(people, Programme(topology="group"), registry=REGISTRY, **others)


def test_teams_are_made_where_they_gain_nothing():
    """Among plans of one total, the one with more matches is best."""
    plan = made(teams_of(2, 2, 2, mentees=4))
    assert plan.quality.matches == 4
    assert plan.certificate.gap == 0


def test_who_is_left_without_a_team_is_told_so():
    plan = made(teams_of(3, 1, mentees=1))
    causes = {held.person: (held.cause.id, str(held.cause)) for held in plan.unmatched}
    assert causes["e0"] == (
        "no-team",
        "places are left only with mentors without a team, which takes 2",
    )
    assert causes["m0"][0] == "no-team"
    assert causes["m1"] == ("places-few", "a team takes 2, and there is room for 1")


def test_a_pinned_team_that_cannot_be_whole_is_refused_by_name():
    people = teams_of(1, 3)
    with pytest.raises(Invalid) as caught:
        made(people, pins=[("e0", "m0")])
    assert "team of m0: has begun" in str(caught.value)
    assert ("e0", "m1") in made(people, pins=[("e0", "m1")]).pairs


@pytest.mark.parametrize("matcher", ["most-people", "fair", "stable", "greedy", "random"])
def test_a_matcher_that_cannot_keep_a_rule_is_refused_by_name(matcher):
    policies = Policies(matcher=Choice(matcher))
    programme = Programme(topology="group", policies=policies)
    with pytest.raises(Invalid, match=f"{matcher!r} does not keep least-sizes"):
        match(teams_of(2), programme, registry=REGISTRY)
    policies = attrs.evolve(policies, parity=Parity(by="department", within=5))
    people = [grouped(f"p{at}", "x") for at in range(3)]
    with pytest.raises(Invalid, match=f"{matcher!r} does not keep parity"):
        match(people, Programme(policies=policies))


def grouped(own: str, group: str | None, role: str = "mentee", **others: Any) -> Participant:
    attributes = {} if group is None else {"department": group}
    return Participant(person=Person(id=own, attributes=attributes), roles={role: 1}, **others)


WITHIN = Policies(parity=Parity(by="department", within=10))


def test_parity_that_cannot_be_kept_says_which_group_and_how_many():
    """No pair with the second group may be."""
    people = [grouped(f"a{at}", "first") for at in range(6)]
    people += [grouped(f"b{at}", "second") for at in range(6)]
    people += [grouped(f"m{at}", "first", "mentor") for at in range(6)]
    programme = Programme(
        policies=WITHIN, constraints={"same": Use("same", {"attribute": "department"})}
    )
    with pytest.raises(Invalid) as caught:
        match(people, programme)
    assert "policies.parity: group second: must fill 2 places, and can fill 0 at most" in str(
        caught.value
    )


def test_who_states_nothing_is_in_no_group():
    people = [grouped(f"a{at}", "first") for at in range(6)] + [
        grouped("b", ""),
        grouped("c", None),
    ]
    people += [grouped(f"m{at}", None, "mentor") for at in range(6)]
    plan = match(people, Programme(policies=WITHIN))
    assert [(held.value, held.places) for held in plan.certificate.groups] == [("first", 6)]


@pytest.mark.parametrize(
    ("policies", "words"),
    [
        (Policies(parity=Parity(by="place", within=5)), "nobody among the mentees has 'place'"),
        (
            Policies(parity=Parity(by="department", within=5, role="judge")),
            "policies.parity.role: must be mentee or mentor, not 'judge'",
        ),
    ],
)
def test_parity_that_cannot_be_meant_is_refused(policies, words):
    people = [grouped("a", "x"), grouped("m", "x", "mentor")]
    with pytest.raises(Invalid, match=words):
        match(people, Programme(policies=policies))


def test_within_one_pool_there_is_no_parity():
    people = [
        Participant(person=Person(id=own, attributes={"department": "x"}), roles={"peer": 1})
        for own in "ab"
    ]
    with pytest.raises(Invalid, match=r"policies\.parity: is for pairs of two roles"):
        match(people, Programme(topology="peer", policies=WITHIN))


def test_a_protected_attribute_needs_parity_among_its_uses():
    people = [
        Participant(
            person=Person(id=f"p{at}"),
            roles={"mentee": 1},
            prefers=("m0", "m1", "m2", "m3") if at < 6 else (),
            protected={"group": "first" if at < 6 else "second"},
        )
        for at in range(9)
    ]
    people += [grouped(f"m{at}", None, "mentor") for at in range(4)]
    policies = Policies(parity=Parity(by="group", within=10))
    wish = {"wish": Use("preferences", weight=3)}

    def programme(*uses: str) -> Programme:
        purpose = Protected("Equal chances of a mentor.", uses)
        return Programme(criteria=wish, policies=policies, protected={"group": purpose})

    with pytest.raises(Invalid, match=r"name parity among the uses of protected\.group"):
        match(people, programme())
    plan = match(people, programme("parity"))
    assert {held.value: held.wanted for held in plan.certificate.groups} == {
        "first": 2,
        "second": 1,
    }
    assert verify(plan, people) == ()
    assert sum(int(pair[0][1]) >= 6 for pair in plan.pairs) >= 1
    assert plan.certificate.freely.cost == 1200
    assert not any("second" in str(match_) for match_ in plan.matches)


def test_why_not_under_rules_moves_few_people():
    """Of two plans of one total, the one with more pairs of the plan is best."""
    people = [grouped(f"e{at:02}", "abc"[at * at % 7 % 3]) for at in range(40)]
    people += [
        attrs.evolve(grouped(f"m{at:02}", "ab"[at % 2], "mentor"), roles={"mentor": 3})
        for at in range(25)
    ]
    programme = Programme(
        topology="group", criteria={"same": Use("same", {"attribute": "department"}, weight=10)}
    )
    plan = match(people, programme)
    idle = next(held.person for held in plan.unmatched if held.role == "mentor")
    told = explain(plan, people, ("e00", idle))
    assert told.cost == 0
    assert len(told.goes) <= 3


def test_pins_count_towards_what_parity_wants():
    people = [grouped(f"a{at}", "a") for at in range(2)]
    people += [grouped(f"b{at}", "b", prefers=("m0", "m1")) for at in range(2)]
    people += [grouped(f"m{at}", None, "mentor") for at in range(2)]
    programme = Programme(
        criteria={"wish": Use("preferences")},
        policies=Policies(parity=Parity(by="department", within=0)),
    )
    plan = match(people, programme, pins=[("b0", "m0")])
    assert [(held.value, held.wanted) for held in plan.certificate.groups] == [("a", 1), ("b", 1)]
    assert {mentee[0] for mentee, _ in plan.pairs} == {"a", "b"}
    assert verify(plan, people) == ()


def test_why_not_says_so_where_rules_are_in_the_way():
    people = teams_of(3, 1)
    told = explain(made(people), people, ("e0", "m1"), registry=REGISTRY)
    assert [message.id for message in told.forbidden] == ["rules-fail"]
    assert "team of m1" in str(told.forbidden[0])


def test_the_same_record_gives_the_same_plan():
    people = teams_of(3, 3, 3, mentees=7)
    assert made(people) == made(people[::-1])


def test_pins_are_taken_out_of_what_rules_want():
    people = teams_of(3, 3)
    case = build_case(
        people, Programme(topology="group"), REGISTRY, pins=[("e0", "m0"), ("e1", "m0")]
    )
    assert case.problem.rules.least.tolist() == [0, 2]
    assert case.problem.rules.begun.tolist() == [False, False]
