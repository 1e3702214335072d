"""The built-in surveys: pulse, after-session.

Their texts are mentorkit's own, under its licence.
"""

from __future__ import annotations

import datetime
import itertools
import zoneinfo
from collections.abc import Iterable
from typing import Any

import attrs

import mentorkit
from mentorkit.interfaces import Kind

days_range = [attrs.validators.ge(1), attrs.validators.le(3650)]


def _question(survey: str, own: str, text: str, **settings: Any) -> mentorkit.Question:
    message = mentorkit.Message(f"{survey}.{own}", text)
    return mentorkit.Question(id=own, text=message, **settings)


@attrs.frozen
class Pulse:
    """Asks all members every `every` days of their active time; it stays open `open_for` days.

    The active time ends with the agreement's last day, or when the relationship closes. One
    without an agreement has no last day, and is not asked.
    """

    every: int = attrs.field(default=30, validator=days_range)
    open_for: int = attrs.field(default=14, validator=days_range)
    questions = (
        _question(
            "pulse",
            "useful",
            "How useful is the mentoring for you at present? 1 is not at all, 5 is very useful",
            audience="aggregate",
        ),
        _question(
            "pulse",
            "progress",
            "How far have you come towards your goals? 1 is not at all, 5 is all the way",
            audience="aggregate",
        ),
        _question(
            "pulse",
            "help",
            "Is there anything that the coordinator should help with?",
            audience="coordinator",
            form="choice",
            options=("no", "yes"),
        ),
    )

    def asks(self, history: mentorkit.History) -> Iterable[mentorkit.Ask]:
        """One ask for each round, numbered from 1."""
        begun, closed = history.since("active"), history.since("closed")
        agreement = history.relationship.agreement
        if begun is None or agreement is None:
            return
        zone = zoneinfo.ZoneInfo(agreement.timezone)
        for number in itertools.count(1):
            at = begun + datetime.timedelta(days=number * self.every)
            if at.astimezone(zone).date() > agreement.ends or (closed and at >= closed):
                return
            yield mentorkit.Ask(
                key=str(number),
                people=history.relationship.people,
                at=at,
                until=at + datetime.timedelta(days=self.open_for),
            )


@attrs.frozen
class AfterSession:
    """Asks those who attended, once after each session held; it stays open `open_for` days."""

    open_for: int = attrs.field(default=7, validator=days_range)
    questions = (
        _question(
            "after-session",
            "useful",
            "How useful was the meeting for you? 1 is not at all, 5 is very useful",
            audience="aggregate",
        ),
        _question(
            "after-session",
            "take-away",
            "What is the one thing that you take away? Only you read this",
            audience="respondent",
            form="text",
        ),
        _question(
            "after-session",
            "to-others",
            "What would you like to say to the others about the meeting? They read this",
            audience="addressed",
            form="text",
        ),
    )

    def asks(self, history: mentorkit.History) -> Iterable[mentorkit.Ask]:
        """One ask for each session held, when it ends."""
        for session in history.held:
            if session.attended:
                yield mentorkit.Ask(
                    key=session.id,
                    people=session.attended,
                    at=session.ends,
                    until=session.ends + datetime.timedelta(days=self.open_for),
                    session=session.id,
                )


@mentorkit.hookimpl
def mentorkit_surveys() -> Iterable[Kind[Any, Any]]:
    """Surveys on how it goes, by the calendar and by the meeting."""
    return [mentorkit.kind("pulse", Pulse), mentorkit.kind("after-session", AfterSession)]
