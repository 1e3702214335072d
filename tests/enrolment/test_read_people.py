"""Rows to people: every fault at its place, files merged, nobody lost."""

from __future__ import annotations

import csv
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mentorkit
from mentorkit import Fault, Invalid, Level, Participant, Person, PluginFailed, Row, Skill
from mentorkit.enrolment import ColumnMap, Condition, RoleRule, Source, read_people
from mentorkit.plugin_loading import Plugin
from mentorkit.plugins.rosters import mentorkit_rosters

QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def registry() -> mentorkit.Registry:
    kinds = tuple(("rosters", kind) for kind in mentorkit_rosters())
    return mentorkit.Registry((Plugin(name="rosters", distribution="mentorkit", kinds=kinds),))


def column(name: str, **how: object) -> Source:
    return Source(column=(name,), **how)  # type: ignore[arg-type]


MAP = ColumnMap(
    fields={
        "id": column("Id"),
        "name": Source(column=("First", "Last")),
        "email": column("E-Mail"),
        "timezone": column("Zone"),
        "grade": column("Grade", scale=("low", "mid", "high")),
        "years": column("Years", number=True),
        "offers": column("Can", split=";", level_after=":"),
        "availability": column("Free", split=";"),
        "prefers": column("Wishes", split=";"),
        "avoids": column("Not", split=";"),
        "manager": column("Boss"),
        "cohort": Source(value="2026"),
    },
    roles={
        "mentee": RoleRule(when=Condition(column="Part", one_of=("Mentee", "both"))),
        "mentor": RoleRule(
            capacity=column("Places", number=True),
            when=Condition(column="Part", one_of=("mentor", "both")),
        ),
    },
    missing=("NA",),
)
COLUMNS = (
    *("Id", "First", "Last", "E-Mail", "Zone", "Grade", "Years", "Can", "Free"),
    *("Wishes", "Not", "Boss", "Part", "Places"),
)


def stored(
    folder: Path, name: str, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS
) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval="")
        table.writeheader()
        table.writerows(rows)
    return path


def ann(**cells: str) -> dict[str, str]:
    return {"Id": "ann", "Part": "mentee"} | cells


def test_a_row_becomes_a_participant(tmp_path, registry):
    row = {
        "Id": "ann",
        "First": "Ann",
        "Last": "Lee",
        "E-Mail": "a@b",
        "Zone": "Europe/Berlin",
        "Grade": "MID",
        "Years": "7",
        "Can": "Go:2; C",
        "Wishes": "bob;cy",
        "Not": "na",
        "Boss": "cy",
        "Part": "BOTH",
        "Places": "3",
    }
    file = stored(tmp_path, "p.csv", row, {"Id": "bob", "Part": "none"}, {"Id": "cy", "Part": "no"})
    enrolment = read_people([file], MAP, registry)
    assert enrolment.people == (
        Participant(
            person=Person(
                id="ann",
                name="Ann Lee",
                email="a@b",
                timezone="Europe/Berlin",
                attributes={"grade": Level(1, "mid"), "years": 7, "cohort": "2026"},
            ),
            roles={"mentee": 1, "mentor": 3},
            offers=(Skill("C"), Skill("Go", 2)),
            prefers=("bob", "cy"),
            manager="cy",
        ),
    )
    assert (enrolment.faults, enrolment.notes) == ((), ())
    assert (enrolment.rows, enrolment.without_role) == (3, 2)


def test_words_for_missing_are_empty_cells(tmp_path, registry):
    row = ann(First="NA", Last="Lee", Years="na", Grade="Na", Zone=" NA ", Places="NA", Part="both")
    (one,) = read_people([stored(tmp_path, "p.csv", row)], MAP, registry).people
    assert one.person == Person(id="ann", name="Lee", attributes={"cohort": "2026"})
    assert dict(one.roles) == {"mentee": 1, "mentor": 1}


WRONG = {
    "E-Mail": "nowhere",
    "Zone": "Moon/Base",
    "Grade": "highest",
    "Years": "1,5",
    "Can": "Go:much",
    "Free": "at times",
    "Wishes": "x;x",
    "Places": "-2",
}


