"""What the sections on outcomes count, against counting by hand, and what they leave out."""

from __future__ import annotations

import datetime
import re
from collections import Counter

import attrs
import pytest
from history_cases import BEGUN, bound, relationship, session
from hypothesis import given
from hypothesis import strategies as st
from test_sections import RUN, someone

from mentorkit import Chronicle, History
from mentorkit.models import Figure

pytestmark = pytest.mark.once
DAYS = (BEGUN.date(), BEGUN.date() + datetime.timedelta(days=90))


def pair(number: int, outcome: str = "completed", meetings: int = 0) -> History:
    held = relationship(
        stage="closed", people=(f"o{number:02}", f"e{number:02}"), id=f"r{number:02}"
    )
    held = attrs.evolve(held, outcome=outcome)
    people = tuple(sorted(held.people))
    return History(
        relationship=held,
        sessions=tuple(session(at, at + 1, attended=people) for at in range(meetings)),
    )


@given(
    fits=st.lists(st.integers(0, 9000), max_size=40),
    known=st.integers(0, 40),
)
def test_thirds_by_fit_hold_all_whose_fit_is_known(fits: list[int], known: int) -> None:
    outcomes = ("completed", "ended", "declined")
    histories = tuple(pair(number, outcomes[number % 3], number % 4) for number in range(len(fits)))
    given = {f"r{number:02}": fit for number, fit in enumerate(fits[:known])}
    part = bound("sections", "fit").tell(
        Chronicle(run=RUN, people=(), histories=histories, fits=given)
    )
    mine = [number for number in range(len(fits[:known])) if number % 3 != 2]
    assert dict(part.sentences[0].values) == {"number": len(mine)}
    if len(mine) < 15:
        assert part.rows == ()
        return
    sizes = [row[3] for row in part.rows]
    assert sum(sizes) == len(mine)
    assert max(sizes) - min(sizes) <= 1
    order = sorted(mine, key=lambda number: (fits[number], number))
    begin = 0
    for row in part.rows:
        third = order[begin : begin + int(row[3])]
        begin += int(row[3])
        assert row[4] == sum(number % 3 == 0 for number in third)
        assert row[6] == f"{sum(number % 4 for number in third) / len(third):.1f}"
        assert [row[1], row[2]] == [
            f"{fits[at] / 1000:.2f}".rstrip("0").rstrip(".") for at in (third[0], third[-1])
        ] or any(fits[at] % 10 == 5 for at in third)


figures = st.dictionaries(
    st.tuples(st.integers(0, 11), st.booleans()),
    st.lists(st.integers(0, 40), min_size=1, max_size=2),
)


@given(held=figures, waiting=st.integers(0, 12), binary=st.booleans())
def test_figures_of_those_matched_and_of_those_who_waited(
    held: dict[tuple[int, bool], list[int]], waiting: int, binary: bool
) -> None:
    people = tuple(
        someone(f"{kind}{number:02}", {"mentee": 1})
        for kind, most in (("e", 12), ("w", waiting))
        for number in range(most)
    )
    given = {
        f"{'e' if matched else 'w'}{number:02}": values
        for (number, matched), values in held.items()
        if matched or number < waiting
    }
    chronicle = Chronicle(
        run=RUN,
        people=people,
        histories=tuple(pair(number) for number in range(12)),
        figures=tuple(
            Figure(person=person, measure="m", on=on, value=value % 2 if binary else value)
            for person, values in sorted(given.items())
            for on, value in zip(DAYS, values, strict=False)
        ),
    )
    part = bound("sections", "outcomes").tell(chronicle)
    if not given:
        assert str(part.sentences[0]) == "No figures of outcomes were given with this report"
        return
    assert {row[:2] for row in part.rows} == {("m", "mentee")}
    rows = [row[1:] for row in part.rows]
    for row, (kind, most) in zip(rows, (("e", 12), ("w", waiting)), strict=True):
        mine = {person: values for person, values in given.items() if person[0] == kind}
        assert row[2:5] == (most, len(mine), most - len(mine)), "missing is counted, never zero"
        assert row[6] == sum(len(values) == 2 for values in mine.values())
        for cell, numbers in (
            (row[5], [values[-1] for values in mine.values()]),
            (row[7], [values[-1] - values[0] for values in mine.values() if len(values) == 2]),
        ):
            if cell == "not shown":
                continue
            assert len(numbers) >= 5
            if not binary:
                assert float(cell) == pytest.approx(sum(numbers) / len(numbers), abs=0.0051)
    for at in (5, 7):
        sizes = [row[3 if at == 5 else 6] for row in rows]
        small = [0 < size < 5 for size in sizes]
        if any(small):
            assert [row[at] for row in rows] == ["not shown"] * 2
    compared = [said for said in part.sentences if said.id in ("outcomes.change", "outcomes.last")]
    assert len(compared) <= 1
    for said in compared:
        assert min(said.values["one"], said.values["other"]) >= 5  # type: ignore[type-var]


