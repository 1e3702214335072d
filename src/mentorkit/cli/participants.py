"""`mentorkit people`: who takes part in a programme, and taking somebody out of it."""

from __future__ import annotations

from typing import Any

import click

from mentorkit.cli.house_options import house_options, working


@click.command("list")
@click.argument("programme")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(programme: str, as_json: bool, **chosen: Any) -> int:
    """List who takes part in PROGRAMME: their roles, and with whom they are together."""
    from mentorkit.cli.names import Names, show_list
    from mentorkit.cli.references import relationships_in

    with working(chosen) as kit:
        found = kit.programmes.participants(programme)
        names = Names.of(kit, programme)
        open_ones = [one for one in relationships_in(kit, programme) if one.outcome is None]
        rows = [
            [
                held.id, held.participant.person.name, ", ".join(held.participant.roles),
                f"{held.entered:%Y-%m-%d}",
                "; ".join(
                    names.together(person for person in one.people if person != held.id)
                    for one in open_ones
                    if held.id in one.people
                ),
            ]
            for held in found
        ]  # fmt: skip
    columns = ["person", "name", "roles", "since", "together with"]
    show_list(found, as_json, columns, rows, f"nobody takes part in {programme} yet; see import")
    return 0


@click.command("leave")
@click.argument("programme")
@click.argument("people", nargs=-1, required=True)
@house_options
def leave(programme: str, people: tuple[str, ...], **chosen: Any) -> int:
    """Take PEOPLE out of PROGRAMME; their relationships in it end, without fault.

    What is held of them stays, so that they can come back; `erase` forgets them.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean
    from mentorkit.cli.references import anyone

    with working(chosen) as kit:
        whom = [anyone(kit, word) for word in people]
        for person in whom:
            kit.programmes.leave(programme, person)
    for person in whom:
        say(clean(f"{person} takes no part in {programme} any more"))
    return 0


commands = {"people list": list_, "people leave": leave}
