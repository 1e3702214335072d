"""Finds plugins, skips, isolates and records them.

A plugin is an entry point of the group `mentorkit`, or a local Python file. Each loads
inside its own try: one that fails is recorded with its reason, and the rest go on.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Collection, Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Literal

import attrs
import pluggy

from mentorkit import hookspecs
from mentorkit.errors import PluginFailed
from mentorkit.kinds import MadeKind

GROUP = "mentorkit"
Status = Literal["loaded", "disabled", "not allowed", "failed"]


@attrs.frozen(kw_only=True)
class Plugin:
    """What became of one plugin: where it comes from, what it contributes, or why not.

    `kinds` holds (slot, kind) pairs, a slot being "criteria", "matchers" and so on.
    `distribution` is a file's path for a local plugin.
    """

    name: str
    distribution: str
    version: str = ""
    status: Status = "loaded"
    reason: str = ""
    kinds: tuple[tuple[str, Any], ...] = ()


def load_plugins(
    *,
    files: Iterable[str | Path] = (),
    disabled: Collection[str] = (),
    allowed: Collection[str] | None = None,
    strict: bool = False,
) -> tuple[Plugin, ...]:
    """Load the installed plugins and the local `files`; sorted by distribution and name.

    `disabled` and `allowed` name plugins or distributions; whoever is disabled or, with an
    allow-list, not on it, is not even imported. A local file is allowed by being named.
    With `strict`, the first failure raises PluginFailed.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    found = [_installed(entry) for entry in entry_points(group=GROUP)]
    found += [(_local(Path(file)), Path(file)) for file in files]
    found.sort(key=lambda item: (item[0].distribution, item[0].name))
    plugins = []
    for plugin, source in found:
        names = {plugin.name, plugin.distribution}
        if names & set(disabled):
            plugin = attrs.evolve(plugin, status="disabled", reason="disabled by name")
        elif allowed is not None and isinstance(source, EntryPoint) and not names & set(allowed):
            plugin = attrs.evolve(plugin, status="not allowed", reason="not on the allow-list")
        else:
            plugin = _loaded(manager, plugin, source)
        if strict and plugin.status == "failed":
            raise PluginFailed(f"plugin {plugin.name} ({plugin.distribution}): {plugin.reason}")
        plugins.append(plugin)
    return tuple(plugins)


def _installed(entry: EntryPoint) -> tuple[Plugin, EntryPoint | Path]:
    name, version = (entry.dist.name, entry.dist.version) if entry.dist else ("unknown", "")
    return Plugin(name=entry.name, distribution=name, version=version), entry


def _local(file: Path) -> Plugin:
    return Plugin(name=file.stem, distribution=str(file))


def _loaded(manager: pluggy.PluginManager, plugin: Plugin, source: EntryPoint | Path) -> Plugin:
    try:
        module = source.load() if isinstance(source, EntryPoint) else _import_file(source)
        return attrs.evolve(plugin, kinds=_contributions(manager, module, plugin))
    except (Exception, SystemExit) as error:
        words = (
            str(error) if isinstance(error, PluginFailed) else f"{type(error).__name__}: {error}"
        )
        return attrs.evolve(plugin, status="failed", reason=words)


def _import_file(file: Path) -> object:
    if not file.is_file():
        raise PluginFailed(f"there is no file {file}")
    name = f"mentorkit_local_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise PluginFailed(f"{file} is not a Python file; a local plugin ends in .py")
    module = importlib.util.module_from_spec(spec)
    # attrs and dataclasses look their module up while its classes are being made.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _contributions(
    manager: pluggy.PluginManager, module: object, plugin: Plugin
) -> tuple[tuple[str, Any], ...]:
    name = manager.register(module, f"{plugin.distribution}:{plugin.name}")
    if name is None:
        raise PluginFailed("it is already loaded under another name")
    try:
        manager.check_pending()
        _check_marks(manager, module)
        kinds = [
            (slot, _checked(kind, hook))
            for hook, slot in hookspecs.HOOKS.items()
            for kind in _asked(manager, module, hook)
        ]
    except BaseException:
        manager.unregister(module)
        raise
    if not manager.get_hookcallers(module):
        kinds = [("criteria", held) for held in vars(module).values() if isinstance(held, MadeKind)]
    if not kinds:
        raise PluginFailed("it contributes nothing: no hook implementation, no criterion")
    return tuple(kinds)


def _check_marks(manager: pluggy.PluginManager, module: object) -> None:
    """Refuse what pluggy would pass silently: a forgotten mark, an argument of its own."""
    marked = {caller.name for caller in manager.get_hookcallers(module) or ()}
    for name in dir(module):
        if (
            name.startswith("mentorkit_")
            and name not in marked
            and inspect.isfunction(getattr(module, name))
        ):
            raise PluginFailed(f"{name} lacks the mark @mentorkit.hookimpl")
    for name in sorted(marked):
        parameters = inspect.signature(getattr(module, name)).parameters
        if parameters:
            raise PluginFailed(
                f"{name} takes {', '.join(parameters)}; hooks take no arguments, and a default"
                " would hide that nobody passes one"
            )


def _asked(manager: pluggy.PluginManager, module: object, hook: str) -> list[Any]:
    others = [other for other in manager.get_plugins() if other is not module]
    try:
        answers = manager.subset_hook_caller(hook, others)()
        return [kind for answer in answers for kind in answer]
    except (Exception, SystemExit) as error:
        raise PluginFailed(f"{hook} raised {type(error).__name__}: {error}") from error


def _checked(kind: Any, hook: str) -> Any:
    name = getattr(kind, "name", None)
    if not isinstance(name, str) or not name:
        raise PluginFailed(f"{hook} returned {kind!r}, which has no name; it returns Kinds")
    settings = getattr(kind, "settings", None)
    if not isinstance(settings, type) or not attrs.has(settings):
        raise PluginFailed(f"{hook}: settings of {name!r} must be an attrs class")
    clash = {"kind", "between", "weight", "wish_of"} & {f.name for f in attrs.fields(settings)}
    if clash:
        raise PluginFailed(
            f"{hook}: {name!r} has a setting {min(clash)!r}, a name that every use has already"
        )
    if not callable(getattr(kind, "bind", None)):
        raise PluginFailed(f"{hook}: {name!r} has no bind(settings)")
    return kind
