"""`mentorkit programme new`, `list` and `show`, and `close`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mentorkit.cli.house_options import house_options, working

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("new")
@click.argument("file", type=FILE)
@click.option("--id", required=True, metavar="ID", help="What commands call it by, such as autumn.")
@house_options
def new(file: Path, id: str, **chosen: Any) -> int:
    """Create a programme from FILE, a programme.toml; without a first day, it starts today."""
    from mentorkit import codec
    from mentorkit.cli.inputs import naming, no_mapping, say
    from mentorkit.models import Programme

    programme = codec.from_toml(Programme, file, no_mapping)
    with working(chosen) as kit, naming(file, None):
        run = kit.programmes.create(programme, id=id)
    say(f"programme {run.id} is open: {run.programme.name}, from {run.programme.starts}")
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
