"""Protected attributes in a programme that runs: agreed to, audited, noted, forgotten."""

from __future__ import annotations

import attrs
import pytest
from sqlalchemy import text
from worlds import World, participant

from mentorkit import Actor, Forbidden, Invalid, Parity, Participant, Policies, Programme, Use
from mentorkit.models import Enrolment, Event, Protected
from mentorkit.services.reports import Reports
from mentorkit.store.connections import EngineConnection

pytestmark = pytest.mark.once

PURPOSE = "to see whether all are matched alike"
STATED = {"gender": Protected(PURPOSE)}
EVE = Actor(person="eve", coordinates=["autumn"])


def everybody() -> list[Participant]:
    """Twelve mentees, of whom ten state a gender, and six mentors."""
    mentees = [
        attrs.evolve(
            participant(f"e{number:02}", "mentee"),
            protected={} if number > 9 else {"gender": ("violet", "orange")[number % 2]},
        )
        for number in range(12)
    ]
    return mentees + [participant(f"o{number}", "mentor") for number in range(6)]


def drafted(world: World, programme: Programme) -> str:
    with world.kit() as kit:
        kit.programmes.create(programme, id="autumn")
        kit.programmes.enrol("autumn", everybody())
        return kit.matching.draft("autumn").id


def reads(world: World) -> list[Event]:
    with world.kit() as kit:
        return [held for held in kit.reports.journal() if held.kind == "protected.read"]


def kept(world: World) -> str:
    """All that the tables hold of how people take part, and all that happened."""
    with world.house.engine.connect() as connection:
        tables = ("mentorkit_participant", "mentorkit_event", "mentorkit_draft")
        found = [EngineConnection(connection).execute(text(f"SELECT * FROM {name}")).rows
                 for name in tables]  # fmt: skip
    return repr(found)


def test_whoever_drafts_is_not_given_the_proof_of_parity_by_what_is_protected(world: World) -> None:
    """What is given back is what may be read afterwards; under a key, too."""
    with world.kit() as kit:
        stated = Protected(PURPOSE, ("parity",))
        policies = Policies(parity=Parity(by="gender", within=10))
        kit.programmes.create(
            Programme(policies=policies, protected={"gender": stated}), id="autumn"
        )
        kit.programmes.enrol("autumn", everybody())
    with world.kit(actor=EVE) as kit:
        made = kit.matching.draft("autumn", key="mine")
        again = kit.matching.draft("autumn", key="mine")
        assert made == again == kit.matching.get(made.id)
    certificate = made.plan.certificate
    assert (certificate.prices, certificate.freely, certificate.gap) == ({}, None, 0)
    assert {(one.places, one.price) for one in certificate.groups} == {(0, 0)}
    with world.kit() as kit:
        whole = kit.matching.get(made.id).plan
    assert [one.places for one in whole.certificate.groups] == [5, 5]
    assert whole.certificate.freely is not None


def test_a_coordinator_audits_and_the_journal_says_so(world: World) -> None:
    draft = drafted(world, Programme(protected=STATED))
    with world.kit(actor=EVE) as kit:
        plain = kit.matching.audit(draft, "department")
    assert plain.purpose is None
    assert reads(world) == []
    with world.kit(actor=EVE) as kit:
        found = kit.matching.audit(draft, "gender")
    assert found.purpose == PURPOSE
    # Two have not stated it: too few to show, and so the next group hides them.
    shown = [(held.role, held.value, held.people) for held in found.groups]
    assert shown == [("mentee", "violet", 5), ("mentor", "not given", 6)]
    (event,) = reads(world)
    assert (event.subject, event.programme, event.people) == (draft, "autumn", ("eve",))
    assert dict(event.facts) == {"attribute": "gender"}
    with world.kit() as kit:
        kit.matching.audit(draft, "gender")
    assert [held.people for held in reads(world)] == [("eve",), ()]


def test_nobody_else_audits(world: World) -> None:
    draft = drafted(world, Programme(protected=STATED))
    for actor in (Actor(), Actor(person="e00"), Actor(person="eve", coordinates=["spring"])):
        with world.kit(actor=actor) as kit, pytest.raises(Forbidden):
            kit.matching.audit(draft, "gender")
    assert reads(world) == []