@QUICK
@given(
    st.integers(1, 12).flatmap(
        lambda size: st.tuples(
            st.just(size), st.sets(st.tuples(st.integers(0, size - 1), st.sampled_from([*WRONG])))
        )
    )
)
def test_every_wrong_cell_and_no_other_is_a_fault(tmp_path, registry, drawn):
    size, wrong = drawn
    rows = [{"Id": f"p{index:02}", "Part": "both", "Places": "1"} for index in range(size)]
    for index, name in wrong:
        rows[index][name] = WRONG[name]
    enrolment = read_people([stored(tmp_path, "p.csv", *rows)], MAP, registry)
    assert {fault.path for fault in enrolment.faults} == {
        f"p.csv, row {index + 2}, column {name}" for index, name in wrong
    }
    assert len(enrolment.faults) == len(wrong)
    faulty = {index for index, _ in wrong}
    assert [one.id for one in enrolment.people] == [
        row["Id"] for index, row in enumerate(rows) if index not in faulty
    ]


@QUICK
@given(st.permutations(["bob", "ann", "cy", "dee"]))
def test_people_are_sorted_by_id_whatever_the_rows(tmp_path, registry, ids):
    file = stored(tmp_path, "p.csv", *(ann(Id=one) for one in ids))
    people = read_people([file], MAP, registry).people
    assert [one.id for one in people] == ["ann", "bob", "cy", "dee"]


FILED = attrs.evolve(
    MAP, roles={"mentee": RoleRule(files="*MENTEES*"), "mentor": RoleRule(files="mentors.*")}
)


def test_files_tell_roles_and_merge_where_they_agree(tmp_path, registry):
    mentees = stored(tmp_path, "Mentees.csv", ann(Grade="low", Years="3"), ann(Id="bob"))
    mentors = stored(tmp_path, "mentors.csv", ann(Grade="LOW", Zone="Asia/Tokyo"), ann(Id="cy"))
    for files in ([mentees, mentors], [mentors, mentees]):
        enrolment = read_people(files, FILED, registry)
        assert enrolment.faults == ()
        first, bob, cy = enrolment.people
        assert dict(first.roles) == {"mentee": 1, "mentor": 1}
        assert first.person.timezone == "Asia/Tokyo"
        assert first.person.attributes["years"] == 3
        assert (dict(bob.roles), dict(cy.roles)) == ({"mentee": 1}, {"mentor": 1})


def test_files_that_disagree_name_both_rows(tmp_path, registry):
    mentees = stored(tmp_path, "mentees.csv", ann(Id="bob"), ann(Grade="low", Years="3"))
    mentors = stored(tmp_path, "mentors.csv", ann(Grade="mid", Years="3"))
    enrolment = read_people([mentees, mentors], FILED, registry)
    assert enrolment.faults == (
        Fault(
            "mentors.csv, row 2, column Grade",
            "mid here, but low in mentees.csv, row 3, for the same id 'ann'; write the same in"
            " both, or leave one empty; or, if these are two people, give them different ids",
        ),
    )
    assert [one.id for one in enrolment.people] == ["bob"]


def test_capacities_that_disagree_name_the_column(tmp_path, registry):
    files = [
        stored(tmp_path, "a.csv", ann(Part="mentor", Places="1")),
        stored(tmp_path, "b.csv", ann(Part="mentor", Places="2")),
    ]
    (fault,) = read_people(files, MAP, registry).faults
    assert fault.path == "b.csv, row 2, column Places"


def test_an_id_twice_in_a_file_names_both_rows(tmp_path, registry):
    file = stored(tmp_path, "p.csv", ann(), ann(Id="bob"), ann())
    enrolment = read_people([file], MAP, registry)
    assert enrolment.faults == (
        Fault("p.csv, row 4, column Id", "'ann' is in row 2 already; give each person one row"),
    )
    assert [one.id for one in enrolment.people] == ["bob"]


def test_an_empty_id_and_an_undecided_role_are_faults(tmp_path, registry):
    by_years = attrs.evolve(
        MAP, roles={"mentor": RoleRule(when=Condition(column="years", at_least=5, at_most=9))}
    )
    years = {"a": "4", "b": "5", "c": "9", "d": "10", "e": "", "f": "x"}
    rows = [ann(Id=one, Years=held) for one, held in years.items()]
    file = stored(tmp_path, "p.csv", *rows, ann(Id="", Years="7"), ann(Id="NA", Years="8"))
    enrolment = read_people([file], by_years, registry)
    assert [one.id for one in enrolment.people] == ["b", "c"]
    assert [fault.path for fault in enrolment.faults] == [
        "p.csv, row 7, column Years",
        "p.csv, row 8, column Id",
        "p.csv, row 9, column Id",
    ]
    assert enrolment.without_role == 3


