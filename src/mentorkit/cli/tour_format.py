"""The programme that a tour plays, from the names of a topology and practices."""

from __future__ import annotations

import datetime

import attrs

from mentorkit.blueprint import blueprint_of
from mentorkit.errors import Fault, Invalid
from mentorkit.models import Choice, Practice, Programme, Topology
from mentorkit.registry import Registry

LENGTH = 56
"""Days that a relationship lasts on a tour at most."""


def programme_of(names: str, registry: Registry, proposed: Programme) -> Programme:
    """The proposed programme in the format of these names, with + between them.

    What it counts between roles that the topology has not, it leaves out.
    Practices alone are played on the topology that a programme has by default, or if that
    lacks a fact they need, on the one that has few facts beside these.
    """
    found = [_format(name.strip(), registry) for name in names.split("+")]
    topologies = [one for one in found if isinstance(one, Topology)]
    practices = [one for one in found if isinstance(one, Practice)]
    if len(topologies) > 1:
        both = " and ".join(one.name for one in topologies)
        raise Invalid("--format", f"names two topologies, {both}; a programme has one")
    topology = topologies[0] if topologies else _fitting(practices, registry)
    known = {role.name for role in topology.roles}
    programme = attrs.evolve(
        proposed,
        name="Tour",
        topology=topology.name,
        practices=tuple(one.name for one in practices),
        criteria={
            name: use for name, use in proposed.criteria.items() if known >= set(use.between or ())
        },
    )
    policies, stated = blueprint_of(programme, registry).policies, programme.policies
    if policies.length is None or policies.length > LENGTH:
        stated = attrs.evolve(stated, length=LENGTH)
    if policies.approval is None:
        stated = attrs.evolve(stated, approval=True)
    return attrs.evolve(programme, policies=stated)


def _format(name: str, registry: Registry) -> Topology | Practice:
    try:
        found: Topology | Practice = registry.bind("formats", Choice(name), "")
    except Invalid as error:
        faults = [Fault("--format", fault.sentence) for fault in error.faults]
        raise Invalid(faults=faults) from None
    return found


def _fitting(practices: list[Practice], registry: Registry) -> Topology:
    needs = {fact for practice in practices for fact in practice.needs}
    formats = [_format(name, registry) for name in registry.names("formats")]
    able = [one for one in formats if isinstance(one, Topology) and needs <= set(one.facts)]
    if not able:
        raise Invalid("--format", f"no topology has all of {', '.join(sorted(needs))}")
    usual = Programme().topology
    return min(able, key=lambda one: (one.name != usual, len(one.facts), one.name))


def changes(programme: Programme) -> dict[str, str]:
    """What a coordinator would write into the proposed file, as TOML."""
    practices = ", ".join(f'"{name}"' for name in programme.practices)
    lines = {
        "name": f'"{programme.name}"',
        "topology": f'"{programme.topology}"',
        "practices": f"[{practices}]",
    }
    if programme.policies.length is not None:
        lines["policies.length"] = str(programme.policies.length)
    if programme.policies.approval is not None:
        lines["policies.approval"] = str(programme.policies.approval).lower()
    return lines


def day(at: datetime.datetime) -> str:
    """A day in words."""
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
