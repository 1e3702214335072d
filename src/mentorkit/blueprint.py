"""Composes a topology, practices and a programme's overrides to one blueprint."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import attrs

from mentorkit.errors import Conflict, Fault, Invalid, below
from mentorkit.interfaces import Format
from mentorkit.models import (
    SLOTS,
    AgreementTemplate,
    Blueprint,
    Choice,
    Columns,
    Fragment,
    FrozenMap,
    Participant,
    Policies,
    Practice,
    Programme,
    Protected,
    Topology,
)
from mentorkit.registry import Registry

POINTS = "agreement.points"
"""Where an agreement's points are, which unite by name as the slots do."""
PARITY = "parity"
"""How the policy is named among the uses of a protected attribute."""


def compose(
    topology: Topology, practices: Iterable[Practice] = (), overrides: Programme | None = None
) -> Blueprint:
    """The blueprint of a format. Pure, and the order of the practices never matters.

    Uses unite by name: one name with two contents is a Conflict that names both sources,
    and so are two values for one policy among the practices. A practice's policy goes
    before the topology's, and what the overrides state goes before all; of what the agreement
    starts from it is the same, and its points unite by name. A practice that needs a fact the
    topology lacks is a Conflict too. Invalid where a protected attribute is shown to a use that
    is not there, and where the overrides do without what the format has not, or rests on.
    """
    practices = sorted(practices, key=lambda practice: practice.name)
    for practice in practices:
        _check_facts(topology, practice)
    programme = overrides or Programme()
    sources: list[tuple[str, Fragment]] = [(f"topology {topology.name!r}", topology)]
    sources += [(f"practice {practice.name!r}", practice) for practice in practices]
    united = {
        table: _united(table, [(source, _table(held, table)) for source, held in sources])
        for table in (*SLOTS, POINTS)
    }
    _check_without(programme, united)
    named = {
        table: FrozenMap(
            {name: use for name, use in held.items() if below(table, name) not in programme.without}
        )
        | _table(programme, table)
        for table, held in united.items()
    }
    stated = _stated(topology.agreement) | _agreed(practices, "agreement")
    stated |= _stated(programme.agreement) | {"points": named.pop(POINTS)}
    blueprint = Blueprint(
        topology=topology.name,
        practices=tuple(practice.name for practice in practices),
        shape=topology.shape,
        roles=topology.roles,
        path=topology.path,
        facts=topology.facts,
        policies=Policies(
            **_stated(topology.policies)
            | _agreed(practices, "policies")
            | _stated(programme.policies)
        ),
        agreement=AgreementTemplate(**stated),
        protected=programme.protected,
        ratings=programme.ratings,
        **named,
    )
    _check_purposes(blueprint)
    return blueprint


def check_protected(people: Iterable[Participant], stated: Mapping[str, Protected]) -> None:
    """Refuse people who hold a protected attribute without a purpose, or not apart.

    `stated` is what the programme states of each. Invalid with the faults of all of them,
    which name no value.
    """
    if isinstance(people, Columns) and not (
        people.protected.keys() - stated.keys() or people.attributes.keys() & stated.keys()
    ):
        return
    faults = [
        fault for held in people if held.protected or stated for fault in _unprotected(held, stated)
    ]
    if faults:
        raise Invalid(faults=faults)


def check_purpose(attribute: str, stated: Mapping[str, Protected]) -> None:
    """Refuse to read a protected attribute for which no purpose is stated."""
    if attribute not in stated:
        raise Invalid(below("protected", attribute), _NO_PURPOSE.format(name=attribute))


_NO_PURPOSE = (
    "the programme states no purpose for this; state one under [protected.{name}] in it, or"
    " leave the attribute out"
)


