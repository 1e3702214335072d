"""`mentorkit migrate`, `advance`, `deliver`, `deliveries` and `run`."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import attrs
import click

from mentorkit.cli.house_options import database_of, house_file, house_options, opened, working

if TYPE_CHECKING:
    from mentorkit.house import Advanced, Delivered, House


@click.command("migrate")
@house_options
def migrate(**chosen: Any) -> int:
    """Bring the database's tables to this version of mentorkit; what is there is kept."""
    import mentorkit
    from mentorkit.cli.house_options import reached
    from mentorkit.cli.inputs import say

    with reached():
        before, after = mentorkit.migrate(database_of(chosen, house_file(chosen)))
    if before == after:
        say(f"the tables are of version {after} already")
    else:
        say(f"the tables are of version {after} now{f', {before} before' if before else ''}")
    return 0


@click.command("advance")
@house_options
def advance(**chosen: Any) -> int:
    """Do everything that is due: surveys, reminders, signals, awards, closings.

    Doing it twice, or in two places at once, does everything once. Ends with code 1 if
    something failed; it is tried again later, and the rest is done.
    """
    with opened(chosen) as (house, _):
        done = house.advance()
    click.echo(_advanced(done))
    _tell_failed(done)
    return 1 if done.failed else 0


def _advanced(done: Advanced) -> str:
    failed = f", {len(done.failed)} failed" if done.failed else ""
    return f"looked at {done.looked_at}{failed}"


def _tell_failed(done: Advanced) -> None:
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean

    for words in done.failed:
        say(clean(f"failed: {words}"))


@click.command("deliver")
@house_options
def deliver(**chosen: Any) -> int:
    """Carry to the subscribers of the house's file what is owed to them, at least once each."""
    from mentorkit.cli.inputs import say

    with opened(chosen) as (house, _):
        if not house.subscribers:
            say("the house has no subscribers; [subscribers.NAME] in its file adds one")
        done = house.deliver()
    click.echo(_delivered(done))
    return 0


def _delivered(done: Delivered) -> str:
    return f"delivered {done.done}, {done.waiting} wait, {done.dead} given up"


@click.command("deliveries")
@click.option("--state", type=click.Choice(["waiting", "done", "dead"]), help="Only these.")
@click.option(
    "--replay", nargs=2, metavar="EVENT SUBSCRIBER", help="Try one that was given up again."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@house_options
def deliveries(
    state: str | None, replay: tuple[str, str] | None, as_json: bool, **chosen: Any
) -> int:
    """List events on their way to subscribers: waiting, done, or dead, which was given up."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.names import show_list

    with working(chosen) as kit:
        if replay:
            kit.deliveries.replay(*replay)
            say(f"the next delivery carries {replay[0]} to {replay[1]} again")
            return 0
        held = kit.deliveries.page(state)
    rows = [
        [
            one.event.id, one.subscriber, one.event.kind, one.state, f"{one.due:%Y-%m-%d %H:%M}",
            str(one.attempts), one.error,
        ]
        for one in held
    ]  # fmt: skip
    columns = ["event", "subscriber", "kind", "state", "due (UTC)", "attempts", "error"]
    show_list(held, as_json, columns, rows, "there are no such deliveries")
    return 0


@click.command("run")
@click.option("--once", is_flag=True, help="One round, and no more.")
@click.option(
    "--every", type=click.IntRange(1), default=60, metavar="SECONDS", help="Between two rounds; 60."
)
@house_options
def run(once: bool, every: int, **chosen: Any) -> int:
    """Advance and deliver, again and again, until it is told to stop; see these two.

    Each round that did something says so in a line. A database that is briefly away is told,
    and tried again.
    """
    from mentorkit.errors import Conflict

    if chosen["now"] and not once:
        raise click.UsageError("with --now, the clock stands still; add --once")
    with opened(chosen) as (house, _), _asked() as asked:
        while True:
            try:
                _round(house)
            except Conflict as error:
                if once:
                    raise
                click.echo(f"{error}; trying again in {every} s", err=True)
            if not once:
                asked.wait(every)
            if once or asked.to_stop:
                return 0


def _round(house: House) -> None:
    from mentorkit.cli.house_options import reached

    with reached():
        advanced = house.advance()
        delivered = house.deliver()
    _tell_failed(advanced)
    if advanced.looked_at or delivered.done or delivered.waiting or delivered.dead:
        click.echo(
            f"{house.clock():%Y-%m-%d %H:%M:%S} {_advanced(advanced)}; {_delivered(delivered)}"
        )


@attrs.define
class _Asked:
    """Whether the process was asked to stop; the round in hand is finished first."""

    to_stop: bool = False

    def wait(self, seconds: float) -> None:
        """Wait so long, or until then. In naps: a handler may not touch a lock that waits."""
        until = time.monotonic() + seconds
        while not self.to_stop and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))


@contextmanager
def _asked() -> Iterator[_Asked]:
    """Takes the signals that ask a process to stop, and gives them back."""
    asked = _Asked()

    def stop(_: int, __: object) -> None:
        asked.to_stop = True

    wanted = (signal.SIGINT, signal.SIGTERM)
    before = [(number, signal.signal(number, stop)) for number in wanted]
    try:
        yield asked
    finally:
        for number, handler in before:
            signal.signal(number, handler)


commands = {
    "migrate": migrate,
    "advance": advance,
    "deliver": deliver,
    "deliveries": deliveries,
    "run": run,
}
