"""What is guessed from unknown files, and what is left out of the guess."""

from __future__ import annotations

import csv
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mentorkit
from mentorkit import Invalid
from mentorkit.enrolment import (
    ColumnMap,
    Condition,
    RoleRule,
    Source,
    load_map,
    propose,
    propose_map,
    read_people,
    write_map,
)
from mentorkit.enrolment.words import head_words
from mentorkit.plugin_loading import Plugin
from mentorkit.plugins.rosters import mentorkit_rosters

QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def registry() -> mentorkit.Registry:
    kinds = tuple(("rosters", kind) for kind in mentorkit_rosters())
    return mentorkit.Registry((Plugin(name="rosters", distribution="mentorkit", kinds=kinds),))


def stored(folder: Path, name: str, columns: dict[str, list[str]]) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def proposed(folder: Path, registry, columns: dict[str, list[str]]) -> ColumnMap:
    """A mapping for one file, with an id column put first."""
    size = len(next(iter(columns.values())))
    ids = {"Id": [f"p{index}" for index in range(size)]}
    return propose_map([stored(folder, "people.csv", ids | columns)], registry)


HOURS_A_MONTH = (
    "hours per month",
    "Hours/month",
    "How many hours a month can you give?",
    "HoursPerMonth",
    "monthly hours",
    "Stunden pro Monat",
    "Heures par mois",
    "Horas al mes",
)
OTHER_HOURS = ("hours per week", "Hours of training", "Working hours", "Hours mentored so far")


@pytest.mark.parametrize("head", [*HOURS_A_MONTH, "hours", "Hours available", "Stunden"])
@pytest.mark.parametrize(("cells", "decimal"), [(["2", "3.5", ""], "."), (["2", "3,5", ""], ",")])
def test_hours_a_month_are_hours(tmp_path, registry, head, cells, decimal):
    file = stored(tmp_path, "people.csv", {"Id": ["a", "b", "c"], head: cells})
    made = propose([file], registry)
    assert made.fields["hours"] == Source(column=(head,), number=True, decimal=decimal)
    doubted = [note for note in made.notes if note.path == "fields.hours"]
    assert bool(doubted) == (head not in HOURS_A_MONTH)
    read = read_people([file], attrs.evolve(made.column_map(), roles=MENTEES), registry)
    assert [held.hours for held in read.people] == [2, 3.5, None]


@pytest.mark.parametrize("head", OTHER_HOURS)
def test_other_hours_are_not(tmp_path, registry, head):
    assert "hours" not in proposed(tmp_path, registry, {head: ["2", "3", ""]}).fields


def test_what_cannot_be_hours_of_a_month_is_not_read_as_these(tmp_path, registry):
    assert "hours" not in proposed(tmp_path, registry, {"hours": ["2", "1000", ""]}).fields
    assert "hours" not in proposed(tmp_path, registry, {"hours": ["2", "-1", ""]}).fields


MENTEES = {"mentee": RoleRule()}
ROLE = {"Role": ["mentee", "mentor", "mentor", "mentee"]}


@pytest.mark.parametrize(
    "head", ["capacity", "Max mentees", "maximum number of mentees", "max. mentees", "Slots"]
)
def test_places_are_a_role_s_and_a_person_s_where_no_role_is_told(tmp_path, registry, head):
    cells = ["", "2", "3", ""]
    made = proposed(tmp_path, registry, {**ROLE, head: cells})
    assert made.roles["mentor"].capacity == Source(column=(head,), number=True)
    assert "capacity" not in made.fields
    alone = proposed(tmp_path, registry, {head: cells})
    assert alone.fields["capacity"] == Source(column=(head,), number=True)


def test_places_of_both_roles_and_in_all_programmes_are_told_apart(tmp_path, registry):
    heads = ("Capacity in all programmes", "How many mentors?", "How many mentees?")
    made = proposed(tmp_path, registry, {**ROLE, **{head: ["1", "2", "3", ""] for head in heads}})
    assert made.fields["capacity"].column == heads[:1]
    assert made.roles["mentee"].capacity.column == heads[1:2]
    assert made.roles["mentor"].capacity.column == heads[2:]


ZONES = ["Europe/Berlin", "Asia/Tokyo", "UTC", ""]