def _unprotected(held: Participant, stated: Mapping[str, Protected]) -> Iterator[Fault]:
    person = f"person {held.id!r}"
    for name in held.protected:
        if name not in stated:
            yield Fault(f"{person}, {below('protected', name)}", _NO_PURPOSE.format(name=name))
    for name in stated:
        if name in held.person.attributes:
            yield Fault(
                f"{person}, {below('attributes', name)}",
                "is protected in this programme; state it under protected, where few see it",
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


def _check_purposes(blueprint: Blueprint) -> None:
    """What is shown to uses is shown to such as are there, and nothing protected is reported by."""
    parity = blueprint.policies.parity
    shown = parity is not None and parity.by in blueprint.protected
    known = sorted({*blueprint.criteria, *blueprint.constraints, *([PARITY] if shown else [])})
    faults = [
        Fault(
            below(below(table, name), "uses"),
            f"{use!r} is no criterion or constraint of this programme{_meant(use, known)}",
        )
        for table in ("protected", "ratings")
        for name, stated in getattr(blueprint, table).items()
        for use in stated.uses
        if use not in known or (table == "ratings" and use == PARITY)
    ]
    if parity and shown and PARITY not in blueprint.protected[parity.by].uses:
        words = f"is protected; name {PARITY} among the uses of protected.{parity.by}"
        faults.append(Fault("policies.parity.by", words))
    both = [name for name in blueprint.ratings if name in blueprint.protected]
    faults += [Fault(below("ratings", name), "is protected, too; take one out") for name in both]
    for place, by in (("by", blueprint.policies.by), ("parity.by", parity and parity.by)):
        if by in blueprint.ratings:
            faults.append(Fault(f"policies.{place}", "is a rating, by which nobody is grouped"))
    if blueprint.policies.by in blueprint.protected:
        faults.append(
            Fault("policies.by", "is protected, so no plan and no report shows it; audit by it")
        )
    if faults:
        raise Invalid(faults=faults)


def _meant(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(known) or 'none'}"


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


def _united(slot: str, sources: Iterable[tuple[str, Mapping[str, Any]]]) -> FrozenMap[Any]:
    """All uses by name; the first source of each name is kept to be named in a conflict."""
    uses: dict[str, tuple[str, object]] = {}
    for source, held in sources:
        for name, use in held.items():
            first, other = uses.setdefault(name, (source, use))
            if other != use:
                place = below(slot, name)
                raise Conflict(f"{place} means one thing in {first}, another in {source}")
    return FrozenMap({name: use for name, (_, use) in uses.items()})


def _table(held: Fragment, table: str) -> FrozenMap[Any]:
    """What a fragment states by name."""
    found: FrozenMap[Any] = held.agreement.points if table == POINTS else getattr(held, table)
    return found


def _check_without(programme: Programme, united: Mapping[str, Mapping[str, Any]]) -> None:
    """What a programme does without is there, in the format alone, and none of its constraints."""
    places = {below(table, name): table for table, held in united.items() for name in held}
    stated = {below(table, name) for table in united for name in _table(programme, table)}
    faults = []
    for at, place in enumerate(programme.without):
        if place not in places:
            words = f"{place!r} is nothing that the format has{_meant(place, list(places))}"
        elif places[place] == "constraints":
            words = f"{place!r} keeps people apart who must be; it can only be replaced"
        elif place in stated:
            words = f"{place!r} is stated by this programme, too; leave it out in one place"
        else:
            continue
        faults.append(Fault(f"without[{at}]", words))
    if faults:
        raise Invalid(faults=faults)


def _agreed(practices: list[Practice], slot: Literal["policies", "agreement"]) -> dict[str, Any]:
    """What the practices together state, each with one value."""
    stated: dict[str, tuple[str, Any]] = {}
    for practice in practices:
        for name, value in _stated(getattr(practice, slot)).items():
            first, other = stated.setdefault(name, (practice.name, value))
            if other != value and name != "points":
                what = f"policy {name!r}" if slot == "policies" else f"{slot}.{name}"
                raise Conflict(
                    f"practices {first!r} and {practice.name!r} do not go together:"
                    f" they set {what} to {_words(other)} and {_words(value)}"
                )
    return {name: value for name, (_, value) in stated.items()}


def _words(value: object) -> str:
    if not isinstance(value, Choice):
        return str(value)
    settings = ", ".join(f"{name} {held}" for name, held in value.settings.items())
    return f"{value.kind} ({settings})" if settings else value.kind


def _stated(held: Policies | AgreementTemplate) -> dict[str, Any]:
    stated = attrs.asdict(held, recurse=False)
    return {name: value for name, value in stated.items() if value is not None}
