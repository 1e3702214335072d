"""Who the built-in surveys ask, when, and for whose eyes."""

from __future__ import annotations

import datetime
import zoneinfo
from fractions import Fraction

import attrs
import pytest
from history_cases import BEGUN, DAY, bound, histories, in_order, relationship, session, sessions
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import Agreement, Choice, Fault, History, Invalid, Message, Question, Tally
from mentorkit.registry import installed

EVERY = st.integers(1, 60)
SURVEYS = (
    "chemistry",
    "pulse",
    "after-session",
    "trust",
    "goal-check",
    "self-assessment",
    "closing",
)
OCCASIONS = ("chat", "start", "session", "days", "close")


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


@given(history=histories(), every=EVERY, open_for=st.integers(1, 30))
def test_pulse_asks_on_each_day_that_a_walk_through_the_calendar_finds(history, every, open_for):
    asks = list(bound("surveys", "pulse", every=every, open_for=open_for).asks(history))
    held, begun, closed = history.relationship, history.since("active"), history.since("closed")
    due = []
    if begun is not None and held.agreement is not None:
        zone = zoneinfo.ZoneInfo(held.agreement.timezone)
        for day in range(1, 400):
            at = begun + day * DAY
            # Whoever is asked on it can answer to the end while the agreement lasts.
            last = (at + open_for * DAY).astimezone(zone).date() <= held.agreement.ends
            rests = any(
                one.begun <= at
                and (at < one.ended if one.ended else at.astimezone(zone).date() < one.until)
                for one in held.pauses
            )
            over = closed is not None and closed <= at
            if day % every == 0 and last and not rests and not over:
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
    assert len(list(bound("surveys", "pulse", every=1, open_for=1).asks(history))) == number - 1


@given(history=histories())
def test_after_session_asks_who_was_there_and_nobody_else(history):
    _check_asked_after(history, "after-session", chat=False)


@given(history=histories())
def test_chemistry_asks_who_was_in_the_chat_and_nobody_else(history):
    _check_asked_after(history, "chemistry", chat=True)


def _check_asked_after(history, name, *, chat):
    asks = list(bound("surveys", name).asks(history))
    there = {
        held.id: held
        for held in history.sessions
        if held.state == "held" and held.attended and held.chat == chat
    }
    assert {ask.session for ask in asks} == set(there)
    for ask in asks:
        assert (ask.key, ask.people, ask.at) == (
            ask.session,
            there[ask.session].attended,
            there[ask.session].ends,
        )


@given(
    came=st.lists(
        st.tuples(
            st.integers(0, 40),
            st.sampled_from([("ann", "bo"), ("ann",), ("bo",)]),
            st.sampled_from([30, 9 * 24 * 60]),
        ),
        min_size=3,
        max_size=10,
    ),
    apart=st.integers(1, 15),
)
def test_nobody_is_asked_about_two_meetings_that_are_close(came, apart):
    """A walk through each one's meetings finds the same: the first, then the next far enough."""
    made = in_order(
        session(number, day, attended=there, minutes=minutes)
        for number, (day, there, minutes) in enumerate(came)
    )
    history = History(relationship=relationship(), sessions=made)
    asks = list(bound("surveys", "after-session", apart=apart).asks(history))
    due = set()
    for person in history.relationship.people:
        there = [held for held in made if person in held.attended]
        while there:
            first = min(there, key=lambda held: (held.ends, held.id))
            due.add((first.id, person))
            there = [held for held in there if held.ends >= first.ends + apart * DAY]
    assert {(ask.session, person) for ask in asks for person in ask.people} == due


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
            "chemistry": {"wish": ("matching", "scale")},
            "after-session": {
                "useful": ("aggregate", "scale"),
                "take-away": ("respondent", "text"),
                "to-others": ("addressed", "text"),
            },
            "trust": {"open": ("flag", "scale"), "rely": ("flag", "scale")},
            "goal-check": {"fit": ("flag", "scale")},
            "self-assessment": {
                "confidence": ("aggregate", "scale"),
                "insight": ("aggregate", "scale"),
                "learning": ("aggregate", "scale"),
            },
            "closing": {
                "recommend": ("aggregate", "would-recommend"),
                "reached": ("aggregate", "scale"),
                "change": ("coordinator", "text"),
            },
        }[name]
    )


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_days_without_sense_are_refused(days):
    with pytest.raises(ValueError, match="open_for"):
        bound("surveys", "after-session", open_for=days)
    with pytest.raises(ValueError, match="every"):
        bound("surveys", "pulse", every=days)


STATED_TEXT = Message("r", "Would you?")


@pytest.mark.parametrize("name", SURVEYS)
def test_whoever_may_raise_a_flag_is_told_so_beforehand(name):
    for question in bound("surveys", name).questions:
        told = "raise a flag" in str(question.text)
        assert told == (question.audience == "flag")
        if told:
            assert "neither whose answer it was nor what it said" in str(question.text)


QUESTIONS = [
    {"id": "fit", "text": "How do you {fit}?", "audience": "aggregate", "form": "would-recommend"},
    {"id": "why", "text": "Why?", "form": "text"},
]
STATED = {
    "questions": QUESTIONS,
    "when": ["close"],
    "licence": "CC0-1.0",
    "source": "our own",
}


