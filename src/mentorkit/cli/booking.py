"""`mentorkit offer`, `hours`, `slots`, `book`, `move`: office hours, and meetings one by one."""

from __future__ import annotations

import datetime
from typing import Any

import click

from mentorkit.cli.clocks import placed, time_of_day, zone_of
from mentorkit.cli.house_options import house_options, working


def _windows(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> list[Any]:
    """An option's windows of the week."""
    from mentorkit.enrolment.availability import windows

    try:
        return [window for text in texts for window in windows(text)]
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


public_place = click.option("--public", is_flag=True, help="Others are about in that place.")


@click.command("offer")
@click.argument("programme")
@click.argument("person")
@click.option("--from", "first", required=True, metavar="DAY", help="The first day.")
@click.option("--until", "last", required=True, metavar="DAY", help="The last day.")
@click.option(
    "--window", "windows", multiple=True, required=True, metavar="TEXT", callback=_windows,
    help='When, such as "Tue 9-11" or "Mon-Fri 16:00-17:30". Repeatable.',
)  # fmt: skip
@click.option("--timezone", metavar="ZONE", help="Where their clocks hang; the person's own.")
@click.option("--minutes", default=30, show_default=True, help="How long a slot is.")
@click.option("--every", type=int, metavar="MINUTES", help="From one slot to the next.")
@click.option("--before", default=0, metavar="MINUTES", help="Free before each slot.")
@click.option("--after", default=0, metavar="MINUTES", help="Free after each slot.")
@click.option("--notice", default=0, metavar="MINUTES", help="Booked so long ahead at least.")
@click.option("--ahead", type=int, metavar="DAYS", help="Booked so long ahead at most.")
@click.option("--daily", type=int, metavar="NUMBER", help="Slots booked on a day at most.")
@click.option("--weekly", type=int, metavar="NUMBER", help="Slots booked in a week at most.")
@click.option("--seats", default=1, show_default=True, help="How many book one slot.")
@click.option("--place", metavar="TEXT", help="Where it is.")
@public_place
@click.option("--link", metavar="URL", help="Where it is online: https.")
@click.option("--key", metavar="WORD", help="The same word again offers nothing twice.")
@house_options
def offer(
    programme: str,
    person: str,
    first: str,
    last: str,
    windows: list[Any],
    timezone: str | None,
    key: str | None,
    **rest: Any,
) -> int:
    """Offer office hours of PERSON in PROGRAMME, whose format meets once."""
    import attrs

    from mentorkit import codec
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import anyone
    from mentorkit.models import Offer

    names = {field.name for field in attrs.fields(Offer)}
    stated = {name: rest.pop(name) for name in sorted(names & rest.keys())}
    with working(rest) as kit:
        whom = anyone(kit, person)
        policies = kit.programmes.get(programme).blueprint.policies
        found = Offer(
            first=codec.structure(datetime.date, first, "--from"),
            last=codec.structure(datetime.date, last, "--until"),
            windows=windows,
            timezone=timezone or kit.people.get(whom).timezone or policies.timezone or "UTC",
            **stated,
        )
        held = kit.booking.offer(programme, found, person=whom, key=key)
    say(f"office hours {held.id} are {held.state}")
    return 0


@click.command("list")
@click.argument("programme")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def hours(programme: str, as_json: bool, **chosen: Any) -> int:
    """List the office hours that were offered in PROGRAMME, and which are withdrawn."""
    from mentorkit.cli.names import Names, short, show_list

    with working(chosen) as kit:
        kit.programmes.get(programme)
        found = kit.booking.of(programme)
        names = Names.of(kit, programme)
        rows = [
            [
                short(held.id), names.name(held.person), str(held.offer.first),
                str(held.offer.last), held.state,
            ]
            for held in found
        ]  # fmt: skip
    columns = ["office hours", "of", "first day", "last day", "state"]
    show_list(found, as_json, columns, rows, f"nobody offers office hours in {programme}")
    return 0


@click.command("withdraw")
@click.argument("programme")
@click.argument("hours")
@house_options
def withdraw(programme: str, hours: str, **chosen: Any) -> int:
    """Offer office HOURS of PROGRAMME no longer; what was booked of them stays.

    They are named by their id, the first signs of it, or whose they are.
    """
    from mentorkit.cli.inputs import say
    from mentorkit.cli.references import one_of_office_hours

    with working(chosen) as kit:
        held = kit.booking.withdraw(one_of_office_hours(kit, programme, hours).id)
    say(f"office hours {held.id} are {held.state}")
    return 0


@click.command("slots")
@click.argument("programme")
@click.option("--for", "person", metavar="PERSON", help="Only what this person can book.")
@click.option("--until", metavar="TIME", callback=time_of_day, help="Only those that begin before.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def slots(
    programme: str,
    person: str | None,
    until: datetime.datetime | None,
    as_json: bool,
    **chosen: Any,
) -> int:
    """List the slots of office hours in PROGRAMME that can be booked now."""
    from mentorkit.cli.names import Names, day_and_time, show_list
    from mentorkit.cli.references import anyone

    with working(chosen) as kit:
        zone = zone_of(kit, programme)
        if until is not None:
            until = placed(until, zone, "--until")
        whom = anyone(kit, person) if person else None
        found = kit.booking.openings(programme, person=whom, until=until)
        names = Names.of(kit, programme)
        rows = [
            [names.name(one.person), day_and_time(one.starts, one.timezone), str(one.seats)]
            for one in found
        ]
        none = f"{programme} has no open slots"
        if whom is not None:
            none = f"{none} that {names.name(whom)} can book"
    show_list(found, as_json, ["with", "when", "seats"], rows, none)
    return 0


@click.command("book")
@click.argument("programme")
@click.argument("host")
@click.argument("time", callback=time_of_day)
@click.option("--for", "person", required=True, metavar="PERSON", help="Who books.")
@click.option("--question", default="", metavar="TEXT", help="What it is about, for the two.")
@click.option("--key", metavar="WORD", help="The same word again books nothing twice.")
@house_options
def book(
    programme: str,
    host: str,
    time: datetime.datetime,
    person: str,
    question: str,
    key: str | None,
    **chosen: Any,
) -> int:
    """Book the slot of HOST's office hours in PROGRAMME that begins at TIME."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import when
    from mentorkit.cli.references import anyone
    from mentorkit.errors import Conflict

    with working(chosen) as kit:
        whom, by = anyone(kit, host), anyone(kit, person)
        offered = [held for held in kit.booking.of(programme) if held.person == whom]
        zones = {held.offer.timezone for held in offered if held.state == "open"}
        time = placed(time, zones.pop() if len(zones) == 1 else zone_of(kit, programme), "TIME")
        found = kit.booking.openings(programme, until=time + datetime.timedelta(seconds=1))
        open_then = {one.office_hours for one in found if one.starts == time}
        mine = [held for held in offered if held.id in open_then] or offered
        if not mine:
            raise Conflict(f"{host} offers no office hours in {programme}")
        made = kit.booking.book(mine[0].id, time, person=by, question=question, key=key)
    say(f"session {made.id} is {made.state}: {when(made)}")
    return 0


@click.command("move")
@click.argument("session")
@click.argument("time", callback=time_of_day)
@click.option("--minutes", type=int, metavar="NUMBER", help="How long it lasts; as long as it did.")
@click.option("--place", metavar="TEXT", help="Where it is.")
@public_place
@click.option("--link", metavar="URL", help="Where it is online: https.")
@house_options
def move(
    session: str,
    time: datetime.datetime,
    minutes: int | None,
    place: str | None,
    public: bool,
    link: str | None,
    **chosen: Any,
) -> int:
    """Move a planned SESSION to another TIME; what was booked, to a slot that is open."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import when
    from mentorkit.cli.references import one_session

    with working(chosen) as kit:
        found = one_session(kit, session)
        time = placed(time, found.timezone, "TIME")
        moved = kit.sessions.move(
            found.id, time, minutes=minutes, place=place, public=public or None, link=link
        )
    say(f"session {moved.id} is {moved.state}: {when(moved)}")
    return 0


commands = {
    "offer": offer,
    "hours list": hours,
    "hours withdraw": withdraw,
    "slots": slots,
    "book": book,
    "move": move,
}
