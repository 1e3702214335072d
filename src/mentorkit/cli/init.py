"""`mentorkit init`: write a programme and a mapping to start from."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from mentorkit.cli.options import chosen_registry, encoding_option, plugin_options, starts_option

SAMPLE = Path(__file__).parent / "samples" / "people.csv"
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("init")
@click.argument("files", nargs=-1, type=FILE)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where to write, made if it is not there; the current folder by default.",
)
@starts_option
@encoding_option
@plugin_options
def command(
    files: tuple[Path, ...],
    folder: Path,
    starts: datetime.date | None,
    encoding: str | None,
    **chosen: Any,
) -> int:
    """Write `mapping.toml` and `programme.toml`, with comments, to be edited.

    Both are proposed from what FILES hold. Without FILES, made-up people are written to
    `people.csv` to try things on. Files that are there already are never overwritten.
    """
    from mentorkit.cli.inputs import programme_for, proposed, say
    from mentorkit.cli.output import write_text
    from mentorkit.enrolment import write_map
    from mentorkit.wording import listed

    names = ["mapping.toml", "programme.toml", *([] if files else [SAMPLE.name])]
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise click.UsageError(
            f"nothing was written, not to lose {listed(there)}; --folder writes elsewhere"
        )
    registry = chosen_registry(chosen)
    sources = files or (SAMPLE,)
    proposal = proposed(sources, registry, encoding)
    texts = {
        "mapping.toml": write_map(proposal),
        "programme.toml": programme_for(proposal, sources, registry, starts),
    }
    if not files:
        texts[SAMPLE.name] = SAMPLE.read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_text(folder / name, text)
        say(f"written: {folder / name}")
    people = " ".join(map(str, files)) or str(folder / SAMPLE.name)
    mapping, programme = folder / "mapping.toml", folder / "programme.toml"
    say(f"next: mentorkit match {people} --map {mapping} --programme {programme}")
    return 0
