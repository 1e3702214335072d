"""The values themselves: frozen, hashable, indifferent to order, and plain about refusal."""

import datetime
import inspect
from types import MappingProxyType
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit import codec, models
from mentorkit.errors import Invalid
from mentorkit.models import (
    EVERY,
    LISTED,
    POINT,
    SYSTEM,
    Actor,
    Agreement,
    Choice,
    Delivery,
    Finding,
    Free,
    FrozenMap,
    Goal,
    History,
    Level,
    Match,
    Member,
    Message,
    Participant,
    Person,
    Policies,
    Practice,
    Programme,
    Question,
    Row,
    Session,
    Skill,
    Step,
    Team,
    Topology,
    Use,
    Window,
)
from mentorkit.models.frozenmap import frozen_map
from mentorkit.models.programme import freeze
from mentorkit.testing import strategies as some

CLASSES = [held for held in vars(models).values() if inspect.isclass(held) and attrs.has(held)]
maps = st.dictionaries(st.text(max_size=3), st.integers(0, 3) | st.text(max_size=2), max_size=4)


# --- FrozenMap


@given(maps, maps)
def test_a_frozen_map_equals_what_holds_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    frozen = FrozenMap(one)
    assert frozen == one
    assert one == frozen
    assert frozen == MappingProxyType(one)
    assert (frozen == FrozenMap(other)) == (one == other)
    assert (frozen != FrozenMap(other)) == (one != other)
    if one == other:
        assert hash(frozen) == hash(FrozenMap(other))
    assert len(frozen) == len(one)
    assert dict(frozen) == one
    assert list(frozen) == sorted(one)


@given(maps, st.randoms())
def test_the_order_of_a_frozen_maps_making_leaves_no_trace(held: dict[str, Any], luck: Any) -> None:
    keys = list(held)
    luck.shuffle(keys)
    shuffled = FrozenMap({key: held[key] for key in keys})
    assert hash(shuffled) == hash(FrozenMap(held))
    assert repr(shuffled) == repr(FrozenMap(held))
    assert list(shuffled.items()) == list(FrozenMap(held).items())


