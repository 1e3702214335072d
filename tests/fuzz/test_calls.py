"""Every public call of the kit, with arguments that no signature promises, on both databases."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from access_world import OFFER, TENANTS, furnish
from test_access import ACTS, READS, TERMS, TakenBack, _doings, _readings

from mentorkit.errors import Invalid, MentorkitError, PluginFailed
from mentorkit.models import SYSTEM, Actor, Figure, Participant, Person, Programme, Skill
from mentorkit.testing.house import TrialHouse, house

pytestmark = pytest.mark.once

Date, Time, UTC = datetime.date, datetime.datetime, datetime.UTC
NAN = float("nan")
ODD = (object(), b"x", {"a": 1}, NAN, type)
HALF, ZERO = "a\ud800", "a\0b"
FIGURE = Figure(person="ann", measure="grade", on=Date(2026, 9, 1), value=1.0)
WRONG: dict[str, tuple[Any, ...]] = {
    "str": (*ODD, 5, 1.5, True, ["x"], ZERO, HALF, Date(2026, 9, 1)),
    "int": (*ODD, "5", 1.5, True, 2**63, -(2**63) - 1, [1]),
    "float": (*ODD, "1.5", True, float("inf"), 10**400),
    "bool": (*ODD, 0, 1, "no"),
    "datetime.date": (*ODD, "2026-09-01", Time(2026, 9, 1, tzinfo=UTC), Date.min, Date.max, 5),
    "datetime.datetime": (
        *ODD,
        "2026-09-01T08:00Z",
        Date(2026, 9, 1),
        Time(2026, 9, 1),
        Time.min.replace(tzinfo=UTC),
        Time.max.replace(tzinfo=UTC),
    ),
    **dict.fromkeys(("Entry", "Priority"), (*ODD, "thrown in", 5, None)),
    "State": (*ODD, "thrown in", 5),
    "Iterable[str]": (*ODD[1:], "ab", 5, [5], [ZERO], [HALF], [None], [["x"]]),
    "Iterable[Pair]": ("ab", 5, ["ab"], [("a",)], [("a", "b", "c")], [("a", 5)], [(ZERO, "b")]),
    "Mapping[str, str]": ("ab", 5, [("a", "b")], {1: "x"}, {ZERO: "x"}, {"a": 5}, {"a": HALF}),
    "Mapping[str, Answer]": ("ab", [("a", 1)], {1: 1}, {"a": NAN}, {"a": [1]}, {"a": 2**63}),
    "Person": (*ODD, "ann", None, {"id": "ann"}, Person(id="a", name=5), Person(id="a", name=HALF)),
    "Participant": (
        *ODD,
        "ann",
        Participant(person="ann"),
        Participant(person=Person(id="a", locale=b"en")),
        Participant(person=Person(id="a"), aims=ZERO),
        Participant(person=Person(id="a"), avoids=(5,)),
        Participant(person=Person(id="a"), manager=["x"]),
        Participant(person=Person(id="a"), offers=(Skill("x"), Skill(name="\u202e" + "y"))),
    ),
    "Figure": (*ODD, None, attrs.evolve(FIGURE, on=Date.min), attrs.evolve(FIGURE, on="1")),
    "Programme": (*ODD, "autumn", None, Programme(name=5), Programme(starts=Date.max)),
    "Agreement": (*ODD, None, attrs.evolve(TERMS, starts=Date(9999, 1, 1), ends=Date.max)),
    "Offer": (*ODD, None, attrs.evolve(OFFER, place=ZERO)),
}  # type: ignore[arg-type]
"""Of each type: what is none of it."""
FINE = {"Participant": WRONG["Participant"][-1:]}
"""Of these, what is odd and yet one."""
EXTREME: dict[str, tuple[Any, ...]] = {
    "str": ("", " ", "x" * 100_000, "\u202e\u2066", "erased:x", "%s", "'; --", "\x1b[2J", "🧑‍🤝‍🧑"),
    "int": (0, -1, 2**63 - 1, -(2**63)),
    "float": (1e308, -0.0, 5e-324, 2**63 - 1),
    "datetime.date": (Date(1900, 1, 1), Date(2999, 12, 31)),
    "datetime.datetime": (
        Time(1900, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=23, minutes=59))),
        Time(2999, 12, 31, 23, 59, 59, 999999, datetime.timezone(-datetime.timedelta(hours=23))),
    ),
    "Iterable[str]": ([], ["", "x" * 10_000], iter(["a", "a"]), {"a"}),
    "Mapping[str, str]": ({}, {"": ""}, {"x" * 10_000: "y" * 10_000}),
    "Mapping[str, Answer]": ({}, {"": 0}, {"respondent": "x" * 10_000}, {"aggregate": -1}),
    "Person": (Person(id="x" * 10_000), Person(id="a", name="x" * 10_000)),
    "Participant": (Participant(person=Person(id="x" * 10_000), roles={"mentee": 1}),),
}
"""Of each type: what is one, and what nobody thought of."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[TrialHouse]:
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    with house(url) as held:
        for tenant in TENANTS:
            with held.kit(actor=SYSTEM, tenant=tenant) as kit, kit._work.change():
                furnish(kit._work.rows)
        yield held


def _types(annotation: str) -> tuple[str, bool]:
    """The type without None, and whether None is one of it."""
    bare = annotation.removesuffix(" | None")
    return bare, bare != annotation


def _given(held: str, values: dict[str, tuple[Any, ...]]) -> list[Any]:
    """The values for a type; of a list of models each in a list, and the same alone."""
    if held in values:
        return list(values[held])
    inner = held.removeprefix("Iterable[").removesuffix("]")
    return [[value] for value in values.get(inner, ())] if inner != held else []


KNOWN: dict[str, dict[str, Any]] = {}


def _arguments(held: TrialHouse, name: str) -> dict[str, Any]:
    """Arguments with which a call goes through, or else some that it knows."""
    if name in KNOWN:
        return KNOWN[name]
    every = _doings(name) if name in ACTS else (given for one, given in _readings() if one == name)
    some = list(every)
    KNOWN[name] = next((one for one in some if _outcome(held, name, one) is None), some[0])
    return KNOWN[name]


def _outcome(held: TrialHouse, name: str, arguments: dict[str, Any]) -> Exception | None:
    """What a call raises; what it did is taken back, after all that was kept was read."""
    service, _, call = name.partition(".")
    try:
        with held.kit(actor=SYSTEM, tenant="home") as kit:
            getattr(getattr(kit, service), call)(**arguments)
            if name in ACTS:
                for person in ("ann", "may"):
                    kit.people.export(person)
                kit.reports.journal(limit=5)
            raise TakenBack
    except TakenBack:
        return None
    except Exception as error:
        return error


CALLS = {**READS, **ACTS}


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_such_thing_is_refused_by_name(world: TrialHouse, name: str) -> None:
    arguments = _arguments(world, name)
    for word, parameter in inspect.signature(CALLS[name]).parameters.items():
        if word == "self":
            continue
        annotation, optional = _types(parameter.annotation)
        values = _given(annotation, WRONG)
        assert values, f"{name}: nothing is known to be no {annotation}"
        for value in [*values, *([] if optional else [None])]:
            if _is_fine(annotation, value) or (word == "token" and value in (ZERO, HALF)):
                continue
            error = _outcome(world, name, {**arguments, word: value})
            assert isinstance(error, Invalid), f"{name}({word}={value!r}) gave {error!r}"
            assert error.faults[0].path.startswith(word), f"{name}({word}={value!r}): {error}"
            str(error).encode("utf-8", "surrogatepass")


def _is_fine(annotation: str, value: Any) -> bool:
    value = value[0] if annotation.startswith("Iterable") and isinstance(value, list) else value
    return any(value is fine for values in FINE.values() for fine in values)


@pytest.mark.parametrize("name", CALLS)
def test_what_nobody_thought_of_is_refused_or_kept(world: TrialHouse, name: str) -> None:
    arguments = _arguments(world, name)
    for word, parameter in inspect.signature(CALLS[name]).parameters.items():
        for value in _given(_types(str(parameter.annotation))[0], EXTREME):
            error = _outcome(world, name, {**arguments, word: value})
            refused = isinstance(error, MentorkitError) and not isinstance(error, PluginFailed)
            assert error is None or refused, f"{name}({word}={str(value)[:60]!r}) gave {error!r}"


@pytest.mark.parametrize("text", ["", "\u202e", "e\u0301", "x" * 1_000_000, "\x1b[2J\r\n\t\x0b"])
def test_words_are_kept_whole(world: TrialHouse, text: str) -> None:
    ann = world.kit(actor=Actor(person="ann"), tenant="home")
    with pytest.raises(TakenBack), ann as kit:
        if text:
            assert kit.relationships.write("home-r1", text, key="k").text == text
        person = attrs.evolve(kit.people.get("ann"), name=text)
        raise TakenBack
    with pytest.raises(TakenBack), world.kit(actor=SYSTEM, tenant="home") as kit:
        kit.people.put([person])
        assert kit.people.get("ann").name == text
        raise TakenBack


@pytest.mark.parametrize("tenant", [5, None, ZERO, HALF, "x" * 300, b"home"])
def test_a_tenant_is_text(world: TrialHouse, tenant: Any) -> None:
    with pytest.raises(Invalid, match="tenant"):
        world.kit(actor=SYSTEM, tenant=tenant)


@pytest.mark.parametrize(
    "actor",
    [
        None,
        "ann",
        Actor(person=5),  # type: ignore[arg-type]
        Actor(system="false"),  # type: ignore[arg-type]
        Actor(coordinates=[5]),  # type: ignore[list-item]
        Actor(person=ZERO),
    ],
)
def test_an_actor_is_what_it_says(world: TrialHouse, actor: Any) -> None:
    """Above all: a text is not taken for the truth that makes somebody the system."""
    with pytest.raises(Invalid, match="actor"):
        world.kit(actor=actor)
