"""Why somebody is left over, and why not another pair: each claim against brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matching_cases import (
    REGISTRY,
    Bans,
    Drawn,
    Points,
    best_total,
    drawn_cases,
    place,
    registry_with,
)

import mentorkit
from mentorkit import Choice, Invalid, Participant, Person, Policies, Programme, Use
from mentorkit.interfaces import IntArray
from mentorkit.matching import blocks, explain, verify
from mentorkit.matching.case import Case, build_case
from mentorkit.matching.scarcity import unmatched
from mentorkit.matching.scored import ScoredPairs
from mentorkit.models import NOT_AVAILABLE, Certificate, Unmatched

pytestmark = pytest.mark.once

OPTIMAL = (Choice("optimal"),)


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """All that is worked out in blocks crosses several."""
    with pytest.MonkeyPatch.context() as held:
        held.setattr(blocks, "AT_ONCE", 5)
        yield


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


@attrs.frozen(kw_only=True, eq=False)
class Parted(ScoredPairs):
    """Pairs in as many parts as there are, however few people they have."""

    def apart(self) -> Sequence[tuple[IntArray, IntArray]]:
        allowed = self.worth() >= 0
        found, left = [], set(range(len(allowed)))
        while left:
            rows, before = {min(left)}, set()
            while rows != before:
                before = rows
                columns = np.nonzero(allowed[sorted(rows)].any(axis=0))[0]
                rows = rows | set(np.nonzero(allowed[:, columns].any(axis=1))[0].tolist())
            left -= rows
            found.append((np.array(sorted(rows)), columns))
        return found


def parted(case: Case) -> Case:
    held = {field.name: getattr(case.pairs, field.name) for field in attrs.fields(ScoredPairs)}
    return attrs.evolve(case, pairs=Parted(**held))


def any_plan(drawn: Drawn, data: Any) -> tuple[Drawn, list[tuple[str, str]]]:
    """Some pairs that may be together, the first of which are pinned."""
    cells = data.draw(st.permutations([pair for pair in drawn.cells if drawn.allowed(pair)]))
    plan: list[tuple[str, str]] = []
    for pair in cells[: data.draw(st.integers(0, len(cells)))]:
        loads = [sum(held[side] == pair[side] for held in plan) for side in (0, 1)]
        if all(loads[side] < drawn.room(side, pair[side]) for side in (0, 1)):
            plan.append(pair)
    return attrs.evolve(drawn, pins=tuple(plan[: data.draw(st.integers(0, 2))])), plan


def contest(drawn: Drawn, plan: list[tuple[str, str]], own: str, side: int) -> dict[str, Any]:
    """Whom somebody competes with, grown one step after the other; and the cause."""
    open_ = {pair[1 - side] for pair in drawn.cells if pair[side] == own and drawn.allowed(pair)}
    rivals, wanted = {own}, set()
    for _ in range(2 * len(drawn.people)):
        wanted |= {
            pair[1 - side]
            for pair in drawn.cells
            if pair[side] in rivals and drawn.allowed(pair) and pair not in plan
        }
        rivals |= {
            pair[side] for pair in plan if pair[1 - side] in wanted and pair not in drawn.pins
        }
    rivals |= {pair[side] for pair in plan if pair[1 - side] in wanted}
    load = Counter(pair[1 - side] for pair in plan)
    room = {other for other in wanted if load[other] < drawn.room(1 - side, other)}
    return {
        "cause": "left-open" if room & open_ else "movable" if room else "scarce",
        "open": len(open_),
        "wanted": sum(drawn.room(side, other) for other in rivals),
        "seats": sum(drawn.room(1 - side, other) for other in wanted),
        "where": where(drawn, open_),
    }


def where(drawn: Drawn, open_: set[str]) -> str:
    teams = {held.id: held.value("department") for held in drawn.people}
    counts = Counter(teams[own] for own in open_ if teams[own])
    names = sorted(counts, key=lambda name: (-counts[name], name))
    return f" in {' or '.join(names[:3])}" if names else " open to them"


@given(drawn_cases(12), st.integers(2, 7), st.data())
def test_the_competition_of_any_plan_is_its_definition(drawn, rarity, data):
    """In parts and in one; the more bans, the more people can only have the same few."""
    code = data.draw(st.binary(min_size=drawn.bans.size, max_size=drawn.bans.size))
    bans = np.frombuffer(code, dtype=np.uint8).reshape(drawn.bans.shape) % 8 < rarity
    more = data.draw(st.integers(0, 2))
    people = tuple(
        attrs.evolve(
            held, roles={role: seats and seats + more for role, seats in held.roles.items()}
        )
        for held in drawn.people
    )
    drawn, plan = any_plan(attrs.evolve(drawn, people=people, bans=bans, floor=0), data)
    case = build_case(drawn.people, drawn.programme, REGISTRY, pins=drawn.pins)
    pairs = np.array(sorted(map(case.index, plan)), dtype=np.int64).reshape(-1, 2)
    found = unmatched(case, pairs, Certificate())
    assert unmatched(parted(case), pairs, Certificate()) == found
    for left_over in found:
        side = ("mentee", "mentor").index(left_over.role)
        expected = contest(drawn, plan, left_over.person, side)
        if expected["open"]:
            told = {"cause": left_over.cause.id, **left_over.cause.values}
            assert {name: told[name] for name in expected} == expected
        else:
            assert left_over.cause.id in {"nobody-there", "ruled-out"}


def closure(allowed: np.ndarray, taken: np.ndarray, pinned: np.ndarray, start: int) -> np.ndarray:
    """The partners whose seats somebody competes for, in whole tables."""
    wanted = np.zeros(allowed.shape[1], dtype=bool)
    rivals = np.arange(len(allowed)) == start
    for _ in range(sum(allowed.shape)):
        wanted = (allowed & ~taken)[rivals].any(axis=0)
        rivals |= (taken & ~pinned)[:, wanted].any(axis=1)
    return wanted


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_the_competition_where_people_can_only_have_their_neighbours(seed, reach):
    """Long chains, in which everyone has several partners."""
    chance, size = np.random.default_rng(seed), 14
    ahead = np.arange(size)[None, :] - np.arange(size)[:, None]
    allowed = (ahead >= -1) & (ahead <= reach) & (chance.random((size, size)) < 0.7)
    rooms = [chance.integers(1, 4, size) for _ in range(2)]
    taken, pinned = np.zeros((2, size, size), dtype=bool)
    for i, j in chance.permutation(np.argwhere(allowed)):
        if taken[i].sum() < rooms[0][i] and taken[:, j].sum() < rooms[1][j] and i % 5:
            taken[i, j], pinned[i, j] = True, chance.random() < 0.1
    names = [[f"{side}{number:02}" for number in range(size)] for side in "lr"]
    people = [
        Participant(person=Person(id=own), roles={role: int(room)})
        for ids, role, side in zip(names, ("mentee", "mentor"), rooms, strict=True)
        for own, room in zip(ids, side, strict=True)
    ]
    pins, forbids = (
        [(names[0][i], names[1][j]) for i, j in np.argwhere(held)] for held in (pinned, ~allowed)
    )
    case = build_case(people, Programme(), REGISTRY, pins=pins, forbids=forbids)
    for left_over in unmatched(case, np.argwhere(taken), Certificate()):
        side = int(left_over.role == "mentor")
        tables = [table.T if side else table for table in (allowed, taken, pinned)]
        start = names[side].index(left_over.person)
        if tables[0][start].any():
            wanted = closure(*tables, start)
            rivals = tables[1][:, wanted].any(axis=1)
            rivals[start] = True
            told = left_over.cause.values
            assert told["seats"] == rooms[1 - side][wanted].sum()
            assert told["wanted"] == rooms[side][rivals].sum()


@attrs.frozen
class ListedBans(Bans):
    """The same bans, one by one."""

    def listed(self, left, right):
        pairs = np.argwhere(self.forbids(left, right))
        return pairs, np.ones(len(pairs), dtype=np.int64)


RULES = registry_with(
    ("criteria", mentorkit.kind("points", Points)),
    ("criteria", mentorkit.kind("bans", Bans)),
    ("criteria", mentorkit.kind("listed-bans", ListedBans)),
)


@given(drawn_cases(6), st.data())
def test_the_rule_that_decides_is_the_one_that_would_open_most(drawn, data):
    """Then the one that forbids most, then the first by name; nobody is matched here."""
    size = len(drawn.bans)
    tables = {
        name: np.frombuffer(
            data.draw(st.binary(min_size=size * size, max_size=size * size)), dtype=np.uint8
        ).reshape(size, size)
        < limit
        for name, limit in (("asked", 120), ("listed", 160), ("points", 200))
    }
    rows = {name: tuple(map(tuple, table.tolist())) for name, table in tables.items()}
    turned = {name: data.draw(st.booleans()) for name in rows}
    zeros = tuple(map(tuple, np.where(tables["points"], 0, 7).tolist()))
    kinds = {"asked": "bans", "listed": "listed-bans", "points": "points"}
    rules = {
        name: Use(
            kind,
            {"rows": zeros if name == "points" else rows[name]},
            between=("mentor", "mentee") if turned[name] else None,
        )
        for name, kind in kinds.items()
    }
    cells = [pair for pair in drawn.cells if pair[0] != pair[1]]
    if cells:
        forbids = data.draw(st.lists(st.sampled_from(cells), max_size=4))
        drawn = attrs.evolve(drawn, forbids=tuple(forbids))
    programme = attrs.evolve(drawn.programme, constraints=rules)
    case = build_case(drawn.people, programme, RULES, forbids=drawn.forbids)
    barred = {frozenset(pair) for pair in drawn.forbids}
    low = {pair for pair in drawn.cells if drawn.fit(pair) < 1000 * drawn.floor}

    def bans(name: str, pair: tuple[str, str]) -> bool:
        if name == "not-self":
            return pair[0] == pair[1]
        one, other = pair[::-1] if turned[name] else pair
        return bool(tables[name][place(one), place(other)])

    def forbidden(pair: tuple[str, str], lifted: str = "") -> bool:
        return frozenset(pair) in barred or any(
            bans(name, pair) for name in (*rules, "not-self") if name != lifted
        )

    for left_over in unmatched(case, np.empty((0, 2), dtype=np.int64), Certificate()):
        possible = partners(drawn, left_over)
        if not possible or any(not forbidden(pair) and pair not in low for pair in possible):
            assert left_over.cause.id in {"nobody-there", "left-open"}
            continue
        ranked = sorted(
            (
                -sum(not forbidden(pair, name) and pair not in low for pair in possible),
                -sum(bans(name, pair) for pair in possible),
                name,
            )
            for name in (*rules, "not-self")
            if any(bans(name, pair) for pair in possible)
        )
        if any(not forbidden(pair) for pair in possible):
            assert (left_over.cause.id, left_over.remedy) == ("below-floor", None)
        elif not ranked:
            assert (left_over.cause.id, left_over.remedy) == ("coordinator-all", None)
        else:
            opened, count, name = ranked[0]
            told = left_over.cause.values
            assert (told["name"], told["count"], told["opened"]) == (name, -count, -opened)
            assert (left_over.remedy is not None) == (opened < 0)


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
        return mentorkit.Solution(pairs=np.empty((0, 2), dtype=np.int64))


def test_room_that_a_matcher_leaves_unused_is_no_scarcity():
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
