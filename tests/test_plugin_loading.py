"""Plugins as strangers write them: each loads alone, and what breaks is named and set apart.

Distributions are made by hand on disk, as an installer would leave them.
"""

import importlib
import importlib.metadata
import itertools
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from mentorkit import plugin_loading
from mentorkit.errors import Conflict, Invalid, PluginFailed
from mentorkit.hookspecs import HOOKS
from mentorkit.models import Choice
from mentorkit.plugin_loading import Plugin, load_plugins
from mentorkit.registry import Registry, load

Install = Callable[..., None]

GOOD = """
    import mentorkit

    @mentorkit.hookimpl
    def mentorkit_criteria():
        return [mentorkit.kind("{name}", mentorkit.NoSettings)]
"""


def good(name: str) -> str:
    return GOOD.format(name=name)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Leaves distributions on the path: install("acme-x", entries, module=source, …)."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)

    def write(distribution: str, entries: str | dict[str, str], **modules: str) -> None:
        folder = tmp_path / f"site-{distribution}"
        info = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
        )
        if isinstance(entries, dict):
            entries = "".join(f"{name} = {target}\n" for name, target in entries.items())
        (info / "entry_points.txt").write_text(f"[mentorkit]\n{entries}")
        for name, source in modules.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()

    yield write
    forget(tmp_path)
    importlib.invalidate_caches()


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Writes local plugins: local("folder/name.py", source)."""

    def write(name: str, source: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        return file

    yield write
    forget(tmp_path)


def forget(folder: Path) -> None:
    """Unloads the modules that were loaded from a folder."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(folder)):
            del sys.modules[name]


def strangers(plugins: tuple[Plugin, ...]) -> dict[str, Plugin]:
    """The plugins that are not built in, by name; the built-in ones must be unharmed."""
    own = [plugin for plugin in plugins if plugin.distribution == "mentorkit"]
    assert own
    assert {plugin.status for plugin in own} <= {"loaded", "not allowed"}, own
    return {plugin.name: plugin for plugin in plugins if plugin.distribution != "mentorkit"}


def only(plugins: tuple[Plugin, ...]) -> Plugin:
    (plugin,) = strangers(plugins).values()
    return plugin


def names(plugin: Plugin) -> list[tuple[str, str]]:
    return [(slot, kind.name) for slot, kind in plugin.kinds]


# --- what loads


def test_an_installed_plugin_loads(install: Install) -> None:
    install("acme-mentoring", {"club": "acme_club"}, acme_club=good("same-club"))
    plugin = only(load_plugins())
    assert (plugin.name, plugin.distribution, plugin.version) == ("club", "acme-mentoring", "1.0")
    assert (plugin.status, plugin.reason) == ("loaded", "")
    assert names(plugin) == [("criteria", "same-club")]


def test_an_entry_point_may_be_an_object(install: Install) -> None:
    source = """
        import mentorkit

        class Acme:
            @mentorkit.hookimpl
            def mentorkit_criteria(self):
                return (mentorkit.kind(name, mentorkit.NoSettings) for name in ("one", "two"))

        acme = Acme()
    """
    install("acme", {"club": "acme_club:acme"}, acme_club=source)
    assert names(only(load_plugins())) == [("criteria", "one"), ("criteria", "two")]


