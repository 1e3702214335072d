"""Why somebody is left over, and why not another pair: each claim against brute force."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matching_cases import REGISTRY, Drawn, best_total, drawn_cases

import mentorkit
from mentorkit import Choice, Invalid, Participant, Person, Policies, Programme, Use
from mentorkit.matching import explain, verify
from mentorkit.models import NOT_AVAILABLE, Unmatched

OPTIMAL = (Choice("optimal"),)


def partners(drawn: Drawn, left_over: Unmatched) -> list[tuple[str, str]]:
    """The pairs that somebody could be in, capacities apart."""
    side = ("mentee", "mentor").index(left_over.role)
    return [pair for pair in drawn.cells if pair[side] == left_over.person]


def with_one_more_place(drawn: Drawn, own: str, role: str) -> Drawn:
    people = [
        attrs.evolve(held, roles=held.roles | {role: held.roles[role] + 1})
        if held.id == own
        else held
        for held in drawn.people
    ]
    return attrs.evolve(drawn, people=tuple(people))


@given(drawn_cases(), st.data())
def test_causes_are_true(drawn, data):
    cells = [pair for pair in drawn.cells if pair[0] != pair[1]]
    if cells:
        drawn = attrs.evolve(
            drawn, forbids=tuple(data.draw(st.lists(st.sampled_from(cells), max_size=2)))
        )
    plan = drawn.match()
    for left_over in plan.unmatched:
        possible = partners(drawn, left_over)
        open_ = [pair for pair in possible if drawn.allowed(pair)]
        values = left_over.cause.values
        match left_over.cause.id:
            case "nobody-there":
                assert not possible
            case "below-floor":
                free = [pair for pair in possible if not drawn.forbidden(pair)]
                assert free
                assert max(map(drawn.fit, free)) < 1000 * drawn.floor
            case "coordinator-all":
                assert possible
                barred = {frozenset(pair) for pair in drawn.forbids}
                assert all(frozenset(pair) in barred for pair in possible)
            case "ruled-out":
                assert not open_
                ruled_out(drawn, left_over, possible)
            case "scarce":
                assert values["open"] == len(open_) > 0
            case "worth-more" | "movable":
                assert open_
                assert left_over.cause.id == "worth-more" or drawn.matcher.kind != "optimal"
            case other:
                pytest.fail(f"unknown cause {other}")
        assert str(left_over.cause)
        assert left_over.remedy is None or str(left_over.remedy)


def ruled_out(drawn: Drawn, left_over: Unmatched, possible: list[tuple[str, str]]) -> None:
    """The named constraint forbids so many, and lifting it opens what the remedy says."""
    values = left_over.cause.values
    lifted = attrs.evolve(drawn, bans=drawn.bans & False) if values["name"] == "ban" else None
    if lifted is None:  # a person with themselves, which no case here lifts
        assert values["name"] == "not-self"
        assert values["count"] == 1
        return
    count = sum(map(drawn.banned, possible))
    assert (values["count"], values["all"]) == (count, len(possible))
    opened = sum(lifted.allowed(pair) for pair in possible)
    assert values["opened"] == opened
    assert (left_over.remedy is not None) == (opened > 0)


@given(drawn_cases(matchers=OPTIMAL))
def test_one_more_place_would_help(drawn):
    """It raises the total, or matches one more for the same."""
    plan = drawn.match()
    for left_over in plan.unmatched:
        if left_over.remedy is None or left_over.remedy.id != "one-more-seat":
            continue
        side = ("mentee", "mentor").index(left_over.role)
        for pair in partners(drawn, left_over):
            if drawn.allowed(pair):
                roomy = with_one_more_place(drawn, pair[1 - side], ("mentor", "mentee")[side])
                helped = roomy.match()
                assert (helped.quality.total, helped.quality.matches) > (
                    plan.quality.total,
                    plan.quality.matches,
                )


def test_who_is_pinned_cannot_move_to_make_room():
    """Ann holds cy by a pin; that she could have dee helps nobody."""
    people = [
        Participant(person=Person(id=own), roles={role: 1})
        for own, role in (("ann", "mentee"), ("ben", "mentee"), ("cy", "mentor"), ("dee", "mentor"))
    ]
    plan = mentorkit.match(people, pins=[("ann", "cy")], forbids=[("ben", "dee")])
    causes = {held.person: str(held.cause) for held in plan.unmatched}
    assert causes["ben"] == (
        "the one possible mentor is taken: 2 places are wanted, and there is room for 1"
    )


@given(drawn_cases(matchers=OPTIMAL), st.data())
def test_competition_is_counted_right(drawn, data):
    """Hall: the rivals can have only these seats, hold them all, and leave one without."""
    possible = [pair for pair in drawn.cells if not drawn.forbidden(pair)]
    if possible and data.draw(st.booleans()):
        drawn = attrs.evolve(drawn, pins=(data.draw(st.sampled_from(possible)),))
    plan = drawn.match()
    for left_over in plan.unmatched:
        if left_over.cause.id != "scarce":
            continue
        side = ("mentee", "mentor").index(left_over.role)
        movable = [pair for pair in plan.pairs if pair not in drawn.pins]
        rivals, wanted = {left_over.person}, set()
        for _ in drawn.people:
            wanted |= {
                pair[1 - side]
                for pair in drawn.cells
                if pair[side] in rivals and drawn.allowed(pair) and pair not in plan.pairs
            }
            rivals |= {pair[side] for pair in movable if pair[1 - side] in wanted}
        held = [pair for pair in plan.pairs if pair[1 - side] in wanted]
        seats = sum(drawn.room(1 - side, own) for own in wanted)
        assert len(held) == seats == left_over.cause.values["seats"]
        everyone = rivals | {pair[side] for pair in held}
        wishes = sum(drawn.room(side, own) for own in everyone)
        assert left_over.cause.values["wanted"] == wishes > seats


@given(drawn_cases(5))
def test_a_place_could_be_made_just_where_it_is_said(drawn):
    """More could be matched; `optimal` shows that this is worth no more."""
    plan = drawn.match()
    causes = {held.cause.id for held in plan.unmatched}
    more = best_total(drawn, counted=True) > plan.quality.matches
    if causes & {"worth-more", "movable"}:
        assert more
    if more and max(held.roles[role] for held in drawn.people for role in held.roles) == 1:
        assert causes & {"worth-more", "movable"}
    if "worth-more" in causes:
        assert plan.quality.total == best_total(drawn)


@pytest.mark.parametrize(
    ("matcher", "first", "cause", "words"),
    [
        ("greedy", 500, "movable", "a place could be made by moving others"),
        ("optimal", 1000, "worth-more", "only by moving others, for no greater total"),
    ],
)
def test_only_a_proof_says_that_moving_others_gains_nothing(matcher, first, cause, words):
    """Ann with x fits best; the alternative is ann with y and bo with x, 400 each."""
    ann, bo, x, y = ("p0", "p1", "p2", "p3")
    rows = [[0] * 4 for _ in range(4)]
    rows[0][2], rows[0][3], rows[1][2] = first, 400, 400
    bans = [[False] * 4 for _ in range(4)]
    bans[1][3] = True
    people = [
        Participant(person=Person(id=own), roles={role: 1})
        for own, role in ((ann, "mentee"), (bo, "mentee"), (x, "mentor"), (y, "mentor"))
    ]
    programme = Programme(
        criteria={"open": Use("points", {"rows": tuple(map(tuple, rows))})},
        constraints={"ban": Use("bans", {"rows": tuple(map(tuple, bans))})},
        policies=Policies(matcher=Choice(matcher)),
    )
    plan = mentorkit.match(people, programme, registry=REGISTRY)
    assert plan.pairs == ((ann, x),)
    causes = {held.person: held.cause for held in plan.unmatched}
    assert (causes[bo].id, words in str(causes[bo])) == (cause, True)


@attrs.frozen
class Lazy:
    """A matcher that matches nobody."""

    solves = frozenset({"pairs"})

    def solve(self, problem: Any) -> Any:
        import numpy as np

        return mentorkit.Solution(pairs=np.empty((0, 2), dtype=np.int64))


def test_room_that_a_matcher_leaves_unused_is_no_scarcity():
    from matching_cases import registry_with

    registry = registry_with(("matchers", mentorkit.kind("lazy", Lazy)))
    people = [
        Participant(person=Person(id="ann"), roles={"mentee": 1}),
        Participant(person=Person(id="bo"), roles={"mentor": 1}),
    ]
    programme = Programme(policies=Policies(matcher=Choice("lazy")))
    plan = mentorkit.match(people, programme, registry=registry)
    assert [held.cause.id for held in plan.unmatched] == ["left-open", "left-open"]
    assert verify(plan, people, registry) == ()


@given(drawn_cases(4, OPTIMAL))
def test_explained_costs_are_the_difference(drawn):
    plan = drawn.match()
    for pair in drawn.cells:
        told = explain(plan, drawn.people, pair, registry=REGISTRY)
        assert told.matched == (pair in plan.pairs)
        assert told.fit == drawn.fit(pair)
        assert bool(told.forbidden) == (not drawn.allowed(pair) and not told.matched)
        if told.matched or told.forbidden:
            assert told.cost is None
            continue
        assert told.cost == plan.quality.total - best_total(drawn, pins=(pair,)) >= 0
        after = (set(plan.pairs) - set(told.goes)) | set(told.comes)
        assert pair in told.comes
        assert drawn.worth(after) == plan.quality.total - told.cost


@given(drawn_cases(4), st.data())
def test_explaining_keeps_pins_and_forbids(drawn, data):
    possible = [pair for pair in drawn.cells if not drawn.forbidden(pair)]
    assume(possible)
    pin = data.draw(st.sampled_from(possible))
    held = attrs.evolve(drawn, pins=(pin,))
    plan = held.match()
    for pair in held.cells:
        told = explain(plan, held.people, pair, registry=REGISTRY)
        assert pin not in told.goes
        if pair == pin:
            assert told.matched
            assert not told.forbidden


def test_a_pin_that_leaves_no_room_is_said():
    people = [
        Participant(person=Person(id=own), roles={role: 1})
        for own, role in (("ann", "mentee"), ("ben", "mentee"), ("cy", "mentor"))
    ]
    plan = mentorkit.match(people, pins=[("ann", "cy")])
    told = explain(plan, people, ("ben", "cy"))
    assert [message.id for message in told.forbidden] == ["pins-fill"]
    with pytest.raises(Invalid, match="no mentee with room"):
        explain(plan, people, ("cy", "ann"))


def test_the_floor_rules_a_pair_out():
    people = [
        Participant(person=Person(id="ann"), roles={"mentee": 1}),
        Participant(person=Person(id="bo"), roles={"mentor": 1}),
    ]
    programme = Programme(policies=Policies(floor=2))
    told = explain(mentorkit.match(people, programme), people, ("ann", "bo"))
    (message,) = told.forbidden
    assert message.id == "below-floor"
    assert "floor of 2" in str(message)
    assert told.cost is None


def test_two_private_bans_read_as_one():
    """Who avoids somebody, and who said "not again", is nobody's business; nor is both."""
    shy = Participant(person=Person(id="ann"), roles={"mentee": 1}, avoids=["bo"], not_again=["bo"])
    people = [shy, Participant(person=Person(id="bo"), roles={"mentor": 1})]
    plan = mentorkit.match(people, Programme(criteria={"wish": Use("preferences")}))
    assert explain(plan, people, ("ann", "bo")).forbidden == (NOT_AVAILABLE,)
    assert {str(held.cause) for held in plan.unmatched} == {"not available"}
