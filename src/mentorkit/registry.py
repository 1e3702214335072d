"""Named kinds, who provided them, and binding them to settings."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.errors import Conflict, Fault, Invalid, NotFound, PluginFailed, below
from mentorkit.models import Choice
from mentorkit.plugin_loading import Plugin, load_plugins


@attrs.frozen
class Registry:
    """The kinds of the loaded plugins, by slot ("criteria", "matchers"…) and name."""

    plugins: tuple[Plugin, ...]

    def names(self, slot: str) -> tuple[str, ...]:
        """The names of all kinds in a slot, in order."""
        return tuple(sorted({kind.name for kind, _ in self._provided(slot)}))

    def get(self, slot: str, name: str) -> Any:
        """The kind of that name. NotFound without one, Conflict where two plugins claim it."""
        return self._claim(slot, name)[0]

    def provider(self, slot: str, name: str) -> Plugin:
        """The plugin that contributed a kind."""
        return self._claim(slot, name)[1]

    def bind(self, slot: str, choice: Choice, path: str) -> Any:
        """The object that does the work. `path` names the choice's place in any error.

        Invalid where the kind is unknown or its settings are wrong, PluginFailed where
        the plugin breaks.
        """
        try:
            kind, plugin = self._claim(slot, choice.kind)
        except (NotFound, Conflict) as error:
            raise Invalid(below(path, "kind"), str(error)) from None
        _check_misspelt(kind, choice, path)
        try:
            settings = codec.structure(kind.settings, codec.unstructure(choice.settings))
            return kind.bind(settings)
        except Invalid as error:
            raise Invalid(faults=[fault.within(path) for fault in error.faults]) from None
        except (Exception, SystemExit) as error:
            raise PluginFailed(
                f"{path}: {choice.kind!r} of plugin {plugin.name} ({plugin.distribution}) raised"
                f" {type(error).__name__} when bound: {error}"
            ) from error

    def conflicts(self) -> dict[tuple[str, str], tuple[Plugin, ...]]:
        """The names that more than one plugin claims, by slot and name."""
        claims: dict[tuple[str, str], tuple[Plugin, ...]] = {}
        for plugin in self.plugins:
            for slot, kind in plugin.kinds:
                claims[slot, kind.name] = (*claims.get((slot, kind.name), ()), plugin)
        return {place: plugins for place, plugins in claims.items() if len(plugins) > 1}

    def _provided(self, slot: str) -> Iterable[tuple[Any, Plugin]]:
        return (
            (kind, plugin)
            for plugin in self.plugins
            for place, kind in plugin.kinds
            if place == slot
        )

    def _claim(self, slot: str, name: str) -> tuple[Any, Plugin]:
        claims = [(kind, plugin) for kind, plugin in self._provided(slot) if kind.name == name]
        if not claims:
            known = self.names(slot)
            near = difflib.get_close_matches(name, known, 1, 0.7)
            listed = f"known are {', '.join(known)}" if known else "there are none"
            hint = f"did you mean {near[0]!r}?" if near else listed
            absent = [f"{held.name} ({held.status})" for held in self.plugins if not held.kinds]
            lacking = f"; not loaded: {', '.join(absent)}" if absent else ""
            raise NotFound(f"no plugin provides {name!r} among the {slot}; {hint}{lacking}")
        if len(claims) > 1:
            both = " and ".join(f"{plugin.name} ({plugin.distribution})" for _, plugin in claims)
            raise Conflict(f"{name!r} is claimed by {both}; disable one of them")
        return claims[0]


def _check_misspelt(kind: Any, choice: Choice, path: str) -> None:
    """Refuse a slip in the choice's own keys, such as wieght, which look like settings."""
    own = [field.name for field in attrs.fields(type(choice)) if field.name != "settings"]
    known = {field.name for field in attrs.fields(kind.settings)}
    faults = [
        Fault(below(path, key), f"nobody reads this key; did you mean {near[0]!r}?")
        for key in choice.settings
        if key not in known and (near := difflib.get_close_matches(key, own, 1))
        if not difflib.get_close_matches(key, known, 1)
    ]
    if faults:
        raise Invalid(faults=faults)


def load(
    *,
    files: Iterable[str | Path] = (),
    disabled: Collection[str] = (),
    allowed: Collection[str] | None = None,
    strict: bool = False,
) -> Registry:
    """The registry of the installed plugins and of local files; see `load_plugins`."""
    return Registry(load_plugins(files=files, disabled=disabled, allowed=allowed, strict=strict))


@cache
def installed() -> Registry:
    """The registry of all installed plugins, loaded on first use."""
    return load()
