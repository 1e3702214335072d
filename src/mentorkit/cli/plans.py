"""`mentorkit draft`, `publish` and `withdraw`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working
from mentorkit.cli.options import pair_options
from mentorkit.cli.plan_files import check_outputs
from mentorkit.errors import NotFound

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Draft

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("draft")
@click.argument("programme")
@pair_options
@click.option("--key", metavar="WORD", help="The same word again gives the same draft again.")
@click.option("--out", type=FILE, help="Write the plan: .csv for spreadsheets, or .json.")
@click.option("--report", type=FILE, help="Write a page to show and print (.html).")
@click.option("--audit", "by", metavar="NAME", help="Say how it treats groups by an attribute.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@house_options
def draft(programme: str, **chosen: Any) -> int:
    """Match those who are enrolled in PROGRAMME and have room; nobody is told of it yet.

    A draft replaces the one before it. People in A B are named by id or by name.
    """
    from mentorkit.cli.audit import print_audit
    from mentorkit.cli.inputs import named_pairs
    from mentorkit.cli.next_steps import tell_lack
    from mentorkit.cli.plan_files import show_plan, write_plan

    if chosen["by"] and chosen["as_json"]:
        raise click.UsageError("--audit prints a table; leave out --json")
    check_outputs(chosen)
    with working(chosen) as kit:
        run = kit.programmes.get(programme)
        people = [held.participant for held in kit.programmes.participants(programme)]
        roles = (run.blueprint.roles[0].name, run.blueprint.roles[-1].name)
        pins = named_pairs("--pin", chosen["pins"], people, roles)
        forbids = named_pairs("--forbid", chosen["forbids"], people, roles)
        made = kit.matching.draft(programme, pins=pins, forbids=forbids, key=chosen["key"])
        found = kit.matching.audit(made.id, chosen["by"]) if chosen["by"] else None
        write_plan(made.plan, people, chosen)
        tell_lack(kit, programme, of_people=True)
    show_plan(made.plan, people, chosen)
    if found is not None:
        print_audit(found)
    return 0


@click.command("publish")
@click.argument("programme")
@house_options
def publish(programme: str, **chosen: Any) -> int:
    """Make relationships of the latest draft of PROGRAMME, and say who is together."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import RELATIONSHIP_COLUMNS, Names, relationship_rows
    from mentorkit.cli.next_steps import tell_lack
    from mentorkit.cli.output import print_table
    from mentorkit.wording import counted

    with working(chosen) as kit:
        tell_lack(kit, programme, of_people=True)
        made = kit.matching.publish(_latest(kit, programme).id)
        names = Names.of(kit, programme)
        rows = relationship_rows(kit, made, names)
    print_table(RELATIONSHIP_COLUMNS, rows)
    say(f"{counted(len(made), 'relationship')} begun in {programme}")
    return 0


def _latest(kit: Kit, programme: str) -> Draft:
    """The draft to publish; NotFound, with the next command, without one."""
    try:
        return kit.matching.latest(programme)
    except NotFound as error:
        raise NotFound(f"{error}: mentorkit draft {programme}") from None


@click.command("withdraw")
@click.argument("programme")
@click.option("--draft", metavar="ID", help="Which draft; by default, what was published last.")
@house_options
def withdraw(programme: str, draft: str | None, **chosen: Any) -> int:
    """Take back what was published in PROGRAMME, as long as nobody has accepted or declined.

    These people can be matched again, with each other too.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import RELATIONSHIP_COLUMNS, Names, relationship_rows
    from mentorkit.cli.output import print_table
    from mentorkit.wording import counted

    with working(chosen) as kit:
        kit.programmes.get(programme)
        found = draft if draft is not None else kit.matching.published(programme).id
        closed = kit.matching.withdraw(found)
        rows = relationship_rows(kit, closed, Names.of(kit, programme))
    print_table(RELATIONSHIP_COLUMNS, rows)
    say(f"{counted(len(closed), 'relationship')} withdrawn in {programme}")
    return 0


commands = {"draft": draft, "publish": publish, "withdraw": withdraw}
