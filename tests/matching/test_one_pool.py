"""Pairs within one pool: best by brute force, proven, explained, and told both ways round."""

from __future__ import annotations

import random
from itertools import combinations

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from matching_cases import REGISTRY, place

import mentorkit
from mentorkit import Choice, Invalid, Participant, Person, Policies, Programme, Use
from mentorkit.codec import from_json, to_json
from mentorkit.matching import explain, match, verify
from mentorkit.matching.solvers import one_pool
from mentorkit.models import MatchPlan

PROVEN = (Choice("optimal"), Choice("most-people"))
MATCHERS = (*PROVEN, Choice("greedy"), Choice("random"))
SCALE = np.array([0, 1000, 500, 250, 999])


@attrs.frozen(kw_only=True)
class Pooled:
    """Peers and a programme, and what follows by hand."""

    people: tuple[Participant, ...]
    points: np.ndarray
    secret: np.ndarray
    bans: np.ndarray
    weights: tuple[int, int]
    wishes_of: tuple[str, str]
    base: int
    floor: int
    weaker: bool
    matcher: Choice
    seed: int
    pins: tuple[tuple[str, str], ...] = ()
    forbids: tuple[tuple[str, str], ...] = ()

    @property
    def programme(self) -> Programme:
        uses = {}
        tables = {"open": self.points, "secret": self.secret}
        for (name, table), weight, wish in zip(
            tables.items(), self.weights, self.wishes_of, strict=True
        ):
            settings_ = {
                "rows": tuple(map(tuple, table.tolist())),
                "private": name == "secret",
            }
            uses[name] = Use("points", settings_, weight=weight, wish_of=wish)
        return Programme(
            topology="cross" if self.weaker else "peer",
            criteria=uses,
            constraints={"ban": Use("bans", {"rows": tuple(map(tuple, self.bans.tolist()))})},
            policies=Policies(
                matcher=self.matcher, base=self.base, floor=self.floor, by="department"
            ),
            seed=self.seed,
        )

    def match(self, **others):
        held = {"pins": self.pins, "forbids": self.forbids, **others}
        return match(self.people, self.programme, registry=REGISTRY, **held)

    def wish(self, own: str, other: str) -> int:
        """What the criteria come to for one of two: each where its wish is that one's."""
        i, j = place(own), place(other)
        return sum(
            weight * int(table[j, i] if wish == "right" else table[i, j])
            for table, weight, wish in zip(
                (self.points, self.secret), self.weights, self.wishes_of, strict=True
            )
        )

    def fit(self, one: str, other: str) -> int:
        wishes = self.wish(one, other), self.wish(other, one)
        return min(wishes) if self.weaker else sum(wishes)

    def forbidden(self, one: str, other: str) -> bool:
        i, j = place(one), place(other)
        barred = {(one, other), (other, one)} & set(self.forbids)
        return bool(self.bans[i, j] or self.bans[j, i] or barred)

    def allowed(self, one: str, other: str) -> bool:
        return not self.forbidden(one, other) and self.fit(one, other) >= 1000 * self.floor

    def plans(self, rest=None):
        """Every plan: the sets of pairs that may be together."""
        rest = (
            tuple(held.id for held in self.people if held.roles["peer"]) if rest is None else rest
        )
        if not rest:
            yield ()
            return
        first, *others = rest
        yield from self.plans(tuple(others))
        for other in others:
            if self.allowed(first, other):
                left = tuple(held for held in others if held != other)
                yield from (((first, other), *plan) for plan in self.plans(left))

    def total(self, pairs) -> int:
        return sum(self.fit(*pair) + 1000 * self.base for pair in pairs)

    def best(self) -> tuple[int, ...]:
        """What the matcher puts first: the total and the number, or the reverse."""
        totals = [(self.total(plan), len(plan)) for plan in self.plans()]
        if self.matcher.kind == "most-people":
            return max((count, total) for total, count in totals)[::-1]
        return max(totals)


