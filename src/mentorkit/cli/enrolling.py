"""`mentorkit import`: enrol the people in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mentorkit import SYSTEM
from mentorkit.cli.house_options import house_options, opened

FILE = click.Path(path_type=Path, dir_okay=False)
SHOWN = 10
"""People named at most in a hint."""


class _TakenBack(Exception):
    """Ends a dry run, and takes back what it did."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--programme", required=True, metavar="ID", help="The programme they take part in.")
@click.option("--map", "mapping", type=FILE, help="How columns are read (TOML; see init, map).")
@click.option("--skip-faulty", is_flag=True, help="Go on with the good rows alone.")
@click.option("--dry-run", is_flag=True, help="Only say what it would change.")
@house_options
def command(
    files: tuple[Path, ...],
    programme: str,
    mapping: Path | None,
    skip_faulty: bool,
    dry_run: bool,
    **chosen: Any,
) -> int:
    """Enrol the people in FILES, read as `match` reads them, or change how they take part.

    Doing it again changes nothing. Nobody is taken out.
    """
    from mentorkit.blueprint import check_purpose
    from mentorkit.cli.inputs import enrolled, only_role, say

    with opened(chosen) as (house, tenant):
        with house.kit(actor=SYSTEM, tenant=tenant) as kit:
            blueprint = kit.programmes.get(programme).blueprint
        enrolment = enrolled(files, mapping, house.registry, skip_faulty, only_role(blueprint))
        for attribute in enrolment.protected:
            check_purpose(attribute, blueprint.protected)
        people = enrolment.people
        try:
            with house.kit(actor=SYSTEM, tenant=tenant) as kit:
                done = kit.programmes.enrol(programme, people)
                there = {held.id for held in kit.programmes.participants(programme)}
                if dry_run:
                    raise _TakenBack
        except _TakenBack:
            say("dry run: nothing was changed")
    changes = f"{len(done.added)} added, {len(done.changed)} changed, {done.same} the same"
    number = "1 person" if len(people) == 1 else f"{len(people):,} people"
    click.echo(f"{number}: {changes}")
    if others := sorted(there - {held.id for held in people}):
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        say(f"take part, and are not in these files: {', '.join(others[:SHOWN])}{more}")
    return 0
