"""`mentorkit goals`: proposed, accepted, worked on, reached or dropped."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Goal

DAY = click.DateTime(["%Y-%m-%d"])


_as = click.option(
    "--as", "person", metavar="PERSON", help="The member who says so; else the goal's owner."
)


@click.command("list")
@click.argument("programme")
@click.option("--relationship", metavar="RELATIONSHIP", help="Only those of one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(programme: str, relationship: str | None, as_json: bool, **chosen: Any) -> int:
    """List goals of PROGRAMME: whose they are, and where they stand. Their words are private."""
    from mentorkit.cli.names import Names, short, show_list
    from mentorkit.cli.references import one_relationship, relationships_in

    with working(chosen) as kit:
        held = (
            [one_relationship(kit, relationship)]
            if relationship
            else relationships_in(kit, programme)
        )
        names = Names.of(kit, programme)
        goals = [goal for one in held for goal in kit.goals.of(one.id)]
        together = {one.id: names.together(one.people) for one in held}
        goals.sort(key=lambda goal: (together[goal.relationship], goal.owner, str(goal.due)))
        rows = [
            [
                short(goal.id), together[goal.relationship], names.name(goal.owner), goal.state,
                str(goal.due or ""), str(len(goal.progress)),
            ]
            for goal in goals
        ]  # fmt: skip
    columns = ["goal", "people", "owner", "state", "due", "records"]
    show_list(goals, as_json, columns, rows, f"{programme} has no goals")
    return 0


@click.command("add")
@click.argument("relationship")
@click.argument("title")
@click.option(
    "--as", "person", required=True, metavar="PERSON", help="The member whose goal it is."
)
@click.option("--metric", default="", metavar="TEXT", help="What is measured.")
@click.option("--baseline", type=float, metavar="NUMBER", help="Where the metric stands today.")
@click.option("--target", type=float, metavar="NUMBER", help="Where it shall stand.")
@click.option("--first-step", default="", metavar="TEXT", help="What is done first.")
@click.option("--objective", default="", metavar="TEXT", help="The programme's that it serves.")
@click.option("--due", type=DAY, metavar="DATE", help="The day by which it is reached.")
@click.option("--key", metavar="WORD", help="The same word again gives the same goal again.")
@house_options
def add(
    relationship: str,
    title: str,
    person: str,
    metric: str,
    baseline: float | None,
    target: float | None,
    first_step: str,
    objective: str,
    due: datetime.datetime | None,
    key: str | None,
    **chosen: Any,
) -> int:
    """Propose the goal TITLE in RELATIONSHIP; the others have to accept it.

    Where the programme's goals are smart, all of the options are needed.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        goal = kit.goals.propose(
            held.id,
            title,
            metric=metric,
            baseline=baseline,
            target=target,
            first_step=first_step,
            objective=objective,
            due=due.date() if due else None,
            person=one_member(kit, held, "--as", person),
            key=key,
        )
    say(f"goal {goal.id} is {goal.state}")
    return 0


@click.command("accept")
@click.argument("goals", nargs=-1, metavar="[GOAL]...")
@click.option("--all", "programme", metavar="PROGRAMME", help="All goals proposed in a programme.")
@click.option(
    "--as", "people", multiple=True, metavar="PERSON", help="A member; by default, all. Repeatable."
)
@house_options
def accept(
    goals: tuple[str, ...], programme: str | None, people: tuple[str, ...], **chosen: Any
) -> int:
    """Record that members accept each GOAL; once all have, it is agreed.

    A goal is named by its id, by the first signs of it, or by the people who work on it alone.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_goal, one_member, relationships_in

    if bool(goals) == bool(programme):
        raise click.UsageError("name goals, or a programme with --all")
    with working(chosen) as kit:
        if programme is None:
            found = [one_goal(kit, word) for word in goals]
        else:
            held = relationships_in(kit, programme)
            all_goals = [goal for one in held for goal in kit.goals.of(one.id)]
            found = [goal for goal in all_goals if goal.state == "proposed"]
        for at, goal in enumerate(found):
            one = kit.relationships.get(goal.relationship)
            for person in [one_member(kit, one, "--as", word) for word in people] or one.people:
                found[at] = kit.goals.accept(goal.id, person=person)
    say(_states(found))
    return 0


def _states(goals: list[Goal]) -> str:
    from mentorkit.wording import counted

    agreed = sum(goal.state == "agreed" for goal in goals)
    return f"{counted(len(goals), 'goal')}: {agreed} agreed, {len(goals) - agreed} still proposed"


@click.command("record")
@click.argument("goal")
@click.argument("value", type=float)
@click.option("--on", type=DAY, metavar="DATE", help="The day it was so; by default, today.")
@_as
@house_options
def record(
    goal: str, value: float, on: datetime.datetime | None, person: str | None, **chosen: Any
) -> int:
    """Record that the metric of GOAL stands at VALUE."""
    return _done(
        goal,
        person,
        chosen,
        lambda kit, id, member: kit.goals.record(
            id, value, on=on.date() if on else None, person=member
        ),
    )


@click.command("reach")
@click.argument("goal")
@_as
@house_options
def reach(goal: str, person: str | None, **chosen: Any) -> int:
    """Record that GOAL is reached."""
    return _done(goal, person, chosen, lambda kit, id, member: kit.goals.reach(id, person=member))


@click.command("drop")
@click.argument("goal")
@_as
@house_options
def drop(goal: str, person: str | None, **chosen: Any) -> int:
    """Record that GOAL is given up."""
    return _done(goal, person, chosen, lambda kit, id, member: kit.goals.drop(id, person=member))


def _done(
    word: str, person: str | None, chosen: dict[str, Any], do: Callable[[Kit, str, str], Goal]
) -> int:
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_goal, one_member

    with working(chosen) as kit:
        found = one_goal(kit, word)
        held = kit.relationships.get(found.relationship)
        member = one_member(kit, held, "--as", person) if person is not None else found.owner
        changed = do(kit, found.id, member)
    say(f"goal {changed.id} is {changed.state}")
    return 0


commands = {
    "goals list": list_,
    "goals add": add,
    "goals accept": accept,
    "goals record": record,
    "goals reach": reach,
    "goals drop": drop,
}