def test_idle_files_and_roles_are_noted(tmp_path, registry):
    files = [stored(tmp_path, "mentees.csv", ann()), stored(tmp_path, "others.csv", ann())]
    assert [str(note) for note in read_people(files, FILED, registry).notes] == [
        "others.csv: nobody in it takes part: no role's `files` matches its name",
        "roles.mentor: nobody takes part as mentor; check its `files` and `when`",
    ]


def test_unknown_people_are_noted_and_bans_without_effect_are_faults(tmp_path, registry):
    file = stored(
        tmp_path,
        "p.csv",
        ann(Wishes="Bob;zoe", Not="yan", Boss="not here"),
        ann(Id="bob", Boss="ANN", Wishes="cy", Part="mentor"),
        ann(Id="cy", Part="no", Boss="Nor here"),
        ann(Id="dee", Boss="NOT  here"),
    )
    enrolment = read_people([file], MAP, registry)
    nobody = "nobody in these files has the id or name"
    assert [str(fault) for fault in enrolment.faults] == [
        f"p.csv, row 2, column Not: {nobody} 'yan', so nobody would be kept apart; correct it,"
        " or take it out"
    ]
    assert [str(note) for note in enrolment.notes] == [
        f"p.csv, row 2, column Wishes: {nobody} 'Bob'; did you mean 'bob'?",
        f"p.csv, row 2, column Wishes: {nobody} 'zoe'; so this has no effect",
        f"p.csv, row 3, column Boss: {nobody} 'ANN'; did you mean 'ann'?",
        "fields.manager: 1 manager is not in these files, by id or name",
    ]


def test_people_are_named_by_name_or_email_too(tmp_path, registry):
    file = stored(
        tmp_path,
        "p.csv",
        ann(Wishes="bob  RAY;dee;Dee Poe", Not="Bob Ray", Boss="d@x"),
        ann(Id="bob", First="Bob", Last="Ray", Part="mentor", Boss="Cy Fox"),
        ann(Id="dee", First="Dee", Last="Poe", **{"E-Mail": "d@x"}, Part="no"),
        ann(Id="c1", First="Cy", Last="Fox"),
        ann(Id="c2", First="cy", Last="fox", Not="Cy Fox"),
    )
    enrolment = read_people([file], MAP, registry)
    people = {one.id: one for one in enrolment.people}
    assert people["ann"].prefers == ("bob", "dee")
    assert people["ann"].avoids == ("bob",)
    assert (people["ann"].manager, people["bob"].manager) == ("dee", "Cy Fox")
    several = "'Cy Fox' is the name of several people; write one id of c1, c2"
    assert [str(note) for note in enrolment.notes] == [f"p.csv, row 3, column Boss: {several}"]
    assert [str(fault) for fault in enrolment.faults] == [f"p.csv, row 6, column Not: {several}"]


def refused(files: list[Path], column_map: ColumnMap, registry) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read_people(files, column_map, registry)
    return [str(fault) for fault in caught.value.faults]


def test_columns_are_found_whatever_their_case_and_spacing(tmp_path, registry):
    spelt = tuple({"Id": "ID ", "Part": " pArt"}.get(name, name.upper()) for name in COLUMNS)
    file = stored(tmp_path, "p.csv", {"ID ": "ann", " pArt": "mentee", "YEARS": "3"}, columns=spelt)
    (one,) = read_people([file], MAP, registry).people
    assert one.person.attributes["years"] == 3


def test_an_unknown_column_is_a_fault_of_the_mapping(tmp_path, registry):
    file = stored(tmp_path, "p.csv", ann())
    wrong = attrs.evolve(
        MAP,
        fields={"id": column("Id"), "home town": column("Yearz"), "x": column("qqqq")},
        roles={"mentee": RoleRule(capacity=column("Place"), when=Condition(column="P", at_most=1))},
    )
    said = refused([file], wrong, registry)
    assert said[0] == (
        "fields.\"home town\": p.csv has no column 'Yearz'; the nearest is 'Years' of p.csv"
    )
    assert said[1].startswith("fields.x: p.csv has no column 'qqqq'; its columns are Id, First")
    assert said[2].startswith("roles.mentee.capacity: p.csv has no column 'Place'; the nearest is")
    assert said[3].startswith("roles.mentee.when.column: p.csv has no column 'P'")


