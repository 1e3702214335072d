"""`mentorkit tour`: a whole programme played in seconds, by the commands that it shows."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from mentorkit.cli.house_options import DATABASE
from mentorkit.cli.options import chosen_registry, plugin_options


@click.command("tour")
@click.option(
    "--format",
    "names",
    default="smart-goals",
    metavar="NAME",
    help="A topology or a practice, or both with + between; smart-goals.",
)
@click.option("--database", metavar="URL", help="An empty database; else a file of its own.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Play in this new folder, and keep it.",
)
@plugin_options
def command(names: str, database: str | None, keep: Path | None, **chosen: Any) -> int:
    """Play a whole programme with made-up people, from the first enrolment to the last erasure.

    Each step says what happens, which command does it, and which call from Python. The
    commands are really run, on a calendar that begins on 1 September 2026.
    """
    from mentorkit.cli.tour_play import Tour

    registry = chosen_registry(chosen)
    url = _empty(database)
    with _folder(keep) as folder:
        tour = Tour(names=names, url=url, folder=folder, registry=registry, plugins=chosen)
        steps = tour.play()
    click.secho(f"That was a whole programme, in {len(steps)} commands.", bold=True)
    if keep:
        click.echo(f"All of it is kept in {keep}.")
    return 0


def _empty(database: str | None) -> str:
    """The URL of a database of the tour's own: the calendar is for all that is in it."""
    from mentorkit.cli.house_options import reached
    from mentorkit.errors import Conflict
    from mentorkit.store.database import engine_of, revision

    if database is None:
        return DATABASE
    engine = engine_of(database)
    url = engine.url
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise click.UsageError("--database must be kept: each command opens it anew")
        url = url.set(database=os.path.abspath(str(url.database)))
    with reached(), contextlib.closing(engine.connect()) as connection:
        there = revision(connection)
    engine.dispose()
    if there is not None:
        raise Conflict("the tour needs an empty database: this one has mentorkit's tables")
    return url.render_as_string(hide_password=False)


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="mentorkit-tour-") as folder:
            yield Path(folder)
        return
    if keep.exists() and any(keep.iterdir()):
        raise click.UsageError(f"--keep: {keep} is not empty; name a new folder")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep
