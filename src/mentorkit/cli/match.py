"""`mentorkit match`: from a spreadsheet to a plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.options import (
    chosen_executor,
    chosen_registry,
    encoding_option,
    executor_option,
    pair_options,
    plugin_options,
    starts_option,
)
from mentorkit.cli.plan_files import check_outputs
from mentorkit.cli.progress import aside, steps
from mentorkit.models import Choice, MatchPlan, Pair, Participant, Programme
from mentorkit.registry import Registry

if TYPE_CHECKING:
    from mentorkit.enrolment import Enrolment

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("match")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--map", "mapping", type=FILE, help="How columns are read (TOML; see init, map).")
@click.option("--programme", type=FILE, help="Criteria, constraints and policies (TOML).")
@click.option(
    "--matcher", metavar="NAME", help="optimal, most-people, fair, stable… or a plugin's."
)
@click.option("--weights", metavar="NAME=N,…", help="Other weights for criteria; 0 leaves one out.")
@starts_option
@click.option("--seed", type=click.IntRange(0), metavar="N", help="What chance is drawn from.")
@pair_options
@click.option(
    "--explain", nargs=2, metavar="A B", help="Say why, or why not, and what it would cost."
)
@click.option("--compare", metavar="NAME,…", help="Set the plans of several matchers side by side.")
@click.option("--from", "previous", type=FILE, help="Begin from this plan (.json); say who moves.")
@click.option("--out", type=FILE, help="Write the plan: .csv for spreadsheets, .json for verify.")
@click.option("--report", type=FILE, help="Write a page to show and print (.html).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--dry-run", is_flag=True, help="Only read and check the files.")
@click.option("--skip-faulty", is_flag=True, help="Go on with the good rows alone.")
@encoding_option
@executor_option
@plugin_options
def command(files: tuple[Path, ...], **options: Any) -> int:
    """Match the people in FILES: one file with everybody, or mentees and mentors in two.

    People in A B are named by id or by name. Without a mapping or a programme, both are
    proposed from the columns; `mentorkit init` writes them down to be edited.
    """
    from mentorkit.blueprint import check_purpose
    from mentorkit.cli.inputs import naming
    from mentorkit.cli.plan_files import read_plan, tell_moves, write_plan
    from mentorkit.matching import match

    _check(files, options)
    previous = read_plan(options["previous"]) if options["previous"] else None
    registry = chosen_registry(options)
    with steps(4) as step:
        step("reading")
        enrolment = _enrolment(files, options, registry)
        if options["dry_run"]:
            return 0
        people = enrolment.people
        programme = _programme(people, options)
        for attribute in enrolment.protected:
            check_purpose(attribute, programme.protected)
        with naming(options["programme"], options["matcher"] or options["compare"]):
            pins, forbids = _pairs(people, programme, options, registry)
            step("matching")
            if options["compare"]:
                return _compare(people, programme, pins, forbids, options, registry)
            with chosen_executor(options) as executor:
                plan = match(
                    people,
                    programme,
                    pins=pins,
                    forbids=forbids,
                    registry=registry,
                    previous=previous,
                    executor=executor,
                )
        step("writing")
        write_plan(plan, people, options)
    _print(plan, people, options, registry)
    if previous is not None:
        tell_moves(previous, plan, people)
    return 0


def _check(files: Sequence[Path], options: dict[str, Any]) -> None:
    """Refuse what cannot be meant before anything is read."""
    if len(files) > 2:
        raise click.UsageError("give one file with everybody, or mentees and mentors in two")
    if options["compare"] and any(
        options[name] for name in ("explain", "out", "report", "matcher", "previous", "executor")
    ):
        raise click.UsageError(
            "--compare only prints; leave out --matcher, --explain, --out, --report, --from,"
            " --executor"
        )
    if options["previous"] and options["previous"].suffix.lower() != ".json":
        raise click.UsageError("--from needs the .json file of `match --out plan.json`")
    read = {*files, options["mapping"], options["programme"], options["previous"]}
    check_outputs(options, read)


def _enrolment(files: Sequence[Path], options: dict[str, Any], registry: Registry) -> Enrolment:
    from mentorkit import codec
    from mentorkit.blueprint import blueprint_of
    from mentorkit.cli.inputs import enrolled, naming, no_mapping, only_role, say
    from mentorkit.wording import counted

    role = None
    if options["programme"]:
        stated = codec.from_toml(Programme, options["programme"], no_mapping)
        with naming(options["programme"], None):
            role = only_role(blueprint_of(stated, registry))
    skip, encoding = options["skip_faulty"], options["encoding"]
    enrolment = enrolled(files, options["mapping"], registry, skip, role, encoding)
    if options["dry_run"]:
        for role in sorted({role for held in enrolment.people for role in held.roles}):
            places = [held.roles[role] for held in enrolment.people if role in held.roles]
            click.echo(f"{counted(len(places), role)} with {counted(sum(places), 'place')}")
        say("dry run: the files can be read; nothing was matched or written")
    return enrolment


def _programme(people: Sequence[Participant], options: dict[str, Any]) -> Programme:
    from mentorkit.cli.inputs import chosen_programme

    return chosen_programme(
        options["programme"],
        people,
        options["matcher"],
        options["starts"],
        options["seed"],
        options["weights"],
    )


def _pairs(
    people: Sequence[Participant],
    programme: Programme,
    options: dict[str, Any],
    registry: Registry,
) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """The pins and the forbids, and in `options` the pair to explain, as ids."""
    from mentorkit.blueprint import blueprint_of
    from mentorkit.cli.inputs import named_pairs

    blueprint = blueprint_of(programme, registry)
    roles = (blueprint.roles[0].name, blueprint.roles[-1].name)
    if options["explain"]:
        options["explain"] = named_pairs("--explain", [options["explain"]], people, roles)[0]
    return (
        named_pairs("--pin", options["pins"], people, roles),
        named_pairs("--forbid", options["forbids"], people, roles),
    )


def _compare(
    people: Sequence[Participant],
    programme: Programme,
    pins: tuple[Pair, ...],
    forbids: tuple[Pair, ...],
    options: dict[str, Any],
    registry: Registry,
) -> int:
    from mentorkit import codec
    from mentorkit.cli.output import print_json, print_table
    from mentorkit.cli.wording import compared, proof
    from mentorkit.matching import compare

    matchers = [Choice(name.strip()) for name in options["compare"].split(",") if name.strip()]
    if not matchers:
        raise click.UsageError("--compare needs names, such as optimal,stable")
    plans = compare(people, programme, matchers, pins=pins, forbids=forbids, registry=registry)
    with aside():
        if options["as_json"]:
            print_json([codec.unstructure(plan) for plan in plans])
            return 0
        print_table(*compared(plans))
        for plan in plans:
            click.echo(f"{plan.matcher}: {proof(plan)}")
    return 0


def _print(
    plan: MatchPlan, people: Sequence[Participant], options: dict[str, Any], registry: Registry
) -> None:
    from mentorkit import codec
    from mentorkit.cli.output import clean
    from mentorkit.cli.plan_files import show_plan, tell_plan
    from mentorkit.cli.wording import explained

    if not options["explain"]:
        show_plan(plan, people, options)
        return
    from mentorkit.matching import explain

    told = explain(plan, people, options["explain"], registry=registry)
    if options["as_json"]:
        click.echo(codec.to_json(told), nl=False)
    else:
        click.echo("\n".join(map(clean, explained(told, people))))
    tell_plan(plan, people, options)