def test_a_field_may_be_in_one_file_only_but_the_id_in_all(tmp_path, registry):
    mentees = stored(tmp_path, "mentees.csv", {"Id": "ann", "Wants": "Go"}, columns=("Id", "Wants"))
    mentors = stored(tmp_path, "mentors.csv", {"Key": "bob", "Can": "Go"}, columns=("Key", "Can"))
    roles = FILED.roles
    fields = {"id": Source(column=("Id", "Key")), "seeks": column("Wants"), "offers": column("Can")}
    enrolment = read_people([mentees, mentors], ColumnMap(fields=fields, roles=roles), registry)
    assert [one.id for one in enrolment.people] == ["ann", "bob"]
    strict = ColumnMap(fields={**fields, "id": column("Id")}, roles=roles)
    said = refused([mentees, mentors], strict, registry)
    assert said == ["fields.id: mentors.csv has no column 'Id'; its columns are Key, Can"]


def test_what_cannot_be_read_at_all_is_refused(tmp_path, registry):
    file = stored(tmp_path, "p.csv", ann())
    assert (
        "add the tables [roles.mentee]" in refused([file], attrs.evolve(MAP, roles={}), registry)[0]
    )
    assert refused([], MAP, registry)[0].startswith("files: none are named")
    odd = file.rename(tmp_path / "p.ods")
    assert refused([odd], MAP, registry) == [
        "p.ods: its ending is not known; save it as one of .csv, .tsv, .txt, .xlsx"
    ]
    assert refused([odd, odd], MAP, registry)[0].startswith("p.ods: is the name of two")
    gone = tmp_path / "gone.csv"
    assert refused([gone], MAP, registry)[0].startswith("gone.csv: there is no such file")


def test_a_wrong_constant_is_a_fault_of_the_mapping(tmp_path, registry):
    file = stored(tmp_path, "p.csv", ann())
    wrong = attrs.evolve(MAP, fields={"id": column("Id"), "email": Source(value="x")})
    assert refused([file], wrong, registry)[0].startswith(
        "fields.email.value: 'x' is not an e-mail"
    )
    wrong = attrs.evolve(MAP, roles={"mentor": RoleRule(capacity=Source(value="many"))})
    assert refused([file], wrong, registry)[0].startswith("roles.mentor.capacity: 'many' is not")


def test_settings_reach_the_rosters_that_have_them(tmp_path, registry):
    path = tmp_path / "p.csv"
    path.write_bytes("Id|Part,x\nänn|mentee,y\n".encode("cp850"))
    told = ColumnMap(
        fields={"id": column("Id")},
        roles={"mentee": RoleRule()},
        delimiter="|",
        encoding="cp850",
        sheet="not for CSV",
    )
    assert read_people([path], told, registry).people[0].id == "änn"
    assert refused([path], attrs.evolve(told, encoding="utf-99"), registry) == [
        "encoding: 'utf-99' is not a known encoding; common ones are 'utf-8', 'utf-16' and 'cp1252'"
    ]


@attrs.frozen
class Broken:
    path: str

    def read(self):
        yield Row("p.odd", 1, {"Id": "ann"})
        raise RuntimeError("no more")


def test_a_roster_that_breaks_is_named(tmp_path):
    kinds = (("rosters", mentorkit.kind("odd", Broken)),)
    registry = mentorkit.Registry((Plugin(name="strange", distribution="far-off", kinds=kinds),))
    with pytest.raises(PluginFailed, match=r"p\.odd: 'odd' of plugin strange \(far-off\) raised"):
        read_people([tmp_path / "p.odd"], MAP, registry)


DATA = Path(__file__).parents[2] / "../shared/data"


