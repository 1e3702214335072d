"""Who the built-in surveys ask, when, and for whose eyes."""

from __future__ import annotations

import datetime
import zoneinfo

import attrs
import pytest
from history_cases import BEGUN, DAY, bound, histories, in_order, relationship, session, sessions
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import Agreement, History

EVERY = st.integers(1, 60)
SURVEYS = ("pulse", "after-session")


@pytest.mark.parametrize("name", SURVEYS)
@given(history=histories(), open_for=st.integers(1, 30))
def test_asks_are_the_same_each_time_and_no_key_comes_twice(name, history, open_for):
    asked = [list(bound("surveys", name, open_for=open_for).asks(history)) for _ in range(2)]
    assert asked[0] == asked[1]
    keys = [ask.key for ask in asked[0]]
    assert len(set(keys)) == len(keys)
    for ask in asked[0]:
        assert ask.people
        assert set(ask.people) <= set(history.relationship.people)
        assert ask.until - ask.at == open_for * DAY


@given(history=histories(), every=EVERY)
def test_pulse_asks_on_each_day_that_a_walk_through_the_calendar_finds(history, every):
    asks = list(bound("surveys", "pulse", every=every).asks(history))
    held, begun, closed = history.relationship, history.since("active"), history.since("closed")
    due = []
    if begun is not None and held.agreement is not None:
        zone = zoneinfo.ZoneInfo(held.agreement.timezone)
        for day in range(1, 400):
            at = begun + day * DAY
            last = at.astimezone(zone).date() <= held.agreement.ends
            if day % every == 0 and last and not (closed is not None and closed <= at):
                due.append(at)
    assert [ask.at for ask in asks] == due
    assert all(ask.people == held.people and ask.session is None for ask in asks)


@given(every=EVERY, days=st.integers(0, 200))
def test_closing_takes_back_only_what_was_not_asked_yet(every, days):
    agreement = Agreement(starts=BEGUN.date(), ends=BEGUN.date() + 180 * DAY)
    active = History(relationship=relationship(agreement=agreement))
    end = BEGUN + days * DAY
    closed = attrs.evolve(
        active.relationship,
        stage="closed",
        outcome="ended",
        since={**active.relationship.since, "closed": end},
    )
    pulse = bound("surveys", "pulse", every=every)
    before = [ask for ask in pulse.asks(active) if ask.at < end]
    assert list(pulse.asks(attrs.evolve(active, relationship=closed))) == before


@pytest.mark.parametrize(("zone", "number"), [("UTC", 3), ("Pacific/Auckland", 2)])
def test_the_agreements_last_day_ends_where_its_members_live(zone, number):
    """13:30 in London is half past two on the next day in Auckland."""
    agreement = Agreement(starts=BEGUN.date(), ends=BEGUN.date() + 3 * DAY, timezone=zone)
    since = {"active": BEGUN + datetime.timedelta(hours=4)}
    history = History(relationship=relationship(agreement=agreement, since=since))
    assert len(list(bound("surveys", "pulse", every=1).asks(history))) == number


@given(history=histories())
def test_after_session_asks_who_was_there_and_nobody_else(history):
    asks = list(bound("surveys", "after-session").asks(history))
    there = {held.id: held for held in history.sessions if held.state == "held" and held.attended}
    assert {ask.session for ask in asks} == set(there)
    for ask in asks:
        assert (ask.key, ask.people, ask.at) == (
            ask.session,
            there[ask.session].attended,
            there[ask.session].ends,
        )


@given(made=sessions(), more=sessions())
def test_more_meetings_take_no_ask_away(made, more):
    later = [attrs.evolve(held, id=f"later-{held.id}") for held in more]
    survey = bound("surveys", "after-session")
    before = list(survey.asks(History(relationship=relationship(), sessions=made)))
    history = History(relationship=relationship(), sessions=in_order([*made, *later]))
    assert [ask for ask in survey.asks(history) if ask in before] == before


def test_a_flash_meeting_is_asked_about_although_it_closed():
    closed = relationship("closed", path=("booked", "met", "closed"), outcome="completed")
    met = session(1, 2, attended=("ann", "bo"))
    (ask,) = bound("surveys", "after-session").asks(History(relationship=closed, sessions=(met,)))
    assert ask.people == ("ann", "bo")


@pytest.mark.parametrize("name", SURVEYS)
def test_each_question_has_its_audience(name):
    questions = bound("surveys", name).questions
    assert len({question.id for question in questions}) == len(questions)
    audiences = {question.id: (question.audience, question.form) for question in questions}
    assert (
        audiences
        == {
            "pulse": {
                "useful": ("aggregate", "scale"),
                "progress": ("aggregate", "scale"),
                "help": ("coordinator", "choice"),
            },
            "after-session": {
                "useful": ("aggregate", "scale"),
                "take-away": ("respondent", "text"),
                "to-others": ("addressed", "text"),
            },
        }[name]
    )


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_days_without_sense_are_refused(days):
    with pytest.raises(ValueError, match="open_for"):
        bound("surveys", "after-session", open_for=days)
    with pytest.raises(ValueError, match="every"):
        bound("surveys", "pulse", every=days)
