"""Programmes: what is created, who takes part, and what comes of doing it twice."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from worlds import PAIR, World, participant

from mentorkit import (
    Choice,
    Conflict,
    Invalid,
    NotFound,
    Participant,
    Person,
    Policies,
    Programme,
    Use,
)

BUDDIES = {
    "asked": "buddy",
    "when": ["close"],
    "licence": "CC0-1.0",
    "source": "ours",
    "questions": [{"id": "how", "text": "How was it?"}],
}


def test_a_programme_is_checked_on_its_first_day(world: World) -> None:
    wrong = [
        (Programme(topology="one-to-on"), "topology"),
        (Programme(practices=["smart-goal"]), r"practices\[0\]"),
        (Programme(criteria={"skills": Use("skils")}), "criteria.skills"),
        (Programme(surveys={"pulse": Choice("puls")}), "surveys.pulse"),
        (Programme(signals={"late": Choice("silent", {"after": "soon"})}), "signals.late.after"),
        (Programme(surveys={"ours": Choice("instrument", BUDDIES)}), "surveys.ours: .*'buddy'"),
        (Programme(surveys={"often": Choice("trust")}), "surveys.often: .*low-trust"),
        (Programme(signals={"low": Choice("low-trust")}), "signals.low: .*'trust'"),
        (
            Programme(
                surveys={"often": Choice("trust")},
                signals={"low": Choice("low-trust", {"survey": "oft"})},
            ),
            "surveys.often: .*\nsignals.low: .*'oft'",
        ),
        (Programme(topology="flash", practices=["smart-goals"]), "needs meets:often"),
    ]
    with world.kit() as kit:
        for programme, words in wrong:
            with pytest.raises((Invalid, Conflict), match=words):
                kit.programmes.create(programme, id="autumn")
        assert kit.programmes.page() == ()
        assert kit.reports.journal() == ()


def test_it_starts_today_where_its_days_begin(world: World) -> None:
    world.now = dt.datetime(2026, 9, 1, 20, tzinfo=dt.UTC)
    programme = Programme(policies=Policies(timezone="Pacific/Auckland"))
    with world.kit() as kit:
        assert kit.programmes.create(programme).programme.starts == dt.date(2026, 9, 2)
        kept = dt.date(2026, 12, 1)
        assert kit.programmes.create(Programme(starts=kept)).programme.starts == kept


def test_an_id_is_taken_once_and_a_key_gives_the_same_again(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        with pytest.raises(Conflict, match="autumn"):
            kit.programmes.create(Programme(), id="autumn")
        first = kit.programmes.create(Programme(name="A"), key="call-7")
        assert kit.programmes.create(Programme(name="B"), key="call-7") == first
        assert len(kit.programmes.page()) == 2


def test_enrolling_again_changes_only_what_differs(world: World) -> None:
    people = [participant(f"p{number:03}", "mentee") for number in range(620)]
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        first = kit.programmes.enrol("autumn", people)
        assert (len(first.added), first.changed, first.same) == (620, (), 0)
        before = kit.reports.journal()
        again = kit.programmes.enrol("autumn", reversed(people))
        assert (again.added, again.changed, again.same) == ((), (), 620)
        assert kit.reports.journal() == before
        other = attrs.evolve(people[7], roles={"mentee": 0})
        changed = kit.programmes.enrol("autumn", [other, people[8]])
        assert (changed.added, changed.changed, changed.same) == ((), ("p007",), 1)
        assert kit.programmes.participant("autumn", "p007").participant == other
        assert kit.programmes.participant("autumn", "p007").version == 2
        assert [held.id for held in kit.programmes.participants("autumn")] == sorted(
            person.id for person in people
        )
        page = kit.programmes.participants("autumn", after="p617", limit=5)
        assert [held.id for held in page] == ["p618", "p619"]


def test_a_role_that_the_format_lacks_is_refused_whole(world: World) -> None:
    strange = Participant(person=Person(id="eve"), roles={"Mentor": 1})
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        with pytest.raises(Invalid, match=r"'eve'.*Mentor.*mentee, mentor"):
            kit.programmes.enrol("autumn", [*PAIR, strange])
        assert kit.programmes.participants("autumn") == ()
        assert kit.people.page() == ()


def test_whoever_leaves_is_matched_no_more_and_may_come_back(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    with world.kit() as kit:
        kit.programmes.leave("autumn", "ann")
        kit.programmes.leave("autumn", "ann")
        assert kit.relationships.get(held.id).outcome == "ended"
        assert [one.id for one in kit.programmes.participants("autumn")] == ["may"]
        assert kit.matching.draft("autumn").plan.matches == ()
        kit.programmes.enrol("autumn", PAIR[:1])
        assert kit.programmes.participant("autumn", "ann").state == "enrolled"
        with pytest.raises(NotFound, match="nobody"):
            kit.programmes.leave("autumn", "nobody")


def test_closing_completes_what_is_active_and_ends_the_rest(world: World) -> None:
    people = [*PAIR, participant("bob", "mentee"), participant("moe", "mentor")]
    first, second = world.begun(Programme(), people)
    world.active(first)
    with world.kit() as kit:
        closed = kit.programmes.close("autumn")
        assert closed.state == "closed"
        assert kit.programmes.close("autumn") == closed
        assert kit.relationships.get(first.id).outcome == "completed"
        assert kit.relationships.get(second.id).outcome == "ended"
        with pytest.raises(Conflict, match="closed"):
            kit.programmes.enrol("autumn", PAIR)
        with pytest.raises(Conflict, match="closed"):
            kit.matching.draft("autumn")


def test_forgetting_a_person_ends_what_they_were_in(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)
    with world.kit() as kit:
        kit.people.remove("ann")
        with pytest.raises(NotFound):
            kit.people.get("ann")
        with pytest.raises(NotFound):
            kit.people.remove("ann")
        assert kit.relationships.get(held.id).outcome == "ended"
        assert [one.id for one in kit.programmes.participants("autumn")] == ["may"]
        assert "Ann" not in repr(kit.reports.journal())
