"""What rules and surveys are shown: pasts whose parts hang together.

Stages were entered in order, meetings took place while the relationship lasted, and everyone
who is named is a member.
"""

from __future__ import annotations

import datetime
from typing import Literal, get_args

import hypothesis.strategies as st

from mentorkit.models import (
    Agreement,
    Award,
    Concern,
    Deed,
    Goal,
    History,
    Insight,
    Member,
    Message,
    Outcome,
    Pause,
    Progress,
    Question,
    Relationship,
    Request,
    Session,
    Signal,
)
from mentorkit.models.history import What
from mentorkit.models.insight import INSIGHT_STATES
from mentorkit.testing.strategies.picks import Picks, written

BEGUN = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
PEOPLE = tuple(f"person-{number:02}" for number in range(8))

State = Literal["planned", "held", "cancelled", "missed"]
LONG, SHORT = ("proposed", "agreeing", "active", "closed"), ("booked", "met", "closed")
_DAY = datetime.timedelta(days=1)
QUESTIONS = (
    Question(id="useful", text=Message("useful", "How useful is it?"), audience="aggregate"),
    Question(id="trouble", text=Message("trouble", "Is there trouble?"), audience="coordinator"),
)


def histories() -> st.SearchStrategy[History]:
    """The pasts of relationships of two to four people, at every stage of either path."""
    return written(150, history_from)


def history_from(picks: Picks, own: str = "r0") -> History:
    """The history that these picks write down."""
    relationship = _relationship(picks, own)
    sessions = _sessions(picks, relationship)
    return History(
        relationship=relationship,
        sessions=sessions,
        goals=tuple(_goal(picks, relationship, number) for number in range(picks.upto(2))),
        requests=tuple(
            _request(picks, relationship, sessions, number) for number in range(picks.upto(2))
        ),
        signals=tuple(_signal(picks, relationship, number) for number in range(picks.upto(1))),
        awards=tuple(_award(picks, relationship, number) for number in range(picks.upto(1))),
        deeds=_deeds(picks, relationship),
        concerns=_concerns(picks),
        insights=tuple(_insight(picks, relationship, number) for number in range(picks.upto(2))),
    )


def _relationship(picks: Picks, own: str) -> Relationship:
    path = picks.one((LONG, LONG, SHORT))
    entered = path[: picks.one((1, 3, 3, 4, 2))]
    outcome: Outcome | None = None
    if "closed" in entered:
        outcome = picks.one(("completed", "ended", "declined"))
    if outcome == "declined":
        entered = (path[0], "closed")
    since, at = {}, BEGUN
    for stage in entered:
        since[stage] = at
        at += picks.one((3, 0, 40, 10)) * _DAY + datetime.timedelta(minutes=picks.upto(200))
    place = picks.upto(4)
    people = PEOPLE[place : place + 2 + picks.one((0, 0, 1, 2))]
    mentees = tuple(Member(person, "mentee") for person in people[1:])
    active = since.get("active")
    pauses = _pauses(picks, active, since.get("closed")) if active else ()
    lasts = bool(pauses) and pauses[-1].ended is None
    if pauses:
        since["paused"] = pauses[0].begun
    return Relationship(
        id=own,
        version=picks.upto(9),
        programme="programme",
        members=(*mentees, Member(people[0], "mentor")),
        path=path,
        stage="paused" if lasts else entered[-1],
        since=since,
        outcome=outcome,
        accepted=people if len(entered) > 1 and outcome != "declined" else people[:1],
        signed=people if active else (),
        agreement=picks.one((_agreement(picks, active or BEGUN),) * 3 + (None,)),
        pauses=pauses,
    )


def _pauses(
    picks: Picks, begun: datetime.datetime, closed: datetime.datetime | None
) -> tuple[Pause, ...]:
    """One after the other; the last one may go on still, where nothing has closed."""
    found, at = [], begun
    for _ in range(picks.one((0, 0, 1, 2))):
        at += picks.one((10, 30, 1)) * _DAY
        if closed is not None and at >= closed:
            break
        until = at + picks.one((20, 5, 60)) * _DAY
        found.append(Pause(begun=at, until=until.date(), ended=min(until, closed or until)))
        at = until
    if found and closed is None and picks.one((False, True)):
        found[-1] = Pause(begun=found[-1].begun, until=found[-1].until)
    return tuple(found)


def _agreement(picks: Picks, active: datetime.datetime) -> Agreement:
    starts = active.date()
    return Agreement(
        starts=starts,
        ends=starts + picks.one((90, 30, 180, 0)) * _DAY,
        cadence=picks.one((14, 7, 28)),
        minutes=picks.one((60, 30)),
        timezone=picks.one(("Europe/Berlin", "UTC", "America/St_Johns")),
    )


