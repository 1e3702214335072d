"""When the built-in signals hold, nudge and flag."""

from __future__ import annotations

import attrs
import pytest
from history_cases import (
    BEGUN,
    DAY,
    LONG,
    bound,
    goal,
    histories,
    in_order,
    relationship,
    session,
)
from hypothesis import example, given
from hypothesis import strategies as st

from mentorkit import Agreement, History

LAST = 110


@pytest.mark.parametrize("name", ["goal-agreed", "silent"])
@given(history=histories())
def test_verdicts_are_the_same_each_time_and_no_key_comes_twice(name, history):
    said = [list(bound("signals", name).judge(history)) for _ in range(2)]
    assert said[0] == said[1]
    assert len({verdict.key for verdict in said[0]}) == len(said[0])
    if history.relationship.stage == "closed":
        assert not said[0]


@pytest.mark.parametrize("stage", LONG)
@pytest.mark.parametrize(
    ("states", "there"),
    [
        ((), False),
        (("proposed",), False),
        (("dropped", "proposed"), False),
        (("proposed", "agreed"), True),
        (("reached",), True),
    ],
)
def test_the_start_is_held_until_a_goal_is_agreed(stage, states, there):
    goals = tuple(goal(at, state) for at, state in enumerate(states))
    verdicts = list(
        bound("signals", "goal-agreed").judge(
            History(relationship=relationship(stage), goals=goals)
        )
    )
    held = stage == "agreeing" and not there
    assert [(verdict.effect, verdict.at) for verdict in verdicts] == [("hold", None)] * held


@attrs.frozen
class Known:
    """A meeting's own past: known from a day, ending on a day, recorded as a state on a day."""

    known: int
    ends: int
    state: str
    recorded: int

    def on(self, day: int) -> str | None:
        """Its state as it is known on a day."""
        if day < self.known:
            return None
        return self.state if self.recorded <= day else "planned"


@st.composite
def known(draw):
    """Planned ahead or logged afterwards; recorded at once, late, or never (after the last)."""
    day, ends = draw(st.integers(0, LAST)), draw(st.integers(-10, LAST))
    state = draw(st.sampled_from(("held", "held", "missed", "cancelled")))
    first = day if state == "cancelled" else max(day, ends)
    late = draw(st.sampled_from((0, 0, 0, 3, 2 * LAST)))
    return Known(day, ends, state, first + late)


def history_on(day: int, meetings: list[Known], closed: int) -> History:
    made = [
        session(number, meeting.ends, meeting.on(day))
        for number, meeting in enumerate(meetings)
        if meeting.on(day) is not None
    ]
    stage = "closed" if day >= closed else "active"
    return History(relationship=relationship(stage), sessions=in_order(made))


def acted(after: int, meetings: list[Known], closed: int) -> list[tuple[int, str]]:
    """What the core does: it looks every day, and acts on each key once, when it is due."""
    rule, done, log = bound("signals", "silent", after=after), set(), []
    for day in range(LAST + 2 * after + 1):
        for verdict in rule.judge(history_on(day, meetings, closed)):
            if verdict.at <= BEGUN + day * DAY and verdict.key not in done:
                done.add(verdict.key)
                log.append((day, verdict.effect))
    return log


def walked(after: int, meetings: list[Known], closed: int) -> list[tuple[int, str]]:
    """Each day, count the days back to the last one with contact, unless a date lies ahead."""
    log, done = [], set()
    for day in range(min(closed, LAST + 2 * after + 1)):
        contact = {0} | {each.ends for each in meetings if each.on(day) in ("held", "planned")}
        if any(end > day for end in contact):
            continue
        quiet = 0
        while day - quiet not in contact:
            quiet += 1
        for effect, limit in (("nudge", after), ("flag", 2 * after)):
            if quiet >= limit and (effect, day - quiet) not in done:
                done.add((effect, day - quiet))
                log.append((day, effect))
    return log


@given(
    after=st.integers(1, 30),
    meetings=st.lists(known(), max_size=6),
    closed=st.integers(1, 3 * LAST),
)
@example(after=21, meetings=[], closed=100)
@example(after=21, meetings=[Known(0, 30, "missed", 31)], closed=100)
@example(after=21, meetings=[Known(0, 30, "held", 400), Known(50, 50, "held", 50)], closed=100)
def test_silence_is_what_a_walk_through_the_days_finds(after, meetings, closed):
    assert acted(after, meetings, closed) == walked(after, meetings, closed)


def test_silence_day_by_day():
    assert acted(21, [], 100) == [(21, "nudge"), (42, "flag")]
    assert acted(21, [Known(5, 14, "held", 14)], 100) == [(35, "nudge"), (56, "flag")]
    missed = [Known(0, 30, "missed", 31)]
    assert acted(21, missed, 100) == [(31, "nudge"), (42, "flag")]
    assert acted(21, missed, 40) == [(31, "nudge")]
    again = [Known(25, 25, "held", 25)]
    assert acted(21, again, 60) == [(21, "nudge"), (46, "nudge")]


def test_silence_says_since_when_where_its_members_live():
    agreement = Agreement(
        starts=BEGUN.date(), ends=BEGUN.date() + 99 * DAY, timezone="Pacific/Auckland"
    )
    late = session(1, 1.25)
    history = History(relationship=relationship(agreement=agreement), sessions=(late,))
    nudge, flag = bound("signals", "silent", after=7).judge(history)
    assert str(nudge.message) == "Since 2026-03-04 no meeting was held or planned: propose a time"
    assert str(flag.message) == "For 14 days, since 2026-03-04, no meeting was held or planned"
    assert nudge.people == ("ann", "bo")
    assert nudge.evidence == ("s1",)
    assert nudge.key == "nudge:2026-03-03T15:30:00+00:00"


@pytest.mark.parametrize("days", [0, 3651])
def test_days_without_sense_are_refused(days):
    with pytest.raises(ValueError, match="after"):
        bound("signals", "silent", after=days)
