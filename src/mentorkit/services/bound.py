"""A running programme's surveys, rules and sections, bound and asked with care."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from mentorkit.errors import Fault, Invalid, PluginFailed, below
from mentorkit.interfaces import Described, Passing, Rule, Scheduler, Section, Survey, Watching
from mentorkit.models import (
    Ask,
    Blueprint,
    Choice,
    History,
    Instrument,
    ProgrammeRun,
    Signal,
    Verdict,
)
from mentorkit.registry import Registry
from mentorkit.services.work import asked

T = TypeVar("T")
SIGNALLED = frozenset({"hold", "nudge", "flag", "review"})
AWARDED = frozenset({"award"})


class Bound:
    """What the blueprint of a programme names, found in the registry."""

    def __init__(self, run: ProgrammeRun, registry: Registry) -> None:
        self.run = run
        self._registry = registry
        self._made: dict[str, dict[str, Any]] = {}

    def _slot(self, slot: str) -> dict[str, Any]:
        if slot not in self._made:
            uses = getattr(self.run.blueprint, slot)
            self._made[slot] = {
                name: self._registry.bind(slot, choice, f"{slot}.{name}")
                for name, choice in uses.items()
            }
        return self._made[slot]

    @property
    def surveys(self) -> dict[str, Survey]:
        """The surveys by the names of their uses."""
        return self._slot("surveys")

    @property
    def sections(self) -> dict[str, Section]:
        """The sections of the report by the names of their uses."""
        return self._slot("sections")

    def scheduler(self) -> Scheduler | None:
        """The scheduler, if the programme has one."""
        choice: Choice | None = self.run.blueprint.policies.scheduler
        if choice is None:
            return None
        made: Scheduler = self._registry.bind("schedulers", choice, "policies.scheduler")
        return made

    def asks(self, history: History) -> list[tuple[str, Ask]]:
        """All asks of all surveys, each with the name of the use."""
        return [
            (name, ask)
            for name, survey in self.surveys.items()
            for ask in self._listed(f"surveys.{name}", history, survey.asks, Ask)
        ]

    def signals(self, history: History) -> list[tuple[str, Verdict]]:
        """All verdicts of all signals, each with the name of the use."""
        return self._verdicts("signals", history, SIGNALLED)

    def awards(self, history: History) -> list[tuple[str, Verdict]]:
        """All verdicts of all awards, each with the name of the use."""
        return self._verdicts("awards", history, AWARDED)

    def holds(self, history: History) -> list[Verdict]:
        """What keeps a relationship from leaving its stage."""
        return [verdict for _, verdict in self.signals(history) if verdict.effect == "hold"]

    def passed(self, signal: Signal, history: History) -> bool:
        """Whether the rule that raised a signal says that nothing is left to be done about it."""
        rule = self._slot("signals").get(signal.rule)
        if not isinstance(rule, Passing):
            return False
        about = f"relationship {history.relationship.id!r}"
        return asked(f"signals.{signal.rule}", about, lambda: rule.passed(signal, history)) is True

    def _verdicts(
        self, slot: str, history: History, effects: frozenset[str]
    ) -> list[tuple[str, Verdict]]:
        rules: dict[str, Rule] = self._slot(slot)
        found = [
            (name, verdict)
            for name, rule in rules.items()
            for verdict in self._listed(f"{slot}.{name}", history, rule.judge, Verdict)
        ]
        for name, verdict in found:
            if verdict.effect not in effects:
                known = ", ".join(sorted(effects))
                raise PluginFailed(
                    f"{slot}.{name} gave the effect {verdict.effect!r}; here it is one of {known}"
                )
        return found

    def _listed(
        self, what: str, history: History, ask: Callable[[History], Iterable[T]], cls: type[T]
    ) -> list[T]:
        """What a plugin's object yields for a history, if it is sound."""
        about = f"relationship {history.relationship.id!r}"
        made = asked(what, about, lambda: list(ask(history)))
        people = set(history.relationship.people) if made else set()
        for one in made:
            if not isinstance(one, cls):
                raise PluginFailed(
                    f"{what} for {about} gave {type(one).__name__}, no {cls.__name__}"
                )
            at: datetime.datetime | None = one.at  # type: ignore[attr-defined]
            if at is not None and at.tzinfo is None:
                raise PluginFailed(f"{what} for {about} gave a time without its offset")
            if strange := sorted(set(one.people) - people):  # type: ignore[attr-defined]
                raise PluginFailed(f"{what} for {about} names {strange[0]!r}, who is no member")
        return made


def check_feedback(
    surveys: Mapping[str, Survey], signals: Mapping[str, Rule], blueprint: Blueprint
) -> None:
    """Refuse surveys that ask nobody, or say of flags what is not so, and signals of no survey."""
    roles = [role.name for role in blueprint.roles]
    watching = {name: held.watches for name, held in signals.items() if isinstance(held, Watching)}
    faults = []
    for name, survey in surveys.items():
        for role in sorted(survey.roles) if isinstance(survey, Described) else ():
            if role not in roles:
                words = f"{role!r} is no role of {blueprint.topology!r}; it has {', '.join(roles)}"
                faults.append(Fault(below("surveys", name), f"asks nobody: {words}"))
        flags = any(question.audience == "flag" for question in survey.questions)
        if flags and not any(name in watched for watched in watching.values()):
            words = "says that answers may raise a flag; add a signal on it, such as low-trust"
            faults.append(Fault(below("surveys", name), words))
    for name, watched in watching.items():
        for lacking in sorted(watched - set(surveys)):
            words = f"rests on the survey {lacking!r}, which is not there"
            faults.append(Fault(below("signals", name), words))
    if faults:
        raise Invalid(faults=faults)


def instrument(name: str, survey: Survey) -> Instrument:
    """What people may know of a survey beforehand."""
    if not isinstance(survey, Described):
        return Instrument(survey=name, questions=survey.questions)
    return Instrument(
        survey=name,
        questions=survey.questions,
        roles=tuple(sorted(survey.roles)),
        occasions=survey.occasions,
        licence=survey.licence,
        source=survey.source,
    )
