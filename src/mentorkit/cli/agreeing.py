"""`mentorkit expect` and `terms`: what members expect of each other, and what they agree on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, opened, working

if TYPE_CHECKING:
    from mentorkit.cli.names import Names
    from mentorkit.kit import Kit
    from mentorkit.models import Agreement, AgreementPoint, Relationship

NUMBERS = ("cadence", "minutes")
POINT = "points."


@click.command("expect")
@click.argument("relationship")
@click.option("--as", "person", required=True, metavar="PERSON", help="The member who expects it.")
@click.option(
    "--point",
    "points",
    multiple=True,
    required=True,
    metavar="NAME=TEXT",
    help="What they expect on this; the first time, on all that `terms` lists. Repeatable.",
)
@house_options
def expect(relationship: str, person: str, points: tuple[str, ...], **chosen: Any) -> int:
    """Record what a member of RELATIONSHIP expects; the others read it once all have said theirs.

    Whoever has signed is asked again. A relationship is named as for `agree`.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import Names
    from mentorkit.cli.references import one_member, one_relationship

    words = dict(_pair("--point", word) for word in points)
    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        kit.relationships.expect(held.id, words, person=one_member(kit, held, "--as", person))
        told = _waits(kit.relationships.expectations(held.id), held, Names.few(kit))
    say(told)
    return 0


def _pair(option: str, word: str) -> tuple[str, str]:
    name, sign, text = word.partition("=")
    if not sign:
        raise click.UsageError(f"{option} {word!r} must be a name and a text: NAME=TEXT")
    return name.strip(), text.strip()


def _waits(found: Sequence[AgreementPoint], held: Relationship, names: Names) -> str:
    """What the signatures wait for, without a word of what was said."""
    from mentorkit.wording import listed

    left = [names.name(one) for one in held.people if any(one not in row.said for row in found)]
    if left:
        return f"{listed(left)} to say what they expect"
    if points := [row.name for row in found if row.settles is None]:
        return f"open: {', '.join(points)}"
    return "nothing is open; it can be signed"


@click.command("terms")
@click.argument("relationship")
@click.option("--as", "person", metavar="PERSON", help="What this member reads; else, the office.")
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Other terms: channels=…, cadence=7, points.reply=…; an empty one goes. Repeatable.",
)
@click.option("--propose", is_flag=True, help="Propose them in that member's name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def terms(
    relationship: str,
    person: str | None,
    changes: tuple[str, ...],
    propose: bool,
    as_json: bool,
    **chosen: Any,
) -> int:
    """Show the terms of RELATIONSHIP, what its members are asked, and who has signed.

    What members say is theirs: it is shown with --as, and as that member may read it. With
    --set, shows how other terms would read, or with --propose, proposes them.
    """
    from mentorkit import SYSTEM, Actor
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    if (propose and not changes) or (changes and person is None):
        raise click.UsageError("to propose terms, give --as PERSON, --set and --propose")
    with opened(chosen) as (house, tenant):
        with house.kit(actor=SYSTEM, tenant=tenant) as kit:
            held = one_relationship(kit, relationship)
            member = one_member(kit, held, "--as", person) if person is not None else None
            asked = kit.programmes.get(held.programme).blueprint.agreement.points
            names = _names(kit, held)
        if member is None:
            _show_office(held, asked, names, as_json)
            return 0
        with house.kit(actor=Actor(person=member), tenant=tenant) as kit:
            held = kit.relationships.get(held.id)
            wanted = _changed(held, changes)
            if propose:
                held = kit.relationships.propose_terms(held.id, wanted, version=held.version)
            elif changes:
                say("nothing was changed; add --propose")
            _show(held, kit.relationships.expectations(held.id), names, wanted, as_json)
    return 0


def _names(kit: Kit, held: Relationship) -> dict[str, str]:
    from mentorkit.cli.names import Names

    names = Names.few(kit)
    return {person: names.name(person) for person in held.people}


def _changed(held: Relationship, changes: Sequence[str]) -> Agreement:
    """The terms that were proposed last, or else those that hold, with these changes."""
    from mentorkit import codec
    from mentorkit.errors import Conflict, Invalid
    from mentorkit.models import Agreement

    base = _latest(held)
    if base is None:
        raise Conflict(f"relationship {held.id!r} has no agreement")
    data: dict[str, Any] = codec.unstructure(base)
    points = dict(data["points"])
    for name, text in (_pair("--set", word) for word in changes):
        if name.startswith(POINT):
            points[name.removeprefix(POINT)] = text
        elif name in NUMBERS and text.isdecimal():
            data[name] = int(text)
        else:
            data[name] = text
    data["points"] = {name: text for name, text in points.items() if text}
    try:
        return codec.structure(Agreement, data)
    except Invalid as error:
        raise error.of("--set") from None


def _show_office(
    held: Relationship, asked: Mapping[str, str], names: Mapping[str, str], as_json: bool
) -> None:
    """As the office reads it: days and lengths, who reads notes, and what is asked."""
    from mentorkit.access import as_coordinator
    from mentorkit.models import AgreementPoint

    seen = as_coordinator(held)
    rows = [AgreementPoint(name=point, question=question) for point, question in asked.items()]
    _show(seen, rows, names, _latest(seen), as_json)


def _latest(held: Relationship) -> Agreement | None:
    """What is proposed, on the days that hold by now, or else the agreement."""
    import attrs

    now = held.agreement
    if held.proposal is None or now is None:
        return now
    return attrs.evolve(held.proposal.agreement, starts=now.starts, ends=now.ends)


def _show(
    held: Relationship,
    found: Sequence[AgreementPoint],
    names: Mapping[str, str],
    wanted: Agreement | None,
    as_json: bool,
) -> None:
    """The terms that hold beside others that are wanted, and what members said to each point."""
    from mentorkit import codec
    from mentorkit.cli.output import print_json, print_table

    if as_json:
        parts = {"relationship": held, "expectations": list(found), "terms": wanted}
        print_json({name: codec.unstructure(part) for name, part in parts.items()})
        return
    proposal = held.proposal if wanted == _latest(held) else None
    now, other = _lines(held.agreement), _lines(wanted)
    rows = [[name, now.get(name, ""), other.get(name, "")] for name in {**now, **other}]
    agreed = _signed(proposal.signed, names) if proposal else ""
    rows.append(["signed by", _signed(held.signed, names), agreed])
    shown = 3 if proposal or wanted != held.agreement else 2
    print_table(["terms", "now", "proposed"][:shown], [row[:shown] for row in rows])
    columns = ["point", "question", *names.values(), "settled"]
    print_table(columns, [_row(one, names) for one in found])


def _lines(terms: Agreement | None) -> dict[str, str]:
    """Terms line by line, each point under its own name."""
    import attrs

    if terms is None:
        return {}
    held = attrs.asdict(terms, recurse=False)
    points = held.pop("points")
    lines = {name: str(value) for name, value in held.items() if value != ""}
    return lines | {f"{POINT}{name}": text for name, text in points.items()}


def _signed(people: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names[person] for person in people) or "nobody"


def _row(one: AgreementPoint, names: Mapping[str, str]) -> list[str]:
    said = [one.said.get(person, "") for person in names]
    return [one.name, one.question, *said, one.settles or ""]


commands = {"expect": expect, "terms": terms}
