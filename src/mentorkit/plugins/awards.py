"""The built-in awards: milestones, goal-reached, completion, giving-back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

import mentorkit
from mentorkit.interfaces import Kind


def _in_order(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(numbers)))


@attrs.frozen
class Milestones:
    """For a member's first meeting, the fifth, the tenth…, when it ends."""

    meetings: tuple[int, ...] = attrs.field(
        default=(1, 5, 10),
        converter=_in_order,
        validator=attrs.validators.deep_iterable(attrs.validators.ge(1)),
    )

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict for each member and milestone, resting on that member's meetings."""
        for person in history.relationship.people:
            attended = [session for session in history.held if person in session.attended]
            for number in self.meetings:
                if number <= len(attended):
                    yield mentorkit.Verdict(
                        key=f"meetings:{number}:{person}",
                        effect="award",
                        message=_milestone(number),
                        at=attended[number - 1].ends,
                        people=(person,),
                        evidence=tuple(session.id for session in attended[:number]),
                    )


def _milestone(number: int) -> mentorkit.Message:
    if number == 1:
        return mentorkit.Message("milestones.first", "First meeting")
    return mentorkit.Message("milestones.meetings", "{number} meetings", {"number": number})


@attrs.frozen
class GoalReached:
    """For each goal that was reached: to its owner. The goal's own words stay out of it."""

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict for each goal reached, under the goal's id."""
        for goal in history.goals:
            if goal.state == "reached":
                yield mentorkit.Verdict(
                    key=goal.id,
                    effect="award",
                    message=mentorkit.Message("goal-reached", "Goal reached"),
                    people=(goal.owner,),
                    evidence=(goal.id,),
                )


@attrs.frozen
class Completion:
    """For a mentoring that was completed, and in which they met: to all its members."""

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict, once the relationship has closed as completed."""
        relationship = history.relationship
        if relationship.outcome == "completed" and history.held:
            yield mentorkit.Verdict(
                key="completion",
                effect="award",
                message=mentorkit.Message("completion", "Mentoring completed"),
                at=history.since("closed"),
                people=relationship.people,
                evidence=(relationship.id, *(session.id for session in history.held)),
            )


@attrs.frozen
class GivingBack:
    """For whoever was mentored to the end before and mentors now: to them, once they meet."""

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict for each who gives back, resting on the first meeting that they came to."""
        for person in history.relationship.give_back:
            first = next((held for held in history.held if person in held.attended), None)
            if first is not None:
                yield mentorkit.Verdict(
                    key=f"giving-back:{person}",
                    effect="award",
                    message=mentorkit.Message("giving-back", "Mentored once, mentoring now"),
                    at=first.ends,
                    people=(person,),
                    evidence=(history.relationship.id, first.id),
                )


@mentorkit.hookimpl
def mentorkit_awards() -> Iterable[Kind[Any, Any]]:
    """Awards for meeting, for reaching goals, for seeing it through, and for giving back."""
    return [
        mentorkit.kind("milestones", Milestones),
        mentorkit.kind("goal-reached", GoalReached),
        mentorkit.kind("completion", Completion),
        mentorkit.kind("giving-back", GivingBack),
    ]
