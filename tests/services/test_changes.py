"""How answers changed, against pairing them by hand, and what it must not tell."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from statistics import fmean

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given

from mentorkit.models import Member, Message, Question, Relationship, Request
from mentorkit.services.changes import changes
from mentorkit.testing.house import START

pytestmark = pytest.mark.once

NOW = START + dt.timedelta(days=200)
QUESTIONS = tuple(
    Question(id=id, text=Message(id, f"How {id}?"), audience=audience)  # type: ignore[arg-type]
    for id, audience in (("sure", "aggregate"), ("own", "respondent"))
)
Answers = dict[tuple[int, int], list[int]]
"""What each (relationship, member) answered, in the order of time."""
answers = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 1)),
    st.lists(st.integers(1, 5), max_size=3),
    max_size=24,
)


def relationship(number: int) -> Relationship:
    people = (f"mentee-{number}", f"mentor-{number % 7}")
    return Relationship(
        id=f"r{number:02}",
        programme="p",
        members=(Member(people[0], "mentee"), Member(people[1], "mentor")),
        path=("active", "closed"),
        stage="closed",
    )


TEAMS = {held.id: held for held in map(relationship, range(12))}


def requests(drawn: Answers) -> list[Request]:
    return [
        Request(
            id=f"{number}-{who}-{at}",
            programme="p",
            relationship=f"r{number:02}",
            person=TEAMS[f"r{number:02}"].people[who],
            survey="assessment",
            key=str(at),
            questions=QUESTIONS,
            asked=START + dt.timedelta(days=at),
            until=START + dt.timedelta(days=at + 9),
            state="closed",
            answers={"sure": answer, "own": answer},
        )
        for (number, who), given in drawn.items()
        for at, answer in enumerate(given)
    ]


@given(drawn=answers, order=st.randoms(use_true_random=False))
def test_first_and_last_answers_of_the_same_people(drawn: Answers, order) -> None:
    asked = requests(drawn)
    order.shuffle(asked)
    for held in changes(asked, TEAMS, True, NOW):
        who = ("mentee", "mentor").index(held.role)
        mine: dict[str, list[list[int]]] = {}
        for (number, seat), said in drawn.items():
            if seat == who and said:
                mine.setdefault(TEAMS[f"r{number:02}"].people[who], []).append(said)
        once = {one for one, lists in mine.items() if any(len(said) == 1 for said in lists)}
        twice = sorted(mine.keys() - once)
        assert (held.survey, held.question) == ("assessment", "sure")
        if held.people is None:
            assert len(twice) - (max(0, 5 - len(once)) if once else 0) < 5
            continue
        # Whoever is not told are nobody, or five people or more.
        hidden = len(mine) - held.people
        assert hidden == 0 or hidden >= 5
        assert held.people >= 5
        steps = [said[-1] - said[0] for one in twice[: held.people] for said in mine[one]]
        assert held.change is not None
        assert held.change.value == pytest.approx(1000 * fmean(steps), abs=0.51)
        assert held.change.least <= held.change.value <= held.change.most
        signs = Counter((step > 0) - (step < 0) for step in steps)
        assert (held.more, held.same, held.less) == (signs[1], signs[0], signs[-1])


@given(drawn=answers, swapped=st.lists(st.integers(1, 5), min_size=60, max_size=60))
def test_who_is_told_of_does_not_follow_from_the_answers(
    drawn: Answers, swapped: list[int]
) -> None:
    rest = iter(swapped * 2)
    other = {whose: [next(rest) for _ in given] for whose, given in drawn.items()}
    counts = [
        [(held.role, held.people) for held in changes(requests(one), TEAMS, True, NOW)]
        for one in (drawn, other)
    ]
    assert counts[0] == counts[1]


def test_nothing_is_told_before_it_is_over() -> None:
    drawn = {(number, 0): [1, 5] for number in range(12)}
    (over,) = changes(requests(drawn), TEAMS, True, NOW)
    assert (over.people, over.more) == (12, 12)
    left = attrs.evolve(requests({(11, 1): [2]})[0], until=NOW + dt.timedelta(days=1))
    silent = attrs.evolve(left, state="open", answers={})
    for more, closed, now in (
        ([], False, NOW),
        ([], True, START + dt.timedelta(days=5)),
        # Somebody may answer yet, and two looks would differ by them.
        ([left], True, NOW),
        ([silent], True, NOW),
    ):
        (held,) = changes([*requests(drawn), *more], TEAMS, closed, now)
        assert held.people is held.change is held.more is None
    assert changes(requests({(0, 0): [3]}), TEAMS, True, NOW) == ()
