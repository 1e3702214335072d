"""`mentorkit today`: who owes what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mentorkit.cli.house_options import house_options, working

if TYPE_CHECKING:
    import datetime

    from mentorkit.cli.names import Names
    from mentorkit.kit import Kit
    from mentorkit.models import Duty


@click.command("today")
@click.argument("programme", required=False)
@click.option("--person", metavar="NAME", help="What this person owes, in all programmes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def today(programme: str | None, person: str | None, as_json: bool, **chosen: Any) -> int:
    """Say who owes what: what waits for you in PROGRAMME or in all, or for one person."""
    from mentorkit.cli.names import Names, short, show_list
    from mentorkit.cli.next_steps import tell_lack

    with working(chosen) as kit:
        found = _found(kit, programme, person)
        names = Names.few(kit)
        rows = [
            [
                _day(one.since), _day(one.until), _who(one, names), str(one.what),
                names.together(one.about), short(one.subject),
            ]
            for one in found
        ]  # fmt: skip
        if programme is not None and person is None:
            tell_lack(kit, programme)
    columns = ["since", "until", "who", "what", "about", "id"]
    show_list(found, as_json, columns, rows, "nothing waits for anybody")
    return 0


def _found(kit: Kit, programme: str | None, person: str | None) -> list[Duty]:
    from mentorkit.cli.references import anyone, everything

    if programme is not None:
        kit.programmes.get(programme)
    if person is not None:
        owed = kit.today.of(anyone(kit, person))
        return [one for one in owed if programme in (None, one.programme)]
    if programme is not None:
        return list(kit.today.programme(programme))
    return [one for run in everything(kit.programmes.page) for one in kit.today.programme(run.id)]


def _who(duty: Duty, names: Names) -> str:
    return ", ".join(map(names.name, duty.people)) or "the office"


def _day(at: datetime.datetime | None) -> str:
    """An instant in UTC, as there is no one zone for all."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"


command = today
