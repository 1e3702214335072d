"""Kinds by name, and binding them: every error carries the place in the programme's file."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.errors import Conflict, Fault, Invalid, NotFound, PluginFailed
from mentorkit.kinds import NoSettings, kind
from mentorkit.models import Choice, Use
from mentorkit.plugin_loading import Plugin
from mentorkit.registry import Registry, installed


@attrs.frozen
class Same:
    attribute: str
    missing: int = attrs.field(default=0, validator=attrs.validators.in_((0, 1)))
    among: tuple[str, ...] = ()


@attrs.frozen
class Later:
    unknown: Nowhere  # type: ignore[name-defined]  # noqa: F821


def refuse(settings: Same) -> Any:
    raise Invalid("among[0]", "must be known")


def refuse_it_all(settings: Same) -> Any:
    raise Invalid("", "must be otherwise")


def breaks(settings: Same) -> Any:
    raise KeyError("club")


def exits(settings: Same) -> Any:
    raise SystemExit(3)


def interrupts(settings: Same) -> Any:
    raise KeyboardInterrupt


def registry_of(*kinds: Any) -> Registry:
    contributed = tuple(("criteria", held) for held in kinds)
    return Registry((Plugin(name="club", distribution="acme", kinds=contributed),))


REGISTRY = registry_of(
    kind("same", Same),
    kind("refuses", Same, refuse),
    kind("refuses-all", Same, refuse_it_all),
    kind("breaks", Same, breaks),
    kind("exits", Same, exits),
    kind("interrupts", Same, interrupts),
    kind("later", Later),
    kind("none", NoSettings),
)


def faults(choice: Choice, path: str = "criteria.profession") -> tuple[Fault, ...]:
    with pytest.raises(Invalid) as caught:
        REGISTRY.bind("criteria", choice, path)
    return caught.value.faults


def test_names_are_sorted_and_apart_by_slot() -> None:
    assert REGISTRY.names("criteria") == tuple(sorted(REGISTRY.names("criteria")))
    assert len(REGISTRY.names("criteria")) == 8
    assert REGISTRY.names("matchers") == ()


def test_a_kind_and_who_provides_it() -> None:
    assert REGISTRY.get("criteria", "same").settings is Same
    assert REGISTRY.provider("criteria", "same").distribution == "acme"


@pytest.mark.parametrize(
    ("slot", "name", "sentence"),
    [
        ("criteria", "smae", "no plugin provides 'smae' among the criteria; did you mean 'same'?"),
        ("criteria", "zzzzzz", "known are breaks, exits, interrupts"),
        ("matchers", "same", "no plugin provides 'same' among the matchers; there are none"),
    ],
)
def test_an_unknown_name_is_not_found(slot: str, name: str, sentence: str) -> None:
    for ask in (REGISTRY.get, REGISTRY.provider):
        with pytest.raises(NotFound) as caught:
            ask(slot, name)
        assert sentence in str(caught.value)


def test_binding_fills_the_settings() -> None:
    use = Use("same", {"attribute": "site", "among": ["a", "b"]}, weight=3)
    assert REGISTRY.bind("criteria", use, "x") == Same("site", 0, ("a", "b"))
    assert REGISTRY.bind("criteria", Choice("none"), "x") == NoSettings()


@given(st.text(max_size=5).filter(lambda text: "\x00" not in text), st.integers(0, 1))
def test_bindings_of_one_kind_are_apart(word: str, missing: int) -> None:
    bound = REGISTRY.bind("criteria", Choice("same", {"attribute": word, "missing": missing}), "x")
    assert bound == Same(word, missing)


@pytest.mark.parametrize(
    ("choice", "where", "sentence"),
    [
        (Choice("smae"), ["kind"], "did you mean 'same'?"),
        (Choice("same"), ["attribute"], "is missing"),
        (Choice("same", {"attribute": 3}), ["attribute"], "must be text, not 3"),
        (Choice("same", {"attribute": "a", "among": ["a", 1]}), ["among[1]"], "must be text"),
        (Choice("same", {"attribute": "a", "missing": 7}), ["missing"], "must be in (0, 1)"),
        (Choice("same", {"atribute": 1}), ["atribute", "attribute"], ""),
        (Choice("none", {"a b": 1}), ['"a b"'], "nobody reads this key"),
        (Use("none", {"wieght": 3}), ["wieght"], "did you mean 'weight'?"),
        (Use("none", {"wishof": "left"}), ["wishof"], "did you mean 'wish_of'?"),
        (Choice("refuses", {"attribute": "a"}), ["among[0]"], "must be known"),
    ],
)
def test_a_wrong_choice_carries_its_path(choice: Choice, where: list[str], sentence: str) -> None:
    found = faults(choice)
    assert [fault.path for fault in found] == [f"criteria.profession.{path}" for path in where]
    assert all(sentence in fault.sentence for fault in found), found
    assert [fault.path for fault in faults(choice, "")] == where


def test_a_fault_of_the_whole_lies_at_the_choice() -> None:
    (fault,) = faults(Choice("refuses-all", {"attribute": "a"}))
    assert str(fault) == "criteria.profession: must be otherwise"


@pytest.mark.parametrize("name", ["breaks", "exits"])
def test_a_bind_that_breaks_names_plugin_and_object(name: str) -> None:
    with pytest.raises(PluginFailed) as caught:
        REGISTRY.bind("criteria", Choice(name, {"attribute": "a"}), "criteria.x")
    assert str(caught.value).startswith(f"criteria.x: {name!r} of plugin club (acme) raised ")
    assert caught.value.__cause__ is not None


def test_settings_that_cannot_be_read_are_the_plugins_fault() -> None:
    with pytest.raises(PluginFailed, match=r"'later' of plugin club \(acme\) raised NameError"):
        REGISTRY.bind("criteria", Choice("later", {"unknown": 1}), "criteria.x")


def test_an_interrupt_passes() -> None:
    with pytest.raises(KeyboardInterrupt):
        REGISTRY.bind("criteria", Choice("interrupts", {"attribute": "a"}), "criteria.x")


def test_a_name_claimed_twice_cannot_be_bound_and_says_where() -> None:
    both = Registry(
        (
            Plugin(name="a", distribution="acme", kinds=(("criteria", kind("same", Same)),)),
            Plugin(name="z", distribution="zeta", kinds=(("criteria", kind("same", NoSettings)),)),
        )
    )
    with pytest.raises(Conflict, match=r"'same' is claimed by a \(acme\) and z \(zeta\)"):
        both.get("criteria", "same")
    with pytest.raises(Invalid, match=r"criteria\.x\.kind: 'same' is claimed by"):
        both.bind("criteria", Choice("same"), "criteria.x")
    assert both.names("criteria") == ("same",)


def test_the_built_in_plugins_load_and_agree() -> None:
    registry = installed()
    assert installed() is registry
    own = [plugin for plugin in registry.plugins if plugin.distribution == "mentorkit"]
    assert own
    assert {plugin.status for plugin in own} == {"loaded"}
    assert all(
        plugin.distribution != "mentorkit"
        for plugins in registry.conflicts().values()
        for plugin in plugins
    )
