"""A plan on the terminal and in files, as `match` and `draft` both give it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import click

from mentorkit.models import MatchPlan, Participant
from mentorkit.registry import Registry


def check_outputs(options: dict[str, Any], read: Collection[Path | None] = ()) -> None:
    """Refuse an --out or a --report that cannot be written, or that is read."""
    if options["out"] and options["out"].suffix.lower() not in (".csv", ".json"):
        raise click.UsageError("--out must end in .csv or .json")
    if options["report"] and options["report"].suffix.lower() not in (".html", ".htm"):
        raise click.UsageError("--report must end in .html")
    inputs = {path.resolve() for path in read if path}
    for name in ("out", "report"):
        if options[name] and options[name].resolve() in inputs:
            raise click.UsageError(f"--{name} would overwrite {options[name]}, which is read")
        if options[name] and not options[name].resolve().parent.is_dir():
            raise click.UsageError(f"--{name}: there is no folder {options[name].parent}")


def write_plan(plan: MatchPlan, people: Sequence[Participant], options: dict[str, Any]) -> None:
    """Everything is made before anything is written."""
    from mentorkit import codec
    from mentorkit.cli.output import csv_text, write_text
    from mentorkit.cli.wording import plan_columns, plan_rows

    texts = []
    if options["out"]:
        if options["out"].suffix.lower() == ".json":
            texts.append((options["out"], codec.to_json(plan)))
        else:
            texts.append((options["out"], csv_text(plan_columns(plan), plan_rows(plan, people))))
    if options["report"]:
        from mentorkit.reports import match_report

        texts.append((options["report"], match_report(plan, people)))
    for path, text in texts:
        write_text(path, text)


def read_plan(path: Path) -> MatchPlan:
    """A plan that was written as JSON. Invalid, naming the file and the place."""
    from mentorkit import codec
    from mentorkit.errors import Invalid

    try:
        return codec.from_json(MatchPlan, path.read_bytes())
    except OSError as error:
        raise Invalid(path.name, f"cannot be read: {error.strerror}") from None
    except Invalid as error:
        raise error.of(path.name) from None


def read_with_people(
    path: Path,
    files: Sequence[Path],
    mapping: Path | None,
    registry: Registry,
    skip_faulty: bool,
    encoding: str | None,
) -> tuple[MatchPlan, Sequence[Participant]]:
    """A plan with the people of the files that it was made from."""
    from mentorkit.cli.inputs import enrolled

    if path.suffix.lower() != ".json":
        raise click.UsageError("the plan comes first: the .json file of `match --out plan.json`")
    plan = read_plan(path)
    role = plan.roles[0] if len(plan.roles) == 1 else None
    return plan, enrolled(files, mapping, registry, skip_faulty, role, encoding).people


def show_plan(plan: MatchPlan, people: Sequence[Participant], options: dict[str, Any]) -> None:
    """Print the plan, and what there is to say of it."""
    from mentorkit import codec
    from mentorkit.cli.wording import print_plan

    if options["as_json"]:
        click.echo(codec.to_json(plan), nl=False)
    else:
        print_plan(plan, people)
    tell_plan(plan, people, options)


def tell_moves(before: MatchPlan, plan: MatchPlan, people: Sequence[Participant]) -> None:
    """Say who moves from an earlier plan to this one."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean
    from mentorkit.cli.wording import paired
    from mentorkit.matching import moves

    moved = moves(before, plan)
    if not moved.comes and not moved.goes:
        say("nobody moves")
    for word, pairs in (("comes", moved.comes), ("goes", moved.goes)):
        if pairs:
            say(clean(f"{word}: {paired(pairs, people)}"))


def tell_plan(plan: MatchPlan, people: Sequence[Participant], options: dict[str, Any]) -> None:
    """Say beside the result what it comes to, and where it was written."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean
    from mentorkit.cli.wording import result, without_fit

    say(result(plan, people))
    for note in plan.notes:
        say(clean(str(note)))
    if alone := without_fit(plan):
        say(alone)
    for name in ("out", "report"):
        if options[name]:
            say(f"written: {options[name]}")
