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
from mentorkit.cli.contents import FAMILIES, HEADINGS

GROUP = "mentorkit.commands"
"""Entry points that add commands: each is a `click.Command`, imported when it is run."""

COMMANDS = {name: what for held in HEADINGS.values() for name, (_, what, _) in held.items()}
MODULES = {name: module for held in HEADINGS.values() for name, (module, _, _) in held.items()}
EXAMPLES = {name: words for held in HEADINGS.values() for name, (_, _, words) in held.items()}
SHOWN = 20
"""Faults printed at most; more of them only bury the first."""


class Commands(click.Group):
    """Commands by name; none is imported before it is run, so that help is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The first words: built-in in the order of a programme's life, then contributed."""
        return [*_first_words(), *sorted(set(_contributed()) - set(_first_words()))]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported; a first word alone gives the commands that begin with it."""
        if name in COMMANDS:
            return _built_in(name)
        if name in _first_words():
            return Family(name, help=FAMILIES[name])
        entry = _contributed().get(name)
        if entry is None:
            near = difflib.get_close_matches(name, self.list_commands(ctx), 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return _imported(entry.load())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from what is known without importing them."""
        for heading, held in HEADINGS.items():
            with formatter.section(heading):
                words = dict.fromkeys(name.split()[0] for name in held)
                formatter.write_dl([(word, _line(word)) for word in words], 16)
        contributed = self.list_commands(ctx)[len(_first_words()) :]
        entries = [_contributed()[name] for name in contributed]
        if entries:
            with formatter.section("From plugins"):
                formatter.write_dl(
                    [(held.name, f"from {held.dist.name}" if held.dist else "") for held in entries]
                )


class Family(click.Group):
    """Commands of two words that share the first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The second words."""
        return [
            name.split()[1] for name in COMMANDS if name.split()[0] == self.name and " " in name
        ]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported."""
        if name in self.list_commands(ctx):
            return _built_in(f"{self.name} {name}")
        known = ", ".join(self.list_commands(ctx))
        ctx.fail(f"No such command {name!r}; there are {known}.")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, COMMANDS[f"{self.name} {name}"]) for name in self.list_commands(ctx)]
            )


def _first_words() -> list[str]:
    return list(dict.fromkeys(name.split()[0] for name in COMMANDS))


def _line(word: str) -> str:
    """What a command does, or those that begin with this word."""
    return FAMILIES[word] + " …" if word in FAMILIES else COMMANDS[word]


def _built_in(name: str) -> click.Command:
    module = import_module(f"mentorkit.cli.{MODULES[name]}")
    commands: dict[str, click.Command] = getattr(module, "commands", {})
    command = commands.get(name) or _imported(module.command)
    command.epilog = f"\b\nExample:\n  mentorkit {name} {EXAMPLES[name]}".rstrip()
    return command


def _contributed() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _imported(command: object) -> click.Command:
    if not isinstance(command, click.Command):
        raise click.ClickException(f"{command!r} is not a click command")
    return command


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="With …, it is several commands: `mentorkit goals` lists them. Each says more with"
    " --help.\n\n"
    "Exit codes: 0 done, 1 a plugin or a check failed, 2 unusable input, 130 interrupted.",
)
@click.version_option(__version__, prog_name="mentorkit")
def group() -> None:
    """Mentoring from a spreadsheet: proven matches with reasons, and the programme after them."""


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
