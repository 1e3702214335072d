"""What a plan gives groups: every figure by hand, and what may not be read from them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from math import floor

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matching_cases import REGISTRY, Drawn, drawn_cases
from test_one_pool import Pooled, pools

import mentorkit
from mentorkit import Choice, Invalid, Participant, Person, Policies, Programme, Use, codec
from mentorkit.matching import audit, blocks, suppression
from mentorkit.matching.proportions import difference, rate
from mentorkit.models import Audit, GroupAudit, MatchPlan, Member, Protected, Team

pytestmark = pytest.mark.once

ROLES = ("mentee", "mentor")


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """All that is worked out in blocks crosses several."""
    with pytest.MonkeyPatch.context() as held:
        held.setattr(blocks, "AT_ONCE", 5)
        yield


def audited(drawn: Drawn | Pooled, plan: MatchPlan) -> Audit:
    """With small groups shown, so that few people are enough to check the arithmetic."""
    with pytest.MonkeyPatch.context() as held:
        held.setattr(suppression, "hidden", lambda *_: frozenset())
        return audit(plan, drawn.people, "department", registry=REGISTRY)


# The figures, by hand.


def eager(drawn: Drawn, plan: MatchPlan, side: int, pair: tuple[str, str]) -> bool:
    """Whether one of the two would rather have the other than somebody they can give up."""
    mine = [held for held in plan.pairs if held[side] == pair[side]]
    wish = drawn.wish(side, pair)
    return len(mine) < drawn.room(side, pair[side]) or any(
        drawn.wish(side, held) < wish for held in mine if held not in drawn.pins
    )


def envious(drawn: Drawn, plan: MatchPlan, side: int) -> set[str]:
    return {
        pair[side]
        for pair in drawn.cells
        if drawn.allowed(pair)
        and pair not in plan.pairs
        and eager(drawn, plan, 0, pair)
        and eager(drawn, plan, 1, pair)
    }


def rank(drawn: Drawn, plan: MatchPlan, side: int, own: str) -> Fraction:
    """The mean, over somebody's partners, of the share of the others whom they wish for more."""
    shares = []
    for pair in plan.pairs:
        if pair[side] == own:
            others = [
                other
                for other in drawn.cells
                if other[side] == own and drawn.allowed(other) and other != pair
            ]
            better = [held for held in others if drawn.wish(side, held) > drawn.wish(side, pair)]
            shares.append(Fraction(len(better), len(others)) if others else Fraction(0))
    return mean(shares)


def fit(plan: MatchPlan, own: str, side: int) -> Fraction:
    shown = [held.shown_fit for held in plan.matches if held.team.people[side] == own]
    return mean([Fraction(held) for held in shown])