@given(maps, maps)
def test_a_union_of_maps_prefers_the_right(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert FrozenMap(one) | FrozenMap(other) == one | other
    assert type(FrozenMap(one) | other) is FrozenMap


def test_a_frozen_map_cannot_be_changed() -> None:
    source = {"a": 1}
    frozen: Any = FrozenMap(source)
    source["a"] = 2
    assert frozen["a"] == 1
    with pytest.raises(TypeError):
        frozen["a"] = 2
    with pytest.raises(TypeError):
        del frozen["a"]
    with pytest.raises(AttributeError):
        frozen.extra = 1
    for method in ("update", "pop", "clear", "setdefault"):
        assert not hasattr(frozen, method)
    with pytest.raises(KeyError):
        frozen["b"]
    assert frozen_map(frozen) is frozen


# --- freezing plain data


@given(some.settings())
def test_frozen_data_is_hashable_and_frozen_again_the_same(data: Any) -> None:
    frozen = freeze(data)
    assert frozen in {frozen}
    assert freeze(frozen) == frozen


# --- all models


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_model_is_frozen_and_hashable(cls: type) -> None:
    value = cls.__new__(cls)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(value, attrs.fields(cls)[0].name, 1)
    assert cls.__hash__ is not None
    assert cls.__doc__
    assert hasattr(cls, "__slots__")


@given(st.one_of(some.plans(), some.participants(), some.programmes(), some.blueprints()))
def test_generated_models_hash(value: Any) -> None:
    assert value in {value}


def test_a_row_hashes_though_its_cells_are_plain() -> None:
    row = Row("people.csv", 2, {"name": "Ann"})
    assert {row, Row("people.csv", 2, {"name": "Ann"})} == {row}


@given(some.participants(), st.randoms())
def test_order_never_matters_where_a_field_is_a_set(held: Participant, luck: Any) -> None:
    def shuffled(items: Any) -> list[Any]:
        items = list(items)
        luck.shuffle(items)
        return items

    again = attrs.evolve(
        held,
        roles=dict(shuffled(held.roles.items())),
        offers=shuffled(held.offers),
        seeks=shuffled(held.seeks),
        interests=shuffled(held.interests) * 2,
        availability=shuffled(held.availability) * 2,
        exceptions=shuffled(held.exceptions) * 2,
        travel=shuffled(held.travel) * 2,
        avoids=shuffled(held.avoids) * 2,
        not_again=shuffled(held.not_again) * 2,
        person=attrs.evolve(
            held.person,
            languages=shuffled(held.person.languages) * 2,
            attributes=dict(shuffled(held.person.attributes.items())),
        ),
    )
    assert again == held
    assert hash(again) == hash(held)
    assert repr(again) == repr(held)


def test_preferences_keep_their_order() -> None:
    assert Participant(person=Person(id="a"), prefers=["c", "b"]).prefers == ("c", "b")


@given(st.permutations([Skill("a"), Skill("a", 1), Skill("a", 2), Skill("b"), Skill("c", 1)]))
def test_skills_with_and_without_levels_sort_together(held: list[Skill]) -> None:
    assert [str(skill)[0] for skill in sorted(held)] == ["a", "a", "a", "b", "c"]


# --- people and participants


@pytest.mark.parametrize(
    ("make", "where", "sentence"),
    [
        (lambda: Person(id=7), "id", "must be text"),  # type: ignore[arg-type]
        (lambda: Person(id=None), "id", "must be text"),  # type: ignore[arg-type]
        (lambda: Person(id="\ud800"), "id", "must be text"),
        (lambda: Person(id="a", timezone=1), "timezone", "Europe/Berlin"),  # type: ignore[arg-type]
        (lambda: Person(id="a", email=1), "email", "ann@example.org"),  # type: ignore[arg-type]
        (lambda: Person(id="a", email="a@b\n"), "email", "ann@example.org"),
        (lambda: Person(id="a", attributes={"x": None}), "attributes.x", "leave out"),
        (lambda: Person(id="a", attributes={"x": float("nan")}), "attributes.x", "leave out"),
        (lambda: Person(id="a", attributes={"x": {"y": 1}}), "attributes.x", "leave out"),
        (lambda: Person(id="a", attributes={"x": [1]}), "attributes.x", "leave out"),
        (lambda: Person(id="a", attributes={"x": 2**63}), "attributes.x", "leave out"),
        (lambda: Skill(1), "name", "must be text"),  # type: ignore[arg-type]
        (lambda: Skill("SQL", 1.5), "level", "whole number"),  # type: ignore[arg-type]
        (lambda: Window(0, 0, 2881), "end", "whole number"),
        (lambda: Window(0, 600, 2041), "end", "within a day"),
        (lambda: Use("same", weight=True), "weight", "whole number"),
        (lambda: Use("same", weight="3"), "weight", "whole number"),  # type: ignore[arg-type]
        (lambda: Use("same", wish_of="me"), "wish_of", "left, right or both"),  # type: ignore
        (lambda: Use("same", {"weight": 3}), "weight", "belongs to every choice"),
        (lambda: Choice("same", {"kind": "x"}), "kind", "belongs to every choice"),
        (lambda: Choice("same", {"a": [1, {"b": None}]}), "a[1].b", "must be text"),
        (lambda: Choice(""), "kind", "must be text"),
        (
            lambda: Programme(constraints={"a": Use("x", wish_of="left")}),
            "constraints.a",
            "is a constraint",
        ),
        (
            lambda: Practice(name="p", constraints={"a": Use("x", weight=0)}),
            "constraints.a",
            "is a constraint",
        ),
    ],
)
def test_a_refusal_names_its_field(make: Any, where: str, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        make()
    (fault,) = caught.value.faults
    assert fault.path == where
    assert sentence in fault.sentence
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("field", ["interests", "avoids", "not_again"])
def test_one_word_is_not_a_list_of_letters(field: str) -> None:
    with pytest.raises(TypeError, match="single word 'music'"):
        Participant(person=Person(id="a"), **{field: "music"})


def test_a_choice_may_have_a_setting_that_only_uses_know() -> None:
    assert Choice("optimal", {"weight": 3}).settings["weight"] == 3


def test_attributes_given_as_lists_are_kept_as_tuples() -> None:
    assert Person(id="a", attributes={"clubs": ["x", "y"]}).attributes["clubs"] == ("x", "y")


@given(some.participants())
def test_a_participant_answers_for_attributes_and_listed_fields(held: Participant) -> None:
    assert held.id == held.person.id
    assert held.value("no such field") is None
    for field in (*LISTED, *held.person.attributes):
        assert held.value(field) != ()
    for name, value in held.person.attributes.items():
        assert held.value(name) == (None if value == () else value)
    assert set(held.value("offers") or ()) == {skill.name for skill in held.offers}
    assert held.value("languages") == (held.person.languages or None)
    assert held.value("timezone") == held.person.timezone


def test_an_empty_list_is_missing() -> None:
    held = Participant(person=Person(id="a", attributes={"clubs": []}))
    assert held.value("clubs") is None
    assert held.value("languages") is None


# --- messages and plans


@given(some.messages())
def test_a_message_can_always_be_said(message: Message) -> None:
    assert all(str(value) in str(message) for value in message.values.values())


def test_a_message_keeps_doubled_braces() -> None:
    assert str(Message("x", "{{{name}}}", {"name": "{other}"})) == "{{other}}"


@given(st.lists(some.findings(), max_size=8).map(tuple))
def test_reasons_are_five_at_most_and_the_caveat_costs_most(found: tuple[Finding, ...]) -> None:
    team = Team((Member("a", "mentee"), Member("b", "mentor")))
    match = Match(team=team, fit=0, wishes=(0, 0), findings=found)
    assert len(match.reasons) <= 5
    assert all(reason.score > 0 for reason in match.reasons)
    assert set(match.reasons) <= set(found)
    for finding in found:
        assert finding.score + finding.lost == POINT * finding.weight
        if finding.lost:
            assert match.caveat is not None
            assert match.caveat.lost >= finding.lost
    assert team.people == ("a", "b")


def test_words_for_people() -> None:
    assert str(Level(1, "senior")) == "senior"
    assert str(Skill("SQL")) == "SQL"
    assert str(Skill("SQL", 2)) == "SQL (level 2)"


# --- the strategies themselves


@given(some.populations(least=1))
def test_populations_name_each_other_and_are_unique(people: list[Participant]) -> None:
    ids = [participant.id for participant in people]
    assert len(set(ids)) == len(ids)
    assert all(participant.roles for participant in people)
    for participant in people:
        named = {*participant.avoids, *participant.prefers, *participant.not_again}
        assert named <= {*ids, "who-left"}


@given(st.integers(0, 3), st.integers(0, 3), st.data())
def test_scores_have_their_shape(n: int, m: int, data: st.DataObject) -> None:
    table = data.draw(some.scores(n, m))
    assert table.shape == (n, m)
    assert table.dtype == "int64"
    assert ((table >= 0) & (table <= 5 * POINT)).all()


@given(some.topologies())
def test_topologies_have_two_roles(topology: Topology) -> None:
    assert [role.name for role in topology.roles] == ["mentee", "mentor"]


# --- a programme that runs


AT = datetime.datetime(2026, 3, 23, 9, tzinfo=datetime.UTC)
ASKED = Message("asked", "How was it?")


@pytest.mark.parametrize(
    ("make", "where", "sentence"),
    [
        (lambda: Policies(timezone="Berlin"), "timezone", "Europe/Berlin"),
        (lambda: Policies(length=0), "length", "whole number from 1"),
        (lambda: Policies(minutes=4), "minutes", "whole number from 5"),
        (lambda: Policies(meetings=1001), "meetings", "whole number from 1 to 1000"),
        (lambda: Policies(goals="vague"), "goals", "open or smart"),  # type: ignore[arg-type]
        (lambda: Step(order=-1, title="x"), "order", "whole number from 0"),
        (lambda: Step(order=1, title=""), "title", "must be text"),
        (lambda: Agreement(starts=AT.date(), ends=datetime.date(2026, 3, 22)), "ends", "before"),
        (lambda: some_session(ends=AT), "ends", "after the start"),
        (lambda: Question(id="a", text=ASKED, audience="all"), "audience", "one of"),  # type: ignore
        (
            lambda: Question(id="a", text=ASKED, form="text", audience="aggregate"),
            "audience",
            "cannot be counted",
        ),
        (lambda: Question(id="a", text=ASKED, form="choice"), "options", "missing"),
    ],
)
def test_what_runs_is_refused_at_its_field(make: Any, where: str, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        make()
    (fault,) = caught.value.faults
    assert fault.path == where
    assert sentence in fault.sentence


def some_session(**changes: Any) -> Session:
    ends = AT + datetime.timedelta(hours=1)
    plain = Session(
        id="s", programme="p", relationship="r", number=1, title=ASKED, starts=AT, ends=ends
    )
    return attrs.evolve(plain, **changes)


@pytest.mark.parametrize(
    ("question", "fitting", "strange"),
    [
        (Question(id="q", text=ASKED), (1, 5), (0, 6, True, "3", 2.0, None)),
        (Question(id="q", text=ASKED, form="choice", options=("a", "b")), ("a", "b"), ("c", 1)),
        (Question(id="q", text=ASKED, form="text"), ("", "well"), (1, None, "\x00")),
    ],
)
def test_an_answer_must_fit_its_question(question: Question, fitting: Any, strange: Any) -> None:
    for answer in fitting:
        question.check(answer)
    for answer in strange:
        with pytest.raises(Invalid, match=r"^q: must be "):
            question.check(answer)


SMART = Goal(
    id="g",
    programme="p",
    relationship="r",
    owner="ann",
    title="lead three meetings",
    metric="meetings",
    baseline=0.0,
    target=3.0,
    first_step="ask for a date",
    objective="growth",
    due=datetime.date(2026, 6, 1),
)


@pytest.mark.parametrize(
    ("change", "letter"),
    [
        ({"title": "lead"}, "goal.specific"),
        ({"metric": ""}, "goal.measurable"),
        ({"target": None}, "goal.measurable"),
        ({"baseline": None}, "goal.measurable"),
        ({"target": 0.0}, "goal.measurable"),
        ({"first_step": ""}, "goal.achievable"),
        ({"objective": ""}, "goal.relevant"),
        ({"due": None}, "goal.time-bound"),
    ],
)
def test_a_goal_tells_the_letter_that_it_lacks(change: Any, letter: str) -> None:
    assert SMART.lacking() == ()
    assert [said.id for said in attrs.evolve(SMART, **change).lacking()] == [letter]


def test_who_runs_a_programme() -> None:
    assert Actor(coordinates=["p"]).runs("p")
    assert not Actor(coordinates=["p"]).runs("q")
    assert not Actor(coordinates=["p"]).runs(None)
    assert Actor(coordinates=[EVERY]).runs("q")
    assert Actor(coordinates=[EVERY]).runs(None)
    assert not Actor(person="ann").runs(None)
    assert SYSTEM.system


@given(some.histories())
def test_a_history_tells_its_meetings_and_stages(history: History) -> None:
    assert set(history.held) <= set(history.sessions)
    assert {held.state for held in history.sessions if held not in history.held} <= {
        "planned",
        "missed",
        "cancelled",
    }
    for stage in history.relationship.path:
        assert history.since(stage) == history.relationship.since.get(stage)


@given(some.deliveries())
def test_every_attempt_has_one_key(delivery: Delivery) -> None:
    again = attrs.evolve(delivery, attempts=delivery.attempts + 1, state="dead")
    assert again.key == delivery.key
    assert delivery.event.id in delivery.key
    assert attrs.evolve(delivery, subscriber="another one").key != delivery.key


def test_who_is_not_named_has_no_free_time() -> None:
    free = Free(times={"ann": ((0, 60),)})
    assert free.of("ann") == ((0, 60),)
    assert free.of("bo") == ()


@pytest.mark.parametrize("hours", [-1, 745, "2", True, float("nan"), float("inf"), 10**30])
def test_hours_are_those_of_a_month(hours: Any) -> None:
    with pytest.raises(Invalid, match="hours from 0 to 744 a month"):
        Participant(person=Person(id="ann"), hours=hours)


def test_whole_hours_are_the_same_however_they_are_written() -> None:
    whole, broken = (Participant(person=Person(id="ann"), hours=hours) for hours in (2, 2.0))
    assert codec.to_json(whole) == codec.to_json(broken)
