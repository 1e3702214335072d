"""What a programme states beside its format, and what came of it: read before it runs again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.models import SLOTS, FrozenMap, Message, Programme, ProgrammeRun
from mentorkit.registry import Registry
from mentorkit.services.tallies import tallied
from mentorkit.services.work import Work
from mentorkit.store import journal
from mentorkit.store.shelves import (
    AWARDS,
    GOALS,
    RELATIONSHIPS,
    REQUESTS,
    SESSIONS,
    SIGNALS,
)

TABLES = (*SLOTS, "protected", "ratings")
"""What a programme states by name."""


@attrs.frozen(kw_only=True)
class Setting:
    """One setting that a programme states and its format has not, or otherwise, as JSON.

    `evidence` is what came of it in the programme that it is copied from, in counts; None
    where the programme's records tell nothing of it.
    """

    place: str
    of_format: str
    stated: str
    evidence: Message | None = None


@attrs.frozen(kw_only=True)
class Copied:
    """A new programme, and the settings that it has from an old one and not from its format."""

    run: ProgrammeRun
    settings: tuple[Setting, ...]


def settings_of(work: Work, old: ProgrammeRun, new: Programme) -> tuple[Setting, ...]:
    """What a copy states beside its format, in the order of the places, and the evidence."""
    told = _Evidence(work, old)
    return tuple(
        attrs.evolve(one, evidence=told.of(one.place)) for one in stated(new, work.registry)
    )


def stated(programme: Programme, registry: Registry) -> Iterator[Setting]:
    """What a programme states beside its format, in the order of the places."""
    bare = blueprint_of(
        Programme(topology=programme.topology, practices=programme.practices), registry
    )
    for field in sorted(("starts", "seed", "name", "without")):
        value = getattr(programme, field)
        if value != attrs.fields_dict(Programme)[field].default:
            yield _setting(field, None, value)
    found = [
        *_single("policies", bare.policies, programme.policies),
        *_single("agreement", bare.agreement, programme.agreement),
        *_named("agreement.points", bare.agreement.points, programme.agreement.points),
    ]
    for table in TABLES:
        found += _named(table, getattr(bare, table), getattr(programme, table))
    yield from sorted(found, key=lambda one: one.place)


def _single(place: str, bare: object, mine: attrs.AttrsInstance) -> Iterator[Setting]:
    """What has one value each."""
    for field in attrs.fields(type(mine)):
        held, its = getattr(mine, field.name), getattr(bare, field.name)
        if held is not None and held != its and not isinstance(held, FrozenMap):
            yield _setting(f"{place}.{field.name}", its, held)


def _named(place: str, bare: Mapping[str, Any], mine: Mapping[str, Any]) -> Iterator[Setting]:
    for name, held in mine.items():
        if bare.get(name) != held:
            yield _setting(f"{place}.{name}", bare.get(name), held)


def _setting(place: str, its: object, mine: object) -> Setting:
    return Setting(place=place, of_format=_words(its), stated=_words(mine))


def _words(value: object) -> str:
    """A value as JSON in a line; nothing where it is not stated."""
    if value is None:
        return ""
    return json.dumps(codec.unstructure(value), ensure_ascii=False, sort_keys=True)


class _Evidence:
    """What a programme's records tell of single settings, in counts."""

    def __init__(self, work: Work, old: ProgrammeRun) -> None:
        self._rows = work.rows
        self._old = old
        self._now = work.now()

    def of(self, place: str) -> Message | None:
        """What came of the setting of a place."""
        table, _, name = place.partition(".")
        asked = {
            "surveys": self._survey,
            "signals": self._signal,
            "awards": self._award,
            "policies": self._policy,
        }.get(table)
        return asked(name) if asked is not None else None

    def _survey(self, name: str) -> Message:
        requests = self._rows.find(REQUESTS, programme=self._old.id, survey=name)
        tallies = tallied([one for one in requests if one.state != "open"], self._now)
        values = {
            "answered": sum(bool(one.answers) for one in requests),
            "asked": len(requests),
            "told": sum(one.counts is not None for one in tallies),
        }
        words = "answered: {answered} of {asked}; questions with counts to read: {told}"
        return Message("copied.survey", words, values)

    def _signal(self, name: str) -> Message:
        found = self._rows.find(SIGNALS, programme=self._old.id, rule=name)
        words = "raised: {number}; not settled: {open}"
        unsettled = sum(one.state == "raised" for one in found)
        return Message("copied.signal", words, {"number": len(found), "open": unsettled})

    def _award(self, name: str) -> Message:
        found = self._rows.find(AWARDS, programme=self._old.id, rule=name, state="granted")
        return Message("copied.award", "granted: {number}", {"number": len(found)})

    def _policy(self, name: str) -> Message | None:
        if name == "goals":
            values = self._counted(GOALS, "reached", "dropped")
            return Message("copied.goals", "reached: {reached}; dropped: {dropped}", values)
        if name in ("cadence", "meetings", "minutes", "scheduler"):
            values = self._counted(SESSIONS, "held", "missed", "cancelled", chat=0)
            words = "meetings held: {held}, missed: {missed}, cancelled: {cancelled}"
            return Message("copied.meetings", words, values)
        if name in ("answer", "length"):
            return self._ends(name)
        return None

    def _counted(self, shelf: Any, *states: str, **where: int) -> dict[str, int]:
        found = journal.counted(self._rows, shelf.table, "state", self._old.id, **where)
        return {state: found.get(state, 0) for state in states}

    def _ends(self, name: str) -> Message:
        """How proposals or relationships ended, and how many were extended."""
        held = self._rows.find(RELATIONSHIPS, programme=self._old.id)
        values = {"all": len(held)}
        if name == "answer":
            values["expired"] = sum(one.outcome == "expired" for one in held)
            return Message("copied.answer", "proposals expired: {expired} of {all}", values)
        values["completed"] = sum(one.outcome == "completed" for one in held)
        values["extended"] = sum(
            any(each.made is not None for each in one.extensions) for one in held
        )
        words = "completed: {completed} of {all}; extended: {extended}"
        return Message("copied.length", words, values)
