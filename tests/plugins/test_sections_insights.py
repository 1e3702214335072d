"""What the section on insights counts, and that nothing in it rests on fewer than five people."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from history_cases import BEGUN, bound, relationship
from hypothesis import example, given
from hypothesis import strategies as st

from mentorkit import Chronicle, History, Participant, Person, Programme
from mentorkit.blueprint import blueprint_of
from mentorkit.models import Insight, ProgrammeRun
from mentorkit.registry import installed

pytestmark = pytest.mark.once

RUN = ProgrammeRun(
    id="p",
    programme=Programme(),
    blueprint=blueprint_of(Programme(), installed()),
    created=BEGUN,
)
STATES = ("heard", "tried", "adopted")
MENTORS = {"m-it": "IT", "m-law": "Law", "m-none": None}
Drawn = tuple[int, str, str, str]


def chronicle(drawn: list[Drawn]) -> Chronicle:
    """Mentees in two departments, each with a mentor of some department, and their insights."""
    people = [Participant(person=_person(id, field)) for id, field in MENTORS.items()]
    people += [Participant(person=_person(f"e{at}", _field(at))) for at in range(12)]
    histories = []
    for at, (owner, mentor, source, state) in enumerate(drawn):
        held = relationship(people=(mentor, f"e{owner}"), id=f"r{at}")
        insight = Insight(
            id=f"i{at}",
            programme="p",
            relationship=held.id,
            owner=f"e{owner}",
            words="(not shown)",
            source=source,
            state=state,  # type: ignore[arg-type]
        )
        histories.append(History(relationship=held, insights=(insight,)))
    everybody = sorted(people, key=lambda one: one.id)
    return Chronicle(run=RUN, people=tuple(everybody), histories=tuple(histories))


def _person(id: str, field: str | None) -> Person:
    return Person(id=id, attributes={} if field is None else {"department": field})


def _field(at: int) -> str:
    return "Sales" if at % 2 else "HR"


insights = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from(sorted(MENTORS)),
        st.sampled_from(["", "", "Crafts"]),
        st.sampled_from(STATES),
    ),
    max_size=60,
)


OVERLAPPING = [
    *((at, "m-it", "", "heard") for at in range(0, 12, 2)),
    *((at, "m-law", source, "heard") for at in range(0, 6, 2) for source in ("", "Crafts")),
]
"""Two ways of three people each, who are the same three."""


@given(drawn=insights)
@example(drawn=[(at, "m-it", "", "tried") for at in range(10)] + [(0, "m-law", "", "heard")])
@example(drawn=[(at, "m-it", "", "tried") for at in range(4)])
@example(drawn=OVERLAPPING)
def test_nothing_is_told_of_fewer_than_five_people(drawn: list[Drawn]) -> None:
    part = bound("sections", "insights").tell(chronicle(drawn))
    owners = {owner for owner, *_ in drawn}
    if len(owners) < 5:
        assert part.rows == ()
        assert str(part.sentences[0]) == "Fewer than 5 people wrote down insights"
        return
    states = Counter(state for *_, state in drawn)
    tried = states["tried"] + states["adopted"]
    assert str(part.sentences[0]) == (
        f"Insights: {len(drawn)}, of which {tried} were tried and {states['adopted']} of these"
        " adopted"
    )
    ways: dict[tuple[str, str], list[Drawn]] = {}
    for one in drawn:
        source = one[2] or MENTORS[one[1]] or "not given"
        ways.setdefault((source, _field(one[0])), []).append(one)
    rest = dict(ways)
    for *way, people, heard, tried, adopted in part.rows:
        if way == ["others", "others"]:
            held = [one for each in rest.values() for one in each]
        else:
            held = rest.pop((way[0], way[1]))
        counts: dict[str, Any] = Counter(state for *_, state in held)
        assert people == len({owner for owner, *_ in held}) >= 5
        assert (heard, tried, adopted) == tuple(counts[state] for state in STATES)
    shown = sum(sum(row[3:]) for row in part.rows)
    assert shown == len(drawn), "what is not shown by itself is among the others"