@st.composite
def pools(draw, most: int = 7, matchers=PROVEN):
    n = draw(st.sampled_from([*range(most), most, most]))
    code = draw(st.binary(min_size=3 * most * most + most + 8, max_size=3 * most * most + most + 8))
    digits = np.frombuffer(code, dtype=np.uint8).astype(int)
    points, secret, bans = digits[: 3 * most * most].reshape(3, most, most)[:, :n, :n]
    own, rest = digits[3 * most * most : -8], digits[-8:].tolist()
    sides = ("both", "left", "right")
    return Pooled(
        people=tuple(
            Participant(
                person=Person(
                    id=f"p{number}",
                    attributes={"department": ("red", "blue")[own[number] % 2]},
                ),
                roles={"peer": int(own[number] % 8 > 0)},
            )
            for number in range(n)
        ),
        points=SCALE[points % 5],
        secret=SCALE[secret % 5],
        bans=bans % 8 == 7,
        weights=((1, 2, 0, 3)[rest[0] % 4], (0, 1, 0, 2)[rest[1] % 4]),
        wishes_of=(sides[rest[2] % 3], sides[rest[3] % 3]),
        base=(0, 0, 1)[rest[4] % 3],
        floor=(0, 0, 0, 1, 2)[rest[5] % 5],
        weaker=rest[6] % 2 == 1,
        matcher=matchers[rest[7] % len(matchers)],
        seed=rest[6] % 5,
    )


@settings(max_examples=200)
@given(pools())
def test_no_plan_is_better(pool):
    plan = pool.match()
    assert (plan.quality.total, plan.quality.matches) == pool.best()
    assert plan.certificate.gap == 0
    assert verify(plan, pool.people, REGISTRY) == ()


@settings(max_examples=200)
@given(pools(matchers=MATCHERS))
def test_a_plan_is_feasible_and_told_truly(pool):
    plan = pool.match()
    met = [person for pair in plan.pairs for person in pair]
    assert len(set(met)) == len(met)
    assert all(pool.allowed(*pair) and pair[0] < pair[1] for pair in plan.pairs)
    for held in plan.matches:
        one, other = held.team.people
        assert held.wishes == (pool.wish(one, other), pool.wish(other, one))
        assert held.fit == pool.fit(one, other)
        if not pool.weights[1]:
            assert held.shown_fit == held.fit
    assert plan.roles == ("peer",)
    left = {held.id for held in pool.people if held.roles["peer"]} - set(met)
    assert {missed.person for missed in plan.unmatched} == left
    assert plan.quality.load["peer"] == {
        str(partners): number for partners, number in ((0, len(left)), (1, len(met))) if number
    }
    assert verify(plan, pool.people, REGISTRY) == ()
    assert from_json(MatchPlan, to_json(plan)) == plan


@given(pools(matchers=MATCHERS))
def test_ranks_and_blocking_pairs_are_counted_from_each_person(pool):
    plan = pool.match()
    there = [held.id for held in pool.people if held.roles["peer"]]
    partner = {one: other for pair in plan.pairs for one, other in (pair, pair[::-1])}
    ranks: dict[str, int] = {}
    for own, held in partner.items():
        better = [
            other
            for other in there
            if other != own
            and pool.allowed(*sorted((own, other)))
            and pool.wish(own, other) > pool.wish(own, held)
        ]
        ranks[str(len(better) + 1)] = ranks.get(str(len(better) + 1), 0) + 1
    assert plan.quality.ranks["peer"] == ranks

    def eager(own, other):
        return own not in partner or pool.wish(own, other) > pool.wish(own, partner[own])

    blocking = [
        pair
        for pair in combinations(there, 2)
        if pair not in plan.pairs and pool.allowed(*pair) and eager(*pair) and eager(*pair[::-1])
    ]
    assert plan.quality.blocking_pairs == len(blocking)


