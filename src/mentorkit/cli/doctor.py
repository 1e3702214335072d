"""`mentorkit doctor`: check this installation."""

from __future__ import annotations

import platform
import sqlite3
import zoneinfo
from importlib.metadata import version
from typing import Any

import click

from mentorkit.cli.options import chosen_registry, plugin_options
from mentorkit.registry import Registry

Check = tuple[bool, str]
"""Whether something is fine, and a sentence that says what it is or how to mend it."""


@click.command("doctor")
@plugin_options
def command(**chosen: Any) -> int:
    """Check this installation and say what to mend. Ends with code 1 if something is wrong."""
    registry = chosen_registry(chosen, tolerant=True)
    checks = [*_versions(), _zones(), _journal(), *_plugins(registry), _match(registry)]
    for fine, sentence in checks:
        click.echo(f"{'ok  ' if fine else 'mend'}  {sentence}")
    return 0 if all(fine for fine, _ in checks) else 1


def _versions() -> list[Check]:
    """What a plan is made with."""
    names = ("mentorkit", "numpy", "scipy", "pluggy", "attrs", "cattrs")
    found = [f"{name} {version(name)}" for name in names]
    return [(True, f"Python {platform.python_version()}, {', '.join(found)}")]


def _zones() -> Check:
    """Whether time zones have their rules, which some systems do not ship."""
    try:
        zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        return False, "there is no time zone database: pip install tzdata"
    return True, "the time zone database is there"


def _journal() -> Check:
    """How SQLite keeps a transaction whole here."""
    from mentorkit.store.database import WAL_SAFE, journal_mode

    found = f"SQLite {sqlite3.sqlite_version}"
    if journal_mode() == "wal":
        return True, f"{found}: databases use a write-ahead log"
    safe = ".".join(map(str, WAL_SAFE))
    return True, (
        f"{found}: databases use a rollback journal, since below {safe} a write-ahead log can"
        " lose what was written; readers and writers wait for each other"
    )


def _plugins(registry: Registry) -> list[Check]:
    checks = []
    for plugin in registry.plugins:
        name = f"plugin {plugin.name} ({plugin.distribution})"
        if plugin.status == "failed":
            checks.append((False, f"{name} does not load: {plugin.reason}"))
    for (slot, name), claimed in sorted(registry.conflicts().items()):
        both = " and ".join(f"{plugin.name} ({plugin.distribution})" for plugin in claimed)
        checks.append((False, f"{slot}: {name} is claimed by {both}; --disable one of them"))
    return checks or [(True, f"{len(registry.plugins)} plugins load")]


def _match(registry: Registry) -> Check:
    """Whether the engine makes and proves the smallest plan there is."""
    from mentorkit.errors import MentorkitError
    from mentorkit.matching import match, verify
    from mentorkit.models import Participant, Person, Programme

    people = [Participant(person=Person(id=role), roles={role: 1}) for role in ("mentee", "mentor")]
    try:
        plan = match(people, Programme(), registry=registry)
        proven = plan.certificate.gap == 0 and len(plan.matches) == 1
        faults = verify(plan, people, registry)
    except MentorkitError as error:
        return False, f"two people cannot be matched: {error}"
    if faults or not proven:
        return False, "a plan for two people is not proven; reinstall mentorkit, numpy and scipy"
    return True, "a plan is made and proven"
