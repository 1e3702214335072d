"""Kinds made of settings and of plain functions."""

import doctest
import functools
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import kinds
from mentorkit.errors import PluginFailed
from mentorkit.interfaces import Criterion
from mentorkit.kinds import NoSettings, criterion, kind
from mentorkit.matching import ParticipantPool
from mentorkit.models import Participant, Person
from mentorkit.testing import strategies as some

ANN, BO = (Participant(person=Person(id=word)) for word in ("ann", "bo"))


def bound(fit: Callable[..., Any], **options: Any) -> Any:
    return criterion("trial", **options)(fit).bind(NoSettings())


def points(fit: Callable[..., Any]) -> int:
    (row,) = bound(fit).points(ParticipantPool([ANN]), ParticipantPool([BO]))
    return int(row[0])


@attrs.frozen
class Scale:
    by: float = 1.0


def test_a_mark_without_a_name_is_refused_at_once() -> None:
    with pytest.raises(PluginFailed, match="needs a name"):

        @criterion
        def nameless(mentee, mentor):
            return 1.0


def test_without_bind_a_settings_object_does_the_work() -> None:
    made = kind("scale", Scale)
    assert (made.name, made.settings) == ("scale", Scale)
    settings = Scale(2.0)
    assert made.bind(settings) is settings
    assert kind("scale", Scale, lambda settings: settings.by).bind(settings) == 2.0


def test_a_function_becomes_a_criterion() -> None:
    made = criterion("trial")(lambda mentee, mentor: 0.25)
    assert made.name == "trial"
    assert made.settings is NoSettings
    assert isinstance(made.bind(NoSettings()), Criterion)


def test_settings_reach_the_function_and_two_bindings_are_apart() -> None:
    made = criterion("trial", settings=Scale)(lambda mentee, mentor, scale: scale.by)
    low, high = made.bind(Scale(0.1)), made.bind(Scale(0.9))
    pools = ParticipantPool([ANN]), ParticipantPool([BO])
    assert low.points(*pools).tolist() == [[100]]
    assert high.points(*pools).tolist() == [[900]]


@given(some.populations(most=3), some.populations(most=3))
def test_points_have_a_row_for_each_left_and_a_column_for_each_right(
    left: list[Participant], right: list[Participant]
) -> None:
    def fit(mentee: Participant, mentor: Participant) -> bool:
        return mentee.id < mentor.id

    lefts, rights = ParticipantPool(left), ParticipantPool(right)
    table = bound(fit).points(lefts, rights)
    assert table.shape == (len(left), len(right))
    assert table.dtype == np.int64
    expected = [[1000 * (one < other) for other in rights.ids] for one in lefts.ids]
    assert table.tolist() == (expected or np.empty((0, len(right))).tolist())


@given(st.floats(0, 1))
def test_a_fit_is_rounded_once(fit: float) -> None:
    assert points(lambda *_: fit) == round(fit * 1000)


@pytest.mark.parametrize(
    ("fit", "expected"),
    [
        (True, 1000),
        (False, 0),
        (1, 1000),
        (np.True_, 1000),
        (np.float32(0.5), 500),
        (np.int64(0), 0),
    ],
)
def test_truths_and_numpys_numbers_will_do(fit: Any, expected: int) -> None:
    assert points(lambda *_: fit) == expected


@pytest.mark.parametrize(
    "fit",
    [
        -0.1,
        1.1,
        float("nan"),
        float("inf"),
        pytest.param(2**2000, id="huge"),
        None,
        "0.5",
        "x",
        [],
        1j,
        (0.5,),
        object(),
    ],
)
def test_what_is_no_fit_names_the_criterion_and_the_pair(fit: Any) -> None:
    with pytest.raises(PluginFailed) as caught:
        points(lambda *_: fit)
    assert str(caught.value).startswith("criterion 'trial' for 'ann' with 'bo' gave ")
    assert "a number from 0 to 1" in str(caught.value)


def test_a_function_that_raises_names_the_criterion_and_the_pair() -> None:
    def fit(mentee: Participant, mentor: Participant) -> float:
        raise KeyError("club")

    with pytest.raises(PluginFailed, match=r"'trial' for 'ann' with 'bo' raised KeyError: 'club'"):
        points(fit)


def test_an_interrupt_passes() -> None:
    def fit(mentee: Participant, mentor: Participant) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        points(fit)


@pytest.mark.parametrize(
    ("fit", "options"),
    [
        (lambda: 1.0, {}),
        (lambda mentee: 1.0, {}),
        (lambda mentee, mentor, more: 1.0, {}),
        (lambda mentee, mentor, *, more: 1.0, {}),
        (lambda mentee, mentor: 1.0, {"settings": Scale}),
    ],
)
def test_a_function_that_cannot_be_called_so_is_refused_at_once(
    fit: Callable[..., float], options: dict[str, Any]
) -> None:
    with pytest.raises(PluginFailed, match="function of criterion 'trial' must take"):
        criterion("trial", **options)(fit)


@pytest.mark.parametrize(
    "fit",
    [
        lambda mentee, mentor, more=1: 1.0,
        lambda *people: 1.0,
        functools.partial(lambda more, mentee, mentor: 1.0, 1),
        lambda mentee, mentor, *, more=1: 1.0,
    ],
)
def test_a_function_that_takes_two_in_any_way_is_fine(fit: Callable[..., float]) -> None:
    assert points(fit) == 1000


def test_what_a_criterion_says() -> None:
    assert str(bound(lambda *_: 0.5).say(ANN, BO, 509)) == "trial: 50 % fit"
    said = bound(lambda *_: 0.5, say=lambda mentee, mentor, points: f"{mentor.id} {{{points}}}")
    assert str(said.say(ANN, BO, 500)) == "bo {500}"


@pytest.mark.parametrize("say", [lambda *_: None, lambda *_: 1 / 0, lambda: "x"])
def test_a_criterion_that_cannot_say_it_is_named(say: Any) -> None:
    with pytest.raises(PluginFailed, match="criterion 'trial' for 'ann' with 'bo'"):
        bound(lambda *_: 0.5, say=say).say(ANN, BO, 500)


def test_the_examples_are_true() -> None:
    assert doctest.testmod(kinds).failed == 0