@given(pools(matchers=MATCHERS), st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(pool, chance):
    people = list(pool.people)
    chance.shuffle(people)
    assert to_json(attrs.evolve(pool, people=tuple(people)).match()) == to_json(pool.match())


@given(pools(), st.data())
def test_a_changed_plan_fails(pool, data):
    plan = pool.match()
    if not plan.matches:
        return
    one = data.draw(st.sampled_from(plan.matches))
    fewer = attrs.evolve(plan, matches=tuple(held for held in plan.matches if held != one))
    assert verify(fewer, pool.people, REGISTRY)
    turned = attrs.evolve(one.team, members=one.team.members[::-1])
    others = tuple(attrs.evolve(h, team=turned) if h == one else h for h in plan.matches)
    assert verify(attrs.evolve(plan, matches=others), pool.people, REGISTRY)


@given(pools(), st.data())
def test_a_changed_proof_fails(pool, data):
    plan = pool.match()
    certificate = plan.certificate
    prices = dict(certificate.prices.get("peer", {}))
    if not prices:
        return
    person = data.draw(st.sampled_from(sorted(prices)))
    prices[person] += data.draw(st.sampled_from([certificate.unit, 3 * certificate.unit]))
    dearer = attrs.evolve(certificate, prices={"peer": prices})
    assert verify(attrs.evolve(plan, certificate=dearer), pool.people, REGISTRY)
    if certificate.sets:
        first, *others = certificate.sets
        first = attrs.evolve(first, price=first.price + certificate.unit)
        dearer = attrs.evolve(certificate, sets=(first, *others))
        assert verify(attrs.evolve(plan, certificate=dearer), pool.people, REGISTRY)


@settings(max_examples=60)
@given(pools(most=6, matchers=PROVEN[:1]), st.data())
def test_pins_and_forbids_hold_either_way_round(pool, data):
    may = [
        pair
        for pair in combinations((held.id for held in pool.people if held.roles["peer"]), 2)
        if not pool.forbidden(*pair)
    ]
    if not may:
        return
    pin = data.draw(st.sampled_from(may))
    pinned = pool.match(pins=[pin[::-1]])
    assert pinned.record.pins == (pin,)
    with_pin = max(
        (
            pool.total([pin]) + pool.total(plan)
            for plan in attrs.evolve(
                pool, people=tuple(held for held in pool.people if held.id not in pin)
            ).plans()
        ),
    )
    assert pinned.quality.total == with_pin
    assert verify(pinned, pool.people, REGISTRY) == ()
    forbidden = attrs.evolve(pool, forbids=(pin[::-1],))
    assert forbidden.match().quality.total == forbidden.best()[0]


@given(pools(most=6, matchers=PROVEN[:1]))
def test_what_is_forbidden_one_way_cannot_be_pinned_either_way(pool):
    there = [held.id for held in pool.people if held.roles["peer"]]
    for pair in combinations(there, 2):
        if pool.forbidden(*pair):
            for pin in (pair, pair[::-1]):
                with pytest.raises(Invalid, match="is forbidden"):
                    pool.match(pins=[pin])


@settings(max_examples=60)
@given(pools(most=6, matchers=PROVEN[:1]), st.data())
def test_why_not_tells_the_price(pool, data):
    plan = pool.match()
    ids = [held.id for held in pool.people if held.roles["peer"]]
    if len(ids) < 2:
        return
    pair = tuple(data.draw(st.permutations(ids))[:2])
    told = explain(plan, pool.people, pair, registry=REGISTRY)
    assert told.pair == tuple(sorted(pair))
    assert told.matched == (told.pair in plan.pairs)
    assert told.fit == pool.fit(*pair)
    if told.cost is not None:
        assert told.cost == plan.quality.total - pool.match(pins=[pair]).quality.total
        assert told.pair in told.comes
    elif not told.matched:
        assert bool(told.forbidden) == (not pool.allowed(*told.pair))


@settings(max_examples=60)
@given(pools(matchers=PROVEN[:1]), st.data())
def test_from_an_earlier_plan_the_same_total(pool, data):
    """Another pool's plan will do, too; its own plan stays as it is."""
    other = attrs.evolve(pool, points=pool.points.T, floor=0)
    again = pool.match(previous=other.match())
    assert again.quality.total == pool.match().quality.total
    assert verify(again, pool.people, REGISTRY) == ()
    assert again.certificate.gap == 0


@given(pools(matchers=MATCHERS))
def test_everyone_left_over_has_a_cause_that_holds(pool):
    plan = pool.match()
    met = {person for pair in plan.pairs for person in pair}
    there = [held.id for held in pool.people if held.roles["peer"]]
    for missed in plan.unmatched:
        could = [
            other
            for other in there
            if other != missed.person and pool.allowed(*sorted((missed.person, other)))
        ]
        match missed.cause.id:
            case "left-open":
                assert any(other not in met for other in could)
            case "worth-more" | "movable":
                assert could
                assert all(other in met for other in could)
            case _:
                assert not could


def peers(number: int, **held) -> list[Participant]:
    return [
        Participant(person=Person(id=f"p{at:02}"), roles={"peer": 1}, **held)
        for at in range(number)
    ]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 8, 9, 25])