@pytest.mark.parametrize(
    ("head", "cells", "field", "source"),
    [
        ("Time zone", ZONES, "timezone", {}),
        ("Zeitzone", ZONES, "timezone", {}),
        ("Sprachen", ["de,en", "fr", "en", ""], "languages", {"split": ","}),
        ("LanguageHaveWorkedWith", ["C;Go", "Go", "C", ""], "offers", {"split": ";"}),
        ("LanguageWantToWorkWith", ["C;Go", "Go", "C", ""], "seeks", {"split": ";"}),
        ("Skills offered", ["C:2;Go:1", "Go:3"], "offers", {"split": ";", "level_after": ":"}),
        ("I can teach", ["C", "Go", "Rust"], "offers", {}),
        ("What I want to learn", ["C, Go", "Go", "C"], "seeks", {"split": ","}),
        ("Lernziele", ["C|Go", "Go", "C"], "seeks", {"split": "|"}),
        ("Centres d'intérêt", ["a;b", "b", "a"], "interests", {"split": ";"}),
        ("Meeting times", ["Mon 9-12;Tue 9-10", "fri 14-15", ""], "availability", {"split": ";"}),
        ("When free", ["Mon 9-12;Tue 9-10", "fri 14-15", ""], "availability", {"split": ";"}),
        ("I could teach or coach", ["C", "Go", "C"], "offers", {}),
        ("Strengths", list("abcde"), "offers", {}),
        ("Development areas", list("abcde"), "seeks", {}),
        ("Where I need help with", ["C", "Go", "C"], "seeks", {}),
        ("Braucht Hilfe bei", ["C", "Go", "C"], "seeks", {}),
        ("Wobei kannst du helfen?", ["C", "Go", "C"], "offers", {}),
        ("What would you like to get better at?", ["C", "Go", "C"], "seeks", {}),
        ("Software development skills", ["C", "Go", "C"], "offers", {}),
        ("Compétences à développer", ["C", "Go", "C"], "seeks", {}),
        ("Kann gut helfen bei", ["C", "Go", "C"], "offers", {}),
        ("Themen (Mentor)", ["C", "Go", "C"], "offers", {}),
        ("Topics (mentee)", ["C", "Go", "C"], "seeks", {}),
        ("Who I'd like to meet", ["p1", "p2", ""], "prefers", {}),
        ("Avoids", ["p1", "p2", ""], "avoids", {}),
        ("Wishes", ["p1,p2", "p0", ""], "prefers", {"split": ","}),
        ("Please not with", ["p1", "", ""], "avoids", {}),
        ("Line manager", ["p1", "p2", ""], "manager", {}),
        ("Full Name", ["A B", "C D", "E F"], "name", {}),
        ("Company name", ["A", "B", "A"], "organisation", {}),
        ("Line manager's e-mail", ["q@x", "q@x", "r@x"], "manager", {}),
        ("Team size", ["3", "40", "3"], "team_size", {"number": True}),
        ("WorkExp", ["1", "2.5", "12"], "years", {"number": True}),
        ("Rate", ["1,5", "-12", "0,125"], "rate", {"number": True, "decimal": ","}),
        ("Sheep", ["1,500", "2,000", "1,500"], "sheep", {}),
        ("Rate", ["1,5", "1.5", "1,5"], "rate", {}),
        ("Company", ["Acme", "Umbrella", "Acme"], "organisation", {}),
        ("Abteilung", ["IT", "HR", "IT"], "department", {}),
        ("Land", ["DE", "FR", "DE"], "location", {}),
        ("DevType", ["Dev, back", "Dev, front", "Dev, back"], "dev_type", {}),
        ("Tools", ["a,b", "b,c", "a,c", "a,b,c"], "tools", {"split": ","}),
        ("Shoe size", ["41", "NA", "44"], "shoe_size", {"number": True}),
        ("Niveau", ["b1", "C2", "A1"], "grade", {"scale": ("A1", "A2", "B1", "B2", "C1", "C2")}),
    ],
)
def test_a_column_becomes_a_field(tmp_path, registry, head, cells, field, source):
    column_map = proposed(tmp_path, registry, {head: cells})
    assert dict(column_map.left_out) == {}
    assert column_map.fields[field] == Source(column=(head,), **source)
    assert set(column_map.fields) == {"id", field}


