"""The end of the tour: the programme is closed, and what stays of it and of a person."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from mentorkit.cli.tour_meetings import upkeep
from mentorkit.cli.tour_scene import DAY, ID, START, Chapter, Scene, in_kit, step


def end(scene: Scene) -> Iterator[Chapter]:
    """From the last day of all agreements on."""
    ends = [held.agreement.ends for held in scene.relationships() if held.agreement]
    last = max(ends, default=START.date())
    at = datetime.datetime.combine(last, START.timetz()) + 2 * DAY
    yield from upkeep(scene, at)
    yield from _close(scene, at)
    yield from _certificate(scene, at)
    yield from _reports(at)
    yield from _farewell(scene, at + DAY)


def _close(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    with scene.kit() as kit:
        signals = kit.feedback.signals(ID)
    settled = [word for held in signals for word in ("--settle", held.id)]
    health = step(
        "health", ID, *settled,
        python=in_kit(
            f'for signal in kit.feedback.signals("{ID}"):',
            "    kit.feedback.settle(signal.id)",
        ),
    )  # fmt: skip
    yield Chapter("What needed attention has been attended to", at, (health,))
    awards = step("awards", ID, python=in_kit(f'kit.recognition.awards("{ID}")'))
    yield Chapter("What was earned", at, (awards,))
    close = step("close", ID, python=in_kit(f'kit.programmes.close("{ID}")'))
    yield Chapter("The programme is closed", at, (close,))


def _certificate(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    completed = [held for held in scene.relationships() if held.outcome == "completed"]
    for held in completed[:1]:
        person, page = held.people[0], "certificate.html"
        certificate = step(
            "certificate", "--programme", ID, "--person", person, "--out", page,
            python="from pathlib import Path\n"
            "from mentorkit import reports\n"
            + in_kit(
                f'diploma = kit.recognition.completion("{held.id}", "{person}")',
                f'Path("{page}").write_text(reports.certificate(diploma), encoding="utf-8")',
            ),
        )  # fmt: skip
        yield Chapter("Whoever completed it gets a certificate to print", at, (certificate,))


def _reports(at: datetime.datetime) -> Iterator[Chapter]:
    journal = step("journal", ID, python=in_kit(f'journal = kit.reports.journal("{ID}")'))
    yield Chapter("All that happened is in the journal", at, (journal,))
    report = step("report", ID, python=in_kit(f'report = kit.reports.report("{ID}")'), shown=100)
    yield Chapter("What came of it", at, (report,))
    page = step(
        "report", ID, "--out", "report.html",
        python="from pathlib import Path\n"
        "from mentorkit import reports\n"
        'Path("report.html").write_text(reports.programme_report(report), encoding="utf-8")',
    )  # fmt: skip
    yield Chapter("And as a page, to send around", at, (page,))


def _farewell(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    """One person takes along what is theirs, and is forgotten."""
    for held in scene.relationships()[:1]:
        person = held.people[0]
        export = step(
            "export", person, "--out", f"{person}.json",
            python=in_kit(f'theirs = kit.people.export("{person}")', actor=person),
        )  # fmt: skip
        yield Chapter("Somebody asks for all that is held of them", at, (export,))
        erase = step(
            "erase", person, "--yes",
            python=in_kit(f'kit.people.remove("{person}")'), shown=20,
        )  # fmt: skip
        yield Chapter("And asks to be forgotten", at, (erase,))
    deliver = step("deliver", python="house.deliver()")
    yield Chapter("The last events are carried out, so that others forget as well", at, (deliver,))
