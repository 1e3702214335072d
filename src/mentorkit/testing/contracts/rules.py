"""The contract of a Rule: a signal or an award, which its verdicts tell."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, get_args

import attrs

from mentorkit.interfaces import Passing, Watching
from mentorkit.models import Effect, History, Signal, Verdict
from mentorkit.testing.contracts import pasts
from mentorkit.testing.contracts.check import Subject, expect


def it_yields_verdicts(subject: Subject) -> None:
    """`judge` yields Verdicts, and comes to an end, whatever the history."""
    _everywhere(subject, lambda history, verdicts: None)


def it_is_a_signal_or_an_award(subject: Subject) -> None:
    """Either every verdict's effect is award, or each is one of hold, nudge, flag and review."""
    seen: set[str] = set()

    def test(history: History, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            known = verdict.effect in get_args(Effect)
            expect(known, f"the effect of {verdict.key!r} is {verdict.effect!r}")
            seen.add(verdict.effect)
        both = "award" in seen and len(seen) > 1
        expect(not both, f"it awards and signals at once: {', '.join(sorted(seen))}")

    _everywhere(subject, test)


def keys_differ(subject: Subject) -> None:
    """Each verdict has a key of its own, under which it is acted on once."""
    _everywhere(
        subject,
        lambda history, verdicts: pasts.keys_differ((held.key for held in verdicts), "judge"),
    )


def it_concerns_members(subject: Subject) -> None:
    """Whoever is named is a member of the relationship, and is named once."""

    def test(history: History, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            pasts.members_only(verdict.people, history, verdict.key)

    _everywhere(subject, test)


def it_says_why(subject: Subject) -> None:
    """Every verdict has a Message that can be read."""

    def test(history: History, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            pasts.sentence(verdict.message, f"the message of {verdict.key!r}")

    _everywhere(subject, test)


def concerns_single_nobody_out(subject: Subject) -> None:
    """What it says for the concerns in a history is of all members: a concern is nobody's.

    Whoever was named would pass for the one whose answer was low.
    """

    def test(history: History, verdicts: list[Verdict]) -> None:
        without = attrs.evolve(history, concerns=())
        plain = {held.key for held in _listed(subject.bound(), without)}
        for verdict in verdicts:
            alike = not verdict.people or set(verdict.people) == set(history.relationship.people)
            expect(alike or verdict.key in plain, f"{verdict.key!r} names {verdict.people}")

    _everywhere(subject, test)


def it_names_the_surveys_it_watches(subject: Subject) -> None:
    """One that is Watching says so of every survey whose concerns change its verdicts."""
    rule = subject.bound()
    watched = rule.watches if isinstance(rule, Watching) else frozenset()
    proper = isinstance(watched, frozenset) and all(isinstance(held, str) for held in watched)
    expect(proper, f"watches is {watched!r}, not a frozenset of names")

    def test(history: History, verdicts: list[Verdict]) -> None:
        others = tuple(held for held in history.concerns if held.survey in watched)
        told = [held.key for held in _listed(rule, attrs.evolve(history, concerns=others))]
        same = told == [held.key for held in verdicts]
        expect(same, "it rests on concerns of a survey that it does not watch")

    _everywhere(subject, test)


def nothing_passes_while_it_holds(subject: Subject) -> None:
    """One that is Passing says True or False, and False of what it gives a verdict on."""
    rule = subject.bound()
    if not isinstance(rule, Passing):
        return

    def test(history: History, verdicts: list[Verdict]) -> None:
        keys = {held.key for held in verdicts}
        for verdict in verdicts:
            expect(
                rule.passed(_raised(verdict, history), history) is False,
                f"{verdict.key!r} holds, and has passed",
            )
        for signal in history.signals:
            told = rule.passed(signal, history)
            expect(told is True or told is False, f"passed gave {told!r}, not True or False")
            expect(not (told and signal.key in keys), f"{signal.key!r} holds, and has passed")

    _everywhere(subject, test)


def _raised(verdict: Verdict, history: History) -> Signal:
    """The signal that a verdict leads to."""
    return Signal(
        id="raised",
        programme=history.relationship.programme,
        relationship=history.relationship.id,
        rule="rule",
        key=verdict.key,
        effect=verdict.effect,
        message=verdict.message,
        people=verdict.people or history.relationship.people,
        raised=verdict.at or datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC),
    )


def its_evidence_is_there(subject: Subject) -> None:
    """Evidence is a tuple of ids of what the history holds."""

    def test(history: History, verdicts: list[Verdict]) -> None:
        known = _ids(history)
        for verdict in verdicts:
            proper = isinstance(verdict.evidence, tuple)
            expect(proper, f"the evidence of {verdict.key!r} is not a tuple of ids")
            for held in verdict.evidence:
                expect(held in known, f"{verdict.key!r} rests on {held!r}, which is not there")

    _everywhere(subject, test)


def it_says_from_when(subject: Subject) -> None:
    """`at` is an instant in UTC, or None for at once."""

    def test(history: History, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            if verdict.at is not None:
                pasts.in_utc(verdict.at, f"at of {verdict.key!r}")

    _everywhere(subject, test)


def the_same_verdicts_twice(subject: Subject) -> None:
    """The same history gives the same verdicts, from a newly bound rule too."""

    def test(history: History) -> None:
        rule = subject.bound()
        judged = (_listed(one, history) for one in (rule, rule, subject.bound()))
        pasts.agree("verdicts", judged)

    pasts.for_each(test)


def the_history_is_left_alone(subject: Subject) -> None:
    """A history is only read."""
    pasts.for_each(
        lambda history: pasts.left_alone(history, lambda: _listed(subject.bound(), history)),
    )


def _ids(history: History) -> set[str]:
    held = (history.sessions, history.goals, history.requests, history.signals, history.awards)
    return {history.relationship.id, *(each.id for some in held for each in some)}


def _everywhere(subject: Subject, test: Callable[[History, list[Verdict]], None]) -> None:
    rule = subject.bound()
    pasts.for_each(lambda drawn: test(drawn, _listed(rule, drawn)))


def _listed(rule: Any, history: History) -> list[Verdict]:
    return pasts.listed(rule.judge(history), Verdict, "judge")


RULE = (
    it_yields_verdicts,
    it_is_a_signal_or_an_award,
    keys_differ,
    it_concerns_members,
    it_says_why,
    concerns_single_nobody_out,
    it_names_the_surveys_it_watches,
    nothing_passes_while_it_holds,
    its_evidence_is_there,
    it_says_from_when,
    the_same_verdicts_twice,
    the_history_is_left_alone,
)
