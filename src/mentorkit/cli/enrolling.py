"""`mentorkit import`: enrol the people in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit import SYSTEM
from mentorkit.cli.house_options import house_options, opened
from mentorkit.cli.options import encoding_option
from mentorkit.errors import Invalid

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Participant, Person
    from mentorkit.services.comparing import Comparison

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
@encoding_option
@click.option(
    "--leavers",
    type=click.Choice(["stay", "leave"]),
    default="stay",
    metavar="WORD",
    help="stay or leave: those who came by a file, and are in these no longer.",
)
@click.option("--dry-run", is_flag=True, help="Only say what it would change.")
@house_options
def command(
    files: tuple[Path, ...],
    programme: str,
    mapping: Path | None,
    skip_faulty: bool,
    encoding: str | None,
    leavers: str,
    dry_run: bool,
    **chosen: Any,
) -> int:
    """Enrol the people in FILES, read as `match` reads them, or change how they take part.

    Doing it again changes nothing. What no column speaks of stays as it is. Nobody is taken
    out, unless --leavers says so.
    """
    from mentorkit.blueprint import check_purpose
    from mentorkit.cli.inputs import enrolled, only_role, say

    with opened(chosen) as (house, tenant):
        with house.kit(actor=SYSTEM, tenant=tenant) as kit:
            blueprint = kit.programmes.get(programme).blueprint
        role = only_role(blueprint)
        enrolment = enrolled(files, mapping, house.registry, skip_faulty, role, encoding)
        for attribute in enrolment.protected:
            check_purpose(attribute, blueprint.protected)
        if leavers == "leave" and enrolment.faults:
            words = "needs files without faults: a row that is passed over would let somebody go"
            raise Invalid("--leavers leave", words)
        try:
            with house.kit(actor=SYSTEM, tenant=tenant) as kit:
                people = enrolment.over(*_known(kit, programme))
                found = kit.programmes.compare(programme, people)
                done = kit.programmes.enrol(programme, people, entry="imported")
                for person in found.leavers if leavers == "leave" else ():
                    kit.programmes.leave(programme, person)
                if dry_run:
                    raise _TakenBack
        except _TakenBack:
            say("dry run: nothing was changed")
            _show(found)
    # What is theirs in every programme, such as their department, changes too.
    changed = {*done.changed, *found.changed} - set(done.added)
    same = len(people) - len(done.added) - len(changed)
    changes = f"{len(done.added)} added, {len(changed)} changed, {same} the same"
    number = "1 person" if len(people) == 1 else f"{len(people):,} people"
    click.echo(f"{number}: {changes}")
    if done.waiting:
        say(f"wait, for they offer too few hours: {_some(done.waiting)}")
    if found.leavers:
        words = "left" if leavers == "leave" else "take part, and are not in these files"
        say(f"{words}: {_some(found.leavers)}")
    if found.others:
        say(f"came in another way, and are not in these files either: {_some(found.others)}")
    return 0


def _known(kit: Kit, programme: str) -> tuple[dict[str, Person], dict[str, Participant]]:
    """All that is known of people, and how they take part, by their ids."""
    from mentorkit.cli.references import everything

    there = (*kit.programmes.participants(programme), *kit.programmes.waiting(programme))
    persons = {person.id: person for person in everything(kit.people.page)}
    return persons, {held.id: held.participant for held in there}


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return f"{', '.join(ids[:SHOWN])}{more}"


def _show(found: Comparison) -> None:
    """Each person of whom something would change, and what."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean

    lines = [f"{id}: new" for id in found.new] + [f"{id}: back" for id in found.back]
    lines += [f"{id}: {', '.join(names)}" for id, names in found.changed.items()]
    for line in lines:
        say(f"  {clean(line)}")
