"""The contract of a whole plugin: a module, or a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from mentorkit.errors import Invalid
from mentorkit.models import Verdict
from mentorkit.plugin_loading import GROUP, Plugin
from mentorkit.registry import Registry, load
from mentorkit.testing.contracts.check import Subject, expect
from mentorkit.testing.contracts.kinds import SORTS
from mentorkit.testing.contracts.pasts import fixed_histories, listed

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

    def bound(self) -> Iterator[tuple[str, Any, Any]]:
        """The slot and the object of each kind; those that need settings and have none are
        left out."""
        plugin, _ = self.loaded()
        for slot, kind in plugin.kinds:
            try:
                yield slot, kind, Subject(kind=kind, data=self.data.get(kind.name, {})).bound()
            except Invalid:
                continue


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


def its_kinds_fit_their_hooks(whole: Whole) -> None:
    """Each kind binds to what its hook contributes; only awards award, and do nothing else."""
    for slot, kind, bound in whole.bound():
        found = f"{kind.name!r} among the {slot} binds to a {type(bound).__name__}"
        expect(isinstance(bound, SORTS[slot]), f"{found}, which does not do what its hook says")
        if slot not in ("signals", "awards"):
            continue
        for history in fixed_histories():
            for verdict in listed(bound.judge(history), Verdict, "judge"):
                fits = (verdict.effect == "award") == (slot == "awards")
                expect(fits, f"{kind.name!r} is among the {slot}; its effect is {verdict.effect}")


_ASKED = frozenset(SORTS) - {"formats", "rosters", "subscribers"}


def fresh_processes_agree(whole: Whole) -> None:
    """Processes that hash text differently get the same points, pairs, asks and verdicts."""
    plugin, _ = whole.loaded()
    if not _ASKED & {slot for slot, _ in plugin.kinds}:
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


PLUGIN = (it_loads, its_names_are_free, its_kinds_fit_their_hooks, fresh_processes_agree)
