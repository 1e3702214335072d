"""What the strategies draw is valid, comes back from JSON, and hangs together where it should."""

import datetime
import itertools
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit import codec, lifecycle
from mentorkit.models import (
    Action,
    Actor,
    Agreement,
    Award,
    Chronicle,
    ConductReport,
    Delivery,
    Draft,
    Enrolment,
    Event,
    Expectation,
    Free,
    Goal,
    History,
    Insight,
    Interval,
    Invitation,
    Note,
    ProgrammeRun,
    Query,
    Question,
    Relationship,
    Request,
    Resource,
    Session,
    Signal,
    Step,
    Story,
    Tally,
    Wish,
)
from mentorkit.testing import strategies as some
from mentorkit.testing.strategies.chronicle import chronicle_from
from mentorkit.testing.strategies.history import history_from
from mentorkit.testing.strategies.picks import Picks

pytestmark = pytest.mark.once

DRAWN: dict[type, st.SearchStrategy[Any]] = {
    Action: some.actions(),
    Actor: some.actors(),
    Agreement: some.agreements(),
    Award: some.awards(),
    Chronicle: some.chronicles(),
    ConductReport: some.conduct_reports(),
    Delivery: some.deliveries(),
    Draft: some.drafts(),
    Enrolment: some.enrolments(),
    Event: some.events(),
    Expectation: some.expectations(),
    Free: some.free_times(),
    Goal: some.goals(),
    History: some.histories(),
    Insight: some.insights(),
    Invitation: some.invitations(),
    Note: some.notes(),
    ProgrammeRun: some.runs(),
    Query: some.queries(),
    Question: some.questions(),
    Relationship: some.relationships(),
    Request: some.requests(),
    Resource: some.resources(),
    Session: some.sessions(),
    Signal: some.signals(),
    Step: some.steps(),
    Story: some.stories(),
    Tally: some.tallies(),
    Wish: some.wishes(),
}


@pytest.mark.parametrize("cls", DRAWN, ids=lambda cls: cls.__name__)
@settings(max_examples=15)
@given(data=st.data())
def test_every_value_comes_back_from_json_equal(cls: type, data: st.DataObject) -> None:
    value = data.draw(DRAWN[cls])
    assert type(value) is cls
    text = codec.to_json(value)
    back = codec.from_json(cls, text)
    assert back == value
    assert hash(back) == hash(value)
    assert codec.to_json(back) == text


@given(some.histories())
def test_a_history_hangs_together(history: History) -> None:
    held = history.relationship
    people = set(held.people)
    assert len(people) == len(held.members)
    entered = sorted(set(held.since) - {"paused"}, key=held.path.index)
    assert lifecycle.on_path(held) == entered[-1]
    assert ("paused" in held.since) == bool(held.pauses)
    assert (held.stage == "paused") == any(one.ended is None for one in held.pauses)
    rests = [at for pause in history.pauses for at in pause]
    assert rests == sorted(rests)
    instants = [held.since[stage] for stage in entered]
    assert instants == sorted(instants)
    assert ("closed" in entered) == (held.outcome is not None)
    assert set(held.accepted) | set(held.signed) <= people
    for one, other in itertools.pairwise(history.sessions):
        assert one.starts < other.starts
    sessions = {session.id for session in history.sessions}
    for session in history.sessions:
        assert session.starts > min(instants)
        assert set(session.attended) <= (people if session.state == "held" else set())
        assert not session.outputs
    for goal in history.goals:
        assert {goal.owner, *goal.accepted} <= people
    for insight in history.insights:
        assert insight.owner in people
        assert insight.since[insight.state] == max(insight.since.values())
    for request in history.requests:
        assert request.person in people
        assert request.session is None or request.session in sessions
        audiences = {question.id: question.audience for question in request.questions}
        assert {audiences[answered] for answered in request.answers} <= {"coordinator"}
    for signal in history.signals:
        assert set(signal.people) <= people
    assert {award.person for award in history.awards} <= people


