"""`mentorkit applicants`: who applied or waits, and what becomes of them; and `rate`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit import SYSTEM
from mentorkit.cli.house_options import house_options, opened, working
from mentorkit.cli.options import encoding_option

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Enrolment

FILE = click.Path(path_type=Path, dir_okay=False)
DAY = click.DateTime(["%Y-%m-%d"])
_reason = click.option("--reason", default="", metavar="TEXT", help="Why; they read it.")
_people = click.argument("people", nargs=-1, required=True)


@click.command("list")
@click.argument("programme")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(programme: str, as_json: bool, **chosen: Any) -> int:
    """List who applied to PROGRAMME or waits: whoever came first comes first."""
    from mentorkit.cli.names import show_list

    with working(chosen) as kit:
        kit.programmes.get(programme)
        found = kit.programmes.waiting(programme)
    rows = [
        [
            held.id, held.participant.person.name, ", ".join(held.participant.roles),
            held.state, f"{held.entered:%Y-%m-%d}", str(held.reason or ""),
        ]
        for held in found
    ]  # fmt: skip
    columns = ["person", "name", "roles", "state", "came", "why"]
    show_list(found, as_json, columns, rows, f"nobody waits in {programme}")
    return 0


@click.command("add")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--programme", required=True, metavar="ID", help="The programme they apply to.")
@click.option("--map", "mapping", type=FILE, help="How columns are read (TOML; see init, map).")
@click.option("--skip-faulty", is_flag=True, help="Go on with the good rows alone.")
@encoding_option
@house_options
def add(
    files: tuple[Path, ...],
    programme: str,
    mapping: Path | None,
    skip_faulty: bool,
    encoding: str | None,
    **chosen: Any,
) -> int:
    """Record that the people in FILES applied themselves, on paper or by letter."""
    from mentorkit.cli.inputs import enrolled, only_role

    with opened(chosen) as (house, tenant):
        with house.kit(actor=SYSTEM, tenant=tenant) as kit:
            blueprint = kit.programmes.get(programme).blueprint
        role = only_role(blueprint)
        read = enrolled(files, mapping, house.registry, skip_faulty, role, encoding)
        with house.kit(actor=SYSTEM, tenant=tenant) as kit:
            _told(kit.programmes.apply(programme, held) for held in read.people)
    return 0


@click.command("approve")
@click.argument("programme")
@click.argument("people", nargs=-1)
@click.option("--all", "everybody", is_flag=True, help="Everybody who applied.")
@house_options
def approve(programme: str, people: tuple[str, ...], everybody: bool, **chosen: Any) -> int:
    """Let PEOPLE who applied to PROGRAMME, wait or were declined take part."""
    if bool(people) == everybody:
        raise click.UsageError("name people, or --all of those who applied")
    with working(chosen) as kit:
        if everybody:
            applied = kit.programmes.waiting(programme)
            people = tuple(held.id for held in applied if held.state == "applied")
        _each(kit, people, lambda person: kit.programmes.approve(programme, person))
    return 0


@click.command("wait")
@click.argument("programme")
@_people
@_reason
@house_options
def wait(programme: str, people: tuple[str, ...], reason: str, **chosen: Any) -> int:
    """Put PEOPLE who applied to PROGRAMME on the waiting list."""
    with working(chosen) as kit:
        _each(kit, people, lambda person: kit.programmes.wait(programme, person, reason))
    return 0


@click.command("decline")
@click.argument("programme")
@_people
@_reason
@house_options
def decline(programme: str, people: tuple[str, ...], reason: str, **chosen: Any) -> int:
    """Decline PEOPLE who applied to PROGRAMME or wait."""
    with working(chosen) as kit:
        _each(kit, people, lambda person: kit.programmes.decline(programme, person, reason))
    return 0


@click.command("rate")
@click.argument("programme")
@click.argument("person")
@click.argument("field")
@click.argument("value", type=int)
@click.option("--on", type=DAY, metavar="DATE", help="The day of it; by default, today.")
@house_options
def rate(
    programme: str,
    person: str,
    field: str,
    value: int,
    on: datetime.datetime | None,
    **chosen: Any,
) -> int:
    """Record that PERSON was rated VALUE on the scale FIELD of PROGRAMME."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import anyone

    with working(chosen) as kit:
        day = on.date() if on else None
        held = kit.programmes.rate(programme, anyone(kit, person), field, value, on=day)
    days = sum(rating.field == field for rating in held.ratings)
    say(f"{held.id} is rated on {field}, {'once' if days == 1 else f'{days} times'} by now")
    return 0


def _each(kit: Kit, people: Iterable[str], do: Callable[[str], Enrolment]) -> None:
    from mentorkit.cli.references import anyone

    _told(do(anyone(kit, word)) for word in people)


def _told(changed: Iterable[Enrolment]) -> None:
    """Say what became of people."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean

    for held in changed:
        why = f": {held.reason}" if held.reason else ""
        say(clean(f"{held.id} is {held.state}{why}"))


commands = {
    "applicants list": list_,
    "applicants add": add,
    "applicants approve": approve,
    "applicants wait": wait,
    "applicants decline": decline,
    "rate": rate,
}
