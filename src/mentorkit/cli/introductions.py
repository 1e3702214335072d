"""`mentorkit introductions`: what those are told who were matched."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Introduction

_UNSAFE = re.compile(r"[^a-z0-9]+")
LONGEST = 40
"""Signs of a person's id in the name of a file at most."""


@click.command("introductions")
@click.argument("programme")
@click.option("--person", metavar="NAME", help="Only what this person is told.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Write one text file for each into this folder, instead of printing them.",
)  # fmt: skip
@house_options
def introductions(programme: str, person: str | None, out: Path | None, **chosen: Any) -> int:
    """Write what members of new relationships in PROGRAMME are told: with whom, why, what next."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import write_text
    from mentorkit.wording import counted

    with working(chosen) as kit:
        found = _found(kit, programme, person)
    if not found:
        say(f"nothing in {programme} is proposed or being agreed on")
        return 0
    if out is None:
        for held in found:
            click.echo(_printed(held))
        return 0
    out.mkdir(parents=True, exist_ok=True)
    for held in found:
        write_text(out / file_name(held), _whole(held))
    say(f"written: {counted(len(found), 'file')} in {out}")
    old = {path.name for path in out.glob("to-*.txt")} - {file_name(held) for held in found}
    if old and person is None:
        say(f"of earlier calls, and not to be sent any more: {', '.join(sorted(old))}")
    return 0


def _found(kit: Kit, programme: str, person: str | None) -> list[Introduction]:
    """Of all whose relationship has not come to its meetings, in the order of their ids."""
    from mentorkit.cli.references import anyone, relationships_in

    whom = None if person is None else anyone(kit, person)
    new = [
        held
        for held in relationships_in(kit, programme)
        if held.stage in ("proposed", "chemistry", "agreeing", "booked")
    ]
    return [
        kit.matching.introduction(held.id, one)
        for held in new
        for one in held.people
        if whom in (None, one)
    ]


def _whole(held: Introduction) -> str:
    return f"{held.subject}\n\n{held.text}"


def _printed(held: Introduction) -> str:
    from mentorkit.cli.output import clean

    return "\n".join(clean(line) for line in f"To: {held.person}\n{_whole(held)}".split("\n"))


def file_name(held: Introduction) -> str:
    """A file's name that every file system keeps, and no other introduction has."""
    plain = _UNSAFE.sub("-", held.person.lower()).strip("-")[:LONGEST]
    unique = hashlib.sha256(f"{held.person}\0{held.relationship}".encode()).hexdigest()[:12]
    return f"to-{plain}-{unique}.txt"


command = introductions
