"""The built-in signals: goal-agreed holds a start, silent asks for a sign of life."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable
from typing import Any

import attrs

import mentorkit
from mentorkit.interfaces import Kind


@attrs.frozen
class GoalAgreed:
    """Holds the stage "agreeing" until there is a goal that all members accepted."""

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """A hold, as long as no goal is agreed or, already, reached."""
        agreed = any(goal.state in ("agreed", "reached") for goal in history.goals)
        if history.relationship.stage == "agreeing" and not agreed:
            yield mentorkit.Verdict(
                key="goal-agreed",
                effect="hold",
                message=mentorkit.Message(
                    "goal-agreed.hold", "A goal is missing: propose one that all members accept"
                ),
            )


@attrs.frozen
class Silent:
    """Nudges an active relationship `after` days without contact, and flags it after twice that.

    Contact is the active stage's start and each session's end: of one that was held, and of
    one that is planned, so that nobody is called silent who has a date ahead, or who only
    forgot to record one. A session that was missed or cancelled is no contact.
    """

    after: int = attrs.field(
        default=21, validator=[attrs.validators.ge(1), attrs.validators.le(3650)]
    )

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """The nudge and the flag of the present silence, under keys that hold its start."""
        begun = history.since("active")
        if history.relationship.stage != "active" or begun is None:
            return
        contacts: list[tuple[datetime.datetime, tuple[str, ...]]] = [(begun, ())]
        contacts += [
            (session.ends, (session.id,))
            for session in history.sessions
            if session.state in ("held", "planned")
        ]
        last, evidence = max(contacts)
        day = last.astimezone(_zone(history)).date().isoformat()
        for effect, days, text in (
            ("nudge", self.after, "Since {day} no meeting was held or planned: propose a time"),
            (
                "flag",
                2 * self.after,
                "For {days} days, since {day}, no meeting was held or planned",
            ),
        ):
            yield mentorkit.Verdict(
                key=f"{effect}:{last.astimezone(datetime.UTC).isoformat()}",
                effect=effect,  # type: ignore[arg-type]
                message=mentorkit.Message(f"silent.{effect}", text, {"day": day, "days": days}),
                at=last + datetime.timedelta(days=days),
                people=history.relationship.people,
                evidence=evidence,
            )


def _zone(history: mentorkit.History) -> zoneinfo.ZoneInfo:
    """Where the relationship's days begin."""
    agreement = history.relationship.agreement
    return zoneinfo.ZoneInfo(agreement.timezone if agreement else "UTC")


@mentorkit.hookimpl
def mentorkit_signals() -> Iterable[Kind[Any, Any]]:
    """Signals on the start of a relationship, and on its silence."""
    return [
        mentorkit.kind("goal-agreed", GoalAgreed),
        mentorkit.kind("silent", Silent),
    ]
