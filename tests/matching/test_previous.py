"""Matching again after a change, from the plan before it."""

from __future__ import annotations

import attrs

from mentorkit import match
from mentorkit.matching import moves, verify
from mentorkit.testing import instances

PEOPLE = instances.people("twins", 60, 21)
PROGRAMME = instances.programme("twins")


def test_without_a_change_nobody_moves():
    plan = match(PEOPLE, PROGRAMME)
    again = match(PEOPLE, PROGRAMME, previous=plan)
    assert again.pairs == plan.pairs
    assert (moves(plan, again).comes, moves(plan, again).goes) == ((), ())
    assert again.record.previous is not None
    assert verify(again, PEOPLE) == ()


def test_a_drop_out_and_a_late_joiner_end_as_well_as_matching_afresh():
    plan = match(PEOPLE[1:], PROGRAMME)
    people = [*PEOPLE[:30], *PEOPLE[31:]]
    again = match(people, PROGRAMME, previous=plan)
    assert again.quality.total == match(people, PROGRAMME).quality.total
    assert again.certificate.gap == 0
    assert verify(again, people) == ()
    moved = moves(plan, again)
    assert set(moved.comes) == set(again.pairs) - set(plan.pairs)
    assert len(moved.goes) < len(plan.pairs) / 2


def test_other_weights_begin_from_the_old_prices():
    plan = match(PEOPLE, PROGRAMME)
    name, use = next(iter(PROGRAMME.criteria.items()))
    heavier = attrs.evolve(
        PROGRAMME, criteria={**PROGRAMME.criteria, name: attrs.evolve(use, weight=use.weight * 3)}
    )
    again = match(PEOPLE, heavier, previous=plan)
    assert again.quality.total == match(PEOPLE, heavier).quality.total
    assert again.certificate.gap == 0
