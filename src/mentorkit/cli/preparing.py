"""`mentorkit meet`, `topic` and `prepare`: meetings beside the flow, agendas and prep sheets."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.booking import public_place
from mentorkit.cli.clocks import placed, time_of_day
from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.cli.names import Names
    from mentorkit.models import Goal, PrepSheet


@click.command("meet")
@click.argument("relationship")
@click.argument("time", callback=time_of_day)
@click.option("--minutes", type=int, metavar="NUMBER", help="How long; else as agreed.")
@click.option("--place", metavar="TEXT", help="Where it is.")
@public_place
@click.option("--link", metavar="URL", help="Where it is online: https.")
@click.option("--held", "state", flag_value="held", help="It took place already.")
@click.option("--missed", "state", flag_value="missed", help="Somebody did not come.")
@click.option(
    "--attended", multiple=True, metavar="PERSON", help="Who came; by default, all. Repeatable."
)
@click.option("--key", metavar="WORD", help="The same word again gives the same meeting again.")
@house_options
def meet(
    relationship: str,
    time: datetime.datetime,
    state: str | None,
    attended: tuple[str, ...],
    minutes: int | None,
    place: str | None,
    public: bool,
    link: str | None,
    key: str | None,
    **chosen: Any,
) -> int:
    """Plan one meeting more of RELATIONSHIP at TIME, or record one that was never planned.

    Before the members have answered the proposal, it is the one chat in which they get to know
    each other.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import when
    from mentorkit.cli.references import one_member, one_relationship

    if attended and state != "held":
        raise click.UsageError("--attended belongs to --held")
    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        time = placed(time, held.timezone, "TIME")
        came = [one_member(kit, held, "--attended", word) for word in attended] or None
        known: dict[str, Any] = {"minutes": minutes, "place": place, "public": public}
        known |= {"link": link, "key": key}
        if state is None:
            made = kit.sessions.plan(held.id, time, **known)
        else:
            missed = state == "missed"
            made = kit.sessions.record(held.id, time, attended=came, missed=missed, **known)
    what = "the chat" if made.chat else f"meeting {made.number}"
    say(f"{what}, {made.id}, is {made.state}: {when(made)}")
    return 0


@click.command("topic")
@click.argument("session")
@click.argument("topic")
@click.option("--as", "person", required=True, metavar="PERSON", help="The member who adds it.")
@house_options
def topic(session: str, topic: str, person: str, **chosen: Any) -> int:
    """Add TOPIC to the agenda of SESSION, which is planned."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_session
    from mentorkit.wording import counted

    with working(chosen) as kit:
        found = one_session(kit, session)
        held = kit.relationships.get(found.relationship)
        member = one_member(kit, held, "--as", person)
        changed = kit.sessions.add_topic(found.id, topic, person=member)
    say(f"the agenda has {counted(len(changed.agenda), 'topic')}")
    return 0


@click.command("prepare")
@click.argument("session")
@click.option("--as", "person", required=True, metavar="PERSON", help="The member it is for.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def prepare(session: str, person: str, as_json: bool, **chosen: Any) -> int:
    """Print what a member takes along to SESSION: for them alone, with their private notes."""
    from mentorkit import codec
    from mentorkit.cli.names import Names
    from mentorkit.cli.output import clean, print_json
    from mentorkit.cli.references import one_member, one_session

    with working(chosen) as kit:
        found = one_session(kit, session)
        held = kit.relationships.get(found.relationship)
        member = one_member(kit, held, "--as", person)
        sheet = kit.sessions.prepare(found.id, person=member)
        lines = list(_lines(sheet, Names.few(kit)))
    if as_json:
        print_json(codec.unstructure(sheet))
    else:
        click.echo("\n".join(map(clean, lines)))
    return 0


def _lines(sheet: PrepSheet, names: Names) -> Iterator[str]:
    """The sheet for the eye, without the parts in which nothing is."""
    from mentorkit.cli.names import when

    held = sheet.session
    place = [word for word in (held.place, held.link) if word]
    yield ", ".join([f"{held.title} of {when(held)}", *place])
    parts = {
        "Open actions": [
            f"{names.name(one.owner)}: {one.title} ({', '.join(_marks(one.due, one.priority))})"
            for one in sheet.actions
        ],
        "Agenda": [str(said) for said in held.agenda],
        "Goals": [
            f"{names.name(one.owner)}: {one.title} ({_standing(one)})" for one in sheet.goals
        ],
        "Notes": [
            f"{names.name(one.author)}{'' if one.shared else ', private'}: {one.text}"
            for one in sheet.notes
        ],
        "Open questions": [f"{names.name(one.asker)}: {one.words}" for one in sheet.queries],
    }
    for title, lines in parts.items():
        if lines:
            yield from ("", title, *(f"- {line}" for line in lines))


def _marks(due: datetime.date | None, priority: str) -> list[str]:
    return [f"due {due}" if due else "no day", *([priority] if priority != "normal" else [])]


def _standing(goal: Goal) -> str:
    """Where a goal stands by its last record."""
    if not goal.metric:
        return goal.state
    value = goal.progress[-1].value if goal.progress else goal.baseline
    return f"{goal.state}; {goal.metric}: {_number(value)} of {_number(goal.target)}"


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


commands = {"meet": meet, "topic": topic, "prepare": prepare}
