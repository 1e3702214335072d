"""`mentorkit audit`: how a plan treats groups of people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.options import chosen_registry, encoding_option, plugin_options

if TYPE_CHECKING:
    from mentorkit.models import Audit, Estimate, GroupAudit, RateGap

FILE = click.Path(path_type=Path, dir_okay=False)
NOT_SHOWN = "–"


@click.command("audit")
@click.argument("plan", type=FILE)
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--by", metavar="NAME", help="The attribute; else the one that the plan reports.")
@click.option("--map", "mapping", type=FILE, help="The mapping that was used, if one was.")
@click.option("--skip-faulty", is_flag=True, help="Leave faulty rows out, if that was done.")
@encoding_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@plugin_options
def command(
    plan: Path,
    files: tuple[Path, ...],
    by: str | None,
    mapping: Path | None,
    skip_faulty: bool,
    encoding: str | None,
    as_json: bool,
    **chosen: Any,
) -> int:
    """Say how a PLAN (.json) treats groups of the people in the FILES it was made from.

    For each role and each value of an attribute: how many are matched, how well, and how
    many have cause for envy. What would rest on fewer than five people is not shown.
    """
    from mentorkit import codec
    from mentorkit.cli.plan_files import read_with_people
    from mentorkit.matching import audit

    registry = chosen_registry(chosen)
    held, people = read_with_people(plan, files, mapping, registry, skip_faulty, encoding)
    by = by or held.quality.by
    if by is None:
        raise click.UsageError("name an attribute, such as --by department")
    found = audit(held, people, by, registry=registry)
    if as_json:
        click.echo(codec.to_json(found), nl=False)
    else:
        print_audit(found)
    return 0


def print_audit(found: Audit) -> None:
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean, print_table

    columns = ["role", found.by, "people", "matched", "rate", "95 % interval"]
    columns += ["mean fit", "mean rank", "envious"]
    rows = [_row(held) for held in found.groups]
    print_table(columns, rows)
    for gap in found.gaps:
        click.echo(clean(_told(gap)))
    if any(NOT_SHOWN in row for row in rows):
        say(f"{NOT_SHOWN} rests on too few people to be shown, or on none")


def _row(held: GroupAudit) -> list[str]:
    from mentorkit.wording import points

    def shown(number: int | None) -> str:
        return NOT_SHOWN if number is None else f"{number:,}"

    return [
        held.role,
        held.value,
        shown(held.people),
        shown(held.matched),
        NOT_SHOWN if held.rate is None else _percent(held.rate.value),
        NOT_SHOWN if held.rate is None else _between(held.rate),
        NOT_SHOWN if held.fit is None else points(held.fit),
        NOT_SHOWN if held.rank is None else _percent(held.rank),
        shown(held.envious),
    ]


def _told(gap: RateGap) -> str:
    if gap.gap.value == 0:
        return f"{gap.role}: the shown rates do not differ"
    return (
        f"{gap.role}: the rate of {gap.most} is {_tenths(gap.gap.value)} percentage points above"
        f" that of {gap.least} ({_between(gap.gap)}); {gap.said}"
    )


def _between(held: Estimate) -> str:
    return f"{_tenths(held.least)} to {_tenths(held.most)}"


def _percent(thousandths: int) -> str:
    return f"{_tenths(thousandths)} %"


def _tenths(thousandths: int) -> str:
    sign = "\N{MINUS SIGN}" if thousandths < 0 else ""
    whole, tenth = divmod(abs(thousandths), 10)
    return f"{sign}{whole}.{tenth}"
