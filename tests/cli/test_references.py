"""What a call names by people: namesakes, and relationships that are over."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

import mentorkit
from mentorkit import Invalid, Kit, NotFound, Participant, Person, Programme
from mentorkit.cli.references import anyone, one_relationship, one_request
from mentorkit.testing.house import TrialHouse, house

pytestmark = pytest.mark.once

NAMES = {"a1": "Ann Reed", "a2": "Ann  Reed", "b": "Bo", "m1": "May", "m2": "May", "n": ""}
MENTORS = ("m1", "m2", "n")
PAIRS = (("a1", "m1"), ("a1", "n"), ("a2", "m1"), ("a2", "n"), ("b", "m2"))


def somebody(id: str) -> Participant:
    role = "mentor" if id in MENTORS else "mentee"
    return Participant(person=Person(id=id, name=NAMES[id]), roles={role: 9})


def together(held: TrialHouse, id: str, pairs: tuple[tuple[str, str], ...], closed: int) -> None:
    """A programme of these pairs, the first of which are over."""
    with held.kit(actor=mentorkit.SYSTEM) as kit:
        run = kit.programmes.create(Programme(), id=id)
        people = sorted({one for pair in pairs for one in pair})
        kit.programmes.enrol(id, [somebody(one) for one in people])
        barred = [
            pair
            for pair in itertools.product(people, people)
            if pair not in pairs and pair[0] not in MENTORS and pair[1] in MENTORS
        ]
        made = kit.matching.publish(kit.matching.draft(run.id, forbids=barred).id)
        assert {one.people for one in made} == set(pairs)
        for one in made:
            if one.people in pairs[:closed]:
                kit.relationships.decline(one.id, person=one.people[0])


def means(kit: Kit, word: str) -> tuple[str, ...] | str:
    """The people of the relationship, or why it is not found."""
    try:
        return one_relationship(kit, word).people
    except (Invalid, NotFound) as error:
        return str(error)


def test_a_name_that_several_have_means_who_are_together() -> None:
    with house() as held:
        together(held, "p", PAIRS, closed=0)
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            assert means(kit, "bo + may") == means(kit, "Bo") == ("b", "m2")
            assert means(kit, "May (m2)") == ("b", "m2")
            assert means(kit, "ann reed (a2) + n") == ("a2", "n")
            assert means(kit, "n+a1") == ("a1", "n")
            assert means(kit, "may + ANN REED (A1)") == ("a1", "m1")
            ids = {one.people: one.id for one in kit.relationships.page("p")}
            named = [
                f"{ids[pair]} (proposed, Ann Reed ({pair[0]}) + May ({pair[1]}), p)"
                for pair in (("a1", "m1"), ("a2", "m1"))
            ]
            for word in ("Ann Reed + May", "May+Ann Reed"):
                unclear = str(means(kit, word))
                assert unclear.startswith(f"{word!r} may be any of these: ")
                assert all(one in unclear for one in named)
            assert means(kit, "b + n") == "there is no relationship 'b + n'"
            assert means(kit, "Ann Reed + Ann Reed").startswith("there is no relationship")
            with pytest.raises(NotFound, match="give one id of a1, a2"):
                anyone(kit, "Ann Reed")
            assert anyone(kit, " ann reed (a2)") == "a2"


@pytest.mark.parametrize("closed", range(len(PAIRS)))
def test_what_is_over_is_in_nobodys_way(closed: int) -> None:
    """By an account of which pairs a word fits, the live ones of them if there are any."""
    with house() as held:
        together(held, "p", PAIRS, closed)
        words = [*NAMES, *(f"{one} + {other}" for one in NAMES for other in NAMES if one != other)]
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            for word in words:
                wanted = set(word.split(" + "))
                fit = [pair for pair in PAIRS if wanted <= set(pair)]
                live = [pair for pair in fit if pair not in PAIRS[:closed]]
                found = means(kit, word)
                if len(live or fit) == 1:
                    assert found == (live or fit)[0]
                else:
                    assert isinstance(found, str)
                    assert found.count(" + ") - word.count(" + ") == len(live or fit)


def test_open_requests_are_told_apart_by_partner() -> None:
    with house() as held:
        together(held, "p", PAIRS[:2], closed=0)
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            for one in kit.relationships.page("p"):
                for step in (kit.relationships.accept, kit.relationships.sign):
                    for person in one.people:
                        step(one.id, person=person)
                kit.sessions.record(one.id, held.clock.now - dt.timedelta(hours=2))
        held.advance()
        with held.kit(actor=mentorkit.SYSTEM) as kit:
            assert len(kit.feedback.asked_of("a1")) > 1
            with pytest.raises(
                Invalid, match=r" \(after-session, \(active, Ann Reed \(a1\) \+ n, p\)\)"
            ):
                one_request(kit, "a1", ["useful"])
