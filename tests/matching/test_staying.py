"""As little change as a coordinator asks for: each pair of the plan before is worth more."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
from hypothesis import given
from matching_cases import REGISTRY, Drawn, best_total, drawn_cases

from mentorkit import Choice, Participant, Person, Policies, Programme
from mentorkit.matching import match, verify

OPTIMAL = (Choice("optimal"),)


@attrs.frozen(kw_only=True)
class Staid(Drawn):
    """A case whose programme makes it worth so many points to stay together."""

    stay: int
    before: frozenset = frozenset()

    @classmethod
    def of(cls, drawn, stay, before=()):
        held = {name: getattr(drawn, name) for name in attrs.fields_dict(Drawn)}
        return cls(**held, stay=stay, before=frozenset(before))

    @property
    def programme(self):
        programme = super().programme
        return attrs.evolve(programme, policies=attrs.evolve(programme.policies, stay=self.stay))

    def worth(self, pairs):
        pairs = list(pairs)
        return super().worth(pairs) + 1000 * self.stay * len(self.before & set(pairs))


@given(drawn_cases(4, OPTIMAL), st.sampled_from([1, 2, 1000]), st.data())
def test_no_plan_has_more_fit_and_fewer_moves(drawn, points, data):
    """The fits, and so much for each pair that stays, come to the most there can be."""
    before = attrs.evolve(drawn, open_points=drawn.open_points.T, matcher=Choice("greedy")).match()
    staid = Staid.of(drawn, points, before.pairs)
    plan = staid.match(previous=before)
    kept = len(set(plan.pairs) & staid.before)
    assert plan.quality.total + 1000 * points * kept == best_total(staid)
    assert plan.record.stays == before.pairs
    assert plan.certificate.gap == 0
    assert verify(plan, drawn.people, REGISTRY) == ()


@given(drawn_cases(4, (Choice("most-people"), Choice("fair"), Choice("stable"), Choice("random"))))
def test_every_matcher_makes_plans_that_hold(drawn):
    staid = Staid.of(drawn, 3)
    plan = staid.match(previous=drawn.match())
    assert verify(plan, drawn.people, REGISTRY) == ()
    if drawn.matcher.kind in ("most-people", "fair"):
        assert plan.quality.matches == best_total(drawn, counted=True)
        assert plan.certificate.gap == 0


@given(drawn_cases(4, OPTIMAL))
def test_at_a_high_price_nobody_moves_who_need_not(drawn):
    before = drawn.match()
    elsewhere = attrs.evolve(drawn, secret_points=drawn.secret_points.T)
    after = Staid.of(elsewhere, 1000).match(previous=before)
    assert {pair for pair in before.pairs if elsewhere.allowed(pair)} <= set(after.pairs)


@given(drawn_cases(4, OPTIMAL), st.data())
def test_pins_of_what_stays_are_counted_once(drawn, data):
    before = drawn.match()
    if before.pairs:
        pin = data.draw(st.sampled_from(before.pairs))
        plan = Staid.of(drawn, 2).match(previous=before, pins=[pin])
        assert plan.certificate.gap == 0
        assert verify(plan, drawn.people, REGISTRY) == ()


@given(drawn_cases(4, OPTIMAL))
def test_what_is_false_of_staying_is_found(drawn):
    plan = Staid.of(drawn, 2).match(previous=drawn.match())
    for stay in (0, plan.certificate.stay + 1000):
        certificate = attrs.evolve(plan.certificate, stay=stay)
        changed = attrs.evolve(plan, certificate=certificate)
        assert (verify(changed, drawn.people, REGISTRY) == ()) == (changed == plan)
    if set(plan.record.stays) & set(plan.pairs):
        record = attrs.evolve(plan.record, stays=())
        assert verify(attrs.evolve(plan, record=record), drawn.people, REGISTRY)


def test_who_has_gone_stays_no_longer():
    people = [
        Participant(person=Person(id=own), roles={role: 1})
        for own, role in (("a", "mentee"), ("b", "mentor"))
    ]
    programme = Programme(policies=Policies(stay=5))
    before = match(people, programme)
    assert before.record.stays == ()
    assert match(people, programme, previous=before).record.stays == (("a", "b"),)
    assert match(people[:1], programme, previous=before).record.stays == ()


def test_peers_stay_together():
    people = [Participant(person=Person(id=own), roles={"peer": 1}) for own in "abcd"]
    programme = Programme(topology="peer", policies=Policies(stay=5))
    before = match(people, programme, pins=[("a", "d")])
    plan = match(people, programme, previous=before)
    assert plan.pairs == (("a", "d"), ("b", "c"))
    assert plan.certificate.gap == 0
    assert verify(plan, people) == ()
