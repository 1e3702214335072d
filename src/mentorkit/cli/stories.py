"""`mentorkit stories`: what members tell others, published while all of them consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.kit import Kit
    from mentorkit.models import Relationship, Story

_as = click.option(
    "--as", "person", required=True, metavar="PERSON", help="The member who does so."
)


@click.command("list")
@click.argument("programme")
@click.option("--relationship", metavar="RELATIONSHIP", help="Only those of one.")
@click.option("--as", "person", metavar="PERSON", help="A member: drafts that they read, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the words.")
@house_options
def list_(
    programme: str, relationship: str | None, person: str | None, as_json: bool, **chosen: Any
) -> int:
    """List the published stories of PROGRAMME. To all but its members a draft does not exist."""
    from mentorkit import codec
    from mentorkit.cli.names import Names, short, show_list
    from mentorkit.cli.output import print_json
    from mentorkit.cli.references import anyone, one_or_all

    with working(chosen) as kit:
        held = one_or_all(kit, programme, relationship)
        names = Names.of(kit, programme)
        reader = None if person is None else anyone(kit, person)
        found = [(one, each) for each in held for one in _read(kit, each, reader)]
        rows = [
            [
                short(one.id), one.title, names.name(one.author), one.state,
                str(one.edition), f"{len(one.consented)} of {len(each.people)}",
            ]
            for one, each in found
        ]  # fmt: skip
    stories = [one for one, _ in found]
    if as_json:
        print_json([codec.unstructure(one) for one in stories])
        return 0
    columns = ["story", "title", "author", "state", "edition", "consents"]
    show_list(stories, False, columns, rows, f"{programme} has no published stories")
    return 0


def _read(kit: Kit, held: Relationship, person: str | None) -> list[Story]:
    """The stories of a relationship as somebody reads them, or else as the coordinator does."""
    from mentorkit import access
    from mentorkit.models import Actor

    actor = Actor(coordinates=[held.programme]) if person is None else Actor(person=person)
    ties = access.Ties(programme=held.programme, members=held.people, taking_part=True)
    seen = [access.seen(one, actor, ties) for one in kit.stories.of(held.id)]
    return [one for one in seen if one is not None]


@click.command("write")
@click.argument("relationship")
@click.argument("title")
@click.argument("words")
@_as
@click.option("--key", metavar="WORD", help="The same word again gives the same story again.")
@house_options
def write(
    relationship: str, title: str, words: str, person: str, key: str | None, **chosen: Any
) -> int:
    """Write down a story of RELATIONSHIP in a member's WORDS, to which they thereby consent."""
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        member = one_member(kit, held, "--as", person)
        story = kit.stories.write(held.id, title, words, person=member, key=key)
    return _say(story)


@click.command("rewrite")
@click.argument("story")
@click.option("--title", metavar="TEXT", help="What it is called from now on.")
@click.option("--words", metavar="TEXT", help="What it says from now on.")
@house_options
def rewrite(story: str, title: str | None, words: str | None, **chosen: Any) -> int:
    """Record that the author of STORY says it otherwise; the others are to consent anew."""
    from mentorkit.cli.references import one_story

    if title is None and words is None:
        raise click.UsageError("say what is new: --title or --words")
    with working(chosen) as kit:
        changed = kit.stories.rewrite(one_story(kit, story).id, title=title, words=words)
    return _say(changed)


@click.command("consent")
@click.argument("story")
@_as
@click.option(
    "--edition", type=int, required=True, metavar="NUMBER", help="Which words they have read."
)
@house_options
def consent(story: str, person: str, edition: int, **chosen: Any) -> int:
    """Record that a member consents to STORY, in the words of an edition that they have read."""
    from mentorkit.cli.references import one_member, one_story

    with working(chosen) as kit:
        found = one_story(kit, story)
        member = one_member(kit, kit.relationships.get(found.relationship), "--as", person)
        changed = kit.stories.consent(found.id, edition, person=member)
    return _say(changed)


@click.command("withdraw")
@click.argument("story")
@_as
@house_options
def withdraw(story: str, person: str, **chosen: Any) -> int:
    """Record that a member does not consent to STORY, or no longer: it is published no more."""
    from mentorkit.cli.references import one_member, one_story

    with working(chosen) as kit:
        found = one_story(kit, story)
        member = one_member(kit, kit.relationships.get(found.relationship), "--as", person)
        changed = kit.stories.withdraw(found.id, person=member)
    return _say(changed)


@click.command("drop")
@click.argument("story")
@house_options
def drop(story: str, **chosen: Any) -> int:
    """Take STORY away altogether, for its author."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_story

    with working(chosen) as kit:
        id = one_story(kit, story).id
        kit.stories.drop(id)
    say(f"story {id} is dropped")
    return 0


def _say(story: Story) -> int:
    from mentorkit.cli.inputs import say

    words = "published" if story.state == "published" else "a draft"
    say(f"story {story.id}, edition {story.edition}, is {words}")
    return 0


commands = {
    "stories list": list_,
    "stories write": write,
    "stories rewrite": rewrite,
    "stories consent": consent,
    "stories withdraw": withdraw,
    "stories drop": drop,
}
