"""`mentorkit gatherings`: programme events, who comes to them, and who came."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.clocks import placed, time_of_day, zone_of
from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    from mentorkit.models import Gathering

_MINUTE = datetime.timedelta(minutes=1)


@click.command("list")
@click.argument("programme")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def list_(programme: str, as_json: bool, **chosen: Any) -> int:
    """List the events of PROGRAMME, and the seats that are left."""
    from mentorkit.cli.names import day_and_time, short, show_list

    with working(chosen) as kit:
        kit.programmes.get(programme)
        found = kit.gatherings.of(programme)
    rows = [
        [
            short(held.id), held.title, day_and_time(held.starts, held.timezone),
            held.place or held.link or "", held.state, str(held.taken),
            "" if held.left is None else str(held.left), str(held.waiting),
        ]
        for held in found
    ]  # fmt: skip
    columns = ["gathering", "title", "starts", "where", "state", "people", "left", "waiting"]
    show_list(found, as_json, columns, rows, f"{programme} has no events")
    return 0


@click.command("who")
@click.argument("gathering")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def who(gathering: str, as_json: bool, **chosen: Any) -> int:
    """List who comes to GATHERING, and who waits for a seat."""
    from mentorkit.cli.names import Names, show_list
    from mentorkit.cli.references import one_gathering

    with working(chosen) as kit:
        found = kit.gatherings.seats(one_gathering(kit, gathering).id)
        names = Names.few(kit)
        rows = [[str(held.number), names.name(held.person), held.state] for held in found]
    show_list(found, as_json, ["number", "person", "state"], rows, "nobody has signed up")
    return 0


@click.command("announce")
@click.argument("programme")
@click.argument("title")
@click.option(
    "--starts", required=True, metavar="TIME", callback=time_of_day,
    help="When it begins, such as '2026-09-10 17:00'.",
)  # fmt: skip
@click.option("--minutes", default=90, metavar="NUMBER", show_default=True, help="How long it is.")
@click.option("--timezone", metavar="ZONE", help="Where its clock hangs; the programme's.")
@click.option("--place", metavar="TEXT", help="Where it is.")
@click.option("--link", metavar="URL", help="Where it is online: https.")
@click.option("--seats", type=int, metavar="NUMBER", help="How many may come.")
@click.option("--key", metavar="WORD", help="The same word again announces nothing twice.")
@house_options
def announce(
    programme: str,
    title: str,
    starts: datetime.datetime,
    minutes: int,
    timezone: str | None,
    place: str | None,
    link: str | None,
    seats: int | None,
    key: str | None,
    **chosen: Any,
) -> int:
    """Announce an event of PROGRAMME, such as a kick-off."""
    with working(chosen) as kit:
        starts = placed(starts, timezone or zone_of(kit, programme), "--starts")
        held = kit.gatherings.announce(
            programme,
            title,
            starts,
            starts + minutes * _MINUTE,
            timezone=timezone,
            place=place,
            link=link,
            seats=seats,
            key=key,
        )
    return _said(held)


@click.command("sign-up")
@click.argument("gathering")
@click.argument("people", nargs=-1, required=True)
@house_options
def sign_up(gathering: str, people: tuple[str, ...], **chosen: Any) -> int:
    """Give PEOPLE a seat in GATHERING, or a place to wait for one."""
    return _signed("sign_up", gathering, people, chosen)


@click.command("sign-off")
@click.argument("gathering")
@click.argument("people", nargs=-1, required=True)
@house_options
def sign_off(gathering: str, people: tuple[str, ...], **chosen: Any) -> int:
    """Take PEOPLE off GATHERING; whoever waits longest has the seat then."""
    return _signed("sign_off", gathering, people, chosen)


def _signed(step: str, gathering: str, people: tuple[str, ...], chosen: dict[str, Any]) -> int:
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import Names
    from mentorkit.cli.output import clean
    from mentorkit.cli.references import anyone, one_gathering

    with working(chosen) as kit:
        held = one_gathering(kit, gathering)
        names = Names.few(kit)
        seats = [getattr(kit.gatherings, step)(held.id, person=anyone(kit, one)) for one in people]
        lines = [f"{names.name(seat.person)}: {seat.state}" for seat in seats]
    for line in lines:
        say(clean(line))
    return 0


@click.command("move")
@click.argument("gathering")
@click.argument("starts", callback=time_of_day)
@click.option("--minutes", type=int, metavar="NUMBER", help="How long it is now.")
@click.option("--place", metavar="TEXT", help="Where it is now.")
@click.option("--link", metavar="URL", help="Where it is online now: https.")
@click.option("--seats", type=int, metavar="NUMBER", help="How many may come now.")
@house_options
def move(
    gathering: str,
    starts: datetime.datetime,
    minutes: int | None,
    place: str | None,
    link: str | None,
    seats: int | None,
    **chosen: Any,
) -> int:
    """Move GATHERING to another time, or elsewhere."""
    from mentorkit.cli.references import one_gathering

    with working(chosen) as kit:
        found = one_gathering(kit, gathering)
        starts = placed(starts, found.timezone, "STARTS")
        held = kit.gatherings.move(
            found.id,
            starts,
            ends=None if minutes is None else starts + minutes * _MINUTE,
            place=place,
            link=link,
            seats=seats,
        )
    return _said(held)


@click.command("hold")
@click.argument("gathering")
@click.option(
    "--came", multiple=True, metavar="PERSON", help="Who came; else all with a seat. Repeatable."
)
@house_options
def hold(gathering: str, came: tuple[str, ...], **chosen: Any) -> int:
    """Record that GATHERING took place, and who came."""
    from mentorkit.cli.references import anyone, one_gathering

    with working(chosen) as kit:
        attended = [anyone(kit, word) for word in came] if came else None
        held = kit.gatherings.hold(one_gathering(kit, gathering).id, attended=attended)
    return _said(held)


@click.command("cancel")
@click.argument("gathering")
@house_options
def cancel(gathering: str, **chosen: Any) -> int:
    """Cancel GATHERING."""
    from mentorkit.cli.references import one_gathering

    with working(chosen) as kit:
        held = kit.gatherings.cancel(one_gathering(kit, gathering).id)
    return _said(held)


def _said(held: Gathering) -> int:
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import day_and_time
    from mentorkit.cli.output import clean

    when = day_and_time(held.starts, held.timezone)
    say(clean(f"{held.title}, {when}, is {held.state}: {held.taken} people"))
    click.echo(held.id)
    return 0


commands = {
    "gatherings list": list_,
    "gatherings who": who,
    "gatherings announce": announce,
    "gatherings sign-up": sign_up,
    "gatherings sign-off": sign_off,
    "gatherings move": move,
    "gatherings hold": hold,
    "gatherings cancel": cancel,
}
