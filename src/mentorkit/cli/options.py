"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from mentorkit.errors import PluginFailed
from mentorkit.registry import Registry, installed, load

F = TypeVar("F", bound=Callable[..., Any])

_PLUGIN_OPTIONS = (
    click.option(
        "--plugin",
        "plugin_files",
        multiple=True,
        type=click.Path(path_type=Path, exists=True),
        help="Load a local plugin, one Python file. Its code runs: trust it. Repeatable.",
    ),
    click.option(
        "--disable",
        "disabled",
        multiple=True,
        metavar="NAME",
        help="Do not even import a plugin. Repeatable.",
    ),
    click.option(
        "--allow",
        "allowed",
        multiple=True,
        metavar="NAME",
        help="Load only the plugins or distributions so named. Repeatable.",
    ),
    click.option("--strict", is_flag=True, help="Stop if any plugin fails to load."),
)


starts_option = click.option(
    "--starts",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    callback=lambda _, __, day: day and day.date(),
    help="The first day, such as 2026-09-01: time zones are compared on it.",
)


_PAIR_OPTIONS = (
    click.option(
        "--pin",
        "pins",
        nargs=2,
        multiple=True,
        metavar="A B",
        help="Keep a pair together. Repeatable.",
    ),
    click.option(
        "--forbid",
        "forbids",
        nargs=2,
        multiple=True,
        metavar="A B",
        help="Never this pair. Repeatable.",
    ),
)

encoding_option = click.option(
    "--encoding", metavar="NAME", help="That of text files, such as cp850; else it is found out."
)


executor_option = click.option(
    "--executor",
    metavar="MODULE:NAME",
    help="Share the work: what makes a concurrent.futures.Executor. Its code runs.",
)


@contextmanager
def chosen_executor(chosen: dict[str, Any]) -> Iterator[Executor | None]:
    """The executor that --executor makes, closed at the end; None without the option."""
    if not chosen["executor"]:
        yield None
        return
    # A module of the folder one is in is meant, as by `python -m`.
    folder = os.getcwd()
    sys.path.insert(0, folder)
    try:
        with _made_executor(chosen["executor"]) as executor:
            yield executor
    finally:
        sys.path.remove(folder)


def _made_executor(place: str) -> Executor:
    module, _, name = place.partition(":")
    try:
        made = getattr(import_module(module), name)()
        if not callable(getattr(made, "submit", None)):
            raise TypeError("it has no submit")
    except Exception as error:
        raise click.BadParameter(
            f"{place!r} makes no executor ({type(error).__name__}: {error});"
            " name a module and a function in it, such as"
            " concurrent.futures:ProcessPoolExecutor",
            param_hint="--executor",
        ) from None
    return cast(Executor, made)


def pair_options(command: F) -> F:
    """Add the options that keep pairs together or apart, by two ids or names each."""
    return reduce(lambda held, option: option(held), reversed(_PAIR_OPTIONS), command)


def plugin_options(command: F) -> F:
    """Add the options that say which plugins load; `chosen_registry` reads them."""
    return reduce(lambda held, option: option(held), reversed(_PLUGIN_OPTIONS), command)


def chosen_registry(chosen: dict[str, Any], *, tolerant: bool = False) -> Registry:
    """The registry of the plugins that the options chose; failures are told on stderr.

    PluginFailed where a file named on purpose does not load, unless `tolerant`.
    """
    files = [file.name for file in chosen["plugin_files"]]
    if any(chosen[name] for name in ("plugin_files", "disabled", "allowed", "strict")):
        registry = load(
            files=chosen["plugin_files"],
            disabled=chosen["disabled"],
            allowed=chosen["allowed"] or None,
            strict=chosen["strict"],
        )
    else:
        # A tour runs many commands in one process, which then load the plugins once.
        registry = installed()
    for plugin in registry.plugins:
        if plugin.status == "failed" and plugin.distribution in files and not tolerant:
            raise PluginFailed(f"{plugin.distribution} did not load: {plugin.reason}")
        if plugin.status == "failed":
            click.echo(f"warning: plugin {plugin.name} did not load: {plugin.reason}", err=True)
    return registry
