"""`mentorkit actions`: what members will do until they meet again."""

from __future__ import annotations

import datetime
from typing import Any

import click

from mentorkit.cli.house_options import house_options, working


@click.command("list")
@click.argument("programme")
@click.option("--relationship", metavar="RELATIONSHIP", help="Only those of one.")
@click.option("--open", "open_only", is_flag=True, help="Only those that are open.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(
    programme: str, relationship: str | None, open_only: bool, as_json: bool, **chosen: Any
) -> int:
    """List actions of PROGRAMME: whose, and what became of them. Their words are private."""
    from mentorkit.cli.names import Names, short, show_list
    from mentorkit.cli.references import one_or_all

    with working(chosen) as kit:
        held = one_or_all(kit, programme, relationship)
        names = Names.of(kit, programme)
        found = [one for each in held for one in kit.actions.of(each.id)]
        found = sorted(
            (one for one in found if one.state == "open" or not open_only),
            key=lambda one: one.order,
        )
        rows = [
            [
                short(one.id), names.name(one.owner), one.state, one.priority,
                str(one.due or ""), str(one.closed.date() if one.closed else ""),
            ]
            for one in found
        ]  # fmt: skip
    columns = ["action", "owner", "state", "priority", "due", "closed"]
    show_list(found, as_json, columns, rows, f"{programme} has no such actions")
    return 0


@click.command("add")
@click.argument("relationship")
@click.argument("title")
@click.option("--as", "person", required=True, metavar="PERSON", help="The member who adds it.")
@click.option("--owner", metavar="PERSON", help="The member who will do it; else whoever adds it.")
@click.option(
    "--due",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day by which it is done.",
)
@click.option(
    "--priority",
    type=click.Choice(["low", "normal", "high"]),
    metavar="WORD",
    default="normal",
    show_default=True,
    help="How urgent it is: low, normal or high.",
)
@click.option("--session", metavar="SESSION", help="The meeting that it came from.")
@click.option("--key", metavar="WORD", help="The same word again gives the same action again.")
@house_options
def add(
    relationship: str,
    title: str,
    person: str,
    owner: str | None,
    due: datetime.datetime | None,
    priority: Any,
    session: str | None,
    key: str | None,
    **chosen: Any,
) -> int:
    """Add the action TITLE in RELATIONSHIP; it stands at the head of the next agenda."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship, one_session

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        action = kit.actions.add(
            held.id,
            title,
            owner=one_member(kit, held, "--owner", owner) if owner else None,
            due=due.date() if due else None,
            priority=priority,
            session=one_session(kit, session).id if session else None,
            person=one_member(kit, held, "--as", person),
            key=key,
        )
    say(f"action {action.id} is {action.state}")
    return 0


@click.command("done")
@click.argument("action")
@house_options
def done(action: str, **chosen: Any) -> int:
    """Record that the owner of ACTION did it."""
    return _ended(action, "done", chosen)


@click.command("drop")
@click.argument("action")
@house_options
def drop(action: str, **chosen: Any) -> int:
    """Record that ACTION is given up."""
    return _ended(action, "drop", chosen)


def _ended(word: str, act: str, chosen: dict[str, Any]) -> int:
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_action

    with working(chosen) as kit:
        found = one_action(kit, word)
        changed = kit.actions.done(found.id) if act == "done" else kit.actions.drop(found.id)
    say(f"action {changed.id} is {changed.state}")
    return 0


commands = {"actions list": list_, "actions add": add, "actions done": done, "actions drop": drop}
