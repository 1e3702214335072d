"""Reads what a call names: rosters, mapping, programme, and people by id or name."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import click

from mentorkit import codec
from mentorkit.cli.progress import aside
from mentorkit.enrolment import (
    Enrolment,
    Proposal,
    RoleRule,
    load_map,
    propose,
    propose_programme,
    read_people,
    write_programme,
)
from mentorkit.errors import Fault, Invalid
from mentorkit.models import Blueprint, Choice, Pair, Participant, Person, Programme
from mentorkit.registry import Registry
from mentorkit.wording import counted

DIGITS = 20


def say(sentence: str) -> None:
    """Tell the reader something beside the result."""
    with aside():
        click.echo(sentence, err=True)


def enrolled(
    files: Sequence[Path],
    mapping: Path | None,
    registry: Registry,
    skip_faulty: bool,
    role: str | None = None,
    encoding: str | None = None,
) -> Enrolment:
    """The people in the files, by the mapping or by a proposed one.

    The `encoding`, where it is stated, goes before the mapping's.
    All take part in the `role`, if there is only that one, where neither mapping nor columns
    tell. Faulty rows stop everything unless they are to be skipped, which is told.
    """
    if mapping is None:
        # What is wrong with a file itself, no mapping mends.
        proposal = propose(files, registry, encoding)
        say("no mapping given: columns are read by their names (mentorkit map shows how)")
        _doubts(proposal)
    try:
        column_map = proposal.column_map() if mapping is None else load_map(mapping)
        if role is not None and not column_map.roles:
            column_map = attrs.evolve(column_map, roles={role: RoleRule()})
        if encoding is not None:
            column_map = attrs.evolve(column_map, encoding=encoding)
        enrolment = read_people(files, column_map, registry)
    except Invalid as error:
        if mapping is None:
            hint = Fault("", "mentorkit init with these files writes a mapping to be completed")
            raise Invalid(faults=[*error.faults, hint]) from None
        raise
    told = () if mapping is not None else proposal.notes
    for note in enrolment.notes:
        if note not in told:
            say(f"note: {note}")
    if enrolment.faults and not skip_faulty:
        hint = Fault("", "nothing was done; --skip-faulty goes on with the good rows")
        raise Invalid(faults=[*enrolment.faults[:19], hint])
    if enrolment.faults:
        say(f"{counted(len(enrolment.faults), 'fault')} in the rows; the good rows go on alone:")
        for fault in enrolment.faults:
            say(f"  {fault}")
    return enrolment


def proposed(files: Sequence[Path], registry: Registry, encoding: str | None) -> Proposal:
    """A mapping for the files, as far as it can be guessed; its doubts are told."""
    proposal = propose(files, registry, encoding)
    _doubts(proposal)
    return proposal


def _doubts(proposal: Proposal) -> None:
    for note in proposal.notes:
        say(f"note: {note}")


def programme_for(
    proposal: Proposal, files: Sequence[Path], registry: Registry, starts: datetime.date | None
) -> str:
    """The text of a programme that fits the people in the files."""
    people: tuple[Participant, ...] = ()
    if "id" in proposal.fields:
        column_map = proposal.column_map()
        if not column_map.roles:
            everybody = {role: RoleRule() for role in ("mentee", "mentor")}
            column_map = attrs.evolve(column_map, roles=everybody)
        people = read_people(files, column_map, registry).people
    if "id" not in proposal.fields or not proposal.roles:
        say("the mapping is not complete: see the lines in it that begin with #")
    return write_programme(propose_programme(people, starts), to_edit=True)


def only_role(blueprint: Blueprint) -> str | None:
    """The role of everybody, where a programme has only one."""
    return blueprint.roles[0].name if len(blueprint.roles) == 1 else None


def chosen_programme(
    file: Path | None,
    people: Sequence[Participant],
    matcher: str | None,
    starts: datetime.date | None,
    seed: int | None,
    weights: str | None,
) -> Programme:
    """The programme in the file, or one proposed for these people, with the call's changes."""
    if file is None:
        programme = propose_programme(people, starts)
        uses = ", ".join(f"{name} ({use.weight})" for name, use in programme.criteria.items())
        say(f"no programme given: matched on {uses or 'nothing but the rules'}")
    else:
        programme = codec.from_toml(Programme, file, no_mapping)
    if starts is not None:
        programme = attrs.evolve(programme, starts=starts)
    if matcher is not None:
        policies = attrs.evolve(programme.policies, matcher=Choice(matcher))
        programme = attrs.evolve(programme, policies=policies)
    if seed is not None:
        programme = attrs.evolve(programme, seed=seed)
    return _weighted(programme, weights) if weights else programme


