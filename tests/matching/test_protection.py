"""Protected attributes reach the uses that a purpose names, and nothing else."""

from __future__ import annotations

import pickle
from contextlib import nullcontext
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matching_cases import registry_with
from people_columns import tellings

import mentorkit
from mentorkit import (
    Choice,
    Columns,
    Invalid,
    MatchPlan,
    Message,
    Participant,
    Person,
    Policies,
    Programme,
    Use,
    codec,
)
from mentorkit.blueprint import blueprint_of
from mentorkit.matching import ParticipantPool, Review, explain, verify
from mentorkit.matching.columns import column_of
from mentorkit.matching.protection import Seen
from mentorkit.models import Protected

pytestmark = pytest.mark.once

VALUES = (None, "violet", "orange", "silver")
PURPOSE = "to see whether all are matched alike"


# Criteria in every form, that look wherever they can.


def same(left: list[Any], right: list[Any]) -> np.ndarray:
    rows = [[one is not None and one == other for other in right] for one in left]
    return np.array(rows, dtype=bool).reshape(len(left), len(right))


def looked(person: Participant) -> Any:
    """The attribute, by all ways that lead to a participant's."""
    ways = {person.value("colour"), person.person.attributes.get("colour")}
    ways |= {person.protected.get("colour"), getattr(person, "colour", None)}
    return next((held for held in sorted(filter(None, ways))), None)


@attrs.frozen
class Looking:
    """Says all that it finds out."""

    private: bool = False

    def say(self, left, right, points=0):
        words = f"{looked(left)} and {looked(right)}, {left.protected} and {right.protected}"
        return Message("looked", "{words}", {"words": words})


class Pointed(Looking):
    def points(self, left, right):
        return 1000 * same(left.values("colour"), right.values("colour")).astype(np.int64)


class Rowed(Looking):
    def points(self, left, right):
        sides = [[looked(pool.row(i)) for i in range(len(pool))] for pool in (left, right)]
        return 1000 * same(*sides).astype(np.int64)


def one_hot(pool) -> np.ndarray:
    return np.array(
        [[held == value for value in VALUES[1:]] for held in pool.values("colour")], dtype=np.int64
    ).reshape(len(pool), 3)


class Multiplied(Pointed):
    def factors(self, left, right):
        return 1000 * one_hot(left), one_hot(right)


class Tabled(Pointed):
    def counted(self, left, right):
        return one_hot(left), one_hot(right), np.array([0, 1000, 0, 0])


class Enumerated(Pointed):
    def listed(self, left, right):
        pairs = np.argwhere(self.points(left, right))
        return pairs, np.full(len(pairs), 1000)


class Banning(Looking):
    def forbids(self, left, right):
        return same(left.values("colour"), right.values("colour"))


def alike(mentee: Participant, mentor: Participant) -> bool:
    return looked(mentee) is not None and looked(mentee) == looked(mentor)


FORMS = (Pointed, Rowed, Multiplied, Tabled, Enumerated)
REGISTRY = registry_with(
    *(("criteria", mentorkit.kind(cls.__name__.lower(), cls)) for cls in (*FORMS, Banning)),
    ("criteria", mentorkit.criterion("alike")(alike)),
)
CRITERIA = [
    *(Use(cls.__name__.lower()) for cls in FORMS),
    Use("alike"),
    Use("same", {"attribute": "colour"}),
    Use("different", {"attribute": "colour"}),
    Use("same", {"attribute": "colour"}, between=("mentor", "mentee")),
]


def programme(use: Use, named: bool | None, ban: bool = False) -> Programme:
    """With one use, which may read the colour if it is named; None states no purpose."""
    read = ("looks",) if named else ()
    weighed = {"other": Use("level-gap", {"attribute": "grade"}, weight=1)}
    return Programme(
        criteria=weighed if ban else {"looks": attrs.evolve(use, weight=2), **weighed},
        constraints={"looks": use} if ban else {},
        policies=Policies(matcher=Choice("optimal")),
        protected={} if named is None else {"colour": Protected(PURPOSE, read)},
    )


COLOURS = st.lists(st.sampled_from(VALUES), min_size=2, max_size=9)


def people(colours: list[str | None], where: str = "protected") -> list[Participant]:
    """Who are mentees and mentors in turn; what they hold lies there, or nowhere."""

    def one(number: int, colour: str | None) -> Participant:
        held = {} if colour is None else {"colour": colour}
        return Participant(
            person=Person(id=f"p{number}", attributes=held if where == "attributes" else {}),
            roles={("mentee", "mentor")[number % 2]: 1},
            protected=held if where == "protected" else {},
        )

    return [one(number, colour) for number, colour in enumerate(colours)]


def match(held: list[Participant] | Columns, stated: Programme) -> MatchPlan:
    return mentorkit.match(held, stated, registry=REGISTRY)


def shown(plan: MatchPlan) -> Any:
    """All of a plan but its record."""
    bare = mentorkit.match([]).record
    return attrs.evolve(plan, record=bare)


