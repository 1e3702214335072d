"""Composes a topology, practices and a programme's overrides to one blueprint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from mentorkit.errors import Conflict, Fault, Invalid, below
from mentorkit.interfaces import Format
from mentorkit.models import (
    SLOTS,
    Blueprint,
    Choice,
    Fragment,
    FrozenMap,
    Policies,
    Practice,
    Programme,
    Topology,
)
from mentorkit.registry import Registry


def compose(
    topology: Topology, practices: Iterable[Practice] = (), overrides: Programme | None = None
) -> Blueprint:
    """The blueprint of a format. Pure, and the order of the practices never matters.

    Uses unite by name: one name with two contents is a Conflict that names both sources,
    and so are two values for one policy among the practices. A practice's policy goes
    before the topology's, and what the overrides state goes before all. A practice that
    needs a fact the topology lacks is a Conflict too.
    """
    practices = sorted(practices, key=lambda practice: practice.name)
    for practice in practices:
        _check_facts(topology, practice)
    programme = overrides or Programme()
    sources: list[tuple[str, Fragment]] = [(f"topology {topology.name!r}", topology)]
    sources += [(f"practice {practice.name!r}", practice) for practice in practices]
    return Blueprint(
        topology=topology.name,
        practices=tuple(practice.name for practice in practices),
        shape=topology.shape,
        roles=topology.roles,
        path=topology.path,
        facts=topology.facts,
        policies=_overridden(topology.policies, _agreed(practices), programme.policies),
        **{slot: _united(slot, sources) | getattr(programme, slot) for slot in SLOTS},
    )


def blueprint_of(programme: Programme, registry: Registry) -> Blueprint:
    """The blueprint of a programme, its topology and practices found by name."""
    topology = _format(programme.topology, registry, "topology")
    if not isinstance(topology, Topology):
        raise Invalid("topology", f"{programme.topology!r} is a practice; list it in practices")
    practices = []
    for index, name in enumerate(programme.practices):
        practice = _format(name, registry, f"practices[{index}]")
        if not isinstance(practice, Practice):
            raise Invalid(f"practices[{index}]", f"{name!r} is a topology; a programme has one")
        practices.append(practice)
    return compose(topology, practices, programme)


def _format(name: str, registry: Registry, path: str) -> Format:
    """The topology or practice of that name; `path` is the name's own place."""
    try:
        found: Format = registry.bind("formats", Choice(name), "")
    except Invalid as error:
        faults = [Fault(path, fault.sentence) for fault in error.faults]
        raise Invalid(faults=faults) from None
    return found


def _check_facts(topology: Topology, practice: Practice) -> None:
    missing = sorted(set(practice.needs) - set(topology.facts))
    if missing:
        raise Conflict(
            f"practice {practice.name!r} does not go with topology {topology.name!r}:"
            f" it needs {', '.join(missing)}"
        )


def _united(slot: str, sources: list[tuple[str, Fragment]]) -> FrozenMap[Any]:
    """All uses by name; the first source of each name is kept to be named in a conflict."""
    uses: dict[str, tuple[str, object]] = {}
    for source, fragment in sources:
        for name, use in getattr(fragment, slot).items():
            first, other = uses.setdefault(name, (source, use))
            if other != use:
                place = below(slot, name)
                raise Conflict(f"{place} means one thing in {first}, another in {source}")
    return FrozenMap({name: use for name, (_, use) in uses.items()})


def _agreed(practices: list[Practice]) -> Policies:
    """The practices' policies together."""
    stated: dict[str, tuple[str, Any]] = {}
    for practice in practices:
        for name, value in _stated(practice.policies).items():
            first, other = stated.setdefault(name, (practice.name, value))
            if other != value:
                raise Conflict(
                    f"practices {first!r} and {practice.name!r} do not go together:"
                    f" they set policy {name!r} to {_words(other)} and {_words(value)}"
                )
    return Policies(**{name: value for name, (_, value) in stated.items()})


def _words(value: object) -> str:
    if not isinstance(value, Choice):
        return str(value)
    settings = ", ".join(f"{name} {held}" for name, held in value.settings.items())
    return f"{value.kind} ({settings})" if settings else value.kind


def _overridden(*layers: Policies) -> Policies:
    """What the last layer that states a policy says of it."""
    return Policies(**{name: value for layer in layers for name, value in _stated(layer).items()})


def _stated(policies: Policies) -> dict[str, Any]:
    held = attrs.asdict(policies, recurse=False)
    return {name: value for name, value in held.items() if value is not None}
