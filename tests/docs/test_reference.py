"""The reference names everything there is and nothing that is not, with its defaults."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from itertools import takewhile
from types import ModuleType

import attrs
import click
import pytest
from pages import ROOT, blocks
from reference import headings, sections

import mentorkit
from mentorkit import errors, hookspecs, interfaces, models
from mentorkit.cli.house_options import HouseFile, house_options
from mentorkit.cli.main import COMMANDS, group
from mentorkit.cli.options import plugin_options
from mentorkit.enrolment import ColumnMap, Condition, RoleRule, Source
from mentorkit.enrolment.column_map import KNOWN, ONE
from mentorkit.registry import installed

pytestmark = pytest.mark.once

CRITERIA = installed().names("criteria")
MATCHERS = installed().names("matchers")
KINDS = {
    name: slot
    for slot in hookspecs.HOOKS.values()
    if slot not in ("criteria", "matchers", "rosters")
    for name in installed().names(slot)
}
"""The kinds of the page of all others; no two slots share a name."""


def stated(default: object) -> str:
    """A default as the reference's tables write it for Python."""
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = default.factory()  # type: ignore[attr-defined]
    match default:
        case attrs.NOTHING:
            return "required"
        case None:
            return "none"
        case models.Policies() | models.AgreementTemplate():
            return f"`{type(default).__name__}()`"
        case str():
            return f'`"{default}"`'
        case float() if default.is_integer():
            return f"`{int(default)}`"
    return f"`{default!r}`"


def written(default: object) -> str:
    """A default as TOML has it."""
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = default.factory()  # type: ignore[attr-defined]
    if default in (models.Policies(), models.AgreementTemplate()):
        return "none stated"
    if default == ONE:
        return "`1`"
    if isinstance(default, tuple):
        return f"`{list(default)}`"
    return {"`False`": "`false`"}.get(stated(default), stated(default))


def settings(cls: type) -> dict[str, str]:
    """The settings of an attrs class with their defaults, as the tables have them."""
    return {field.name: written(field.default) for field in attrs.fields(cls)}


def documented(page: str, section: str) -> dict[str, str]:
    """The names of a section's rows, and what the second column says."""
    return {name: cells[1] for name, cells in sections(page)[section].items()}


def test_every_kind_has_its_section() -> None:
    assert headings("criteria") == set(CRITERIA)
    assert headings("matchers") == set(MATCHERS)
    assert headings("kinds") == set(KINDS)
    assert len(KINDS) == sum(len(installed().names(slot)) for slot in set(KINDS.values()))


@pytest.mark.parametrize(
    ("page", "slot", "name"),
    [("criteria", "criteria", name) for name in CRITERIA]
    + [("matchers", "matchers", name) for name in MATCHERS]
    + [("kinds", slot, name) for name, slot in KINDS.items()],
)
def test_every_setting_has_its_row(page: str, slot: str, name: str) -> None:
    assert documented(page, name) == settings(installed().get(slot, name).settings)


def test_every_key_of_a_programme() -> None:
    assert documented("programme", "Top level") == settings(models.Programme)
    assert documented("programme", "[policies]") == settings(models.Policies)
    assert documented("programme", "[agreement]") == settings(models.AgreementTemplate)
    uses = settings(models.Use)
    del uses["settings"]
    assert documented("programme", "[criteria.NAME] and [constraints.NAME]") == uses
    assert documented("programme", "[sessions.NAME]") == settings(models.Step)
    assert documented("programme", "[protected.NAME]") == settings(models.Protected)
    assert documented("programme", "[ratings.NAME]") == settings(models.RatingScale)
    (choices,) = (title for title in sections("programme") if title.startswith("[surveys.NAME]"))
    assert documented("programme", choices) == {"kind": "required"}
    for slot in models.SLOTS:
        named = (f"[{slot}.NAME]", f"[{slot}]")
        assert any(one in title for title in sections("programme") for one in named)


