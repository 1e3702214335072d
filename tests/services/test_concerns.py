"""A flag tells neither whose answer it rests on nor what it said."""

from __future__ import annotations

import datetime as dt
import itertools

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import PAIR, World

from mentorkit import Actor, Choice, Programme
from mentorkit.models import Message, Question, Request
from mentorkit.services.concerns import concerns

START = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
OPEN = Question(
    id="open", text=Message("open", "How freely?"), audience="flag", most=3, low=1, fall=1
)
PEOPLE = ("ann", "bo", "cy")
Round = tuple[str, ...]
"""Who answered in it."""


def asked(rounds: list[Round], answers: tuple[int, ...], question: Question = OPEN):
    """Everybody's requests, closed; the answers are given out in the order of rounds."""
    left = iter(answers)
    return [
        Request(
            id=f"{number} {person}",
            programme="p",
            relationship="r",
            person=person,
            survey="trust",
            key=str(number),
            questions=(question,),
            asked=START,
            until=START + dt.timedelta(days=number),
            state="closed",
            answers={"open": next(left)} if person in who else {},
        )
        for number, who in enumerate(rounds, 1)
        for person in PEOPLE
    ]


def low_or_fallen(rounds: list[Round], answers: tuple[int, ...]) -> set[tuple[int, str]]:
    """Who gave cause in which round, by going through each person's answers."""
    places = [(number, person) for number, who in enumerate(rounds) for person in who]
    held = dict(zip(places, answers, strict=True))
    found = set()
    for person in PEOPLE:
        before = None
        for number in range(len(rounds)):
            if (number, person) in held:
                answer = held[number, person]
                if answer <= 1 or (before is not None and before - answer >= 1):
                    found.add((number, person))
                before = answer
    return found


drawn_rounds = st.lists(
    st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True).map(
        lambda who: tuple(person for person in PEOPLE if person in who)
    ),
    max_size=4,
).filter(lambda rounds: sum(map(len, rounds)) <= 6)


@pytest.mark.once
@settings(max_examples=60, deadline=None)
@given(rounds=drawn_rounds)
def test_no_flag_tells_of_anybody(rounds: list[Round]) -> None:
    """Over all possible sets of answers: whoever sees all flags, and knows who answered when,
    can say of nobody that it was they, nor which of low and fallen it was."""
    possible: dict[tuple[str, ...], list[tuple[int, ...]]] = {}
    for answers in itertools.product((1, 2, 3), repeat=sum(map(len, rounds))):
        told = tuple(held.key for held in concerns(asked(rounds, answers)))
        causes = low_or_fallen(rounds, answers)
        wanted = {str(number + 1) for number, _ in causes if len(rounds[number]) >= 2}
        assert set(told) == wanted
        possible.setdefault(told, []).append(answers)
    for told, those in possible.items():
        for key in told:
            number = int(key) - 1
            for person in rounds[number]:
                assert any((number, person) not in low_or_fallen(rounds, one) for one in those)


def test_a_round_counts_once_all_of_it_is_closed() -> None:
    held = asked([PEOPLE], (1, 3, 3))
    assert [one.at for one in concerns(held)] == [START + dt.timedelta(days=1)]
    waiting = [attrs.evolve(held[0], state="answered"), *held[1:]]
    assert concerns(waiting) == ()


def test_what_the_coordinator_reads_needs_no_second_answer() -> None:
    plain = attrs.evolve(OPEN, audience="coordinator", low=None)
    held = asked([("ann",), ("ann",)], (3, 2), plain)
    assert [one.key for one in concerns(held)] == ["2"]
    silent = attrs.evolve(plain, fall=None)
    assert concerns(asked([("ann",), ("ann",)], (3, 1), silent)) == ()


TRUSTING = Programme(
    surveys={"trust": Choice("trust"), "goals": Choice("goal-check")},
    signals={
        "low-trust": Choice("low-trust"),
        "review": Choice("goal-review", {"survey": "goals"}),
    },
)


def _signals(world: World) -> list[tuple[str, str]]:
    with world.kit(actor=Actor(person="eve", coordinates=["autumn"])) as kit:
        return [(one.rule, one.effect) for one in kit.feedback.signals("autumn")]


@pytest.mark.parametrize("answering", [("ann", "may"), ("ann",)])
def test_low_trust_is_flagged_when_the_round_is_over(
    world: World, answering: tuple[str, ...]
) -> None:
    (held,) = world.begun(TRUSTING, PAIR)
    world.active(held)
    world.forward(days=30)
    for person in answering:
        with world.kit(actor=Actor(person=person)) as kit:
            (request,) = [one for one in kit.feedback.asked_of(person) if one.survey == "trust"]
            kit.feedback.answer(request.id, {"open": 1 if person == "ann" else 5, "rely": 5})
        assert ("low-trust", "flag") not in _signals(world)
    world.forward(days=14)
    flagged = ("low-trust", "flag") in _signals(world)
    assert flagged == (len(answering) == 2)
    with world.kit() as kit:
        journal = kit.reports.journal()
    told = [one for one in journal if one.facts.get("rule") == "low-trust"]
    assert [one.people for one in told] == [()] * flagged
    for person in ("ann", "may"):
        with world.kit(actor=Actor(person=person)) as kit:
            assert not [one for one in kit.feedback.signals("autumn") if one.rule == "low-trust"]
    with world.kit(actor=Actor(person="eve", coordinates=["autumn"])) as kit:
        for request in kit.feedback.of(held.id):
            assert request.answers == {}


def test_help_reaches_the_coordinator_alone(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    with world.kit(actor=Actor(person="ann")) as kit:
        asked_once = kit.feedback.ask_help(held.id, "I do not know how to begin", key="k")
        assert kit.feedback.ask_help(held.id, "I do not know how to begin", key="k") == asked_once
        assert [str(one.message) for one in kit.feedback.signals("autumn")] == [
            "I do not know how to begin"
        ]
    with world.kit(actor=Actor(person="may")) as kit:
        assert kit.feedback.signals("autumn") == ()
    with world.kit(actor=Actor(person="eve", coordinates=["autumn"])) as kit:
        (signal,) = kit.feedback.signals("autumn")
        assert (signal.by, signal.effect) == ("ann", "flag")
        (event,) = [one for one in kit.reports.journal() if one.kind == "signal.raised"]
        assert event.people == ()
        assert "begin" not in repr(event)
        kit.feedback.settle(signal.id)
    assert _signals(world) == []
