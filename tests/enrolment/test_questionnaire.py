"""Questionnaires: what goes out comes back, whatever it holds, and faults name their places."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import mentorkit
from mentorkit import Invalid, Level, Participant, Person, Policies, Programme, Skill, Use, Window
from mentorkit.blueprint import blueprint_of
from mentorkit.cli.output import csv_text
from mentorkit.enrolment import Questionnaire, suggest_skills
from mentorkit.models import Blueprint
from mentorkit.registry import installed
from mentorkit.testing.strategies import populations

pytestmark = pytest.mark.once
QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
REGISTRY = installed()
COMPARED = ("department", "grade", "years", "remote", "clubs", "anything")


def blueprint(**policies: Any) -> Blueprint:
    criteria = {name: Use("same", {"attribute": name}) for name in COMPARED}
    return blueprint_of(Programme(criteria=criteria, policies=Policies(**policies)), REGISTRY)


BLUEPRINT = blueprint()
ANN = Participant(
    person=Person(id="ann", name="Ann", languages=["en"], attributes={"grade": Level(1, "mid")}),
    roles={"mentee": 1},
    offers=[Skill("law", 2)],
    seeks=[Skill("SQL")],
    interests=["chess", "go"],
    hours=2.5,
    availability=[Window(0, 540, 720), Window(4, 1320, 1500)],
    aims="learn Python, and how\nto speak",
)
BO = Participant(
    person=Person(id="bo", attributes={"grade": Level(2, "high"), "years": 3, "remote": True}),
    roles={"mentor": 2},
    offers=[Skill("Python", 3), Skill("C++")],
    brings="sql and python",
)
ASKED = Questionnaire(BLUEPRINT, (ANN, BO))


def written(folder: Path, asked: Questionnaire, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text(csv_text(asked.columns, asked.rows()), encoding="utf-8", newline="")
    return path


def changed(folder: Path, asked: Questionnaire, **cells: str) -> Path:
    """The sheet with other cells in Ann's row; their columns with _ for a space."""
    path = written(folder, asked)
    table = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    for column, text in cells.items():
        table[1][table[0].index(column.replace("_", " "))] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    return path


@QUICK
@example([Participant(person=Person(id="ann", name="Ann\u00a0Reed"), roles={"mentee": 1})])
@given(populations(least=1, most=5))
def test_what_nobody_touched_changes_nothing(tmp_path: Path, people: list[Participant]) -> None:
    asked = Questionnaire(BLUEPRINT, tuple(people))
    assert asked.read([written(tmp_path, asked)], REGISTRY) == ()


def test_answers_are_read_on_top_of_what_is_known(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ASKED,
        goals_and_hopes="lead a team",
        hours_a_month="4",
        free_times="Tue 9-10; Fri 22:00-01:00",
        interests="",
        can_teach="law: 3; Art: modern",
        grade="HIGH",
        years="7",
        remote="no",
        partners_as_mentee="0",
        partners_as_mentor="1",
        partners_in_all_programmes="2",
    )
    (one,) = ASKED.read([path], REGISTRY)
    assert one.place == "people.csv, row 2"
    assert one.participant == attrs.evolve(
        ANN,
        person=attrs.evolve(
            ANN.person,
            attributes={"grade": Level(2, "high"), "years": 7, "remote": False},
            capacity=2,
        ),
        aims="lead a team",
        hours=4,
        availability=[Window(1, 540, 600), Window(4, 1320, 1500)],
        interests=[],
        offers=[Skill("law", 3), Skill("Art: modern")],
        roles={"mentee": 0, "mentor": 1},
    )


def test_skills_are_suggested_and_kept_only_where_they_are_confirmed(tmp_path: Path) -> None:
    rows = {row[0]: dict(zip(ASKED.columns, row, strict=True)) for row in ASKED.rows()}
    assert rows["ann"]["suggested skills"] == "Python"
    assert rows["bo"]["suggested skills"] == "SQL"
    confirmed = {"of_these,_I_want_to_learn": "Python; Python"}
    (one,) = ASKED.read([changed(tmp_path, ASKED, **confirmed)], REGISTRY)
    assert one.participant == attrs.evolve(ANN, seeks=[Skill("SQL"), Skill("Python")])