def test_every_key_of_a_mapping() -> None:
    assert documented("mapping", "Top level") == settings(ColumnMap)
    rows = documented("mapping", "[fields]")
    assert {name: rows.pop(name) for name in settings(Source)} == settings(Source)
    assert set(rows) == set(KNOWN)
    assert documented("mapping", "[roles.NAME]") == settings(RoleRule)
    assert documented("mapping", "when") == settings(Condition)
    assert set(documented("mapping", "Files that are read")) == set(installed().names("rosters"))


def test_one_to_one_is_what_the_reference_says() -> None:
    text = " ".join((ROOT / "docs/reference/programme.md").read_text(encoding="utf-8").split())
    format_ = installed().bind("formats", models.Choice("one-to-one"), "")
    policies = format_.policies
    assert policies.matcher == models.Choice("optimal")
    assert f"`base = {policies.base}` and `floor = {policies.floor}`" in text
    names = [f"`{name}`" for name in format_.constraints]
    assert f"constraints {', '.join(names[:-1])} and {names[-1]}" in text


def test_every_command_has_its_section() -> None:
    found = {name.removeprefix("mentorkit ") for name in headings("command-line")}
    assert found == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_its_row(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    of_house = _options(house_options) - _options(plugin_options)
    shared = _options(plugin_options)
    there = {
        str(parameter.name).upper() if isinstance(parameter, click.Argument) else option
        for parameter in command.params
        for option in ([""] if isinstance(parameter, click.Argument) else parameter.opts)
    }
    assert shared <= there
    common = set(sections("command-line")["Options of every command"])
    assert common == shared | {"-h", "--help"}
    common = set(sections("command-line")["Options of every command on a running programme"])
    assert common == of_house
    if of_house <= there:
        shared |= of_house
    assert set(sections("command-line")[f"mentorkit {name}"]) == there - shared


def _options(shared: Callable[..., object]) -> set[str]:
    """The options that a decorator gives to several commands."""
    parameters = click.command("any")(shared(lambda: None)).params
    return {option for parameter in parameters for option in parameter.opts}


def test_every_key_of_the_houses_file() -> None:
    rows = sections("command-line")["The house's file"]
    keys = {name.removeprefix("[").partition(".")[0] for name in rows}
    assert keys == {field.name for field in attrs.fields(HouseFile)}


@pytest.mark.parametrize("name", COMMANDS)
def test_options_show_what_they_take(name: str) -> None:
    """A row's metavar is that of --help."""
    command = group.get_command(click.Context(group), name)
    assert command is not None
    context = click.Context(command)
    for parameter in command.params:
        row = sections("command-line")[f"mentorkit {name}"].get(parameter.opts[0])
        if row is None or not isinstance(parameter, click.Option) or parameter.is_flag:
            continue
        takes = parameter.make_metavar(context).removesuffix(" RANGE")
        takes = "DATE" if isinstance(parameter.type, click.DateTime) else takes
        assert row[0] == f"`{parameter.opts[0]} {takes}`"


def test_exit_codes_are_those_of_the_command_line() -> None:
    text = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    codes = re.findall(r"(?m)^\| (\d+) \|", text)
    module = import_module("mentorkit.cli.main")
    said = re.sub(r"\s+", " ", str(module.__doc__))
    assert codes == re.findall(r"(?:: |; )(\d+) ", said)


def test_every_hook_is_documented_with_its_example() -> None:
    assert headings("hooks") == set(hookspecs.HOOKS)
    assert set(sections("hooks")["Hooks"]) == set(hookspecs.HOOKS)
    code = [block.text for block in blocks(ROOT / "docs/reference/hooks.md")]
    for hook in hookspecs.HOOKS:
        for example in examples(str(inspect.getdoc(getattr(hookspecs, hook)))):
            assert any(example in text for text in code), f"{hook}: {example}"


def examples(doc: str) -> list[str]:
    """The literal blocks of a docstring."""
    found = []
    for rest in doc.split("::\n\n")[1:]:
        lines = takewhile(lambda line: not line or line.startswith(" "), rest.splitlines())
        found.append(textwrap.dedent("\n".join(lines)).strip() + "\n")
    return found


PROTOCOLS = {
    name: cls
    for name, cls in vars(interfaces).items()
    if isinstance(cls, type) and cls.__module__ == interfaces.__name__
}


def members(cls: type) -> set[str]:
    """What a Protocol asks for, or the fields of an attrs class."""
    if attrs.has(cls):
        fields = {field.name for field in attrs.fields(cls)}
        worked_out = {name for name, held in vars(cls).items() if _property(held)}
        methods = set(vars(interfaces.Pairs)) if cls is interfaces.Tables else set[str]()
        return fields | {name for name in worked_out - methods if not name.startswith("_")}
    asked = {name for name, held in vars(cls).items() if callable(held) or _property(held)}
    return {
        name for name in asked if not name.startswith("_") or name in ("__len__", "__getitem__")
    }


def _property(held: object) -> bool:
    return isinstance(held, property | cached_property)


def test_every_interface_has_its_section() -> None:
    assert headings("interfaces") == set(PROTOCOLS)
    text = (ROOT / "docs/reference/interfaces.md").read_text(encoding="utf-8")
    for alias in ("IntArray", "BoolArray", "Format"):
        assert f"`{alias}`" in text
        assert hasattr(interfaces, alias)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_member_has_its_row(name: str) -> None:
    assert set(sections("interfaces")[name]) == members(PROTOCOLS[name])


def test_every_error_has_its_row() -> None:
    there = {
        name
        for name, held in vars(errors).items()
        if isinstance(held, type) and issubclass(held, errors.MentorkitError)
    }
    assert set(sections("errors")["Errors"]) == there
    assert set(sections("errors")["Fault"]) == {"path", "sentence", "within"}


def test_every_cause_has_its_row() -> None:
    """The ids of the messages that say why somebody has nobody."""
    text = (ROOT / "docs/explanation/why-not.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"(?m)^\| `([\w-]+)` \|", text))
    modules = ("scarcity", "ruled_out", "competition")
    trees = [
        ast.parse(inspect.getsource(import_module(f"mentorkit.matching.{name}")))
        for name in modules
    ]
    made = {
        held.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message"
        for held in ast.walk(node.args[0])
        if isinstance(held, ast.Constant)
    }
    remedies = {"one-more-seat", "smaller-teams", "without-rule"}
    assert shown == made - remedies | {models.NOT_AVAILABLE.id}


MODELS = {
    name: getattr(models, name)
    for name in models.__all__
    if isinstance(getattr(models, name), type) and attrs.has(getattr(models, name))
}


def test_every_model_has_its_section() -> None:
    assert headings("models") == set(MODELS)
    text = (ROOT / "docs/reference/models.md").read_text(encoding="utf-8")
    for name in models.__all__:
        assert f"`{name}" in text, name


@pytest.mark.parametrize("name", MODELS)
def test_every_field_has_its_row(name: str) -> None:
    fields = {field.name: stated(field.default) for field in attrs.fields(MODELS[name])}
    assert documented("models", name) == fields


def public(module: ModuleType) -> set[str]:
    """The names that a module offers: its `__all__`, or what it defines besides constants."""
    if hasattr(module, "__all__"):
        return set(module.__all__)
    tree = ast.parse(inspect.getsource(module))
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("_") and not name.isupper()}


@pytest.mark.parametrize("name", sorted(headings("python")))
def test_every_public_name_has_its_row(name: str) -> None:
    module = mentorkit if name == "mentorkit" else import_module(name)
    assert set(sections("python")[name]) == public(module)


def test_every_public_module_has_its_section() -> None:
    asked = {"mentorkit", "mentorkit.matching", "mentorkit.matching.columns", "mentorkit.testing"}
    assert headings("python") >= asked


def test_every_page_is_in_the_navigation() -> None:
    """mkdocs warns of a page that is left out; this finds one before it is built."""
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    docs = ROOT / "docs"
    there = {str(page.relative_to(docs)) for page in docs.rglob("*.md")}
    assert set(re.findall(r"[\w/-]+\.md", nav)) == there
