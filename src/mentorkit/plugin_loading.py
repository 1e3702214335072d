"""Finds plugins, skips, isolates and records them.

A plugin is an entry point of the group `mentorkit`, or a local Python file. Each loads
inside its own try: one that fails is recorded with its reason, and the rest go on.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path
from typing import Any, Literal

import attrs
import pluggy

from mentorkit import hookspecs
from mentorkit.errors import PluginFailed
from mentorkit.kinds import FunctionKind, MadeKind
from mentorkit.models import Use
from mentorkit.models.plain import sorted_unique

GROUP = "mentorkit"
RESERVED = frozenset(field.name for field in attrs.fields(Use)) - {"settings"}
Status = Literal["loaded", "disabled", "not allowed", "failed"]


@attrs.frozen(kw_only=True)
class Plugin:
    """What became of one plugin: where it comes from, what it contributes, or why not.

    `kinds` holds (slot, kind) pairs, a slot being "criteria", "matchers" and so on.
    A local plugin's `distribution` is its file's name and its `version` the digest of what
    is in it.
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
    refused = _canonical(sorted_unique(disabled))
    welcome = None if allowed is None else _canonical(sorted_unique(allowed))
    paths = {Path(file).absolute(): Path(file) for file in files}
    found: list[tuple[Plugin, EntryPoint | Path]] = [*_installed()]
    found += [(_local(file), place) for place, file in paths.items()]
    found.sort(key=lambda item: (item[0].distribution, item[0].name))
    plugins: list[Plugin] = []
    modules: list[object] = []
    for plugin, source in found:
        names = _canonical((plugin.name, plugin.distribution))
        if names & refused:
            plugin = attrs.evolve(plugin, status="disabled", reason="disabled by name")
        elif welcome is not None and not isinstance(source, Path) and not names & welcome:
            plugin = attrs.evolve(plugin, status="not allowed", reason="not on the allow-list")
        else:
            plugin = _loaded(plugin, source, modules, strict)
        plugins.append(plugin)
    return tuple(plugins)


def _canonical(names: Iterable[str]) -> set[str]:
    """Names as package indexes compare them: Acme_Mentoring is acme-mentoring."""
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def _installed() -> Iterator[tuple[Plugin, EntryPoint]]:
    """The entry points of every distribution, each once, as its first place on the path has it."""
    seen: set[str] = set()
    for distribution in distributions():
        entries = _entries(distribution)
        if not entries:
            continue
        name, version = _named(distribution)
        if name not in seen:
            seen.add(name)
            for entry in entries:
                yield Plugin(name=entry.name, distribution=name, version=version), entry


def _named(distribution: Distribution) -> tuple[str, str]:
    """Its name and version; what a removal by hand left behind may lack them."""
    try:
        held = distribution.metadata
    except Exception:
        # The importlib-metadata backport, where something has loaded it, raises here.
        return "unknown", ""
    return held.get_all("Name", ["unknown"])[0], held.get_all("Version", [""])[0]


def _entries(distribution: Distribution) -> tuple[EntryPoint, ...]:
    """A distribution's own; a list that cannot be read is passed over, and hides no other."""
    try:
        return tuple(distribution.entry_points.select(group=GROUP))
    except Exception:
        return ()


