"""What people work on together."""

from __future__ import annotations

import datetime
from typing import Literal

import attrs

from mentorkit.models.message import Message
from mentorkit.models.plain import not_blank


@attrs.frozen(kw_only=True)
class Progress:
    """Where the metric stood on a day, as one of the members recorded it."""

    on: datetime.date
    value: float
    by: str


@attrs.frozen(kw_only=True)
class Goal:
    """A goal of one member, accepted by all. SMART when every part is there.

    Specific: `title`; measurable: `metric`, `baseline`, `target`; achievable: `first_step`;
    relevant: `objective`, which of the programme's it serves; time-bound: `due`. It was
    proposed at `made`.
    """

    id: str
    version: int = 0
    programme: str
    relationship: str
    owner: str
    title: str = attrs.field(validator=not_blank)
    metric: str = ""
    baseline: float | None = None
    target: float | None = None
    first_step: str = ""
    objective: str = ""
    due: datetime.date | None = None
    accepted: tuple[str, ...] = ()
    state: Literal["proposed", "agreed", "reached", "dropped"] = "proposed"
    progress: tuple[Progress, ...] = ()
    made: datetime.datetime | None = None

    def lacking(self) -> tuple[Message, ...]:
        """What it lacks to be SMART, one sentence for each missing letter."""
        measurable = self.metric and None not in (self.baseline, self.target)
        letters = (
            (len(self.title.split()) > 1, "specific", "say what will be different, in a few words"),
            (
                bool(measurable) and self.baseline != self.target,
                "measurable",
                "name a metric with its baseline and another number as its target",
            ),
            (bool(self.first_step), "achievable", "name the first step"),
            (bool(self.objective), "relevant", "name the objective of the programme it serves"),
            (self.due is not None, "time-bound", "name the day by which it is due"),
        )
        return tuple(
            Message(f"goal.{letter}", "{letter}: {advice}", {"letter": letter, "advice": advice})
            for there, letter, advice in letters
            if not there
        )
