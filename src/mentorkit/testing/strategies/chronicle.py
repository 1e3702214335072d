"""What the sections of a report are shown: whole programmes."""

from __future__ import annotations

import datetime

import attrs
import hypothesis.strategies as st

from mentorkit.models import (
    Blueprint,
    Change,
    Chronicle,
    Estimate,
    Figure,
    FrozenMap,
    Participant,
    Person,
    Policies,
    Programme,
    ProgrammeRun,
    Role,
    Skill,
    Tally,
)
from mentorkit.testing.strategies.history import BEGUN, LONG, PEOPLE, QUESTIONS, history_from
from mentorkit.testing.strategies.picks import Picks, written
from mentorkit.testing.strategies.vocabulary import DEPARTMENTS, SKILLS


def chronicles() -> st.SearchStrategy[Chronicle]:
    """The pasts of programmes with none to three relationships, and with others enrolled."""
    return written(500, chronicle_from)


def chronicle_from(picks: Picks) -> Chronicle:
    """The chronicle that these picks write down."""
    histories = tuple(history_from(picks, f"r{number}") for number in range(picks.upto(3)))
    there = {person for history in histories for person in history.relationship.people}
    there.update(PEOPLE[: picks.upto(len(PEOPLE))])
    ways = ("applied", "assigned", "invited", "imported")
    return Chronicle(
        run=_run(picks),
        fits={held.relationship.id: 1000 * picks.upto(20) for held in histories if picks.upto(2)},
        changes=tuple(_change(picks) for _ in range(picks.upto(1))),
        figures=_figures(picks, sorted(there)),
        strange=picks.upto(1),
        people=tuple(_participant(picks, person) for person in sorted(there)),
        histories=histories,
        tallies=tuple(_tally(picks) for _ in range(picks.upto(1))),
        entries={person: picks.one(ways) for person in sorted(there)},
        stories=picks.upto(2),
    )


def _change(picks: Picks) -> Change:
    bare = Change(survey="pulse", question="useful", text=QUESTIONS[0].text, role="mentee")
    if not picks.upto(1):
        return bare
    estimate = Estimate(value=picks.upto(9) * 100, least=-500, most=1200)
    return attrs.evolve(bare, people=5, change=estimate, more=3, same=1, less=1)


def _figures(picks: Picks, people: list[str]) -> tuple[Figure, ...]:
    """A measure at the start and the end of some, or an event that came about or not."""
    return tuple(
        Figure(person=person, measure=measure, on=BEGUN.date() + day, value=float(picks.upto(most)))
        for measure, most in (("hours", 40), ("promoted", 1))
        for person in people
        for day in (datetime.timedelta(0), datetime.timedelta(days=90))
        if picks.upto(1)
    )


def _run(picks: Picks) -> ProgrammeRun:
    policies = Policies(by=picks.one(("department", None)), goals=picks.one((None, "smart")))
    return ProgrammeRun(
        id="programme",
        programme=Programme(policies=policies),
        blueprint=Blueprint(
            topology="one-to-one",
            shape="pairs",
            roles=(Role(name="mentee", most=3), Role(name="mentor")),
            path=LONG,
            policies=policies,
        ),
        state=picks.one(("open", "closed")),
        created=BEGUN - datetime.timedelta(days=1),
    )


def _participant(picks: Picks, own: str) -> Participant:
    department = picks.one((None, *DEPARTMENTS))
    person = Person(id=own, attributes={} if department is None else {"department": department})
    return Participant(
        person=person,
        roles={picks.one(("mentee", "mentor")): 1 + picks.upto(1)},
        seeks=(Skill(picks.one(SKILLS)),) if picks.upto(1) else (),
    )


def _tally(picks: Picks) -> Tally:
    counts = {str(point): 1 + picks.upto(4) for point in range(1, 6)}
    return Tally(
        survey="pulse", question=QUESTIONS[0], counts=FrozenMap(counts) if picks.upto(1) else None
    )


def without_past(run: ProgrammeRun) -> Chronicle:
    """The chronicle of a programme in which nothing has happened."""
    return Chronicle(run=attrs.evolve(run, state="open"), people=(), histories=())