@given(st.lists(st.sampled_from("abcd"), max_size=40), st.integers(0, 12))
def test_groups_that_are_hidden_cannot_be_worked_out(held: list[str], matched: int) -> None:
    people = tuple(
        someone(f"e{number:02}", {"mentee": 1}, department=value)
        for number, value in enumerate(held)
    )
    histories = tuple(pair(number) for number in range(matched))
    part = bound("sections", "groups").tell(Chronicle(run=RUN, people=people, histories=histories))
    sizes = Counter(held)
    shown = {row[0]: row for row in part.rows if row[1] != "not shown"}
    hidden = [sizes[row[0]] for row in part.rows if row[0] not in shown]
    assert set(sizes) == {row[0] for row in part.rows}
    assert all(sizes[value] >= 5 for value in shown)
    if hidden and len(hidden) < len(sizes):
        assert len(hidden) > 1
        assert sum(hidden) >= 5
    for value, row in shown.items():
        mine = [number for number, one in enumerate(held) if one == value]
        assert row[1:3] == (len(mine), sum(number < matched for number in mine))


def test_participation_counts_those_who_were_erased_by_what_they_shared() -> None:
    one = pair(1)
    gone = attrs.evolve(
        one.relationship,
        members=tuple(
            attrs.evolve(member, person="erased:1") if member.role == "mentee" else member
            for member in one.relationship.members
        ),
    )
    people = (someone("o01", {"mentor": 1}), someone("e02", {"mentee": 1}))
    chronicle = Chronicle(run=RUN, people=people, histories=(attrs.evolve(one, relationship=gone),))
    part = bound("sections", "participation").tell(chronicle)
    assert part.rows == (("mentee", 2, 1, 1), ("mentor", 1, 1, 0))
    assert "3" in str(part.sentences[0])


def test_no_cell_is_a_formula() -> None:
    from mentorkit.models import Message, Part, ProgrammeReport
    from mentorkit.reports import programme_table

    part = Part(
        title=Message("t", "=1+1"),
        sentences=(Message("s", "{who}", {"who": "@SUM(A1)"}), Message("n", "-cmd")),
        columns=("+name", "less"),
        rows=(("=HYPERLINK(1)", "-0.6"), ("b", "-6+1")),
    )
    report = ProgrammeReport(programme="p", name="P", made=BEGUN, parts=(part,))
    lines = programme_table(report).removeprefix("\ufeff").splitlines()
    cells = [cell for line in lines for cell in line.split(",")]
    wrong = [cell for cell in cells if cell[0] in "=+-@" and not re.fullmatch(r"-?[0-9.]+", cell)]
    assert wrong == []
    assert lines[0] == "part,row,column,value"
    assert "'=1+1,'=HYPERLINK(1),less,-0.6" in lines