def _local(file: Path) -> Plugin:
    """What stands for a version is the content's digest, so that a record tells two apart."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""
    return Plugin(name=file.stem, distribution=file.name, version=digest)


def _loaded(
    plugin: Plugin, source: EntryPoint | Path, modules: list[object], strict: bool
) -> Plugin:
    """The plugin with its kinds, or with the reason why not; `modules` gains its module."""
    before = list(sys.path)
    try:
        module = _import_file(source) if isinstance(source, Path) else source.load()
        if any(module is other for other in modules):
            raise PluginFailed("it is already loaded under another name")
        modules.append(module)
        return attrs.evolve(plugin, kinds=_contributions(module))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        reason = _said(error)
        if strict:
            raise PluginFailed(f"plugin {plugin.name} ({plugin.distribution}): {reason}") from error
        return attrs.evolve(plugin, status="failed", reason=reason)
    finally:
        # No plugin may hide or shadow what the next ones import.
        sys.path[:] = before + [place for place in sys.path if place not in before]


def _said(error: BaseException) -> str:
    """What an error says, even if it is one that cannot say it."""
    try:
        words = str(error)
    except Exception:
        words = "an error without words"
    return words if type(error) is PluginFailed else f"{type(error).__name__}: {words}"


def _import_file(file: Path) -> object:
    if not file.is_file():
        raise PluginFailed(f"{file} is {'a folder' if file.is_dir() else 'not there'}")
    # Two files of one name are two modules.
    place = hashlib.sha256(str(file).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    name = f"mentorkit_local_{file.stem}_{place}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise PluginFailed(f"{file} is not a Python file; a local plugin ends in .py")
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    # attrs and dataclasses look their module up while its classes are being made.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        if before is not None:
            sys.modules[name] = before
        raise
    return module


def _contributions(module: Any) -> tuple[tuple[str, Any], ...]:
    """The (slot, kind) pairs of a module, in a manager of its own: no plugin sees another."""
    if isinstance(module, MadeKind):
        raise PluginFailed(f"its entry point names the kind {module.name!r}; name the module")
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(module)
    _check_marks(manager, module)
    kinds = [
        (slot, _checked(kind, hook))
        for hook, slot in hookspecs.HOOKS.items()
        for kind in _asked(getattr(manager.hook, hook), hook)
    ]
    if not manager.hook.mentorkit_criteria.get_hookimpls():
        kinds += [("criteria", _checked(kind, "@criterion")) for kind in _functions(module)]
    if not kinds:
        raise PluginFailed("it contributes nothing: no hook implementation, no criterion")
    names = [(slot, kind.name) for slot, kind in kinds]
    for slot, name in names:
        if names.count((slot, name)) > 1:
            raise PluginFailed(f"it has two {slot} named {name!r}")
    return tuple(kinds)


def _functions(module: Any) -> Iterator[FunctionKind]:
    """The criteria that a module makes of its own functions; not those that it imports."""
    held = {id(kind): kind for kind in getattr(module, "__dict__", {}).values()}
    for kind in held.values():
        if isinstance(kind, FunctionKind) and kind.home == module.__name__:
            yield kind


def _check_marks(manager: pluggy.PluginManager, module: Any) -> None:
    """Refuse what pluggy would pass: no mark, an unknown name, a wrapper, an argument."""
    callers = manager.get_hookcallers(module) or []
    functions = {impl.function for caller in callers for impl in caller.get_hookimpls()}
    for name in dir(module):
        held = getattr(module, name) if name.startswith("mentorkit_") else None
        if inspect.isroutine(held) and held not in functions:
            raise PluginFailed(f"{name}{_meant(name)} lacks the mark @mentorkit.hookimpl")
    for caller in callers:
        if caller.name not in hookspecs.HOOKS:
            raise PluginFailed(f"there is no hook {caller.name}{_meant(caller.name)}")
        for impl in caller.get_hookimpls():
            parameters = inspect.signature(impl.function).parameters
            if parameters:
                raise PluginFailed(
                    f"{caller.name} takes {', '.join(parameters)}; hooks take no arguments, and"
                    " a default would hide that nobody passes one"
                )
            if impl.wrapper or impl.hookwrapper:
                raise PluginFailed(f"{caller.name} is marked as a wrapper; hooks are not wrapped")


def _meant(name: str) -> str:
    near = difflib.get_close_matches(name, hookspecs.HOOKS, 1)
    return f" (did you mean {near[0]}?)" if near and near[0] != name else ""


def _asked(caller: pluggy.HookCaller, hook: str) -> list[Any]:
    try:
        answers = caller()
    except (Exception, SystemExit) as error:
        raise PluginFailed(f"{hook} raised {_said(error)}") from error
    if len(answers) < len(caller.get_hookimpls()):
        raise PluginFailed(f"{hook} returned nothing; it returns a list of Kinds")
    kinds: list[Any] = []
    for answer in answers:
        if isinstance(answer, MadeKind):
            name = f"the kind {answer.name!r} alone"
            raise PluginFailed(f"{hook} returned {name}; it returns a list of Kinds")
        if isinstance(answer, str) or not isinstance(answer, Iterable):
            raise PluginFailed(f"{hook} returned {answer!r}; it returns a list of Kinds")
        try:
            kinds += answer
        except (Exception, SystemExit) as error:
            raise PluginFailed(f"{hook} raised {_said(error)}") from error
    return kinds


def _checked(kind: Any, hook: str) -> Any:
    name = getattr(kind, "name", None)
    if not isinstance(name, str) or not name or name != name.strip() or not name.isprintable():
        raise PluginFailed(f"{hook} gave {kind!r}, which has no proper name; it returns Kinds")
    settings = getattr(kind, "settings", None)
    if not isinstance(settings, type) or not attrs.has(settings):
        raise PluginFailed(f"{hook}: settings of {name!r} must be an attrs class")
    clash = RESERVED & {field.name for field in attrs.fields(settings)}
    if clash:
        raise PluginFailed(
            f"{hook}: {name!r} has a setting {min(clash)!r}, a name that every use has already"
        )
    if not callable(getattr(kind, "bind", None)):
        raise PluginFailed(f"{hook}: {name!r} has no bind(settings)")
    return kind
