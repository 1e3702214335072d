"""`mentorkit exchange`: what members ask and share between meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.cli.names import Names
    from mentorkit.models import Query, Resource

_as = click.option(
    "--as", "person", required=True, metavar="PERSON", help="The member who does so."
)
_key = click.option("--key", metavar="WORD", help="The same word again gives the same thing again.")


@click.command("list")
@click.argument("programme")
@click.option("--relationship", metavar="RELATIONSHIP", help="Only of one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(programme: str, relationship: str | None, as_json: bool, **chosen: Any) -> int:
    """List who asked, answered and shared in PROGRAMME, and when. Their words are private."""
    from mentorkit.cli.names import Names, show_list
    from mentorkit.cli.references import one_or_all

    with working(chosen) as kit:
        held = one_or_all(kit, programme, relationship)
        names = Names.of(kit, programme)
        asked = [one for each in held for one in kit.exchange.queries(each.id)]
        shared = [one for each in held for one in kit.exchange.resources(each.id)]
        rows = sorted(_rows(asked, shared, names), key=lambda row: row[3])
    columns = ["id", "what", "by", "when", "answered by"]
    none = f"nothing was asked or shared in {programme}"
    show_list([*asked, *shared], as_json, columns, rows, none)
    return 0


def _rows(asked: list[Query], shared: list[Resource], names: Names) -> list[list[str]]:
    from mentorkit.cli.names import day_and_time, short

    questions = [
        [
            short(one.id), "question", names.name(one.asker), day_and_time(one.asked, "UTC"),
            ", ".join(names.name(reply.by) for reply in one.replies),
        ]
        for one in asked
    ]  # fmt: skip
    resources = [
        [short(one.id), "resource", names.name(one.by), day_and_time(one.shared, "UTC"), ""]
        for one in shared
    ]
    return questions + resources


@click.command("ask")
@click.argument("relationship")
@click.argument("words")
@_as
@_key
@house_options
def ask(relationship: str, words: str, person: str, key: str | None, **chosen: Any) -> int:
    """Ask the other members of RELATIONSHIP something, in a member's WORDS."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        member = one_member(kit, held, "--as", person)
        query = kit.exchange.ask(held.id, words, person=member, key=key)
    say(f"question {query.id} is asked")
    return 0


@click.command("answer")
@click.argument("question")
@click.argument("words")
@_as
@house_options
def answer(question: str, words: str, person: str, **chosen: Any) -> int:
    """Answer QUESTION in another member's WORDS; again, in other words, instead of the first."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_query

    with working(chosen) as kit:
        found = one_query(kit, question)
        held = kit.relationships.get(found.relationship)
        query = kit.exchange.answer(found.id, words, person=one_member(kit, held, "--as", person))
    say(f"question {query.id} is answered")
    return 0


@click.command("share")
@click.argument("relationship")
@click.argument("title")
@click.option("--link", metavar="URL", help="Where it is: https.")
@click.option("--words", default="", metavar="TEXT", help="What it is, instead of a link.")
@_as
@_key
@house_options
def share(
    relationship: str,
    title: str,
    link: str | None,
    words: str,
    person: str,
    key: str | None,
    **chosen: Any,
) -> int:
    """Share the resource TITLE in RELATIONSHIP: a link, or something in words."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        member = one_member(kit, held, "--as", person)
        resource = kit.exchange.share(
            held.id, title, link=link, words=words, person=member, key=key
        )
    say(f"resource {resource.id} is shared")
    return 0


commands = {
    "exchange list": list_,
    "exchange ask": ask,
    "exchange answer": answer,
    "exchange share": share,
}
