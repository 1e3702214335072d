"""People as columns are the same people: the same pools, the same digest, the same plan."""

from __future__ import annotations

import datetime
import hashlib
import pickle
from typing import Any
from unittest import mock

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from matching_cases import MATCHERS, registry_with
from people_columns import columns_of, tellings

import mentorkit
from mentorkit import (
    Choice,
    Columns,
    Invalid,
    Participant,
    Person,
    Policies,
    Programme,
    Skill,
    Use,
    Window,
    codec,
)
from mentorkit.blueprint import blueprint_of
from mentorkit.interfaces import Columnar, Pool
from mentorkit.matching import ParticipantPool, Review, compare, explain, verify
from mentorkit.matching import pool as pools
from mentorkit.matching.columns import column_of
from mentorkit.matching.scoring import bound_uses
from mentorkit.matching.written import written
from mentorkit.models import LISTED, Instead, Travel
from mentorkit.registry import installed
from mentorkit.testing import instances
from mentorkit.testing.strategies import participants, people, populations, values

pytestmark = pytest.mark.once

STARTS = datetime.date(2026, 9, 1)
CRITERIA = {
    "skills": Use("skills", weight=3),
    "interests": Use("interests", {"missing": 100}),
    "language": Use("language"),
    "department": Use("same", {"attribute": "department"}),
    "anything": Use("different", {"attribute": "anything", "missing": 5}),
    "offers": Use("same", {"attribute": "offers"}),
    "years": Use("level-gap", {"attribute": "years", "least": 1, "ideal": 10}, wish_of="left"),
    "grade": Use("level-gap", {"attribute": "grade", "most": 2}),
    "location": Use("location", {"attribute": "department"}),
    "zones": Use("time-zones", {"missing": 300}),
    "free": Use("availability", {"missing": 1}),
    "wishes": Use("preferences", wish_of="left"),
    "hopes": Use("preferences", between=("mentor", "mentee"), wish_of="left"),
}
CONSTRAINTS = {
    "not-self": Use("not-self"),
    "manager": Use("line-manager"),
    "avoid": Use("avoid"),
    "again": Use("never-again"),
    "clubs": Use("different", {"attribute": "clubs", "missing": 1}),
}


@mentorkit.criterion("by-rows")
def by_rows(mentee: Participant, mentor: Participant) -> float:
    """One that reads whole people."""
    return (len(mentee.interests) + len(mentor.person.name)) % 5 / 4


REGISTRY = registry_with(("criteria", by_rows))


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    names = draw(st.sets(st.sampled_from(sorted(CRITERIA)), max_size=5))
    bans = draw(st.sets(st.sampled_from(sorted(CONSTRAINTS))))
    criteria = {name: CRITERIA[name] for name in names}
    if draw(st.booleans()):
        criteria["rows"] = Use("by-rows")
    return Programme(
        starts=STARTS,
        criteria=criteria,
        constraints={name: CONSTRAINTS[name] for name in bans},
        policies=Policies(
            matcher=draw(st.sampled_from(MATCHERS)),
            base=draw(st.sampled_from([0, 1])),
            by=draw(st.sampled_from([None, "department", "languages"])),
        ),
    )


@given(populations(least=2), programmes(), tellings(), st.randoms())
def test_the_plan_is_the_same_byte_for_byte(held, programme, told, random):
    shuffled = random.sample(held, len(held))
    plan = mentorkit.match(held, programme, registry=REGISTRY)
    other = mentorkit.match(told(shuffled), programme, registry=REGISTRY)
    assert codec.to_json(other) == codec.to_json(plan)
    assert verify(other, told(shuffled), REGISTRY) == ()
    assert verify(plan, told(shuffled[1:]), REGISTRY)


@given(populations(least=2), programmes(), tellings(), st.sampled_from(["peer", "cross"]))
def test_the_plan_within_one_pool_is_the_same(held, programme, told, topology):
    role = blueprint_of(Programme(topology=topology), installed()).roles[0].name
    held = [attrs.evolve(one, roles={role: len(one.interests) % 3 % 2}) for one in held]
    uses = {name: use for name, use in programme.criteria.items() if name != "hopes"}
    programme = attrs.evolve(programme, topology=topology, criteria=uses, policies=Policies())
    plan = mentorkit.match(held, programme, registry=REGISTRY)
    assert codec.to_json(mentorkit.match(told(held), programme, registry=REGISTRY)) == (
        codec.to_json(plan)
    )


