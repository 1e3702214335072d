"""`mentorkit chat`, `pause`, `resume`, `extend`, `complete`, `hand-over`, `again`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.models import Relationship

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("chat")
@click.argument("relationship")
@click.option("--as", "person", required=True, metavar="PERSON", help="The member who asks.")
@house_options
def chat(relationship: str, person: str, **chosen: Any) -> int:
    """Record that a member wants a chat first, before RELATIONSHIP is accepted or declined."""
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        held = kit.relationships.ask_chat(held.id, person=one_member(kit, held, "--as", person))
    _say(held)
    return 0


@click.command("pause")
@click.argument("relationship")
@click.option("--until", type=DAY, required=True, metavar="DATE", help="The day it goes on.")
@house_options
def pause(relationship: str, until: datetime.datetime, **chosen: Any) -> int:
    """Pause RELATIONSHIP until a day begins, when it goes on by itself.

    Meetings before that day are cancelled, and the days of the pause are added to the
    agreement's.
    """
    from mentorkit.cli.references import one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        held = kit.relationships.pause(held.id, until.date())
    _say(held, f", until {held.pauses[-1].until}")
    return 0


@click.command("resume")
@click.argument("relationship")
@house_options
def resume(relationship: str, **chosen: Any) -> int:
    """Have RELATIONSHIP go on before its pause is over."""
    from mentorkit.cli.references import one_relationship

    with working(chosen) as kit:
        held = kit.relationships.resume(one_relationship(kit, relationship).id)
    _say(held, f", until {held.agreement.ends}" if held.agreement is not None else "")
    return 0


@click.command("extend")
@click.argument("relationship")
@click.option("--until", type=DAY, required=True, metavar="DATE", help="The new last day.")
@click.option("--goal", required=True, metavar="GOAL", help="The new goal that it is for.")
@click.option(
    "--as", "people", multiple=True, metavar="PERSON", help="A member; by default, all. Repeatable."
)
@house_options
def extend(
    relationship: str, until: datetime.datetime, goal: str, people: tuple[str, ...], **chosen: Any
) -> int:
    """Record that members want RELATIONSHIP to last longer, for the sake of a new goal.

    It takes effect when all of them do, and have accepted the goal.
    """
    from mentorkit.cli.references import one_goal, one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        new = one_goal(kit, goal).id
        for person in [one_member(kit, held, "--as", word) for word in people] or held.people:
            held = kit.relationships.extend(held.id, until.date(), new, person=person)
    wanted = held.extensions[-1]
    left = len(held.people) - len(wanted.agreed)
    _say(held, f", until {wanted.ends}" + (f" once {left} more agree" if left else ""))
    return 0


@click.command("complete")
@click.argument("relationship")
@house_options
def complete(relationship: str, **chosen: Any) -> int:
    """Close RELATIONSHIP as it was meant to, before its last day."""
    from mentorkit.cli.references import one_relationship

    with working(chosen) as kit:
        held = kit.relationships.complete(one_relationship(kit, relationship).id)
    _say(held)
    return 0


@click.command("hand-over")
@click.argument("relationship")
@click.option("--leaving", required=True, metavar="PERSON", help="The member who leaves.")
@click.option("--to", metavar="PERSON", help="Who comes; else, whoever fits best and has room.")
@house_options
def hand_over(relationship: str, leaving: str, to: str | None, **chosen: Any) -> int:
    """Propose somebody to those of RELATIONSHIP who stay, in the place of one who leaves.

    It closes, and a new one follows it, with the goals that those who stay have agreed on.
    """
    from mentorkit.cli.names import RELATIONSHIP_COLUMNS, Names, relationship_rows
    from mentorkit.cli.output import print_table
    from mentorkit.cli.references import anyone, one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        gone = one_member(kit, held, "--leaving", leaving)
        comes = anyone(kit, to) if to is not None else None
        made = kit.matching.hand_over(held.id, gone, to=comes)
        rows = relationship_rows(kit, [made], Names.few(kit))
    print_table(RELATIONSHIP_COLUMNS, rows)
    return 0


@click.command("again")
@click.argument("person")
@click.argument("other")
@house_options
def again(person: str, other: str, **chosen: Any) -> int:
    """Take back that PERSON asked never to be matched with OTHER again.

    It says the same whether or not there was such a wish: that is PERSON's alone.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import anyone

    with working(chosen) as kit:
        kit.people.let_again(anyone(kit, person), anyone(kit, other))
    say("nothing that was asked keeps these two from being matched")
    return 0


def _say(held: Relationship, more: str = "") -> None:
    from mentorkit.cli.inputs import say

    outcome = f": {held.outcome}" if held.outcome is not None else ""
    stage = "in chemistry" if held.stage == "chemistry" else held.stage
    say(f"relationship {held.id} is {stage}{outcome}{more}")


commands = {
    "chat": chat,
    "pause": pause,
    "resume": resume,
    "extend": extend,
    "complete": complete,
    "hand-over": hand_over,
    "again": again,
}
