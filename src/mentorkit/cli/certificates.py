"""`mentorkit certificate`: a page to print, for an award or for a mentoring that was completed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Diploma


@click.command("certificate")
@click.argument("award", required=False)
@click.option("--programme", metavar="ID", help="For having completed a mentoring in it.")
@click.option("--person", metavar="NAME", help="Who completed it.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True,
    help="Write the page to this file.",
)  # fmt: skip
@house_options
def certificate(
    award: str | None, programme: str | None, person: str | None, out: Path, **chosen: Any
) -> int:
    """Write a certificate to print: for AWARD, or for having completed a mentoring."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import write_text
    from mentorkit.reports import certificate as page

    if (award is None) == (programme is None) or (programme is None) != (person is None):
        raise click.UsageError("name an award, or else --programme and --person")
    if out.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(
            "--out must end in .html: it is a page, to be printed from a browser"
        )
    with working(chosen) as kit:
        if award is not None:
            made = kit.recognition.diploma(_award(kit, award))
        else:
            made = _completed(kit, str(programme), str(person))
    write_text(out, page(made))
    say(f"written: {out}")
    return 0


def _award(kit: Kit, word: str) -> str:
    """An award's id, by its beginning."""
    from mentorkit.cli.references import everything
    from mentorkit.errors import Invalid, NotFound

    runs = everything(kit.programmes.page)
    awards = [held for run in runs for held in kit.recognition.awards(run.id)]
    found = [held for held in awards if held.id == word] or [
        held for held in awards if len(word) > 3 and held.id.startswith(word)
    ]
    if not found:
        raise NotFound(f"there is no award {word!r}")
    if len(found) > 1:
        named = ", ".join(held.id for held in found)
        raise Invalid("", f"{word!r} may be any of these: {named}")
    return found[0].id


def _completed(kit: Kit, programme: str, person: str) -> Diploma:
    """For the last relationship that somebody completed in a programme."""
    from mentorkit.cli.references import anyone
    from mentorkit.errors import NotFound

    kit.programmes.get(programme)
    whom = anyone(kit, person)
    found = [
        held
        for held in kit.relationships.of(whom)
        if (held.programme, held.outcome) == (programme, "completed")
    ]
    if not found:
        raise NotFound(f"{person!r} has completed nothing in {programme!r}")
    last = max(found, key=lambda held: (held.since["closed"], held.id))
    return kit.recognition.completion(last.id, whom)


command = certificate