@given(populations(least=2), programmes(), tellings())
@settings(max_examples=25)
def test_columns_serve_wherever_people_do(held, programme, told):
    both = held, told(held)
    optimal = attrs.evolve(programme, policies=Policies(matcher=Choice("optimal")))
    one, other = (compare(given, optimal, MATCHERS, registry=REGISTRY) for given in both)
    assert one == other
    sides = [[one.id for one in held if one.roles.get(role)] for role in ("mentee", "mentor")]
    if all(sides):
        reviewed = [Review(given, optimal, registry=REGISTRY).plan for given in both]
        assert reviewed[0] == reviewed[1]
    for pair in zip(*sides, strict=False):
        told_of = [explain(one[0], given, pair, registry=REGISTRY) for given in both]
        assert told_of[0] == told_of[1]
    again = mentorkit.match(both[1], optimal, registry=REGISTRY, previous=one[0])
    assert again == mentorkit.match(held, optimal, registry=REGISTRY, previous=one[0])


def named_like_fields(held: Participant, names: list[str]) -> Participant:
    """Somebody with attributes that are called as fields are."""
    attributes = held.person.attributes | dict.fromkeys(names, "an attribute")
    return attrs.evolve(held, person=attrs.evolve(held.person, attributes=attributes))


FIELDS = ("department", "grade", "years", "clubs", "anything", "nothing", "prefers", *LISTED)
OWN = [field.name for field in attrs.fields(Participant)]
FIELDS_AND_LISTED = st.lists(st.sampled_from(["prefers", "offers", "timezone"]), max_size=2)


@given(populations(protected=("gender", "age")), tellings(), FIELDS_AND_LISTED, st.data())
def test_pools_of_both_hold_the_same(held, told, names, data):
    held = [named_like_fields(one, names) for one in held]
    one, other = ParticipantPool(held, STARTS), ParticipantPool(told(held), STARTS)
    places = data.draw(st.lists(st.integers(0, max(0, len(held) - 1)), max_size=len(held)))
    some = np.array(places, dtype=np.int64)
    cut = data.draw(st.builds(slice, *[st.none() | st.integers(-3, 9)] * 2, st.just(None)))
    for part in (slice(None), cut, some):
        agree(one[part], other[part])
        agree(one[part], pickle.loads(pickle.dumps(other[part])))
        agree(one[part][::-1], other[part][::-1])
    assert one.places == other.places


def agree(one: ParticipantPool, other: ParticipantPool) -> None:
    assert one.ids == other.ids
    assert one.on == other.on
    assert len(one) == len(other)
    assert [one.row(i) for i in range(len(one))] == [other.row(i) for i in range(len(other))]
    for field in FIELDS:
        assert list(map(repr, one.values(field))) == list(map(repr, other.values(field)))
    for field in OWN:
        assert list(one.column(field)) == list(other.column(field))
    for role in ("mentee", "mentor", "nobody's"):
        assert list(one.room(role)) == list(other.room(role))


def test_a_part_that_is_sent_takes_nobody_else_with_it():
    """As to another process, where a criterion without arrays is asked there."""
    pool = ParticipantPool(instances.columns("plain", 300, 100))
    one = pickle.dumps(pool[7:8])
    assert len(one) < 2_000 < len(pickle.dumps(pool)) // 10
    assert b"mentee-0000007" in one


@given(populations(protected=("gender", "age")), tellings())
def test_rows_are_the_people(held, told):
    columns = told(held)
    assert len(columns) == len(held)
    assert list(columns) == held
    assert [hash(one) for one in columns] == [hash(one) for one in held]
    assert [pickle.dumps(one) for one in columns] == [pickle.dumps(one) for one in held]