def test_an_entry_point_may_be_of_a_backports_class(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package importlib-metadata, once imported, finds distributions by classes of its own."""

    class Entry:
        def __init__(self, held: EntryPoint) -> None:
            self.name, self.load = held.name, held.load

    entries = plugin_loading._entries
    monkeypatch.setattr(plugin_loading, "_entries", lambda held: list(map(Entry, entries(held))))
    install("acme", {"club": "acme_club"}, acme_club=good("same-club"))
    assert names(only(load_plugins())) == [("criteria", "same-club")]
    assert only(load_plugins(allowed=["other"])).status == "not allowed"


def test_a_hook_may_go_by_another_functions_name(install: Install) -> None:
    source = """
        import mentorkit

        @mentorkit.hookimpl(specname="mentorkit_criteria")
        def ours():
            return [mentorkit.kind("one", mentorkit.NoSettings)]
    """
    install("acme", {"club": "acme_club"}, acme_club=source)
    assert names(only(load_plugins())) == [("criteria", "one")]


CLUB = """
    import mentorkit

    @mentorkit.criterion("same-club")
    def same_club(mentee, mentor):
        return mentee.value("club") == mentor.value("club")
"""


def test_a_file_with_one_function_is_a_plugin(local: Callable[[str, str], Path]) -> None:
    file = local("club.py", CLUB)
    plugin = only(load_plugins(files=[file]))
    assert (plugin.name, plugin.distribution, plugin.status) == ("club", file.name, "loaded")
    assert names(plugin) == [("criteria", "same-club")]


def test_a_criterion_counts_once_whatever_it_is_called(local: Callable[[str, str], Path]) -> None:
    file = local("club.py", CLUB + "\n    alias = same_club\n")
    assert names(only(load_plugins(files=[file]))) == [("criteria", "same-club")]


def test_a_criterion_counts_beside_another_hook(local: Callable[[str, str], Path]) -> None:
    matchers = """
    @mentorkit.hookimpl
    def mentorkit_matchers():
        return [mentorkit.kind("nobody", mentorkit.NoSettings)]
    """
    plugin = only(load_plugins(files=[local("club.py", CLUB + matchers)]))
    assert names(plugin) == [("matchers", "nobody"), ("criteria", "same-club")]


def test_the_hook_has_the_say_over_the_modules_criteria(local: Callable[[str, str], Path]) -> None:
    hook = """
    @mentorkit.hookimpl
    def mentorkit_criteria():
        return []
    """
    plugin = only(load_plugins(files=[local("club.py", CLUB + hook)]))
    assert plugin.reason == "it contributes nothing: no hook implementation, no criterion"


def test_a_borrowed_criterion_is_not_contributed_again(
    local: Callable[[str, str], Path], install: Install
) -> None:
    install("acme", {"club": "acme_club"}, acme_club=CLUB)
    both = local(
        "own.py",
        "from acme_club import same_club\n" + textwrap.dedent(CLUB).replace("same-", "own-"),
    )
    none = local("borrowed.py", "from acme_club import same_club\n")
    plugins = strangers(load_plugins(files=[both, none]))
    assert names(plugins["club"]) == [("criteria", "same-club")]
    assert names(plugins["own"]) == [("criteria", "own-club")]
    assert "contributes nothing" in plugins["borrowed"].reason


def test_a_kind_that_no_hook_returns_is_no_criterion(local: Callable[[str, str], Path]) -> None:
    file = local("x.py", "import mentorkit\nnobody = mentorkit.kind('n', mentorkit.NoSettings)\n")
    assert "contributes nothing" in only(load_plugins(files=[file])).reason


def test_two_files_of_one_name_stay_apart(local: Callable[[str, str], Path]) -> None:
    source = """
        from __future__ import annotations
        import attrs, mentorkit

        {unit} = {cls}

        @attrs.frozen
        class Settings:
            size: {unit} = {default}

        @mentorkit.criterion("{unit}-size", settings=Settings)
        def fit(mentee, mentor, settings):
            return 1.0
    """
    one = local("a/size.py", source.format(unit="Inch", cls="int", default=1))
    two = local("b/size.py", source.format(unit="Metre", cls="str", default="'1'"))
    registry = Registry(load_plugins(files=[one, two]))
    registry.bind("criteria", Choice("Inch-size", {"size": 3}), "criteria.a")
    registry.bind("criteria", Choice("Metre-size", {"size": "3"}), "criteria.b")
    with pytest.raises(Invalid, match=r"criteria\.b\.size: must be text, not 3"):
        registry.bind("criteria", Choice("Metre-size", {"size": 3}), "criteria.b")


def test_a_file_named_twice_loads_once(
    local: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = local("club.py", CLUB)
    monkeypatch.chdir(file.parent)
    assert names(only(load_plugins(files=[file, Path("club.py"), str(file)])))


# --- what breaks, and how it is told

BROKEN = {
    "absent-module": (None, "ModuleNotFoundError: No module named 'acme_broken'"),
    "import-error": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_mod"),
    "syntax-error": ("def broken(:", "SyntaxError: "),
    "exits": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "raises-at-import": ("1 / 0", "ZeroDivisionError: division by zero"),
    "stops": ("class Stop(BaseException): pass\nraise Stop('enough')", "Stop: enough"),
    "speechless": (
        "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute",
        "Mute: an error without words",
    ),
    "unimports-itself": ("import sys; del sys.modules[__name__]", "Error: "),
    "empty": ("", "it contributes nothing: no hook implementation, no criterion"),
    "unmarked": ("def mentorkit_criteria(): return []", "mentorkit_criteria lacks the mark @ment"),
    "misspelt-unmarked": (
        "def mentorkit_critera(): return []",
        "mentorkit_critera (did you mean mentorkit_criteria?) lacks the mark",
    ),
    "misspelt": (
        "@hookimpl\ndef mentorkit_critera(): return []",
        "there is no hook mentorkit_critera (did you mean mentorkit_criteria?)",
    ),
    "misspelt-optional": (
        "@hookimpl(optionalhook=True)\ndef mentorkit_critera(): return []",
        "there is no hook mentorkit_critera (did you mean mentorkit_criteria?)",
    ),
    "argument": (
        "@hookimpl\ndef mentorkit_criteria(config): return []",
        "mentorkit_criteria",
    ),
    "argument-with-default": (
        "@hookimpl\ndef mentorkit_criteria(config=None): return []",
        "mentorkit_criteria takes config; hooks take no arguments",
    ),
    "star": ("@hookimpl\ndef mentorkit_criteria(*rest): return []", "takes rest; hooks take no"),
    "wrapper": (
        "@hookimpl(wrapper=True)\ndef mentorkit_criteria():\n    yield\n    return [good]",
        "mentorkit_criteria is marked as a wrapper",
    ),
    "twice": (
        "@hookimpl\ndef mentorkit_criteria(): return [good, mentorkit.kind('good', NoSettings)]",
        "it has two criteria named 'good'",
    ),
    "class-not-object": (
        "class Acme:\n    @hookimpl\n    def mentorkit_criteria(self): return [good]\n"
        "import sys; Acme.__file__ = __file__; sys.modules[__name__] = Acme",
        "mentorkit_criteria",
    ),
}
HEAD = """
import attrs
import mentorkit
from mentorkit import NoSettings, hookimpl
good = mentorkit.kind("good", NoSettings)
"""
ANSWERS = {
    "nothing": ("pass", "{hook} returned nothing; it returns a list of Kinds"),
    "a-number": ("return 3", "{hook} returned 3; it returns a list of Kinds"),
    "a-kind": ("return good", "it returns a list of Kinds"),
    "text": ("return 'good'", "{hook} returned 'good'; it returns a list of Kinds"),
    "raises": ("return 1 / 0", "{hook} raised ZeroDivisionError: division by zero"),
    "exits": ("raise SystemExit(3)", "{hook} raised SystemExit: 3"),
    "halfway": ("yield good\n    1 / 0", "{hook} raised ZeroDivisionError: division by zero"),
    "halfway-exits": ("yield good\n    raise SystemExit", "{hook} raised SystemExit: "),
    "no-kind": ("return [good, None]", "{hook} gave None, which has no proper name"),
    "blank": ("return [mentorkit.kind('', NoSettings)]", "which has no proper name"),
    "padded": ("return [mentorkit.kind(' x', NoSettings)]", "which has no proper name"),
    "lines": ("return [mentorkit.kind('x\\ny', NoSettings)]", "which has no proper name"),
    "a-number-for-name": ("return [mentorkit.kind(3, NoSettings)]", "which has no proper name"),
    "no-settings": (
        "return [mentorkit.kind('x', None)]",
        "{hook}: settings of 'x' must be an attrs class",
    ),
    "plain-settings": (
        "return [mentorkit.kind('x', dict)]",
        "{hook}: settings of 'x' must be an attrs class",
    ),
    "an-object-for-settings": (
        "return [mentorkit.kind('x', NoSettings())]",
        "{hook}: settings of 'x' must be an attrs class",
    ),
    "reserved": (
        "return [mentorkit.kind('x', attrs.make_class('S', ['weight', 'between']))]",
        "{hook}: 'x' has a setting 'between', a name that every use has already",
    ),
    "no-bind": (
        "return [mentorkit.kind('x', NoSettings, None)]",
        "{hook}: 'x' has no bind(settings)",
    ),
}


@pytest.mark.parametrize(("source", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_told_and_the_others_go_on(
    install: Install, source: str | None, reason: str
) -> None:
    modules = {} if source is None else {"acme_broken": HEAD + source}
    install("acme", {"broken": "acme_broken"}, **modules)
    install("zeta", {"fine": "zeta_fine"}, zeta_fine=good("fine"))
    plugins = strangers(load_plugins())
    assert plugins["broken"].status == "failed"
    assert plugins["broken"].kinds == ()
    assert reason in plugins["broken"].reason
    assert names(plugins["fine"]) == [("criteria", "fine")]


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(("body", "reason"), ANSWERS.values(), ids=ANSWERS)
def test_a_hook_that_breaks_or_answers_nonsense_is_told(
    install: Install, hook: str, body: str, reason: str
) -> None:
    install(
        "acme",
        {"broken": "acme_broken"},
        acme_broken=f"{HEAD}\n@hookimpl\ndef {hook}():\n    {body}\n",
    )
    install("zeta", {"fine": "zeta_fine"}, zeta_fine=good("fine"))
    plugins = strangers(load_plugins())
    assert plugins["broken"].status == "failed"
    assert reason.format(hook=hook) in plugins["broken"].reason
    assert names(plugins["fine"]) == [("criteria", "fine")]


@pytest.mark.parametrize(
    "source",
    ["raise KeyboardInterrupt", "@hookimpl\ndef mentorkit_criteria(): raise KeyboardInterrupt"],
)
def test_an_interrupt_passes(install: Install, source: str) -> None:
    install("acme", {"broken": "acme_broken"}, acme_broken=HEAD + source)
    with pytest.raises(KeyboardInterrupt):
        load_plugins()


def test_strict_raises_with_the_cause(install: Install) -> None:
    install("acme", {"broken": "acme_broken"}, acme_broken="1 / 0")
    with pytest.raises(PluginFailed, match=r"plugin broken \(acme\): ZeroDivisionError") as caught:
        load_plugins(strict=True)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("acme_club:missing", "AttributeError: module 'acme_club' has no attribute 'missing'"),
        ("acme_club:nothing", "contributes nothing"),
        ("acme_club:number", "contributes nothing"),
        ("acme_club:good", "names the kind 'good'; name the module"),
        ("acme_club:Hidden", "mentorkit_criteria takes self"),
        ("acme_club:evil", "RuntimeError: not for you"),
        ("acme club", "Error"),
        ("", "Error"),
    ],
)
def test_an_entry_point_to_something_else(install: Install, target: str, reason: str) -> None:
    source = (
        HEAD
        + """
nothing = None
number = 3

class Hidden:
    @hookimpl
    def mentorkit_criteria(self):
        return [good]

class Evil:
    @property
    def mentorkit_criteria(self):
        raise RuntimeError("not for you")

evil = Evil()
"""
    )
    install("acme", {"club": target}, acme_club=source)
    plugin = only(load_plugins())
    assert plugin.status == "failed"
    assert reason in plugin.reason


def test_two_entry_points_to_one_module_load_it_once(install: Install) -> None:
    install("acme", {"a": "acme_club", "b": "acme_club"}, acme_club=good("club"))
    plugins = strangers(load_plugins())
    assert names(plugins["a"]) == [("criteria", "club")]
    assert plugins["b"].reason == "it is already loaded under another name"


def test_one_name_for_two_entry_points_of_one_distribution(install: Install) -> None:
    install("acme", "a = acme_one\na = acme_two\n", acme_one=good("one"), acme_two=good("two"))
    loaded = [plugin for plugin in load_plugins() if plugin.distribution == "acme"]
    assert [names(plugin) for plugin in loaded] == [[("criteria", "one")], [("criteria", "two")]]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("absent.py", "absent.py is not there"),
        ("folder.py", "folder.py is a folder"),
        ("text.txt", "a local plugin ends in .py"),
        ("latin.py", "SyntaxError"),
    ],
)
def test_a_file_that_is_no_plugin(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "text.txt").write_text("import mentorkit")
    (tmp_path / "latin.py").write_bytes(b"name = '\xe9'")
    plugin = only(load_plugins(files=[tmp_path / name]))
    assert plugin.status == "failed"
    assert reason in plugin.reason


def test_a_file_that_fails_leaves_no_module(local: Callable[[str, str], Path]) -> None:
    before = set(sys.modules)
    load_plugins(files=[local("broken.py", "1 / 0")])
    assert not {name for name in set(sys.modules) - before if "broken" in name}


def test_a_file_that_fails_later_leaves_the_module_that_worked(
    local: Callable[[str, str], Path],
) -> None:
    file = local("club.py", CLUB)
    load_plugins(files=[file])
    (module,) = (
        held for held in sys.modules.values() if getattr(held, "__file__", None) == str(file)
    )
    local("club.py", "raise ValueError('a longer file, so that no stale byte code is taken')")
    assert only(load_plugins(files=[file])).status == "failed"
    assert sys.modules[module.__name__] is module


# --- careless neighbours


def test_a_plugin_that_empties_the_path_breaks_no_other(install: Install) -> None:
    install(
        "acme",
        {"a": "acme_a"},
        acme_a="import sys\nsys.path.clear()\n" + textwrap.dedent(good("a")),
    )
    install("zeta", {"z": "zeta_z"}, zeta_z=good("z"))
    before = list(sys.path)
    assert names(strangers(load_plugins())["z"]) == [("criteria", "z")]
    assert sys.path == before


def test_a_plugin_that_changes_the_path_shadows_no_other(install: Install, tmp_path: Path) -> None:
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "zeta_z.py").write_text("raise RuntimeError('shadowed')")
    (shadow / "acme_own.py").write_text("")
    change = f"import sys\nsys.path = [{str(shadow)!r}, *sys.path]\nimport acme_own\n"
    install("acme", {"a": "acme_a"}, acme_a=change + textwrap.dedent(good("a")))
    install("zeta", {"z": "zeta_z"}, zeta_z=good("z"))
    plugins = strangers(load_plugins())
    assert names(plugins["a"]) == [("criteria", "a")]
    assert names(plugins["z"]) == [("criteria", "z")]
    assert sys.path[-1] == str(shadow)


def test_a_plugin_that_changes_the_folder_breaks_no_other(
    local: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    local("a.py", "import os\nos.chdir('/')\n" + textwrap.dedent(CLUB))
    folder = local("z.py", CLUB.replace("same-", "z-")).parent
    monkeypatch.chdir(folder)
    plugins = strangers(load_plugins(files=["z.py", "a.py"]))
    assert {name: plugin.status for name, plugin in plugins.items()} == {
        "a": "loaded",
        "z": "loaded",
    }


def test_a_plugin_that_prints_breaks_nothing(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install("acme", {"a": "acme_a"}, acme_a="print('hello')\n" + textwrap.dedent(good("a")))
    assert names(only(load_plugins())) == [("criteria", "a")]
    assert "hello" in capsys.readouterr().out


@pytest.mark.parametrize("left", ["METADATA", "entry_points.txt"])
def test_what_a_removal_left_behind_breaks_no_other(
    install: Install, tmp_path: Path, left: str
) -> None:
    install("acme", {"a": "acme_a"}, acme_a=good("a"))
    install("zeta", {"z": "zeta_z"}, zeta_z=good("z"))
    (tmp_path / "site-acme" / "acme-1.0.dist-info" / left).unlink()
    importlib.invalidate_caches()
    plugins = strangers(load_plugins())
    assert names(plugins["z"]) == [("criteria", "z")]
    if "a" in plugins:
        assert plugins["a"].distribution == "unknown"


def test_a_list_of_entry_points_that_cannot_be_read_hides_no_other(install: Install) -> None:
    install("acme", "no assignment at all\n")
    install("zeta", {"z": "zeta_z"}, zeta_z=good("z"))
    assert names(strangers(load_plugins())["z"]) == [("criteria", "z")]


# --- who may load


def spoiled(install: Install, tmp_path: Path) -> Path:
    """Installs a plugin that leaves a mark when it is imported."""
    mark = tmp_path / "imported"
    install("acme-mentoring", {"club": "acme_club"}, acme_club=f"open({str(mark)!r}, 'w').close()")
    return mark


@pytest.mark.parametrize(
    "options",
    [
        {"disabled": ["club"]},
        {"disabled": {"acme-mentoring"}},
        {"disabled": ["Acme_Mentoring"]},
        {"allowed": []},
        {"allowed": ["mentorkit"]},
        {"allowed": ["club"], "disabled": ["acme-mentoring"]},
    ],
)
def test_who_may_not_load_is_never_imported(
    install: Install, tmp_path: Path, options: dict[str, list[str]]
) -> None:
    mark = spoiled(install, tmp_path)
    plugin = only(load_plugins(**options))  # type: ignore[arg-type]
    assert plugin.status == ("disabled" if "disabled" in options else "not allowed")
    assert plugin.reason
    assert not mark.exists()
    assert "acme_club" not in sys.modules


@pytest.mark.parametrize("allowed", [["club"], ["acme-mentoring"], ["ACME.mentoring"]])
def test_who_is_allowed_is_imported(install: Install, tmp_path: Path, allowed: list[str]) -> None:
    mark = spoiled(install, tmp_path)
    plugins = load_plugins(allowed=allowed)
    assert only(plugins).status == "failed"
    assert mark.exists()
    assert {plugin.status for plugin in plugins if plugin.distribution == "mentorkit"} == {
        "not allowed"
    }


def test_a_file_is_allowed_by_being_named_and_can_be_disabled(
    local: Callable[[str, str], Path],
) -> None:
    file = local("club.py", CLUB)
    assert only(load_plugins(files=[file], allowed=[])).status == "loaded"
    for name in ("club", file.name):
        assert only(load_plugins(files=[file], disabled=[name])).status == "disabled"


@pytest.mark.parametrize("option", ["disabled", "allowed"])
def test_one_name_is_not_a_list_of_letters(option: str) -> None:
    with pytest.raises(TypeError, match="single word 'club'"):
        load_plugins(**{option: "club"})


# --- order, and names claimed twice


def test_load_order_decides_nothing(install: Install, local: Callable[[str, str], Path]) -> None:
    install("zeta", {"z": "zeta_z", "a": "zeta_a"}, zeta_z=good("z"), zeta_a=good("a"))
    install("acme", {"m": "acme_m"}, acme_m=good("m"))
    files = [local("b.py", CLUB), local("c.py", CLUB.replace("same-", "c-"))]
    seen = set()
    for order in itertools.permutations(files):
        sys.path.reverse()
        plugins = load_plugins(files=order)
        seen.add(tuple((plugin.name, plugin.status, tuple(names(plugin))) for plugin in plugins))
    assert len(seen) == 1
    places = [(plugin.distribution, plugin.name) for plugin in plugins]
    assert places == sorted(places)


def test_a_name_claimed_twice_names_both_and_spares_the_others(
    install: Install, local: Callable[[str, str], Path]
) -> None:
    install("acme", {"a": "acme_a"}, acme_a=good("same-club"))
    file = local(
        "club.py", CLUB + "\n    @mentorkit.criterion('other')\n    def o(a, b): return 1\n"
    )
    registry = load(files=[file])
    with pytest.raises(Conflict) as caught:
        registry.get("criteria", "same-club")
    assert "a (acme)" in str(caught.value)
    assert "club (club.py)" in str(caught.value)
    claimed = registry.conflicts()["criteria", "same-club"]
    assert [plugin.name for plugin in claimed] == ["a", "club"]
    assert list(registry.conflicts()) == [("criteria", "same-club")]
    assert registry.get("criteria", "other").name == "other"
    healed = load(files=[file], disabled=["a"])
    assert healed.provider("criteria", "same-club").name == "club"
    assert healed.conflicts() == {}


def test_one_name_in_two_slots_is_no_conflict(local: Callable[[str, str], Path]) -> None:
    matchers = """
    @mentorkit.hookimpl
    def mentorkit_matchers():
        return [mentorkit.kind("same-club", mentorkit.NoSettings)]
    """
    assert load(files=[local("club.py", CLUB + matchers)]).conflicts() == {}


def test_a_plugin_with_the_name_of_a_built_in_conflicts_with_it(install: Install) -> None:
    install("acme", {"skills": "acme_skills"}, acme_skills=good("skills"))
    registry = load()
    with pytest.raises(Conflict, match=r"skills \(acme\) and skills \(mentorkit\)"):
        registry.get("criteria", "skills")


def test_loading_ends_no_process_and_keeps_a_fresh_interpreter_clean(
    install: Install, tmp_path: Path
) -> None:
    install("acme", {"a": "acme_a"}, acme_a="import sys; sys.exit('bye')")
    program = "import mentorkit; print([p.reason for p in mentorkit.load().plugins if p.reason])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site-acme")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['SystemExit: bye']\n"
