"""`mentorkit plugins`: what is installed, what it contributes, and what failed."""

from __future__ import annotations

import click

from mentorkit.cli.options import chosen_registry, plugin_options
from mentorkit.cli.output import print_json, print_table


@click.command("plugins")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@plugin_options
def command(as_json: bool, **chosen: object) -> int:
    """Show each plugin: name, version, distribution, status, what it contributes, or why not.

    Ends with code 1 if a plugin failed or two claim the same name.
    """
    registry = chosen_registry(chosen, tolerant=True)
    rows: list[dict[str, object]] = [
        {
            "name": plugin.name,
            "version": plugin.version,
            "distribution": plugin.distribution,
            "status": plugin.status,
            "contributes": [f"{slot}: {kind.name}" for slot, kind in plugin.kinds],
            "reason": plugin.reason,
        }
        for plugin in registry.plugins
    ]
    conflicts = [
        {"slot": slot, "name": name, "plugins": [f"{p.name} ({p.distribution})" for p in claimed]}
        for (slot, name), claimed in sorted(registry.conflicts().items())
    ]
    if as_json:
        print_json({"plugins": rows, "conflicts": conflicts})
    else:
        print_table(
            ["plugin", "version", "from", "status", "contributes", "reason"],
            [[_cell(value) for value in row.values()] for row in rows],
        )
        for conflict in conflicts:
            both = " and ".join(conflict["plugins"])
            click.echo(f"{conflict['slot']}: {conflict['name']} is claimed by {both}", err=True)
    failed = any(plugin.status == "failed" for plugin in registry.plugins)
    return 1 if failed or conflicts else 0


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
