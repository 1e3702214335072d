from __future__ import annotations

from collections import Counter

import attrs
from hypothesis import given
from hypothesis import strategies as st
from report_plans import crowded

from mentorkit.models import (
    Level,
    Match,
    MatchPlan,
    Member,
    Participant,
    Person,
    Team,
    Value,
)
from mentorkit.reports.links import MOST_VALUES, SHADES, Links, links
from mentorkit.wording import Directory

Held = Value | None


def plan_of(pairs: list[tuple[Held, Held]], by: str | None) -> tuple[MatchPlan, Directory]:
    """A plan whose pairs hold these departments."""
    people = {
        f"{role}-{number}": held
        for number, pair in enumerate(pairs)
        for role, held in zip(("mentee", "mentor"), pair, strict=True)
    }
    plan, _ = crowded()
    teams = [
        Team((Member(f"mentee-{number}", "mentee"), Member(f"mentor-{number}", "mentor")))
        for number in range(len(pairs))
    ]
    made = tuple(Match(team=team, fit=0, wishes=(0, 0), findings=()) for team in teams)
    directory = Directory.of(
        Participant(person=Person(id=person, attributes={"department": held} if held else {}))
        for person, held in people.items()
    )
    quality = attrs.evolve(plan.quality, by=by)
    return attrs.evolve(plan, matches=made, quality=quality), directory


def linked(pairs: list[tuple[Held, Held]], by: str | None = None) -> Links | None:
    return links(*plan_of(pairs, by))


values = st.one_of(st.none(), st.sampled_from([f"D{number:02}" for number in range(30)]))


@given(st.lists(st.tuples(values, values), min_size=1, max_size=60))
def test_every_link_is_counted_where_it_belongs(pairs: list[tuple[Held, Held]]) -> None:
    table = linked(pairs)
    if table is None:
        assert {value for pair in pairs for value in pair} == {None}
        return
    counts = Counter((left or "not given", right or "not given") for left, right in pairs)
    shown = [label for label in table.columns if not label.startswith("other")]
    for row in table.rows:
        for label, cell in zip(table.columns, row.cells, strict=True):
            if row.label in shown and label in shown:
                assert cell.number == counts[row.label, label]
                assert cell.same == (row.label == label)
            assert (cell.shade == 0) == (cell.number == 0)
            assert cell.shade <= SHADES
        assert row.total == sum(cell.number for cell in row.cells)
    assert table.total == len(pairs) == sum(table.totals)
    assert table.across == sum(left != right for left, right in pairs)
    assert tuple(row.label for row in table.rows) == table.columns


@given(st.lists(st.tuples(values, values), min_size=1, max_size=60))
def test_many_values_are_summed_up(pairs: list[tuple[Held, Held]]) -> None:
    table = linked(pairs)
    if table:
        number = len({value for pair in pairs for value in pair})
        assert len(table.columns) == (number if number <= MOST_VALUES + 1 else MOST_VALUES + 1)
        summed = f"other ({number - MOST_VALUES} values)"
        assert (table.columns[-1] == summed) == (number > MOST_VALUES + 1)


def test_the_strongest_values_come_first_and_steps_of_a_scale_in_order() -> None:
    table = linked([("a", "b"), ("b", "c"), ("b", "b")])
    assert table
    assert table.columns == ("b", "a", "c")
    high, low = Level(2, "high"), Level(1, "low")
    table = linked([(high, high), (high, low)])
    assert table
    assert table.columns == ("low", "high")


def test_the_attribute_is_the_programmes_own_or_a_usual_one() -> None:
    chosen = linked([("a", "b")], by="department")
    assert chosen
    assert chosen.attribute == "department"
    assert chosen.sides == ("mentee", "mentor")
    assert linked([("a", "b")], by="organisation") is None
    assert linked([(None, None)]) is None
    assert linked([]) is None
