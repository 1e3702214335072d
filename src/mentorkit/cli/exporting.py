"""`mentorkit export`: all that is held of a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mentorkit.cli.house_options import house_options, working


@click.command("export")
@click.argument("person")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file; it must not be there yet.",
)
@house_options
def command(person: str, out: Path | None, **chosen: Any) -> int:
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
