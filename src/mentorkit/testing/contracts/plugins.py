"""The contract of a whole plugin: a module, or a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from mentorkit.plugin_loading import GROUP, Plugin
from mentorkit.registry import Registry, load
from mentorkit.testing.contracts.check import expect

Source = ModuleType | Path | str


@attrs.frozen
class Whole:
    """A plugin under test; `data` are settings for its kinds, by their names."""

    source: Source
    data: Mapping[str, Mapping[str, Any]]

    @property
    def place(self) -> str:
        """Its file, or the module that an entry point names."""
        if not isinstance(self.source, ModuleType):
            return str(self.source)
        name = self.source.__name__
        if any(entry.value == name for entry in entry_points(group=GROUP)):
            return name
        return str(self.source.__file__)

    def loaded(self) -> tuple[Plugin, Registry]:
        """What the loader makes of it, beside all that is installed."""
        for entry in entry_points(group=GROUP):
            if entry.value == self.place and entry.dist is not None:
                registry, home = load(), (entry.dist.name, entry.name)
                break
        else:
            file = Path(self.place)
            registry, home = load(files=[file]), (file.name, file.stem)
        found = {(plugin.distribution, plugin.name): plugin for plugin in registry.plugins}
        return found[home], registry


def it_loads(whole: Whole) -> None:
    """The loader takes it: marked hooks without arguments that return lists of Kinds."""
    plugin, _ = whole.loaded()
    expect(plugin.status == "loaded", f"{plugin.name} did not load: {plugin.reason}")


def its_names_are_free(whole: Whole) -> None:
    """None of its kinds has a name that another plugin has taken."""
    plugin, registry = whole.loaded()
    for (slot, name), others in registry.conflicts().items():
        names = ", ".join(other.name for other in others)
        expect(plugin not in others, f"{name!r} among the {slot} is claimed by {names}")


def fresh_processes_agree(whole: Whole) -> None:
    """Processes that hash text differently get the same points, bans and pairs."""
    plugin, _ = whole.loaded()
    if not {slot for slot, _ in plugin.kinds} & {"criteria", "matchers"}:
        return
    order = json.dumps([whole.place, {name: dict(held) for name, held in whole.data.items()}])
    processes = [_begun(seed) for seed in ("1", "2")]
    one, other = (_ended(process, order) for process in processes)
    for kind in one:
        expect(
            one[kind] == other[kind],
            f"{kind} answers differ between processes, which hash text differently: does it use"
            " hash(), or the order of a set?",
        )


def _begun(seed: str) -> subprocess.Popen[str]:
    """Another process, which waits to be told whom to ask."""
    return subprocess.Popen(
        [sys.executable, "-m", "mentorkit.testing.contracts.fresh"],
        env={**os.environ, "PYTHONHASHSEED": seed},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _ended(process: subprocess.Popen[str], order: str) -> dict[str, Any]:
    """What it says."""
    answer, error = process.communicate(order)
    expect(process.returncode == 0, f"in a fresh process: {error.strip().splitlines()[-1:]}")
    found: dict[str, Any] = json.loads(answer)
    return found


PLUGIN = (it_loads, its_names_are_free, fresh_processes_agree)
