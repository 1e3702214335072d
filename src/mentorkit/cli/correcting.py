"""`mentorkit correct`: what was recorded of a meeting, put right."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.clocks import placed, time_of_day
from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.services.correcting import State


@click.command("correct")
@click.argument("session")
@click.option("--minutes", type=int, metavar="NUMBER", help="How long it lasted.")
@click.option("--at", metavar="TIME", callback=time_of_day, help="When it began.")
@click.option(
    "--attended", multiple=True, metavar="PERSON", help="Who came, all of them. Repeatable."
)
@click.option("--held", "state", flag_value="held", help="It took place after all.")
@click.option("--missed", "state", flag_value="missed", help="Somebody did not come after all.")
@click.option("--cancelled", "state", flag_value="cancelled", help="It was called off after all.")
@click.option(
    "--output", "outputs", multiple=True, metavar="NAME=TEXT", help="What came of it. Repeatable."
)
@house_options
def command(
    session: str,
    minutes: int | None,
    at: datetime.datetime | None,
    attended: tuple[str, ...],
    state: State | None,
    outputs: tuple[str, ...],
    **chosen: Any,
) -> int:
    """Put right what `log` or `meet` recorded of SESSION, as long as its relationship lasts.

    What is not given stays as it was. Awards that are not earned any more are taken back.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import Names, when
    from mentorkit.cli.references import one_member, one_session
    from mentorkit.cli.sessions import output
    from mentorkit.wording import counted

    if not any((minutes is not None, at, state, attended, outputs)):
        raise click.UsageError("say what was wrong: --minutes, --at, --attended, --held …")
    with working(chosen) as kit:
        found = one_session(kit, session)
        held = kit.relationships.get(found.relationship)
        at = placed(at, found.timezone, "--at") if at is not None else None
        came = [one_member(kit, held, "--attended", word) for word in attended] or None
        texts = dict(output(word) for word in outputs)
        put = kit.sessions.correct(
            found.id, state=state, starts=at, minutes=minutes, attended=came, outputs=texts
        )
        people = Names.few(kit).together(put.attended)
    length = counted((put.ends - put.starts) // datetime.timedelta(minutes=1), "minute")
    came_too = f", with {people}" if put.state == "held" else ""
    say(f"session {put.id} is {put.state}: {when(put)}, {length}{came_too}")
    return 0