@pytest.mark.parametrize(
    ("head", "cells", "reason"),
    [
        ("Country of origin", ["x", "y", "x"], "protected"),
        ("Gender", ["x", "y", "x"], "protected"),
        ("Geburtsdatum", ["1990-01-01", "1991-01-01", ""], "protected"),
        ("identity to match", ["a", "b", "a"], "protected"),
        ("Characteristics", ["a", "b", "a"], "protected"),
        ("Sexual orientation", ["a", "b", "a"], "protected"),
        ("Religión", ["a", "b", "a"], "protected"),
        ("Âge", ["30", "40", "50"], "protected"),
        ("Are you disabled?", ["yes", "no", "no"], "protected"),
        ("You are", ["Female", "male", "non-binary"], "protected"),
        ("Biography", ["short", "words", "short"], "free text"),
        (
            "Your path",
            ["I was here and then I went there and " * 2 + w for w in "abc"],
            "free text",
        ),
        ("Mobile phone", ["1", "2", "3"], "private"),
        ("Timestamp", ["1", "2", "3"], "was written"),
        ("Nothing", ["", "", ""], "empty"),
        ("Site", ["HQ", "HQ", "HQ"], "same of everybody"),
        ("Skills", [f"I do this and that and more of {w}" for w in "abc"], "free text"),
        ("Lfd. Nr.", ["1", "2", "3"], "tells people apart"),
        ("Badge", ["qa", "wb", "ec", "rd", "te"], "different for everybody"),
        ("Line manager", ["Mr Ay", "Ms Bee", "Mr Ay"], "mostly nobody in these files"),
        ("Both mentor and mentee", ["yes", "no", "no"], "does not tell who is which"),
    ],
)
def test_a_column_is_left_out_with_its_reason(tmp_path, registry, head, cells, reason):
    column_map = proposed(tmp_path, registry, {head: cells})
    assert list(column_map.left_out) == [head]
    assert reason in column_map.left_out[head]
    assert set(column_map.fields) == {"id"}


def when(column: str, *cells: str) -> RoleRule:
    return RoleRule(when=Condition(column=column, one_of=cells))


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        (
            {"Role": ["Mentor", "mentee", "both", "mentor"]},
            {"mentee": when("Role", "mentee", "both"), "mentor": when("Role", "Mentor", "both")},
        ),
        (
            {"I want to be": ["a mentor", "a mentee", "a mentor"]},
            {
                "mentee": when("I want to be", "a mentee"),
                "mentor": when("I want to be", "a mentor"),
            },
        ),
        (
            {"Mentor or mentee?": ["a mentor", "a mentee", "beides"]},
            {
                "mentee": when("Mentor or mentee?", "a mentee", "beides"),
                "mentor": when("Mentor or mentee?", "a mentor", "beides"),
            },
        ),
        (
            {"Mentor?": ["Yes", "no", "no"], "Mentee?": ["no", "YES", "yes"]},
            {"mentee": when("Mentee?", "YES"), "mentor": when("Mentor?", "Yes")},
        ),
        (
            {"Be a mentor": ["ja", "nein", "ja"]},
            {"mentee": when("Be a mentor", "nein"), "mentor": when("Be a mentor", "ja")},
        ),
        ({"Be a mentor": ["yes", "yes", ""]}, {}),
        (
            {"Role": ["mentor", "mentee", "metnor"]},
            {"mentee": when("Role", "mentee"), "mentor": when("Role", "mentor")},
        ),
        *(
            (
                {can: ["x", "", "", "x"], wants: ["", "x", "", "x"]},
                {"mentee": when(wants, "x"), "mentor": when(can, "x")},
            )
            for can, wants in [
                ("Can mentor", "Wants a mentor"),
                ("Can you be a mentor?", "Do you want a mentor?"),
                ("Kann Mentor sein", "Möchte einen Mentor"),
                ("Möchte Mentorin werden", "Sucht eine Mentorin"),
                ("Would you like to be a mentor?", "Would you like a mentor?"),
                ("Kann Mentorin sein", "Mentor*in gesucht"),
                ("Happy to mentor", "Would like to be mentored"),
                ("I would like to mentor", "I am looking for a mentor"),
                ("Looking for a mentee", "I need mentoring"),
            ]
        ),
        ({"Town": ["a", "b", "a"]}, {}),
        ({"Shifts": ["both", "both", ""]}, {}),
        ({"Met": ["a mentor", "my mentor", "a mentor"]}, {}),
        ({"Met": ["mentor 1", "mentee 2", "both", "mentor 3", "a mentee", "mentor", "mentee"]}, {}),
    ],
)
def test_roles_are_told_by_columns(tmp_path, registry, columns, roles):
    assert dict(proposed(tmp_path, registry, columns).roles) == roles