def stated(**settings):
    """The survey that a programme's file states."""
    given = {**STATED, **settings}
    made = {name: held for name, held in given.items() if held is not None}
    return installed().bind("surveys", Choice("instrument", made), "surveys.ours")


def test_a_programme_brings_its_own_text():
    survey = stated(asked="mentee", when=["start", "days"], every=14)
    assert [str(question.text) for question in survey.questions] == ["How do you {fit}?", "Why?"]
    assert [list(question.numbers) for question in survey.questions] == [[*range(11)], []]
    assert (survey.licence, survey.source) == ("CC0-1.0", "our own")
    assert survey.roles == frozenset({"mentee"})
    assert str(survey.occasions) == "at the start, every 14 days; open for 14 days"


@given(
    history=histories(),
    when=st.lists(st.sampled_from(OCCASIONS), min_size=1, unique=True),
    every=EVERY,
    role=st.sampled_from(["all", "mentee", "mentor"]),
)
def test_an_instrument_asks_what_its_occasions_say(history, when, every, role):
    held = history.relationship
    asked = {one.person for one in held.members if role in ("all", one.role)}
    begun = history.since("active") or history.since("booked")
    due = []
    if "start" in when and begun:
        due.append(("start", begun, asked))
    if "close" in when and begun and history.since("closed"):
        due.append(("close", history.since("closed"), asked))
    if "session" in when:
        due += [("session", one.ends, asked & set(one.attended)) for one in history.held]
    if "chat" in when:
        due += [("chat", one.ends, asked & set(one.attended)) for one in history.chats]
    if "days" in when:
        pulse = bound("surveys", "pulse", every=every).asks(history)
        due += [("days", ask.at, asked) for ask in pulse]
    survey = stated(when=when, every=every if "days" in when else None, asked=role)
    found = [(ask.occasion, ask.at, frozenset(ask.people)) for ask in survey.asks(history)]
    expected = [
        (occasion if len(when) > 1 else "", at, frozenset(people))
        for occasion, at, people in due
        if people
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)


def _with(at, **changes):
    return {
        "questions": [{**one, **changes} if at == n else one for n, one in enumerate(QUESTIONS)]
    }


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"questions": []}, "questions"),
        ({"questions": None}, "questions"),
        ({"when": ["sometimes"]}, "when[0]"),
        ({"when": []}, "when"),
        ({"when": ["close", "close"]}, "when[1]"),
        ({"when": ["days"]}, "every"),
        ({"every": 7}, "every"),
        ({"when": ["days"], "every": 0}, "every"),
        ({"open_for": 0}, "open_for"),
        ({"licence": None}, "licence"),
        ({"source": " "}, "source"),
        (_with(0, audience="everybody"), "questions[0].audience"),
        (_with(0, form="stars"), "questions[0].form"),
        (_with(0, text=" "), "questions[0].text"),
        (_with(1, audience="aggregate"), "questions[1].audience"),
        (_with(1, form="choice"), "questions[1].options"),
        (_with(1, form="scale", least=5), "questions[1].most"),
        (_with(1, form="scale", audience="flag"), "questions[1].low"),
        (_with(1, low=2), "questions[1].low"),
        (_with(1, form="scale", low=6, audience="flag"), "questions[1].low"),
        (_with(1, form="scale", low=1, fall=0, audience="flag"), "questions[1].fall"),
        (_with(0, fall=2), "questions[0].fall"),
        (_with(1, id="fit"), "questions[1].id"),
        (_with(1, txt="Why"), "questions[1].txt"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(settings, place):
    with pytest.raises(Invalid) as refused:
        stated(**settings)
    assert [fault.path for fault in refused.value.faults] == [f"surveys.ours.{place}"]
    assert all(isinstance(fault, Fault) and fault.sentence for fault in refused.value.faults)


@given(answer=st.integers(-3, 14) | st.text(max_size=2) | st.booleans())
def test_would_recommend_takes_whole_numbers_from_0_to_10(answer):
    question = bound("surveys", "closing").questions[0]
    try:
        question.check(answer)
    except Invalid:
        assert type(answer) is not int or not 0 <= answer <= 10
    else:
        assert type(answer) is int
        assert 0 <= answer <= 10


@given(answers=st.lists(st.integers(0, 10), max_size=30))
def test_the_net_score_is_promoters_less_detractors(answers):
    question = Question(id="r", text=STATED_TEXT, audience="aggregate", form="would-recommend")
    counts = {str(step): answers.count(step) for step in set(answers)}
    net = Tally(survey="closing", question=question, counts=counts).net
    if not answers:
        assert net is None
        return
    exact = Fraction(
        100 * (sum(a > 8 for a in answers) - sum(a < 7 for a in answers)), len(answers)
    )
    assert abs(net - exact) <= Fraction(1, 2)
    scale = Question(id="r", text=STATED_TEXT, most=10)
    assert Tally(survey="closing", question=scale, counts=counts).net is None
    assert Tally(survey="closing", question=question, counts=None).net is None
