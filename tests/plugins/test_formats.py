"""The built-in formats, as blueprints."""

from __future__ import annotations

import pytest

import mentorkit
from mentorkit import Choice, Participant, Person, Policies, Programme
from mentorkit.blueprint import blueprint_of
from mentorkit.registry import installed


@pytest.mark.parametrize("name", installed().names("formats"))
def test_nobody_meets_whom_they_must_not(name):
    """Every format keeps people from themselves, their manager, and whom they rule out."""
    blueprint = blueprint_of(Programme(topology=name), installed())
    assert {"avoid", "line-manager", "never-again", "not-self"} <= set(blueprint.constraints)


def test_one_to_one():
    blueprint = blueprint_of(Programme(), installed())
    assert [role.name for role in blueprint.roles] == ["mentee", "mentor"]
    assert blueprint.shape == "pairs"
    assert blueprint.policies == Policies(matcher=Choice("optimal"), base=0, floor=0)


@pytest.mark.parametrize("field", ["avoids", "not_again", "manager"])
@pytest.mark.parametrize("mine", [True, False])
def test_who_must_not_meet_does_not_meet(field, mine):
    def someone(own: str, role: str, other: str, names: bool) -> Participant:
        held = {field: other if field == "manager" else [other]} if names else {}
        return Participant(person=Person(id=own), roles={role: 1}, **held)

    people = [someone("ann", "mentee", "bo", mine), someone("bo", "mentor", "ann", not mine)]
    assert mentorkit.match(people).pairs == ()
