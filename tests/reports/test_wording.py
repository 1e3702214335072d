from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_plans import HOSTILE

from mentorkit.models import Level, Participant, Person
from mentorkit.wording import (
    Directory,
    clean,
    counted,
    in_points,
    listed,
    points,
    share,
    worded,
)


@given(st.integers(-(10**12), 10**12))
def test_points_say_the_score_exactly(score: int) -> None:
    said = points(score)
    plain = said.replace(",", "").replace("\N{MINUS SIGN}", "-")
    assert Fraction(plain) == Fraction(score, 1000)
    assert "." not in said or not said.endswith(("0", "."))


@pytest.mark.parametrize(
    ("score", "said"),
    [(8000, "8"), (1500, "1.5"), (0, "0"), (5, "0.005"), (10_000, "10"), (1_234_500, "1,234.5")],
)
def test_points_as_a_reader_writes_them(score: int, said: str) -> None:
    assert points(score) == said


def test_a_unit_in_the_right_number() -> None:
    assert in_points(1000) == "1\u00a0point"
    assert in_points(1001) == "1.001\u00a0points"


@given(st.integers(1, 10**9), st.data())
def test_a_share_is_whole_or_none_only_when_it_is(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    said = share(part, whole)
    assert (said == "100\u00a0%") == (part == whole)
    assert (said == "0\u00a0%") == (part == 0)
    if said[0].isdigit():
        assert abs(int(said.split("\u00a0")[0]) - 100 * part / whole) <= 0.5


def test_a_share_of_nothing() -> None:
    assert share(0, 0) == "none"


def test_counted_and_listed() -> None:
    assert counted(1, "pair") == "1 pair"
    assert counted(1200, "buddy") == "1,200 buddies"
    assert counted(0, "coach") == "0 coaches"
    assert counted(2, "day") == "2 days"
    assert [listed("abc"[:size]) for size in range(4)] == ["", "a", "a and b", "a, b and c"]


@given(st.one_of(st.sampled_from(HOSTILE), st.text(st.characters())))
def test_clean_text_can_be_sent_and_loses_nothing_else(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert len(cleaned) == len(text)
    kept = zip(text, cleaned, strict=True)
    assert all(one == other or not one.isprintable() for one, other in kept)
    assert not set(cleaned) & set(map(chr, (0, 7, 0x7F, 0x9F, 0xFFFE, 0xD800)))


def test_values_in_words() -> None:
    held = [None, True, 3, 2.5, ("a", "b"), Level(2, "senior"), "x", " ", ()]
    assert [worded(value) for value in held] == [
        "not given", "yes", "3", "2.5", "a, b", "senior", "x", "blank", "blank",
    ]  # fmt: skip


def test_names_tell_people_apart() -> None:
    names = {"a1": "Ann  Lee", "a2": "Ann Lee", "b": "Bo", "c": "", "d": "\u200b \n"}
    directory = Directory.of(
        Participant(person=Person(id=person, name=name)) for person, name in names.items()
    )
    assert [directory.name(person) for person in (*names, "gone")] == [
        "Ann Lee (a1)", "Ann Lee (a2)", "Bo", "c", "d", "gone",
    ]  # fmt: skip
