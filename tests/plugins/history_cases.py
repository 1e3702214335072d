"""Pasts of relationships, made by hand or drawn, for the rules that look at them; and events."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import attrs
import hypothesis.strategies as st

from mentorkit import Agreement, Event, Goal, History, Message, Relationship, Session
from mentorkit.models import Member, Pause
from mentorkit.registry import installed

BEGUN = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
LONG, SHORT = ("proposed", "agreeing", "active", "closed"), ("booked", "met", "closed")
ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland", "America/St_Johns")


def bound(slot: str, name: str, **settings: Any) -> Any:
    """The installed kind's object."""
    kind = installed().get(slot, name)
    return kind.bind(kind.settings(**settings))


def session(number: int, ends: float, state: str = "held", **held: Any) -> Session:
    """A meeting of the relationship r that ends some days after it began."""
    end = BEGUN + ends * DAY
    return Session(
        id=held.pop("id", f"s{number}"),
        programme="p",
        relationship="r",
        number=number,
        title=Message("meeting", "Meeting"),
        starts=end - datetime.timedelta(minutes=held.pop("minutes", 60)),
        ends=end,
        state=state,
        **held,
    )


def relationship(
    stage: str = "active",
    people: Iterable[str] = ("ann", "bo"),
    path: tuple[str, ...] = LONG,
    **held: Any,
) -> Relationship:
    """One whose stages were entered at once, mentees after their mentor."""
    roles = ("mentor", *["mentee"] * 9)
    passed = path[: path.index(stage) + 1]
    return Relationship(
        id=held.pop("id", "r"),
        programme="p",
        members=tuple(Member(person, role) for person, role in zip(people, roles, strict=False)),
        path=path,
        stage=stage,
        since=held.pop("since", dict.fromkeys(passed, BEGUN)),
        **held,
    )


def in_order(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """The sessions in the order of their start, as a history has them."""
    return tuple(sorted(sessions, key=lambda held: (held.starts, held.id)))


def goal(number: int, state: str = "agreed", owner: str = "ann", **held: Any) -> Goal:
    """A goal of the relationship r."""
    return Goal(
        id=f"g{number}",
        programme="p",
        relationship="r",
        owner=owner,
        title="Speak up in meetings",
        state=state,
        **held,
    )


@st.composite
def sessions(draw: Any, people: tuple[str, ...] = ("ann", "bo"), most: int = 8) -> Any:
    """Meetings in any state; somebody may have come to one that was missed."""
    made = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        state = draw(st.sampled_from(("held", "held", "planned", "cancelled", "missed")))
        came = draw(st.lists(st.sampled_from(people), unique=True))
        attended = came if state in ("held", "missed") else ()
        made.append(
            session(
                number,
                draw(st.integers(0, 100)),
                state,
                minutes=draw(st.integers(5, 120)),
                attended=tuple(attended),
                chat=number == 0 and draw(st.booleans()),
            )
        )
    return in_order(made)


@st.composite
def pauses(draw: Any, begun: datetime.datetime, closed: datetime.datetime | None) -> Any:
    """Pauses in the order of time, of which the last may go on still; and whether it does."""
    made, at = [], begun
    for _ in range(draw(st.integers(0, 3))):
        at += draw(st.integers(0, 50)) * DAY
        until = (at + draw(st.integers(1, 60)) * DAY).date()
        if closed is not None and at >= closed:
            break
        ended = at + draw(st.integers(1, 70)) * DAY
        made.append(
            Pause(begun=at, until=until, ended=ended if closed is None else min(ended, closed))
        )
        at = ended
    lasts = bool(made) and closed is None and draw(st.booleans())
    if lasts:
        made[-1] = Pause(begun=made[-1].begun, until=made[-1].until)
    return tuple(made), lasts


@st.composite
def histories(draw: Any, own: str = "r", everyone: tuple[str, ...] = tuple("abcdef")) -> History:
    """A past at any stage of either path."""
    path = draw(st.sampled_from((LONG, LONG, SHORT)))
    stage = draw(st.sampled_from(path))
    outcome = None
    passed = path[: path.index(stage) + 1]
    if stage == "closed":
        outcome = draw(st.sampled_from(("completed", "ended", "declined", "expired")))
        never = outcome in ("declined", "expired")
        passed = (path[0], "closed") if never else path
    steps = draw(st.lists(st.integers(0, 40), min_size=len(passed), max_size=len(passed)))
    since = {name: BEGUN + sum(steps[: at + 1]) * DAY for at, name in enumerate(passed)}
    people = tuple(draw(st.lists(st.sampled_from(everyone), min_size=2, max_size=4, unique=True)))
    begins = draw(st.dates(datetime.date(2026, 3, 1), datetime.date(2026, 5, 1)))
    agreement = Agreement(
        starts=begins,
        ends=begins + draw(st.integers(0, 200)) * DAY,
        timezone=draw(st.sampled_from(ZONES)),
    )
    rested, lasts = (), False
    if "active" in since:
        rested, lasts = draw(pauses(since["active"], since.get("closed")))
    states = draw(
        st.lists(st.sampled_from(("proposed", "agreed", "reached", "dropped")), max_size=3)
    )
    held = relationship(
        stage,
        people,
        path,
        id=own,
        pauses=rested,
        since=since,
        outcome=outcome,
        agreement=draw(st.sampled_from((agreement, agreement, agreement, None))),
    )
    return History(
        relationship=attrs.evolve(held, stage="paused") if lasts else held,
        sessions=draw(sessions(people)) if outcome not in ("declined", "expired") else (),
        goals=tuple(goal(at, state, people[0]) for at, state in enumerate(states)),
    )


def events(words: st.SearchStrategy[str]) -> st.SearchStrategy[Event]:
    """Any events, whose names and facts are such words."""
    return st.builds(
        Event,
        id=words,
        at=st.datetimes(timezones=st.just(datetime.UTC)),
        kind=words,
        subject=words,
        programme=st.none() | words,
        relationship=st.none() | words,
        people=st.lists(words, max_size=3).map(tuple),
        facts=st.dictionaries(words, words | st.integers(), max_size=3),
    )