@pytest.mark.skipif(not DATA.is_dir(), reason="the sample data are not here")
@pytest.mark.parametrize("size", [50, 500])
def test_the_civil_service_samples_are_read(registry, size):
    files = [DATA / f"civil-service/{who}-{size}.csv" for who in ("mentees", "mentors")]
    grades = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")
    column_map = ColumnMap(
        fields={"id": column("email address"), "grade": column("grade", scale=grades)},
        roles=FILED.roles | {"mentor": RoleRule(files="*mentors*")},
    )
    enrolment = read_people(files, column_map, registry)
    assert (enrolment.faults, enrolment.without_role) == ((), 0)
    for role in ("mentee", "mentor"):
        assert sum(role in one.roles for one in enrolment.people) == size
    assert all(isinstance(one.value("grade"), Level) for one in enrolment.people)


@pytest.mark.skipif(not DATA.is_dir(), reason="the sample data are not here")
def test_the_developers_sample_is_read(registry):
    column_map = ColumnMap(
        fields={"id": column("ResponseId"), "offers": column("LanguageHaveWorkedWith", split=";")},
        roles={
            "mentee": RoleRule(when=Condition(column="WorkExp", at_most=4)),
            "mentor": RoleRule(when=Condition(column="WorkExp", at_least=12)),
        },
        missing=("NA",),
    )
    enrolment = read_people([DATA / "developers-120.csv"], column_map, registry)
    assert enrolment.faults == ()
    for role in ("mentee", "mentor"):
        assert sum(role in one.roles for one in enrolment.people) == 60
    assert all(skill.name != "NA" for one in enrolment.people for skill in one.offers)


def test_a_condition_reads_numbers_with_its_decimal_sign(tmp_path, registry):
    file = stored(tmp_path, "p.csv", ann(Years="4,5"), ann(Id="bob", Years="3,5"))
    when = Condition(column="Years", at_least=4, decimal=",")
    told = ColumnMap(
        fields={"id": column("Id"), "years": column("Years", number=True, decimal=",")},
        roles={"mentor": RoleRule(when=when)},
    )
    (one,) = read_people([file], told, registry).people
    assert (one.id, one.value("years")) == ("ann", 4.5)


def test_rows_of_an_unknown_role_are_noted(tmp_path, registry):
    odd = [ann(Part="metnor"), ann(Id="bob", Part=""), ann(Id="cy", Part="No"), ann(Id="dee")]
    notes = read_people([stored(tmp_path, "p.csv", *odd)], MAP, registry).notes
    assert [str(note) for note in notes if note.path.startswith("p.csv")] == [
        "p.csv, row 2: takes part in no role (Part = 'metnor')",
        "p.csv, row 3: takes part in no role (Part is empty)",
    ]
    many = [ann(Id=f"p{index}", Part="x") for index in range(6)]
    notes = read_people([stored(tmp_path, "p.csv", *many, ann())], MAP, registry).notes
    assert "roles: 6 rows take part in no role, the first of them p.csv, row 2 (Part = 'x')" in map(
        str, notes
    )


def test_columns_of_yes_and_no_leave_people_out_silently(tmp_path, registry):
    flags = ("Id", "Can", "Wants")
    rows = [{"Id": "a", "Can": "x"}, {"Id": "b", "Wants": "x"}, {"Id": "c"}]
    roles = {
        "mentor": RoleRule(when=Condition(column="Can", one_of=("x",))),
        "mentee": RoleRule(when=Condition(column="Wants", one_of=("x",))),
    }
    told = ColumnMap(fields={"id": column("Id")}, roles=roles)
    enrolment = read_people([stored(tmp_path, "p.csv", *rows, columns=flags)], told, registry)
    assert ([one.id for one in enrolment.people], enrolment.notes) == (["a", "b"], ())


def test_what_looks_like_an_oversight_in_the_mapping_is_noted(tmp_path, registry):
    rows = [ann(Id=f"p{index}", Can="a;b" if index % 2 else "a") for index in range(4)]
    told = ColumnMap(
        fields={
            "id": column("Id"),
            "offers": column("Can", split=","),
            "interests": column("Free", split=","),
        },
        roles={"mentees": RoleRule()},
        left_out={"Yers": "why", "years": "why"},
    )
    notes = read_people([stored(tmp_path, "p.csv", *rows)], told, registry).notes
    assert [str(note) for note in notes] == [
        "left_out.Yers: no file has this column; the nearest is 'Years' of p.csv",
        "fields.offers.split: no cell holds ',', but 2 hold ';'; is it that?",
        "roles.mentees: did you mean the role 'mentee'?",
    ]