def test_a_published_draft_is_audited_as_it_was(world: World) -> None:
    draft = drafted(world, Programme(protected=STATED))
    with world.kit() as kit:
        before = kit.matching.audit(draft, "department")
        first, *_ = kit.matching.publish(draft)
        assert kit.matching.audit(draft, "department") == before
        kit.relationships.decline(first.id, person=first.people[0])
        assert kit.matching.audit(draft, "department") == before
        kit.programmes.leave("autumn", "e11")
        with pytest.raises(Invalid, match="not those that the plan was made for"):
            kit.matching.audit(draft, "department")


def test_what_is_stated_for_an_audit_alone_may_be_stated_later(world: World) -> None:
    """It plays no part in the plan, so the plan stays as it is."""
    draft = drafted(world, Programme(protected=STATED))
    with world.kit() as kit:
        late = attrs.evolve(everybody()[11], protected={"gender": "violet"})
        kit.programmes.enrol("autumn", [late])
        assert kit.matching.audit(draft, "gender").purpose == PURPOSE


def test_a_use_that_reads_it_is_noted_with_every_draft(world: World) -> None:
    uses = {"alike": Use("same", {"attribute": "gender"})}
    read = {"gender": Protected(PURPOSE, ["alike"]), "age": Protected(PURPOSE)}
    draft = drafted(world, Programme(criteria=uses, protected=read))
    (event,) = reads(world)
    assert (event.subject, dict(event.facts)) == (draft, {"attribute": "gender"})
    with world.kit() as kit:
        plan = kit.matching.get(draft).plan
    assert {found.use for held in plan.matches for found in held.findings} == set()


def test_only_oneself_reads_it(world: World) -> None:
    drafted(world, Programme(protected=STATED))

    def read(actor: Actor) -> Enrolment:
        with world.kit(actor=actor) as kit:
            return kit.programmes.participant("autumn", "e00")

    assert dict(read(Actor(person="e00")).participant.protected) == {"gender": "violet"}
    assert read(EVE).participant.protected == {}
    with world.kit(actor=EVE) as kit:
        assert all(not held.participant.protected for held in kit.programmes.participants("autumn"))


def test_reports_are_made_without_it(world: World) -> None:
    drafted(world, Programme(protected=STATED))
    with world.kit() as kit:
        run = kit.programmes.get("autumn")
        chronicle = Reports(kit._work)._chronicle(run)
    assert len(chronicle.people) == 18
    assert all(not held.protected for held in chronicle.people)


def test_it_is_kept_with_the_part_that_somebody_takes_and_goes_with_it(world: World) -> None:
    drafted(world, Programme(protected=STATED))
    assert kept(world).count("violet") == kept(world).count("orange") == 5
    with world.kit() as kit:
        kit.programmes.leave("autumn", "e00")
    assert kept(world).count("violet") == 4
    with world.kit() as kit:
        kit.people.remove("e02")
    assert kept(world).count("violet") == 3
    with world.kit() as kit:
        withdrawn = attrs.evolve(everybody()[4], protected={})
        assert kit.programmes.enrol("autumn", [withdrawn]).changed == ("e04",)
    assert kept(world).count("violet") == 2


def test_nobody_is_enrolled_with_what_has_no_purpose(world: World) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(), id="autumn")
        with pytest.raises(Invalid) as caught:
            kit.programmes.enrol("autumn", everybody())
    assert len(caught.value.faults) == 10
    assert caught.value.faults[0].path == "person 'e00', protected.gender"
    assert "states no purpose" in str(caught.value)
    assert "violet" not in str(caught.value)
    with world.kit() as kit:
        kit.programmes.create(Programme(protected=STATED), id="spring")
        open_gender = participant("ann", "mentee")
        person = attrs.evolve(open_gender.person, attributes={"gender": "violet"})
        with pytest.raises(Invalid, match=r"attributes\.gender: is protected in this programme"):
            kit.programmes.enrol("spring", [attrs.evolve(open_gender, person=person)])


def test_a_programme_that_shows_it_to_nothing_is_refused(world: World) -> None:
    wrong = Programme(protected={"gender": Protected(PURPOSE, ["alike"])})
    with world.kit() as kit, pytest.raises(Invalid, match="'alike' is no criterion or constraint"):
        kit.programmes.create(wrong, id="autumn")