def test_roles_are_told_by_files_and_places_by_a_column(tmp_path, registry):
    mentees = {"E-Mail": ["a@x", "b@x"], "First name": ["A", "B"], "Surname": ["C", "D"]}
    files = [
        stored(tmp_path, "Mentees 2026.csv", mentees | {"Both mentor and mentee": ["yes", "no"]}),
        stored(tmp_path, "our-mentors.csv", {"e-mail": ["c@x", "a@x"], "Places": ["2", "0"]}),
    ]
    column_map = propose_map(files, registry)
    assert column_map.fields["id"] == column_map.fields["email"] == Source(column=("E-Mail",))
    assert column_map.fields["name"] == Source(column=("First name", "Surname"))
    assert column_map.roles["mentee"] == RoleRule(files="*mentee*")
    places = Source(column=("Places",), number=True)
    assert column_map.roles["mentor"] == RoleRule(files="*mentor*", capacity=places)
    assert "files already tell" in column_map.left_out["Both mentor and mentee"]
    people = read_people(files, column_map, registry).people
    assert dict(people[0].roles) == {"mentee": 1, "mentor": 0}


def test_running_numbers_of_two_files_are_no_ids(tmp_path, registry):
    files = [
        stored(tmp_path, "mentees.csv", {"Id": ["1", "2"], "E-Mail": ["a@x", "b@x"]}),
        stored(tmp_path, "mentors.csv", {"Id": ["1", "2"], "E-Mail": ["c@x", "d@x"]}),
    ]
    assert propose_map(files, registry).fields["id"] == Source(column=("E-Mail",))
    assert propose_map(files[:1], registry).fields["id"] == Source(column=("Id",))


def test_a_column_with_gaps_is_no_id(tmp_path, registry):
    columns = {"Id": ["1", "", "3"], "E-Mail": ["a@x", "b@x", "c@x"]}
    column_map = propose_map([stored(tmp_path, "p.csv", columns)], registry)
    assert column_map.fields["id"] == Source(column=("E-Mail",))


def test_without_a_column_that_tells_people_apart_the_rest_is_proposed(tmp_path, registry):
    file = stored(tmp_path, "p.csv", {"Town": ["a", "b", "a"], "Skills": ["c", "d", "d"]})
    with pytest.raises(Invalid, match=r"^fields\.id: no column tells people apart"):
        propose_map([file], registry)
    proposal = propose([file], registry)
    assert set(proposal.fields) == {"location", "offers"}
    text = write_map(proposal)
    for note in proposal.notes:
        assert f"# - {note}\n" in text
    path = tmp_path / "columns.toml"
    path.write_text(text.replace('# id = "…"', 'id = "Town"'), encoding="utf-8")
    assert load_map(path).fields["offers"] == proposal.fields["offers"]


NAMED = {"Name": ["Al", "Bo", "Cy"]}


@pytest.mark.parametrize(
    "head",
    [
        *("Nr.", "Lfd. Nr.", "No.", "#", "Mitarbeiter-Nr", "Personal-Nr.", "Matrikelnummer"),
        *("Kürzel", "Ausweis"),
    ],
)
def test_a_number_tells_people_apart_before_their_names(tmp_path, registry, head):
    columns = NAMED | {"Town": ["x", "x", "y"], "Years": ["7", "8", "9"], head: ["3", "1", "2"]}
    proposal = propose([stored(tmp_path, "p.csv", columns)], registry)
    assert proposal.fields["id"] == Source(column=(head,))
    assert [note.path for note in proposal.notes] == ["fields.id"] * (head == "Ausweis")


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Part", ["mentor", "mentee", "metnor"]),
        ("Step", ["low", "medium", "high"]),
        ("How many mentees?", ["1", "2", "3"]),
        ("Skills", ["a", "b", "c"]),
        ("Town", ["a", "b", "c"]),
    ],
)
def test_what_matching_needs_tells_nobody_apart(tmp_path, registry, head, cells):
    file = stored(tmp_path, "p.csv", {head: cells})
    assert "id" not in propose([file], registry).fields


