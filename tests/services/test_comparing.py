"""What a list would change: told as it then comes to pass, and without secrets."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import World, participant

from mentorkit import SYSTEM, Actor, Forbidden, Participant, Programme, Protected
from mentorkit.admission import differences
from mentorkit.testing.house import TrialHouse, house
from mentorkit.testing.strategies import populations


@pytest.fixture(scope="module")
def trial() -> Iterator[TrialHouse]:
    with house() as held:
        yield held


NUMBER = itertools.count()


@settings(max_examples=25)
@given(populations(most=6), populations(most=6))
def test_what_is_told_comes_to_pass(
    trial: TrialHouse, before: list[Participant], after: list[Participant]
) -> None:
    """Hours are left out: who has too few of them waits, and is not enrolled."""
    old, new = ([attrs.evolve(one, hours=None) for one in held] for held in (before, after))
    with trial.kit(actor=SYSTEM, tenant=f"t{next(NUMBER)}") as kit:
        kit.programmes.create(Programme(), id="p")
        kit.programmes.enrol("p", old)
        told = kit.programmes.compare("p", new)
        assert kit.programmes.compare("p", new) == told
        done = kit.programmes.enrol("p", new)
        assert done.added == told.new
        assert set(done.changed) <= told.changed.keys()
        # Whose person alone differs is changed as a person.
        assert told.same + len(told.changed) == done.same + len(done.changed)
        assert told.leavers == tuple(sorted({one.id for one in old} - {one.id for one in new}))
        assert kit.programmes.compare("p", new).changed == {}
    known = {one.id: one for one in old}
    for id, names in told.changed.items():
        other = next(one for one in new if one.id == id)
        assert names == differences(known[id], other) != ()
        assert differences(other, other) == ()


@given(populations(least=1, most=1, protected=("age",)), populations(least=1, most=1), st.data())
def test_differences_name_all_that_differs(one: Any, two: Any, data: st.DataObject) -> None:
    """Each field taken from the other statement makes up for its difference, and only for it."""
    (mine,), (theirs,) = one, two
    for name in (field.name for field in attrs.fields(Participant)):
        mixed = attrs.evolve(mine, **{name: getattr(theirs, name)})
        found = {place.partition(".")[0] for place in differences(mine, mixed)}
        own = {field.name for field in attrs.fields(type(mine.person))}
        assert bool(found) == (mixed != mine)
        assert found <= (own if name == "person" else {name})


def test_those_who_came_by_themselves_are_no_leavers(world: World) -> None:
    ann, bob, cyn, dee = (participant(one, "mentee") for one in ("ann", "bob", "cyn", "dee"))
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        kit.programmes.enrol("autumn", [ann, cyn, dee], entry="imported")
        kit.programmes.apply("autumn", bob)
        kit.programmes.leave("autumn", "dee")
        told = kit.programmes.compare("autumn", [dee, participant("eve", "mentee"), ann])
        assert (told.new, told.back, told.same) == (("eve",), ("dee",), 1)
        assert (told.leavers, told.others, dict(told.changed)) == (("cyn",), ("bob",), {})


def test_nobody_tries_out_what_is_protected(world: World) -> None:
    stated = Programme(protected={"faith": Protected("to match all alike")})
    ann = participant("ann", "mentee", protected={"faith": "x"})
    other = attrs.evolve(ann, protected={"faith": "y"})
    with world.kit() as kit:
        kit.programmes.create(stated, id="autumn")
        kit.programmes.enrol("autumn", [ann])
        assert kit.programmes.compare("autumn", [other]).changed == {"ann": ("protected",)}
    with world.kit(actor=Actor(coordinates=["autumn"])) as kit:
        assert kit.programmes.compare("autumn", [other]).changed == {}
        assert kit.programmes.compare("autumn", [ann]).same == 1
    with world.kit(actor=Actor(person="ann")) as kit, pytest.raises(Forbidden):
        kit.programmes.compare("autumn", [ann])