def no_mapping(data: dict[str, Any]) -> dict[str, Any]:
    """Refuse what is no programme but a mapping."""
    if "fields" in data or "roles" in data:
        raise Invalid("", "this looks like a mapping; give it with --map")
    return data


def _weighted(programme: Programme, weights: str) -> Programme:
    criteria = dict(programme.criteria)
    for part in weights.split(","):
        name, _, number = (word.strip() for word in part.partition("="))
        if name not in criteria:
            known = ", ".join(criteria) or "none"
            raise Invalid(
                "--weights", f"there is no criterion {name!r}; this programme has {known}"
            )
        if not number.isdecimal():
            raise Invalid("--weights", f"{part.strip()!r} must be a whole number, like {name}=3")
        # Python reads no number of more than 4300 digits, and no weight has more than seven.
        weight = int(number) if len(number) <= DIGITS else 10**DIGITS
        criteria[name] = attrs.evolve(criteria[name], weight=weight)
    return attrs.evolve(programme, criteria=criteria)


def named_pairs(
    option: str, pairs: Sequence[tuple[str, str]], people: Sequence[Participant], roles: Pair
) -> tuple[Pair, ...]:
    """Pairs as typed, by id or by name and either way round, as ids in the roles' order."""
    return tuple(_pair(option, pair, people, roles) for pair in pairs)


def _pair(option: str, pair: Pair, people: Sequence[Participant], roles: Pair) -> Pair:
    held = {participant.id: participant for participant in people}
    persons = [participant.person for participant in people]
    first, second = (held[named_person(option, word, persons)] for word in pair)
    orders = ((first, second), (second, first))
    for left, right in orders:
        if left.roles.get(roles[0]) and right.roles.get(roles[1]):
            return left.id, right.id
    asked = f"one must be a {roles[0]} and the other a {roles[1]}, each with room"
    if roles[0] == roles[1]:
        asked = f"each must be a {roles[0]} with room"
    raise Invalid(f"{option} {pair[0]!r} {pair[1]!r}", asked)


def named_person(option: str, word: str, people: Sequence[Person], otherwise: str = "") -> str:
    """The id of the one among these people who has this id or name.

    Invalid where there is none, with the words of `otherwise` or else with the nearest names.
    """
    found = people_named(word, people)
    if len(found) == 1:
        return found[0].id
    if found:
        ids = ", ".join(held.id for held in found)
        raise Invalid(option, f"{word!r} is the name of several people; give one id of {ids}")
    if otherwise:
        raise Invalid(option, otherwise)
    folded = word.strip().casefold()
    parts = {held.name for held in people if folded in held.name.casefold()}
    known = {text for held in people for text in (held.id, held.name) if text}
    near = sorted(parts)[:3] or difflib.get_close_matches(word, sorted(known), 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise Invalid(option, f"nobody has the id or name {word!r}{hint}")


def people_named(word: str, people: Iterable[Person]) -> list[Person]:
    """Those among these people whom a word may mean: an id, a name, or a name and the id."""
    people = list(people)
    plain = " ".join(word.casefold().split())
    return [held for held in people if held.id == word.strip()] or [
        held for held in people if plain in _words(held)
    ]


def _words(person: Person) -> tuple[str, str, str]:
    name = " ".join(person.name.split())
    return person.id.casefold(), name.casefold(), f"{name} ({person.id})".casefold()


@contextmanager
def naming(programme: Path | None, matcher: str | None) -> Iterator[None]:
    """Put the programme's file before the places in it that an error names.

    A matcher that the call names is the call's, not the file's.
    """
    try:
        yield
    except Invalid as error:
        keys = tuple(field.name for field in attrs.fields(Programme))
        faults = [
            Fault(f"{programme.name}: {fault.path}", fault.sentence)
            if programme
            and fault.path.startswith(keys)
            and not (matcher and fault.path.startswith("policies.matcher"))
            else fault
            for fault in error.faults
        ]
        raise Invalid(faults=faults) from None
