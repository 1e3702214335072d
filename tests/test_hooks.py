"""Each hook is specified, documented and shown by an example that runs."""

import inspect
import sys
import textwrap
from pathlib import Path

import pluggy
import pytest

from mentorkit import hookspecs
from mentorkit.hookspecs import HOOKS
from mentorkit.plugin_loading import load_plugins
from mentorkit.testing import checks

every_hook = pytest.mark.parametrize("hook", HOOKS)


def example(hook: str) -> str:
    """The literal blocks of the hook's docstring, one after the other."""
    blocks, block = [], False
    for line in inspect.cleandoc(getattr(hookspecs, hook).__doc__).splitlines():
        if line and not line.startswith(" "):
            block = line.endswith("::")
        elif block:
            blocks.append(line)
    return textwrap.dedent("\n".join(blocks))


def test_there_are_at_most_twelve_hooks() -> None:
    assert 1 <= len(HOOKS) <= 12
    assert len(set(HOOKS.values())) == len(HOOKS)


def test_the_table_of_hooks_holds_the_specs_and_nothing_else() -> None:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    assert set(vars(manager.hook)) >= set(HOOKS)
    marked = {name for name, held in vars(hookspecs).items() if hasattr(held, "mentorkit_spec")}
    assert marked == set(HOOKS)


@every_hook
def test_every_hook_is_specified_and_takes_nothing(hook: str) -> None:
    spec = getattr(hookspecs, hook)
    slot = HOOKS[hook]
    assert hook == f"mentorkit_{slot}"
    assert not inspect.signature(spec).parameters
    assert "Kind" in str(inspect.signature(spec).return_annotation)
    assert len(inspect.getdoc(spec) or "") > 100
    options = spec.mentorkit_spec
    assert not options["firstresult"]
    assert not options["historic"]


@every_hook
def test_every_hooks_example_runs_and_contributes(hook: str, tmp_path: Path) -> None:
    source = example(hook)
    assert f"def {hook}():" in source
    assert "import mentorkit" in source
    file = tmp_path / "shown.py"
    file.write_text(source, encoding="utf-8")
    before = set(sys.modules)
    (plugin,) = (held for held in load_plugins(files=[file], allowed=[]) if held.name == "shown")
    assert plugin.status == "loaded", plugin.reason
    slots = [slot for slot, _ in plugin.kinds]
    assert slots == [HOOKS[hook]]
    for name in set(sys.modules) - before:
        if name.startswith("mentorkit_local_"):
            del sys.modules[name]


@pytest.mark.once
@every_hook
def test_every_hooks_example_keeps_its_contract(hook: str, tmp_path: Path) -> None:
    file, sample = tmp_path / "shown.py", tmp_path / "people.names"
    file.write_text(example(hook), encoding="utf-8")
    sample.write_text("Ann\nBo\n", encoding="utf-8")
    (plugin,) = (held for held in load_plugins(files=[file], allowed=[]) if held.name == "shown")
    ((slot, kind),) = plugin.kinds
    settings = {"path": str(sample)} if slot == "rosters" else {}
    made = checks(kind, settings)
    assert "it_binds_to_something_known" not in {check.name for check in made}
    for check in (*made, *checks(file)):
        check()


@every_hook
def test_a_spec_is_never_run(hook: str) -> None:
    with pytest.raises(NotImplementedError):
        getattr(hookspecs, hook)()
