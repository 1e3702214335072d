"""Times without an offset are read as clocks in the zone show them, or refused."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.cli.clocks import placed
from mentorkit.errors import Invalid

pytestmark = pytest.mark.once

MINUTE = dt.timedelta(minutes=1)
CHANGES = {
    "Europe/Berlin": (dt.datetime(2026, 3, 29, 2, 30), dt.datetime(2026, 10, 25, 2, 30)),
    "America/New_York": (dt.datetime(2026, 3, 8, 2, 30), dt.datetime(2026, 11, 1, 1, 30)),
    "Australia/Lord_Howe": (dt.datetime(2026, 10, 4, 2, 15), dt.datetime(2026, 4, 5, 1, 45)),
    "Africa/Casablanca": (dt.datetime(2026, 3, 22, 2, 30), dt.datetime(2026, 2, 15, 2, 30)),
    "UTC": (dt.datetime(2026, 3, 29, 2, 30),) * 2,
}
"""Near these, clocks go forward or back."""


@given(
    zone=st.sampled_from(sorted(CHANGES)), change=st.integers(0, 1), minutes=st.integers(-200, 200)
)
def test_a_time_is_the_one_at_which_clocks_show_it(zone: str, change: int, minutes: int) -> None:
    """Against all minutes of the days around it, each as a clock there shows it."""
    local = CHANGES[zone][change] + minutes * MINUTE
    around = [
        local.replace(tzinfo=dt.UTC) + hours * 60 * MINUTE + step * MINUTE
        for hours in range(-12, 13)
        for step in (0, 30)
    ]
    shown = [one for one in around if one.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local]
    if len(shown) == 1:
        assert placed(local, zone, "TIME") == shown[0]
        return
    with pytest.raises(Invalid, match="comes twice in" if shown else "is skipped by") as caught:
        placed(local, zone, "TIME")
    readings = [
        dt.datetime.fromisoformat(word) for word in re.findall(r"\d{4}-\S+T\S+", str(caught.value))
    ]
    assert readings == sorted(set(readings))
    assert len(readings) == 2
    assert not shown or readings == shown
    for one in readings:
        assert one.replace(tzinfo=None) == one.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def test_both_readings_are_named() -> None:
    for at, words in (
        (
            CHANGES["Europe/Berlin"][0],
            "2026-03-29 02:30 is skipped by clocks in Europe/Berlin; say 2026-03-29T01:30+01:00"
            " or 2026-03-29T03:30+02:00",
        ),
        (
            CHANGES["Europe/Berlin"][1],
            "2026-10-25 02:30 comes twice in Europe/Berlin; say 2026-10-25T02:30+02:00 or"
            " 2026-10-25T02:30+01:00",
        ),
    ):
        with pytest.raises(Invalid) as caught:
            placed(at, "Europe/Berlin", "TIME")
        assert str(caught.value) == f"TIME: {words}"
    for at, zone in ((dt.datetime.min, "Asia/Tokyo"), (dt.datetime(2026, 1, 1), "Nowhere/At_All")):
        with pytest.raises(Invalid):
            placed(at, zone, "TIME")
