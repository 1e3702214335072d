"""`mentorkit map`: propose how the columns of an unknown file are to be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mentorkit.cli.options import chosen_registry, encoding_option, plugin_options

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("map")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--out", type=FILE, help="Write the mapping here instead of printing it.")
@encoding_option
@plugin_options
def command(files: tuple[Path, ...], out: Path | None, encoding: str | None, **chosen: Any) -> int:
    """Propose a mapping for FILES, with comments, to be edited and given to `match --map`."""
    from mentorkit.cli.inputs import proposed, say
    from mentorkit.cli.output import write_text
    from mentorkit.enrolment import write_map

    text = write_map(proposed(files, chosen_registry(chosen), encoding))
    if out is None:
        click.echo(text, nl=False)
        return 0
    if out.exists():
        raise click.UsageError(f"{out} is there already; name another file")
    write_text(out, text)
    say(f"written: {out}")
    return 0