def test_names_tell_people_apart_where_nothing_else_does(tmp_path, registry):
    columns = NAMED | {"Years": ["7", "8", "9"], "Town": ["x", "y", "z"]}
    proposal = propose([stored(tmp_path, "p.csv", columns)], registry)
    assert proposal.fields["id"] == Source(column=("Name",))
    assert [note.path for note in proposal.notes] == ["fields.id"]


def test_a_column_of_another_name_in_each_file_is_one_field(tmp_path, registry):
    mentees = {
        "Employee ID": ["1", "2"],
        "First name": ["A", "B"],
        "Surname": ["C", "D"],
        "Department": ["x", "y"],
        "I want to learn": ["a;b", "c"],
    }
    mentors = {
        "Staff number": ["2", "3"],
        "Name": ["B D", "E F"],
        "Division": ["y", "x"],
        "Learning goals": ["c", "b"],
        "Team": ["x", "y"],
    }
    files = [stored(tmp_path, "mentees.csv", mentees), stored(tmp_path, "mentors.csv", mentors)]
    column_map = propose_map(files, registry)
    assert {name: source.column for name, source in column_map.fields.items()} == {
        "id": ("Employee ID", "Staff number"),
        "name": ("First name", "Surname", "Name"),
        "department": ("Department", "Division"),
        "seeks": ("I want to learn", "Learning goals"),
        "team": ("Team",),
    }
    assert column_map.fields["seeks"].split == ";"
    enrolment = read_people(files, column_map, registry)
    assert enrolment.faults == ()
    assert [one.person.name for one in enrolment.people] == ["A C", "B D", "E F"]


@pytest.mark.parametrize(
    ("columns", "path", "words"),
    [
        ({"I can help with": ["a", "b", "a"]}, "fields.seeks", "only offers was found"),
        ({"I need help with": ["a", "b", "a"]}, "fields.offers", "only seeks was found"),
        ({"Line manager": ["Mr Ay", "Ms Bee", "Mr Ay"]}, "left_out", "'Line manager' is not read"),
        ({"Prefers": ["nobody", "you", "them"]}, "left_out", "'Prefers' is not read"),
        ({"Role": ["mentor", "mentee", "metnor"]}, "roles", "also holds 'metnor'"),
        (
            {
                "Role": ["mentor", "mentee", "mentor", "mentor"],
                "Wie viele Mentees?": ["1", "", "2-3", "2"],
            },
            "roles.mentor.capacity",
            "also holds '2-3'",
        ),
    ],
)
def test_a_doubt_is_noted(tmp_path, registry, columns, path, words):
    size = len(next(iter(columns.values())))
    ids = {"Id": [f"p{index}" for index in range(size)]}
    proposal = propose([stored(tmp_path, "people.csv", ids | columns)], registry)
    assert [note.path for note in proposal.notes] == [path]
    assert words in proposal.notes[0].sentence


@pytest.mark.parametrize("head", ["Line manager", "Boss"])
def test_names_of_people_in_the_files_are_recognised(tmp_path, registry, head):
    columns = NAMED | {"Nr.": ["1", "2", "3"], head: ["al", "Bo", "Somebody else"]}
    column_map = propose_map([stored(tmp_path, "p.csv", columns)], registry)
    assert column_map.fields["manager"] == Source(column=(head,))


def test_a_whole_cell_may_name_one_person(tmp_path, registry):
    columns = {
        "Nr.": ["1", "2", "3"],
        "Name": ["Li, Al", "Ray, Bo", "Poe, Cy"],
        "Boss": ["Ray, Bo", "Poe, Cy", ""],
    }
    column_map = propose_map([stored(tmp_path, "p.csv", columns)], registry)
    assert column_map.fields["manager"] == Source(column=("Boss",))


def test_row_numbers_that_two_files_share_are_no_ids(tmp_path, registry):
    files = [
        stored(tmp_path, name, {"Nr.": ["1", "2"], "Skills": ["a", "b"]})
        for name in ("mentees.csv", "mentors.csv")
    ]
    assert "id" not in propose(files, registry).fields


