"""One cell's text to the value that it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import Level, Skill, Window
from mentorkit.enrolment import Source
from mentorkit.enrolment.availability import windows
from mentorkit.enrolment.cells import number, parsed, sentence, whole_number
from mentorkit.models.participant import DAY

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_read_back(value):
    assert number(str(value)) == value
    assert type(number(f"{value}.0")) is int


@given(st.decimals(-(10**6), 10**6, places=3))
def test_decimal_numbers_read_back(value):
    assert number(str(value)) == float(value)
    assert number(str(value).replace(".", ","), ",") == float(value)


@pytest.mark.parametrize(
    ("text", "decimal", "right"),
    [
        ("1,5", ".", 'write 1.5, or state decimal = "," in the mapping'),
        ("1.5", ",", 'write 1,5, or state decimal = "." in the mapping'),
        ("1,000", ".", "write 1000"),
        ("1.000", ",", "write 1000"),
        ("5 years", ".", "like 12 or 1.5, without a unit"),
        ("5 Jahre", ",", "like 12 or 1,5, without a unit"),
        ("1e5", ".", "1.5"),
        ("2026-01-31", ".", "dates cannot be compared; leave the column out"),
        ("31.1.2026", ".", "is a date"),
        ("1/31/26", ",", "is a date"),
    ],
)
def test_a_wrong_number_is_told_what_is_right(text, decimal, right):
    with pytest.raises(ValueError, match=right):
        number(text, decimal)


@pytest.mark.parametrize("text", ["-1", "1.5", "two", "٣"])
def test_a_capacity_is_a_number_of_people(text):
    with pytest.raises(ValueError, match="is not a number"):
        whole_number(text)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@given(
    st.integers(0, 6), st.integers(0, 6), st.integers(0, DAY - 1), st.integers(0, DAY), st.data()
)
def test_windows_read_back(first, last, start, end, data):
    """Against counting the days one by one."""
    if start == end:
        return
    cut = data.draw(st.integers(2, 6))
    text = f"{DAYS[first][:cut]}-{DAYS[last].upper()} {clock(start)} – {clock(end)}"
    days = [first]
    while days[-1] != last:
        days.append((days[-1] + 1) % 7)
    stop = end if end > start else end + DAY
    assert windows(text) == tuple(Window(day, start, stop) for day in sorted(days))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon 9-17", [(0, 540, 1020)]),
        ("tue, thu 9am-12.30pm", [(1, 540, 750), (3, 540, 750)]),
        ("Sat & Sun 12am to 24:00", [(5, 0, 1440), (6, 0, 1440)]),
        ("Fri 22:00-02:00", [(4, 1320, 1560)]),
    ],
)
def test_windows_as_people_write_them(text, expected):
    assert windows(text) == tuple(Window(*held) for held in expected)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Mon", "9-17", "Noday 9-17", "M 9-17", "Mon 9-25", "Mon 9:60-10", "Mon 9-9"),
        *("Mon 24:00-9", "Mon 13pm-14", "Mon-Tue-Wed 9-10", "mornings"),
    ],
)
def test_what_is_no_window_is_told_so(text):
    with pytest.raises(ValueError, match=r"Mon|24:00|day of the week"):
        windows(text)


SCALE = ("Low", "Medium", "High")


@pytest.mark.parametrize(
    ("field", "source", "text", "value"),
    [
        ("grade", Source(column=("c",), scale=SCALE), "MEDIUM ", Level(1, "Medium")),
        ("years", Source(column=("c",), number=True), "3", 3),
        ("years", Source(column=("c",), number=True, decimal=","), "3,5", 3.5),
        ("tags", Source(column=("c",), split=";"), "b; a;;NA;b", ("b", "a")),
        ("tags", Source(column=("c",), split=";"), ";", None),
        ("town", Source(column=("c",)), "Bath", "Bath"),
        ("languages", Source(column=("c",), split="/"), "fr/en", ("en", "fr")),
        ("prefers", Source(column=("c",), split=","), "z, a", ("z", "a")),
        ("offers", Source(column=("c",), split=";"), "C:1;A;A", (Skill("A"), Skill("C:1"))),
        (
            "offers",
            Source(column=("c",), split=";", level_after=":", scale=SCALE),
            "C:4;A: high;B",
            (Skill("A", 3), Skill("B"), Skill("C", 4)),
        ),
        (
            "availability",
            Source(column=("c",), split=";"),
            "Tue 9-10;Mon 9-10",
            (Window(0, 540, 600), Window(1, 540, 600)),
        ),
    ],
)
def test_cells_become_values(field, source, text, value):
    assert parsed(field, source, text, {"na"}) == value


@pytest.mark.parametrize(
    ("field", "source", "text", "words"),
    [
        (
            "grade",
            Source(column=("c",), scale=SCALE),
            "tiny",
            "'tiny' is not on the scale Low, Med",
        ),
        ("email", Source(column=("c",)), "ann", "'ann' is not an e-mail address"),
        ("timezone", Source(column=("c",)), "Mars", "'Mars' is not a known time zone"),
        ("prefers", Source(column=("c",), split=","), "a,a", "listed twice"),
        ("offers", Source(column=("c",), split=";", level_after=":"), "A:x", "'x' is not a level"),
        ("offers", Source(column=("c",), level_after=":"), "A:0", "must be a whole number from 1"),
        ("offers", Source(column=("c",), split=";", level_after=":"), "A:1;A:2", "listed twice"),
    ],
)
def test_wrong_cells_are_told_what_is_right(field, source, text, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parsed(field, source, text, set())
    assert words in sentence(caught.value)
    assert not sentence(caught.value).startswith(field)
