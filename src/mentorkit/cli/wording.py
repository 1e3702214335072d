"""Sentences and rows for a plan, in the reader's words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from mentorkit.cli.output import clean, print_table
from mentorkit.models import Explanation, MatchPlan, Pair, Participant
from mentorkit.wording import Directory, claim, counted, listed, plural, points, share

SHOWN = 20
"""Matches shown on a terminal; all go into files and pipes."""


def result(plan: MatchPlan, people: Sequence[Participant]) -> str:
    """The plan in one sentence or two."""
    quality = plan.quality
    sides = listed([counted(sum(quality.load[role].values()), role) for role in plan.roles])
    pairs = counted(quality.matches, "pair")
    return f"{pairs} among {sides}; {points(quality.total)} points: {proof(plan)}"


def without_fit(plan: MatchPlan) -> str:
    """How many pairs have nothing in their favour, and what would leave them out."""
    loose = [match for match in plan.matches if match.findings and not match.pinned]
    bare = sum(match.shown_fit == 0 for match in loose)
    if not bare:
        return ""
    return f"{counted(bare, 'pair')} of these without a point of fit; a floor may leave such out"


def proof(plan: MatchPlan) -> str:
    """What is proven of the total."""
    claimed = claim(plan.quality, plan.certificate)
    if not claimed and plan.quality.blocking_pairs == 0:
        claimed = "no two people would both rather have each other"
    return clean(claimed or "nothing is claimed of the total")


def plan_columns(plan: MatchPlan) -> list[str]:
    """What stands in each cell of `plan_rows`."""
    people = [column for role in _sides(plan) for column in (f"{role} id", role)]
    return ["status", *people, "fit", "reasons", "caveat"]


def plan_rows(plan: MatchPlan, people: Sequence[Participant]) -> list[list[str]]:
    """The plan as rows: the matches, then who is left and why."""
    directory = Directory.of(people)
    name = directory.name
    rows = []
    for match in plan.matches:
        left, right = match.team.people
        rows.append([
            "pinned" if match.pinned else "matched",
            left, name(left), right, name(right), points(match.shown_fit),
            "; ".join(directory.said(found) for found in match.reasons),
            directory.said(match.caveat) if match.caveat else "",
        ])  # fmt: skip
    for left_over in plan.unmatched:
        person = [left_over.person, name(left_over.person)]
        sides = [*person, "", ""] if left_over.role == plan.roles[0] else ["", "", *person]
        remedy = str(left_over.remedy or "")
        rows.append(["unmatched", *sides, "", str(left_over.cause), remedy])
    return rows


def _sides(plan: MatchPlan) -> tuple[str, str]:
    """What the two people of a pair are called."""
    if len(plan.roles) == 1:
        return plan.roles[0], f"other {plan.roles[0]}"
    return plan.roles[0], plan.roles[1]


def print_plan(plan: MatchPlan, people: Sequence[Participant]) -> None:
    """All rows into a pipe; on a terminal the gist of the first, which fits its width."""
    if not sys.stdout.isatty():
        print_table(plan_columns(plan), plan_rows(plan, people))
        return
    directory = Directory.of(people)
    name = directory.name
    rows = []
    for match in plan.matches[:SHOWN]:
        why = [directory.said(found) for found in match.reasons[:2]]
        sides = [name(person) for person in match.team.people]
        pinned = ["pinned"] if match.pinned else []
        rows.append([*sides, points(match.shown_fit), "; ".join(pinned + why)])
    print_table([*_sides(plan), "fit", "why"], rows)
    for left_over in plan.unmatched[:SHOWN]:
        remedy = f"; {left_over.remedy}" if left_over.remedy else ""
        person = f"{name(left_over.person)} ({left_over.role})"
        click.echo(clean(f"left without a partner: {person}: {left_over.cause}{remedy}"))
    more = max(len(plan.matches) - SHOWN, 0) + max(len(plan.unmatched) - SHOWN, 0)
    if more:
        click.echo(f"and {more} more; --out or --report has all of them")


def explained(told: Explanation, people: Sequence[Participant]) -> list[str]:
    """Why two people are matched, or why not, line by line."""
    directory = Directory.of(people)
    name = directory.name
    left, right = (name(person) for person in told.pair)
    lines = [f"{left} with {right}: {'matched' if told.matched else 'not matched'}"]
    lines += [f"  not allowed: {message}" for message in told.forbidden]
    lines.append(f"  fit: {points(told.shown_fit)} points")
    lines += [
        f"    {points(found.score)} of {found.weight}  {found.use}: {directory.said(found)}"
        for found in told.findings
    ]
    if told.cost is not None:
        lines += _instead(told, name)
    return lines


def _instead(told: Explanation, name: Callable[[str], str]) -> list[str]:
    cost = told.cost or 0
    change = f"{points(abs(cost))} points {'lower' if cost > 0 else 'higher'}"
    lines = [f"  with this pair, the total would be {change if cost else 'the same: a tie'}"]
    if told.comes:
        lines.append(f"    would come: {_paired(told.comes, name)}")
    if told.goes:
        lines.append(f"    would go: {_paired(told.goes, name)}")
    return lines


def paired(pairs: Sequence[Pair], people: Sequence[Participant]) -> str:
    """Up to ten pairs by name."""
    return _paired(pairs, Directory.of(people).name)


def _paired(pairs: Sequence[Pair], name: Callable[[str], str]) -> str:
    shown = [" with ".join(name(person) for person in pair) for pair in pairs[:10]]
    more = [f"{len(pairs) - 10} more"] if len(pairs) > 10 else []
    return ", ".join(shown + more)


def _score(thousandths: int | None) -> str:
    return "–" if thousandths is None else points(thousandths)


def compared(plans: Sequence[MatchPlan]) -> tuple[list[str], list[list[str]]]:
    """Several plans side by side, a column each; the proven best total is 100 %."""
    best = max((plan.quality.total for plan in plans if plan.certificate.gap == 0), default=0)
    figures = [_figures(plan, best) for plan in plans]
    columns = ["figure", *(plan.matcher for plan in plans)]
    return columns, [[name, *(held[name] for held in figures)] for name in figures[0]]


def _figures(plan: MatchPlan, best: int) -> dict[str, str]:
    quality = plan.quality
    return {
        "pairs": str(quality.matches),
        "total": points(quality.total),
        "of the best": clean(share(quality.total, best)) if best else "–",
        "mean fit": _score(quality.mean),
        "least fit": _score(quality.least),
        "blocking pairs": str(quality.blocking_pairs),
    } | {
        f"{plural(role)} with their best fit": str(quality.ranks[role].get("1", 0))
        for role in plan.roles
    }
