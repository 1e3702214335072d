"""`mentorkit relationships`, `agree`, `decline` and `end`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working
from mentorkit.lifecycle import BESIDE, STAGES

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Relationship


@click.command("relationships")
@click.argument("programme")
@click.option(
    "--stage",
    type=click.Choice([*STAGES, *BESIDE]),
    metavar="STAGE",
    help=f"Only those in this stage: {', '.join([*STAGES, *BESIDE])}.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def relationships(programme: str, stage: str | None, as_json: bool, **chosen: Any) -> int:
    """List who is together in PROGRAMME, where they stand and what comes next."""
    from mentorkit.cli.names import RELATIONSHIP_COLUMNS, Names, relationship_rows, show_list
    from mentorkit.cli.references import relationships_in

    with working(chosen) as kit:
        held = [one for one in relationships_in(kit, programme) if stage in (None, one.stage)]
        names = Names.of(kit, programme)
        rows = relationship_rows(kit, held, names)
    none = f"{programme} has no relationships{f' that are {stage}' if stage else ''}"
    show_list(held, as_json, RELATIONSHIP_COLUMNS, rows, none)
    return 0


@click.command("agree")
@click.argument("relationships", nargs=-1, metavar="[RELATIONSHIP]...")
@click.option("--all", "programme", metavar="PROGRAMME", help="All relationships of a programme.")
@click.option(
    "--as", "people", multiple=True, metavar="PERSON", help="A member; by default, all. Repeatable."
)
@click.option("--accept", "only_accept", is_flag=True, help="They accept, and do not sign yet.")
@house_options
def agree(
    relationships: tuple[str, ...],
    programme: str | None,
    people: tuple[str, ...],
    only_accept: bool,
    **chosen: Any,
) -> int:
    """Record that members of each RELATIONSHIP accept and then sign, as far as they can.

    Where other terms were proposed for an agreement in force, they sign these.
    A relationship is named by its id, by the first signs of it, or by its people:
    "Ada Okafor + Quinn Murphy".
    """
    from mentorkit.cli.names import RELATIONSHIP_COLUMNS, Names, relationship_row
    from mentorkit.cli.output import print_table
    from mentorkit.cli.references import one_member

    rows = []
    with working(chosen) as kit:
        names = Names.of(kit, programme) if programme else Names.few(kit)
        for held in _chosen(kit, relationships, programme):
            members = [one_member(kit, held, "--as", word) for word in people] or held.people
            held, held_back = _agreed(kit, held, members, only_accept)
            rows.append(relationship_row(kit, held, names, held_back))
    print_table(RELATIONSHIP_COLUMNS, sorted(rows, key=lambda row: row[1]))
    return 0


def _chosen(kit: Kit, words: Sequence[str], programme: str | None) -> list[Relationship]:
    from mentorkit.cli.references import one_relationship, relationships_in

    if bool(words) == bool(programme):
        raise click.UsageError("name relationships, or a programme with --all")
    if programme is None:
        return [one_relationship(kit, word) for word in words]
    return [held for held in relationships_in(kit, programme) if held.stage in BEFORE]


BEFORE = ("proposed", "chemistry", "agreeing")
"""The stages in which members accept and sign."""


def _agreed(
    kit: Kit, held: Relationship, people: Sequence[str], only_accept: bool
) -> tuple[Relationship, str]:
    """The relationship as far as these members bring it, and what holds it back there."""
    from mentorkit.errors import Conflict

    steps: tuple[tuple[tuple[str, ...], Callable[..., Relationship]], ...] = (
        (("proposed", "chemistry"), kit.relationships.accept),
        (("agreeing",), kit.relationships.sign),
    )
    if held.stage in ("active", "paused") and held.proposal is not None and not only_accept:
        steps = ((("active", "paused"), kit.relationships.sign),)
    for stages, step in steps[:1] if only_accept else steps:
        for person in people:
            if held.stage not in stages:
                break
            try:
                held = step(held.id, person=person)
            except Conflict as error:
                return held, str(error)
    return held, ""


_not_again = click.option(
    "--not-again", is_flag=True,
    help="No programme matches this member with the others again; nobody else learns of it.",
)  # fmt: skip


@click.command("decline")
@click.argument("relationship")
@click.option("--as", "person", required=True, metavar="PERSON", help="The member who declines.")
@_not_again
@house_options
def decline(relationship: str, person: str, not_again: bool, **chosen: Any) -> int:
    """Record that a member turns the proposal of RELATIONSHIP down, which closes it.

    The next draft leaves these people apart.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        member = one_member(kit, held, "--as", person)
        held = kit.relationships.decline(held.id, person=member, not_again=not_again)
    say(f"relationship {held.id} is {held.stage}: {held.outcome}")
    return 0


@click.command("end")
@click.argument("relationship")
@click.option("--as", "person", metavar="PERSON", help="The member who ends it; else, the office.")
@click.option("--reason", default="", metavar="TEXT", help="A private note of that member's.")
@_not_again
@house_options
def end(relationship: str, person: str | None, reason: str, not_again: bool, **chosen: Any) -> int:
    """End RELATIONSHIP early, without fault; meetings still planned are cancelled."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    if (reason or not_again) and person is None:
        option = "a --reason" if reason else "--not-again"
        raise click.UsageError(f"{option} is a member's own; name the member with --as")
    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        member = one_member(kit, held, "--as", person) if person is not None else None
        held = kit.relationships.end(held.id, person=member, reason=reason, not_again=not_again)
    say(f"relationship {held.id} is {held.stage}: {held.outcome}")
    return 0


commands = {"relationships": relationships, "agree": agree, "decline": decline, "end": end}
