"""Names and keys are as long as a database's index has room for, and no longer."""

from __future__ import annotations

import datetime as dt
import random

import attrs
import pytest
from worlds import World

import mentorkit
from mentorkit import Choice, Invalid, Participant, Person, Programme
from mentorkit.errors import PluginFailed
from mentorkit.models import AgreementTemplate, Verdict
from mentorkit.models.plain import LONGEST_ID, LONGEST_NAME
from mentorkit.services.bound import LONGEST_KEY

pytestmark = pytest.mark.once

DRAWN = random.Random(1)


def long(signs: int) -> str:
    """Signs of four bytes each, which nothing compresses."""
    return "".join(chr(DRAWN.randrange(0x20000, 0x2A000)) for _ in range(signs))


def begun(world: World, programme: Programme, people: tuple[str, str], tenant: str) -> str:
    """A relationship that was active, in a tenant."""
    ann, may = (
        Participant(person=Person(id=id), roles={role: 1})
        for id, role in zip(people, ("mentee", "mentor"), strict=True)
    )
    with world.kit(tenant=tenant) as kit:
        kit.programmes.create(programme, id=people[0])
        kit.programmes.enrol(people[0], [ann, may])
        (held,) = kit.matching.publish(kit.matching.draft(people[0]).id)
        for person in people:
            kit.relationships.accept(held.id, person=person)
        for person in people:
            kit.relationships.sign(held.id, person=person)
        kit.sessions.record(held.id, world.now - dt.timedelta(days=1))
    return held.id


def test_the_longest_that_is_taken_is_kept(world: World) -> None:
    tenant, ann, may = (long(LONGEST_ID) for _ in range(3))
    name = long(LONGEST_NAME)
    programme = Programme(
        name=long(LONGEST_ID),
        awards={name: Choice("milestones", {"meetings": [1]})},
        surveys={name: Choice("after-session", {})},
    )
    begun(world, programme, (ann, may), tenant)
    world.forward(hours=1)
    with world.kit(tenant=tenant) as kit:
        awards = [award for award in kit.recognition.awards(ann) if award.rule == name]
        assert {award.person for award in awards} == {ann, may}
        assert [request.survey for request in kit.feedback.asked_of(may)].count(name) == 1


@attrs.frozen
class Keyed:
    """Finds one thing, under a key of so many bytes."""

    length: int

    def judge(self, history: mentorkit.History) -> list[Verdict]:
        people = history.relationship.people[:1]
        message = mentorkit.Message("keyed", "keyed")
        key = long(self.length // 4) + "x" * (self.length % 4)
        return [Verdict(key=key, effect="award", message=message, people=people)]


@pytest.mark.parametrize("length", [LONGEST_KEY, LONGEST_KEY + 1])
def test_a_key_of_a_plugin_fits_or_is_refused_in_words(world: World, length: int) -> None:
    from mentorkit.services.bound import Bound
    from mentorkit.services.histories import history
    from mentorkit.services.upkeep import Upkeep

    tenant, ann, may = (long(LONGEST_ID) for _ in range(3))
    held = begun(world, Programme(), (ann, may), tenant)
    with world.kit(tenant=tenant) as kit:
        work = kit._work
        past = history(work.rows, kit.relationships.get(held))
        bound = Bound(work.rows.get(mentorkit.store.shelves.PROGRAMMES, ann), work.registry)
        bound._made["awards"] = {long(LONGEST_NAME): Keyed(length)}
        if length > LONGEST_KEY:
            with pytest.raises(PluginFailed, match=r"a key of over 830 bytes"):
                bound.awards(past)
            return
        ((rule, verdict),) = bound.awards(past)
        with work.change():
            Upkeep(work)._grant(past.relationship, rule, verdict, ann, None)
        assert verdict.key in {award.key for award in kit.recognition.awards(ann)}


TOO_LONG = "a" * (LONGEST_NAME + 1)


@pytest.mark.parametrize(
    ("programme", "place"),
    [
        (Programme(name="a" * (LONGEST_ID + 1)), "name"),
        (Programme(criteria={TOO_LONG: mentorkit.Use("skills")}), "criteria"),
        (Programme(surveys={TOO_LONG: Choice("pulse")}), "surveys"),
        (Programme(awards={TOO_LONG: Choice("milestones")}), "awards"),
        (Programme(ratings={TOO_LONG: mentorkit.models.RatingScale()}), "ratings"),
        (Programme(agreement=AgreementTemplate(points={TOO_LONG: "?"})), "agreement.points"),
        (
            Programme(sessions={"one": mentorkit.models.Step(
                order=1, title="One", outputs=[TOO_LONG])}), "sessions.one.outputs",
        ),
    ],
)  # fmt: skip
def test_a_name_that_is_too_long_is_refused(world: World, programme: Programme, place: str) -> None:
    with world.kit() as kit, pytest.raises(Invalid, match=f"^{place}: .* a name of at most"):
        kit.programmes.create(programme)
