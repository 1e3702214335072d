"""What the pages for hosts claim beyond what their blocks show."""

from __future__ import annotations

import asyncio
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal, get_args

import fastapi
import httpx
import pytest
from pages import ROOT, Runner, blocks

from mentorkit import access, house
from mentorkit.access import READ, STANDINGS
from mentorkit.errors import Later, Refused
from mentorkit.models import Audience

pytestmark = pytest.mark.once

DOCS = ROOT / "docs"


def table(page: str, heading: str) -> dict[str, list[str]]:
    """The rows of the first table below a heading, by their first cell."""
    text = (DOCS / page).read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    lines = text.partition("\n## ")[0].splitlines()
    rows = [line.strip("|").split(" | ") for line in lines if line.startswith("| ")]
    return {row[0].strip(" `"): [cell.strip(" |") for cell in row[1:]] for row in rows}


SHOWN: list[access.Standing] = ["self", "partner", "coordinator", "participant"]


def test_who_reads_what_is_what_access_says() -> None:
    rows = table("explanation/privacy.md", "Who reads what")
    assert rows.pop("thing") == ["oneself", "partner", "coordinator", "participant"]
    del rows["---"]
    assert set(rows) == {cls.__name__ for cls in READ}
    for cls, rule in READ.items():
        assert rule["stranger"] is None, cls
        assert set(rule) - {"system", "stranger"} == set(SHOWN) <= set(STANDINGS)
        for standing, cell in zip(SHOWN, rows[cls.__name__], strict=True):
            view = rule[standing]
            if view is None:
                assert cell == "–", (cls, standing)
            elif cell == "all":
                assert view is access._whole, (cls, standing)
            else:
                assert set(re.findall(r"`(\w+)`", cell)) == named(view), (cls, standing)


def named(view: Any) -> set[str]:
    """What a partial view leaves out, or the audiences or readers whose words it leaves in."""
    held = inspect.getclosurevars(view).nonlocals
    if within := held.get("view"):
        return {"published"} | (set() if within is access._whole else named(within))
    alone = {
        access._dates_alone: {"terms", "channels", "boundaries", "points"},
        access._unpriced: {"prices", "groups", "freely"},
        access._thanks_without_words: {"title"},
        access._unlinked: {"link"},
        access._unworded: {"words", "replies"},
        access._unprotected: {"protected"},
        access._as_shown: {"ratings"},
        access._but_of_conduct: {"ConductReport"},
    }
    kept = held.get("audiences") or held.get("readers")
    return alone.get(view) or set(held.get("blanks") or kept)


def test_every_audience_is_explained() -> None:
    rows = table("explanation/privacy.md", "Audiences of questions")
    assert set(rows) - {"audience", "---"} == set(get_args(Audience))


def test_how_deliveries_are_tried_again() -> None:
    text = " ".join((DOCS / "how-to/run-what-is-due.md").read_text(encoding="utf-8").split())
    for attempt, minutes in ((1, 1), (2, 2), (3, 4)):
        assert 3 / 4 <= house._back_off(attempt, "any").total_seconds() / 60 / minutes <= 1
    assert house.LONGEST_WAIT.total_seconds() == 12 * 3600
    assert house.TRIES == 16
    assert house.LEASE.total_seconds() == 5 * 60
    assert house.CLAIMED == 50
    for words in (
        "a minute, two, four and so on, at most twelve hours",
        "After the sixteenth attempt, three days later, it is dead",
        "up to 50 deliveries at once",
        "alone for five minutes",
        f"`{Later.__name__}(at)`",
        f"`{Refused.__name__}(why)`",
    ):
        assert words in text


RACE = """
import os, sqlite3, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
import django
django.setup()
import mentorkit
from django.contrib.auth.models import User
from django.db import connection, transaction
from mentoring.house import house

other = sqlite3.connect("db.sqlite3", timeout=0, isolation_level=None)
with transaction.atomic():
    User.objects.count()
    try:
        other.execute("BEGIN IMMEDIATE")
        print("another began to write")
    except sqlite3.OperationalError as error:
        print(error)
    try:
        kit = house().kit(actor=mentorkit.SYSTEM, connection=connection)
        kit.people.put([mentorkit.Person(id="ann")])
        print("put")
    except mentorkit.Conflict:
        print("refused")
"""


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site of the Django page, up to its first migration."""
    monkeypatch.chdir(tmp_path)
    runner = Runner()
    for block in blocks(DOCS / "tutorial" / "embed-in-django.md"):
        runner.run(block)
        if "manage.py migrate" in block.text and block.language == "console":
            break
    (tmp_path / "race.py").write_text(RACE, encoding="utf-8")
    return tmp_path


def test_django_on_sqlite_begins_as_a_writer(portal: Path) -> None:
    """With the page's option nobody gets in between; without it, who read first is refused."""
    settings = portal / "portal" / "settings.py"
    before = settings.read_text(encoding="utf-8")
    told = []
    for options in ('= {"timeout": 0}', '|= {"timeout": 0}'):
        changed = f'{before}\nDATABASES["default"]["OPTIONS"] {options}\n'
        settings.write_text(changed, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "race.py"], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.splitlines())
    assert told == [["another began to write", "refused"], ["database is locked", "put"]]


@pytest.mark.parametrize(("scope", "status"), [("function", 500), ("request", 200)])
def test_fastapi_commits_before_it_answers(
    scope: Literal["function", "request"], status: int
) -> None:
    """With the page's scope, a commit that fails is no success; FastAPI's own says it is."""

    def session() -> Any:
        yield None
        raise RuntimeError("the commit failed")

    app = fastapi.FastAPI(dependencies=[fastapi.Depends(session, scope=scope)])
    app.get("/")(lambda: "done")

    async def got() -> int:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://host") as client:
            return (await client.get("/")).status_code

    assert asyncio.run(got()) == status
