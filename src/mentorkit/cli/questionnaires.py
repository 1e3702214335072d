"""`mentorkit questionnaire`: answers asked for by a file, and read back from it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from mentorkit import SYSTEM
from mentorkit.cli.house_options import house_options, opened, working
from mentorkit.errors import Invalid, MentorkitError

if TYPE_CHECKING:
    from mentorkit.enrolment import Questionnaire
    from mentorkit.kit import Kit

PATH = click.Path(path_type=Path)


@click.command("out")
@click.argument("programme")
@click.option(
    "--out", required=True, type=PATH, help="A .csv with a row each, or a new folder of files."
)
@house_options
def out(programme: str, out: Path, **chosen: Any) -> int:
    """Write down what is asked of the people of PROGRAMME, with what is known of them.

    One sheet, a row for each of them; or a folder with a file for each.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import csv_text, write_text

    with working(chosen) as kit:
        asked = _questionnaire(kit, programme)
    rows = asked.rows()
    if out.suffix.lower() == ".csv":
        write_text(out, csv_text(asked.columns, rows))
    elif out.suffix:
        raise click.UsageError("--out must end in .csv, or name a folder")
    else:
        _write_folder(
            out,
            {_name(at, row[0]): csv_text(asked.columns, [row]) for at, row in enumerate(rows, 1)},
        )
    say(f"written: {out}, for {_people(len(rows))}")
    return 0


def _questionnaire(kit: Kit, programme: str) -> Questionnaire:
    """The questions, and those who take part or want to."""
    from mentorkit.enrolment import Questionnaire

    blueprint = kit.programmes.get(programme).blueprint
    there = [*kit.programmes.participants(programme), *kit.programmes.waiting(programme)]
    people = sorted((held.participant for held in there), key=lambda held: held.id)
    return Questionnaire(blueprint, tuple(people))


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _name(at: int, id: str) -> str:
    """A file's name: by the number alone, ids that differ in upper and lower case are two."""
    return f"{at:04}-{quote(id, safe='')[:60]}.csv"


def _write_folder(folder: Path, files: dict[str, str]) -> None:
    """Write a folder whole or not at all."""
    if folder.exists():
        raise Invalid("--out", f"{folder} is there already; name a new folder")
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, text in files.items():
            (made / name).write_text(text, encoding="utf-8", newline="")
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


@click.command("in")
@click.argument("programme")
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--dry-run", is_flag=True, help="Only say what it would change.")
@house_options
def in_(programme: str, files: tuple[Path, ...], dry_run: bool, **chosen: Any) -> int:
    """Read answers to PROGRAMME back from FILES or folders: all of them, or none.

    A cell that nobody touched changes nothing, and one that was emptied empties the answer. Of
    the suggested skills, those that are confirmed are kept.
    """
    from mentorkit.admission import differences
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean

    with opened(chosen) as (house, tenant), house.kit(actor=SYSTEM, tenant=tenant) as kit:
        asked = _questionnaire(kit, programme)
        answered = asked.read(
            _listed(files), house.registry, lambda doubt: say(clean(f"note: {doubt}"))
        )
        before = {held.id: held for held in asked.people}
        for one in answered:
            held = one.participant
            names = ", ".join(differences(before[held.id], held))
            say(clean(f"{held.id}: {names}"))
            if dry_run:
                continue
            try:
                kit.programmes.restate(programme, held)
            except MentorkitError as error:
                raise Invalid(one.place, str(error)) from None
    if dry_run:
        say("dry run: nothing was changed")
    click.echo(f"{_people(len(answered))} changed what they state")
    return 0


def _listed(paths: Sequence[Path]) -> list[Path]:
    """The files, and those in the folders, by name."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [file for file in inside if not file.name.startswith((".", "~$"))]
    return found


commands = {"questionnaire out": out, "questionnaire in": in_}
