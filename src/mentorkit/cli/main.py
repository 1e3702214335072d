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

HEADINGS = {
    "Matching from files": {
        "match": ("match", "Match the people in a file or two, and say why."),
        "verify": ("verify", "Check a plan that `match` wrote, without trusting who made it."),
        "audit": ("audit", "Say how a plan treats groups of people."),
        "map": ("map", "Propose how the columns of an unknown file are to be read."),
        "init": ("init", "Write a programme and a mapping to start from."),
    },
    "A programme, from its first day to its last": {
        "tour": ("tour", "Play a whole programme with made-up people, in seconds."),
        "programme new": ("programmes", "Create a programme from its file."),
        "programme list": ("programmes", "List the programmes."),
        "programme show": ("programmes", "Show what a programme is made of."),
        "import": ("enrolling", "Enrol the people in files, or change how they take part."),
        "applicants list": ("applicants", "List who applied or waits, and why."),
        "applicants add": ("applicants", "Record that the people in files applied."),
        "applicants approve": ("applicants", "Let applicants take part."),
        "applicants wait": ("applicants", "Put applicants on the waiting list."),
        "applicants decline": ("applicants", "Decline applicants."),
        "rate": ("applicants", "Record how somebody was rated."),
        "invite new": ("inviting", "Make an invitation, which works once."),
        "invite list": ("inviting", "List invitations."),
        "invite revoke": ("inviting", "Make an invitation work no longer."),
        "questionnaire out": (
            "questionnaires",
            "Write down what is asked of people.",
        ),
        "questionnaire in": ("questionnaires", "Read their answers back."),
        "draft": ("plans", "Match those who are enrolled, and keep the plan to be reviewed."),
        "publish": ("plans", "Make relationships of the draft."),
        "withdraw": ("plans", "Take back what was published, while nobody has answered."),
        "introductions": ("introductions", "Write what those are told who were matched."),
        "today": ("today", "Say who owes what."),
        "status": ("reporting", "Say how programmes stand, and who waits for what."),
        "relationships": ("relationships", "List who is together, and what comes next."),
        "agree": ("relationships", "Record that members accept and sign."),
        "expect": ("agreeing", "Record what a member expects, for the others to compare."),
        "terms": ("agreeing", "Show what members agree on, and propose other terms."),
        "decline": ("relationships", "Record that a member turns a proposal down."),
        "chat": ("steps", "Record that a member wants a chat before they answer."),
        "goals list": ("goals", "List goals and where they stand."),
        "goals add": ("goals", "Propose a goal in a member's name."),
        "goals accept": ("goals", "Record that members accept a goal."),
        "goals record": ("goals", "Record where a goal's metric stands."),
        "goals reach": ("goals", "Record that a goal is reached."),
        "goals drop": ("goals", "Record that a goal is given up."),
        "schedule": ("sessions", "Plan the meetings that are still to come."),
        "sessions": ("sessions", "List meetings."),
        "meet": ("preparing", "Plan one meeting more, or record one that was never planned."),
        "topic": ("preparing", "Add a topic to a meeting's agenda."),
        "prepare": ("preparing", "Print what a member takes along to a meeting."),
        "offer": ("booking", "Offer office hours."),
        "slots": ("booking", "List the slots of office hours that can be booked."),
        "book": ("booking", "Book a slot."),
        "move": ("booking", "Move a planned meeting."),
        "log": ("sessions", "Record that meetings were held, missed or cancelled."),
        "gatherings list": ("gatherings", "List programme events, and the seats that are left."),
        "gatherings who": ("gatherings", "List who comes, and who waits for a seat."),
        "gatherings announce": ("gatherings", "Announce a programme event."),
        "gatherings sign-up": ("gatherings", "Give people a seat, or a place to wait for one."),
        "gatherings sign-off": ("gatherings", "Take people off again."),
        "gatherings move": ("gatherings", "Move a programme event."),
        "gatherings hold": ("gatherings", "Record that it took place, and who came."),
        "gatherings cancel": ("gatherings", "Cancel a programme event."),
        "actions list": ("actions", "List actions and what became of them."),
        "actions add": ("actions", "Add an action, for a member to do."),
        "actions done": ("actions", "Record that an action was done."),
        "actions drop": ("actions", "Record that an action is given up."),
        "exchange list": ("exchange", "List who asked, answered and shared."),
        "exchange ask": ("exchange", "Ask the other members something."),
        "exchange answer": ("exchange", "Answer what another member asked."),
        "exchange share": ("exchange", "Share a link, or something in words."),
        "insights list": ("insights", "List what is carried over, and how far."),
        "insights add": ("insights", "Write down what a member may carry over."),
        "insights tried": ("insights", "Record that an insight was tried."),
        "insights adopted": ("insights", "Record that an insight is there to stay."),
        "stories list": ("stories", "List published stories, or all that a member reads."),
        "stories write": ("stories", "Write down a story in a member's words."),
        "stories rewrite": ("stories", "Record that its author says it in other words."),
        "stories consent": ("stories", "Record that a member consents to a story."),
        "stories withdraw": ("stories", "Record that a member does not, or no longer."),
        "stories drop": ("stories", "Take a story away altogether, for its author."),
        "survey show": ("surveys", "Show what a programme asks, of whom and when."),
        "survey list": ("surveys", "List who was asked what, or write open questions to a file."),
        "survey answer": ("surveys", "Record answers."),
        "survey tallies": ("surveys", "Say how often each answer was given."),
        "health": ("recognition", "List what needs attention, and settle it."),
        "ask-help": ("recognition", "Ask for help in a member's words."),
        "awards": ("recognition", "List what was earned."),
        "certificate": ("certificates", "Write a certificate to print."),
        "thank": ("recognition", "Thank one member in another's words."),
        "pause": ("steps", "Pause a relationship until a day."),
        "resume": ("steps", "Have it go on before that day."),
        "extend": ("steps", "Record that members want it to last longer, for a new goal."),
        "hand-over": ("steps", "Propose somebody in the place of one who leaves."),
        "complete": ("steps", "Close a relationship as it was meant to, before its last day."),
        "end": ("relationships", "End a relationship early, without fault."),
        "again": ("steps", "Take back that two people are never matched again."),
        "export": ("exporting", "Write down all that is held of a person, for them."),
        "erase": ("exporting", "Forget a person for good."),
        "close": ("programmes", "Close a programme."),
        "report": ("reporting", "Say what came of a programme."),
        "journal": ("reporting", "List what happened."),
    },
    "Keeping it running": {
        "migrate": ("running", "Bring the database's tables to this version."),
        "advance": ("running", "Do what is due."),
        "deliver": ("running", "Carry events to the subscribers."),
        "deliveries": ("running", "List events on their way, and replay those given up."),
        "run": ("running", "Advance and deliver, again and again."),
    },
    "This installation": {
        "plugins": ("plugins", "Show what is installed, what it contributes, and what failed."),
        "doctor": ("doctor", "Check this installation."),
    },
}
"""By heading: each command's module, and what it does. It is the module's `command`, or where
a module holds several, the one in its `commands` by that name."""
COMMANDS = {name: what for held in HEADINGS.values() for name, (_, what) in held.items()}
MODULES = {name: module for held in HEADINGS.values() for name, (module, _) in held.items()}
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
            return Family(name, help=f"Commands that begin with {name}.")
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
                formatter.write_dl([(name, COMMANDS[name]) for name in held], 16)
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


def _built_in(name: str) -> click.Command:
    module = import_module(f"mentorkit.cli.{MODULES[name]}")
    commands: dict[str, click.Command] = getattr(module, "commands", {})
    return commands.get(name) or _imported(module.command)


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
