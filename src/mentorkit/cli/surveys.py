"""`mentorkit survey show`, `list`, `answer` and `tallies`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working
from mentorkit.errors import Conflict, Invalid

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Question, Request, Tally

FILE = click.Path(path_type=Path, dir_okay=False)
COLUMNS = ("request", "person", "name", "survey", "question", "text", "takes", "answer")
"""Of the file in which answers are gathered: a line for each question."""
READ = ("request", "question", "answer")
"""Of these, the columns that are read back."""
LONGEST = 18
"""Digits of an answer that may be a number; no scale has more."""


@click.command("show")
@click.argument("programme")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def show(programme: str, as_json: bool, **chosen: Any) -> int:
    """Show what PROGRAMME asks of whom, when, for whose eyes, and whose words these are."""
    from mentorkit import codec
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean, print_json, print_table

    with working(chosen) as kit:
        asked = kit.feedback.surveys(programme)
    if as_json:
        print_json([codec.unstructure(one) for one in asked])
        return 0
    if not asked:
        say(f"{programme} asks nothing")
    for one in asked:
        whom = ", ".join(one.roles) or "everybody"
        click.echo(clean(f"{one.survey}: {whom}, {one.occasions or 'as its plugin says'}"))
        if one.source:
            click.echo(clean(f"  {one.source}, {one.licence}"))
        columns = ["question", "text", "takes", "for"]
        rows = [[held.id, str(held.text), takes(held), held.audience] for held in one.questions]
        print_table(columns, rows)
    return 0


@click.command("tallies")
@click.argument("programme")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def tallies(programme: str, as_json: bool, **chosen: Any) -> int:
    """Say how often each answer was given in PROGRAMME, where answers are counted.

    Answers count once they can no longer be changed, five people's or more at a time.
    """
    from mentorkit import codec
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import print_json, print_table

    with working(chosen) as kit:
        kit.programmes.get(programme)
        found = kit.feedback.tallies(programme)
    if as_json:
        print_json([codec.unstructure(one) for one in found])
    elif found:
        columns = ["survey", "occasion", "question", "answers", "net"]
        print_table(columns, [_counts(one) for one in found])
    else:
        say(f"nobody in {programme} has answered a question that is counted")
    return 0


def _counts(tally: Tally) -> list[str]:
    held: Mapping[str, int] = tally.counts or {}
    order = [str(step) for step in tally.question.numbers] or tally.question.options
    listed = ", ".join(f"{answer}: {held[answer]}" for answer in order if answer in held)
    net = "" if tally.net is None else f"{tally.net:+}"
    start = [tally.survey, tally.occasion, str(tally.question.text)]
    return [*start, listed or "too few to be told", net]


@click.command("list")
@click.argument("programme")
@click.option("--open", "only_open", is_flag=True, help="Only what can still be answered.")
@click.option("--out", type=FILE, help="Write the open questions (.csv), for `survey answer`.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(programme: str, only_open: bool, out: Path | None, as_json: bool, **chosen: Any) -> int:
    """List who was asked what in PROGRAMME, and until when. Answers are not shown."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import Names, short, show_list
    from mentorkit.cli.output import csv_text, write_text
    from mentorkit.cli.references import relationships_in

    if out is not None and out.suffix.lower() != ".csv":
        raise click.UsageError("--out must end in .csv")
    with working(chosen) as kit:
        names = Names.of(kit, programme)
        held = relationships_in(kit, programme)
        found = [request for one in held for request in kit.feedback.of(one.id)]
        found = [one for one in found if not (only_open or out) or one.state == "open"]
        found.sort(key=lambda one: (one.asked, one.person, one.survey, one.key))
        rows = [
            [short(one.id), names.name(one.person), one.survey, one.state, f"{one.until:%Y-%m-%d}"]
            for one in found
        ]
        lines = [
            _line(one, names.name(one.person), held) for one in found for held in one.questions
        ]
    if out is not None:
        write_text(out, csv_text(COLUMNS, lines))
        say(f"written: {out}")
        return 0
    columns = ["request", "person", "survey", "state", "until"]
    show_list(found, as_json, columns, rows, f"{programme} has no such requests")
    return 0


def _line(request: Request, name: str, question: Question) -> list[str]:
    start = [request.id, request.person, name, request.survey]
    return [*start, question.id, str(question.text), takes(question), ""]


def takes(question: Question) -> str:
    """What answers a question."""
    if numbers := question.numbers:
        return f"{numbers.start} to {numbers.stop - 1}"
    return " or ".join(question.options) if question.form == "choice" else "text"


@click.command("answer")
@click.argument("request", required=False)
@click.argument("answers", nargs=-1, metavar="[QUESTION=ANSWER]...")
@click.option(
    "--from", "source", type=FILE, help="Read answers that `survey list --out` asked for."
)
@house_options
def answer(
    request: str | None, answers: tuple[str, ...], source: Path | None, **chosen: Any
) -> int:
    """Record what somebody answers to REQUEST, or all the answers in a file.

    In the file, the columns `request`, `question` and `answer` are read. Who gave no answer,
    or too late, is passed over.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.wording import counted

    if bool(request) == bool(source):
        raise click.UsageError("name a request with its answers, or a file with --from")
    given = (
        read_answers(source) if source else {str(request): dict(_pair(word) for word in answers)}
    )
    late = []
    with working(chosen) as kit:
        for word, texts in given.items():
            try:
                _record(kit, word, texts)
            except Invalid as error:
                raise error.of(f"{source.name}: {word}") if source else error from None
            except Conflict as error:
                if not source:
                    raise
                late.append(str(error))
    for words in late:
        say(f"passed over: {words}")
    say(f"{counted(len(given) - len(late), 'request')} answered")
    return 0


def _record(kit: Kit, word: str, texts: dict[str, str]) -> None:
    from mentorkit.cli.references import one_request

    found = one_request(kit, word, texts)
    counted = {question.id for question in found.questions if question.numbers}
    answers = {name: _value(name in counted, text) for name, text in texts.items()}
    kit.feedback.answer(found.id, answers)


def _pair(word: str) -> tuple[str, str]:
    name, sign, text = word.partition("=")
    if not sign:
        raise click.UsageError(f"{word!r} must be a question and its answer: QUESTION=ANSWER")
    return name.strip(), text.strip()


def _value(counted: bool, text: str) -> str | int:
    return int(text) if counted and text.isdecimal() and len(text) <= LONGEST else text


def read_answers(source: Path) -> dict[str, dict[str, str]]:
    """The answers in a file by request and question, without those that were not given.

    Invalid names the file, and the row that cannot be read.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.enrolment.tables import nearest, read_tables
    from mentorkit.registry import installed

    (table,) = read_tables([source], installed())
    for doubt in table.doubts:
        say(f"note: {doubt}")
    columns = [table.column(name) or "" for name in READ]
    for name, column in zip(READ, columns, strict=True):
        if not column:
            words = f"lacks the column {name!r}; {nearest(name, [table])}"
            raise Invalid(table.name, words)
    given: dict[str, dict[str, str]] = {}
    for row in table.rows:
        request, question, text = (row.cells.get(column, "").strip() for column in columns)
        if text:
            given.setdefault(request, {})[question] = text
    return given


commands = {
    "survey show": show,
    "survey list": list_,
    "survey answer": answer,
    "survey tallies": tallies,
}