def test_at_most_one_is_over_where_all_fit(number):
    plan = match(peers(number), Programme(topology="peer"))
    assert len(plan.unmatched) == number % 2
    assert plan.quality.matches == number // 2


def test_an_odd_set_proves_that_one_of_three_is_left():
    plan = match(peers(3), Programme(topology="peer", policies=Policies(base=1)))
    (held,) = plan.certificate.sets
    assert len(held.people) == 3
    assert (plan.certificate.bound, plan.certificate.gap) == (1000, 0)
    assert [str(missed.cause) for missed in plan.unmatched] == [
        "a place could be made only by moving others, for no greater total"
    ]


def test_who_is_pinned_cannot_be_moved():
    plan = match(peers(3), Programme(topology="peer"), pins=[("p02", "p00")])
    assert plan.pairs == (("p00", "p02"),)
    assert [missed.cause.id for missed in plan.unmatched] == ["scarce"]


def test_nobody_fits():
    avoiding = [
        attrs.evolve(held, avoids=tuple(f"p{at:02}" for at in range(4) if f"p{at:02}" != held.id))
        for held in peers(4)
    ]
    plan = match(avoiding, Programme(topology="cross"))
    assert plan.matches == ()
    assert {str(missed.cause) for missed in plan.unmatched} == {"not available"}


def test_one_partner_is_all_that_a_peer_can_have():
    people = [*peers(2), Participant(person=Person(id="q"), roles={"peer": 3})]
    with pytest.raises(Invalid, match=r"person 'q': has 3 places as a peer; .* must be 1"):
        match(people, Programme(topology="peer"))


@pytest.mark.parametrize("kind", ["stable", "fair"])
def test_a_matcher_for_two_roles_refuses(kind):
    programme = Programme(topology="peer", policies=Policies(matcher=Choice(kind)))
    with pytest.raises(Invalid, match=f"'{kind}' does not solve one-pool"):
        match(peers(2), programme)


def test_nobody_only_gives():
    """The weaker direction counts: a better sum with nothing for one of the two is worth less."""

    def person(own, offers, seeks):
        skills = [tuple(mentorkit.Skill(name) for name in names) for names in (offers, seeks)]
        return Participant(
            person=Person(id=own, name=own.title()),
            roles={"peer": 1},
            offers=skills[0],
            seeks=skills[1],
        )

    people = [
        person("ada", ["python", "sql"], ["speaking"]),
        person("ben", ["speaking"], ["python"]),
        person("cleo", ["design"], ["python", "sql"]),
        person("dan", ["python"], ["design"]),
    ]
    programme = Programme(topology="cross", criteria={"skills": Use("skills", weight=2)})
    plan = match(people, programme)
    assert plan.pairs == (("ada", "ben"), ("cleo", "dan"))
    first, second = plan.matches
    assert (first.fit, second.fit) == (2000, 1000)
    assert [found.of for found in first.findings] == ["ada", "ben"]
    assert [found.of for found in second.findings] == ["dan", "cleo"]
    assert first.shown_fit == first.fit
    assert second.shown_fit == second.fit


@pytest.mark.parametrize("offers", [1, one_pool.OFFERS])
@pytest.mark.parametrize("seed", range(3))
def test_larger_pools_prove_their_plans(seed, offers, monkeypatch):
    """Alike people make many odd sets; what is proven needs no word of the solver's."""
    monkeypatch.setattr(one_pool, "OFFERS", offers)
    chance = random.Random(seed)
    n = 90 + seed
    levels = [[0, 250, 500, 1000][chance.randrange(4)] for _ in range(n * n)]
    table = np.array(levels).reshape(n, n)
    kinds = np.array([chance.randrange(9) for _ in range(n)])
    drawn = Pooled(
        people=tuple(Participant(person=Person(id=f"p{at}"), roles={"peer": 1}) for at in range(n)),
        points=table[np.ix_(kinds, kinds)],
        secret=np.zeros((n, n), dtype=int),
        bans=np.array([chance.random() < 0.3 for _ in range(n * n)]).reshape(n, n),
        weights=(1, 0),
        wishes_of=("both", "both"),
        base=0,
        floor=0,
        weaker=seed == 1,
        matcher=Choice("optimal"),
        seed=0,
    )
    plan = drawn.match()
    assert plan.certificate.gap == 0
    assert verify(plan, drawn.people, REGISTRY) == ()
