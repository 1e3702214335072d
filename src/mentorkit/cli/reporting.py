"""`mentorkit status`, `report` and `journal`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.models import Event, ProgrammeReport, Status

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("status")
@click.argument("programme", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def status(programme: str | None, as_json: bool, **chosen: Any) -> int:
    """Say how all programmes stand, or PROGRAMME in full: its counts, and who waits for what."""
    from mentorkit import codec
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import RELATIONSHIP_COLUMNS, Names, relationship_rows
    from mentorkit.cli.next_steps import tell_lack
    from mentorkit.cli.output import clean, print_json, print_table
    from mentorkit.cli.references import everything, relationships_in

    with working(chosen) as kit:
        ids = [run.id for run in everything(kit.programmes.page)] if not programme else [programme]
        held = [kit.reports.status(id) for id in ids]
        waiting = []
        if programme:
            names = Names.of(kit, programme)
            open_ones = [one for one in relationships_in(kit, programme) if one.outcome is None]
            waiting = relationship_rows(kit, open_ones, names)
            tell_lack(kit, programme)
    if as_json:
        print_json([codec.unstructure(one) for one in held])
        return 0
    if programme:
        print_table(["what", "how many"], _counts(held[0]))
        if waiting:
            print_table(RELATIONSHIP_COLUMNS, waiting)
        for id, why in held[0].failing.items():
            say(f"what is due in {id} cannot be done, and is tried again: {clean(why)}")
    elif held:
        columns = ["programme", "name", "state", "participants", "relationships"]
        print_table(columns, [_line(one) for one in held])
    else:
        say("there is no programme; programme new creates one")
    return 0


def _line(held: Status) -> list[str]:
    together = _listed(held.relationships)
    return [held.programme, held.name, held.state, str(held.participants), together]


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "none"


def _counts(held: Status) -> list[list[str]]:
    slots = ("roles", "drafts", "relationships", "sessions", "requests", "signals")
    rows = [["state", held.state], ["participants", str(held.participants)]]
    rows += [["came", _listed(held.entries)]]
    others = {name: number for name, number in held.enrolments.items() if name != "enrolled"}
    if others:
        rows += [["others", _listed(others)]]
    rows += [["waiting", f"{number}: {reason}"] for reason, number in held.waiting.items()]
    rows += [[slot, _listed(getattr(held, slot))] for slot in slots]
    return rows + ([["chats", _listed(held.chats)]] if held.chats else [])


@click.command("report")
@click.argument("programme")
@click.option("--out", type=FILE, help="Write it to this file instead of printing it.")
@click.option(
    "--format",
    "form",
    metavar="FORM",
    type=click.Choice(["html", "csv", "json"]),
    help="html, csv or json; else by the ending of --out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--figures",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Outcomes from a file with the columns person, measure, date, value.",
)
@house_options
def report(
    programme: str,
    out: Path | None,
    form: str | None,
    as_json: bool,
    figures: Path | None,
    **chosen: Any,
) -> int:
    """Say what came of PROGRAMME, by the sections that its format names."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.next_steps import tell_lack
    from mentorkit.cli.options import chosen_registry
    from mentorkit.cli.output import write_text
    from mentorkit.enrolment.figures import read_figures

    form = _form(out, form, as_json)
    given = read_figures(figures, chosen_registry(chosen)) if figures else ()
    with working(chosen) as kit:
        made = kit.reports.report(programme, given)
        tell_lack(kit, programme)
    if form is None:
        _print(made)
        return 0
    text = WRITTEN[form](made)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_text(out, text)
        say(f"written: {out}")
    return 0


def _form(out: Path | None, form: str | None, as_json: bool) -> str | None:
    """How the report is written; None is for the eye."""
    if as_json and form not in (None, "json"):
        raise click.UsageError("--json and --format say different things; give one")
    form = "json" if as_json else form
    if form is not None or out is None:
        return form
    ending = out.suffix.lower().removeprefix(".")
    if ending not in WRITTEN:
        endings = ", ".join(f".{name}" for name in WRITTEN)
        raise click.UsageError(f"--out must end in one of {endings}, or --format say how")
    return ending


def _json(made: ProgrammeReport) -> str:
    from mentorkit import codec

    return codec.to_json(made)


def _page(made: ProgrammeReport) -> str:
    from mentorkit.reports import programme_report

    return programme_report(made)


def _table(made: ProgrammeReport) -> str:
    from mentorkit.reports import programme_table

    return programme_table(made)


WRITTEN = {"html": _page, "csv": _table, "json": _json}
"""What a report is written as: the text of each, by its name and ending."""


def _print(made: ProgrammeReport) -> None:
    from mentorkit.cli.output import clean, print_table

    click.echo(clean(made.name))
    for part in made.parts:
        click.echo(f"\n{clean(str(part.title))}")
        for sentence in part.sentences:
            click.echo(f"  {clean(str(sentence))}")
        if part.rows:
            print_table(part.columns, [[str(cell) for cell in row] for row in part.rows])


@click.command("journal")
@click.argument("programme", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def journal(programme: str | None, as_json: bool, **chosen: Any) -> int:
    """List what happened, in PROGRAMME or in all: ids and facts, no names."""
    from mentorkit.cli.names import short, show_list

    with working(chosen) as kit:
        if programme:
            kit.programmes.get(programme)
        events = kit.reports.journal(programme)
    rows = [
        [
            f"{event.at:%Y-%m-%d %H:%M:%S}", event.kind, short(event.subject),
            " ".join(event.people), _facts(event),
        ]
        for event in events
    ]  # fmt: skip
    columns = ["at (UTC)", "what", "subject", "people", "facts"]
    show_list(events, as_json, columns, rows, "nothing has happened yet")
    return 0


def _facts(event: Event) -> str:
    return ", ".join(f"{name} {fact}" for name, fact in event.facts.items())


commands = {"status": status, "report": report, "journal": journal}