def test_both_sides_of_skills_are_found(tmp_path, registry):
    for offers, seeks in [
        ("Topics I could help with", "Topics I'd like to learn"),
        ("I can help with", "I need help with"),
    ]:
        columns = {offers: list("abcdef"), seeks: list("bcdefg")}
        column_map = proposed(tmp_path, registry, columns)
        assert column_map.fields["offers"] == Source(column=(offers,))
        assert column_map.fields["seeks"] == Source(column=(seeks,))


def titled(folder: Path, name: str, *above: str) -> Path:
    path = folder / name
    rows = [*above, "Id;Skills;Team", "1;a, b;x", "2;a;y"]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_column_names_below_a_title_are_found(tmp_path, registry):
    files = [
        titled(tmp_path, name, "Mentoring, spring", "", "As of;today")
        for name in ("mentees.csv", "mentors.csv")
    ]
    column_map = propose_map(files, registry)
    assert column_map.header_row == 4
    assert set(column_map.fields) == {"id", "offers", "department"}
    assert read_people(files, column_map, registry).rows == 4
    higher = titled(tmp_path, "others.csv", "Mentoring")
    plain = titled(tmp_path, "plain.csv")
    for odd in (higher, plain):
        with pytest.raises(Invalid, match=rf"^{odd.name}: its column names are not in row 4"):
            propose_map([*files, odd], registry)


HEADS = st.sampled_from(
    [
        *("name", "e-mail", "role", "mentor?", "skills", "wants", "free", "grade", "gender"),
        *("age", "x", "offers", "manager", "email", "availability", "prefers", "timezone"),
        *("places", "roles"),
    ]
)
CELLS = st.sampled_from(
    ["", "NA", "a;b", "a,b", "yes", "no", "3", "mentor", "both", "junior", "Mon 9-10", "q@r", "p1"]
)


@QUICK
@given(st.dictionaries(HEADS, st.lists(CELLS, min_size=4, max_size=4), min_size=1))
def test_any_proposal_can_be_written_loaded_and_read(tmp_path, registry, columns):
    """Each column ends in one place, and nothing protected in a field."""
    column_map = proposed(tmp_path, registry, columns)
    path = tmp_path / "columns.toml"
    path.write_text(write_map(column_map), encoding="utf-8")
    assert load_map(path) == column_map
    read = {name for source in column_map.fields.values() for name in source.column}
    asked = {rule.when.column for rule in column_map.roles.values() if rule.when}
    asked |= {name for rule in column_map.roles.values() for name in rule.capacity.column}
    placed = [*read, *asked, *column_map.left_out]
    assert sorted(placed) == sorted({*placed})
    assert {*placed} == {"Id", *columns}
    assert not read & {"gender", "age"}
    if column_map.roles:
        enrolment = read_people([tmp_path / "people.csv"], column_map, registry)
        noted = {note.path for note in propose([tmp_path / "people.csv"], registry).notes}
        odd = "column places" if "roles.mentor.capacity" in noted else "none"
        assert [fault for fault in enrolment.faults if odd not in fault.path] == []


@pytest.mark.parametrize(
    ("head", "plain"),
    [("WorkExp", "work exp"), ("E-Mail", "e mail"), ("Prénom", "prenom"), ("C# / C++", "c# c++")],
)
def test_heads_become_plain_words(head, plain):
    assert head_words(head) == plain


DATA = Path(__file__).parents[2] / "../shared/data"


@pytest.mark.skipif(not DATA.is_dir(), reason="the sample data are not here")
def test_the_samples_are_proposed_for(registry):
    files = [DATA / f"civil-service/{who}-50.csv" for who in ("mentees", "mentors")]
    column_map = propose_map(files, registry)
    assert set(column_map.fields) == {
        *("id", "name", "email", "grade", "organisation", "profession")
    }
    assert len(column_map.fields["grade"].scale) == 11
    enrolment = read_people(files, column_map, registry)
    assert (len(enrolment.people), enrolment.faults) == (100, ())
    column_map = propose_map([DATA / "developers-120.csv"], registry)
    assert column_map.missing == ("NA",)
    assert {"offers", "seeks", "years", "location", "industry"} <= set(column_map.fields)
    with pytest.raises(Invalid, match="add the tables"):
        read_people([DATA / "developers-120.csv"], column_map, registry)
