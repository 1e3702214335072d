"""`mentorkit schedule`, `sessions` and `log`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.clocks import placed, time_of_day, zone_of
from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Session


@click.command("schedule")
@click.argument("programme")
@house_options
def schedule(programme: str, **chosen: Any) -> int:
    """Plan the meetings of PROGRAMME that are still to come, when all their people are free.

    What is planned or held already stays.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import Names
    from mentorkit.cli.output import clean
    from mentorkit.cli.references import relationships_in
    from mentorkit.wording import counted

    with working(chosen) as kit:
        held = {one.id: one for one in relationships_in(kit, programme)}
        made = kit.sessions.schedule(list(held))
        names = Names.of(kit, programme)
        for unplaced in made.unplaced:
            people = names.together(held[unplaced.wish].people)
            say(clean(f"not planned: meeting {unplaced.number} of {people}: {unplaced.cause}"))
    click.echo(f"{counted(len(made.sessions), 'meeting')} planned")
    return 0


@click.command("sessions")
@click.argument("programme")
@click.option("--relationship", metavar="RELATIONSHIP", help="Only those of one.")
@click.option(
    "--state",
    type=click.Choice(["planned", "held", "missed", "cancelled"]),
    metavar="STATE",
    help="Only planned, held, missed or cancelled ones.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def sessions(
    programme: str, relationship: str | None, state: str | None, as_json: bool, **chosen: Any
) -> int:
    """List the meetings of PROGRAMME in the order of time."""
    from mentorkit.cli.names import Names, short, show_list, when
    from mentorkit.cli.references import one_relationship, relationships_in

    with working(chosen) as kit:
        held = (
            [one_relationship(kit, relationship)]
            if relationship
            else relationships_in(kit, programme)
        )
        names = Names.of(kit, programme)
        together = {one.id: names.together(one.people) for one in held}
        found = [
            one for id in together for one in kit.sessions.of(id) if state in (None, one.state)
        ]
        found.sort(key=lambda one: (one.starts, together[one.relationship], one.number))
        rows = [
            [short(one.id), together[one.relationship], str(one.title), when(one), one.state]
            for one in found
        ]
    columns = ["session", "people", "title", "when", "state"]
    show_list(found, as_json, columns, rows, f"{programme} has no such meetings")
    return 0


@click.command("log")
@click.argument("sessions", nargs=-1, metavar="[SESSION]...")
@click.option("--all", "programme", metavar="PROGRAMME", help="All planned ones of a programme …")
@click.option(
    "--until", metavar="TIME", callback=time_of_day, help="… that end by then; else by now."
)
@click.option("--held", is_flag=True, help="It took place …")
@click.option("--at", metavar="TIME", callback=time_of_day, help="… then, not when it was planned.")
@click.option("--missed", is_flag=True, help="Somebody did not come.")
@click.option("--cancelled", is_flag=True, help="It will not take place.")
@click.option(
    "--attended", multiple=True, metavar="PERSON", help="Who came; by default, all. Repeatable."
)
@click.option(
    "--output", "outputs", multiple=True, metavar="NAME=TEXT", help="What came of it. Repeatable."
)
@house_options
def log(
    sessions: tuple[str, ...],
    programme: str | None,
    until: datetime.datetime | None,
    at: datetime.datetime | None,
    held: bool,
    missed: bool,
    cancelled: bool,
    attended: tuple[str, ...],
    outputs: tuple[str, ...],
    **chosen: Any,
) -> int:
    """Record that each SESSION was held, missed or cancelled.

    A session is named by its id, by the first signs of it, or as RELATIONSHIP#NUMBER:
    "Ada Okafor + Quinn Murphy#1". With --all, each gets those of the outputs that it is for.
    """
    from mentorkit.wording import counted

    became = {"held": held, "missed": missed, "cancelled": cancelled}
    states = [name for name, said in became.items() if said]
    if len(states) != 1:
        raise click.UsageError(
            "say what became of it: --held, --missed or --cancelled, one of them"
        )
    (state,) = states
    if state != "held" and (attended or outputs):
        raise click.UsageError("--attended and --output belong to --held")
    if bool(sessions) == bool(programme):
        raise click.UsageError("name sessions, or a programme with --all")
    if at is not None and (state != "held" or len(sessions) != 1):
        raise click.UsageError("--at belongs to --held and to one session")
    texts = dict(output(word) for word in outputs)
    with working(chosen) as kit:
        found = _found(kit, sessions, programme, until, chosen["now"])
        if programme:
            _check_due(found, texts)
        for session in found:
            brought = {name: text for name, text in texts.items() if name in session.due}
            _log(kit, session, state, attended, brought if programme else texts, at)
    click.echo(f"{counted(len(found), 'meeting')} {state}")
    return 0


def output(word: str) -> tuple[str, str]:
    """The name and the text of an output."""
    name, sign, text = word.partition("=")
    if not sign:
        raise click.UsageError(f"--output {word!r} must be a name and a text: NAME=TEXT")
    return name.strip(), text.strip()


def _found(
    kit: Kit,
    words: Sequence[str],
    programme: str | None,
    until: datetime.datetime | None,
    now: datetime.datetime | None,
) -> list[Session]:
    from mentorkit.cli.references import one_session, relationships_in

    if programme is None:
        return [one_session(kit, word) for word in words]
    if until is not None:
        until = placed(until, zone_of(kit, programme), "--until")
    last = until or now or datetime.datetime.now(datetime.UTC)
    held = relationships_in(kit, programme)
    found = [session for one in held for session in kit.sessions.of(one.id)]
    return [one for one in found if one.state == "planned" and one.ends <= last]


def _log(
    kit: Kit,
    session: Session,
    state: str,
    attended: Sequence[str],
    texts: Mapping[str, str],
    at: datetime.datetime | None,
) -> None:
    from mentorkit.cli.references import one_member

    if state == "missed":
        kit.sessions.miss(session.id)
        return
    if state == "cancelled":
        kit.sessions.cancel(session.id)
        return
    held = kit.relationships.get(session.relationship)
    came = [one_member(kit, held, "--attended", word) for word in attended] or None
    starts = None if at is None else placed(at, session.timezone, "--at")
    kit.sessions.hold(session.id, attended=came, outputs=texts, starts=starts)


def _check_due(found: Sequence[Session], texts: Mapping[str, str]) -> None:
    """Refuse an output that none of many meetings is for: it would be lost."""
    from mentorkit.errors import Invalid

    due = sorted({name for session in found for name in session.due})
    for name in texts:
        if name not in due:
            known = f"they are for {', '.join(due)}" if due else "they are for none"
            raise Invalid("--output", f"none of these meetings is for {name!r}; {known}")


commands = {"schedule": schedule, "sessions": sessions, "log": log}