@given(COLOURS, st.sampled_from(CRITERIA))
def test_a_use_that_is_not_named_sees_nothing(colours, use):
    stated = programme(use, named=False)
    expected = match(people(colours, "nowhere"), stated)
    assert codec.to_json(match(people(colours), stated)) == codec.to_json(expected)


@given(COLOURS, st.sampled_from(["banning", "pointed", "enumerated"]))
def test_a_constraint_that_is_not_named_sees_nothing(colours, kind):
    stated = programme(Use(kind), named=False, ban=True)
    expected = match(people(colours, "nowhere"), stated)
    assert codec.to_json(match(people(colours), stated)) == codec.to_json(expected)


@given(COLOURS, st.sampled_from(CRITERIA))
def test_another_use_being_named_changes_nothing(colours, use):
    stated = programme(use, named=False)
    named = attrs.evolve(
        stated,
        criteria={**stated.criteria, "reader": Use("pointed", weight=0)},
        protected={"colour": Protected(PURPOSE, ("reader",))},
    )
    assert shown(match(people(colours), named)) == shown(match(people(colours, "nowhere"), stated))


@given(COLOURS, st.sampled_from(CRITERIA))
def test_a_use_that_is_named_sees_it_as_any_attribute(colours, use):
    plan = match(people(colours), programme(use, named=True))
    open_plan = match(people(colours, "attributes"), programme(use, named=None))
    assert plan.pairs == open_plan.pairs
    assert [held.fit for held in plan.matches] == [held.fit for held in open_plan.matches]
    assert plan.certificate == open_plan.certificate
    assert not verify(plan, people(colours), REGISTRY)


@given(COLOURS, st.sampled_from(["banning", "pointed", "enumerated"]))
def test_a_constraint_that_is_named_sees_it_too(colours, kind):
    stated = programme(Use(kind), named=True, ban=True)
    plan = match(people(colours), stated)
    open_plan = match(people(colours, "attributes"), programme(Use(kind), None, ban=True))
    assert plan.pairs == open_plan.pairs
    told = explain(plan, people(colours), ("p0", "p1"), registry=REGISTRY)
    other = explain(open_plan, people(colours, "attributes"), ("p0", "p1"), registry=REGISTRY)
    assert bool(told.forbidden) == bool(other.forbidden)
    assert all(str(said) == "not available" for said in told.forbidden)


@given(COLOURS, st.sampled_from(CRITERIA), st.booleans())
def test_no_plan_and_no_explanation_shows_it(colours, use, ban):
    assume(not ban or use.wish_of == "both")
    stated = programme(use, named=True, ban=ban)
    plan = match(people(colours), stated)
    told = [explain(plan, people(colours), ("p0", "p1"), registry=REGISTRY)]
    text = codec.to_json(plan) + "".join(map(codec.to_json, told))
    assert not any(value in text for value in VALUES[1:])
    findings = [found for held in (*plan.matches, *told) for found in held.findings]
    assert "looks" not in {found.use for found in findings}


@given(COLOURS, st.randoms(use_true_random=False))
def test_a_record_depends_on_what_is_read_and_on_nothing_else(colours, luck):
    others = luck.choices(VALUES, k=len(colours))
    unread, read = (programme(Use("pointed"), named=named) for named in (False, True))
    plan = match(people(colours), unread)
    assert not verify(plan, people(others), REGISTRY)
    assert match(people(colours), unread).record == match(people(others), unread).record
    same_record = match(people(colours), read).record == match(people(others), read).record
    assert same_record == (colours == others)


@given(COLOURS, st.sampled_from(CRITERIA), st.booleans(), tellings())
def test_columns_are_guarded_as_participants_are(colours, use, named, told):
    held, stated = people(colours), programme(use, named=named)
    columns = told(held)
    assert list(columns) == held
    assert codec.to_json(match(columns, stated)) == codec.to_json(match(held, stated))
    with pytest.raises(Invalid) if any(colours) else nullcontext() as caught:
        match(columns, programme(use, named=None))
    if any(colours):
        with pytest.raises(Invalid) as other:
            match(held, programme(use, named=None))
        assert caught.value.faults == other.value.faults
        with pytest.raises(Invalid, match="is protected in this programme"):
            match(told(people(colours, "attributes")), stated)


@given(COLOURS, st.sampled_from(CRITERIA), st.booleans())
def test_one_pool_is_guarded_as_two_roles_are(colours, use, named):
    use = attrs.evolve(use, between=None)

    def peers(where: str) -> list[Participant]:
        return [attrs.evolve(held, roles={"peer": 1}) for held in people(colours, where)]

    stated = attrs.evolve(programme(use, named=named), topology="peer")
    plan = match(peers("protected"), stated)
    if named:
        stated = attrs.evolve(stated, protected={})
    other = match(peers("attributes" if named else "nowhere"), stated)
    assert plan.pairs == other.pairs
    assert [held.fit for held in plan.matches] == [held.fit for held in other.matches]
    assert not any(value in codec.to_json(plan) for value in VALUES[1:])


