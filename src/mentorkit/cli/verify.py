"""`mentorkit verify`: check a plan without trusting who made it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mentorkit.cli.options import chosen_registry, encoding_option, plugin_options

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("verify")
@click.argument("plan", type=FILE)
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--map", "mapping", type=FILE, help="The mapping that was used, if one was.")
@click.option("--skip-faulty", is_flag=True, help="Leave faulty rows out, if that was done.")
@encoding_option
@plugin_options
def command(
    plan: Path,
    files: tuple[Path, ...],
    mapping: Path | None,
    skip_faulty: bool,
    encoding: str | None,
    **chosen: Any,
) -> int:
    """Check a PLAN (.json) against the FILES it was made from.

    Every pair, figure, reason and proof is worked out again, without asking the matcher.
    Ends with code 1 if something in the plan is not true.
    """
    from mentorkit.cli.plan_files import read_with_people
    from mentorkit.cli.wording import proof
    from mentorkit.matching import verify
    from mentorkit.wording import counted

    registry = chosen_registry(chosen)
    claimed, people = read_with_people(plan, files, mapping, registry, skip_faulty, encoding)
    faults = verify(claimed, people, registry)
    for fault in faults:
        click.echo(f"wrong: {fault}")
    if mapping is None and any(fault.path == "people" for fault in faults):
        click.echo("if a mapping was used, name it with --map")
    if not faults:
        click.echo(f"{counted(len(claimed.matches), 'pair')}: all hold; {proof(claimed)}")
    return 1 if faults else 0