def mean(numbers: list[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


def rounded(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


def with_pins(drawn: Drawn) -> Drawn:
    """With up to two of the pairs that may be, pinned, even those below the floor."""
    open_cells = [pair for pair in drawn.cells if not drawn.forbidden(pair)]
    chance = random.Random(drawn.seed)
    chance.shuffle(open_cells)
    pins, room = [], [{own: drawn.room(side, own) for own in drawn.side(side)} for side in (0, 1)]
    for pair in open_cells[:2]:
        if room[0][pair[0]] and room[1][pair[1]]:
            room[0][pair[0]] -= 1
            room[1][pair[1]] -= 1
            pins.append(pair)
    return attrs.evolve(drawn, pins=tuple(pins))


@given(drawn_cases(), st.booleans())
def test_every_figure(drawn, pinned):
    drawn = with_pins(drawn) if pinned else drawn
    named = {held.id: str(held.value("department") or "not given") for held in drawn.people}
    assume(any(held != "not given" for held in named.values()))
    assume(any(named[own] != "not given" for side in (0, 1) for own in drawn.side(side)))
    plan = drawn.match()
    found = audited(drawn, plan)
    expected = []
    for side, role in enumerate(ROLES):
        jealous = envious(drawn, plan, side)
        matched = {pair[side] for pair in plan.pairs}
        for value in sorted({named[own] for own in drawn.side(side)}):
            group = [own for own in drawn.side(side) if named[own] == value]
            held = [own for own in group if own in matched]
            fits = [fit(plan, own, side) for own in held]
            ranks = [rank(drawn, plan, side, own) for own in held]
            expected.append(
                GroupAudit(
                    role=role,
                    value=value,
                    people=len(group),
                    matched=len(held),
                    rate=rate(len(held), len(group)),
                    fit=rounded(mean(fits)) if held else None,
                    rank=rounded(1000 * mean(ranks)) if held else None,
                    envious=len(jealous & set(group)),
                )
            )
    assert list(found.groups) == expected
    assert found.by == "department"
    if drawn.matcher.kind == "stable" and not drawn.pins:
        assert all(held.envious == 0 for held in found.groups)


@given(drawn_cases())
def test_the_largest_difference(drawn):
    plan = drawn.match()
    assume(any(held.value("department") for held in drawn.people if any(held.roles.values())))
    found = audited(drawn, plan)
    for role in ROLES:
        shown = {held.value: held for held in found.groups if held.role == role}
        told = [gap for gap in found.gaps if gap.role == role]
        assert len(told) == (len(shown) > 1)
        for gap in told:
            counts = {name: (held.matched, held.people) for name, held in shown.items()}
            assert gap.most != gap.least
            shares = {name: Fraction(*held) for name, held in counts.items()}
            assert shares[gap.most] == max(shares.values())
            assert shares[gap.least] == min(shares.values())
            assert gap.gap == difference(counts[gap.most], counts[gap.least])
            chance = gap.gap.least <= 0
            assert (gap.said.id == "may-be-chance") == chance
            assert "may be chance" in str(gap.said) or not chance


@given(drawn_cases(), st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter_and_nothing_is_lost_as_json(drawn, luck):
    assume(any(held.value("department") for held in drawn.people if any(held.roles.values())))
    plan = drawn.match()
    found = audited(drawn, plan)
    people = list(drawn.people)
    luck.shuffle(people)
    again = codec.from_json(MatchPlan, codec.to_json(plan))
    assert audited(attrs.evolve(drawn, people=tuple(people)), again) == found
    assert codec.from_json(Audit, codec.to_json(found)) == found


@given(pools(most=6, matchers=(Choice("optimal"), Choice("random"))))
def test_every_figure_in_one_pool(drawn):
    """Everybody is of one role, and seen from their own side."""
    ids = [held.id for held in drawn.people if held.roles["peer"]]
    named = {held.id: str(held.value("department") or "not given") for held in drawn.people}
    assume(any(named[own] != "not given" for own in ids))
    plan = drawn.match()
    partner = dict(plan.pairs) | {other: one for one, other in plan.pairs}
    pinned = {own for pair in drawn.pins for own in pair}

    def rather(own: str, other: str) -> bool:
        if own in pinned:
            return False
        return own not in partner or drawn.wish(own, other) > drawn.wish(own, partner[own])

    def may(own: str) -> list[str]:
        return [other for other in ids if other != own and drawn.allowed(own, other)]

    def rank_of(own: str) -> Fraction:
        others = [other for other in may(own) if other != partner[own]]
        better = sum(drawn.wish(own, other) > drawn.wish(own, partner[own]) for other in others)
        return Fraction(better, len(others)) if others else Fraction(0)

    shown = {own: held.shown_fit for held in plan.matches for own in held.team.people}
    expected = []
    for value in sorted({named[own] for own in ids}):
        group = [own for own in ids if named[own] == value]
        held = [own for own in group if own in partner]
        jealous = [
            own
            for own in group
            if any(
                rather(own, other) and rather(other, own)
                for other in may(own)
                if partner.get(own) != other
            )
        ]
        expected.append(
            GroupAudit(
                role="peer",
                value=value,
                people=len(group),
                matched=len(held),
                rate=rate(len(held), len(group)),
                fit=rounded(mean([Fraction(shown[own]) for own in held])) if held else None,
                rank=rounded(1000 * mean([rank_of(own) for own in held])) if held else None,
                envious=len(jealous),
            )
        )
    assert list(audited(drawn, plan).groups) == expected


# What is not shown.


def crowd(teams: list[int], mentors: int) -> list[Participant]:
    """As many mentees of each team as stated, who cannot all be matched."""
    names = [f"t{team}" for team, count in enumerate(teams) for _ in range(count)]
    mentees = [
        Participant(
            person=Person(id=f"e{number:03}", attributes={"team": name}), roles={"mentee": 1}
        )
        for number, name in enumerate(names)
    ]
    return mentees + [
        Participant(person=Person(id=f"o{number:03}"), roles={"mentor": 1})
        for number in range(mentors)
    ]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 25), st.integers(0, 9))
def test_no_figure_rests_on_fewer_than_five(teams, mentors, seed):
    """What is shown does not, nor what is left of a role's total without it."""
    people = crowd(teams, mentors)
    programme = Programme(policies=Policies(matcher=Choice("random")), seed=seed)
    plan = mentorkit.match(people, programme)
    found = [held for held in audit(plan, people, "team").groups if held.role == "mentee"]
    sizes = {f"t{team}": count for team, count in enumerate(teams)}
    taken = {pair[0] for pair in plan.pairs}
    matched = {
        name: sum(held.id in taken for held in people if held.value("team") == name)
        for name in sizes
    }
    assert [held.value for held in found] == sorted(sizes)
    for figure, base in (("people", sizes), ("matched", sizes), ("rate", sizes),
                         ("envious", sizes), ("fit", matched), ("rank", matched)):  # fmt: skip
        shown = {held.value for held in found if getattr(held, figure) is not None}
        assert all(base[name] >= 5 for name in shown)
        left = sum(base[name] for name in sizes.keys() - shown)
        assert not shown or left == 0 or left >= 5, figure
    for held in found:
        if held.people is None:
            assert held == GroupAudit(role="mentee", value=held.value)
        else:
            assert (held.people, held.matched) == (sizes[held.value], matched[held.value])


def banded(sizes: list[int], mentors: int) -> list[Participant]:
    """The same, with the teams protected; the first are those who have not agreed."""
    held = [
        attrs.evolve(
            one,
            person=attrs.evolve(one.person, attributes={}),
            protected={} if one.value("team") == "t0" else {"band": one.value("team")},
        )
        if "mentee" in one.roles
        else one
        for one in crowd(sizes, mentors)
    ]
    return held


PURPOSE = "to see whether all are matched alike"
GUARDED = Programme(
    policies=Policies(matcher=Choice("random")),
    protected={"band": Protected(PURPOSE)},
)


@given(
    st.lists(st.integers(1, 30), min_size=2, max_size=5),
    st.integers(0, 100),
    st.integers(0, 9),
)
def test_of_what_is_protected_less_is_told(sizes, percent, seed):
    """Whoever knows who is matched, and with what fit, cannot tell who is in which group."""
    people = banded(sizes, sum(sizes) * percent // 100)
    plan = mentorkit.match(people, attrs.evolve(GUARDED, seed=seed))
    told = audit(plan, people, "band")
    assert told.purpose == PURPOSE
    found = [held for held in told.groups if held.role == "mentee"]
    groups: dict[str, list[str]] = {}
    for held in people:
        if "mentee" in held.roles:
            groups.setdefault(held.protected.get("band", "not given"), []).append(held.id)
    taken = {pair[0] for pair in plan.pairs}
    inside = {name: len(taken & set(group)) for name, group in groups.items()}
    outside = {name: len(group) - inside[name] for name, group in groups.items()}
    # A group that is too small is not even named.
    assert all(held.people == len(groups[held.value]) >= 5 for held in found)
    shown = {held.value for held in found if held.matched is not None}
    assert {held.value for held in found if held.rate is not None} == shown
    left = groups.keys() - shown
    for cells in (inside, outside):
        if any(cells.values()) and cells != {name: len(group) for name, group in groups.items()}:
            assert all(cells[name] >= 5 for name in shown)
            assert not shown or not left or sum(cells[name] for name in left) >= 5
    means = {held.value for held in found if held.fit is not None}
    assert {held.value for held in found if held.rank is not None} == means
    assert all(inside[name] >= 20 for name in means)
    rest = sum(inside[name] for name in groups.keys() - means)
    assert not means or rest == 0 or rest >= 20


def test_large_protected_groups_are_shown():
    people = banded([60, 60, 80], 140)
    plan = mentorkit.match(people, GUARDED)
    found = [held for held in audit(plan, people, "band").groups if held.role == "mentee"]
    assert [held.value for held in found] == ["not given", "t1", "t2"]
    assert all(None not in attrs.astuple(held) for held in found)
    (mentors,) = (held for held in audit(plan, people, "band").groups if held.role == "mentor")
    assert (mentors.value, mentors.people, mentors.matched) == ("not given", 140, 140)


def test_large_groups_are_shown():
    people = crowd([6, 7], 8)
    (six, seven), *mentors = (
        [
            held
            for held in audit(mentorkit.match(people), people, "team").groups
            if held.role == role
        ]
        for role in ROLES
    )
    assert (six.people, seven.people) == (6, 7)
    assert six.matched + seven.matched == 8
    assert [held.value for held in mentors[0]] == ["not given"]


# What is refused.


def test_other_people_are_refused():
    people = crowd([5, 5], 6)
    plan = mentorkit.match(people)
    with pytest.raises(Invalid, match="people: are not those that the plan was made for"):
        audit(plan, people[1:], "team")
    with pytest.raises(Invalid, match="is there twice"):
        audit(plan, [*people, people[0]], "team")


def test_an_attribute_that_nobody_has_stated_is_refused():
    people = crowd([5, 5], 6)
    with pytest.raises(Invalid, match="nobody here has stated 'taem'; did you mean 'team'"):
        audit(mentorkit.match(people), people, "taem")
    with pytest.raises(Invalid, match=r"nobody here has stated 'zzz'$"):
        audit(mentorkit.match(people), people, "zzz")


def test_what_is_no_pair_is_refused():
    people = crowd([5, 5], 6)
    plan = mentorkit.match(people)
    first = attrs.evolve(plan.matches[0], team=Team((Member("e000", "mentee"),)))
    with pytest.raises(Invalid, match="a team is not a pair"):
        audit(attrs.evolve(plan, matches=(first, *plan.matches[1:])), people, "team")
    stranger = Team((Member("nobody", "mentee"), Member("o000", "mentor")))
    first = attrs.evolve(plan.matches[0], team=stranger)
    with pytest.raises(Invalid, match="'nobody' is no mentee"):
        audit(attrs.evolve(plan, matches=(first, *plan.matches[1:])), people, "team")


def test_a_private_wish_moves_the_rank_and_not_the_fit():
    """What is shown of fits is what anyone may see of them."""
    mentees = [
        Participant(
            person=Person(id=f"e{number}", attributes={"team": "a"}),
            roles={"mentee": 1},
            prefers=["o0"],
        )
        for number in range(6)
    ]
    mentors = [
        Participant(person=Person(id=f"o{number}"), roles={"mentor": 1}) for number in range(6)
    ]
    programme = Programme(criteria={"wish": Use("preferences", weight=3, wish_of="left")})
    people = [*mentees, *mentors]
    (found, _) = audit(mentorkit.match(people, programme), people, "team").groups
    assert (found.matched, found.fit) == (6, 0)
    # Five of six have one whom they wish for more, among five others: 5/6 of 1/5.
    assert found.rank == 167