@given(some.chronicles())
def test_everyone_in_a_chronicle_is_known(chronicle: Chronicle) -> None:
    ids = [participant.id for participant in chronicle.people]
    assert ids == sorted(set(ids))
    for history in chronicle.histories:
        assert set(history.relationship.people) <= set(ids)
    owns = [history.relationship.id for history in chronicle.histories]
    assert len(set(owns)) == len(owns)


@given(some.timetables())
def test_free_time_is_in_order_and_wishes_differ(held: tuple[tuple[Wish, ...], Free]) -> None:
    wishes, free = held
    assert len({wish.id for wish in wishes}) == len(wishes)
    for wish in wishes:
        assert len(set(wish.people)) == len(wish.people) >= 1
        assert wish.first <= wish.last
        assert wish.count >= 1
        ZoneInfo(wish.timezone)
    for times in free.times.values():
        ends = [instant for interval in times for instant in interval]
        assert ends == sorted(ends)
        assert all(start < end for start, end in times)


def found(strategy: st.SearchStrategy[Any], wanted: Any, examples: int = 300) -> None:
    """Some drawn value is as wanted."""
    seen = []

    @settings(max_examples=examples, derandomize=True, database=None)
    @given(strategy)
    def look(value: Any) -> None:
        seen.append(bool(wanted(value)))

    look()
    assert any(seen)


CASES = {
    "completed": lambda history: history.relationship.outcome == "completed",
    "declined": lambda history: history.relationship.outcome == "declined",
    "flash": lambda history: history.since("met"),
    "group": lambda history: len(history.relationship.people) == 4,
    "agreed": lambda history: history.since("active") and history.relationship.agreement,
    "proposal": lambda history: not history.since("active") and history.relationship.agreement,
    "silent": lambda history: history.since("active") and not history.sessions,
    "nobody came": lambda history: any(not held.attended for held in history.held),
    "goal reached": lambda history: any(goal.state == "reached" for goal in history.goals),
    "answered": lambda history: any(asked.answers for asked in history.requests),
    "revoked": lambda history: any(award.state == "revoked" for award in history.awards),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_histories_hold_the_cases_that_rules_must_know(case: str) -> None:
    found(some.histories(), CASES[case])


def test_chronicles_hold_several_histories_and_none() -> None:
    found(some.chronicles(), lambda chronicle: len(chronicle.histories) == 3)
    found(some.chronicles(), lambda chronicle: not chronicle.histories)


def common(wish: Wish, free: Free) -> int:
    """Seconds of the longest stretch in which all have time, on any day."""
    held = [set(_steps(free.of(person))) for person in wish.people]
    longest = run = 0
    last = None
    for step in sorted(set.intersection(*held)):
        run = run + 900 if last is not None and step == last + 900 else 900
        longest, last = max(longest, run), step
    return longest


def _steps(times: tuple[Interval, ...]) -> list[int]:
    return [step for start, end in times for step in range(start, end, 900)]


def test_some_wishes_can_be_met_and_some_cannot() -> None:
    def any_wish(held: Any, met: bool) -> bool:
        wishes, free = held
        return any((common(wish, free) >= 60 * wish.minutes) == met for wish in wishes)

    found(some.timetables(), lambda held: any_wish(held, True), 60)
    found(some.timetables(), lambda held: any_wish(held, False), 60)


def test_picks_go_on_with_the_first_choice() -> None:
    empty = Picks(b"")
    assert empty.one("abc") == "a"
    assert empty.upto(5) == 0
    assert Picks(b"").part(("x", "y")) == ("x", "y")
    assert Picks(b"\x05\x07").part(()) == ()
    assert history_from(Picks(b"")).relationship.stage == "proposed"
    assert chronicle_from(Picks(b"")).histories == ()


def test_instants_are_in_utc() -> None:
    found(some.instants(), lambda at: at.utcoffset() == datetime.timedelta(0), 5)
