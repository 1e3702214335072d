"""`mentorkit insights`: what members carry over into their own work."""

from __future__ import annotations

from typing import Any

import click

from mentorkit.cli.house_options import house_options, working


@click.command("list")
@click.argument("programme")
@click.option("--relationship", metavar="RELATIONSHIP", help="Only those of one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(programme: str, relationship: str | None, as_json: bool, **chosen: Any) -> int:
    """List insights of PROGRAMME: whose, from which field, and how far. Their words are private."""
    from mentorkit.cli.names import Names, short, show_list
    from mentorkit.cli.references import one_or_all

    with working(chosen) as kit:
        held = one_or_all(kit, programme, relationship)
        names = Names.of(kit, programme)
        found = [one for each in held for one in kit.insights.of(each.id)]
        rows = [
            [
                short(one.id), names.name(one.owner), one.source, one.state,
                str(one.since[one.state].date()),
            ]
            for one in found
        ]  # fmt: skip
    columns = ["insight", "owner", "source", "state", "since"]
    show_list(found, as_json, columns, rows, f"{programme} has no insights")
    return 0


@click.command("add")
@click.argument("relationship")
@click.argument("words")
@click.option("--as", "person", required=True, metavar="PERSON", help="The member who heard it.")
@click.option(
    "--source", default="", metavar="TEXT", help="The field it comes from: coordinators read it."
)
@click.option("--key", metavar="WORD", help="The same word again gives the same insight again.")
@house_options
def add(
    relationship: str, words: str, person: str, source: str, key: str | None, **chosen: Any
) -> int:
    """Write down, in a member's WORDS, what they heard in RELATIONSHIP and may carry over."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        member = one_member(kit, held, "--as", person)
        insight = kit.insights.add(held.id, words, source=source, person=member, key=key)
    say(f"insight {insight.id} is {insight.state}")
    return 0


@click.command("tried")
@click.argument("insight")
@house_options
def tried(insight: str, **chosen: Any) -> int:
    """Record that the owner of INSIGHT has tried it."""
    return _moved(insight, "tried", chosen)


@click.command("adopted")
@click.argument("insight")
@house_options
def adopted(insight: str, **chosen: Any) -> int:
    """Record that the owner of INSIGHT works like that from now on."""
    return _moved(insight, "adopted", chosen)


def _moved(word: str, state: str, chosen: dict[str, Any]) -> int:
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_insight

    with working(chosen) as kit:
        id = one_insight(kit, word).id
        changed = kit.insights.tried(id) if state == "tried" else kit.insights.adopted(id)
    say(f"insight {changed.id} is {changed.state}")
    return 0


commands = {
    "insights list": list_,
    "insights add": add,
    "insights tried": tried,
    "insights adopted": adopted,
}
