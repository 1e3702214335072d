"""The `mentorkit` command: finds its sub-commands and turns errors into sentences.

Exit codes: 0 done; 1 a plugin failed, or a check found something; 2 the input or the
call cannot be used, and nothing was written; 130 interrupted, and nothing half written.
"""

from __future__ import annotations

import difflib
import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import click

from mentorkit import __version__

GROUP = "mentorkit.commands"
"""Entry points that add commands: each is a `click.Command`, imported when it is run."""

COMMANDS = {
    "match": "Match the people in a file or two, and say why.",
    "verify": "Check a plan that `match` wrote, without trusting who made it.",
    "map": "Propose how the columns of an unknown file are to be read.",
    "init": "Write a programme and a mapping to start from.",
    "plugins": "Show what is installed, what it contributes, and what failed.",
    "doctor": "Check this installation.",
}
SHOWN = 20
"""Faults printed at most; more of them only bury the first."""


class Commands(click.Group):
    """Commands by name; none is imported before it is run, so that help is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The built-in commands in the order of a day's work, then the contributed ones."""
        return [*COMMANDS, *sorted(set(_contributed()) - set(COMMANDS))]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported."""
        if name in COMMANDS:
            return _imported(import_module(f"mentorkit.cli.{name}").command)
        entry = _contributed().get(name)
        if entry is None:
            near = difflib.get_close_matches(name, self.list_commands(ctx), 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return _imported(entry.load())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from what is known without importing them."""
        rows = list(COMMANDS.items())
        for name in self.list_commands(ctx)[len(COMMANDS) :]:
            entry = _contributed()[name]
            rows.append((name, f"from {entry.dist.name}" if entry.dist else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _contributed() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _imported(command: object) -> click.Command:
    if not isinstance(command, click.Command):
        raise click.ClickException(f"{command!r} is not a click command")
    return command


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 a plugin or a check failed, 2 unusable input, 130 interrupted.",
)
@click.version_option(__version__, prog_name="mentorkit")
def group() -> None:
    """Mentoring from a spreadsheet: proven matches, with reasons."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one call and give its exit code; errors go to standard error as sentences."""
    from mentorkit.errors import Invalid, MentorkitError, PluginFailed

    try:
        code = group.main(arguments, prog_name="mentorkit", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except Invalid as error:
        for fault in error.faults[:SHOWN]:
            click.echo(f"error: {fault}", err=True)
        if len(error.faults) > SHOWN:
            click.echo(f"error: and {len(error.faults) - SHOWN} more", err=True)
        return 2
    except PluginFailed as error:
        click.echo(f"error: {error}", err=True)
        return 1
    except MentorkitError as error:
        click.echo(f"error: {error}", err=True)
        return 2
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing was half written", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {place}{error.strerror or error}", err=True)
        return 2
