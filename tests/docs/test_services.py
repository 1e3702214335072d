"""The page on services has every call as it is, who may do it, and every kind of event."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest
from pages import ROOT
from reference import headings

import mentorkit
from mentorkit.access import DO
from mentorkit.kit import SERVICES, Kit

pytestmark = pytest.mark.once

PAGE = (ROOT / "docs" / "reference" / "services.md").read_text(encoding="utf-8")
SOURCES = sorted((ROOT / "src" / "mentorkit" / "services").glob("*.py"))


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of a section's table, by the code in their first cell."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = {}
    for line in section.splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split(" |")]
            found[cells[0].strip("`")] = cells[1:]
    return found


def as_called(function: object) -> str:
    """A function's name with its arguments, as a caller would write them."""
    said, starred = [], False
    for held in inspect.signature(function).parameters.values():  # type: ignore[arg-type]
        if held.name == "self":
            continue
        if held.kind is held.KEYWORD_ONLY and not starred:
            said.append("*")
            starred = True
        default = held.default
        words = "SYSTEM" if default is mentorkit.SYSTEM else str(default).join('""')
        words = words if isinstance(default, str) or words == "SYSTEM" else repr(default)
        said.append(held.name if default is held.empty else f"{held.name}={words}")
    return f"{function.__name__}({', '.join(said)})"  # type: ignore[attr-defined]


def calls(service: str) -> dict[str, str]:
    """A service's public calls: as they are called, and their names."""
    cls = get_type_hints(vars(Kit)[service].func)["return"]
    members = inspect.getmembers(cls, inspect.isfunction)
    return {as_called(held): name for name, held in members if not name.startswith("_")}


def test_every_service_has_its_section() -> None:
    assert headings("services") == {f"kit.{name}" for name in SERVICES}


@pytest.mark.parametrize("service", SERVICES)
def test_every_call_has_its_row(service: str) -> None:
    assert set(rows(f"`kit.{service}`")) == set(calls(service))


WHO = {
    frozenset({"system", "coordinator"}): "coordinator",
    frozenset({"system", "self"}): "oneself",
    frozenset({"system", "partner", "coordinator"}): "member, coordinator",
    frozenset({"system", "self", "coordinator"}): "oneself, coordinator",
}
READ_ACTS = {"reports.status": "reports.read", "reports.report": "reports.read"}


@pytest.mark.parametrize("service", SERVICES)
def test_who_may_is_what_access_says(service: str) -> None:
    named = calls(service)
    for call, (may, _) in rows(f"`kit.{service}`").items():
        act = f"{service}.{named[call]}"
        allowed = DO.get(READ_ACTS.get(act, act))
        assert may == ("reader" if allowed is None else WHO[frozenset(allowed)]), call


def test_every_act_is_a_call() -> None:
    """What `access` rules on, somebody can call."""
    there = {f"{service}.{name}" for service in SERVICES for name in calls(service).values()}
    assert {READ_ACTS.get(act, act) for act in there} >= set(DO)


def test_the_house_is_as_it_is_called() -> None:
    house = mentorkit.House
    assert set(rows("House and kit")) == {
        as_called(mentorkit.migrate),
        *(f"house.{as_called(held)}" for held in (house.kit, house.advance, house.deliver)),
        f"house.{as_called(house.close)}",
    }
    opened = inspect.signature(mentorkit.open).parameters
    stated = " ".join(PAGE.split())
    assert re.search(r"`mentorkit\.open\(([^`]*)\)`", stated)[1].replace("*, ", "") == ", ".join(  # type: ignore[index]
        name if held.default is held.empty else f"{name}={_named(held.default)}"
        for name, held in opened.items()
    )


def _named(default: object) -> str:
    return default.__name__ if inspect.isfunction(default) else repr(default)


KIND = re.compile(r"[a-z]+\.[a-z]+")
VARIED = {
    "action.": ("action.done", "action.dropped"),
    "insight.": ("insight.tried", "insight.adopted"),
    "goal.": ("goal.reached", "goal.dropped"),
    "session.": ("session.cancelled", "session.missed"),
}
"""What the events are whose kind ends with the state that a thing got."""


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def told(function: ast.FunctionDef) -> Iterator[tuple[str, frozenset[str]]]:
    """The kinds of the events that a function records, each with the names of its facts."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        if name == "_moved":
            yield from ((kind, frozenset()) for kind in constants(node.args[3:]))
        elif name in ("happened", "_told", "_happened"):
            place = node.args[0 if name == "happened" else 1]
            if isinstance(place, ast.JoinedStr):
                kinds = list(VARIED[ast.literal_eval(place.values[0])])
            elif isinstance(place, ast.Name):
                kinds = constants([function])
            else:
                kinds = constants([place])
            yield from ((kind, facts(node, function)) for kind in kinds)


def constants(nodes: list[ast.expr] | list[ast.FunctionDef]) -> list[str]:
    """The texts in some code that look like a kind of event."""
    return [
        held.value
        for node in nodes
        for held in ast.walk(node)
        if isinstance(held, ast.Constant)
        and isinstance(held.value, str)
        and KIND.fullmatch(held.value)
    ]


def facts(call: ast.Call, function: ast.FunctionDef) -> frozenset[str]:
    """The names of the facts that a call gives: of its `facts`, or its other keywords."""
    given = {held.arg: held.value for held in call.keywords if held.arg}
    stated = given.pop("facts", None)
    if isinstance(stated, ast.Name):
        stated = next(
            (
                node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == stated.id
            ),
            None,
        )
    if isinstance(stated, ast.Dict):
        return frozenset(ast.literal_eval(key) for key in stated.keys if key)
    return frozenset(set(given) - {"people", "programme", "relationship"})


def test_every_event_has_its_row() -> None:
    made: dict[str, set[str]] = {}
    for path in SOURCES:
        for function in functions(path):
            for kind, names in told(function):
                made.setdefault(kind, set()).update(names)
    stated = {kind: set(re.findall(r"`(\w+)`", cells[1])) for kind, cells in rows("Events").items()}
    assert stated == made


def test_what_the_page_says_a_call_gives_is_a_public_name() -> None:
    """Each capitalised name in code is one that a reader finds."""
    homes = [import_module(name) for name in ("mentorkit", "mentorkit.models", "mentorkit.house")]
    homes += [
        import_module(f"mentorkit.services.{name}")
        for name in ("comparing", "copying", "entering", "timetable")
    ]
    for name in set(re.findall(r"`([A-Z][A-Za-z]+)`s?", PAGE)) - {"Engine", "Connection"}:
        assert any(hasattr(home, name) for home in homes), name