def test_a_pool_is_seen_in_parts_and_sent_elsewhere():
    pool = ParticipantPool(people(["violet", None, "orange", "silver"]))
    for attributes in (frozenset({"colour"}), frozenset()):
        seen = Seen(pool, attributes)
        expected = ["violet", None, "orange", "silver"] if attributes else [None] * 4
        for held in (seen, pickle.loads(pickle.dumps(seen))):
            assert (len(held), list(held.ids), held.on) == (4, ["p0", "p1", "p2", "p3"], None)
            assert held.values("colour") == expected
            assert [held.row(i).value("colour") for i in range(4)] == expected
            assert all(held.row(i).protected == {} for i in range(4))
            assert column_of(held, "protected") == [{}] * 4
            assert [one.attributes.get("colour") for one in column_of(held, "person")] == expected
            assert column_of(held, "seeks") == [()] * 4
            assert held[1:3].values("colour") == expected[1:3]
            assert held[np.array([3, 3])].values("colour") == expected[3:] * 2
            assert [held[2:].row(i).value("colour") for i in range(2)] == expected[2:]
        assert seen.values("languages") == pool.values("languages")


def test_an_empty_list_is_missing_here_too():
    held = Participant(person=Person(id="a"), protected={"colour": []})
    assert Seen(ParticipantPool([held]), frozenset({"colour"})).values("colour") == [None]


# What is refused.


def test_what_nobody_stated_a_purpose_for_is_refused():
    held = people(["violet", None])
    with pytest.raises(Invalid, match=r"p0.*protected\.colour: the programme states no purpose"):
        match(held, programme(Use("pointed"), named=None))
    review = Review(people([None, None, None]), programme(Use("pointed"), None), registry=REGISTRY)
    with pytest.raises(Invalid, match="states no purpose"):
        review.join(attrs.evolve(held[0], person=Person(id="late")))
    with pytest.raises(Invalid) as caught:
        match(held, Programme())
    assert "violet" not in str(caught.value)


def test_what_is_protected_may_not_lie_open():
    held = people(["violet", None], "attributes")
    with pytest.raises(Invalid, match=r"attributes\.colour: is protected in this programme"):
        match(held, programme(Use("pointed"), named=True))


def test_a_late_joiner_is_seen_as_everybody_is():
    for named in (False, True):
        first = people([None, None, "orange", "violet"])
        stated = programme(Use("pointed"), named=named)
        review = Review(first, stated, registry=REGISTRY)
        late = people(["orange"] * 6)[5]
        review.join(late)
        assert not verify(review.plan, [*first, late], REGISTRY)
        assert (("p2", "p5") in review.pairs) == named


@pytest.mark.parametrize(
    ("changes", "place", "sentence"),
    [
        ({"protected": {"colour": Protected(PURPOSE, ("lokos",))}}, "protected.colour.uses",
         "'lokos' is no criterion or constraint of this programme; did you mean 'looks'?"),
        ({"policies": Policies(by="colour")}, "policies.by", "is protected"),
    ],
)  # fmt: skip
def test_a_programme_that_contradicts_itself_is_refused(changes, place, sentence):
    stated = attrs.evolve(programme(Use("pointed"), named=True), **changes)
    with pytest.raises(Invalid) as caught:
        match([], stated)
    (fault,) = caught.value.faults
    assert fault.path == place
    assert sentence in fault.sentence


def test_a_use_of_the_topologys_own_can_be_named():
    name = next(iter(blueprint_of(Programme(), REGISTRY).constraints))
    stated = Programme(protected={"colour": Protected(PURPOSE, (name,))})
    assert match(people(["violet", "violet"]), stated).pairs == (("p0", "p1"),)


@pytest.mark.parametrize(
    ("make", "place", "sentence"),
    [
        (lambda: Protected(""), "purpose", "must be text"),
        (lambda: Programme(protected={"languages": Protected(PURPOSE)}), "protected.languages",
         "choose another name"),
        (lambda: Participant(person=Person(id="a"), protected={"colour": None}),
         "protected.colour", "leave out what is missing"),
    ],
)  # fmt: skip
def test_models_refuse_what_has_no_purpose(make, place, sentence):
    with pytest.raises(Invalid) as caught:
        make()
    assert caught.value.faults[0].path == place
    assert sentence in caught.value.faults[0].sentence


def test_one_value_answers_for_no_protected_attribute():
    (held, _) = people(["violet", None])
    assert held.value("colour") is None
    assert held.protected["colour"] == "violet"


@given(COLOURS)
def test_nothing_is_lost_as_json_or_in_the_store(colours):
    for held in people(colours):
        assert codec.from_json(Participant, codec.to_json(held)) == held
        assert codec.restore(Participant, codec.condense(held)) == held
    stated = programme(Use("pointed"), named=True)
    assert codec.from_json(Programme, codec.to_json(stated)) == stated
