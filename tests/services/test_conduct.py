"""Reports of conduct: whom they reach, what they halt, and what nobody else notices."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import pytest
from worlds import PAIR, World, opened, participant

from mentorkit import Actor, Conflict, Forbidden, Invalid, NotFound, Policies, Programme
from mentorkit.models import ConductReport

pytestmark = pytest.mark.once

SAFE = Programme(policies=Policies(safeguarding="sam"))
SAM = Actor(person="sam")
WORDS = "He shouted at me"


def _begun(world: World, programme: Programme = SAFE) -> str:
    (held,) = world.begun(programme, PAIR)
    return world.active(held).id


def _reported(world: World, held: str, **more: str) -> ConductReport:
    with world.kit(actor=Actor(person="ann")) as kit:
        return kit.feedback.report_conduct("may", WORDS, relationship=held, **more)


COORDINATES: tuple[tuple[str, ...], ...] = ((), ("autumn",), ("*",))


@pytest.mark.parametrize("contact", ["ann", "may", "sam"])
def test_a_report_reaches_its_contact_and_never_its_subject(tmp_path: Path, contact: str) -> None:
    """Whoever coordinates what: only the writer and the contact read it, and not the subject."""
    with opened(f"sqlite:///{tmp_path}/house.db") as world:
        held = _begun(world, Programme(policies=Policies(safeguarding=contact)))
        for reporter, about in (("ann", "may"), ("may", "ann")):
            with world.kit(actor=Actor(person=reporter)) as kit:
                made = kit.feedback.report_conduct(about, WORDS, relationship=held)
            assert made.contact == (contact if contact != about else None)
            readers = {reporter, contact} - {about}
            for person, runs in itertools.product(("ann", "may", "sam", "zed"), COORDINATES):
                with world.kit(actor=Actor(person=person, coordinates=runs)) as kit:
                    shown = kit.feedback.conduct_reports("autumn")
                    assert (made in shown) == (person in readers), (person, runs)
                    if person != made.contact:
                        with pytest.raises(Forbidden):
                            kit.feedback.settle_conduct(made.id)
        with world.kit() as kit:
            assert len(kit.feedback.conduct_reports("autumn")) == 2


def test_planning_halts_until_all_reports_are_settled(world: World) -> None:
    held = _begun(world)
    first = _reported(world, held)
    second = _reported(world, held)
    then = world.now + dt.timedelta(days=1)
    for report in (first, second):
        for actor in (Actor(person="may"), Actor(person="ann"), Actor(coordinates=["autumn"])):
            with world.kit(actor=actor) as kit:
                with pytest.raises(Conflict) as refused:
                    kit.sessions.plan(held, then)
                words = str(refused.value)
                assert words == f"relationship {held!r}: no meeting can be planned here for now"
                made = kit.sessions.schedule([held])
                assert made.sessions == ()
                causes = {str(one.cause) for one in made.unplaced}
                assert causes == {"no meeting can be planned here for now"}
        with world.kit(actor=SAM) as kit:
            settled = kit.feedback.settle_conduct(report.id, version=report.version)
            assert settled.state == "settled"
            assert kit.feedback.settle_conduct(report.id) == settled
    with world.kit(actor=Actor(person="may")) as kit:
        assert kit.sessions.plan(held, then).state == "planned"
        assert len(kit.sessions.schedule([held]).sessions) > 5


def test_one_halt_stops_no_other_relationship(world: World) -> None:
    people = [*PAIR, participant("bob", "mentee"), participant("moe", "mentor")]
    one, other = (world.active(held).id for held in world.begun(SAFE, people))
    with world.kit() as kit:
        held = kit.relationships.get(one)
        kit.feedback.report_conduct(held.people[1], WORDS, relationship=one, person=held.people[0])
        made = kit.sessions.schedule([one, other])
    assert {session.relationship for session in made.sessions} == {other}
    assert {unplaced.wish for unplaced in made.unplaced} == {one}


def test_what_was_planned_before_stays_and_can_be_recorded(world: World) -> None:
    held = _begun(world)
    with world.kit() as kit:
        session = kit.sessions.plan(held, world.now + dt.timedelta(days=1), key="k")
    _reported(world, held)
    world.forward(days=2)
    with world.kit(actor=Actor(person="may")) as kit:
        again = kit.sessions.plan(held, world.now, key="k")
        assert again.id == session.id
        assert kit.sessions.hold(session.id).state == "held"


def test_the_journal_names_nobody_and_coordinators_see_nothing_of_it(world: World) -> None:
    held = _begun(world)
    coordinator = Actor(person="may", coordinates=["autumn"])
    with world.kit(actor=coordinator) as kit:
        before = (kit.reports.journal(), kit.relationships.get(held), kit.reports.status("autumn"))
    report = _reported(world, held)
    with world.kit(actor=SAM) as kit:
        kit.feedback.settle_conduct(report.id)
    with world.kit(actor=coordinator) as kit:
        after = (kit.reports.journal(), kit.relationships.get(held), kit.reports.status("autumn"))
        assert kit.feedback.signals("autumn") == ()
    assert after == before
    with world.kit() as kit:
        told = [one for one in kit.reports.journal() if one.kind.startswith("conduct.")]
        assert [one.kind for one in told] == ["conduct.reported", "conduct.settled"]
        for event in told:
            assert event.subject == report.id
            assert (event.programme, event.relationship, event.people) == (None, None, ())
            assert dict(event.facts) == {}
        assert [one.words for one in kit.people.export("ann").conduct] == [WORDS]
        assert kit.people.export("may").conduct == ()
        assert WORDS not in repr(kit.people.export("may"))


def test_a_report_in_the_programme_halts_nothing_and_looks_nobody_up(world: World) -> None:
    held = _begun(world)
    with world.kit(actor=Actor(person="ann")) as kit:
        report = kit.feedback.report_conduct("zed", WORDS, programme="autumn", key="k")
        same = kit.feedback.report_conduct("zed", WORDS, programme="autumn", key="k")
        assert (report, report.relationship) == (same, None)
        assert kit.sessions.plan(held, world.now + dt.timedelta(days=1)).state == "planned"
    with world.kit(actor=SAM) as kit:
        assert kit.feedback.conduct_reports("autumn") == (report,)
    with (
        world.kit(actor=Actor(person="zed", coordinates=["*"])) as kit,
        pytest.raises(NotFound, match="not enrolled"),
    ):
        kit.feedback.report_conduct("ann", WORDS, programme="autumn")


def test_a_key_reports_once(world: World) -> None:
    held = _begun(world)
    assert _reported(world, held, key="k") == _reported(world, held, key="k")
    with world.kit(actor=Actor(person="may")) as kit:
        other = kit.feedback.report_conduct("ann", "No, she did", relationship=held, key="k")
        assert kit.feedback.conduct_reports("autumn") == (other,)


def test_what_cannot_be_reported_is_refused_with_the_reason(world: World) -> None:
    held = _begun(world)
    with world.kit(actor=Actor(person="ann")) as kit:
        for arguments, place in (
            ({"about": "ann", "relationship": held}, "about: .* may"),
            ({"about": "zed", "relationship": held}, "about: .* may"),
            ({"about": "ann", "programme": "autumn"}, "about"),
            ({"about": " ", "programme": "autumn"}, "about"),
            ({"about": "may", "relationship": held, "words": " "}, "words"),
            ({"about": "may"}, "relationship"),
            ({"about": "may", "relationship": held, "programme": "autumn"}, "relationship"),
        ):
            with pytest.raises(Invalid, match=place):
                kit.feedback.report_conduct(**{"words": WORDS, **arguments})
        assert kit.feedback.conduct_reports("autumn") == ()
    with world.kit(actor=Actor()) as kit, pytest.raises(Invalid, match="person"):
        kit.feedback.report_conduct("may", WORDS, programme="autumn")


def test_without_a_contact_nobody_can_report(world: World) -> None:
    held = _begun(world, Programme())
    with pytest.raises(Conflict, match=r"policies\.safeguarding"):
        _reported(world, held)
