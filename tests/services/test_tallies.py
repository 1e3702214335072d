"""Nobody who looks at counts, however often, learns the answers of fewer than five people."""

from __future__ import annotations

import datetime as dt
import itertools

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentorkit.models import Message, Question, Request
from mentorkit.services.tallies import tallied

pytestmark = pytest.mark.once

START = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
LAST = 4
QUESTION = Question(
    id="useful", text=Message("useful", "How useful?"), audience="aggregate", most=2
)
HIDDEN = attrs.evolve(QUESTION, id="own", audience="respondent")


@attrs.frozen
class Asked:
    """One request: to whom, the day on which it closes, the days of the first and last answer."""

    person: str
    closes: int
    first: int
    last: int

    def on(self, day: int, answer: int) -> Request:
        """How it stands on a day, if the last answer is this one and the first was the other."""
        answers = {}
        if self.first <= day:
            answers = {"useful": 3 - answer, "own": answer}
        if self.last <= day:
            answers = {"useful": answer, "own": answer}
        return Request(
            id=f"{self}",
            programme="p",
            relationship="r",
            person=self.person,
            survey="pulse",
            key="1",
            questions=(QUESTION, HIDDEN),
            asked=START,
            until=START + dt.timedelta(days=self.closes),
            state="closed" if self.closes < day else "answered" if answers else "open",
            answers=answers,
        )


@st.composite
def asked(draw):
    closes = draw(st.integers(1, LAST))
    first, last = sorted(draw(st.tuples(*[st.integers(0, closes - 1)] * 2)))
    return Asked(draw(st.sampled_from("abcdefg")), closes, first, last)


Answers = tuple[int, ...]


def looks(requests: list[Asked], answers: Answers) -> tuple[object, ...]:
    """All that is told to somebody who looks every day."""
    return tuple(
        tally.counts
        for day in range(LAST + 1)
        for tally in tallied(
            [one.on(day, answer) for one, answer in zip(requests, answers, strict=True)],
            START + dt.timedelta(days=day),
        )
    )


def everything_seen(requests: list[Asked]) -> dict[Answers, tuple[object, ...]]:
    """What is told for every possible set of answers."""
    possible = itertools.product((1, 2), repeat=len(requests))
    return {answers: looks(requests, answers) for answers in possible}


def exchanged(answers: Answers, one: int, other: int) -> Answers:
    swapped = list(answers)
    swapped[one], swapped[other] = answers[other], answers[one]
    return tuple(swapped)


def changed(answers: Answers, one: int) -> Answers:
    return (*answers[:one], 3 - answers[one], *answers[one + 1 :])


FIVE = [Asked(person, 1, 0, 0) for person in "abcde"]


@settings(max_examples=100, deadline=None)
@given(requests=st.lists(asked(), max_size=7))
@example(requests=FIVE)
@example(requests=[*FIVE, Asked("f", 2, 0, 1)])
@example(requests=[*FIVE, Asked("a", 1, 0, 0), Asked("g", 1, 0, 0)])
@example(requests=[*FIVE[:4], Asked("a", 1, 0, 0), Asked("b", 2, 0, 0)])
@example(
    requests=[
        Asked(person, at, 0, 0) for at, person in zip((1, 1, 2, 2, 3, 3, 4), "abcdefg", strict=True)
    ]
)
def test_whoever_counts_could_exchange_answers_with_four_others_unnoticed(requests):
    """Over all possible sets of answers: an answer that makes any difference to what is told, at
    whichever look, is one of those of five people or more, any two of which could be exchanged
    and every look would show the same.

    So an adversary who has all tallies, and besides knows all answers but those of any k < 5 of
    them, cannot tell which of these k gave which: each way to give out what is left among them
    is as possible as any other.
    """
    seen = everything_seen(requests)
    places = range(len(requests))
    for one in places:
        if all(seen[answers] == seen[changed(answers, one)] for answers in seen):
            continue
        alike = {
            requests[other].person
            for other in places
            if all(seen[answers] == seen[exchanged(answers, one, other)] for answers in seen)
        }
        assert len(alike) >= 5, f"{requests[one]} stands out"


@settings(max_examples=60, deadline=None)
@given(requests=st.lists(asked(), max_size=12), answers=st.data())
def test_what_is_told_only_grows_and_in_portions_of_five(requests, answers):
    """Day by day: nothing told is taken back, and what is added is no fewer than five answers."""
    given_answers = [answers.draw(st.integers(1, 2)) for _ in requests]
    before = 0
    for day in range(LAST + 2):
        held = [one.on(day, answer) for one, answer in zip(requests, given_answers, strict=True)]
        (tally,) = tallied(held, START + dt.timedelta(days=day)) or (None,)
        number = sum(((tally and tally.counts) or {}).values())
        assert number == before or number >= before + 5
        before = number
    people = {one.person for one in requests}
    assert (before > 0) == (len(people) >= 5)
    if len({one.closes for one in requests}) == 1 and len(people) >= 5:
        assert before == len(requests)


def test_start_and_close_are_counted_apart():
    held = [
        attrs.evolve(one.on(1, 2), id=f"{occasion} {one.person}", occasion=occasion)
        for occasion, number in (("start", 5), ("close", 4))
        for one in FIVE[:number]
    ]
    start, close = tallied(held, START + dt.timedelta(days=1))
    assert (start.occasion, dict(start.counts or {})) == ("start", {"2": 5})
    assert (close.occasion, close.counts) == ("close", None)


def test_a_question_that_was_changed_is_another():
    other = attrs.evolve(QUESTION, most=7)
    held = [one.on(1, 2) for one in FIVE]
    held += [attrs.evolve(one.on(1, 1), questions=(other,)) for one in FIVE]
    counts = {
        tally.question.most: dict(tally.counts or {})
        for tally in tallied(held, START + dt.timedelta(days=1))
    }
    assert counts == {2: {"2": 5}, 7: {"1": 5}}