def test_columns_have_a_field_for_all_that_people_have():
    known = {field.name for cls in (Person, Participant) for field in attrs.fields(cls)}
    there = {field.name for field in attrs.fields(Columns)}
    assert there - {"ids"} == known - {"id", "person"}


OF_LATE = ("protected", "hours", "aims", "brings", "exceptions", "travel")


def digest(held: list[Participant]) -> str:
    """As plans have always recorded it: by the codec, without what nobody had when it began."""
    people = [codec.unstructure(one) for one in sorted(held, key=lambda one: one.id)]
    for one in people:
        for record, names in ((one, OF_LATE), (one["person"], ("capacity",))):
            for name in names:
                if record[name] in ({}, None, "", []):
                    del record[name]
    return hashlib.sha256(codec.to_json(people, compact=True).encode()).hexdigest()


@given(populations(protected=("age",)), tellings(), st.sampled_from([1, 2, 3, 2**14]))
def test_the_digest_is_that_of_the_codec(held, told, chunk):
    with mock.patch.object(pools, "_CHUNK", chunk):
        assert ParticipantPool(held).digest() == digest(held)
        assert ParticipantPool(told(held)).digest() == digest(held)


def test_the_digest_of_a_plan_that_was_made_once():
    """Plans are kept: what their record says of the people may not change."""
    plan = mentorkit.match(instances.people("plain", 9, 3), instances.programme("plain"))
    assert plan.record.people == (
        "05a88a0008c8b8dbc66841b78e82954ab66f285cbff7b2d1cb89ba4d4db12d8d"
    )


class Told(str):
    """A text of another class."""


ALIKE = st.sampled_from([0.0, -0.0, 0, False, 1, 1.0, True, "1", None, Told("1"), np.float64(1)])
ANYTHING = st.recursive(
    st.one_of(values(), ALIKE, people(), participants()),
    lambda held: st.lists(held, max_size=3).map(tuple),
    max_leaves=6,
)


@given(st.lists(ANYTHING, max_size=6))
def test_many_values_are_written_as_each_alone(held):
    held = [*held, *held]
    expected = [codec.to_json(one, compact=True).rstrip("\n") for one in held]
    absent = (
        *('"protected":{},', '"hours":null,', '"aims":"",', '"brings":"",', '"capacity":null,'),
        *('"exceptions":[],', ',"travel":[]'),
    )
    for words in absent:
        expected = [text.replace(words, "") for text in expected]
    assert written(held) == expected


class Rowless(ParticipantPool):
    """A pool that has no whole people to give."""

    def row(self, index: int) -> Participant:
        raise AssertionError("a whole person was asked for")


@given(populations(least=1), tellings())
def test_no_built_in_reads_whole_people(held, told):
    programme = Programme(criteria=CRITERIA, constraints=CONSTRAINTS, starts=STARTS)
    blueprint = blueprint_of(programme, installed())
    kinds = {use.kind for use in (*CRITERIA.values(), *CONSTRAINTS.values())}
    assert kinds == set(installed().names("criteria"))
    pool = Rowless(told(held), STARTS)
    for slot in ("criteria", "constraints"):
        for use in bound_uses(blueprint, installed(), slot):
            use.form(pool, pool)


@attrs.frozen
class Bare:
    """A pool with nothing but what every pool has."""

    pool: ParticipantPool

    def __len__(self) -> int:
        return len(self.pool)

    def row(self, index: int) -> Participant:
        return self.pool.row(index)


@given(populations())
def test_a_column_is_there_also_where_a_pool_has_none(held):
    pool: Any = ParticipantPool(held)
    bare: Pool = Bare(pool)  # type: ignore[assignment]
    assert isinstance(pool, Columnar)
    assert not isinstance(bare, Columnar)
    for field in OWN:
        assert list(column_of(bare, field)) == list(column_of(pool, field))


def test_what_is_given_may_change_afterwards():
    ids, mentors, skills = ["a", "b"], np.array([1, 2]), [["writing"], ["law"]]
    columns = Columns(ids=ids, roles={"mentor": mentors}, offers=skills)
    held = list(columns)
    ids[0], mentors[0] = "c", 7
    skills[0].append("law")
    assert list(columns) == held


