"""`mentorkit invite`: invitations made, listed, revoked and redeemed."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit import SYSTEM
from mentorkit.cli.clocks import placed, time_of_day, zone_of
from mentorkit.cli.house_options import house_options, opened, working

if TYPE_CHECKING:
    from mentorkit.models import Participant

FILE = click.Path(path_type=Path, dir_okay=False)
INVITED = "invited"
"""Stands for the invitation's roles, where a file does not say which."""


@click.command("new")
@click.argument("programme")
@click.option(
    "--role", "roles", multiple=True, metavar="ROLE", help="A role that it is for. Repeatable."
)
@click.option("--email", metavar="ADDRESS", help="Where it is sent to; nothing is sent here.")
@click.option("--until", metavar="TIME", callback=time_of_day, help="When it ends to work.")
@click.option("--key", metavar="WORD", help="The same word again gives it again, with a new token.")
@house_options
def new(
    programme: str,
    roles: tuple[str, ...],
    email: str | None,
    until: datetime.datetime | None,
    key: str | None,
    **chosen: Any,
) -> int:
    """Make an invitation to PROGRAMME, and print its token, which is told this once."""
    from mentorkit.cli.inputs import say

    with working(chosen) as kit:
        if until is not None:
            until = placed(until, zone_of(kit, programme), "--until")
        held, token = kit.programmes.invite(
            programme, roles=roles, email=email, until=until, key=key
        )
    click.echo(token)
    say(f"invitation {held.id} works once, until {held.until:%Y-%m-%d %H:%M} UTC")
    return 0


@click.command("list")
@click.argument("programme")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(programme: str, as_json: bool, **chosen: Any) -> int:
    """List the invitations to PROGRAMME, without their tokens."""
    from mentorkit.cli.names import short, show_list

    with working(chosen) as kit:
        kit.programmes.get(programme)
        found = kit.programmes.invitations(programme)
    rows = [
        [
            short(held.id), ", ".join(held.roles) or "any", held.email or "", held.state,
            f"{held.until:%Y-%m-%d %H:%M}", held.person or "",
        ]
        for held in found
    ]  # fmt: skip
    columns = ["invitation", "roles", "sent to", "state", "until (UTC)", "used by"]
    show_list(found, as_json, columns, rows, f"{programme} has no invitations")
    return 0


@click.command("revoke")
@click.argument("programme")
@click.argument("invitation")
@house_options
def revoke(programme: str, invitation: str, **chosen: Any) -> int:
    """Make an INVITATION to PROGRAMME work no longer; it is named by its id or the first signs."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_invitation

    with working(chosen) as kit:
        held = kit.programmes.revoke(one_invitation(kit, programme, invitation).id)
    say(f"invitation {held.id} is {held.state}")
    return 0


@click.command("redeem")
@click.argument("token")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--map", "mapping", type=FILE, help="How columns are read (TOML; see init, map).")
@house_options
def redeem(token: str, files: tuple[Path, ...], mapping: Path | None, **chosen: Any) -> int:
    """Let the one person in FILES take part, by the TOKEN of an invitation that they gave you.

    Where the files tell no role, they take one partner in each role of the invitation.
    """
    from mentorkit.cli.inputs import enrolled, say
    from mentorkit.cli.output import clean

    with opened(chosen) as (house, tenant):
        people = enrolled(files, mapping, house.registry, False, INVITED).people
        with house.kit(actor=SYSTEM, tenant=tenant) as kit:
            held = kit.programmes.redeem(token, _only_one(files, people))
    why = f": {held.reason}" if held.reason else ""
    say(clean(f"{held.id} is {held.state} in {held.programme}{why}"))
    return 0


def _only_one(files: tuple[Path, ...], people: tuple[Participant, ...]) -> Participant:
    """The person in the files, without the role that stands for the invitation's."""
    import attrs

    from mentorkit.errors import Invalid

    if len(people) != 1:
        names = ", ".join(file.name for file in files)
        raise Invalid(names, f"must hold one person, whom the invitation is for, not {len(people)}")
    (held,) = people
    return attrs.evolve(held, roles={}) if INVITED in held.roles else held


commands = {
    "invite new": new,
    "invite list": list_,
    "invite revoke": revoke,
    "invite redeem": redeem,
}