KEPT = attrs.evolve(
    FILED,
    protected={
        "gender": column("Gender"),
        "band": column("Band", scale=("A", "B")),
        "roots": column("Roots", split=";"),
    },
)
WIDER = (*COLUMNS, "Gender", "Band", "Roots")


def test_what_is_protected_is_read_apart_of_those_alone_who_agreed(tmp_path, registry):
    agreed = ann(Gender=" f ", Band="b", Roots="x; ;y", Grade="low")
    rows = [agreed, ann(Id="bob", Gender="NA", Roots=" ; "), ann(Id="cyn", Band="A")]
    file = stored(tmp_path, "mentees.csv", *rows, columns=WIDER)
    enrolment = read_people([file], KEPT, registry)
    assert enrolment.faults == ()
    assert enrolment.protected == ("band", "gender", "roots")
    kept = [dict(one.protected) for one in enrolment.people]
    assert kept == [
        {"gender": "f", "band": Level(1, "B"), "roots": ("x", "y")},
        {},
        {"band": Level(0, "A")},
    ]
    assert "f" not in enrolment.people[0].person.attributes.values()
    bare = [attrs.evolve(one, protected={}) for one in enrolment.people]
    assert tuple(bare) == read_people([file], FILED, registry).people


def test_files_that_disagree_on_what_is_protected_do_not_say_how(tmp_path, registry):
    cells = {"Gender": "violet", "Band": "A"}
    mentees = stored(tmp_path, "mentees.csv", ann(**cells), ann(Id="bob", Band="A"), columns=WIDER)
    cells = {"Gender": "orange", "Band": "A"}
    mentors = stored(tmp_path, "mentors.csv", ann(**cells), ann(Id="bob"), columns=WIDER)
    enrolment = read_people([mentees, mentors], KEPT, registry)
    (fault,) = enrolment.faults
    assert fault.path == "mentors.csv, row 2, column Gender"
    assert fault.sentence.startswith("differs from mentees.csv, row 2, for the same id 'ann'")
    assert not {"violet", "orange"} & set(str(fault).replace("'", " ").split())
    assert [(one.id, dict(one.protected)) for one in enrolment.people] == [
        ("bob", {"band": Level(0, "A")})
    ]


def test_a_fault_in_what_is_protected_does_not_repeat_it(tmp_path, registry):
    file = stored(tmp_path, "mentees.csv", ann(Band="violet"), columns=WIDER)
    (fault,) = read_people([file], KEPT, registry).faults
    assert fault.path == "mentees.csv, row 2, column Band"
    assert "violet" not in str(fault)


def test_a_protected_column_that_no_file_has_is_a_fault_of_the_mapping(tmp_path, registry):
    file = stored(tmp_path, "mentees.csv", ann(), columns=(*COLUMNS, "Gendre", "Band", "Roots"))
    with pytest.raises(Invalid, match=r"protected\.gender: .* no column 'Gender'.*Gendre"):
        read_people([file], KEPT, registry)


def test_hours_capacity_and_words_are_read_as_what_they_are(tmp_path, registry):
    fields = {
        "id": column("Id"),
        "hours": column("Hours", number=True, decimal=","),
        "capacity": column("At most"),
        "aims": column("Goals"),
        "brings": column("Brings"),
    }
    column_map = ColumnMap(fields=fields, roles={"mentee": RoleRule()})
    columns = ("Id", "Hours", "At most", "Goals", "Brings")
    path = stored(
        tmp_path,
        "people.csv",
        {"Id": "ann", "Hours": "2,5", "At most": "3", "Goals": "lead; well", "Brings": "time"},
        {"Id": "bo"},
        {"Id": "cy", "Hours": "800", "At most": "-1"},
        columns=columns,
    )
    done = read_people([path], column_map, registry)
    ann, bo = done.people
    assert (ann.hours, ann.person.capacity) == (2.5, 3)
    assert (ann.aims, ann.brings) == ("lead; well", "time")
    assert (bo.hours, bo.person.capacity, bo.aims, bo.brings) == (None, None, "", "")
    assert {str(fault) for fault in done.faults} == {
        "people.csv, row 4, column Hours: must be a number of hours from 0 to 744 a month, not 800",
        "people.csv, row 4, column At most: '-1' is not a number of people; write 0, 1, 2…",
    }
