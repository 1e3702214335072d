"""`mentorkit health`, `ask-help`, `awards`, `thank`: what needs attention, or deserves thanks."""

from __future__ import annotations

from typing import Any

import click

from mentorkit.cli.house_options import house_options, working


@click.command("health")
@click.argument("programme")
@click.option(
    "--settle",
    "settled",
    multiple=True,
    metavar="SIGNAL",
    help="It has been attended to. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def health(programme: str, settled: tuple[str, ...], as_json: bool, **chosen: Any) -> int:
    """List what needs attention in PROGRAMME: nudges to people, flags and reviews for you."""
    from mentorkit.cli.names import Names, short, show_list
    from mentorkit.cli.references import one_signal

    with working(chosen) as kit:
        kit.programmes.get(programme)
        for word in settled:
            kit.feedback.settle(one_signal(kit, programme, word).id)
        names = Names.of(kit, programme)
        raised = sorted(
            kit.feedback.signals(programme),
            key=lambda held: (held.raised, names.together(held.people), held.rule, held.key),
        )
        rows = [
            [
                short(held.id), held.effect, names.together(held.people), str(held.message),
                f"{held.raised:%Y-%m-%d}",
            ]
            for held in raised
        ]  # fmt: skip
    columns = ["signal", "effect", "people", "why", "since"]
    show_list(raised, as_json, columns, rows, f"nothing in {programme} needs attention")
    return 0


@click.command("ask-help")
@click.argument("relationship")
@click.argument("words")
@click.option("--as", "asker", required=True, metavar="PERSON", help="The member who asks.")
@house_options
def ask_help(relationship: str, words: str, asker: str, **chosen: Any) -> int:
    """Ask the coordinator for help with RELATIONSHIP in a member's WORDS; `health` lists it."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        kit.feedback.ask_help(held.id, words, person=one_member(kit, held, "--as", asker))
    say("asked")
    return 0


@click.command("awards")
@click.argument("programme")
@click.option(
    "--revoke",
    "revoked",
    multiple=True,
    metavar="AWARD",
    help="Take it back, for good. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def awards(programme: str, revoked: tuple[str, ...], as_json: bool, **chosen: Any) -> int:
    """List the awards of PROGRAMME, in the order of their granting."""
    from mentorkit.cli.names import Names, short, show_list
    from mentorkit.cli.references import one_award

    with working(chosen) as kit:
        kit.programmes.get(programme)
        for word in revoked:
            kit.recognition.revoke(one_award(kit, programme, word).id)
        granted = kit.recognition.awards(programme)
        names = Names.of(kit, programme)
        rows = [
            [
                f"{held.granted:%Y-%m-%d}", names.name(held.person), str(held.title),
                names.name(held.giver) if held.giver else held.rule, short(held.id),
            ]
            for held in granted
        ]  # fmt: skip
    columns = ["granted", "person", "award", "from", "id"]
    show_list(granted, as_json, columns, rows, f"nobody in {programme} has an award yet")
    return 0


@click.command("thank")
@click.argument("relationship")
@click.argument("words")
@click.option("--to", "receiver", required=True, metavar="PERSON", help="The member thanked.")
@click.option("--as", "giver", required=True, metavar="PERSON", help="The member who thanks.")
@house_options
def thank(relationship: str, words: str, receiver: str, giver: str, **chosen: Any) -> int:
    """Thank a member of RELATIONSHIP in another's WORDS."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_member, one_relationship

    with working(chosen) as kit:
        held = one_relationship(kit, relationship)
        kit.recognition.thank(
            held.id,
            one_member(kit, held, "--to", receiver),
            words,
            giver=one_member(kit, held, "--as", giver),
        )
    say("thanked")
    return 0


commands = {"health": health, "ask-help": ask_help, "awards": awards, "thank": thank}
