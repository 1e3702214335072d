"""`mentorkit programme new`, `list` and `show`, and `close`."""

from __future__ import annotations

import datetime
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.models import ProgrammeRun

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("new")
@click.argument("file", type=FILE, required=False)
@click.option("--id", required=True, metavar="ID", help="What commands call it by, such as autumn.")
@click.option("--from", "old", metavar="ID", help="Instead: copy the settings of this programme.")
@click.option(
    "--starts",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="With --from: the first day, such as 2027-09-01.",
)
@click.option("--name", metavar="TEXT", help="With --from: what it is called; as the old one.")
@house_options
def new(
    file: Path | None,
    id: str,
    old: str | None,
    starts: datetime.datetime | None,
    name: str | None,
    **chosen: Any,
) -> int:
    """Create a programme from FILE, a programme.toml; without a first day, it starts today.

    With --from, it has the settings of an old one, and nobody in it.
    """
    if (file is None) == (old is None):
        raise click.UsageError("name a file, or else an old programme with --from")
    if (old is None) != (starts is None) or (old is None and name is not None):
        raise click.UsageError("--starts and --name go with --from, which needs --starts")
    if file is None:
        return _copied(str(old), id, starts, name, chosen)
    from mentorkit import codec
    from mentorkit.cli.inputs import naming, no_mapping, say
    from mentorkit.models import Programme

    programme = codec.from_toml(Programme, file, no_mapping)
    with working(chosen) as kit, naming(file, None):
        run = kit.programmes.create(programme, id=id)
    say(_opened(run, chosen["now"]))
    return 0


def _opened(run: ProgrammeRun, now: datetime.datetime | None) -> str:
    """That a programme is open, since when, and whether that is past."""
    from mentorkit.wording import counted

    zone = zoneinfo.ZoneInfo(run.blueprint.policies.timezone or "UTC")
    today = (now or datetime.datetime.now(datetime.UTC)).astimezone(zone).date()
    words = f"programme {run.id} is open: {run.programme.name}, from {run.programme.starts}"
    ago = (today - (run.programme.starts or today)).days
    return f"{words}, {counted(ago, 'day')} ago" if ago > 0 else words


def _copied(
    old: str, id: str, starts: datetime.datetime | None, name: str | None, chosen: dict[str, Any]
) -> int:
    """Copy a programme, and list what is not as its format has it."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import print_table

    assert starts is not None
    with working(chosen) as kit:
        made = kit.programmes.copy(old, id=id, starts=starts.date(), name=name)
    say(_opened(made.run, chosen["now"]))
    rows = [
        [one.place, one.of_format, one.stated, "" if one.evidence is None else str(one.evidence)]
        for one in made.settings
    ]
    print_table(["setting", "its format has", "it states", f"what came of it in {old}"], rows)
    return 0


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(as_json: bool, **chosen: Any) -> int:
    """List the programmes."""
    from mentorkit.cli.names import show_list
    from mentorkit.cli.references import everything

    with working(chosen) as kit:
        runs = list(everything(kit.programmes.page))
    columns = ["programme", "name", "format", "starts", "state"]
    rows = [
        [run.id, run.programme.name, _format(run), str(run.programme.starts), run.state]
        for run in runs
    ]
    show_list(runs, as_json, columns, rows, "there is no programme; programme new creates one")
    return 0


def _format(run: Any) -> str:
    return " + ".join([run.blueprint.topology, *run.blueprint.practices])


@click.command("show")
@click.argument("programme")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def show(programme: str, as_json: bool, **chosen: Any) -> int:
    """Show what PROGRAMME is made of: the blueprint of the day it was created."""
    import attrs

    from mentorkit import codec
    from mentorkit.cli.output import clean, print_json
    from mentorkit.models import SLOTS

    with working(chosen) as kit:
        run = kit.programmes.get(programme)
    if as_json:
        print_json(codec.unstructure(run))
        return 0
    blueprint = run.blueprint
    roles = [
        role.name if role.least == role.most else f"{role.least} to {role.most} of {role.name}"
        for role in blueprint.roles
    ]
    lines = {
        "name": run.programme.name,
        "format": _format(run),
        "starts": str(run.programme.starts),
        "state": run.state,
        "roles": ", ".join(roles),
        "path": ", ".join(blueprint.path),
    }
    for name, value in attrs.asdict(blueprint.policies, recurse=False).items():
        if value is not None:
            lines[name] = value.kind if hasattr(value, "kind") else str(value)
    lines["confidentiality"] = blueprint.agreement.confidentiality or "members"
    if blueprint.agreement.points:
        lines["points"] = ", ".join(blueprint.agreement.points)
    lines |= {slot: ", ".join(held) for slot in SLOTS if (held := getattr(blueprint, slot))}
    for name, words in lines.items():
        click.echo(clean(f"{name}: {words}"))
    return 0


@click.command("close")
@click.argument("programme")
@house_options
def close(programme: str, **chosen: Any) -> int:
    """Close PROGRAMME: what is active is completed, what never began is ended."""
    from mentorkit.cli.inputs import say

    with working(chosen) as kit:
        kit.programmes.close(programme)
    say(f"programme {programme} is closed")
    return 0


commands = {
    "programme new": new,
    "programme list": list_,
    "programme show": show,
    "close": close,
}