@given(st.text(max_size=30), st.lists(st.text(max_size=8), max_size=4))
def test_a_suggestion_is_known_said_and_new(aims: str, known: list[str]) -> None:
    held = Participant(person=Person(id="ann"), aims=aims, offers=[Skill("Python")])
    found = suggest_skills(held, [*known, "Python"])
    assert "Python" not in found
    assert set(found) <= set(known)
    for name in found:
        assert any(part.casefold() in aims.casefold() for part in name.split())


@pytest.mark.parametrize(
    ("aims", "known", "found"),
    [
        ("I want Public Speaking", ["public speaking"], ["public speaking"]),
        ("a public figure, speaking", ["public speaking"], []),
        ("more c++", ["C", "C++"], ["C++"]),
        ("lawyers", ["law"], []),
        ("", ["", "?"], []),
    ],
)
def test_whole_words_in_a_row_are_a_skill(aims: str, known: list[str], found: list[str]) -> None:
    held = Participant(person=Person(id="ann"), aims=aims)
    assert list(suggest_skills(held, known)) == found


def test_every_fault_names_its_place_and_nothing_is_half_read(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ASKED,
        hours_a_month="many",
        free_times="soon",
        grade="top",
        years="old",
        remote="perhaps",
        partners_as_mentee="-1",
        time_zone="Mars",
        goals_and_hopes="fine",
    )
    with pytest.raises(Invalid) as refused:
        ASKED.read([path], REGISTRY)
    places = [fault.path for fault in refused.value.faults]
    columns = ["hours a month", "free times", "time zone", "partners as mentee"]
    columns += ["grade", "remote", "years"]
    assert sorted(places) == sorted(f"people.csv, row 2, column {name}" for name in columns)
    assert "'top' is none of mid, high" in str(refused.value)


def test_what_may_have_been_misread_is_told(tmp_path: Path) -> None:
    path, told = tmp_path / "own.csv", []
    for encoding in ("utf-8", "cp1252"):
        path.write_text("id,interests\nann,Café\n", encoding=encoding)
        (read,) = ASKED.read([path], REGISTRY, told.append)
        assert read.participant.interests == ("Café",)
    assert [fault.path for fault in told] == ["own.csv, line 2"]


def test_strange_people_and_columns_are_faults(tmp_path: Path) -> None:
    first, second = written(tmp_path, ASKED), written(tmp_path, ASKED, "again.csv")
    twice = r"again.csv, row 2, column id: 'ann' is in people.csv, row 2"
    with pytest.raises(Invalid, match=twice):
        ASKED.read([first, second], REGISTRY)
    for text, words in (
        ("id,interests\neve,chess\n", "row 2, column id: 'eve' is nobody in this programme"),
        ("id,manager\nann,bo\n", "column manager: is no question of this programme"),
        ("name\nAnn\n", "has no column 'id'"),
    ):
        (tmp_path / "own.csv").write_text(text, encoding="utf-8")
        with pytest.raises(Invalid, match=words):
            ASKED.read([tmp_path / "own.csv"], REGISTRY)
    (tmp_path / "own.csv").write_text("ID,Interests\nann,go; chess; go\n", encoding="utf-8")
    assert ASKED.read([tmp_path / "own.csv"], REGISTRY) == ()


def test_what_is_fixed_rated_or_protected_is_not_asked() -> None:
    stated = Programme(
        criteria={name: Use("same", {"attribute": name}) for name in ("grade", "faith")},
        policies=Policies(fixed=("name", "hours", "grade")),
        protected={"faith": mentorkit.Protected("to match all alike")},
    )
    columns = Questionnaire(blueprint_of(stated, REGISTRY), (ANN,)).columns
    assert not {"name", "hours a month", "grade", "faith"} & set(columns)
    assert "goals and hopes" in columns
