"""`mentorkit export` and `erase`: all that is held of a person, handed out or forgotten."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, opened, working

if TYPE_CHECKING:
    from mentorkit.models import Export


@click.command("export")
@click.argument("person")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file; it must not be there yet.",
)
@house_options
def export(person: str, out: Path | None, **chosen: Any) -> int:
    """Write down, as JSON, all that is held of PERSON: an id, or a name that only one has.

    It is for that person: what they stated, wrote, answered and were given, private notes and
    wishes too. Of others it has nothing but the ids of those with whom they were together.
    """
    from mentorkit import codec
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import write_text
    from mentorkit.cli.references import anyone
    from mentorkit.errors import Invalid

    with working(chosen) as kit:
        held = kit.people.export(anyone(kit, person))
    text = codec.to_json(held)
    if out is None:
        click.echo(text, nl=False)
        return 0
    if out.exists():
        raise Invalid(str(out), "cannot be written: it is there already")
    write_text(out, text)
    say(f"written: {out}")
    return 0


@click.command("erase")
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do it without being asked again.")
@house_options
def erase(person: str, yes: bool, **chosen: Any) -> int:
    """Forget PERSON for good: an id, or a name that only one has.

    Their open relationships end, and what is theirs or tells of them goes. What they share with
    others keeps its dates, states and counts. Says first what will go, and asks.
    """
    from mentorkit import SYSTEM
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean
    from mentorkit.cli.references import anyone
    from mentorkit.store.database import settle

    with opened(chosen) as (house, tenant):
        with house.kit(actor=SYSTEM, tenant=tenant) as kit:
            held = kit.people.export(anyone(kit, person))
        for line in _going(held):
            say(clean(line))
        if not yes and not sys.stdin.isatty():
            raise click.UsageError("nobody is there to be asked: nothing was erased; --yes does it")
        # Nobody waits at a prompt with a transaction open.
        if not yes and not click.confirm("Erase all that? It cannot be taken back", err=True):
            say("nothing was erased")
            return 2
        with house.kit(actor=SYSTEM, tenant=tenant) as kit:
            kit.people.remove(held.person.id)
        settle(house.engine)
    say(f"erased: {clean(held.person.id)}; backups, and what subscribers hold, are yours to clear")
    return 0


def _going(held: Export) -> list[str]:
    """What an erasure takes away, line by line."""
    from mentorkit.wording import counted as numbered

    whom = held.person
    open_ones = [one for one in held.relationships if one.outcome is None]
    counts = {
        "open relationship": len(open_ones),
        "past relationship": len(held.relationships) - len(open_ones),
        "meeting": len(held.sessions),
    }
    words = {
        "note": len(held.notes),
        "goal": len(held.goals),
        "action": len(held.actions),
        "question": len(held.queries),
        "resource": len(held.resources),
        "insight": len(held.insights),
        "story": len(held.stories),
        "answered survey": sum(bool(request.answers) for request in held.requests),
        "award": len(held.awards),
        "thank-you": len(held.thanks),
        "conduct report": len(held.conduct),
        "booking offer": len(held.office_hours),
    }

    def listed(numbers: dict[str, int]) -> str:
        return ", ".join(numbered(number, noun) for noun, number in numbers.items() if number)

    programmes = ", ".join(enrolment.programme for enrolment in held.enrolments)
    lines = [
        f"{whom.name or whom.id} ({whom.id}): name, address and attributes go",
        f"the part in {programmes} goes, with skills, hours and wishes" if programmes else "",
        f"{listed(counts)}: what is open ends, dates stay, words go" if listed(counts) else "",
        f"{listed(words)}: what they say goes" if listed(words) else "",
    ]
    return [line for line in lines if line]


commands = {"export": export, "erase": erase}