def test_a_skill_may_be_its_name_alone():
    columns = Columns(
        ids=np.array(["a", "b"]),
        roles={},
        offers=np.array([["writing", "law"], ["law", "budgets"]]),
        seeks=[[Skill("law", 2), "budgets"], None],
    )
    assert columns.row(0).offers == (Skill("law"), Skill("writing"))
    assert columns.row(1).offers == (Skill("budgets"), Skill("law"))
    assert columns.row(0).seeks == (Skill("budgets"), Skill("law", 2))
    assert columns.row(1).seeks == ()


def test_nobody_and_nothing():
    assert list(Columns(ids=[], roles={})) == []
    assert list(Columns(ids=(), roles={"mentee": np.array([])}, timezone=[])) == []
    assert mentorkit.match(Columns(ids=[], roles={})) == mentorkit.match([])
    assert repr(Columns(ids=["ann"], roles={})) == "<Columns of 1 people>"


NAN = float("nan")
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ids": ["a", " b"]}, "ids[1]: must be text without surrounding space"),
    ({"ids": [1, 2]}, "ids[0]: must be text without surrounding space"),
    ({"ids": ["a", "a"]}, "ids: 'a' is there twice, at 0 and at 1; ids must be unique"),
    ({"ids": "ab"}, "ids: must be a list or an array with an entry for each person, not 'ab'"),
    ({"ids": {"a", "b"}}, "ids: must be a list or an array with an entry for each person"),
    ({"ids": np.array("a")}, "ids: must be a list or an array"),
    ({"timezone": ["UTC"]}, "timezone: has 1 entries for 2 people; a column has one for each"),
    ({"roles": {"mentee": [1, 1, 1]}}, "roles.mentee: has 3 entries for 2 people"),
    ({"roles": [1, 2]}, "roles: must be a table of columns by name, not a list"),
    ({"attributes": {3: [1, 2]}}, "attributes: must have names as keys, not 3"),
    ({"roles": {"mentee": 1}}, "roles.mentee: must be a list or an array"),
    (
        {"roles": {"mentee": [1, -1]}},
        "roles.mentee[1] of 'b': must be a capacity from 0 to 1000000, not -1",
    ),
    ({"roles": {"mentee": [1, True]}}, "roles.mentee[1] of 'b': must be a capacity"),
    ({"roles": {"mentee": np.array([1.0, 2.0])}}, "roles.mentee[0] of 'a': must be a capacity"),
    ({"roles": {"mentee": [NAN, 1]}}, "roles.mentee[0] of 'a': must not be nan; write None"),
    ({"timezone": ["UTC", "Mars/Base"]}, "timezone[1] of 'b': 'Mars/Base' is not a known time"),
    ({"email": [None, "b at home"]}, "email[1] of 'b': 'b at home' is not an e-mail address"),
    ({"manager": [7, None]}, "manager[0] of 'a': must be text, not 7"),
    ({"name": ["Ann", NAN]}, "name[1] of 'b': must be text, not nan"),
    ({"languages": ["en", "de"]}, "languages[0] of 'a': must be a list, not 'en'"),
    ({"languages": [["en"], ["de", 3]]}, "languages[1] of 'b': must be text, not 3"),
    ({"interests": [None, ["\ud800"]]}, "interests[1] of 'b': must be text, not"),
    ({"offers": [[Skill("law")], [3]]}, "offers[1] of 'b': must be a list of Skills, not with 3"),
    ({"offers": [["law", "law"], []]}, "offers[0] of 'a': skill 'law' is listed twice"),
    ({"seeks": [[], [" "]]}, "seeks[1] of 'b': must be text without surrounding space"),
    ({"availability": [["9"], []]}, "availability[0] of 'a': must be a list of Windows, not with"),
    ({"prefers": [None, ["a", "a"]]}, "prefers[1] of 'b': somebody is listed twice"),
    (
        {"attributes": {"two words": ["a", {"b": 1}]}},
        "attributes.\"two words\"[1] of 'b': must be text, a number, true or false",
    ),
    ({"attributes": {"x": [NAN, 1.0]}}, "attributes.x[0] of 'a': must not be nan; write None"),
    ({"attributes": {"x": np.array([1.0, np.inf])}}, "attributes.x[1] of 'b': must be text, a"),
    ({"protected": {"x": [1, b"1"]}}, "protected.x[1] of 'b': must be text, a number, true"),
    ({"attributes": {"x": [2**63, 1]}}, "attributes.x[0] of 'a': must be text, a number"),
    ({"attributes": {"x": [("a",), (1,)]}}, "attributes.x[1] of 'b': must be text, a number"),
    ({"attributes": {"x": np.array(["2026-01-01"] * 2, "M8[D]")}}, "attributes.x[0] of 'a'"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_a_fault_names_its_column_and_row(wrong, words):
    given = {"ids": ["a", "b"], "roles": {}, **wrong}
    with pytest.raises(Invalid) as caught:
        Columns(**given)
    assert str(caught.value).startswith(words)
    assert len(caught.value.faults) == 1


def test_a_fault_far_down_names_its_row():
    """Columns are read in chunks."""
    size, row = 70_000, 66_000
    years = [1] * size
    years[row] = True
    ids = [f"p{number}" for number in range(size)]
    with pytest.raises(Invalid, match=rf"roles.mentee\[{row}\] of 'p{row}': must be a capacity"):
        Columns(ids=ids, roles={"mentee": years})
    years[row] = 2
    columns = Columns(ids=ids, roles={"mentee": years}, attributes={"years": np.array(years)})
    assert columns.row(row).roles == {"mentee": 2}
    assert columns.row(row).value("years") == 2
    assert columns.row(row - 1).value("years") == 1


WORDS = st.sampled_from(["en", "de", "fr", " ", ""])
DAY = datetime.date(2026, 9, 4)
DAYS = st.sampled_from([DAY, datetime.date(2026, 9, 2)])
ENTRIES: dict[str, st.SearchStrategy[Any]] = {
    "timezone": st.sampled_from(["UTC", "Europe/Berlin", "Mars", "", "../x"]),
    "email": st.sampled_from(["a@b.c", "a b", ""]),
    "languages": st.lists(WORDS, max_size=3),
    "offers": st.lists(st.builds(Skill, st.sampled_from("abc"), st.none() | st.just(2))),
    "availability": st.lists(st.builds(Window, st.integers(0, 1), st.just(540), st.just(600))),
    "exceptions": st.lists(st.builds(Instead, DAYS, st.just(DAY), st.just(()))),
    "travel": st.lists(st.builds(Travel, DAYS, st.just(DAY), st.just("UTC"))),
    "prefers": st.lists(WORDS, max_size=3),
    "avoids": st.lists(WORDS, max_size=3),
}


@given(st.sampled_from(sorted(ENTRIES)), st.data())
def test_a_column_takes_what_a_participant_does(field, data):
    entries = data.draw(st.lists(ENTRIES[field], max_size=4))
    ids = [f"p{number}" for number in range(len(entries))]
    expected, refused = [], None
    for own, entry in zip(ids, entries, strict=True):
        of_person = {field: entry} if hasattr(Person(id="x"), field) else {}
        rest = {} if of_person else {field: entry}
        try:
            expected.append(Participant(person=Person(id=own, **of_person), **rest))
        except Invalid as error:
            refused = refused or f"{field}[{own[1:]}] of {own!r}: {error.faults[0].sentence}"
    if refused:
        with pytest.raises(Invalid) as caught:
            Columns(ids=ids, roles={}, **{field: entries})
        assert str(caught.value) == refused
    else:
        assert list(Columns(ids=ids, roles={}, **{field: entries})) == expected


def test_columns_of_every_family_are_its_people():
    for family in instances.FAMILIES:
        for blocks in (1, 3):
            columns = instances.columns(family, 12, 5, seed=3, blocks=blocks)
            assert list(columns) == list(instances.people(family, 12, 5, seed=3, blocks=blocks))
    assert columns_of(columns).ids == columns.ids