def _sessions(picks: Picks, of: Relationship) -> tuple[Session, ...]:
    starts = of.since.get("active", of.since.get("booked"))
    if starts is None:
        return ()
    found = []
    most = picks.one((0, 3, 2, 4, 1))
    for number in range(1, 1 + (min(most, 1) if of.path == SHORT else most)):
        starts += picks.one((14, 7, 1, 35)) * _DAY
        state: State = picks.one(("held", "held", "planned", "missed", "cancelled"))
        found.append(
            Session(
                id=f"{of.id}-session-{number}",
                programme=of.programme,
                relationship=of.id,
                number=number,
                step=picks.one((None, None, "kick-off")),
                title=Message("meeting", "Meeting {number}", {"number": number}),
                starts=starts,
                ends=starts + datetime.timedelta(minutes=picks.one((60, 30, 90))),
                timezone=picks.one(("UTC", "Europe/Berlin")),
                state=state,
                attended=picks.part(of.people) if state == "held" else (),
            )
        )
    return tuple(found)


def _goal(picks: Picks, of: Relationship, number: int) -> Goal:
    state: Literal["agreed", "proposed", "reached", "dropped"]
    state = picks.one(("agreed", "proposed", "reached", "dropped"))
    smart = picks.one((False, True))
    return Goal(
        id=f"{of.id}-goal-{number}",
        programme=of.programme,
        relationship=of.id,
        owner=picks.one(of.people),
        title="lead a meeting every week",
        metric="meetings" if smart else "",
        baseline=0.0 if smart else None,
        target=4.0 if smart else None,
        due=BEGUN.date() + picks.one((30, 90)) * _DAY if smart else None,
        accepted=picks.part(of.people) if state == "proposed" else of.people,
        state=state,
        progress=tuple(
            Progress(
                on=BEGUN.date() + (7 + week) * _DAY, value=float(week), by=picks.one(of.people)
            )
            for week in range(picks.upto(2))
        ),
    )


def _request(picks: Picks, of: Relationship, sessions: tuple[Session, ...], number: int) -> Request:
    asked = BEGUN + picks.one((10, 20, 50)) * _DAY
    state: Literal["answered", "open", "closed"] = picks.one(("answered", "open", "closed"))
    return Request(
        id=f"{of.id}-request-{number}",
        programme=of.programme,
        relationship=of.id,
        person=picks.one(of.people),
        survey=picks.one(("pulse", "after-session")),
        key=str(number),
        questions=QUESTIONS,
        asked=asked,
        until=asked + picks.one((7, 14)) * _DAY,
        session=picks.one((None, *(session.id for session in sessions))),
        state=state,
        answers={"trouble": picks.one((1, 3, 5))} if state == "answered" else {},
    )


def _signal(picks: Picks, of: Relationship, number: int) -> Signal:
    return Signal(
        id=f"{of.id}-signal-{number}",
        programme=of.programme,
        relationship=of.id,
        rule="silent",
        key=str(number),
        effect=picks.one(("nudge", "flag", "hold", "review")),
        message=Message("quiet", "It has become quiet"),
        people=picks.part(of.people),
        raised=BEGUN + 30 * _DAY,
        state=picks.one(("raised", "settled")),
    )


def _deeds(picks: Picks, of: Relationship) -> tuple[Deed, ...]:
    found, at = [], BEGUN
    for _ in range(picks.one((0, 1, 4))):
        at += picks.one((1, 0, 9, 30)) * _DAY
        what = picks.one(get_args(What))
        found.append(Deed(person=picks.one(of.people), what=what, at=at))
    return tuple(found)


def _insight(picks: Picks, of: Relationship, number: int) -> Insight:
    last = picks.upto(2)
    states = INSIGHT_STATES[: last + 1]
    return Insight(
        id=f"{of.id}-insight-{number}",
        programme=of.programme,
        relationship=of.id,
        owner=picks.one(of.people),
        words="(not shown)",
        source=picks.one(("", "Finance", "IT")),
        state=states[-1],
        since={state: BEGUN + 9 * at * _DAY for at, state in enumerate(states, 1)},
    )


def _concerns(picks: Picks) -> tuple[Concern, ...]:
    survey = picks.one(("trust", "goal-check", "pulse"))
    return tuple(
        Concern(survey=survey, key=str(number), at=BEGUN + 30 * number * _DAY)
        for number in range(1, 1 + picks.one((0, 0, 1, 2)))
    )


def _award(picks: Picks, of: Relationship, number: int) -> Award:
    return Award(
        id=f"{of.id}-award-{number}",
        programme=of.programme,
        relationship=of.id,
        person=picks.one(of.people),
        rule="milestones",
        key=str(number),
        title=Message("met", "You have met"),
        granted=BEGUN + 30 * _DAY,
        giver=picks.one((None, *of.people)),
        state=picks.one(("granted", "granted", "revoked")),
    )
