"""What the built-in criteria say of a pair, in the reader's words."""

from __future__ import annotations

from typing import Any

import pytest

from mentorkit import Level, Participant, Person, Skill, codec
from mentorkit.models import NOT_AVAILABLE
from mentorkit.registry import installed


def said(kind: str, one: Participant, other: Participant, points: int = 0, **settings: Any) -> str:
    held = installed().get("criteria", kind)
    asked = held.bind(codec.structure(held.settings, settings))
    words = (one, other, points) if hasattr(asked, "points") else (one, other)
    return str(asked.say(*words))


def someone(own: str, **held: Any) -> Participant:
    attributes = held.pop("attributes", {})
    person = Person(id=own, attributes=attributes, **held.pop("person", {}))
    return Participant(person=person, roles={"mentee": 1}, **held)


RED, BLUE = (someone(name, attributes={"home_team": name}) for name in ("red", "blue"))
LOW, HIGH = (
    someone(name, attributes={"grade": Level(rank, name)})
    for rank, name in ((1, "junior"), (3, "director"))
)
NOBODY = someone("nobody")


@pytest.mark.parametrize("kind", ["same", "different"])
@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (RED, RED, "same home team: red"),
        (RED, BLUE, "different home team: red and blue"),
        (RED, NOBODY, "home team unknown: red and not given"),
        (NOBODY, NOBODY, "home team unknown: not given and not given"),
    ],
)
def test_attributes(kind, one, other, sentence):
    assert said(kind, one, other, attribute="home_team") == sentence


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (LOW, HIGH, "grade director, 2 above junior"),
        (HIGH, LOW, "grade junior, 2 below director"),
        (LOW, LOW, "grade junior, the same as junior"),
        (LOW, NOBODY, "grade unknown: not given and junior"),
    ],
)
def test_levels(one, other, sentence):
    assert said("level-gap", one, other, attribute="grade") == sentence


def test_decimals_are_not_blurred():
    one, other = (someone(str(years), attributes={"years": years}) for years in (0.1, 0.3))
    sentence = said("level-gap", one, other, attribute="years")
    assert sentence == "years 0.3, 0.2 above 0.1"


def test_skills():
    seeker = someone("a", seeks=[Skill("SQL", 3), Skill("chess"), Skill("Go")])
    giver = someone("b", offers=[Skill("SQL", 1), Skill("Go")])
    assert said("skills", seeker, giver) == (
        "offers 2 of 3 skills sought: Go, SQL (level 3); below the level sought: SQL; not chess"
    )
    learner = someone("c", seeks=[Skill("Go"), Skill("Python", 2), Skill("chess")])
    assert said("skills", learner, giver) == "offers 1 of 3 skills sought: Go; not Python, chess"
    content = someone("d", seeks=[Skill("Go")])
    assert said("skills", content, giver) == "offers 1 of 1 skills sought: Go"
    assert said("skills", seeker, NOBODY).startswith("offers none of the skills sought: Go")
    assert said("skills", NOBODY, giver) == "no skills sought"


def test_braces_in_data_are_only_text():
    one = someone("a", attributes={"team": "{id}"})
    assert said("same", one, one, attribute="team") == "same team: {id}"


@pytest.mark.parametrize("kind", ["preferences", "avoid", "never-again"])
def test_private_wishes_are_never_told(kind):
    one = someone("a", prefers=["b"], avoids=["b"], not_again=["b"])
    other = someone("b")
    assert said(kind, one, other) == str(NOT_AVAILABLE)


def test_zones():
    one, other = (someone(zone, person={"timezone": zone}) for zone in ("UTC", "Europe/Berlin"))
    assert said("time-zones", one, one, 1000) == "same time zone: UTC"
    sentence = said("time-zones", one, other, 750, hours=8)
    assert sentence == "UTC and Europe/Berlin: 75 % of 8 shared working hours"
    assert said("time-zones", one, NOBODY) == "time zone not given"
