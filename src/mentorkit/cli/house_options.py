"""Options of every command on a running programme, and the house that they open."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs
import click

from mentorkit import SYSTEM
from mentorkit.cli.options import chosen_registry, plugin_options
from mentorkit.errors import Conflict, Fault, Invalid
from mentorkit.models import Choice, FrozenMap
from mentorkit.models.frozenmap import EMPTY, frozen_map

if TYPE_CHECKING:
    from mentorkit.house import House
    from mentorkit.kit import Kit

F = TypeVar("F", bound=Callable[..., Any])

DATABASE = "sqlite:///mentorkit.db"
"""Where everything is kept unless it is said otherwise."""
HOUSE_FILE = Path("mentorkit.toml")


def instant(_: click.Context, __: click.Parameter, text: str | None) -> datetime.datetime | None:
    """An option's instant; it must state its offset."""
    if text is None:
        return None
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time such as 2026-09-01T08:00Z") from None
    if at.tzinfo is None:
        raise click.BadParameter(f"{text!r} lacks its offset; 2026-09-01T08:00Z is in UTC")
    return at


_HOUSE_OPTIONS = (
    click.option(
        "--database",
        envvar="MENTORKIT_DATABASE",
        metavar="URL",
        help=f"Where it is kept; else MENTORKIT_DATABASE, the house's file, {DATABASE}.",
    ),
    click.option(
        "--house",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The house's file (TOML); mentorkit.toml, if it is there.",
    ),
    click.option("--tenant", metavar="NAME", help="Whose programmes, where several share a house."),
    click.option(
        "--now", metavar="TIME", callback=instant, help="Act as if it were then: 2026-09-01T08:00Z."
    ),
)


_OF_HOUSE = ("database", "house", "tenant", "now")
"""The names of these options, under which the house's file is told of too."""


@attrs.frozen(kw_only=True)
class HouseFile:
    """What the house's file may hold; see the reference of the command line."""

    database: str | None = None
    tenant: str | None = None
    subscribers: FrozenMap[Choice] = attrs.field(default=EMPTY, converter=frozen_map)


def house_options(command: F) -> F:
    """Add the options that say which house it is, and which plugins load.

    What is wrong with what an option gave is told under the option's name.
    """

    @wraps(command)
    def called(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except Invalid as error:
            raise Invalid(faults=[_as_typed(fault) for fault in error.faults]) from error

    options = reversed(_HOUSE_OPTIONS)
    return reduce(lambda held, option: option(held), options, plugin_options(cast(F, called)))


TYPED = {
    "starts": ("at", "time"),
    "ends": ("until", "minutes"),
    "attended": ("came",),
    "person": ("receiver",),
    "points": ("changes",),
    "words": ("points",),
}
"""Under which names commands take what services call so, where not under the same."""


def _as_typed(fault: Fault) -> Fault:
    """The fault of an argument of a service, under the name that the command has for it."""
    if ": " in fault.path:  # of a file, and of the place in it
        return fault
    context = click.get_current_context()
    head = re.split(r"[.\[]", fault.path, maxsplit=1)[0]
    there = {str(one.name): one for one in context.command.params}
    for name in (head, *TYPED.get(head, ())):
        if name in there and name not in _OF_HOUSE:
            # What --set states, it names by its whole path.
            whole = name == "changes"
            rest = fault.path if whole else fault.path[len(head) :].removeprefix(".").strip()
            typed = _typed(there[name], context)
            return Fault(f"{typed} {rest}".strip(), fault.sentence)
    return fault


def _typed(parameter: click.Parameter, context: click.Context) -> str:
    if isinstance(parameter, click.Argument):
        return parameter.make_metavar(context).removesuffix("...").strip("[]")
    return max(parameter.opts, key=len)


def house_file(chosen: dict[str, Any]) -> HouseFile:
    """The house's file, or what holds without one."""
    from mentorkit import codec

    if chosen["house"] is None and not HOUSE_FILE.is_file():
        return HouseFile()
    return codec.from_toml(HouseFile, chosen["house"] or HOUSE_FILE)


def database_of(chosen: dict[str, Any], held: HouseFile) -> str:
    """The database's URL."""
    return chosen["database"] or held.database or DATABASE


@contextmanager
def opened(chosen: dict[str, Any]) -> Iterator[tuple[House, str]]:
    """The house that the options chose, and the tenant; closed at the end."""
    import mentorkit
    from mentorkit.house import utc_now

    registry = chosen_registry(chosen)
    held = house_file(chosen)
    now = chosen["now"]
    with reached():
        house = mentorkit.open(
            database_of(chosen, held),
            plugins=registry,
            subscribers=held.subscribers,
            clock=(lambda: now) if now else utc_now,
        )
        try:
            yield house, chosen["tenant"] or held.tenant or "default"
        finally:
            house.close()


@contextmanager
def working(chosen: dict[str, Any]) -> Iterator[Kit]:
    """A unit of work in that house: all of it is kept, or where it fails nothing."""
    with opened(chosen) as (house, tenant), house.kit(actor=SYSTEM, tenant=tenant) as kit:
        yield kit


@contextmanager
def reached() -> Iterator[None]:
    """Say in a sentence that the database does not answer; other faults stay what they are."""
    from sqlalchemy.exc import InterfaceError, OperationalError

    try:
        yield
    except (OperationalError, InterfaceError) as error:
        # The error's own text holds the statement with its values, which are people's.
        lines = str(error.orig).strip().splitlines()
        words = lines[0] if lines else type(error.orig).__name__
        raise Conflict(f"the database does not answer: {words}") from error
